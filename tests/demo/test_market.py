from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from etappe.demo import clock, ids
from etappe.demo.market import Summary, write

Market = tuple[Path, Summary]


def prints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_market(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        write(tmp_path / name, accounts=200, seed=seed)
    assert prints(tmp_path / "one") == prints(tmp_path / "two")
    same = [name for name, print_ in prints(tmp_path / "one").items() if prints(tmp_path / "other").get(name) == print_]
    assert {Path(name).name for name in same} <= {"User.csv", "Campaign.csv", "email_campaigns.csv"}


def test_a_small_company_has_every_kind_of_journey_outcome_and_export(market: Market) -> None:
    folder, summary = market
    assert set(summary.journeys) == {"won", "lost", "dormant", "open"}
    assert min(summary.journeys.values()) > 20
    kinds = set(pl.read_parquet(folder / "truth/journeys.parquet")["kind"])
    assert {"first_purchase", "renewal", "expansion", "repurchase"} <= kinds
    sources = set(pl.read_parquet(folder / "truth/events.parquet")["source"])
    assert sources == {"snowplow", "hubspot", "salesforce", "matomo", "ga4", "qualtrics", "zendesk", "trustpilot", "fairs", "webinars"}
    assert 80 < summary.events / summary.accounts < 170


def test_the_market_is_told_while_it_is_made(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    write(tmp_path, accounts=200, progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_exports_are_spelt_as_their_systems_spell_them(market: Market) -> None:
    raw = market[0] / "raw"
    assert (raw / "hubspot/hubspot-crm-exports-alle-kontakte.csv").read_bytes().startswith(b"\xef\xbb\xbfDatensatz-ID,")
    google = (raw / "ads/Kampagnenbericht.csv").read_bytes()
    assert google.startswith(b"\xff\xfe")
    assert google.decode("utf-16").splitlines()[2].split("\t")[1] == "Kampagne"
    assert "Gesamt: Konto" in google.decode("utf-16").splitlines()[-1]
    linkedin = next((raw / "ads").glob("account_*")).read_text("utf-8").splitlines()
    assert linkedin[4].startswith("Start Date (in UTC),Account Name,Currency")
    webinar = sorted((raw / "webinars").iterdir())[0].read_bytes()
    assert webinar.decode("cp1252").startswith("Vorname;Nachname;E-Mail-Adresse;")
    with pytest.raises(UnicodeDecodeError):
        b"".join(path.read_bytes() for path in (raw / "webinars").iterdir()).decode("utf-8")
    answers = list(csv.reader(io.StringIO((raw / "qualtrics/kundenumfrage.csv").read_text("utf-8"))))
    assert answers[0][8] == "ResponseId"
    assert answers[1][0] == "Anfangsdatum"
    assert json.loads(answers[2][0])["ImportId"] == "startDate"
    assert any("\n" in row[-1] for row in answers[3:])
    queries = (raw / "search_console/Suchanfragen.csv").read_text("utf-8").splitlines()
    assert queries[0] == "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position"
    assert "#N/A" in (raw / "salesforce/OpportunityHistory.csv").read_text("utf-8")


def test_nested_exports_can_be_parsed_and_keep_integers_as_strings(market: Market) -> None:
    raw = market[0] / "raw"
    visits = json.loads((raw / "matomo/besuche-0001.json").read_text("utf-8"))
    assert {"idVisit", "visitorId", "userId", "actionDetails", "serverTimestamp"} <= set(visits[0])
    assert all(len(visit["visitorId"]) == 16 for visit in visits)
    *lines, broken = (raw / "ga4/events_0001.jsonl").read_text("utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert isinstance(events[0]["event_timestamp"], str)
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    sheet = CalamineWorkbook.from_path(sorted((raw / "fairs").iterdir())[0]).get_sheet_by_index(0).to_python()
    assert sheet[0][:4] == ["Messe", "Erfasst am", "Uhrzeit", "Firma"]


def test_dirt_is_counted_so_that_nothing_goes_missing(market: Market) -> None:
    folder, _ = market
    files = json.loads((folder / "truth/effects.json").read_text("utf-8"))["files"]
    written = {str(path.relative_to(folder / "raw")) for path in (folder / "raw").rglob("*") if path.is_file()}
    assert set(files) == written
    for name in ("snowplow/events-0001.csv", "hubspot/email_events.csv", "salesforce/Task.csv", "zendesk/tickets.csv"):
        encoding = "utf-8-sig" if name.startswith("zendesk") else "utf-8"
        rows = list(csv.reader((folder / "raw" / name).open(encoding=encoding, newline="")))
        assert len(rows) - 1 == sum(files[name].values()), name
        assert files[name]["blank row"] == sum(not row for row in rows)
        assert files[name]["ragged row"] == sum(0 < len(row) < len(rows[0]) for row in rows)
    contacts = (folder / "raw/salesforce/Contact.csv").read_text("utf-8")
    assert "=cmd|" in contacts
    mails = [row["Email"] for row in csv.DictReader(io.StringIO(contacts))]
    assert any(mail.isupper() for mail in mails)
    assert any(mail.endswith(" ") for mail in mails)


def test_own_people_appear_and_are_internal(market: Market) -> None:
    folder, _ = market
    events = pl.read_parquet(folder / "truth/events.parquet")
    own = events.filter("internal")
    assert {"snowplow", "hubspot"} <= set(own["source"])
    assert own["account"].null_count() == len(own)
    assert len(own) < 0.05 * len(events)


def test_wall_clock_time_keeps_the_order_of_slots_and_the_winter_and_summer_hour() -> None:
    import numpy as np

    slots = np.linspace(0, clock.SLOTS - 0.01, 50_000)
    assert (np.diff(clock.moments(slots)) >= 0).all()
    winter = np.array([1_705_312_800_000])  # 2024-01-15 10:00 UTC
    summer = np.array([1_721_037_600_000])  # 2024-07-15 10:00 UTC
    assert clock.to_local(winter)[0] - winter[0] == clock.HOUR
    assert clock.to_local(summer)[0] - summer[0] == 2 * clock.HOUR
    assert (clock.to_utc(clock.to_local(summer)) == summer).all()


def test_salesforce_ids_carry_the_check_of_their_letters_case() -> None:
    import numpy as np

    for long in ids.salesforce("001", np.array([0, 61, 12_345_678])).to_pylist():
        check = ""
        for block in (long[0:5], long[5:10], long[10:15]):
            check += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[sum(1 << place for place, letter in enumerate(block) if letter.isupper())]
        assert long[15:] == check
