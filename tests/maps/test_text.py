"""Maps as text: export then import is the same map, a changed fact is a changed line, every fault is told with its place."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.errors import Fault, Faults
from etappe.maps.changes import Add, Change, Move, Remove, Set, Translate
from etappe.maps.difference import difference
from etappe.maps.map import Map
from etappe.maps.reading import parse, read
from etappe.maps.text import to_text

from .make import changes, maps, plain_values, words


@settings(max_examples=40)
@given(maps())
def test_export_then_import_is_the_same_map(document: Map) -> None:
    text = to_text(document)
    assert parse(text, base=document) == document
    alone = parse(text)
    assert to_text(alone) == text
    assert to_text(parse(to_text(alone))) == text


@settings(max_examples=30)
@given(maps(), changes())
def test_export_then_import_of_an_edited_map_finds_just_that_edit(document: Map, change: Change) -> None:
    after = change.on(document)
    imported = parse(to_text(after), base=document)
    assert to_text(imported) == to_text(after)
    assert to_text(difference(document, imported).on(document)) == to_text(after)


@given(words | st.sampled_from(["yes", "no", "on", "~", "null", "1", "1.0", "2026-01-01", "12:30", "0x1f", "- a", "# b", "a: b", "a #b", "|", "=", "<<", "%", "é", "a " * 80 + "Ende. Und mehr."]), plain_values)
def test_any_text_and_any_unknown_value_come_back_as_they_were(said: str, value: Any) -> None:
    document = Map.load({"id": "m", "title": said, "x-own": value, said.strip() or "leer": value, "cards": {"c": {"id": "c", "text": said, "x": [value, said]}}}) if said.strip() not in ("", "id", "version") else Map.load({"id": "m"})
    again = parse(to_text(document), base=document)
    assert again.plain() == document.plain()


@given(maps())
@settings(max_examples=25)
def test_any_yaml_reader_reads_the_same_texts(document: Map) -> None:
    content = yaml.safe_load(to_text(document))
    assert content["map"] == document.id
    assert content.get("title", "") == document.title
    assert {card["id"]: card.get("text", "") for card in content.get("cards", [])} == {id: card.text for id, card in document.cards.items()}


SMALL = """\
map: machine-buying
version: 1
title: Maschine kaufen
language: de
owner: anna@example.com
review_by: 2026-12-01
journey: first_purchase

stages:
  - id: research
    title: Vorrecherche
    milestone: Problem und Anforderungen sind klar
    planned_days: 30
  - id: decision
    title: Entscheidung

lanes:
  - id: actions
    kind: actions

feelings:
  - stage: research
    value: -0.5

cards:
  - id: c1
    stage: research
    lane: actions
    text: Vergleicht drei Angebote
    provenance: interview
    claim: coverage(webinar) in research >= 0.3
    evidence:
      - interview:int-07#t=412
  - id: c2
    stage: research
    lane: actions
    text: Liest nach
    note_of_ours: bleibt
"""


def _changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("+ ", "- ")]


def test_a_file_in_normal_form_is_exported_as_it_was_imported() -> None:
    assert to_text(parse(SMALL)) == SMALL


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (Set(collection="cards", id="c1", path=("text",), value="Vergleicht vier Angebote"), 2),
        (Set(collection="cards", id="c2", path=("owner",), value="ben"), 1),
        (Translate(collection="cards", id="c2", language="en", field="text", text="Reads up"), 3),
        (Set(path=("owner",), value="ben@example.com"), 2),
        (Add(collection="cards", thing={"id": "c3", "stage": "decision", "lane": "actions", "text": "Entscheidet"}), 4),
        (Remove(collection="cards", id="c2"), 5),
        (Move(collection="cards", id="c2", to={"stage": "decision"}), 2),
    ],
)
def test_a_change_of_one_fact_changes_its_lines_only(change: Change, lines: int) -> None:
    document = parse(SMALL)
    assert len(_changed_lines(SMALL, to_text(change.on(document)))) == lines


def test_a_changed_sentence_of_a_long_text_changes_one_line() -> None:
    long = "Ich habe drei Anbieter angeschrieben. Nur einer hat geantwortet, und zwar nach zwei Wochen. Das hat uns gewundert."
    document = Set(collection="cards", id="c1", path=("detail",), value=long).on(parse(SMALL))
    changed = Set(collection="cards", id="c1", path=("detail",), value=long.replace("zwei", "drei")).on(document)
    assert len(_changed_lines(to_text(document), to_text(changed))) == 2


def test_moving_one_thing_in_a_file_is_one_edit() -> None:
    base = parse(SMALL)
    head, cards = SMALL.split("  - id: c1\n")
    first, second = cards.split("  - id: c2\n")
    moved = parse(f"{head}  - id: c2\n{second}  - id: c1\n{first}", base=base)
    assert len(difference(base, moved).changes) == 1
    assert [card.id for card in moved.sorted("cards")] == ["c2", "c1"]


def faults(text: str) -> list[Fault]:
    return read(text, "m.yaml").page.faults


def test_all_faults_of_a_file_are_told_at_once_with_line_and_column() -> None:
    found = faults(
        "map: M x\njourney: blub\nstages:\n  - id: r\n    planned_days: viel\n  - id: r\ncards:\n  - id: c\n    effort: 9\n    effort: 8\n    provenance: geraten\n  - 3\n"
        "feelings:\n  - stage: r\n    value: 3\n  - {stage: r, value: 1}\n"
    )
    assert [fault.where for fault in found] == [f"m.yaml:{place}" for place in ("1:6", "2:10", "5:19", "6:5", "9:13", "10:5", "11:17", "12:5", "15:12", "16:5")]
    assert "twice; first in line 4" in found[3].what
    with pytest.raises(Faults) as caught:
        parse("map: m\nstages:\n  - id: r\n  - id: r\n  - id: r\n")
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"), ("- a\n- b\n", "no document"), ("title: x\n", "does not say what it is"), ("map: m\n  x: [", "not YAML"), ("map: m\nversion: 99\n", "version 99"), ("map: m\nversion: ;\n", "no number of a version"), ("map: m\nversion: -1\n", "no number of a version"), ("map: m\nversion: [1]\n", "no number of a version"),
        ("map: m\ncards: 3\n", "not a list"), ("persona: p\ntraits:\n  - kind: golas\n    text: x\n", "kind"), ("map: m\nx: &a [*a]\n", "without end"),
        ("map: m\na: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]\n", "without end"),
        ("map: m\nx: " + "[" * 200_000, "without end"), ("map: m\nx:\n  " + "- " * 100_000, "without end"), ("map: m\nx: " + "{a: " * 5000 + "}" * 5000, "without end"),
        ("map: m\ntitle: a\x00b\n", "not YAML"), ("map:\n", "id"), ("map: [1]\n", "id"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_told_in_clear_words(text: str, word: str) -> None:
    assert any(word in fault.what for fault in faults(text)), [fault.what for fault in faults(text)]


@given(st.text(max_size=200) | st.builds(lambda cut, junk: SMALL[:cut] + junk + SMALL[cut + len(junk) :], st.integers(0, len(SMALL)), st.text(max_size=6)))
def test_any_file_is_read_or_refused_with_words(text: str) -> None:
    found = read(text, "m.yaml")
    assert found.document is not None or found.page.faults
    if found.document is not None and not found.page.faults:
        assert to_text(parse(to_text(found.document))) == to_text(found.document)


def test_a_thing_without_an_id_gets_the_same_one_each_time() -> None:
    text = "map: m\ncards:\n  - text: Liest nach\n    stage: research\n"
    assert parse(text) == parse(text)
    assert parse(text).plain()["cards"].keys() == parse(text + "  - text: mehr\n").plain()["cards"].keys() - set(parse("map: m\ncards:\n  - text: mehr\n").plain()["cards"])


def test_texts_that_look_like_something_else_stay_texts_and_words_of_others_keep_their_type() -> None:
    document = parse("map: m\ntitle: 007\nowner: on\nx: 007\ny: 1.50\nz: 12:30\ncards:\n  - id: c\n    text: 2026-01-01\n    review_by: 2026-01-02\n")
    assert (document.title, document.owner, document.plain()["x"], document.plain()["y"], document.plain()["z"]) == ("007", "on", "007", 1.5, "12:30")
    assert document.plain()["cards"]["c"] == {"id": "c", "text": "2026-01-01", "review_by": "2026-01-02", "order": document.collection("cards")["c"].order}


def test_a_map_of_2000_cards_goes_out_and_in_whole() -> None:
    cards = {f"c{number}": {"id": f"c{number}", "stage": "research", "lane": "actions", "text": f"Karte {number}: liest, vergleicht, fragt nach", "order": f"{number:05}x", "claim": "coverage(webinar) in research >= 0.3", "evidence": {"interview:1": {"ref": "interview:1", "quote": "so war es"}}} for number in range(2000)}
    document = Map.load({"id": "m", "stages": {"research": {"id": "research"}}, "cards": cards})
    assert parse(to_text(document), base=document) == document
