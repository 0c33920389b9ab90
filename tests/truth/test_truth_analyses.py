"""The analyses recover known hazards; the long loops are those of `python -m benchmarks.truth_analyses`."""

from __future__ import annotations

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
