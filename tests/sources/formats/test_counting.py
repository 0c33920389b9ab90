"""Each record of an export counts once in its report, however many rows of evidence are drawn from it."""

from __future__ import annotations

from pathlib import Path

from etappe.sources.importer import FileReport, Options, import_paths
from etappe.sources.quarantine import Quarantine
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import open_engine
from etappe.tables.lake import Lake

STATS = """\
id,email_id,lead_id,email_address,list_id,date_sent,is_read,is_failed,date_read,tracking_hash,open_count
1,7,41,anna@muster.example,3,2025-05-05 08:00:00,1,0,2025-05-05 09:00:00,h1,2
2,7,42,bo@muster.example,3,2025-05-05 08:00:00,0,0,,h2,0
3,7,43,cy@muster.example,3,gestern,0,0,,h3,0
"""


def test_rows_drawn_beside_a_record_do_not_count_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "email_stats.csv"
    path.write_text(STATS, encoding="utf-8")
    first, again = _twice(path, tmp_path)
    assert (first.read, first.new, first.quarantined) == (3, 2, 1)
    assert first.tables["events"] == {"new": 3, "changed": 0, "same": 0}
    path.write_text(STATS.replace("gestern", "2025-05-05 08:00:00"), encoding="utf-8")
    assert (again.read, again.same, again.quarantined) == (3, 2, 1)
    (mended,) = _import(path, tmp_path)
    assert (mended.read, mended.new, mended.same, mended.quarantined) == (3, 1, 2, 0)


def _twice(path: Path, folder: Path) -> tuple[FileReport, FileReport]:
    (first,), (again,) = _import(path, folder), _import(path, folder)
    return first, again


def _import(path: Path, folder: Path) -> list[FileReport]:
    with open_engine(threads=1) as engine:
        return import_paths(
            [path], Lake(folder / "evidence", EVIDENCE), engine, Quarantine(folder / "quarantine"), Options()
        )
