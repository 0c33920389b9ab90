"""A file has its rows in the order of the expression, whatever is computed behind the sort."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from etappe.tables.engine import open_engine


def test_rows_are_written_in_the_order_that_was_asked_for(tmp_path: Path) -> None:
    """Many words looked up behind the sort are a join to the engine, which would write what is ready first."""
    words = [f"word {number}" for number in range(60)]
    mixed = np.random.default_rng(1).permutation(300_000)
    rows = pa.table({"place": mixed, "word": [words[number % 60] for number in mixed.tolist()]})
    with open_engine(tmp_path / "scratch", threads=2) as engine:
        ordered = engine.view("ordered", engine.from_arrow("mixed", rows).order_by("place"))
        told = ordered.mutate(known=ordered.word.isin(words[::2]), other=ordered.word.isin(words[1::2]))
        for turn in range(3):
            engine.write_parquet(told, tmp_path / f"{turn}.parquet", row_group=8_192)
            written = pq.read_table(tmp_path / f"{turn}.parquet")["place"].to_numpy()
            assert (np.diff(written) == 1).all()
