"""Any other table is read through a mapping file, whose faults are told all at once and whose first guess is made."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import FileFault
from etappe.sources.mapping import by_name, fitting, load, read, suggest
from etappe.sources.mapping_file import MappingFaults
from etappe.sources.sniff import look

ORDERS = (
    "Bestellnr;Kundennummer;Kunde;Datum;Uhrzeit;Betrag;Status;Sachbearbeiter;E-Mail;Zweitmail\n"
    "4711;K1;Beispiel GmbH;05.01.2026;09:30;1.234,50;bezahlt;Weber;Anna@firma.example;a.b@firma.example\n"
    "4712;K2;Werk AG;06.01.2026;10:00;99,00;storniert;Weber;;\n"
    "4713;K1;Beispiel GmbH;32.01.2026;10:00;99,00;bezahlt;Weber;;\n"
)
MAPPING = """
source: erp
zone: Europe/Vienna
decimal: ","
tables:
  - table: events
    kind: purchase
    where: {Status: {not: [storniert]}}
    columns:
      record_id: Bestellnr
      happened_at: [Datum, Uhrzeit]
      account_ref: Kundennummer
      company_name: Kunde
      email: E-Mail
      value: Betrag
      currency: {value: EUR}
      detail: {column: Status, words: {bezahlt: paid}, else: unknown}
      participants: [E-Mail, Zweitmail]
  - table: accounts
    where: {Kundennummer: filled}
    columns:
      record_id: Kundennummer
      name: Kunde
      attributes: rest
"""


def write(folder: Path, text: str, name: str = "orders.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_constants_words_and_filters(read_text: Callable[..., Any], tmp_path: Path) -> None:
    got = read_text(ORDERS, mapping=write(tmp_path, MAPPING))
    assert (got.format, got.source) == ("mapping orders", "erp")
    (row,) = got["events"]
    assert row == {
        "record_id": "4711", "happened_at": row["happened_at"], "kind": "purchase", "account_ref": "K1", "company_name": "Beispiel GmbH", "email": "anna@firma.example", "value": 1234.5,
        "currency": "EUR", "detail": "paid", "participants": ["Anna@firma.example", "a.b@firma.example"],
    }  # fmt: skip
    assert row["happened_at"].isoformat() == "2026-01-05T08:30:00+00:00"
    assert [bad.kind for bad in got.bad] == ["'Datum' has no date that can be read"]
    accounts = {row["record_id"]: row for row in got["accounts"]}
    assert accounts["K2"]["name"] == "Werk AG"
    assert json.loads(accounts["K2"]["attributes"]) == {"Sachbearbeiter": "Weber"}
    assert got.primary == {"events"}


def test_all_faults_are_told_at_once_with_line_column_and_nearest_names(tmp_path: Path) -> None:
    wrong = write(
        tmp_path,
        "source: erp\nzone: Europe/Entenhausen\ncolour: red\ntables:\n  - table: event\n    columns: {record_id: A}\n"
        "  - table: events\n    kind: buy\n    columns:\n      record_idd: A\n      name: {colum: B}\n  - table: deals\n    columns:\n      status: {value: gewonnen}\n",
    )
    with pytest.raises(MappingFaults) as told:
        read(wrong)
    found = {(fault.where.removeprefix(f"{wrong}:"), fault.what.split("'")[0].strip()) for fault in told.value.faults}
    assert {place for place, _ in found} == {"2:7", "3:1", "5:12", "8:11", "10:7", "11:14", "7:5", "14:15"}
    text = "\n".join(f"{fault.what} {fault.do_next}" for fault in told.value.faults)
    for name in ("'events'", "'record_id'", "'column'", "happened_at", "'won'"):
        assert name in text
    assert isinstance(told.value, FileFault)


def test_columns_the_file_does_not_have_are_told_with_the_nearest(
    read_text: Callable[..., Any], tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        MAPPING.replace("account_ref: Kundennummer", "account_ref: Kundenummer").replace(
            "value: Betrag", "value: Summe"
        ),
    )
    with pytest.raises(MappingFaults) as told:
        read_text(ORDERS, mapping=path)
    assert {fault.what for fault in told.value.faults} == {
        "the file has no column 'Kundenummer'",
        "the file has no column 'Summe'",
    }
    assert "'Kundennummer'" in told.value.faults[0].do_next


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tables: [",
        "- a\n- b\n",
        "source: x\ntables: []\n",
        "source: x\ntables:\n  - 5\n",
        "source: [1]\ntables: {a: b}\n",
    ],
)
def test_what_is_no_mapping_is_a_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(MappingFaults):
        read(write(tmp_path, text))


def test_rows_without_an_id_are_known_by_their_content(read_text: Callable[..., Any], tmp_path: Path) -> None:
    path = write(tmp_path, MAPPING.replace("      record_id: Bestellnr\n", ""))
    first, again = read_text(ORDERS, mapping=path), read_text(ORDERS, mapping=path)
    assert first["events"][0]["record_id"] == again["events"][0]["record_id"]


def test_an_unknown_kind_is_other_and_keeps_its_word(read_text: Callable[..., Any], tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "source: x\ntables:\n  - table: events\n    columns: {happened_at: am, kind: {column: was, words: {Anruf: call}}, account_ref: k}\n",
    )
    got = read_text("am,was,k\n2026-01-05,Anruf,1\n2026-01-06,Kaffee,1\n", mapping=path)
    assert sorted((row["kind"], row["detail"]) for row in got["events"]) == [("call", "Anruf"), ("other", "Kaffee")]


def test_deal_words_become_open_won_or_lost(read_text: Callable[..., Any], tmp_path: Path) -> None:
    path = write(
        tmp_path, "source: x\ntables:\n  - table: deals\n    columns: {record_id: id, status: st, stage: st}\n"
    )
    got = read_text("id,st\n1,Gewonnen\n2,Closed Lost\n3,In Verhandlung\n", mapping=path)
    assert [got.one("deals", one)["status"] for one in "123"] == ["won", "lost", "open"]


def test_fields_of_json_lines_are_named_by_their_path(read_text: Callable[..., Any], tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "source: x\ntables:\n  - table: events\n    kind: call\n    columns: {record_id: id, happened_at: at, email: who.mail}\n",
    )
    got = read_text(
        '{"id": 1, "at": "2026-01-05T08:00:00Z", "who": {"mail": "A@b.example"}}\n{"id": 2, "at": "2026-01-05T08:00:00Z"}\n',
        mapping=path,
    )
    assert got.one("events", "1")["email"] == "a@b.example"
    assert "email" not in got.one("events", "2")


def test_a_file_without_header_is_named_by_the_mapping(read_text: Callable[..., Any], tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "source: x\nheader: [nr, am, wer]\ntables:\n  - table: events\n    kind: call\n    columns: {record_id: nr, happened_at: am, email: wer}\n",
    )
    got = read_text("1,2026-01-05,a@b.example\n2,2026-01-06,c@d.example\n", mapping=path)
    assert {row["record_id"]: row["email"] for row in got["events"]} == {"1": "a@b.example", "2": "c@d.example"}


def test_the_stored_mapping_with_the_most_columns_fits(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    folder.mkdir()
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    write(folder, MAPPING, "a.yaml")
    write(
        folder,
        "source: erp\ntables:\n  - table: accounts\n    columns: {record_id: Kundennummer, name: Kunde}\n",
        "b.yaml",
    )
    write(folder, "source: erp\ntables:\n  - table: accounts\n    columns: {record_id: Nirgends}\n", "c.yaml")
    write(folder, "tables: [", "broken.yaml")
    found = fitting(folder, look(file))
    assert found is not None
    assert found.name == "mapping a"
    assert fitting(tmp_path / "none", look(file)) is None


@pytest.mark.shared
def test_a_small_mapping_takes_no_file_from_a_format_that_is_sure(tmp_path: Path, shared: Path) -> None:
    folder = tmp_path / "mappings"
    folder.mkdir()
    write(folder, "source: x\ntables:\n  - table: accounts\n    columns: {record_id: id}\n")
    assert fitting(folder, look(shared / "zendesk_seeds" / "user_data.csv")) is None


def test_a_format_is_found_by_name_or_the_nearest_told() -> None:
    assert by_name("snowplow events").source == "snowplow"
    with pytest.raises(FileFault) as told:
        by_name("snowplow event")
    assert "'snowplow events'" in told.value.do_next
    with pytest.raises(FileFault, match="cannot be read"):
        load(Path("nowhere.yaml"))


def guessed(folder: Path, content: str | bytes, name: str = "table.csv") -> tuple[Path, Path, Any]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    mapping = write(folder, suggest(file), f"{name}.yaml")
    return file, mapping, read(mapping)


CASES = {
    # A process log as Disco writes it: doubled headings, day first.
    "disco": ("Case ID,id,Activity,Resource,Complete Timestamp,Variant,variant,id\nc1,1,Anruf,Weber,12-01-2018 12:38,V1,1,9\nc1,2,Angebot,Weber,13-01-2018 09:00,V1,1,9\n", "events", {"account_ref": "Case ID", "name": "Activity", "happened_at": "Complete Timestamp", "owner": "Resource"}),
    "leads": ("Prospect ID,Lead Number,Lead Origin,Lead Source,Converted,Total Time Spent on Website,Country,Specialization,City,Last Notable Activity,\nab12-3,660737,API,Olark Chat,0,0,India,Select,Select,Modified,\nab12-4,660738,API,Google,1,674,India,Finance,Mumbai,Email Opened,\n", "people", {"record_id": "Prospect ID",  "country": "Country", "city": "City"}),
    "customers": ("Kd-Nr.;Firmenname;Straße;PLZ;Ort;Branche;Mitarbeiterzahl;Webseite\n10;Beispiel GmbH;Weg 1;70173;Stuttgart;Maschinenbau;120;www.firma.example\n", "accounts", {"record_id": "Kd-Nr.", "name": "Firmenname", "postcode": "PLZ", "industry": "Branche", "domain": "Webseite"}),
    "deals": ("Deal-ID;Deal-Name;Firma;Betrag;Währung;Phase;Erstelldatum;Abschlussdatum;Verlustgrund\n1;Retrofit;Beispiel GmbH;1.200,00;EUR;Gewonnen;01.02.2026;03.04.2026;\n2;Neubau;Werk AG;9.000,00;EUR;Verhandlung;01.02.2026;;\n", "deals", {"record_id": "Deal-ID", "amount": "Betrag", "stage": "Phase", "closed_at": "Abschlussdatum"}),
    "costs": ("Tag;Kampagne;Kosten;Klicks;Impressionen\n2026-01-05;Retrofit;12,50;3;400\n", "costs", {"day": "Tag", "cost": "Kosten", "clicks": "Klicks"}),
    "visits": ("visitor_id,timestamp,page_url,utm_source,utm_medium\nv1,2026-01-05 08:00:00,https://www.example.com/preise,google,cpc\n", "events", {"user_id": "visitor_id", "url": "page_url", "origin": "utm_source", "medium": "utm_medium"}),
    "unheaded mails": ("a;b;c\nx@firma.example;2026-01-05;1\ny@firma.example;2026-01-06;2\n", "events", {"email": "a", "happened_at": "b"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_first_guess_finds_the_table_and_its_columns(
    tmp_path: Path, read_file: Callable[..., Any], case: str
) -> None:
    content, table, wanted = CASES[case]
    file, mapping, made = guessed(tmp_path, content)
    first = made.tables[0]
    assert first.table == table
    assert {name: first.columns[name].columns[0] for name in wanted} == wanted
    got = read_file(file, mapping=mapping)
    assert len(got[table]) == len(content.strip().splitlines()) - 1
    assert not got.bad


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("telco_churn/Telco-Customer-Churn.csv", "accounts"),
        ("febrl/dataset1.csv", "people"),
        ("splink_fake1000/fake_1000.csv", "people"),
        ("dsearle_paths/paths.csv", "accounts"),
    ],
)
def test_the_first_guess_reads_tables_it_has_never_seen(
    tmp_path: Path, shared: Path, read_file: Callable[..., Any], path: str, table: str
) -> None:
    file = shared / path
    mapping = write(tmp_path, suggest(file))
    got = read_file(file, mapping=mapping)
    records = len([line for line in file.read_text().splitlines() if line.strip()]) - 1
    assert len(got[table]) == records
    assert not got.bad


@pytest.mark.shared
def test_a_click_stream_and_a_wholesaler_become_journeys(
    tmp_path: Path, shared: Path, read_file: Callable[..., Any]
) -> None:
    import csv
    import gzip
    import sqlite3

    clicks = tmp_path / "ecom.csv"
    with gzip.open(shared / "retentioneering" / "ecom.csv.gz") as file:
        clicks.write_bytes(b"".join(file.readlines()[:500]))
    got = read_file(clicks, mapping=write(tmp_path, suggest(clicks)))
    assert len(got["events"]) == 499
    assert {"user_id", "session_id", "name", "medium", "happened_at"} <= set(got["events"][0])
    orders = tmp_path / "orders.csv"
    with sqlite3.connect(shared / "northwind" / "northwind.sqlite") as base, orders.open("w", newline="") as out:
        found = base.execute("SELECT * FROM Orders")
        csv.writer(out).writerows([[column[0] for column in found.description], *found.fetchall()])
    got = read_file(orders, mapping=write(tmp_path, suggest(orders), "o.yaml"))
    assert {row["kind"] for row in got["events"]} == {"purchase"}
    assert {row["account_ref"] for row in got["events"]} == {row["record_id"] for row in got["accounts"]}


def test_a_packed_table_gets_the_same_first_mapping_as_the_plain_one(tmp_path: Path) -> None:
    text = "user_id,event,timestamp\n" + "".join(f"u{place},home,2025-03-01 09:{place:02d}\n" for place in range(20))
    plain, packed = tmp_path / "clicks.csv", tmp_path / "clicks.csv.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    assert suggest(packed) == suggest(plain)
    both = tmp_path / "both.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("a.csv", text)
        archive.writestr("b.csv", text)
    with pytest.raises(FileFault, match="2 files"):
        suggest(both)


def test_the_column_that_numbers_the_rows_is_their_id_and_where_there_is_none_that_is_said(read_file: Callable[..., Any], tmp_path: Path) -> None:
    rows = "".join(f"r-{place},Anna,Meier\n" for place in range(10))
    file = tmp_path / "people.csv"
    file.write_text("rec_id,given name,surname\n" + rows)
    assert len(read_file(file, mapping=write(tmp_path, suggest(file), "p.yaml"))["people"]) == 10
    file.write_text("colour,given name,surname\n" + rows)
    assert "no column numbers the rows" in suggest(file)


def test_a_table_without_rows_gets_its_mapping_from_the_headings(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Kontakt-ID,Vorname,Nachname,E-Mail\n")
    made = suggest(file)
    assert "record_id: Kontakt-ID" in made
    assert "email: E-Mail" in made


def test_a_file_whose_own_mapping_has_a_fault_is_told_that_fault(tmp_path: Path) -> None:
    from etappe.workspace.workspace import init_workspace

    ws = init_workspace(tmp_path / "w")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    ws.folder.mappings.mkdir(exist_ok=True)
    write(ws.folder.mappings, MAPPING.replace("account_ref:", "acount_ref:"))
    (report,) = ws.import_(tmp_path / "orders.csv")
    assert report.error is not None
    assert "'acount_ref' is not known" in report.error["what"]
    write(ws.folder.mappings, MAPPING)
    (report,) = ws.import_(tmp_path / "orders.csv")
    assert (report.error, report.format) == (None, "mapping orders")
