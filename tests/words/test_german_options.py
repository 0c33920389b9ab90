"""Every setting of an analysis says what it does in both languages."""

from __future__ import annotations

from etappe.words.german_options import OPTIONS
from etappe.workspace import answers


def test_every_setting_of_an_analysis_says_in_german_what_it_does() -> None:
    missing = sorted({option["words"] for one in answers.described() for option in one["options"] if option["words_de"] == option["words"]})
    assert missing == [], "add them to words/german_options.py"


def test_no_german_words_stand_for_a_setting_that_is_no_more() -> None:
    there = {option["words"] for one in answers.described() for option in one["options"]}
    assert sorted(set(OPTIONS) - there) == []
