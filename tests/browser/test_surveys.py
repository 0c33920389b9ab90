"""A survey made, asked, answered and read on the page, in German."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from etappe.workspace.surveys import Surveys
from tests.browser.conftest import Visit
from tests.browser.serving import Served

Open = Callable[..., Visit]


def test_a_survey_is_made_with_questions_of_ones_own_and_answered_by_a_stranger_on_a_phone(visit: Open, served: Served, browser: Browser) -> None:
    page = visit().go("/surveys")
    page.get_by_role("button", name="Neue Umfrage").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Titel").fill("Nach der Vorführung")
    dialog.get_by_role("combobox", name="Vorlage").click()
    page.get_by_role("option", name="Weiterempfehlung").click()
    dialog.get_by_role("button", name="Anlegen").click()
    page.get_by_role("link", name="Nach der Vorführung").click()

    page.get_by_role("button", name="Neue Frage").click()
    side = page.get_by_role("complementary")
    side.get_by_role("textbox", name="Frage (Deutsch)").fill("Was hat den Ausschlag gegeben?")
    side.get_by_role("textbox", name="Frage (Englisch)").fill("What tipped the scales?")
    side.get_by_role("combobox", name="Wie geantwortet wird").click()
    page.get_by_role("option", name="Auswahl").click()
    expect(side.get_by_role("button", name="Speichern")).to_be_disabled()
    side.get_by_role("textbox", name="Antworten zur Wahl").fill("Vorführung\nPreis")
    side.get_by_role("button", name="Speichern").click()
    questions = page.locator(".questions > li")
    expect(questions.last).to_contain_text("Was hat den Ausschlag gegeben?")
    expect(questions.last).to_contain_text("Vorführung / Preis")
    questions.last.get_by_role("button", name="Menü").click()
    page.get_by_role("menuitem", name="Nach oben").click()
    expect(questions.nth(questions.count() - 2)).to_contain_text("Was hat den Ausschlag gegeben?")
    page.get_by_role("button", name="Rückgängig").click()
    expect(questions.last).to_contain_text("Was hat den Ausschlag gegeben?")

    page.get_by_role("button", name="Umfrage öffnen").click()
    public = page.locator("a[href*='/s/nach-der-vorf']")
    phone = browser.new_context(viewport={"width": 390, "height": 800}, locale="de-DE").new_page()
    phone.goto(str(public.get_attribute("href")))
    phone.get_by_role("group", name="Wie wahrscheinlich").get_by_role("radio", name="9").check()
    phone.get_by_label("Preis").check()
    phone.get_by_role("button", name="Absenden").click()
    expect(phone.get_by_text("Danke").or_(phone.get_by_text("Vielen Dank")).first).to_be_visible()
    phone.context.close()

    page.reload()
    expect(page.get_by_role("heading", name="Ergebnisse")).to_be_visible()
    expect(page.locator("table.shares tr", has_text="Preis")).to_contain_text("1")
    page.locator(".question-open", has_text="Ausschlag").click()
    expect(side).to_contain_text("Was gefragt wurde, bleibt")
    expect(side.get_by_role("textbox", name="Frage (Deutsch)")).not_to_be_editable()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("menuitem", name="Verlauf").click()
    expect(page.get_by_role("complementary")).to_contain_text("Frage „Was hat den Ausschlag gegeben?“ hinzugefügt")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("menuitem", name="Duplizieren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nach der Vorführung (Kopie)")
    page.locator(".question-open", has_text="Ausschlag").click()
    expect(page.get_by_role("complementary").get_by_role("textbox", name="Frage (Deutsch)")).to_be_editable()


def test_what_is_taken_off_a_list_is_put_back_below_it(visit: Open, served: Served) -> None:
    Surveys(served.here.workspace.atlas).new("messe", "anna", template="csat", title="Nach der Messe")
    page = visit().go("/surveys/messe")
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("menuitem", name="Von der Liste nehmen").click()
    expect(page.get_by_role("link", name="Nach der Messe")).to_have_count(0)
    page.get_by_text("Von der Liste genommen: 1").click()
    page.get_by_role("button", name="zurückholen Nach der Messe").click()
    expect(page.get_by_role("link", name="Nach der Messe")).to_be_visible()
