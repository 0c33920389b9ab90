"""Every view can be used by everybody, and whatever opens over one: axe finds no violation, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, violations

Step = Callable[[Page], object]

VIEWS = (
    "/overview", "/maps", "/maps/erstkauf", "/maps/erstkauf?view=evidence", "/maps/erstkauf?as=table", "/maps/erstkauf?as=curve", "/maps/erstkauf?as=matrix", "/segments", "/personas", "/personas/it-leitung", "/interviews", "/surveys", "/reviews",
    "/accounts", "/accounts/{lost}", "/journeys", *(f"/journeys?show={name}" for name in ("paths", "variants", "compare", "durations", "before-sales", "playbook", "journeys")), "/blockers", "/blockers?show=pauses",
    "/attribution", "/attribution?show=channels", "/content", "/searches", "/buying-centers", "/changes", "/changes?show=changes", "/sources", "/sources?tab=quarantine",
    "/sources?tab=rules", "/settings", "/settings?tab=people", "/settings?tab=audit", "/nowhere",
)  # fmt: skip
WAYS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 390, "language": "en"}}


def _press(words: str) -> Step:
    """A click on the first button that says this, in German or English."""
    return lambda page: page.get_by_role("button", name=re.compile(f"^({words})$")).first.click()


def _from_menu(words: str) -> Step:
    """A click on an entry of a map's menu."""

    def act(page: Page) -> None:
        _press("Mehr|More")(page)
        page.get_by_role("menuitem", name=re.compile(f"^({words})")).click()

    return act


def _assistant(page: Page) -> None:
    """The assistant on a table that nothing recognises."""
    with page.expect_file_chooser() as chosen:
        _press("Unbekannte Tabelle …|Unknown table …")(page)
    chosen.value.set_files({"name": "besuche.csv", "mimeType": "text/csv", "buffer": b"Kunde;Termin am;Art\nMuster GmbH;12.03.2026 10:00;Besuch\n"})
    expect(page.get_by_role("dialog")).to_be_visible(timeout=30_000)
    expect(page.locator("[role=dialog] table").first).to_be_visible(timeout=30_000)


OPENED: dict[str, tuple[str, Step]] = {
    "commands": ("/overview", lambda page: page.keyboard.press("Control+k")),
    "the menu of whoever is signed in": ("/overview", lambda page: page.locator("button.initials").click()),
    "the formats of an export": ("/accounts", _press("Export")),
    "a list to be kept": ("/accounts", _press("Als Segment behalten|Keep as a segment")),
    "a step of a story": ("/accounts/{lost}", lambda page: (page.locator(".story-mark").first.focus(), page.keyboard.press("Enter"))),
    "the records behind a figure": ("/journeys", lambda page: page.locator(".figure-opens").first.click()),
    "what travels with a figure": ("/journeys", lambda page: page.locator("table.rows .figure").first.focus()),
    "the period": ("/journeys", lambda page: page.locator(".filter").nth(0).click()),
    "a filter": ("/journeys", lambda page: page.locator(".filter").nth(1).click()),
    "the settings of an analysis": ("/attribution", lambda page: page.locator(".options summary").click()),
    "a card": ("/maps/erstkauf?view=evidence", lambda page: page.locator(".card").first.click()),
    "the menu of a map": ("/maps/erstkauf", _press("Mehr|More")),
    "a table to be pasted": ("/maps/erstkauf", _from_menu("Tabelle einfügen|Paste")),
    "the versions of a map": ("/maps/erstkauf", _from_menu("Versionen|Versions")),
    "a map presented": ("/maps/erstkauf", _from_menu("Vorführen|Vortragen|Präsentieren|Present")),
    "a map to be printed": ("/maps/erstkauf", _from_menu("Drucken|Print")),
    "a map to be shared": ("/maps/erstkauf", _from_menu("Teilen|Share")),
    "all keys": ("/maps/erstkauf", lambda page: (page.locator(".map-frame, .onestage").focus(), page.keyboard.press("?"))),
    "the steps behind the agreement": ("/maps/erstkauf?view=evidence", lambda page: page.locator(".map-summary .figure-opens").click()),
    "the records behind a claim": ("/maps/erstkauf?view=evidence&tab=evidence&card={card}", _press("Datensätze öffnen|Open the records")),
    "the choices of a claim": ("/maps/erstkauf?view=evidence&tab=card&card={bare}", lambda page: page.locator(".claim-form input").first.click()),
    "a day of knowledge": ("/journeys", lambda page: page.locator(".filter").last.click()),
    "the mapping assistant": ("/sources", _assistant),
    "a new map": ("/maps", _press("Neue Map|New map")),
    "what can be done with a map": ("/maps", lambda page: page.locator(".dots").first.click()),
    "a new persona": ("/personas", _press("Neue Persona|New persona")),
    "a new survey": ("/surveys", _press("Neue Umfrage|New survey")),
    "interviews to be read in": ("/interviews", _press("Interviews einlesen|Import interviews")),
    "a new review": ("/reviews", _press("Review beginnen|Start a review")),
}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation_on_any_view(visit: Callable[..., Visit], way: str) -> None:
    opened = visit(**WAYS[way])
    lost = _lost(opened)
    found: list[str] = []
    for view in VIEWS:
        found += violations(opened.go(view.replace("{lost}", lost)), view)
    assert found == [], "\n".join(sorted(set(found)))


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation_in_anything_that_opens_over_a_view(visit: Callable[..., Visit], way: str) -> None:
    opened = visit(**WAYS[way])
    places = {"{lost}": _lost(opened), "{card}": _card(opened, "card.claim"), "{bare}": _card(opened, "!card.claim")}
    found: list[str] = []
    for name, (view, step) in OPENED.items():
        page = opened.go(next((view.replace(mark, place) for mark, place in places.items() if mark in view), view))
        expect(page.locator(".waiting")).to_have_count(0, timeout=60_000)
        step(page)
        page.wait_for_timeout(300)  # until it has faded in: half-faded text has no contrast
        found += violations(page, name)
    assert found == [], "\n".join(sorted(set(found)))


def _lost(opened: Visit) -> str:
    return str(opened.page.evaluate("fetch('/api/v1/accounts?outcome=lost&sort=persons').then(answer => answer.json()).then(found => found.rows[0].account_id)"))


def _card(opened: Visit, such: str) -> str:
    """A card of the map; `such`: of which kind, in JavaScript."""
    return str(opened.page.evaluate(f"fetch('/api/v1/maps/erstkauf').then(answer => answer.json()).then(found => Object.values(found.document.cards).find(card => {such}).id)"))


@pytest.mark.parametrize(("view", "opener", "inside"), [
    ("/personas", "Neue Persona", "[role=dialog]"), ("/maps", "Neue Map", "[role=dialog]"), ("/accounts", "Als Segment behalten", "[role=dialog]"), ("/journeys", "Stand heute", ".mantine-Popover-dropdown:visible"),
    ("/maps/erstkauf?view=evidence", "Mehr", "[role=dialog]"),
])  # fmt: skip
def test_the_focus_goes_into_what_opens_and_back_when_it_closes(visit: Callable[..., Visit], view: str, opener: str, inside: str) -> None:
    page = visit().go(view)
    button = page.get_by_role("button", name=opener, exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    if opener == "Mehr":
        page.get_by_role("menuitem", name="Drucken").focus()
        page.keyboard.press("Enter")
    expect(page.locator(f"{inside} :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(inside)).to_have_count(0)
    expect(button).to_be_focused()
