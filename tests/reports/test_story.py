"""One account's story: everything that happened is on the drawing or in its tables, and all of it legible."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etappe.reports.account.reading import read_story
from etappe.reports.document import Document, Picture, Sheet
from etappe.reports.drawing.measure import PRINT, SCREEN
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Text
from etappe.reports.poster import poster_scene
from etappe.reports.story import account_document
from etappe.reports.theme import SMALLEST, Language

from . import make

LANGUAGES: tuple[Language, ...] = ("de", "en")
STORIES = [make.story, make.small, make.nasty, make.huge]


def document(story: dict[str, Any], language: Language = "de") -> Document:
    return account_document(
        story, language, make.AS_OF, {"ok": True, "events": 12846, "steps": 9921, "internal": 1804, "unresolved": 1121}
    )


def pages(shown: Document, width: float = 770.0, height: float | None = 515.0) -> list[Scene]:
    picture = next(block for block in shown.blocks if isinstance(block, Picture))
    return picture.draw(width, height, PRINT, 47.0 if height else 0.0)


def texts(scenes: list[Scene]) -> list[str]:
    return [text for scene in scenes for text in scene.texts()]


def test_the_story_in_german_reads_from_top_to_bottom() -> None:
    said = texts(pages(document(make.story())))
    order = [
        "Aktivität im Überblick", "Schritte je Woche", "neue Personen", "1 Erstkauf", "2 Erweiterung", "Journey 1 · Erstkauf", "gewonnen",
        "07.01.2025\u00a0– 28.06.2025 · 172 Tage · 33 Schritte · 7 Personen", "Pause 63\u00a0T",
        "Erster Vertriebskontakt 09.02.2025, nach 19\u00a0% der Journey", "5 Angebotsanforderung", "Verkaufschancen",
        "Nachrüstung Halle 3 · 128.400\u00a0€ · gewonnen 28.06.2025", "Entscheider", "Jens Vogelsang", "Vorführung vor Ort", "Beeinflusser",
        "Dr. Andrea Hollerbach", "Gatekeeper", "Unbekannte Person p5", "Unternehmen", "Journey 2 · Erweiterung", "offen",
        "Erweiterung Werk Süd · 61.000\u00a0€ · offen", "Pause: kein Schritt",
    ]  # fmt: skip
    places = []
    for text in order:
        assert text in said[places[-1] if places else 0 :], text
        places.append(said.index(text, places[-1] if places else 0))


def test_the_day_of_knowledge_is_the_one_of_all_answers_whatever_the_zone() -> None:
    """`as_of = "2026-06-30"` means the end of that day in UTC, which is July already in Berlin."""
    shown = account_document({**make.story(), "zone": "Europe/Berlin"}, "de", "2026-06-30T23:59:59.999999+00:00")
    assert "Stand 30.06.2026" in shown.footer


def test_the_same_story_in_english_has_the_same_shapes() -> None:
    german, english = (pages(document(make.story(), language)) for language in LANGUAGES)
    assert "First sales contact 9\u00a0Feb\u00a02025, after 19% of the journey" in texts(english)
    assert "Decider" in texts(english)
    assert "Entscheider" not in texts(english)
    for one, other in zip(german, english, strict=True):
        assert sum(isinstance(s, Circle) for s in one.shapes) == sum(isinstance(s, Circle) for s in other.shapes)


def test_key_figures_count_what_the_story_holds() -> None:
    shown = document(make.story())
    assert [(f.value, f.word) for f in shown.figures] == [
        ("2", "Journeys"), ("41", "Schritte"), ("7", "Personen"), ("73\u00a0%", "der Schritte online"),
        ("19\u00a0%", "der Zeit vor dem ersten Vertriebskontakt"), ("128.400\u00a0€", "gewonnen"), ("61.000\u00a0€", "offener Wert"),
    ]  # fmt: skip
    assert shown.footer == (
        "Stand 30.06.2026 · Rezept: Kaufgeschichte 1 · Erhaltungsprüfung bestanden: "
        "12.846 Ereignisse = 9.921 Schritte + 1.804 intern + 1.121 ungeklärt"
    )


def test_what_the_build_says_of_itself_can_be_handed_over_whole() -> None:
    build = {"events": 10, "steps": 7, "internal": 1, "unresolved": 2, "conservation": {"ok": True, "checks": []}}
    footer = account_document(make.small(), "en", conservation=build).footer
    assert footer.endswith("Conservation check passed: 10 events = 7 steps + 1 internal + 2 unresolved")
    build["conservation"] = {"ok": False, "checks": [{"ok": True, "words": "a"}, {"ok": False, "words": "crm: 3 = 2"}]}
    assert account_document(make.small(), "en", conservation=build).footer.endswith(
        "Conservation check FAILED: crm: 3 = 2"
    )


def test_a_failed_conservation_check_is_said_on_every_page() -> None:
    assert account_document(make.small(), "de", conservation={"ok": False}).footer.endswith(
        "Erhaltungsprüfung NICHT bestanden"
    )


def test_every_step_is_in_a_lane_and_in_the_list_of_steps() -> None:
    shown = document(make.huge(600, 12, 2))
    lists = [block for block in shown.blocks if isinstance(block, Sheet) and block.appendix]
    counted = sum(int(row[-1].text or "1") for sheet in lists for row in sheet.rows if not isinstance(row, str))
    assert counted == sum(len(journey["steps"]) for journey in make.huge(600, 12, 2)["journeys"])


def test_the_people_sheet_says_role_and_where_it_comes_from() -> None:
    people = next(b for b in document(make.story()).blocks if isinstance(b, Sheet) and b.title == "Personen")
    rows = {row[0].text: [cell.text for cell in row] + [row[1].sub] for row in people.rows if not isinstance(row, str)}
    assert rows["Jens Vogelsang"] == [
        "Jens Vogelsang",
        "Entscheider",
        "1, 2",
        "Vorgespräche",
        "17.02.2025",
        "26.12.2025",
        "6",
        "2 / 4",
        "laut CRM",
    ]
    assert rows["Unbekannte Person p5"][1] == "Rolle unbekannt"


def test_a_stage_entered_again_is_a_row_of_its_own_and_marked() -> None:
    stages = next(b for b in document(make.story()).blocks if isinstance(b, Sheet) and b.title == "Phasen")
    rows = [row for row in stages.rows if not isinstance(row, str)]
    assert [row[0].text for row in rows if row[0].sub == "Rücksprung"] == ["3 Vorauswahl"]
    assert sum(int(row[4].text) for row in rows) == 41
    assert rows[-1][2].text == "läuft"


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("measure", [PRINT, SCREEN])
def test_nothing_is_too_small_nor_off_the_sheet(story: Any, measure: Any) -> None:
    scene = poster_scene(document(story()), measure)
    for shape in scene.shapes:
        if isinstance(shape, Text):
            assert shape.size >= SMALLEST
            assert 0 <= shape.x <= scene.width
            assert 0 <= shape.y <= scene.height
        elif isinstance(shape, Rect):
            assert shape.x >= -0.1
            assert shape.x + shape.w <= scene.width + 0.1
        elif isinstance(shape, Path):
            assert all(-3 <= x <= scene.width + 3 for points in shape.lines for x, _ in points)


@pytest.mark.parametrize("story", STORIES)
def test_each_sheet_fits_its_page_and_repeats_the_stages(story: Any) -> None:
    scenes = pages(document(story()))
    assert all(scene.height <= 515.0 - (47.0 if n == 0 else 0.0) + 0.01 for n, scene in enumerate(scenes))
    assert all("Phasen" in scene.texts() for scene in scenes)


def test_a_crowded_account_stays_legible_over_a_few_pages() -> None:
    story = make.huge()
    scenes = pages(document(story))
    assert 6 <= len(scenes) <= 12
    named = {person["name"] for person in story["persons"] if person["name"]}
    present = {(n, s["person_id"]) for n, j in enumerate(story["journeys"]) for s in j["steps"] if s["person_id"]}
    known = {person["person_id"] for person in story["persons"] if person["name"]}
    assert sum(text in named for text in texts(scenes)) >= len([key for _, key in present if key in known])


def test_many_persons_with_few_steps_are_folded_into_one_lane() -> None:
    story = make.huge(1500, 120, 2)
    for i, row in enumerate(story["journeys"][0]["steps"]):
        row["person_id"] = f"q{i % 120}"
    said = texts(pages(document(story)))
    assert any(text.endswith("weitere Personen") for text in said)


def test_a_meeting_of_several_is_joined_by_a_line_and_told_in_the_key() -> None:
    assert "Linie: gemeinsamer Termin" in texts(pages(document(make.story())))
    assert "Linie: gemeinsamer Termin" not in texts(pages(document(make.small())))


def test_an_account_without_journeys_says_so() -> None:
    shown = document({"account": {"name": "Leer GmbH"}, "persons": [], "journeys": [], "unresolved": []})
    assert shown.blocks
    assert "noch keine Journey" in str(shown.blocks[0])


@pytest.mark.parametrize("story", STORIES)
def test_the_same_story_gives_the_same_drawing(story: Any) -> None:
    assert [str(s.over) for s in pages(document(story()))] == [str(s.over) for s in pages(document(story()))]


def test_times_as_text_and_as_datetimes_are_the_same_story() -> None:
    from etappe.reports.formats import moment

    def timed(node: Any) -> Any:
        if isinstance(node, dict):
            return {k: moment(v) if k.endswith(("_at", "_contact")) and v else timed(v) for k, v in node.items()}
        return [timed(inner) for inner in node] if isinstance(node, list) else node

    story = make.story()
    assert texts(pages(document(timed(copy.deepcopy(story))))) == texts(pages(document(story)))


def test_steps_without_a_date_are_counted_and_not_drawn() -> None:
    journey = read_story(make.story()).journeys[0]
    assert (len(journey.steps), journey.undated) == (33, 1)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from([make.at(0), make.at(900), "won", "p1", "research"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_stands_in_a_field_the_drawing_stands(data: st.DataObject) -> None:
    story = json.loads(json.dumps(make.story()))
    places = [
        story,
        story["account"],
        story["journeys"][0],
        *(row[0] for k, row in story["journeys"][0].items() if isinstance(row, list)),
        story["persons"][0],
    ]
    for place in places:
        for key in data.draw(st.lists(st.sampled_from(sorted(place)), max_size=3)):
            place[key] = data.draw(JUNK)
    poster_scene(document(story), PRINT)
