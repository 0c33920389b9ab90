"""Evidence comes in by the page: uploads, the mapping assistant, jobs, quarantine and repair, rules with their effect."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from etappe.server.here import Here
from etappe.workspace.incoming import safe_name

TABLE = "Kunde;E-Mail;Termin am;Art;Betrag\nMuster GmbH;anna@muster.example;12.03.2026 10:00;Besuch;1.200,50\nBeispiel AG;bert@beispiel.example;99.99.2026;Besuch;3\n"


def _job(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = client.get(f"/api/v1/jobs/{job['id']}").json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError("the job does not end")


def _upload(client: TestClient, name: str, text: str) -> str:
    answer = client.post("/api/v1/sources/files", files={"files": (name, text.encode(), "text/csv")})
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["uploads"][0]["id"]
    return id


def test_an_unknown_table_is_mapped_with_a_preview_and_comes_in(local: TestClient, here: Here) -> None:
    upload = _upload(local, "Besuche März.csv", TABLE)
    guess = local.post("/api/v1/sources/suggest", json={"upload": upload}).json()
    assert guess["columns"] == ["Kunde", "E-Mail", "Termin am", "Art", "Betrag"]
    events = next(item for item in guess["becomes"] if item["table"] == "events")
    assert events["rows"][0]["email"] == "anna@muster.example"
    assert guess["tried"]["quarantined"] == 1
    changed = guess["mapping"].replace("kind: {value:", "kind: {value: meeting} #")
    again = local.post("/api/v1/sources/suggest", json={"upload": upload, "mapping": changed}).json()
    assert next(item for item in again["becomes"] if item["table"] == "events")["rows"][0]["kind"] == "meeting"
    kept = local.post("/api/v1/sources/mappings", json={"name": "Besuche", "mapping": changed, "upload": upload}).json()
    done = _job(local, kept["job"])
    assert done["state"] == "done", done["error"]
    assert (done["result"]["files"][0]["new"], done["result"]["files"][0]["quarantined"]) == (1, 1)
    assert done["result"]["build"]["conservation"]["ok"]
    assert not list((here.workspace.folder.root / "uploads").glob("u*")), "what came in is not kept twice"


def test_a_person_says_what_columns_and_rows_are_and_the_mapping_follows(local: TestClient) -> None:
    upload = _upload(local, "Besuche.csv", TABLE)
    ask = lambda **said: local.post("/api/v1/sources/suggest", json={"upload": upload, **said})  # noqa: E731
    first = ask().json()
    assert {item["name"]: item["meaning"] for item in first["meanings"]}["Termin am"] == "moment"
    said = ask(meanings={"Betrag": "", "Art": "text"}, table="events", kind="meeting").json()
    row = next(item for item in said["becomes"] if item["table"] == "events")["rows"][0]
    assert (row["kind"], row["text"], row.get("value")) == ("meeting", "Besuch", None)
    assert {item["name"]: item["used"] for item in said["meanings"]}["Betrag"] is False
    refused = ask(meanings={"Termin am": ""}, table="events")
    assert refused.status_code == 422
    assert "day" in refused.json()["error"]["what"]


def test_a_mapping_that_cannot_be_read_is_refused_with_all_its_faults(local: TestClient) -> None:
    upload = _upload(local, "x.csv", TABLE)
    answer = local.post("/api/v1/sources/suggest", json={"upload": upload, "mapping": "tables:\n  - table: nothing\n"})
    assert answer.status_code == 422
    assert "does not say its columns" in answer.text
    assert "does not say its source" in answer.text
    assert "/tmp" not in answer.text


def test_broken_records_are_mended_by_hand(local: TestClient) -> None:
    found = local.get("/api/v1/sources/quarantine?limit=5").json()
    assert found["total"] == sum(item["n"] for item in found["reasons"])
    assert all({"file", "line", "reason", "text"} <= set(row) for row in found["rows"])
    german = local.get("/api/v1/sources/quarantine?limit=1000", headers={"Accept-Language": "de"}).json()
    english = local.get("/api/v1/sources/quarantine?limit=1000", headers={"Accept-Language": "en"}).json()
    assert [row["reason"] for row, other in zip(german["rows"], english["rows"], strict=True) if row["reason"] == other["reason"]] == []
    mended = {"happened_at": "2026-03-12T10:00:00Z", "kind": "meeting", "email": "anna@muster.example", "record_id": "mended-1"}
    found = local.get("/api/v1/sources/quarantine?limit=1000", headers={"Accept-Language": "de"}).json()
    for name, counts in (("reason", found["reasons"]), ("file", found["files"]), ("source", found["sources"])):
        assert sum(one["n"] for one in counts) == found["total"] == len(found["rows"])
        for one in counts:
            part = local.get("/api/v1/sources/quarantine", params={name: one[name], "limit": 1000}).json()
            assert (part["total"], len(part["rows"])) == (one["n"], one["n"]), one
            assert [other["n"] for other in part[f"{name}s"]] == [other["n"] for other in counts], "another one can be chosen"
    counted = {row["source"]: row["quarantined"] for row in local.get("/api/v1/sources").json()["sources"] if row["quarantined"]}
    assert {one["source"]: one["n"] for one in found["sources"]} == counted, "each number in the table of sources is that of the records it opens"
    told = found["reasons"][0]["said"]
    assert told != found["reasons"][0]["reason"]
    assert local.get("/api/v1/sources/quarantine", params={"search": told}).json()["total"] == found["reasons"][0]["n"], "the words on the page are found"
    sheet = local.get("/api/v1/sources/quarantine/export", params={"reason": found["reasons"][0]["reason"]}).text
    assert len(list(csv.reader(io.StringIO(sheet), delimiter=";"))) == found["reasons"][0]["n"] + 1
    answer = local.post("/api/v1/sources/quarantine/repair", json={"table": "events", "source": "besuche", "rows": [mended, {**mended, "record_id": "mended-2", "happened_at": "never"}]})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["new"], answer.json()["quarantined"]) == (1, 1)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\boot.ini", "/etc/cron.d/x", "a/../../b.csv"])
def test_an_upload_stays_in_its_folder(local: TestClient, here: Here, name: str) -> None:
    _upload(local, name, TABLE)
    files = [path for path in (here.workspace.folder.root / "uploads").rglob("*") if path.is_file() and path.name != ".gitignore"]
    assert len(files) == 1
    assert files[0].parent.parent == here.workspace.folder.root / "uploads"
    assert safe_name(name) == files[0].name


def test_a_request_that_is_too_large_is_refused(local: TestClient) -> None:
    answer = local.post("/api/v1/maps", content=b"x" * (9 << 20), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_rules_are_saved_only_when_they_can_be_read_and_by_nobody_unseen(local: TestClient) -> None:
    kept = local.get("/api/v1/rules/touchpoints").json()
    bad = local.put("/api/v1/rules/touchpoints", json={"text": kept["text"] + "\nnonsense: [", "tag": kept["tag"]})
    assert bad.status_code == 422
    assert local.get("/api/v1/rules/touchpoints").json() == kept
    saved = local.put("/api/v1/rules/touchpoints", json={"text": kept["text"] + "\n# a remark\n", "tag": kept["tag"]})
    assert saved.status_code == 200, saved.text
    late = local.put("/api/v1/rules/touchpoints", json={"text": kept["text"], "tag": kept["tag"]})
    assert late.status_code == 409


def test_rules_show_their_effect_before_they_are_saved(local: TestClient) -> None:
    text = local.get("/api/v1/rules/stages").json()["text"]
    done = _job(local, local.post("/api/v1/rules/preview", json={"name": "stages", "text": text}).json())
    assert done["state"] == "done", done["error"]
    assert done["result"]["accounts"] == 0


def test_settings_are_changed_one_by_one_and_remarks_stay(local: TestClient, here: Here) -> None:
    before = here.workspace.folder.settings.read_text(encoding="utf-8")
    shown = {item["name"]: item["value"] for item in local.get("/api/v1/settings").json()["settings"]}
    assert f'as_of = "{shown["as_of"]}"' in before
    answer = local.put("/api/v1/settings", json={"settings": {"workspace.name": 'Neu "GmbH" & Söhne'}, "retention": {"snowplow": 730}})
    assert answer.status_code == 200, answer.text
    assert local.get("/api/v1/session").json()["company"] == 'Neu "GmbH" & Söhne'
    after = here.workspace.folder.settings.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line.startswith("#")] == [line for line in after.splitlines() if line.startswith("#")]
    assert here.workspace.settings.retention == {"snowplow": 730}
    for wrong in ({"workspace.zone": "Mars/Olympus"}, {"model.database": "sqlite:////etc/x"}, {"build.keep": "three"}):
        assert local.put("/api/v1/settings", json={"settings": wrong}).status_code == 422
    assert here.workspace.folder.settings.read_text(encoding="utf-8") == after


def test_a_fault_of_a_sent_file_names_it_as_it_was_sent(local: TestClient, here: Here) -> None:
    upload = local.post("/api/v1/sources/files", files=[("files", ("leer.csv", b""))]).json()["uploads"][0]["id"]
    answer = local.post("/api/v1/sources/suggest", json={"upload": upload})
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == "leer.csv"
    assert str(here.workspace.folder.root) not in answer.text
