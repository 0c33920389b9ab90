"""What a marketer does in the rooms of personas, interviews and reviews, in German, without the command line."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from etappe.maps.changes import Add, Set
from tests.browser.conftest import Visit, violations
from tests.browser.serving import Served

Open = Callable[..., Visit]


def test_a_review_is_walked_through_from_its_beginning_to_its_tasks_after_the_end(served: Served, visit: Open) -> None:
    served.here.workspace.atlas.new_map("durchgang", "anna", title="Map zum Durchgehen", examples=True)
    page = visit().go("/reviews")
    page.get_by_role("button", name="Review beginnen").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Map").click()
    page.get_by_role("option", name="Map zum Durchgehen").click()
    dialog.get_by_label("Teilnehmende").fill("Anna, Bo")
    dialog.get_by_role("button", name="Review beginnen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review: Map zum Durchgehen", timeout=60_000)

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
    tasks.get_by_role("checkbox", name="Preisliste schreiben").click()
    expect(page.get_by_text("0 von 1 noch offen")).to_be_visible()
    page.reload()
    expect(tasks.get_by_role("checkbox", name="Preisliste schreiben")).to_be_checked()
    page.get_by_role("link", name=card).first.click()
    expect(page.get_by_role("complementary").get_by_role("heading", level=2).first).to_have_text(card, timeout=30_000)


def test_a_persona_is_worked_out_until_it_rests_on_evidence(visit: Open) -> None:
    page = visit().go("/personas/it-leitung")
    expect(page.get_by_text("Bisher eine Annahme")).to_be_visible()
    page.get_by_role("button", name="Hinzufügen Ziele").click()
    for text in ("Nachts schlafen", "Weniger Tickets"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    goals = page.locator(".trait-kind", has=page.get_by_role("heading", name="Ziele", exact=True)).get_by_role("listitem")
    expect(goals).to_have_text([re.compile("^Nachts schlafen"), re.compile("^Weniger Tickets")])

    goals.nth(1).get_by_role("button", name="Weniger Tickets Text ändern").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(goals).to_have_text([re.compile("^Weniger Tickets"), re.compile("^Nachts schlafen")])
    goals.nth(1).get_by_role("button", name="Nachts schlafen Text ändern").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Ruhige Nächte")
    page.keyboard.press("Enter")
    expect(goals.nth(1)).to_contain_text("Ruhige Nächte")
    expect(goals.nth(1).get_by_role("button", name="Ruhige Nächte Text ändern")).to_be_focused()

    goals.nth(1).get_by_role("button", name=re.compile("Hypothese")).click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("combobox", name="Art").click()
    page.get_by_role("option", name="Schmerzpunkte").click()
    expect(panel.get_by_text("Schmerzpunkte · noch eine Hypothese")).to_be_visible()
    panel.get_by_text("Anderer Beleg").click()
    panel.get_by_label("Beleg", exact=True).fill("survey:nps")
    panel.get_by_label("Wer es sagte").fill("B")
    panel.get_by_role("button", name="Belegen").click()
    expect(panel.get_by_text("Schmerzpunkte · belegt")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_text("Belegt: 1 von 2 Einträgen.")).to_be_visible()
    page.get_by_text("Nur unbelegte (1)").click()
    expect(page.get_by_text("Ruhige Nächte")).to_have_count(0)
    page.get_by_text("Alle", exact=True).click()

    page.get_by_role("combobox", name="Position", exact=True).fill("it-leit")
    page.keyboard.press("Enter")
    finds = page.locator(".rule-finds")
    expect(finds.get_by_text(re.compile(r"Findet heute \d+ Person"))).to_be_visible(timeout=30_000)
    before = finds.locator("p").first.inner_text()
    finds.get_by_role("button", name=re.compile("Hinzufügen")).first.click()
    expect(finds.locator("p").first).not_to_have_text(before, timeout=30_000)
    page.get_by_role("combobox", name="Rollen im Buying Center").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="Entscheider").click()
    page.get_by_role("option", name="Anwender").click()
    page.keyboard.press("Escape")
    expect(page.locator(".page-head")).to_contain_text("Entscheider, Anwender")
    assert violations(page) == []

    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("menuitem", name="Duplizieren").click()
    page.get_by_role("dialog").get_by_label("Titel").fill("IT-Leitung im Konzern")
    page.get_by_role("dialog").get_by_role("button", name="Duplizieren").click()
    page.wait_for_url("**/personas/it-leitung-im-konzern")
    expect(page.get_by_text("Ruhige Nächte").first).to_be_visible()


def test_two_who_write_the_same_trait_are_told_in_the_words_of_both(served: Served, visit: Open) -> None:
    served.here.workspace.atlas.new_persona("einkauf-zu-zweit", "anna", title="Einkauf")
    served.here.workspace.atlas.apply("persona", "einkauf-zu-zweit", Add(collection="traits", thing={"id": "t1", "kind": "goal", "text": "Sparen"}), "anna")
    page = visit().go("/personas/einkauf-zu-zweit")
    page.get_by_role("button", name="Sparen Text ändern").click()
    served.here.workspace.atlas.apply("persona", "einkauf-zu-zweit", Set(collection="traits", id="t1", path=("text",), value="Sicher sparen"), "bo")
    page.keyboard.press("Control+a")
    page.keyboard.type("Schnell sparen")
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Sicher sparen")
    expect(told).to_contain_text("Schnell sparen")
    told.get_by_role("button", name="Das andere nehmen").click()
    expect(page.get_by_role("button", name="Sicher sparen Text ändern")).to_be_visible()
    expect(told).to_have_count(0)


TALK = "Anna: Wie kam es dazu?\nSommer: Unsere alte Anlage fiel aus. Wir wussten bis zum Schluss nicht, was es kostet.\nAnna: Und dann?\nSommer: Dann kam ein Angebot.\nAnna: Danke.\n"


def test_an_interview_is_brought_in_coded_and_becomes_evidence_of_a_persona_and_back(served: Served, visit: Open) -> None:
    served.here.workspace.atlas.new_persona("werkleitung", "anna", title="Werkleitung")
    served.here.workspace.atlas.apply("persona", "werkleitung", Add(collection="traits", thing={"id": "t1", "kind": "barrier", "text": "Der Preis bleibt lange unklar"}), "anna")
    page = visit().go("/interviews")
    page.get_by_role("button", name="Interviews einlesen").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Transkripte").set_input_files({"name": "gespraech-eins.txt", "mimeType": "text/plain", "buffer": TALK.encode()})
    dialog.get_by_label("Wer fragt").fill("Anna")
    dialog.get_by_role("button", name="Einlesen", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("5 Beiträge")
    expect(dialog.get_by_role("status")).to_contain_text("2 Stimmen")
    dialog.get_by_role("link", name="gespraech-eins.txt").click()

    page.get_by_role("button", name="Angaben zum Interview").click()
    panel = page.get_by_role("complementary")
    panel.get_by_label("Titel").fill("Gespräch mit dem Werk")
    panel.get_by_label("Geführt am").fill("2026-05-02")
    panel.get_by_role("combobox", name="Wie wurde entschieden?").click()
    page.get_by_role("option", name="gegen uns entschieden").click()
    panel.get_by_role("combobox", name=re.compile(": Rolle$")).last.click()
    page.get_by_role("option", name="Entscheider").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gespräch mit dem Werk")
    expect(page.locator(".page-head")).to_contain_text("02.05.2026 · gegen uns entschieden")
    expect(panel).to_have_count(0)

    for turn, topic in ((1, "Kosten offen"), (3, "Angebot")):
        page.locator(".turn").nth(turn).hover()
        page.locator(".turn").nth(turn).get_by_role("button", name="kodieren").click()
        panel.get_by_label("Themen").fill(topic)
        page.keyboard.press("Enter")
        panel.get_by_role("button", name="Kodieren").click()
        expect(page.locator(".turn-codes").nth(turn)).to_contain_text(f"#{topic}")

    page.locator("h1").click()
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", level=2)).to_have_text("#Kosten offen")
    panel.get_by_role("button", name="Kodes ändern").click()
    panel.get_by_role("combobox", name="Einsichten in den Kauf").click()
    page.get_by_role("option", name="Hürde").click()
    panel.get_by_role("button", name="Speichern").click()
    expect(panel.get_by_role("heading", level=2)).to_have_text("Hürde · #Kosten offen")
    panel.get_by_role("combobox", name="Als Beleg verwenden").click()
    page.get_by_role("option", name="Werkleitung").click()
    panel.get_by_role("combobox", name="Welcher Eintrag").click()
    page.get_by_role("option", name="Der Preis bleibt lange unklar").click()
    expect(panel.get_by_role("link", name="Der Preis bleibt lange unklar")).to_be_visible()
    assert violations(page) == []
    panel.get_by_role("link", name="Der Preis bleibt lange unklar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Werkleitung")
    expect(panel.get_by_text("Hürde · belegt")).to_be_visible()
    panel.get_by_role("link", name="Zur Stelle").click()
    expect(page.locator("mark.mark-present").first).to_contain_text("Unsere alte Anlage")

    panel.get_by_role("button", name="Schließen").click()
    page.get_by_label("Im Text suchen").fill("angebot")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn-hit")).to_have_text("Angebot")
    page.get_by_label("Im Text suchen").fill("")
    page.get_by_role("combobox", name="Kodiert mit").click()
    page.get_by_role("option", name="#Kosten offen").click()
    expect(page.locator(".turn")).to_have_count(1)

    page.get_by_role("navigation").get_by_role("link", name="Interviews").click()
    expect(page.get_by_role("row", name=re.compile("Gespräch mit dem Werk"))).to_contain_text("gegen uns entschieden")
    page.get_by_role("listitem").filter(has_text="Kosten offen").get_by_role("button").click()
    panel.get_by_label("Thema heißt").fill("Angebot")
    page.get_by_role("option", name="Angebot").click()
    panel.get_by_role("button", name="Zusammenlegen").click()
    expect(page.get_by_role("listitem").filter(has_text="Kosten offen")).to_have_count(0)


def _section(page: Page, title: str) -> Locator:
    """A section of a room by its heading."""
    return page.locator("section.section", has=page.get_by_role("heading", name=title, exact=True))


def _written(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_text(text).first).to_be_visible()
