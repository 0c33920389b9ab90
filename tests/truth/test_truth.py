"""The pipeline recovers what the simulator knows, as well as promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import truth


@pytest.mark.slow
def test_the_promises_of_truth_are_kept(tmp_path: Path) -> None:
    truth.make(tmp_path, 600, 11)
    broken = {score.name: round(score.value, 4) for score in truth.measure(tmp_path) if not score.kept}
    assert broken == {}


def test_pairwise_counts_pairs() -> None:
    import polars as pl

    frame = pl.DataFrame({"built": ["a", "a", "b", None], "true": ["x", "x", "x", "x"]})
    precision, recall, n = truth.pairwise(frame, "built", "true")
    assert (precision, recall, n) == (1.0, 1 / 6, 6)
