"""Two things done at once give what they give one after the other, and what fails breaks off the other."""

from __future__ import annotations

import time

import ibis
import pyarrow as pa
import pytest

from etappe.tables.engine import open_duck, side_by_side

_LONG = "SELECT sum(a.range + b.range) AS n FROM range(10000000) a, range(10000000) b"


def _numbers():
    return ibis.range(1000).unnest().name("n").as_table()


def test_what_is_made_beside_is_read_here_and_forgotten_here():
    with open_duck() as engine:
        numbers = engine.keep("numbers", _numbers())
        here = []

        def beside(own):
            known = own.from_arrow("known", pa.table({"n": [2, 4, 5000]}))
            return own.keep("met", numbers.join(known, "n")), known

        met, known = side_by_side(engine, beside, lambda: here.append(engine.keep("even", numbers.filter(numbers.n % 2 == 0))))
        assert engine.count(met) == 2
        assert engine.count(known) == 3
        assert engine.count(here[0].join(met, "n")) == 2
        for table in (met, known, here[0], numbers):
            engine.drop(table)
        assert engine.run("SELECT count(*) FROM duckdb_tables()") == [(0,)]


def test_what_fails_beside_breaks_off_what_runs_here_and_is_the_error_that_is_told():
    def fails(_own):
        time.sleep(0.2)
        raise LookupError("gone")

    with open_duck() as engine, pytest.raises(LookupError, match="gone"):
        side_by_side(engine, fails, lambda: engine.run(_LONG))


def test_what_fails_here_breaks_off_what_runs_beside():
    def fails():
        time.sleep(0.2)
        raise LookupError("gone")

    with open_duck() as engine, pytest.raises(LookupError, match="gone"):
        side_by_side(engine, lambda own: own.run(_LONG), fails)


def test_a_file_is_opened_though_another_thread_forgets_its_columns_at_once(tmp_path, monkeypatch):
    class Forgetful(dict):
        def __setitem__(self, key, value):
            """Cleared by another thread by the time it is asked."""

    monkeypatch.setattr("etappe.tables.duck._schemas", Forgetful())
    with open_duck() as engine:
        engine.write_parquet(_numbers(), tmp_path / "numbers.parquet")
        assert engine.count(engine.parquet([tmp_path / "numbers.parquet"])) == 1000


def test_rows_in_the_order_of_their_table_stay_so_while_others_are_put_on_disk():
    with open_duck() as engine:
        ordered = engine.keep("ordered", ibis.range(400_000).unnest().name("n").as_table())

        def beside(own):
            return [own.to_arrow(ordered.filter(ordered.n % 2 == 0))["n"].to_pylist() for _ in range(3)]

        seen = side_by_side(engine, beside, lambda: [engine.keep("some", ordered.mutate(m=ordered.n + 1), on_disk=True) for _ in range(5)])
        assert all(numbers == list(range(0, 400_000, 2)) for numbers in seen)
