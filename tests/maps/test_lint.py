"""lint tells every fault of a map at once, each with its place."""

from __future__ import annotations

import datetime as dt

from etappe.maps.lint import Around, Finding, lint, lint_text
from etappe.maps.map import Map
from etappe.maps.reading import read
from etappe.maps.remarks_in_text import carry
from etappe.words.claim_names import Vocabulary

AROUND = Around(today=dt.date(2026, 7, 1), personas=["it-lead"], interviews=["int-07"])

WRONG = """\
map: m
titel: Tippfehler
language: de
languages: [en]
title: Maschine kaufen
owner: anna
review_by: 2026-06-01
personas: [it-leed]
stages:
  - id: research
    title: Vorrecherche
lanes:
  - id: actions
    kind: actions
cards:
  - id: c1
    stage: reserch
    lane: actions
    text: Sucht
    claim: coverge(webinar) >= 0.3
  - id: c2
    stage: research
    lane: actions
    text: Vergleicht
    evidence:
      - interview:int-08#t=4
    translations:
      en:
        text: Compares
  - id: c2
    stage: research
    text: doppelt
criteria:
  - id: k
    text: Preis
    standing:
      rival: 3
comments:
  - id: m1
    on: c9
    text: weg
"""


def found(text: str, around: Around = AROUND) -> list[Finding]:
    return lint_text(read(text, "m.yaml"), around)


def test_all_faults_are_told_at_once_by_line() -> None:
    listed = found(WRONG)
    places = [(item.level, item.rule, item.where.removeprefix("m.yaml:")) for item in listed]
    assert places == [
        ("warning", "unknown", "2:8"), ("warning", "translation", "5:8"), ("warning", "overdue", "7:12"), ("warning", "gone", "8:12"),
        ("warning", "milestone", "10:5"), ("warning", "translation", "10:5"), ("warning", "translation", "16:5"), ("error", "gone", "17:12"),
        ("error", "claim", "20:12"), ("error", "gone", "26:9"), ("error", "twice", "30:5"), ("warning", "translation", "34:5"), ("error", "gone", "37:14"), ("warning", "lost", "40:9"),
    ]  # fmt: skip
    assert "`research`" in next(item.do_next for item in listed if item.where == "m.yaml:17:12")


def test_a_claim_that_cannot_be_read_is_shown_with_a_mark_under_the_character() -> None:
    (item,) = [item for item in found(WRONG.replace("- id: c2\n    stage: research\n    text: doppelt\n", "- id: c3\n    stage: research\n    lane: actions\n    text: x\n")) if item.rule == "claim"]
    assert item.what.splitlines()[1:] == ["    coverge(webinar) >= 0.3", "    ^"]
    assert item.do_next == "Did you mean `coverage`?"


def test_a_claim_about_a_touchpoint_that_does_not_exist_suggests_the_nearest() -> None:
    around = Around(today=AROUND.today, vocabulary=Vocabulary({"research": ()}, {"pricing page": ("Preisseite",)}))
    document = Map.load({"id": "m", "owner": "a", "review_by": "2027-01-01", "stages": {"research": {"id": "research", "milestone": "x"}}, "lanes": {"l": {"id": "l"}}, "cards": {"c": {"id": "c", "stage": "research", "lane": "l", "text": "t", "claim": "coverage(pricing pge) in research >= 0.3"}}})
    (item,) = lint(document, around)
    assert (item.level, item.rule, item.do_next) == ("error", "claim", "Did you mean `pricing page`?")
    assert "character 10" in item.what


def test_a_finished_map_has_no_findings() -> None:
    document = Map.load({"id": "m", "owner": "a", "review_by": "2027-01-01", "stages": {"r": {"id": "r", "milestone": "x"}}, "lanes": {"l": {"id": "l"}}, "cards": {"c": {"id": "c", "stage": "r", "lane": "l", "text": "t", "claim": "dwell(r) <= 30 days"}}})
    assert lint(document, AROUND) == []


def test_a_step_of_another_stage_is_told() -> None:
    document = Map.load({"id": "m", "stages": {"r": {"id": "r"}, "d": {"id": "d"}}, "steps": {"s": {"id": "s", "stage": "d"}}, "lanes": {"l": {"id": "l"}}, "cards": {"c": {"id": "c", "stage": "r", "step": "s", "lane": "l", "text": "t"}}})
    assert [item.what for item in lint(document, AROUND) if item.level == "error"] == ["The step `s` is in the stage `d`, not in `r`."]


OLD = """\
# Karte des Einkaufs
map: m
# über den Titel
title: alt  # wichtig
owner: a

cards:
  # erste Karte
  - id: c1
    text: |-
      # kein Vermerk
      zwei
    # zum Stand
    state: open
  - id: c2
    text: "a # b"
# Ende
"""

NEW = """\
map: m
title: neu

cards:
  - id: c3
    text: dazu
  - id: c1
    text: |-
      # kein Vermerk
      drei
  - id: c2
    text: "a # b"
"""


def test_remarks_in_a_file_stay_with_what_they_were_written_to() -> None:
    kept = carry(OLD, NEW)
    assert kept == """\
# Karte des Einkaufs
map: m
# über den Titel
title: neu  # wichtig

cards:
  - id: c3
    text: dazu
  # erste Karte
  # zum Stand
  - id: c1
    text: |-
      # kein Vermerk
      drei
  - id: c2
    text: "a # b"
# Ende
"""
    assert carry(kept, NEW) == kept
    assert carry("kein: Vermerk\n", NEW) == NEW
