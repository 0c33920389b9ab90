"""What a marketer does in the rooms of personas, interviews and reviews, in German, without the command line."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, violations

Open = Callable[..., Visit]


def test_a_review_is_walked_through_from_its_beginning_to_its_tasks_after_the_end(visit: Open) -> None:
    page = visit().go("/reviews")
    page.get_by_role("button", name="Review beginnen").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Map").click()
    page.get_by_role("option", name=re.compile("Erstkauf, Leitung")).click()
    dialog.get_by_label("Teilnehmende").fill("Anna, Bo")
    dialog.get_by_role("button", name="Review beginnen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review: Erstkauf, Leitung Instandhaltung", timeout=60_000)

    page.get_by_role("button", name="Titel und Teilnehmende ändern").click()
    page.get_by_label("Titel").fill("Frühjahr")
    page.get_by_label("Teilnehmende").fill("Anna, Bo, Cem")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Frühjahr")
    expect(page.get_by_text("Anna, Bo, Cem")).to_be_visible()

    _written(page, "Neuer Beschluss", "Preise früher nennen")
    _section(page, "Beschlüsse").get_by_role("button", name="Ändern").click()
    page.get_by_label("Beschluss", exact=True).fill("Preise auf die Startseite")
    page.keyboard.press("Enter")
    expect(_section(page, "Beschlüsse").get_by_role("listitem")).to_have_text(re.compile("^Preise auf die Startseite"))
    _written(page, "Neuer Beschluss", "Verworfen")
    _section(page, "Beschlüsse").get_by_role("button", name="Entfernen Verworfen").click()
    expect(_section(page, "Beschlüsse").get_by_role("listitem")).to_have_count(1)

    card = page.locator("table.rows tbody a").first.inner_text()
    page.get_by_role("button", name="Aufgabe daraus").first.click()
    expect(page.get_by_label("Neue Aufgabe")).to_be_focused()
    page.keyboard.type("Preisliste schreiben")
    page.keyboard.press("Enter")
    tasks = _section(page, "Aufgaben")
    expect(tasks.get_by_role("link", name=card)).to_be_visible()
    tasks.get_by_role("button", name="Ändern Preisliste schreiben").click()
    tasks.get_by_label("bis").first.fill("2026-12-01")
    page.keyboard.press("Enter")
    expect(tasks.get_by_text("01.12.2026")).to_be_visible()
    assert violations(page) == []

    page.get_by_label("Protokoll").last.fill("Kurz und gut.")
    page.get_by_label("Nächster Termin").fill("2027-03-01")
    page.get_by_role("button", name="Review schließen").click()
    expect(page.get_by_text("Dieses Review ist geschlossen")).to_be_visible()
    expect(page.get_by_text("nächstes Review 01.03.2027")).to_be_visible()
    expect(page.get_by_text("Kurz und gut.")).to_be_visible()
    expect(page.get_by_label("Neuer Beschluss")).to_have_count(0)
    expect(page.get_by_role("button", name="Entfernen")).to_have_count(0)
    tasks.get_by_role("checkbox", name="Preisliste schreiben").check()
    expect(page.get_by_text("0 von 1 noch offen")).to_be_visible()
    page.reload()
    expect(tasks.get_by_role("checkbox", name="Preisliste schreiben")).to_be_checked()
    page.get_by_role("link", name=card).first.click()
    expect(page.get_by_role("complementary").get_by_role("heading", level=2).first).to_have_text(card, timeout=30_000)


def _section(page: Page, title: str) -> Locator:
    """A section of a room by its heading."""
    return page.locator("section.section", has=page.get_by_role("heading", name=title, exact=True))


def _written(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_text(text).first).to_be_visible()
