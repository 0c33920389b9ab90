"""What an import tells people: first a summary, paths from the folder given on, equal words once."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.cli.imported import print_files, relative
from etappe.cli.speech import Speech
from etappe.sources.importer import FileReport


def test_equal_words_are_said_once_under_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    files = [FileReport(f"/data/exports/ads/{name}.csv", "x", read=0, notes=["nothing to take"]) for name in "abcde"]
    files += [FileReport("/data/exports/deals.csv", "x", read=3, new=2, quarantined=1, reasons={"no date": 1})]
    files += [FileReport("/data/exports/README", passed_over="this is text")]
    print_files(files, [Path("/data/exports")], Path("q"), Speech("en"))
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "7 files; 1 passed over · 3 records: 2 new, 0 changed, 0 same, 1 in quarantine"
    assert [line for line in told if "nothing to take" in line] == ["· nothing to take: 5 files (ads/a.csv, ads/b.csv, ads/c.csv, …)"]
    assert "! deals.csv: 1 in quarantine: no date" in told
    assert not any("/data" in line for line in told)


def test_paths_of_several_folders_keep_their_folders_name() -> None:
    given = [Path("/x/crm"), Path("/x/ads.zip")]
    assert [relative(path, given) for path in ("/x/crm/a.csv", "/x/ads.zip › b/c.csv", "/y/d.csv")] == ["crm/a.csv", "ads.zip › b/c.csv", "/y/d.csv"]


def test_a_german_workspace_is_told_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    files = [FileReport("/d/deals.csv", "x", read=1234, new=1233, quarantined=1, reasons={"the record has no date": 1}, notes=["1234 rows were deleted in HubSpot and were left out", "imported before, unchanged, on 2026-06-30 06:00 UTC"])]
    files += [FileReport("/d/LICENSE", passed_over="this is text, not a table"), FileReport("/d/q.csv", error={"what": "there is no such file", "where": "/d/q.csv", "do_next": "check the path"})]
    files += [FileReport("/d/ads.csv", "x", notes=["no rows were taken from this table: it has the money of campaign_stats a second time, cut in another way, and would be counted twice"])]
    print_files(files, [Path("/d")], Path("q"), Speech("de"))
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "4 Dateien; 1 übergangen; 1 nicht importiert · 1.234 Datensätze: 1.233 neu, 0 geändert, 0 gleich, 1 in Quarantäne"
    for line in ("– übergangen (Das ist Text, keine Tabelle): LICENSE", "· deals.csv: 1234 in HubSpot gelöschte Zeilen wurden weggelassen.", "unverändert, am 2026-06-30 06:00 UTC", "! deals.csv: 1 in Quarantäne: Der Datensatz hat kein Datum.", "weiter: Prüfen Sie den Pfad.", "das Geld von campaign_stats ein zweites Mal"):
        assert line in told
    assert not {"rows", "the", "file", "where", "next", "records"} & set(told.replace(":", " ").split())
