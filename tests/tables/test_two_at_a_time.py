"""Jobs done two at a time give what they give one after the other, and one that fails ends them all."""

from __future__ import annotations

import time

import ibis
import pytest

from etappe.tables.engine import open_duck, two_at_a_time

_LONG = "SELECT sum(a.range + b.range) AS n FROM range(10000000) a, range(10000000) b"


def test_each_job_has_an_engine_that_reads_files_and_all_are_done_at_the_end(tmp_path):
    with open_duck() as engine:
        engine.write_parquet(ibis.range(1000).unnest().name("n").as_table(), tmp_path / "numbers.parquet")

        def job(modulus):
            def written(own):
                numbers = own.parquet([tmp_path / "numbers.parquet"])
                own.write_parquet(own.keep("some", numbers.filter(numbers.n % modulus == 0)), tmp_path / f"{modulus}.parquet")

            return written

        two_at_a_time(engine, [job(modulus) for modulus in range(2, 7)])
        assert [engine.count(engine.parquet([tmp_path / f"{modulus}.parquet"])) for modulus in range(2, 7)] == [500, 334, 250, 200, 167]
        for table in list(engine.kept.values()):  # what the jobs kept is this engine's to forget
            engine.drop(table)
        assert engine.run("SELECT count(*) FROM duckdb_tables()") == [(0,)]


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_job_reads_what_was_kept_before_and_what_it_keeps_is_there_for_all(on_disk):
    with open_duck() as engine:
        numbers = engine.keep("numbers", ibis.range(1000).unnest().name("n").as_table(), on_disk)
        kept = {}

        def job(modulus):
            return lambda own: kept.update({modulus: own.keep("some", numbers.filter(numbers.n % modulus == 0), on_disk)})

        two_at_a_time(engine, [job(modulus) for modulus in (2, 3)])
        assert engine.count(kept[2].join(kept[3], "n")) == 167
        engine.drop(numbers)
        assert engine.count(kept[2]) == 500


def test_a_job_that_fails_breaks_off_the_one_beside_it_and_begins_no_further_one():
    begun = []

    def fails(_own):
        time.sleep(0.2)
        raise LookupError("gone")

    with open_duck() as engine, pytest.raises(LookupError, match="gone"):
        two_at_a_time(engine, [fails, lambda own: own.run(_LONG), lambda own: begun.append(own)])
    assert not begun
