from __future__ import annotations

import string
from importlib.resources import files
from typing import Any

import pytest
import yaml

from etappe.reports.texts import TEXTS, Words
from etappe.reports.vocabulary import listed, term
from etappe.words.kinds import CHANNELS, JOURNEY_KINDS, OUTCOMES, ROLES


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    german, english = TEXTS[key]
    assert german.strip()
    assert english.strip()
    assert fields(german) == fields(english)
    assert ("|" in german) == ("|" in english)


def test_one_and_many_are_told_apart_and_numbers_grouped() -> None:
    words = Words("de")
    assert (words("steps_n", n=1), words("steps_n", n=2345)) == ("1 Schritt", "2.345 Schritte")
    assert Words("en")("steps_n", n=2345) == "2,345 steps"


def test_the_closed_lists_of_the_house_have_words() -> None:
    lists = listed()
    for name, words in (("kind", JOURNEY_KINDS), ("outcome", OUTCOMES), ("role", ROLES), ("channel", CHANNELS)):
        assert set(words) <= set(lists[name]), name


def test_the_workspace_calls_its_touchpoints_what_it_likes() -> None:
    names = {"touchpoint": {"pricing page": {"de": "Preise", "en": "Prices"}}, "stage": {"x": "Probe"}}
    words = Words("de", names)
    assert [
        words.term("touchpoint", "pricing page"),
        words.term("stage", "x"),
        words.term("touchpoint", "article"),
    ] == ["Preise", "Probe", "Fachartikel"]


def test_every_reason_for_being_in_no_journey_has_words() -> None:
    from etappe.journeys.lookups import STATES

    reasons = [place for place in STATES if place not in ("step", "internal")]
    assert [reason for reason in reasons if reason not in listed()["reason"]] == []


def named(node: Any) -> list[tuple[str, str, str]]:
    if isinstance(node, dict):
        own = [(node["id"], node["de"], node["en"])] if {"id", "de", "en"} <= set(node) else []
        return own + [found for inner in node.values() for found in named(inner)]
    return [found for inner in node for found in named(inner)] if isinstance(node, list) else []


@pytest.mark.parametrize("kind", ["touchpoint", "channel"])
def test_a_drawing_calls_things_as_the_rule_templates_do(kind: str) -> None:
    source = files("etappe.journeys") / "templates" / f"{kind}s.yaml"
    pairs = named(yaml.safe_load(source.read_text("utf-8")))
    assert pairs
    missing = [one for one in pairs if (term(kind, one[0], "de"), term(kind, one[0], "en")) != one[1:]]
    assert missing == []
