"""What a workspace promises, on the sample company: nothing missing, nothing twice, dated, erasable."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import polars as pl
import pytest

from etappe.errors import NotFound, WorkspaceFault
from etappe.tables.keep import Builds
from etappe.workspace import pipeline
from etappe.workspace.answers import tables
from etappe.workspace.interviews import Interviews
from etappe.workspace.surveys import Surveys
from etappe.workspace.workspace import Workspace, init_workspace, open_workspace

JUNE = dt.datetime(2026, 6, 30, 6, tzinfo=dt.UTC)


def test_every_event_is_a_step_internal_or_unresolved(built: Workspace) -> None:
    about = built.opened  # the build is there
    with about() as (_, build):
        made = build.about
    assert made["events"] == made["steps"] + made["internal"] + made["unresolved"]
    assert made["conservation"]["ok"]
    assert {"events:snowplow", "lake:events", "deals", "won value"} <= {check["check"] for check in made["conservation"]["checks"]}


def test_importing_everything_again_changes_nothing(own: Workspace, company: Path) -> None:
    before = {name: own.lake.rows(name) for name in ("events", "people", "accounts", "deals", "feedback", "costs", "searches")}
    again = own.import_(company / "raw", learned_at=JUNE + dt.timedelta(hours=1))
    assert [(item.new, item.changed) for item in again if item.new or item.changed] == []
    assert sum(item.same for item in again) > 10_000
    assert {name: own.lake.rows(name) for name in before} == before


def test_a_changed_deal_is_a_new_version_and_the_old_number_stays_askable(own: Workspace, company: Path, tmp_path: Path) -> None:
    path = next(path for path in (company / "raw" / "salesforce").iterdir() if path.name.startswith("Opportunity."))
    text = path.read_text(encoding="utf-8-sig")
    deals = pl.read_parquet(company / "truth" / "deals.parquet")
    won = deals.filter((pl.col("status") == "won") & (pl.col("amount") > 0) & (pl.col("currency") == "EUR"))["record_id"][0]
    lines = text.splitlines(keepends=True)
    header = lines[0].strip().replace('"', "").split(",")
    place = next(number for number, line in enumerate(lines) if won[:15] in line)
    cells = lines[place].rstrip("\n").split(",")
    cells[header.index("Amount")] = '"1000000"'
    lines[place] = ",".join(cells) + "\n"
    changed = tmp_path / "changed.csv"
    changed.write_text("".join(lines), encoding="utf-8")
    report = own.import_(changed, learned_at=JUNE + dt.timedelta(days=10))[0]
    assert (report.new, report.changed) == (0, 1), report
    (own.folder.settings).write_text(own.folder.settings.read_text().replace("2026-06-30", "2026-07-31"))
    later = open_workspace(own.folder.root)
    later.build()
    with later.opened() as (engine, build):
        now = engine.rows(build.table(engine, "journeys").aggregate(won=lambda t: t.won_value.sum()))[0]["won"]
    later.build(as_of="2026-06-30")
    with later.opened(dt.datetime.combine(dt.date(2026, 6, 30), dt.time.max, dt.UTC)) as (engine, build):
        then = engine.rows(build.table(engine, "journeys").aggregate(won=lambda t: t.won_value.sum()))[0]["won"]
    amount = deals.filter(pl.col("record_id") == won)["amount"][0]
    assert now - then == pytest.approx(1_000_000 - amount)


def test_numbers_as_of_a_day_are_built_anew_once_a_rule_has_changed(own: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    day = dt.datetime(2026, 3, 31, 23, tzinfo=dt.UTC)
    made = []
    monkeypatch.setattr(pipeline, "build", lambda folder, settings, as_of: made.append(as_of) or Builds(folder.builds).current())
    about = own.current().about | {"as_of": day.isoformat(), "built_at": dt.datetime.now(dt.UTC).isoformat()}
    with Builds(own.folder.builds).making() as making:
        earlier = Builds(own.folder.builds).finish(making, about, 9, in_use=False)
    with own.opened(day) as (_, build):
        assert build.folder == earlier.folder
    assert made == []
    later = time.time() + 60
    os.utime(own.folder.rules / "stages.yaml", (later, later))
    with own.opened(day):
        assert made == [day]


def test_a_failed_build_leaves_the_last_good_one(own: Workspace) -> None:
    with own.opened() as (_, build):
        good = build.folder
    rules = own.folder.rules / "stages.yaml"
    rules.write_text(rules.read_text() + "\nnonsense: [\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"(?s)."):
        own.build()
    with own.opened() as (_, build):
        assert build.folder == good
    assert [path.name for path in own.folder.builds.iterdir() if path.name.startswith("_")] == []


def test_a_forgotten_person_is_gone_and_does_not_come_back(own: Workspace, company: Path) -> None:
    persons = pl.read_parquet(company / "truth" / "persons.parquet").filter(pl.col("contact") & pl.col("company_mail"))
    person = persons.row(0, named=True)
    receipt = own.forget(person["email"])
    assert receipt["proof"]["clean"], receipt["proof"]
    assert receipt["tables"]["people"]["removed"] >= 1
    assert person["email"] not in json.dumps(receipt)
    with pytest.raises(NotFound):
        own.why(person=person["email"])
    own.folder.root.joinpath("note").write_text("")
    changed = company / "raw" / "salesforce" / "Contact.csv"
    fresh = own.folder.root.parent / "Contact.csv"
    fresh.write_bytes(changed.read_bytes() + b"\n")
    own.import_(fresh, learned_at=JUNE + dt.timedelta(days=1))
    with own.opened() as (engine, _):
        people = own.lake.read(engine, "people", current=False)
        assert engine.count(people.filter(people.email == person["email"])) == 0
    with pytest.raises(NotFound):
        own.forget("nobody@nowhere.example")


def test_a_person_who_waits_in_the_quarantine_alone_is_forgotten(tmp_path: Path) -> None:
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("Record ID,First Name,Last Name,Email,Create Date\n101,Ada,Muster,ada@muster.example,2026-01-05\n101,Bo,Beispiel,bo@beispiel.example,2026-01-06\n102,Cy,Rest,cy@rest.example,2026-01-05\n", encoding="utf-8")
    ws = init_workspace(tmp_path / "acme")
    ws.import_(contacts)
    def held() -> bytes:
        return b"".join(path.read_bytes() for path in ws.folder.quarantine.glob("*.jsonl"))

    assert b"bo@beispiel.example" in held()
    receipt = ws.forget("bo@beispiel.example")
    assert receipt["logs_struck"] == 1
    assert receipt["proof"]["clean"]
    assert b"bo@beispiel.example" not in held()
    assert b"ada@muster.example" in held()


def test_a_person_of_interviews_and_answers_alone_is_forgotten_with_every_word(tmp_path: Path) -> None:
    ws = init_workspace(tmp_path / "acme")
    said = tmp_path / "gespraech-petra-meier.txt"
    said.write_text("Anna Kurz: Wie kam es dazu?\nPetra Meier: Der Einkauf bremst, Frau Meier nicht.\nAnna Kurz: Und dann?\nPetra Meier: Schreiben Sie an p.meier@kunde.example.\n", encoding="utf-8")
    (made,) = Interviews(ws.atlas).import_([said], "anna", names=True)
    assert made.interview is not None
    surveys = Surveys(ws.atlas)
    surveys.new("nps", "anna")
    surveys.open("nps", "anna")
    (link,) = surveys.invite("nps", about={"email": "p.meier@kunde.example"})
    surveys.submit("nps", {"recommend": "9", "why": "Fragen Sie Petra Meier"}, token=link)
    for identifier in ("Petra Meier", "p.meier@kunde.example"):
        receipt = ws.forget(identifier)
        assert receipt["maps_struck"] >= 1
        assert receipt["proof"]["clean"], receipt["proof"]
        assert identifier not in json.dumps(receipt)
    left = b"".join(path.read_bytes() for path in ws.folder.root.rglob("*") if path.is_file()).lower()
    for word in (b"meier", b"petra"):
        assert word not in left
    assert b"der einkauf bremst" in left
    with pytest.raises(NotFound):
        ws.forget("Petra Meier")



def test_a_human_decision_is_remembered_and_wins(own: Workspace) -> None:
    with own.opened() as (engine, build):
        accounts = build.table(engine, "resolved_accounts")
        two = [row["domain"] for row in engine.rows(accounts.filter(accounts.domain.notnull() & ~accounts.internal.fill_null(False)).order_by("account_id"), 2)]
    own.decide("merge", [two[0]], two[1], author="anna", reason="same plant")
    own.build()
    why = own.why(account=two[0])
    assert set(two) <= set(why["account"]["domains"])
    assert "anna" in json.dumps(why)


def test_a_build_of_a_day_before_everything_was_learned_is_said_to_know_nothing(tmp_path: Path) -> None:
    visits = tmp_path / "webinar.csv"
    visits.write_text("Vorname;Nachname;E-Mail;Firma;Angemeldet am;Teilgenommen\nAda;Muster;ada@muster.example;Muster AG;03.02.2026 09:00;ja\n", encoding="utf-8")
    ws = init_workspace(tmp_path / "acme", as_of="2026-06-30")
    ws.import_(visits, learned_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    ws.build()
    hints = ws.status()["hints"]
    assert any("2026-06-30" in hint and "--learned-at" in hint for hint in hints)
    assert not any("activities" in hint for hint in hints)


def test_there_is_help_before_anything_is_built(tmp_path: Path) -> None:
    ws = init_workspace(tmp_path / "acme", name="Acme")
    with pytest.raises(WorkspaceFault, match="no evidence"):
        ws.build()
    with pytest.raises(WorkspaceFault, match="nothing is built"):
        ws.stages()
    assert ws.status()["hints"]
    with pytest.raises(WorkspaceFault, match="already"):
        init_workspace(tmp_path / "acme")


def test_a_map_is_printed_before_anything_is_built(tmp_path: Path) -> None:
    new = init_workspace(tmp_path / "w", language="en")
    new.atlas.new_map("buying", "anna", title="How they buy", language="en")
    assert "How they buy" in new.report("map", tmp_path / "map.md", name="buying").read_text(encoding="utf-8")


def test_results_come_in_every_form_a_notebook_wants(built: Workspace) -> None:
    result = built.stages()
    assert "<table" in result._repr_html_()
    assert len(result.to_pandas()) == len(result.to_polars()) == result.to_arrow().num_rows == len(result)
    assert json.loads(result.to_json())["analysis"] == "stages"
    assert result.behind(5)
    assert "SELECT" in result.sql.upper()


def test_visitors_without_a_name_are_counted_apart_from_persons(built: Workspace) -> None:
    with built.opened() as (engine, build):
        persons = build.table(engine, "persons")
        rows = engine.rows(persons.filter(~persons.internal.fill_null(False)))
        about = build.about
    assert about["persons"] == sum(not row["anonymous"] for row in rows)
    assert about["visitors"] == sum(bool(row["anonymous"]) for row in rows) > 0
    assert all(row["name"] or row["email"] or row["identifiers"] for row in rows if not row["anonymous"])


def test_the_own_domain_is_suggested_until_it_is_named(own: Workspace) -> None:
    rules = own.folder.rules / "identity.yaml"
    named = rules.read_text(encoding="utf-8")
    assert not any("your own domain" in hint for hint in own.status()["hints"])
    rules.write_text(named.replace("own_domains: [", "own_domains: [] # ["), encoding="utf-8")
    own.build()
    assert any("your own domain" in hint and "messwerk" in hint for hint in own.status()["hints"])


def test_a_story_is_printed_in_the_zone_and_words_of_the_workspace(own: Workspace, tmp_path: Path) -> None:
    touchpoints = own.folder.rules / "touchpoints.yaml"
    touchpoints.write_text(touchpoints.read_text(encoding="utf-8").replace("de: Preisseite", "de: Was es kostet"), encoding="utf-8")
    with own.opened() as (engine, build):
        steps = tables(own.folder, engine, build).steps
        seen = steps.filter(steps.touchpoint == "pricing page").order_by("account_id", "happened_at")
        account = engine.rows(seen.select("account_id").limit(1))[0]["account_id"]
    page = own.report("account", tmp_path / "story.html", account=account, language="de").read_text(encoding="utf-8")
    assert "Preisseite" not in page
    assert "Was es kostet" in page


def test_rates_and_the_playbook_are_read_from_the_rules_of_the_workspace(own: Workspace) -> None:
    assert (own.folder.rules / "currencies.yaml").exists()
    apart = own.show("attribution", model="linear", draws=0)
    assert any("CHF" in words for words in apart.caveats)
    (own.folder.rules / "currencies.yaml").write_text("into: EUR\nrates: {CHF: 1.05}\n", encoding="utf-8")
    (own.folder.rules / "playbook.yaml").write_text("rules:\n  - sales call before decision\n", encoding="utf-8")
    together = own.show("attribution", model="linear", draws=0)
    assert together.population["value"] > apart.population["value"]
    assert [words for words in together.spoken("en").caveats if "CHF" in words] == ["Amounts in CHF are converted into EUR by rules/currencies.yaml."]
    assert [row["rule"] for row in own.show("playbook").rows] == ["sales call before decision"]


def test_a_closed_quarter_is_shown_as_it_was_known_on_the_day_of_the_report(own: Workspace) -> None:
    journeys = own.show("journeys", outcome="won", limit=1).rows
    closed = journeys[0]["ended_at"].date()
    since, until = closed.replace(day=1), (closed.replace(day=1) + dt.timedelta(40)).replace(day=1)
    before = {row["figure"]: row for row in own.show("changes", since=since, until=until, reported="2026-06-30").rows}
    assert before["journeys won"]["then"] == before["journeys won"]["now"] >= 1
    assert own.show("changes", since=since, until=until, reported="2020-01-01").rows[0]["then"] is None


def test_a_company_is_found_by_the_name_that_answers_show_of_one_without_a_name(built: Workspace) -> None:
    some = built.journeys(limit=1).rows[0]["account_id"]
    assert built.account(f"(ohne Namen) {some}")["account"]["account_id"] == some


def test_a_name_that_belongs_to_several_companies_is_not_called_a_domain(tmp_path: Path) -> None:
    ws = init_workspace(tmp_path / "acme", as_of="2026-06-30", language="en")
    (tmp_path / "firms.yaml").write_text("source: erp\ntables:\n  - table: accounts\n    columns: {record_id: Nr, name: Firma, city: Ort}\n", encoding="utf-8")
    (tmp_path / "firms.csv").write_text("Nr;Firma;Ort\n1;Muster;Kiel\n2;Muster;Graz\n3;Werk;Ulm\n", encoding="utf-8")
    (tmp_path / "calls.yaml").write_text("source: phone\ntables:\n  - table: events\n    kind: call\n    columns: {record_id: Nr, happened_at: Tag, company_name: Firma}\n", encoding="utf-8")
    (tmp_path / "calls.csv").write_text("Nr;Tag;Firma\n1;01.04.2026;Muster\n", encoding="utf-8")
    for name in ("firms", "calls"):
        ws.import_(tmp_path / f"{name}.csv", mapping=tmp_path / f"{name}.yaml", learned_at="2026-04-30")
    ws.build()
    (told,) = [hint for hint in ws.status()["hints"] if "several companies" in hint]
    assert told.startswith("1 domain or name belongs to several companies (muster)")
