"""Files that are read side by side: the same evidence, versions, counts and reports as one after the other."""

from __future__ import annotations

import datetime as dt
import itertools
import multiprocessing
import os
import random
import re
import signal
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from etappe.sources import importer, quarantine
from etappe.sources.importer import FileReport, Options, import_paths
from etappe.sources.quarantine import Quarantine
from etappe.sources.schema import EVIDENCE
from etappe.sources.side_by_side import in_order
from etappe.sources.sniff import look
from etappe.tables.engine import DuckEngine, open_duck
from etappe.tables.lake import Lake

HEAD = "id,user_id,mail,body,public,type,created,ticket_id\n"


def write_exports(folder: Path) -> None:
    """Twelve tables of comments: some the same, some with newer versions, doubles, broken rows; one fault."""
    folder.mkdir()
    for number in range(12):
        rows = [f"{place},{place % 7},a{place}@firma.example,Text {number if place % 10 == 0 else 0},open,Question,2026-01-05 09:{place % 60:02},T{place % 5}" for place in range(number * 10, number * 10 + 40 * (1 + number % 3))]
        rows += [*rows[:3], f"9{number},1,b@firma.example,kaputt,open,Question,gestern {number},T1"]
        (folder / f"{number:02}.csv").write_text(HEAD + "\n".join(rows) + "\n")
    (folder / "03b.csv").write_bytes((folder / "02.csv").read_bytes())
    (folder / "05b.csv").write_text("<html><body>Log in</body></html>")


def take(folder: Path, exports: Path, threads: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[FileReport], list[Any], list[Any], list[Any]]:
    """Reports; all versions of all records; the current ones; the quarantine."""
    monkeypatch.setattr(importer, "_threads", lambda: threads)
    lake, broken = Lake(folder / "evidence", EVIDENCE), Quarantine(folder / "quarantine")
    with open_duck(threads=1) as engine:
        reports = import_paths([exports], lake, engine, broken, Options(zone="UTC"))
        every, current = (engine.rows(lake.read(engine, "events", current=current)) for current in (False, True))
    moments = {moment: place for place, moment in enumerate(sorted({row["learned_at"] for row in every}))}
    rows = [sorted(repr({**row, "learned_at": moments[row["learned_at"]], "import_id": ""}) for row in part) for part in (every, current)]
    return reports, rows[0], rows[1], sorted((item["file"], item["line"], item["reason"], item["text"]) for item in broken.read())


def without_moments(rows: list[str]) -> list[str]:
    return sorted(re.sub(r"'learned_at': \d+, ", "", row) for row in rows)


def test_many_at_once_give_the_evidence_versions_and_reports_of_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = tmp_path / "exports"
    write_exports(exports)
    one_by_one = take(tmp_path / "one", exports, 1, monkeypatch)
    at_once = take(tmp_path / "many", exports, 4, monkeypatch)
    assert [report.path for report in at_once[0]] == sorted(report.path for report in at_once[0])
    for left, right in zip(one_by_one[0], at_once[0], strict=True):
        assert {**left.to_dict(), "notes": left.notes[:0]} == {**right.to_dict(), "notes": right.notes[:0]}
    assert at_once[1:] == one_by_one[1:]
    assert sum(report.changed for report in at_once[0]) > 0
    faults = [report for report in at_once[0] if report.error]
    assert [Path(report.path).name for report in faults] == ["05b.csv"], "a fault in one file leaves the others imported"
    again = next(report for report in at_once[0] if report.path.endswith("03b.csv"))
    assert again.new == again.changed == 0, "the same bytes twice in one import are one"
    assert again.notes[0].startswith("imported before")


def test_a_later_file_is_the_newer_version_however_long_the_earlier_one_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name, text in (("1.csv", "first"), ("2.csv", "second"), ("3.csv", "third")):
        (exports / name).write_text(HEAD + f"1,1,a@firma.example,{text},open,Question,2026-01-05 09:00,T\n")
    def slow(path: Path) -> Any:
        time.sleep(0.4 if path.name == "1.csv" else 0)
        return look(path)

    monkeypatch.setattr(importer, "look", slow)
    reports, every, current, _ = take(tmp_path / "lake", exports, 3, monkeypatch)
    assert [(report.new, report.changed) for report in reports] == [(1, 0), (0, 1), (0, 1)]
    assert len(every) == 3
    assert len(current) == 1
    assert "third" in current[0]


def test_what_is_made_comes_in_order_and_a_fault_at_its_turn() -> None:
    begun: list[int] = []

    def work(item: int, _engine: DuckEngine) -> int:
        begun.append(item)
        time.sleep(0.002 * (item % 3))
        if item == 20:
            raise ValueError("twenty")
        return item * item

    def engine() -> Any:
        return nullcontext(SimpleNamespace(interrupt=lambda: None))

    assert list(in_order(range(15), work, engine, 4, lambda item: item % 7)) == [item * item for item in range(15)]
    made = in_order(range(500), work, engine, 4, lambda item: item % 7)
    assert list(itertools.islice(made, 20)) == [item * item for item in range(20)]
    with pytest.raises(ValueError, match="twenty"):
        next(made)
    assert len(begun) < 15 + 500, "after a fault nothing more is begun"


def test_the_heaviest_item_is_begun_first_and_a_fault_in_it_keeps_none_before_it_from_being_made() -> None:
    begun: list[int] = []

    def work(item: int, _engine: DuckEngine) -> int:
        begun.append(item)
        time.sleep(0.002)
        if item == 30:
            raise ValueError("thirty")
        return item

    made = in_order(range(40), work, lambda: nullcontext(SimpleNamespace(interrupt=lambda: None)), 2, lambda item: 9 if item == 30 else 1)  # type: ignore[arg-type]
    assert list(itertools.islice(made, 30)) == list(range(30))
    assert 30 in begun[:2]
    with pytest.raises(ValueError, match="thirty"):
        next(made)
    assert max(begun) == 30


def test_the_later_file_is_the_newer_version_though_it_is_the_heaviest_and_read_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name, texts in (("1.csv", ["a", "b", "c"]), ("2.csv", ["d"]), ("3.csv", ["e", *"fghij" * 30])):
        (exports / name).write_text(HEAD + "".join(f"1,1,a@firma.example,{text},open,Question,2026-01-05 09:00,T\n" for text in texts))
    reports, every, current, _ = take(tmp_path / "lake", exports, 2, monkeypatch)
    assert sum(report.new for report in reports) == 1
    assert len(every) == len("abcdefghij")
    assert "'j'" in current[0]


class Slow:
    """An engine that runs two queries, with something else between them; only a running query can be broken off."""

    def __init__(self) -> None:
        self.running = self.broken_off = False

    def interrupt(self) -> None:
        self.broken_off = self.broken_off or self.running

    def query(self) -> None:
        self.running, until = True, time.monotonic() + 20
        while not self.broken_off and time.monotonic() < until:
            time.sleep(0.005)
        if self.broken_off:
            raise InterruptedError


def test_who_breaks_off_an_import_does_not_wait_for_the_files_in_work() -> None:
    engines: list[Slow] = []

    def work(item: int, engine: Any) -> int:
        if item:
            engines.append(engine)
            time.sleep(0.3)
            engine.query()
        return item

    made = in_order(range(3), work, lambda: nullcontext(Slow()), 3)  # type: ignore[arg-type]
    assert next(made) == 0
    while not engines:
        time.sleep(0.01)
    made.close()
    assert all(engine.broken_off for engine in engines)


def _import_all(folder: str) -> None:
    importer._threads = lambda: 3
    lake = Lake(Path(folder) / "evidence", EVIDENCE)
    with open_duck(threads=2) as engine:
        import_paths([Path(folder) / "exports"], lake, engine, Quarantine(Path(folder) / "quarantine"), Options(zone="UTC"))


@pytest.mark.parametrize("imports", [1, 6])
def test_an_import_that_is_killed_leaves_whole_files_alone_and_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imports: int) -> None:
    write_exports(tmp_path / "exports")
    worker = multiprocessing.get_context("spawn").Process(target=_import_all, args=(str(tmp_path),))
    worker.start()
    lake = Lake(tmp_path / "evidence", EVIDENCE)
    until = time.monotonic() + 60
    while len(lake.imports()) < imports and time.monotonic() < until:
        time.sleep(0.005)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    with open_duck(threads=1) as engine:
        rows = engine.rows(lake.read(engine, "events", current=False))
    told = {item.import_id: item.report for item in lake.imports()}
    assert len(told) >= imports
    assert {row["import_id"] for row in rows} <= set(told), "what is visible is of whole imports"
    for import_id, report in told.items():
        assert sum(row["import_id"] == import_id for row in rows) == report["new"] + report["changed"]
    finished = take(tmp_path, tmp_path / "exports", 3, monkeypatch)
    whole = take(tmp_path / "whole", tmp_path / "exports", 1, monkeypatch)
    assert without_moments(finished[2]) == without_moments(whole[2])


def test_a_broken_row_has_the_line_that_a_search_of_the_whole_file_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "_PIECE", 512)
    path = tmp_path / "table.csv"
    for seed in range(12):
        chance = random.Random(seed)
        end, number = chance.choice(["\n", "\r\n"]), chance.choice([5, 300, 3000])
        words = ["plain", '"with, comma"', f'"two{end}lines"', '"a ""quote"" in"', '"open, closed"']
        rows = [f"id-{seed}-{place:05},user{chance.randrange(number)}@firma.example,{chance.choice(words)},2025-01-05" for place in range(number)]
        path.write_text(end.join(["id,mail,text,day", *rows, ""]), newline="")
        raw: Any = SimpleNamespace(path=path, sample=look(path))
        asked = sorted(chance.sample(range(number), min(number, chance.choice([1, 3, 40]))))
        broken = [{"note": "!no date: gestern", "record_id": "task:" + rows[place].split(",")[0], "email": rows[place].split(",")[1]} for place in asked]
        found = quarantine._lines(raw, broken)
        monkeypatch.setattr(quarantine, "_FEW", 0)
        assert found == quarantine._lines(raw, broken)
        monkeypatch.setattr(quarantine, "_FEW", 50)
        assert len(found) == len(broken)


def test_a_moment_is_never_given_twice() -> None:
    turns = list(importer._turns([SimpleNamespace(path=Path("gone"))] * 200, Options()))  # type: ignore[list-item]
    moments = [turn.learned_at for turn in turns]
    assert moments == sorted(set(moments))
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert {turn.learned_at for turn in importer._turns([SimpleNamespace(path=Path("gone"))] * 3, Options(learned_at=day))} == {day}  # type: ignore[list-item]
