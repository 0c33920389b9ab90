"""Questions that share an open database see nothing of each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etappe.tables.duck import DuckEngine
from etappe.tables.engine import Engine
from etappe.tables.standing import Standing


def _tables(engine: Engine) -> int:
    assert isinstance(engine, DuckEngine)
    return int(engine.run("SELECT count(*) FROM duckdb_tables()")[0][0])


def test_what_one_question_keeps_is_its_own_and_goes_with_it(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / "n.parquet")
    standing = Standing()
    with standing.engine() as one:
        numbers = one.keep("numbers", one.parquet([tmp_path / "n.parquet"]))
        view = one.view("large", numbers.filter(numbers.n > 1))
        on_disk = one.keep("numbers", ibis.range(5).unnest().name("n").as_table(), on_disk=True)
        with standing.engine() as other:
            more = other.keep("numbers", other.parquet([tmp_path / "n.parquet"]))
            assert set(one.kept).isdisjoint(other.kept)
            assert other.count(more) == 3
        assert one.count(view) == 2
        assert one.count(on_disk) == 5
        assert _tables(one) == 1, "what the other kept has gone with it, and nothing else"
        scratch = one.scratch
    with standing.engine() as next_one:
        assert next_one.scratch == scratch, "it is the same database"
        assert _tables(next_one) == 0
        assert list(scratch.glob("*.parquet")) == []
    standing.close()
    assert not scratch.exists()


def test_a_query_that_one_question_wrote_is_known_to_the_next_which_reads_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, numbers in (("a", [1, 2, 3]), ("b", [4, 5, 6, 7])):
        pq.write_table(pa.table({"n": numbers}), tmp_path / f"{name}.parquet")
    standing, written = Standing(), []

    def asked(name: str) -> int:
        with standing.engine() as engine:
            assert isinstance(engine, DuckEngine)
            plain = engine.backend.compile
            monkeypatch.setattr(engine.backend, "compile", lambda expression: written.append(name) or plain(expression))
            found = engine.parquet([tmp_path / f"{name}.parquet"], name="numbers")
            return engine.count(engine.view("large", found.filter(found.n > 1)))

    assert [asked(name) for name in ("a", "b", "a", "b")] == [2, 4, 2, 4]
    assert written == ["a", "a", "b"], "the step over each, and the count of a step once"
    pq.write_table(pa.table({"n": [8] * 100}), tmp_path / "a.parquet")
    assert asked("a") == 100, "other files of the same name are others"
    standing.close()


def test_what_a_question_kept_is_in_no_text_that_another_one_knows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / "n.parquet")
    standing = Standing()
    for turn in range(3):
        with standing.engine() as engine:
            assert isinstance(engine, DuckEngine)
            numbers = engine.parquet([tmp_path / "n.parquet"], name="numbers")
            kept = engine.keep("some", numbers.filter(numbers.n > turn))
            listed = ibis.memtable({"n": [turn + 1]})
            assert engine.count(kept) == 3 - turn
            assert engine.count(numbers.semi_join(listed, "n")) == 1
            known = dict(engine._of_all or {})
    assert len(known) == 3, "of each turn the query that was kept; none that reads what is gone"
    standing.close()


def test_another_limit_of_memory_is_another_database() -> None:
    standing = Standing()
    with standing.engine("1GB") as small, standing.engine("2GB") as large, standing.engine("1GB") as again:
        assert small.scratch == again.scratch != large.scratch
    standing.close()


def test_a_process_has_one_database_for_its_questions_and_leaves_nothing_behind() -> None:
    script = "from etappe.tables.standing import in_this_process as one\nwith one().engine() as first, one().engine() as other: print(first.scratch, other.scratch)"
    first, other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert first == other
    assert not Path(first).exists()
