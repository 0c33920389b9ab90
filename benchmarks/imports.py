"""Import, ours and the least possible: `python -m benchmarks.imports etappe|again|plain DIR`.

`plain` copies each file that etappe imported into Parquet, as DuckDB does it when left alone: no recognition, no
cleaning, no ids, no check, no quarantine, no report. Workbooks and the few small files in which it cannot find a table
(UTF-16, lines above the header) are left out there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

REPORT = "import.json"


def etappe(folder: Path) -> dict[str, object]:
    """Makes the workspace from `folder/raw`."""
    from etappe.workspace.sample import make_workspace

    _, reports = make_workspace(folder, _slowest(folder / "import-times.txt"))
    (folder / REPORT).write_text(json.dumps([report.to_dict() for report in reports]), encoding="utf-8")
    return _sums([report.to_dict() for report in reports])


def again(folder: Path) -> dict[str, object]:
    """Imports everything a second time; nothing may be new."""
    from etappe.workspace.workspace import open_workspace

    reports = open_workspace(folder / "workspace").import_(folder / "raw")
    sums = _sums([report.to_dict() for report in reports])
    if sums["new"] or sums["changed"]:
        raise AssertionError(f"importing the same again changed something: {sums}")
    return sums


def plain(folder: Path) -> dict[str, object]:
    """The same files through `COPY (SELECT * FROM read_csv(…)) TO … (FORMAT parquet)`."""
    target = folder / "plain"
    target.mkdir(exist_ok=True)
    reports = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    connection = duckdb.connect()
    records, files, left, differing = 0, 0, 0, []
    for place, report in enumerate(reports):
        path = Path(report["path"])
        if report.get("error"):
            continue
        try:
            if path.suffix == ".xlsx":
                raise duckdb.InvalidInputException
            copied = connection.execute(f"COPY (SELECT * FROM {_reader(path)}) TO '{target}/{place}.parquet' (FORMAT parquet)").fetchone()
        except duckdb.InvalidInputException:
            left += path.stat().st_size
            continue
        rows = int(copied[0]) if copied else 0
        records, files = records + rows, files + 1
        if abs(rows - report["read"]) > max(5, report["read"] // 1000):
            differing.append({"file": path.name, "plain": rows, "etappe": report["read"]})
    return {"files": files, "bytes_left_out": left, "records": records, "differing": differing[:12]}


def _reader(path: Path) -> str:
    if path.suffix in (".json", ".jsonl"):
        lines = ", format = 'newline_delimited', ignore_errors = true" if path.suffix == ".jsonl" else ""
        return f"read_json('{path}', maximum_object_size = 67108864{lines})"
    return f"read_csv('{path}', ignore_errors = true)"


def _sums(reports: list[dict[str, object]]) -> dict[str, object]:
    good = [report for report in reports if "error" not in report]
    sums = {name: sum(int(str(report[name])) for report in good) for name in ("read", "new", "changed", "same", "quarantined")}
    return {"files": len(good), "unread": len(reports) - len(good), **sums}


def _slowest(path: Path) -> Callable[[str, float], None]:
    """Writes down how long each file took, for those who look for what is slow."""
    last: list[tuple[float, str]] = []
    path.unlink(missing_ok=True)

    def progress(shown: str, _share: float) -> None:
        now = time.perf_counter()
        if last:
            with path.open("a", encoding="utf-8") as out:
                out.write(f"{now - last[0][0]:8.2f} {last[0][1]}\n")
        last[:] = [(now, shown)]

    return progress


if __name__ == "__main__":
    print(json.dumps({"etappe": etappe, "again": again, "plain": plain}[sys.argv[1]](Path(sys.argv[2]))))
