"""Pictures of every view, German and English, light and dark, wide and narrow, from a served workspace: `make screenshots`.

All of them go to a folder to be looked at; the few that the README shows go to docs/pictures.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from etappe.maps.changes import Add
from etappe.workspace.guests import Guests
from etappe.workspace.interviews import Interviews
from etappe.workspace.reviews import Reviews
from etappe.workspace.surveys import Surveys
from etappe.workspace.workspace import Workspace, open_workspace
from tests.browser.serving import chromium, serving

MAP = "erstkauf"
VIEWS = {
    "overview": "/overview", "maps": "/maps", "map-design": f"/maps/{MAP}", "map-evidence": f"/maps/{MAP}?view=evidence", "map-table": f"/maps/{MAP}?as=table&view=evidence", "map-curve": f"/maps/{MAP}?as=curve", "map-matrix": f"/maps/{MAP}?as=matrix", "card": f"/maps/{MAP}?view=evidence&card=CARD", "segments": "/segments",
    "accounts": "/accounts", "story": "/accounts/LOST", "journeys": "/journeys", "paths": "/journeys?show=paths", "variants": "/journeys?show=variants", "blockers": "/blockers",
    "attribution": "/attribution", "content": "/content", "searches": "/searches", "buying-centers": "/buying-centers", "changes": "/changes", "personas": "/personas",
    "persona": "/personas/PERSONA", "interviews": "/interviews", "interview": "/interviews/INTERVIEW", "surveys": "/surveys", "survey": "/surveys/after", "reviews": "/reviews", "review": f"/reviews/{MAP}-1", "sources": "/sources", "rules": "/sources?tab=rules", "quarantine": "/sources?tab=quarantine", "settings": "/settings", "people": "/settings?tab=people", "guests": "/settings?tab=guests", "audit": "/settings?tab=audit",
}  # fmt: skip
CHOICE: dict[str, Any] = {"id": "how", "order": "zz", "instrument": "choice", "text": "Was hat den Ausschlag gegeben?", "options": ["Vorführung", "Preis", "Referenz"], "translations": {"en": {"text": "What tipped the scales?"}}}
SAID = """Interviewer: Wie kam es dazu, dass Sie gesucht haben?

Sommer: Unsere alte Anlage fiel im März zweimal aus. Danach war klar, dass wir etwas tun müssen.

Interviewer: Was hat Sie zögern lassen?

Sommer: Die IT wollte wissen, wo die Daten liegen. Das hat vier Wochen gekostet, und wir wussten bis zum Schluss nicht, was es kostet.
"""
CODES = (("fiel im März zweimal aus", "trigger"), ("wo die Daten liegen", "barrier"), ("wussten bis zum Schluss nicht, was es kostet", "anxiety #preis"))
KEPT = {"card-en-light-1440": "page-map", "story-en-light-1440": "page-story", "blockers-en-light-1440": "page-blockers"}


def main() -> None:
    """Serves the workspace, walks through all views, writes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="where the pictures of the README go")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        root = Path(shutil.copytree(given.workspace, Path(beside) / "workspace"))  # what is added to be shown is not for those who use it
        _pictures(given, open_workspace(root))


def _pictures(given: argparse.Namespace, workspace: Workspace) -> None:
    if MAP not in {row.id for row in workspace.atlas.listed("map")}:
        workspace.atlas.new_map(MAP, "etappe", title="Erstkauf, Leitung Instandhaltung", languages=["en"], examples=True)
    interview = _filled(workspace)
    with serving(workspace) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for language, scheme, width in ((lang, look, wide) for lang in ("de", "en") for look in ("light", "dark") for wide in (1440, 390)):
            context = browser.new_context(viewport={"width": width, "height": 900 if width > 500 else 844}, color_scheme=scheme)  # type: ignore[arg-type]
            context.add_init_script(f"localStorage.setItem('etappe.language', '{language}')")
            page = context.new_page()
            page.goto(served.link())
            lost = page.evaluate("fetch('/api/v1/accounts?outcome=lost&sort=persons&size=1000').then(answer => answer.json()).then(found => found.rows.find(row => row.journeys === 1).account_id)")
            card = page.evaluate(f"fetch('/api/v1/maps/{MAP}/check').then(answer => answer.json()).then(found => (found.claims.find(one => one.verdict === 'contradicted') ?? found.claims[0] ?? {{}}).card ?? '')")
            persona = page.evaluate("fetch('/api/v1/personas').then(answer => answer.json()).then(found => found[0].id)")
            for name, path in VIEWS.items():
                _picture(page, served.address + path.replace("LOST", lost).replace("PERSONA", persona).replace("CARD", card).replace("INTERVIEW", interview), given, f"{name}-{language}-{scheme}-{width}")
            context.close()
        browser.close()


def _filled(workspace: Workspace) -> str:
    """Fills the rooms that a sample company leaves empty: a survey with answers, a coded interview, a review, a guest; the interview's id."""
    atlas, draw = workspace.atlas, random.Random(1)
    surveys, interviews = Surveys(atlas), Interviews(atlas)
    surveys.new("after", "etappe", template="after-purchase", access="public")
    atlas.apply("survey", "after", Add(collection="questions", thing=CHOICE), "etappe")
    surveys.open("after", "etappe")
    for _ in range(40):
        surveys.submit("after", {"easy": str(draw.randint(3, 7)), "talks": str(draw.randint(2, 5)), "recommend": str(draw.randint(4, 10)), "how": draw.choice(CHOICE["options"]), "barrier": draw.choice(("Die IT.", "Der Preis.", "Niemand wusste, was es kostet."))})
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "talk.txt"
        said.write_text(SAID, encoding="utf-8")
        (read,) = interviews.import_([said], "etappe")
    assert read.interview is not None
    assert read.interview is not None
    for quote, codes in CODES:
        interviews.code(read.interview.id, quote, codes, "etappe")
    Reviews(atlas).start(MAP, "etappe", workspace.check(MAP).to_dict(), attendees=("Anna", "Bo"))
    Reviews(atlas).decide(f"{MAP}-1", "Das Webinar kommt vor die Vorauswahl.", "etappe")
    Guests(atlas.store.database).invite(MAP, "comment", "etappe", title="Karl Kunde")
    return str(read.interview.id)


def _picture(page: Page, address: str, given: argparse.Namespace, name: str) -> None:
    page.goto(address)
    # A map keeps a socket open and asks again, so that the network is never quite idle; what waits says so on the page.
    with contextlib.suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=5_000)
    page.wait_for_timeout(200)
    expect(page.locator(".waiting")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(300)
    given.folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=given.folder / f"{name}.png")
    if given.keep and name in KEPT:
        given.keep.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=given.keep / f"{KEPT[name]}.png")


if __name__ == "__main__":
    main()
