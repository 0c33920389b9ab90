"""Rows of a file for a spreadsheet: moments by the workspace's clock, words in the reader's language, heads that differ."""

from __future__ import annotations

import datetime as dt

from etappe.reports.spoken_rows import spoken_heads, spoken_rows
from etappe.reports.texts import Words

BERLIN = Words("de", zone="Europe/Berlin")


def test_moments_are_those_of_the_clock_on_the_wall_in_summer_and_winter() -> None:
    rows = [{"at": "2026-06-30T22:30:00Z"}, {"at": dt.datetime(2026, 12, 31, 23, 30, 5, 999, dt.UTC)}, {"at": "2026-06-30"}, {"at": None}]
    assert [row["at"] for row in spoken_rows(rows, BERLIN)] == [dt.datetime(2026, 7, 1, 0, 30), dt.datetime(2027, 1, 1, 0, 30, 5), "2026-06-30", None]


def test_words_of_the_lists_are_said_and_names_stay() -> None:
    said = spoken_rows([{"outcome": "won", "domain": "won", "open": True, "n": 3}], BERLIN)[0]
    assert said == {"outcome": "gewonnen", "domain": "won", "open": "ja", "n": 3}


def test_no_two_columns_are_called_the_same_and_a_bound_by_its_figure() -> None:
    heads = spoken_heads(["share", "share_low", "share_high", "share_n", "stage", "phase"], BERLIN)
    assert len(set(heads.values())) == len(heads)
    assert all(heads["share"] in heads[f"share_{part}"] for part in ("low", "high", "n"))
