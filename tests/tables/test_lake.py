"""Laws of the evidence lake."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etappe.tables.compaction import compact
from etappe.tables.engine import Engine, open_engine
from etappe.tables.erasure import Traces, erase
from etappe.tables.lake import Lake
from etappe.tables.schema import MOMENT, TEXT, TEXTS, Column, Table

THINGS = Table(
    "things",
    "a table of evidence",
    (
        Column("source", TEXT, ""),
        Column("record_id", TEXT, ""),
        Column("happened_at", MOMENT, ""),
        Column("learned_at", MOMENT, ""),
        Column("import_id", TEXT, ""),
        Column("note", TEXT, ""),
        Column("email", TEXT, "", personal=True),
        Column("text", TEXT, "", personal=True),
        Column("participants", TEXTS, "", personal=True),
    ),
)
DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def lake_in(folder: Path) -> Lake:
    return Lake(folder / "evidence", {"things": THINGS})


def bring(lake: Lake, engine: Engine, rows: Sequence[tuple[str, str]], day: int = 0, source: str = "crm", **more: Any) -> dict[str, int]:
    """Imports records of (id, text) as known on a day; returns the counts."""
    with lake.staging(DAY + dt.timedelta(days=day)) as staged:
        table = pa.Table.from_pylist(
            [
                {"source": source, "record_id": record, "happened_at": DAY, "learned_at": staged.learned_at, "import_id": staged.import_id, "text": text, **more}
                for record, text in rows
            ],
            schema=THINGS.arrow,
        )
        pq.write_table(table, staged.path("things"))
        return lake.commit(engine, staged, source, "", lambda counts: {})["things"].to_dict()


def texts(lake: Lake, engine: Engine, as_of: dt.datetime | None = None, current: bool = True) -> list[tuple[str, str]]:
    rows = engine.rows(lake.read(engine, "things", as_of, current))
    return sorted((row["record_id"], row["text"]) for row in rows)


def test_the_same_record_twice_is_one_record(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    assert bring(lake, engine, [("1", "a"), ("2", "b")]) == {"new": 2, "changed": 0, "same": 0}
    assert bring(lake, engine, [("1", "a"), ("2", "b")], day=1) == {"new": 0, "changed": 0, "same": 2}
    assert texts(lake, engine, current=False) == [("1", "a"), ("2", "b")]


def test_the_same_record_twice_in_one_file_is_one_record(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    assert bring(lake, engine, [("1", "a"), ("1", "a"), ("2", "b")]) == {"new": 2, "changed": 0, "same": 1}


def test_a_changed_record_is_a_new_version_and_the_old_one_stays_readable(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    bring(lake, engine, [("1", "a"), ("2", "b")])
    assert bring(lake, engine, [("1", "A"), ("2", "b"), ("3", "c")], day=10) == {"new": 1, "changed": 1, "same": 1}
    assert texts(lake, engine) == [("1", "A"), ("2", "b"), ("3", "c")]
    assert texts(lake, engine, as_of=DAY + dt.timedelta(days=5)) == [("1", "a"), ("2", "b")]
    assert texts(lake, engine, current=False) == [("1", "A"), ("1", "a"), ("2", "b"), ("3", "c")]


def test_two_versions_in_one_file_leave_the_later_one_current(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    assert bring(lake, engine, [("1", "early"), ("1", "late")]) == {"new": 1, "changed": 1, "same": 0}
    assert texts(lake, engine) == [("1", "late")]


def test_sources_do_not_share_record_ids(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    bring(lake, engine, [("1", "a")])
    assert bring(lake, engine, [("1", "b")], source="shop") == {"new": 1, "changed": 0, "same": 0}
    assert texts(lake, engine) == [("1", "a"), ("1", "b")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")), min_size=1, max_size=12), st.integers(0, 12))
def test_splitting_an_import_changes_nothing_that_is_current(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], cut: int) -> None:
    folder = tmp_path_factory.mktemp("split")
    with open_engine(folder / "scratch", threads=1) as engine:
        whole, parts = lake_in(folder / "whole"), lake_in(folder / "parts")
        bring(whole, engine, rows)
        for day, part in enumerate([rows[:cut], rows[cut:]]):
            if part:
                bring(parts, engine, part, day=day)
        last = {}
        for record, text in rows:
            # A text that was seen before is the same record, not a return to it.
            seen = last.setdefault(record, [])
            if text not in seen:
                seen.append(text)
        expected = sorted((record, seen[-1]) for record, seen in last.items())
        assert texts(whole, engine) == texts(parts, engine) == expected


def test_a_lake_held_for_several_commits_knows_what_others_bring_meanwhile(tmp_path: Path, engine: Engine) -> None:
    held, other = lake_in(tmp_path).held(), lake_in(tmp_path)
    bring(held, engine, [("1", "a")])
    bring(other, engine, [("2", "b")])
    assert bring(held, engine, [("1", "a"), ("2", "b"), ("3", "c")], day=1) == {"new": 1, "changed": 0, "same": 2}
    bring(other, engine, [("3", "c"), ("4", "d")], day=2)
    assert texts(held, engine) == texts(other, engine) == [("1", "a"), ("2", "b"), ("3", "c"), ("4", "d")]


def test_a_log_is_read_once_for_many_questions_and_what_others_bring_meanwhile_is_known(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(lake_in(tmp_path), engine, [("1", "a")])
    assert texts(lake_in(tmp_path), engine) == [("1", "a")]
    opened: list[str] = []
    as_usual = Lake._listed

    def listed(self: Lake, name: str) -> list[Path]:
        opened.append(name)
        return as_usual(self, name)

    monkeypatch.setattr(Lake, "_listed", listed)
    assert texts(lake_in(tmp_path), engine) == [("1", "a")]
    assert opened == []
    bring(lake_in(tmp_path).held(), engine, [("2", "b")], day=1)
    opened.clear()
    assert texts(lake_in(tmp_path), engine) == [("1", "a"), ("2", "b")]
    assert [item.learned_at for item in lake_in(tmp_path).imports()] == [DAY, DAY + dt.timedelta(days=1)]
    assert sorted(opened) == ["imports", "things"]
    shutil.rmtree(tmp_path / "evidence")
    assert (lake_in(tmp_path).imports(), lake_in(tmp_path).files("things")) == ([], [])
    bring(lake_in(tmp_path), engine, [("3", "c")])
    assert texts(lake_in(tmp_path), engine) == [("3", "c")]


def _import_in_process(folder: str, names: list[str], started: Any) -> None:
    lake = lake_in(Path(folder))
    with open_engine(threads=1) as engine:
        started.wait()
        bring(lake, engine, [(name, "text") for name in names])


def test_two_processes_that_import_the_same_at_once_bring_it_once(tmp_path: Path, engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    names = [str(number) for number in range(500)]
    workers = [context.Process(target=_import_in_process, args=(str(tmp_path), names, started)) for _ in range(2)]
    for worker in workers:
        worker.start()
    started.set()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    assert len(texts(lake_in(tmp_path), engine, current=False)) == 500


def _import_for_ever(folder: str, done: Any) -> None:
    lake = lake_in(Path(folder))
    with open_engine(threads=1) as engine:
        for number in range(10_000):
            bring(lake, engine, [(f"{number}-{place}", "text") for place in range(20)])
            done.value = number + 1


@pytest.mark.parametrize("seconds", [0.05, 0.31, 0.77])
def test_a_killed_process_loses_no_acknowledged_import_and_leaves_no_half(tmp_path: Path, engine: Engine, seconds: float) -> None:
    context = multiprocessing.get_context("spawn")
    done = context.Value("i", 0)
    worker = context.Process(target=_import_for_ever, args=(str(tmp_path), done))
    worker.start()
    while done.value < 2:
        time.sleep(0.01)
    time.sleep(seconds)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    acknowledged = done.value
    found = texts(lake_in(tmp_path), engine, current=False)
    imports = {record.split("-")[0] for record, _ in found}
    assert {str(number) for number in range(acknowledged)} <= imports
    assert len(found) == 20 * len(imports)
    after = bring(lake_in(tmp_path), engine, [("last", "text")])
    assert after == {"new": 1, "changed": 0, "same": 0}
    assert len(texts(lake_in(tmp_path), engine, current=False)) == len(found) + 1


def test_what_a_killed_import_made_ready_goes_with_the_next_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    lake = Lake(tmp_path, {})
    held = "import sys, time; from pathlib import Path; from etappe.tables.lake import Lake\nwith Lake(Path(sys.argv[1]), {}).making_ready() as work:\n    (work / 'half').touch(); print(work, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", held, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        folder = Path(other.stdout.readline().strip())
        with lake.making_ready() as own:
            assert own.exists()
            assert (folder / "half").exists()
        assert not own.exists()
        other.kill()
        other.wait()
    assert folder.exists()
    lake.sweep()
    assert not folder.exists()


def test_a_cut_off_import_is_invisible_and_taken_back(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lake_in(tmp_path)
    bring(lake, engine, [("1", "a")])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(lake, "_write_ledger", die)
        with pytest.raises(KeyboardInterrupt):
            bring(lake, engine, [("2", "b")])
    assert len(lake.files("things")) == 2, "the half import's file is in the Delta table"
    assert texts(lake, engine) == [("1", "a")], "and yet not visible"
    bring(lake, engine, [("3", "c")])
    assert len(lake.files("things")) == 2
    assert texts(lake, engine) == [("1", "a"), ("3", "c")]


def test_compaction_changes_no_answer_at_any_date(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    for day in range(10):
        bring(lake, engine, [("same", "text"), ("moving", f"text {day}"), (f"own {day}", "text")], day=day)
    dates = [None, DAY + dt.timedelta(days=4, hours=1), DAY - dt.timedelta(days=1)]
    before = [texts(lake, engine, date) for date in dates]
    assert compact(lake, engine, least=2) == {"things": 19}
    assert [texts(lake, engine, date) for date in dates] == before
    assert bring(lake, engine, [("same", "text"), ("moving", "text 9")], day=20) == {"new": 0, "changed": 0, "same": 2}
    assert len(lake.files("things")) == 2


def test_erasure_removes_the_bytes_also_of_older_versions(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    secret = "erika.mustermann@firma.example"
    bring(lake, engine, [("1", "a")], email=secret)
    bring(lake, engine, [("1", "A")], day=1, email=secret)
    bring(lake, engine, [("2", f"mail to {secret.upper()} sent")], day=2, email="other@firma.example", participants=[secret, "x@firma.example"])
    receipt = erase(lake, engine, Traces({"email": frozenset({secret})}, {}, (secret,)))
    assert receipt["things"] == {"removed": 2, "altered": 1, "files": 3}
    left = engine.rows(lake.read(engine, "things", current=False))
    assert [(row["record_id"], row["text"], row["participants"]) for row in left] == [("2", "mail to [removed] sent", ["x@firma.example"])]
    for path in (tmp_path / "evidence").rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert secret.encode() not in path.read_bytes().lower()
        elif path.is_file():
            assert secret not in str(pq.read_table(path).to_pylist()).lower()
    parquet = list((tmp_path / "evidence" / "things").glob("*.parquet"))
    assert len(parquet) == 1


def test_as_of_before_all_imports_is_an_empty_table(tmp_path: Path, engine: Engine) -> None:
    lake = lake_in(tmp_path)
    bring(lake, engine, [("1", "a")])
    assert texts(lake, engine, DAY - dt.timedelta(days=400)) == []
    assert texts(lake_in(tmp_path / "nowhere"), engine) == []
