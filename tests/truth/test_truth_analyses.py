"""The analyses recover known hazards; the long loops are those of `python -m benchmarks.truth_analyses`."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest

from benchmarks import truth_analyses as truth


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    found = truth.coverage(range(1, 9), attribution=False)
    hits, n = sum(one.hits for one in found), sum(one.n for one in found)
    assert n == 40
    assert hits >= 33, "of 40 intervals of 95 % fewer than 33 hold the truth about once in ten thousand times"
    for one in found:
        assert one.mean == pytest.approx(one.truth, rel=0.12), one.name


def test_with_half_of_the_journeys_open_the_estimate_stays_and_the_plain_ratio_falls() -> None:
    half = truth.censoring(range(1, 7))
    assert half["open"] > 0.5
    assert half["covered"].mean == pytest.approx(half["covered"].truth, abs=0.03)
    assert half["plain"] < half["covered"].truth - 0.1


def test_the_section_is_put_in_the_place_of_the_old_one(tmp_path, monkeypatch) -> None:
    page = tmp_path / "truth.md"
    page.write_text(f"# Truth\n\nkept\n\n{truth.HEADING}\n\nold\n", encoding="utf-8")
    monkeypatch.setattr(truth, "PAGE", page)
    truth.rewrite(f"{truth.HEADING}\n\nnew\n")
    assert page.read_text(encoding="utf-8") == f"# Truth\n\nkept\n\n{truth.HEADING}\n\nnew\n"


def test_what_anybody_could_find_is_the_ratio_of_those_a_week_after_the_page(tmp_path) -> None:
    """Of 20 that saw the page 10 leave in the third half week, of 20 others 5; one more rests, and counts for neither."""
    folder, start = tmp_path / "truth", dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    folder.mkdir()
    gone = start + dt.timedelta(days=8.75)
    names = [f"A{number}" for number in range(41)]
    leaves = [number < 10 or 20 <= number < 25 or number == 40 for number in range(41)]
    frames = {
        "accounts": {"account": names, "fit": [0.5] * 41},
        "journeys": {"account": names, "number": [1] * 41, "gave_up_at": [gone] * 41},
        "stages": {"account": names, "journey": [1] * 41, "stage": ["preselection"] * 41, "entered_at": [start] * 41,
                   "left_at": [gone] * 41, "left_to": ["dormant" if one else "first_talks" for one in leaves]},
        "events": {"account": names[:20], "journey": [1] * 20, "stage": ["preselection"] * 20,
                   "touchpoint": ["pricing page"] * 20, "happened_at": [start] * 20},
        "pauses": {"account": [names[40]], "journey": [1], "from": [start + dt.timedelta(days=5)], "until": [gone]},
    }  # fmt: skip
    for name, columns in frames.items():
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    (folder / "effects.json").write_text(json.dumps({"as_of": "2026-06-30"}), encoding="utf-8")
    ratio, deviate = truth.best_possible(tmp_path)
    assert ratio == pytest.approx(2.0)
    assert 1.5 < deviate < 1.8
