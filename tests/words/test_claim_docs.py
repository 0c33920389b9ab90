"""The page about claims names every word of the language, and its examples can be read."""

from __future__ import annotations

import re
from pathlib import Path

from etappe.words.claim import FILTERS, MEASURES, SOURCES, Verdict
from etappe.words.claim_language import parse

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")


def test_every_word_of_the_language_is_on_the_page() -> None:
    words = {*MEASURES, *FILTERS, *(verdict.value for verdict in Verdict), *SOURCES}
    assert {word for word in words if not re.search(rf"\b{word}\b", PAGE)} == set()


def test_the_examples_on_the_page_can_be_read() -> None:
    examples = PAGE.split("```")[1].strip().splitlines()
    assert len(examples) >= len(MEASURES)
    assert {parse(line).measure for line in examples} == set(MEASURES)
