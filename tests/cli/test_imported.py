"""What an import tells people: first a summary, paths from the folder given on, equal words once."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.cli.imported import print_files, relative
from etappe.sources.importer import FileReport


def test_equal_words_are_said_once_under_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    files = [FileReport(f"/data/exports/ads/{name}.csv", "x", read=0, notes=["nothing to take"]) for name in "abcde"]
    files += [FileReport("/data/exports/deals.csv", "x", read=3, new=2, quarantined=1, reasons={"no date": 1})]
    files += [FileReport("/data/exports/README", passed_over="this is text")]
    print_files(files, [Path("/data/exports")], Path("q"))
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "7 files; 1 passed over · 3 records: 2 new, 0 changed, 0 same, 1 in quarantine"
    assert [line for line in told if "nothing to take" in line] == ["· nothing to take: 5 files (ads/a.csv, ads/b.csv, ads/c.csv, …)"]
    assert "! deals.csv: 1 in quarantine: no date" in told
    assert not any("/data" in line for line in told)


def test_paths_of_several_folders_keep_their_folders_name() -> None:
    given = [Path("/x/crm"), Path("/x/ads.zip")]
    assert [relative(path, given) for path in ("/x/crm/a.csv", "/x/ads.zip › b/c.csv", "/y/d.csv")] == ["crm/a.csv", "ads.zip › b/c.csv", "/y/d.csv"]
