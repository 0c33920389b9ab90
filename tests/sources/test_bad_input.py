"""Bad input is told with file, line and reason, and harms nothing else: what can be read is read.

Every case goes through the whole importer beside a sound file, which has to be imported whatever happens to the other.
"""

from __future__ import annotations

import bz2
import gzip
import io
import random
import shlex
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from workbook import write_workbook

from etappe.sources import importer, packed
from etappe.sources.files import find
from etappe.sources.importer import FileReport, Options, import_paths
from etappe.sources.mapping_guess import suggest
from etappe.sources.quarantine import Quarantine
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine
from etappe.tables.lake import Lake

HEAD = "id,user_id,mail,body,public,type,created,ticket_id\n"
SOUND = HEAD + "1,11,a@firma.example,Frage,open,Question,2026-01-05 09:00,Firma GmbH\n"
COSTS = "Kampagne;Kampagnen-ID;Tag;Kosten;Impr.;Klicks\n"


class House:
    """A lake of its own, and the reports of what is imported into it."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.engine = folder, engine
        self.lake = Lake(folder / "evidence", EVIDENCE)
        self.quarantine = Quarantine(folder / "quarantine")
        self.exports = folder / "exports"
        self.exports.mkdir(parents=True)

    def take(self, *paths: Path, **given: Any) -> list[FileReport]:
        return import_paths(
            paths or [self.exports], self.lake, self.engine, self.quarantine, Options(**({"zone": "UTC"} | given))
        )

    def one(self, content: str | bytes, name: str = "bad.csv", **given: Any) -> FileReport:
        """The report of a bad file that lies beside a sound one."""
        (self.exports / "sound.csv").write_text(SOUND)
        (self.exports / name).write_bytes(content.encode() if isinstance(content, str) else content)
        reports = {Path(report.path).name: report for report in self.take(**given)}
        assert reports["sound.csv"].error is None
        assert reports["sound.csv"].read == 1
        bad = reports[name]
        assert bad.read == bad.new + bad.changed + bad.same + bad.quarantined
        assert len(list(self.quarantine.read())) == bad.quarantined
        return bad

    def many(self, *contents: bytes) -> list[FileReport]:
        """The reports of several bad files, in order, imported at once."""
        for place, content in enumerate(contents):
            (self.exports / f"{place:02}.csv").write_bytes(content)
        return sorted(self.take(), key=lambda report: report.path)

    def rows(self, table: str = "events") -> list[dict[str, Any]]:
        return self.engine.rows(self.lake.read(self.engine, table))

    def ids(self) -> set[str]:
        return {row["record_id"].removeprefix("comment:") for row in self.rows()}

    def told(self) -> list[tuple[int | None, str]]:
        return [(entry["line"], entry["reason"]) for entry in self.quarantine.read()]


def zipped(files: Mapping[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def house(tmp_path: Path, reader: Engine) -> House:
    return House(tmp_path / "house", reader)


@pytest.mark.parametrize("nested", ["[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, "[" * 50_000])
def test_a_file_that_nests_without_end_harms_no_other(house: House, nested: str) -> None:
    error = house.one(nested, "deep.json").error
    assert error is not None
    assert "deeper" in error["what"] or "JSON" in error["what"]


def test_an_empty_file_is_told(house: House) -> None:
    assert "empty" in house.one(b"").error["what"]
    for report in house.many(b"\n\n", b"\xef\xbb\xbf", b"\x00\x00\x00", b"   \r\n \t ")[:4]:
        assert "empty" in report.error["what"]


def test_a_header_alone_is_no_fault_and_no_record(house: House) -> None:
    report = house.one(HEAD)
    assert (report.error, report.read, report.format) == (None, 0, "zendesk table ticket_comment")
    assert any("no record" in note for note in report.notes), "an export that went wrong is told from one that was imported"


def test_any_encoding_reads_the_same(house: House) -> None:
    encodings = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
    texts = [
        HEAD + f"{place},12,jörg@firma.example,Übergröße – Maß,open,Question,2026-01-05 09:00,Müller & Söhne\n"
        for place in range(len(encodings))
    ]
    reports = house.many(*(text.encode(encoding) for text, encoding in zip(texts, encodings, strict=True)))
    assert [report.error for report in reports] == [None] * len(encodings)
    assert house.ids() == set("012345")
    assert {(row["text"], row["session_id"]) for row in house.rows()} == {("Übergröße – Maß", "Müller & Söhne")}


def test_a_line_in_another_encoding_is_mended_and_said(house: House) -> None:
    lines = [
        HEAD.encode(),
        "2,12,a@firma.example,Größe,open,Question,2026-01-05 09:00,Süd AG\n".encode(),
        "3,13,b@firma.example,Größe,open,Question,2026-01-05 09:00,Süd AG\n".encode("cp1252"),
    ]
    report = house.one(
        b"".join(lines * 1)
        + "4,14,c@firma.example,Größe und Maß überall,open,Question,2026-01-05 09:00,Süd AG\n".encode() * 1
    )
    assert {row["text"] for row in house.rows() if row["record_id"] in ("comment:2", "comment:3")} == {"Größe"}
    assert any("Windows-1252" in note for note in report.notes)


def test_doubled_headings_are_told_apart(house: House) -> None:
    report = house.one(
        HEAD.replace("ticket_id", "ticket_id,ticket_id,Ticket_ID")
        + "2,12,a@firma.example,x,open,Question,2026-01-05 09:00,Eins,Zwei,Drei\n"
    )
    assert report.error is None
    assert next(row for row in house.rows() if row["record_id"] == "comment:2")["session_id"] == "Eins"


def test_ragged_rows_are_quarantined_with_their_line(house: House) -> None:
    good = "".join(f"{number},12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma\n" for number in range(2, 50))
    report = house.one(
        HEAD + good + "halb,hier\n" + "77,12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma,zu,viel\n"
    )
    assert (report.new, report.quarantined) == (48, 2)
    assert sorted(house.told()) == [(50, "the row has too few cells"), (51, "the row has too many cells")]


def test_an_open_quotation_mark_loses_no_other_row(house: House) -> None:
    good = "".join(f"{number},12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma\n" for number in range(2, 30))
    report = house.one(HEAD + good + '99,12,a@firma.example,"offen,open,Question,2026-01-05 09:00,Firma\n')
    assert report.error is None
    assert {str(number) for number in range(2, 30)} <= house.ids()
    assert report.read >= 29


def test_mixed_dates_are_said_and_impossible_ones_quarantined(house: House) -> None:
    dates = ["13/01/2026", "14/01/2026", "01/25/2026", "2026-01-05", "05.01.2026", "irgendwann"]
    report = house.one(
        HEAD
        + "".join(f"{place},12,a@firma.example,x,open,Question,{day},Firma\n" for place, day in enumerate(dates, 20))
    )
    assert any("two orders" in note for note in report.notes)
    assert {line for line, _ in house.told()} == {4, 7}
    assert {row["record_id"][-2:]: row["happened_at"].date().isoformat() for row in house.rows() if row["record_id"] != "comment:1"} == {
        "20": "2026-01-13", "21": "2026-01-14", "23": "2026-01-05", "24": "2026-01-05",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "wanted", "said"),
    [
        (["1.234,56", "1,5"], [1234.56, 1.5], False),
        (["1,234.56", "1.5"], [1234.56, 1.5], False),
        (["1,234", "2,5"], [1.234, 2.5], False),
        (["1,234", "7"], [1.234, 7.0], True),
        (["1.234", "7"], [1234.0, 7.0], True),
    ],
)
def test_the_decimal_sign_is_decided_for_the_file_and_said_where_it_could_be_either(
    read_text: Callable[..., Any], cells: list[str], wanted: list[float], said: bool
) -> None:
    read = read_text(COSTS + "".join(f"K{place};{place};2026-01-05;{cell};0;0\n" for place, cell in enumerate(cells)))
    costs = {row["campaign_ref"]: row["cost"] for row in read["costs"]}
    assert [costs[str(place)] for place in range(len(cells))] == wanted
    assert any("two ways" in note and cells[0] in note for note in read.notes) is said


def test_a_cell_of_two_megabytes_is_read(house: House) -> None:
    report = house.one(
        HEAD
        + f'2,12,a@firma.example,"{"lang " * 400_000}",open,Question,2026-01-05 09:00,Firma\n'
        + "3,12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma\n"
    )
    assert (report.error, report.new) == (None, 2)
    assert len(next(row for row in house.rows() if row["record_id"] == "comment:2")["text"]) > 1_900_000


def test_nul_bytes_harm_nothing(house: House) -> None:
    report = house.one(
        HEAD.encode()
        + b"2,12,a@firma.example,x\x00y,open,Question,2026-01-05 09:00,Firma\n3,13,b@firma.example,z,open,Question,2026-01-05 09:00,Firma\n"
    )
    assert report.error is None
    assert "3" in house.ids()
    assert report.read == 2


def test_a_workbook_called_csv_is_a_workbook(house: House) -> None:
    path = house.exports / "book.csv"
    write_workbook(path, [line.split(",") for line in SOUND.replace("1,11", "9,11").strip().splitlines()])
    reports = {Path(report.path).name: report for report in house.take()}
    assert reports["book.csv"].new == 1


def test_a_web_page_called_csv_is_told(house: House) -> None:
    for report in house.many(b"<!DOCTYPE html><html><body>Login</body></html>", b"\n <HTML><head></head></HTML>"):
        assert "HTML" in report.error["what"]


def test_what_is_broken_or_no_export_is_told(house: House) -> None:
    starts = (
        b"%PDF-1.7 abc",
        b"\x89PNG\r\n\x1a\n",
        b"PAR1 broken",
        b"SQLite format 3\x00 broken",
        b"PK\x03\x04 broken",
        b"\x1f\x8b broken",
        b'{"a": [1, 2',
        b'[{"a": 1}, {"a"',
    )
    reports = house.many(*starts)
    assert len(reports) == len(starts)
    for report in reports:
        told = report.error or {"what": report.passed_over, "do_next": "nothing: it is no export"}
        assert told["what"]
        assert told["do_next"]


def test_archives_in_archives_are_opened_to_a_depth_and_no_further(house: House) -> None:
    content = b"name,domain\nMuster GmbH,muster.example\n"
    name = "firmen.csv"
    for depth in range(5):
        content, name = zipped({name: content}), f"{depth}.zip"
        (house.exports / f"deep{depth}.zip").write_bytes(content)
    found = list(find([house.exports], house.exports.parent / "scratch"))
    assert [item.fault is None for item in found] == [True, True, True, False, False]
    assert all("too deep" in item.fault.what for item in found[3:] if item.fault)


def test_a_zip_bomb_is_not_unpacked(house: House) -> None:
    with zipfile.ZipFile(house.exports / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("zeros.csv", b"0" * (80 << 20))
    (report,) = house.take()
    assert "would unpack to" in report.error["what"]
    assert house.rows() == []


def test_a_packed_stream_without_end_is_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST_UNPACKED", 1 << 20)
    (house.exports / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * (70 << 20), 9))
    (report,) = house.take()
    assert "beyond all measure" in report.error["what"]


def test_archives_in_an_archive_are_bounded_together_and_leave_nothing_behind(house: House) -> None:
    inner = zipped({"zeros.csv": b"id,name\n" + b"1,0\n" * (15 << 20)})
    (house.exports / "bomb.zip").write_bytes(zipped({f"{number}.zip": inner for number in range(40)}))
    scratch = house.exports.parent / "scratch"
    (found,) = find([house.exports], scratch)
    assert found.fault is not None
    assert "beyond all measure" in found.fault.what
    assert list(scratch.iterdir()) == []


def test_an_archive_of_too_many_files_is_not_unpacked_also_where_they_lie_in_archives_in_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_ENTRIES", 3)
    four = {f"{number}.csv": SOUND.replace("1,11", f"{number},11") for number in range(4)}
    (house.exports / "flat.zip").write_bytes(zipped(four))
    (house.exports / "deep.zip").write_bytes(zipped({f"{half}.zip": zipped(dict(list(four.items())[half::2])) for half in (0, 1)}))
    told = {report.path.split("/")[-1].split(" › ")[0]: report.error["what"] for report in house.take() if report.error}
    assert "in 4 files" in told["flat.zip"]
    assert "holds more than 3 files" in told["deep.zip"]


def test_a_locked_archive_says_so(house: House) -> None:
    content = bytearray(zipped({"a.csv": SOUND}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (house.exports / "locked.zip").write_bytes(content)
    (report,) = house.take()
    assert report.error["what"] == "the archive is locked with a password"


def test_a_broken_entry_of_an_archive_holds_up_no_other(house: House) -> None:
    content = zipped({f"{number}.csv": SOUND.replace("1,11", f"{number},11") for number in range(1, 4)}, zipfile.ZIP_STORED)
    (house.exports / "half.zip").write_bytes(content.replace(b"2,11,a@", b"2,11,b@"))  # its checksum is wrong now
    reports = {report.path.split(" › ")[-1]: report for report in house.take()}
    assert [name for name, report in reports.items() if report.error] == ["2.csv"]
    assert house.ids() == {"1", "3"}


def test_every_way_of_packing_that_is_opened_gives_the_same_records(house: House, tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, linked in (("exports/a.csv", ""), ("exports/out.csv", "/etc/passwd")):
            member = tarfile.TarInfo(name)
            member.size = 0 if linked else len(SOUND)
            member.type, member.linkname = (tarfile.SYMTYPE if linked else tarfile.REGTYPE), linked
            archive.addfile(member, io.BytesIO(SOUND.encode()))
    packings = {
        "a.zip": zipped({"a.csv": SOUND}), "a.gz": gzip.compress(SOUND.encode()), "a.bz2": bz2.compress(SOUND.encode()), "a.tar": tar.getvalue(),
        "a.tgz": gzip.compress(tar.getvalue()), "a.tar.bz2": bz2.compress(tar.getvalue()), "in.zip": zipped({"a.tgz": gzip.compress(tar.getvalue())}),
    }  # fmt: skip
    for name, content in packings.items():
        own = House(tmp_path / name, house.engine)
        (own.exports / name).write_bytes(content)
        reports = own.take()
        assert own.ids() == {"1"}, name
        assert [report.error["what"] for report in reports if report.error] == ["the archive's entry is a link and was not followed"] * (name not in ("a.zip", "a.gz", "a.bz2"))


def test_a_packing_that_is_not_opened_is_a_fault_and_never_passed_over(house: House) -> None:
    starts = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", zipped({}))
    noise = random.Random(1).randbytes(3000)
    reports = house.many(*(start + noise if start[:2] != b"PK" else start for start in starts), noise)
    assert ["packed with" in report.error["what"] for report in reports[:4]] == [True] * 4
    assert "no file in this archive" in reports[4].error["what"]
    assert reports[5].passed_over == "this is neither text nor a kind of file that is known"


def test_entries_and_links_that_lead_out_are_not_followed(house: House, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(SOUND)
    (house.exports / "link.csv").symlink_to(secret)
    with zipfile.ZipFile(house.exports / "out.zip", "w") as archive:
        archive.writestr("../../escaped.csv", SOUND)
        archive.writestr("fine.csv", SOUND.replace("1,11", "5,11"))
    reports = {report.path.split("/")[-1]: report for report in house.take()}
    assert "points out of the folder" in reports["link.csv"].error["what"]
    assert sum(report.error is not None for report in reports.values()) == 2
    assert [report.error["where"].count("escaped.csv") for report in reports.values() if report.error and "archive" in report.error["what"]] == [1]
    assert house.ids() == {"5"}
    assert not list(tmp_path.rglob("escaped.csv"))


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("1970-01-01 00:00", "the clock stood in 1970 or before"),
        ("2099-12-31 10:00", "the clock stood more than three years ahead"),
    ],
)
def test_clocks_that_stood_wrong_are_quarantined(house: House, moment: str, reason: str) -> None:
    report = house.one(
        HEAD
        + f"2,12,a@firma.example,x,open,Question,{moment},Firma\n3,12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma\n"
    )
    assert report.reasons == {reason: 1}
    assert [line for line, _ in house.told()] == [2]
    assert report.new == 1


def test_one_id_for_two_people_keeps_both_records(house: House) -> None:
    report = house.one(
        HEAD
        + "2,12,anna@firma.example,x,open,Question,2026-01-05 09:00,Firma\n3,12,bert@werk.example,y,open,Question,2026-01-06 09:00,Werk\n"
    )
    assert report.new == 2
    assert {row["session_id"] for row in house.rows() if row["contact_ref"] == "12"} == {"Firma", "Werk"}


def test_a_file_that_grows_while_it_is_read_is_left_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = house.exports / "growing.csv"
    path.write_text(SOUND)
    real: Callable[..., Any] = importer._stage

    def slow(*given: Any) -> Any:
        with path.open("a") as file:
            file.write("2,12,b@firma.example,y,open,Question,2026-01-06 09:00,Firma\n")
        return real(*given)

    monkeypatch.setattr(importer, "_stage", slow)
    (report,) = house.take()
    assert "being written to" in report.error["what"]
    assert house.rows() == []
    monkeypatch.undo()
    assert house.take()[0].new == 2


def test_a_file_without_rights_or_a_pipe_is_told(house: House) -> None:
    import os

    os.mkfifo(house.exports / "pipe.csv")
    (report,) = house.take()
    assert "not a regular file" in report.error["what"]
    (missing,) = house.take(house.folder / "nowhere.csv")
    assert "no such file" in missing.error["what"]


def test_an_unknown_table_names_the_way_out(house: House) -> None:
    error = house.one("Sternzeichen;Lieblingsfarbe\nWidder;blau\n").error
    assert "no format recognises" in error["what"]
    assert "--suggest" in error["do_next"]
    endless = house.one("0" * 300_000 + "\n").error
    assert endless["what"] == f"no format recognises this table ({'0' * 60}…)"


def test_the_way_out_of_an_unknown_file_can_be_gone(house: House, tmp_path: Path) -> None:
    (house.exports / "it's all.zip").write_bytes(zipped({"in/signs.csv": "Sternzeichen;Lieblingsfarbe\nWidder;blau\n", "sound.csv": SOUND}))
    with sqlite3.connect(house.exports / "shop.sqlite") as shop:
        shop.execute("CREATE TABLE orders (id INTEGER, name TEXT)")
    errors = [report.error for report in house.take() if report.error]
    table, database = sorted(errors, key=lambda error: "SQLite" in error["what"])
    _, _, path, option = shlex.split(table["do_next"].split("`")[1])
    assert option == "--suggest"
    assert "First guess at 2 columns" in suggest(Path(path))
    (report,) = house.take(Path(path), format="list of attendees")
    assert report.path == path
    assert "--suggest" not in database["do_next"]
    assert "CSV" in database["do_next"]


def test_importing_all_of_it_again_changes_nothing(house: House) -> None:
    bad = (
        HEAD
        + "2,12,a@firma.example,x,open,Question,irgendwann,Firma\n3,12,a@firma.example,x,open,Question,2026-01-05 09:00,Firma\n"
    )
    first = house.one(bad)
    rows = sorted(map(str, house.rows()))
    again = {Path(report.path).name: report for report in house.take()}["bad.csv"]
    assert (again.new, again.changed, again.same, again.quarantined) == (0, 0, first.new, first.quarantined)
    assert sorted(map(str, house.rows())) == rows


def test_a_broken_object_is_found_in_its_line(house: House) -> None:
    lines = [
        f'{{"type": "track", "messageId": "m{number}", "userId": "u-{number}", "event": "x", "timestamp": "{"irgendwann" if number == 3 else "2026-01-05T08:00:00Z"}"}}'
        for number in range(6)
    ]
    report = house.one("\n".join([*lines, '{"type": "track", "mess']) + "\n", "calls.jsonl")
    assert report.new == 5
    assert sorted(house.told())[0] == (4, "'timestamp' has no date that can be read: irgendwann")
    assert sorted(house.told())[1][0] == 7


def test_what_lies_beside_exports_is_passed_over_and_named(house: House) -> None:
    licence = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software, to deal in it without restriction, including without limitation the rights\nto use, copy and modify it.\n\nTHE SOFTWARE IS PROVIDED AS IS.\n"
    beside = {
        "LICENSE": licence.encode(), "notes.txt": b"We met Anna on Monday.\nShe wants an offer, soon, and two licences.\nCall back.\n", "README.md": b"# Exports\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
        "price.pdf": b"%PDF-1.7 x", "logo.png": b"\x89PNG\r\n\x1a\n", ".DS_Store": b"\x00\x00\x00\x01Bud1",
    }  # fmt: skip
    for name, content in beside.items():
        (house.exports / name).write_bytes(content)
    (house.exports / "sound.csv").write_text(SOUND)
    (house.exports / "unknown.csv").write_text("Farbe;Größe;Bemerkung\nrot;1;kommt gut an\nblau;2;eher nicht\n")
    (house.exports / "members.csv").write_text("colour\nred\nblue\n")
    reports = {Path(report.path).name: report for report in house.take()}
    assert ".DS_Store" not in reports
    assert {name for name, report in reports.items() if report.passed_over} == set(beside) - {".DS_Store"}
    assert all(report.to_dict()["passed_over"] for name, report in reports.items() if name in beside)
    assert reports["sound.csv"].new == 1
    assert {name for name, report in reports.items() if report.error} == {"unknown.csv", "members.csv"}, "a table is never passed over"
    assert "--suggest" in reports["unknown.csv"].error["do_next"]
    (asked,) = house.take(house.exports / "price.pdf")
    assert "not an export" in asked.error["what"], "asked for by itself it is a fault"


CONTACTS = "Record ID,First Name,Last Name,Email,Create Date\n"


def test_one_id_for_two_people_is_told_with_its_lines_and_merges_nobody(house: House) -> None:
    body = "101,Anna,Muster,anna@alt.example,2026-01-05\n102,Cora,Celik,cora@c.example,2026-01-05\n"
    body += "101,Bert,Beispiel,bert@neu.example,2026-01-06\n102,Cora,Demir,c.demir@neu.example,2026-01-07\n"
    report = house.one(CONTACTS + body)
    assert house.told() == [(line, "the same id stands for different people in this file: 101") for line in (2, 4)]
    assert "101 (lines 2, 4)" in " ".join(report.notes)
    assert (report.new, report.changed) == (1, 1), "who marries and moves stays who she was"
    assert {row["first_name"] for row in house.rows("people")} == {"Cora"}


@pytest.mark.parametrize("date", ["1970-01-01", "2099-12-31"])
def test_a_contact_of_1970_or_2099_is_kept_and_its_date_is_left_out_with_a_word(house: House, date: str) -> None:
    report = house.one(CONTACTS + f"101,Anna,Muster,anna@a.example,{date}\n102,Cora,Celik,c@c.example,2026-01-05\n")
    assert [row["happened_at"] is None for row in sorted(house.rows("people"), key=lambda row: row["record_id"])] == [True, False]
    assert "1 of the people: a date before 1971 or more than three years ahead was left out" in report.notes
    assert report.quarantined == 0
