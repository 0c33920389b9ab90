"""Pictures of every view, German and English, light and dark, wide and narrow, from a served workspace: `make screenshots`.

All of them go to a folder to be looked at; the few that the README shows go to docs/pictures.
"""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from etappe.workspace.workspace import open_workspace
from tests.browser.serving import chromium, serving

MAP = "erstkauf"
VIEWS = {
    "overview": "/overview", "maps": "/maps", "map-design": f"/maps/{MAP}", "map-evidence": f"/maps/{MAP}?view=evidence", "map-table": f"/maps/{MAP}?as=table&view=evidence", "map-curve": f"/maps/{MAP}?as=curve", "map-matrix": f"/maps/{MAP}?as=matrix", "card": f"/maps/{MAP}?view=evidence&card=CARD", "segments": "/segments",
    "accounts": "/accounts", "story": "/accounts/LOST", "journeys": "/journeys", "paths": "/journeys?show=paths", "variants": "/journeys?show=variants", "blockers": "/blockers",
    "attribution": "/attribution", "content": "/content", "searches": "/searches", "buying-centers": "/buying-centers", "changes": "/changes", "personas": "/personas",
    "persona": "/personas/PERSONA", "interviews": "/interviews", "surveys": "/surveys", "reviews": "/reviews", "sources": "/sources", "rules": "/sources?tab=rules", "quarantine": "/sources?tab=quarantine", "settings": "/settings",
}  # fmt: skip
KEPT = {"card-en-light-1440": "page-map", "story-en-light-1440": "page-story", "blockers-en-light-1440": "page-blockers"}


def main() -> None:
    """Serves the workspace, walks through all views, writes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="where the pictures of the README go")
    given = parser.parse_args()
    workspace = open_workspace(given.workspace)
    if MAP not in {row.id for row in workspace.atlas.listed("map")}:
        workspace.atlas.new_map(MAP, "etappe", title="Erstkauf, Leitung Instandhaltung", languages=["en"], examples=True)
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
                _picture(page, served.address + path.replace("LOST", lost).replace("PERSONA", persona).replace("CARD", card), given, f"{name}-{language}-{scheme}-{width}")
            context.close()
        browser.close()


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
