"""What a new user does on the sample company, in German, without reading anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit

Open = Callable[..., Visit]


def test_most_is_lost_somewhere_and_its_companies_are_two_clicks_away(visit: Open) -> None:
    page = visit().go("/overview")
    expect(page.get_by_role("heading", name="Blocker nach Wert")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Journeys").click()
    expect(page.get_by_text("Am meisten geht verloren")).to_be_visible()
    page.locator(".funnel-bar").first.click()
    side = page.get_by_role("complementary")
    expect(side.get_by_role("heading", level=2)).to_contain_text("Datensätze hinter")
    side.locator("a[href^='/accounts/']").first.click()
    expect(page.get_by_role("heading", name="Schritte im Einzelnen")).to_be_visible()


def test_the_story_of_a_lost_company_is_read_from_the_overview(visit: Open) -> None:
    page = visit().go("/overview")
    page.locator(".keyfigures a").nth(1).click()
    expect(page.locator(".filter-set")).to_contain_text("verloren")
    page.locator("table.rows a[href^='/accounts/']").first.click()
    drawing = page.get_by_label("Die Journey in der Zeit")
    expect(drawing).to_be_visible()
    mark = drawing.locator(".story-mark").first
    mark.focus()
    page.keyboard.press("Enter")
    side = page.get_by_role("complementary")
    expect(side.get_by_text("Datensatz")).to_be_visible()
    page.keyboard.press("Escape")
    expect(side).to_have_count(0)


def test_every_figure_tells_its_interval_and_recipe_when_it_is_focused(visit: Open) -> None:
    page = visit().go("/journeys")
    figure = page.locator("table.rows .figure").first
    figure.focus()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("95-%-Intervall")
    expect(tip).to_contain_text("Rezept stages")


def test_filters_stand_in_the_address_and_the_language_changes_at_once(visit: Open) -> None:
    page = visit().go("/journeys?outcome=lost")
    expect(page.locator(".filter-set")).to_contain_text("Ausgang: verloren")
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.locator(".filter-set")).to_contain_text("Outcome: lost")
    page.get_by_role("navigation").get_by_role("link", name="Attribution").click()
    assert "outcome=lost" in page.url


def test_a_map_drafted_from_the_data_is_edited_in_two_browsers(visit: Open) -> None:
    anna, bo = visit(), visit()
    page = anna.go("/maps")
    page.get_by_role("button", name="Neue Map").first.click()
    page.get_by_label("Titel").fill("Entwurf zu zweit")
    page.get_by_role("button", name="Map anlegen").click()
    expect(page.get_by_role("grid")).to_be_visible(timeout=60_000)
    expect(page.locator(".mark-data").first).to_be_visible()

    other = bo.go("/maps/entwurf-zu-zweit")
    expect(other.locator(".card").first).to_be_visible()
    expect(page.locator(".initials-here")).to_have_count(1)

    page.locator(".lane-actions .cell").first.hover()
    page.locator(".lane-actions .cell-add").first.click()
    page.keyboard.type("Liest nachts Fachartikel")
    page.keyboard.press("Enter")
    theirs = other.locator(".card", has_text="Liest nachts Fachartikel")
    expect(theirs).to_be_visible()

    page.keyboard.press("Control+z")
    expect(theirs).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(theirs).to_be_visible()

    theirs.dblclick()
    other.keyboard.press("Control+a")
    other.keyboard.type("Liest mittags Fachartikel")
    other.keyboard.press("Enter")
    expect(page.locator(".card", has_text="Liest mittags Fachartikel")).to_be_visible()

    bo.context.set_offline(True)
    other.locator(".lane-actions .cell").nth(1).hover()
    other.locator(".lane-actions .cell-add").nth(1).click()
    other.keyboard.type("Ohne Netz geschrieben")
    other.keyboard.press("Enter")
    expect(other.locator(".card", has_text="Ohne Netz geschrieben")).to_be_visible()
    bo.context.set_offline(False)
    expect(page.locator(".card", has_text="Ohne Netz geschrieben")).to_be_visible(timeout=20_000)


def test_a_contradicted_claim_shows_both_numbers_and_opens_its_rows(visit: Open) -> None:
    page = visit().go("/maps/erstkauf?view=evidence")
    card = page.locator(".card").first
    expect(page.locator(".card[data-verdict=confirmed], .card[data-verdict=contradicted], .card[data-verdict=undecided]").first).to_be_visible(timeout=30_000)
    card.click()
    panel = page.get_by_role("complementary")
    panel.get_by_role("tab", name="Karte").click()
    panel.get_by_text("Annahme ändern").click()
    expect(panel.get_by_role("combobox", name="Was gezählt wird")).to_have_value("So viele Journeys haben diesen Kontakt")
    panel.get_by_role("textbox", name="Zahl").fill("99,9")
    panel.get_by_role("button", name="An den Daten prüfen").click()
    expect(page.locator(".card[data-verdict=contradicted]").first).to_be_visible(timeout=30_000)
    expect(page.locator(".card[data-verdict=contradicted]").first).to_contain_text("Karte sagt")
    panel.get_by_role("tab", name="Befund").click()
    expect(panel.get_by_text("widerlegt").first).to_be_visible()
    panel.get_by_role("button", name="Datensätze öffnen").click()
    expect(page.get_by_role("heading", name=re.compile("Datensätze hinter"))).to_be_visible()


def test_the_figures_of_stages_and_personas_open_their_rows(visit: Open) -> None:
    page = visit().go("/maps/erstkauf?view=evidence")
    page.locator(".stage-figures .figure-opens").first.click(timeout=60_000)
    side = page.get_by_role("complementary")
    expect(side.get_by_role("heading", name="Datensätze hinter: Vorrecherche")).to_be_visible()
    expect(side.locator("table.rows a[href^='/accounts/']").first).to_be_visible(timeout=30_000)


def test_a_map_is_worked_on_by_keyboard_alone(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".card:focus")).to_have_count(1)
    page.keyboard.press("n")
    page.keyboard.type("Mit Tasten angelegt")
    page.keyboard.press("Enter")
    card = page.locator(".card", has_text="Mit Tasten angelegt")
    expect(card).to_be_focused()
    many = page.locator(".card").count()
    page.keyboard.press("n")
    expect(page.locator(".card-edit textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".card-edit")).to_have_count(0)
    expect(page.locator(".card")).to_have_count(many)
    card.focus()
    first = page.locator(".lane-actions .cell").nth(1)
    page.keyboard.press("Alt+ArrowRight")
    expect(first.locator(".card", has_text="Mit Tasten angelegt")).to_have_count(1)
    expect(page.locator("[aria-live=polite]", has_text="Karte verschoben nach")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.get_by_role("dialog", name="Verschieben nach …")).to_be_visible()
    page.keyboard.press("Escape")
    card.focus()
    page.keyboard.press("Delete")
    expect(card).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(card).to_have_count(1)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Befund", exact=True)).to_have_attribute("aria-pressed", "true")


SWIPE = """(element, by) => {
  const touch = (x) => new Touch({ identifier: 1, target: element, clientX: x, clientY: 400 });
  element.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(200)], changedTouches: [touch(200)], bubbles: true }));
  element.dispatchEvent(new TouchEvent("touchend", { touches: [], changedTouches: [touch(200 + by)], bubbles: true }));
}"""


def test_on_a_phone_a_map_is_a_stage_at_a_time(visit: Open) -> None:
    page = visit(width=390).go("/maps/erstkauf?view=evidence")
    stage = page.get_by_role("combobox", name="Phase")
    expect(stage.locator("option:checked")).to_have_text(re.compile("^1/7 · Vorrecherche"))
    expect(page.get_by_role("grid")).to_have_count(0)
    first = page.evaluate("fetch('/api/v1/maps/erstkauf').then(answer => answer.json()).then(found => { const stages = Object.values(found.document.stages).sort((a, b) => a.order < b.order ? -1 : 1); return Object.values(found.document.cards).filter(card => card.stage === stages[0].id && card.lane !== 'feelings').length })")
    expect(page.locator(".onestage .card")).to_have_count(first)
    expect(page.locator(".map-summary .figure").first).to_be_attached(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "nothing makes the page wider than the screen"
    page.get_by_role("button", name=re.compile("^Nächste Phase: ")).click()
    expect(stage.locator("option:checked")).to_have_text(re.compile("^2/7"))
    page.locator(".onestage").focus()
    page.keyboard.press("ArrowRight")
    expect(stage.locator("option:checked")).to_have_text(re.compile("^3/7"))
    for by, shown in ((-120, "^4/7"), (120, "^3/7"), (20, "^3/7")):
        page.locator(".onestage").evaluate(SWIPE, by)
        expect(stage.locator("option:checked")).to_have_text(re.compile(shown))
    assert "stage=" in page.url, "a link shows the stage that was seen"
    page.locator(".onestage").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    page.keyboard.type("Unterwegs notiert")
    page.keyboard.press("Enter")
    card = page.locator(".onestage-lane").first.locator(".card", has_text="Unterwegs notiert")
    expect(card).to_be_focused()
    page.keyboard.press("Control+z")
    expect(card).to_have_count(0)
    page.get_by_role("button", name=re.compile("widerlegt")).first.click()
    expect(page.locator(".map-panel .side")).to_be_visible()
    expect(page.locator(".onestage .card-chosen")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ganze Map").click()
    expect(page.get_by_role("grid")).to_be_visible()
    page.get_by_role("button", name="Je Phase").click()
    expect(stage).to_be_visible()


def test_a_stage_and_a_lane_are_renamed_in_place_and_stay_so(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    for kind, was in (("Phase", "Anbietersuche"), ("Zeile", "Handlungen")):
        menu = page.get_by_role("button", name=f"Menü der {kind} {was}")
        for key, kept in (("Escape", was), ("Enter", f"{was} neu")):
            menu.click()
            page.get_by_role("menuitem", name="Umbenennen").click()
            field = page.get_by_role("textbox", name=f"Name der {kind}")
            expect(field).to_have_value(was)
            field.fill(f"{was} neu")
            field.press(key)
            expect(page.get_by_role("button", name=f"Menü der {kind} {kept}", exact=True)).to_have_count(1)
    page.reload()
    for kind, was in (("Phase", "Anbietersuche"), ("Zeile", "Handlungen")):
        expect(page.get_by_role("button", name=f"Menü der {kind} {was} neu")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("button", name="Menü der Phase Anbietersuche", exact=True)).to_be_visible()


def test_a_card_is_dragged_to_another_stage(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    card = page.locator(".lane-touchpoints .cell").first.locator(".card").first
    text = card.inner_text()
    target = page.locator(".lane-touchpoints .cell").nth(2)
    box, goal = card.bounding_box(), target.bounding_box()
    assert box is not None
    assert goal is not None
    page.mouse.move(box["x"] + 30, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(goal["x"] + 40, goal["y"] + 20, steps=8)
    page.mouse.up()
    expect(target.locator(".card", has_text=text.splitlines()[0])).to_have_count(1)


def test_a_table_from_a_spreadsheet_becomes_cards(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    page.get_by_role("button", name="Mehr").click()
    page.get_by_role("menuitem", name="Tabelle einfügen").click()
    page.get_by_label("Tabelle hier einfügen").fill("\tVorrecherche\tNachkauf\nHandlungen\tSpricht mit Kollegen\tBestellt nach")
    expect(page.get_by_text("2 Karten; neu: 1 Phasen, 0 Zeilen.")).to_be_visible()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator(".card", has_text="Spricht mit Kollegen")).to_be_visible()


def test_a_guest_comes_by_a_link_and_sees_this_map_alone(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    page.get_by_role("button", name="Mehr").click()
    page.get_by_role("menuitem", name="Teilen").click()
    page.get_by_role("button", name="Link erzeugen").click()
    link = page.get_by_label("Der Link").input_value()
    expect(page.get_by_text(re.compile(r"kommentieren · bis \d\d\.\d\d\.\d{4}"))).to_be_visible()
    guest = visit(link)
    expect(guest.page.get_by_role("heading", name="Erstkauf, Leitung Instandhaltung")).to_be_visible()
    expect(guest.page.get_by_text("Sie können sie ansehen und kommentieren, ohne Konto.")).to_be_visible()
    guest.page.locator("input[name=name]").fill("Kim vom Kunden")
    guest.page.get_by_role("button").first.click()
    expect(guest.page.get_by_role("grid")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Bereiche")).to_have_count(0)
    expect(guest.page.get_by_role("button", name="Rückgängig")).to_be_disabled()


def test_a_map_is_previewed_and_printed(visit: Open) -> None:
    page = visit().go("/maps/erstkauf")
    page.get_by_role("button", name="Mehr").click()
    page.get_by_role("menuitem", name="Drucken").click()
    expect(page.locator(".print-preview img")).to_be_visible(timeout=60_000)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Herunterladen").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_an_interview_is_read_in_and_coded(visit: Open, tmp_path: Path) -> None:
    transcript = tmp_path / "gespraech.txt"
    transcript.write_text("Interviewer: Wie kam es dazu?\n\nKunde: Ich wusste bis zum Schluss nicht, was es kostet. Das hat uns drei Wochen gekostet.\n", encoding="utf-8")
    page = visit().go("/interviews")
    page.get_by_role("button", name="Interviews einlesen").first.click()
    page.locator("input[type=file]").set_input_files(str(transcript))
    page.get_by_role("button", name="Einlesen", exact=True).click()
    page.get_by_role("dialog").get_by_role("link", name="gespraech.txt").click()
    words = page.locator("[data-turn]", has_text="was es kostet")
    expect(words).to_be_visible()
    words.evaluate("""node => {
      const text = node.querySelector('span').firstChild, range = document.createRange();
      range.setStart(text, 0); range.setEnd(text, 51);
      getSelection().removeAllRanges(); getSelection().addRange(range);
      node.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
    }""")
    page.get_by_role("combobox", name="Themen").fill("Preis unklar")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Kodieren", exact=True).click()
    expect(page.locator("mark")).to_contain_text("Ich wusste bis zum Schluss nicht")
    expect(page.locator(".turn-codes", has_text="#Preis unklar")).to_be_visible()
    page.goto(page.url.split("/interviews")[0] + "/interviews")
    page.get_by_role("listitem").filter(has_text="Preis unklar").get_by_role("button", name=re.compile(r"^1 von \d+ Interview")).click()
    side = page.get_by_role("complementary")
    expect(side.get_by_text("Ich wusste bis zum Schluss nicht")).to_be_visible()
    expect(side.get_by_role("link", name="Zur Stelle")).to_be_visible()


def test_an_unknown_table_is_mapped_with_the_assistant_and_imported(visit: Open, tmp_path: Path) -> None:
    table = tmp_path / "aussendienst.csv"
    rows = "".join(f"{day:02d}.05.2026;Kunde {day} GmbH;a{day}@kunde{day}.example;Vorführung vor Ort;{day}.500,90\n" for day in range(1, 15))
    table.write_text("Besuchsdatum;Firmenname;E-Mail;Anlass;Auftragswert\n" + rows, encoding="utf-16")
    page = visit().go("/sources")
    page.locator("input[data-role=table]").set_input_files(str(table))
    dialog = page.get_by_role("dialog", name="Zuordnung für aussendienst.csv")
    expect(dialog.get_by_role("combobox", name="Eine Zeile ist")).to_have_value("ein Kontakt oder Ereignis", timeout=30_000)
    expect(dialog.get_by_role("combobox", name="und zwar")).to_have_value("Termin oder Besuch")
    expect(dialog.get_by_role("combobox", name="„Besuchsdatum“ ist")).to_have_value("Tag oder Zeitpunkt")
    subject = dialog.get_by_role("combobox", name="„Anlass“ ist")
    expect(subject).to_have_value("")
    subject.fill("Betreff")
    page.get_by_role("option", name="Betreff oder Aktivität").click()
    expect(dialog.get_by_role("row", name=re.compile("^Anlass")).get_by_text("von Ihnen gesagt")).to_be_visible()
    become = dialog.get_by_role("region", name="Daraus werden Ereignisse")
    expect(become.get_by_role("cell", name="Vorführung vor Ort").first).to_be_visible()
    expect(dialog.get_by_text(re.compile("Probe: 14 gelesen, 14 verwendbar"))).to_be_visible()
    dialog.get_by_role("button", name="So importieren").click()
    expect(page.locator(".job", has_text="✓")).to_be_visible(timeout=180_000)
    expect(page.get_by_text("14 neu")).to_be_visible()


def test_a_review_says_its_claims_in_words(visit: Open) -> None:
    page = visit().go("/reviews")
    page.get_by_role("button", name="Review beginnen").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Map").first.click()
    page.get_by_role("option", name="Erstkauf, Leitung Instandhaltung").click()  # other flows make maps without claims
    dialog.get_by_role("button", name="Review beginnen").click()
    claims = page.get_by_role("region", name="Eingefrorene Zahlen")
    expect(claims).to_contain_text("der Journeys")
    assert ">=" not in claims.inner_text()


def test_a_day_of_knowledge_without_a_build_is_built_on_the_spot(visit: Open) -> None:
    page = visit().go("/journeys?as_of=2026-07-02")
    expect(page.get_by_role("heading", name="Den Stand vom 02.07.2026 gibt es noch nicht")).to_be_visible()
    page.get_by_role("button", name="Diesen Stand aufbauen").click()
    expect(page.locator(".funnel-bar").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Stand 02.07.2026").first).to_be_visible()


def test_a_move_of_the_flow_and_a_cost_per_deal_open_their_journeys(visit: Open) -> None:
    page = visit().go("/journeys?show=paths")
    edge = page.locator(".flow-edge").first
    edge.focus()
    page.keyboard.press("Enter")
    page.locator(".lead-line .figure-opens").first.click()
    side = page.get_by_role("complementary")
    expect(side.get_by_role("heading", level=2)).to_contain_text("Datensätze hinter")
    expect(side.locator("a[href^='/accounts/']").first).to_be_visible()
    page.goto(page.url.split("/journeys")[0] + "/attribution")
    page.locator(".comparator td:last-child .figure-opens").first.click()
    expect(page.get_by_role("complementary").locator("a[href^='/accounts/']").first).to_be_visible()


def test_a_match_rate_opens_what_it_leaves_out(visit: Open) -> None:
    page = visit().go("/sources")
    page.get_by_role("region", name="Quellen").locator(".figure-opens").filter(has_not_text="100").first.click()
    side = page.get_by_role("complementary")
    expect(side).to_contain_text("die in keiner Journey sind, und warum")
    expect(side.locator("table.rows tbody tr").first).to_be_visible()
    assert "no company known" not in side.inner_text()


def test_what_is_in_quarantine_of_a_source_opens_its_records(visit: Open) -> None:
    page = visit().go("/sources")
    count = page.get_by_role("link", name=re.compile(r"Datens(atz|ätze) von .* in Quarantäne")).first
    said = count.inner_text()
    count.click()
    expect(page.get_by_label("Quelle", exact=True).first).not_to_have_value("")
    expect(page.get_by_role("status").filter(has_text="in Quarantäne")).to_contain_text(re.compile(rf"^{re.escape(said)} Datens"))
