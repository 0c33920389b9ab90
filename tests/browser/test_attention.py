"""What needs attention, and what is done about it: lists kept as segments, mentions, the records behind one figure, commands by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit

Open = Callable[..., Visit]


def test_quiet_customers_are_kept_as_a_segment_that_every_filter_offers(visit: Open) -> None:
    page = visit().go("/overview")
    section = page.locator(".section", has=page.get_by_role("heading", name="Still gewordene Kunden"))
    section.get_by_role("link", name=re.compile("^alle ")).click()
    expect(page.locator(".filter-set")).to_contain_text("still")
    found = page.get_by_text(re.compile(r"^\d+ Unternehmen$")).inner_text()
    page.get_by_role("button", name="Als Segment behalten").click()
    page.get_by_label("Titel").fill("Anrufen im Juli")
    page.get_by_role("button", name="Behalten", exact=True).click()
    page.get_by_role("dialog").get_by_role("link", name="Segmente").click()
    row = page.get_by_role("row", name=re.compile("Anrufen im Juli"))
    expect(row).to_contain_text(found.split()[0])

    page.get_by_role("navigation").get_by_role("link", name="Journeys").click()
    page.get_by_role("button", name="Segment", exact=True).click()
    page.locator(".mantine-Popover-dropdown .mantine-MultiSelect-input").click()
    page.get_by_role("option", name="Anrufen im Juli").click()
    expect(page.locator(".filter-set")).to_contain_text("Anrufen im Juli")
    assert "segment=anrufen-im-juli" in page.url

    page.goto(page.url.split("/journeys")[0] + "/segments")
    row.get_by_role("button", name=re.compile("Menü")).click()
    page.get_by_role("menuitem", name="Umbenennen").click()
    page.get_by_label("Titel").fill("Anrufen im August")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("row", name=re.compile("Anrufen im August"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Menü: Anrufen")).click()
    page.get_by_role("menuitem", name="Entfernen").click()
    expect(page.get_by_role("row", name=re.compile("Anrufen im"))).to_have_count(0)


def test_the_records_behind_a_figure_are_those_it_counts(visit: Open) -> None:
    page = visit().go("/journeys")
    row = page.locator("table.rows tbody tr").first
    stage = row.locator("td").nth(1).inner_text()
    row.locator(".figure-opens").first.click()
    side = page.get_by_role("complementary")
    expect(side.locator("header")).to_contain_text(stage)
    places = side.locator("table.rows tbody tr")
    expect(places.first).to_be_visible()
    alike = side.get_by_text(re.compile("^In allen Zeilen gleich"))  # what all rows share is said once, above them
    assert all(stage in text for text in places.all_inner_texts()) or stage in alike.inner_text()
    expect(side.locator("a[href^='/accounts/']").first).not_to_have_text(re.compile("^a[a-z0-9]{11}$"))
    assert "only=stage" in (side.get_by_role("button", name="Export").click() or page.get_by_role("menuitem", name="CSV").get_attribute("href") or "")


def test_whoever_is_mentioned_in_a_comment_finds_it_on_the_overview(visit: Open) -> None:
    opened = visit()
    me = opened.page.evaluate("fetch('/api/v1/session').then(answer => answer.json()).then(found => found.user.name)")
    page = opened.go("/maps/erstkauf")
    page.locator(".card").first.click()
    page.get_by_role("tab", name="Diskussion").click()
    text = page.get_by_label("Kommentar")
    text.fill("Stimmt das noch, ")
    text.press_sequentially("@" + me[:2])
    expect(page.get_by_role("option", name=re.compile(re.escape(me)))).to_be_visible()
    text.press("Enter")
    text.press_sequentially("?")
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_role("complementary").locator("li .strong", has_text=f"@{me}")).to_be_visible()
    page = opened.go("/overview")
    page.get_by_role("link", name=re.compile("Stimmt das noch")).click()
    expect(page.get_by_role("complementary")).to_contain_text("Stimmt das noch")


def test_rooms_companies_and_commands_are_found_by_keyboard(visit: Open) -> None:
    page = visit().go("/overview")
    name = page.evaluate("fetch('/api/v1/accounts?size=1').then(answer => answer.json()).then(found => found.rows[0].name)")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Suchen und Befehle").fill(name)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Suchen und Befehle").fill("auf englisch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Search")).to_be_visible()


def test_several_cards_are_moved_at_once_and_taken_back_at_once(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    lane = page.locator(".lane-actions .cell")
    cards = lane.locator(".card")
    before = lane.nth(5).locator(".card").count()
    for number in (0, 1):
        cards.nth(number).click(modifiers=["Control"])
    bar = page.get_by_role("toolbar", name="2 Karten gewählt")
    bar.get_by_role("button", name="Verschieben nach").click()
    dialog = page.get_by_role("dialog", name="Verschieben nach …")
    dialog.get_by_label("Phase").click()
    page.get_by_role("option").nth(5).click()
    dialog.get_by_role("button", name="Verschieben", exact=True).click()
    expect(lane.nth(5).locator(".card")).to_have_count(before + 2)
    expect(bar).to_have_count(0)
    page.get_by_role("button", name="Rückgängig").click()
    expect(lane.nth(5).locator(".card")).to_have_count(before)


def test_an_opportunity_is_rated_in_the_matrix_by_keyboard(visit: Open) -> None:
    page = visit().go("/maps/erstkauf?as=matrix")
    card = page.locator(".matrix-place .card").first
    place = card.locator("xpath=..")
    effect = int(re.search(r"Wirkung (\d)", place.get_attribute("aria-label") or "")[1])  # type: ignore[index]
    name = card.locator(".card-text").inner_text()
    card.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("group", name=f"Wirkung {effect - 1}").get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("group", name=f"Wirkung {effect}").get_by_role("button", name=name)).to_be_focused()


def test_attribution_shows_the_models_side_by_side(visit: Open) -> None:
    opened = visit()
    page = opened.page
    page.goto(f"{opened.address}/attribution")
    table = page.locator("table.comparator")
    expect(table.get_by_role("columnheader", name="Shapley")).to_be_visible(timeout=120_000)
    heads = table.get_by_role("columnheader").count()
    assert heads > 10
    row = table.get_by_role("row").nth(1)
    expect(row.locator("svg")).to_have_count(11)
    page.get_by_role("group", name="Gemessen in").get_by_role("button", name="Wert").click()
    expect(row.locator(".figure").first).to_contain_text("€")
    row.locator(".figure").first.click()
    expect(page.get_by_role("complementary").locator("table.rows tbody tr").first).to_be_visible(timeout=120_000)
