"""Lists of companies kept as segments, records behind one figure, what the overview tells of maps and mentions."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from etappe.maps.changes import Remove, Set
from etappe.maps.verdict_log import VerdictLog
from etappe.server.here import Here
from etappe.server.routes import overview

API = "/api/v1"


def test_a_list_of_companies_kept_as_a_segment_finds_the_same_companies_and_narrows_every_answer(local: TestClient) -> None:
    lost = local.get(f"{API}/accounts?outcome=lost&size=1000").json()
    assert lost["total"] > 3
    made = local.post(f"{API}/segments/lists", json={"id": "lost-ones", "title": "Verlorene", "asking": {"outcome": ["lost"]}})
    assert made.status_code == 201
    assert {"value": "lost-ones", "title": "Verlorene"} in local.get(f"{API}/filters").json()["segment"]
    again = local.get(f"{API}/accounts?segment=lost-ones&size=1000").json()
    assert {row["account_id"] for row in again["rows"]} == {row["account_id"] for row in lost["rows"]}
    assert local.get(f"{API}/segments/sizes").json()["lost-ones"] == lost["total"]
    everything = local.get(f"{API}/analyses/stages").json()["population"]["journeys"]
    narrowed = local.get(f"{API}/analyses/stages?segment=lost-ones").json()["population"]["journeys"]
    ids = "&".join(f"account={row['account_id']}" for row in lost["rows"])
    assert narrowed == local.get(f"{API}/analyses/stages?{ids}").json()["population"]["journeys"] < everything


def test_a_living_segment_follows_its_rule_and_a_changed_rule_changes_the_figures(local: TestClient, here: Here) -> None:
    tiers = local.get(f"{API}/filters").json()["tier"]
    assert local.post(f"{API}/segments/lists", json={"id": "top", "living": True, "asking": {"tier": [tiers[0]]}}).status_code == 201
    journeys = [local.get(f"{API}/analyses/stages?{asked}").json()["population"]["journeys"] for asked in ("segment=top", f"tier={tiers[0]}", f"tier={tiers[1]}")]
    assert journeys[0] == journeys[1] != journeys[2]
    here.workspace.atlas.apply("segment", "top", Set(collection="", id="", path=("rule",), value={"tier": f"^{tiers[1]}$"}), "anna")
    assert local.get(f"{API}/analyses/stages?segment=top").json()["population"]["journeys"] == journeys[2]
    refused = local.post(f"{API}/segments/lists", json={"id": "no", "living": True, "asking": {"outcome": ["lost"]}})
    assert refused.status_code == 422
    assert "outcome" in refused.json()["error"]["what"]


def test_a_changed_rule_of_a_persona_changes_the_figures(local: TestClient, here: Here) -> None:
    rule = lambda pattern: here.workspace.atlas.apply("persona", "it-lead", Set(collection="", id="", path=("rule",), value={"title": pattern}), "anna")  # noqa: E731
    seen = []
    for pattern in (".", "no such title"):
        rule(pattern)
        seen.append(local.get(f"{API}/analyses/stages?persona=it-lead").json()["population"]["journeys"])
    assert seen[0] > seen[1] == 0


def test_the_records_behind_one_figure_are_its_own_and_bear_names(local: TestClient) -> None:
    answer = local.get(f"{API}/analyses/stages").json()
    row = max(answer["rows"], key=lambda item: item["lost"]["n"] * (item["lost"]["value"] or 0))
    asked = {"only": [f"stage:{row['stage']}", f"journey_kinds:{row['journey_kinds']}"], "figure": "lost", "limit": 10_000}
    rows = local.get(f"{API}/analyses/stages/rows", params=asked).json()["rows"]
    assert rows
    assert {item["stage"] for item in rows} == {row["stage"]}
    assert {item["left_to"] for item in rows} == {"lost"}
    assert all(item["account"] for item in rows)
    file = local.get(f"{API}/analyses/stages/export", params={**asked, "rows": True, "format": "csv"}).text
    assert len(file.strip().splitlines()) == len(rows) + 1


def test_the_records_behind_a_claim_are_those_its_verdict_rests_on(local: TestClient, here: Here) -> None:
    here.workspace.atlas.new_map("everybody", "anna", examples=True)
    claims = [item for item in local.get(f"{API}/maps/everybody/check").json()["claims"] if item["figure"] and item["claim"].startswith("coverage")]
    rows = local.get(f"{API}/maps/everybody/claims/{claims[0]['card']}/rows?limit=10000").json()["rows"]
    assert len({row["journey_id"] for row in rows}) == claims[0]["figure"]["n"]
    assert all(row["account"] for row in rows)
    text = local.get(f"{API}/maps/everybody/claims/{claims[0]['card']}/export?language=en").content.decode("utf-8-sig")
    assert [row["journey id"] for row in csv.DictReader(io.StringIO(text))] == [row["journey_id"] for row in rows]
    for what in ("rows", "export"):
        assert local.get(f"{API}/maps/everybody/claims/nobody/{what}").status_code == 404


def test_a_blind_spot_opens_the_journeys_that_its_share_counts(local: TestClient, here: Here) -> None:
    made = local.post(f"{API}/maps", json={"id": "empty", "template": "seven-phases", "journey": ["first_purchase"]})
    assert made.status_code == 201, made.text
    for card in made.json()["document"]["cards"]:
        here.workspace.atlas.apply("map", "empty", Remove(collection="cards", id=card), "anna")
    kinds = set()
    for spot in local.get(f"{API}/maps/empty/check").json()["blind_spots"]:
        if spot["kind"] in ("search", "quote"):
            assert local.get(f"{API}/maps/empty/blind-spots/{spot['id']}/rows").status_code == 404
            continue
        where = f"{API}/maps/empty/blind-spots/{spot['id']}"
        kinds.add(spot["kind"])
        rows = local.get(f"{where}/rows", params={"limit": 10_000}).json()["rows"]
        assert len(rows) == spot["coverage"]["n"]
        assert sum(row["found"] for row in rows) == spot["journeys"]
        assert all(row["account"] for row in rows)
    assert kinds >= {"touchpoint", "role"}
    assert local.get(f"{where}/export").text.count("\n") == len(rows) + 1


def test_the_overview_tells_what_turned_and_which_blind_spots_are_new(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "_EDITED", 0.0)
    before = local.get(f"{API}/overview/maps").json()[0]
    assert before["turned"] == []
    assert before["new_blind_spots"] == 0
    assert before["blind_spots"] > 1
    document = here.workspace.check("buying")
    log = VerdictLog(here.workspace.atlas.store.database)
    claim, spot = document.claims[0], document.blind_spots[0]
    other = "contradicted" if claim.verdict.value != "contradicted" else "confirmed"
    from etappe.maps.database import VERDICTS

    with here.workspace.atlas.store.database.writing() as connection:
        connection.execute(VERDICTS.delete())
    earlier = document.as_of.date() - dt.timedelta(days=30)
    log.note("buying", {(item.card, item.text): item.verdict.value for item in document.claims} | {(claim.card, claim.text): other}, earlier)
    log.note("buying", {("~", item.id): "seen" for item in document.blind_spots if item is not spot}, earlier)
    here.workspace.atlas.apply("map", "buying", Set(collection="", id="", path=("title",), value="Kauf"), "anna")
    after = local.get(f"{API}/overview/maps").json()[0]
    assert [(item["card"], item["before"], item["verdict"]) for item in after["turned"]] == [(claim.card, other, claim.verdict.value)]
    assert after["new_blind_spots"] == 1
    assert after["most_frequent"][0]["id"] == spot.id


def test_a_mention_is_told_to_the_one_it_names_and_to_nobody_else(local: TestClient, here: Here) -> None:
    me = local.get(f"{API}/session").json()["user"]["name"]
    assert {"name": me, "shown": me} in local.get(f"{API}/members").json()
    for text in (f"@{me} bitte ansehen", f"@{me}xyz nicht", "an alle"):
        assert local.post(f"{API}/maps/buying/comments", json={"text": text}).status_code == 201
    told = local.get(f"{API}/overview").json()["mentions"]
    assert [item["text"] for item in told] == [f"@{me} bitte ansehen"]
    assert told[0]["id"] == "buying"


def test_quiet_customers_have_bought_and_been_silent(local: TestClient) -> None:
    quiet = local.get(f"{API}/accounts?quiet=60&size=1000").json()["rows"]
    every = {row["account_id"]: row for row in local.get(f"{API}/accounts?outcome=won&size=1000").json()["rows"]}
    as_of = dt.datetime.fromisoformat(local.get(f"{API}/overview").json()["sources"]["build"]["as_of"])
    silent = {id for id, row in every.items() if dt.datetime.fromisoformat(row["last_step_at"]) < as_of - dt.timedelta(days=60)}
    assert {row["account_id"] for row in quiet} == silent


@pytest.mark.parametrize("many", ["maps", "personas", "segments", "surveys", "interviews", "reviews"])
def test_a_list_of_documents_comes_as_a_file_with_all_its_documents(local: TestClient, many: str) -> None:
    listed = local.get(f"{API}/{many}").json()
    text = local.get(f"{API}/lists/{many}/export?language=de").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Kennung"] for row in rows] == [row["id"] for row in listed]
    assert local.get(f"{API}/lists/{many}/export?format=xlsx").content.startswith(b"PK")


def test_the_personas_of_a_map_come_beside_its_stages_as_a_page(local: TestClient) -> None:
    for format, start in (("pdf", b"%PDF"), ("svg", b"<?xml")):
        answer = local.get(f"{API}/maps/buying/personas?format={format}&language=de")
        assert (answer.status_code, answer.content[: len(start)]) == (200, start), answer.text


def test_personas_and_reviews_come_as_files(local: TestClient) -> None:
    review = local.post(f"{API}/reviews", json={"map": "buying"}).json()["id"]
    for path, start in (("/personas/it-lead/report?format=svg", b"<svg"), (f"/reviews/{review}/report?format=md", b"#"), (f"/reviews/{review}/report?format=pdf", b"%PDF")):
        answer = local.get(API + path)
        assert answer.status_code == 200, answer.text
        assert start in answer.content[:200]
        assert "attachment" in answer.headers["Content-Disposition"]


def test_a_forgotten_person_is_struck_from_the_audit_log(local: TestClient, here: Here) -> None:
    here.audit.note("local", "saw rows", "kraus@firma.example", filters={"account": "Bernd Kräus"})
    here.workspace.atlas.erase(["kraus@firma.example", "Bernd Kräus"])
    line = here.audit.lines(limit=1)[0]
    assert "kraus" not in str(line).lower()
    assert "Kräus" not in str(line)
    assert line["what"] == "saw rows"


def test_what_a_match_rate_leaves_out_are_the_unresolved_events_of_its_source(local: TestClient) -> None:
    told = local.get(f"{API}/sources").json()
    found = {row["source"]: local.get(f"{API}/sources/{row['source']}/unresolved?limit=10000").json()["rows"] for row in told["sources"]}
    assert sum(map(len, found.values())) == sum(one["n"] for one in told["unresolved"]) > 0
    source, rows = max(found.items(), key=lambda item: len(item[1]))
    assert {bool(row["account"]) == bool(row["account_id"]) for row in rows} == {True}
    assert {row["reason"] for row in rows} <= {one["reason"] for one in told["unresolved"]}
    assert len(local.get(f"{API}/sources/{source}/unresolved/export?language=de").content.splitlines()) == len(rows) + 1
    sources = local.get(f"{API}/sources/export?language=de").content.decode("utf-8-sig").splitlines()
    assert sources[0] == "Quelle;Dateien;Datensätze;Ereignisse;zugeordnet;Neuestes;Tage alt;in Quarantäne"
    assert len(sources) == len(told["sources"]) + 1


def test_the_audit_log_is_told_in_words(local: TestClient, here: Here) -> None:
    here.audit.note("local", "exported", "blockers", format="csv", filters={})
    line = local.get(f"{API}/audit?limit=1").json()[0]
    assert line["said"] == {
        "de": {"what": "exportiert", "about": "Auswertung „Conversion-Blocker“", "detail": "Format: csv"}, "en": {"what": "exported", "about": "Analysis “Blockers”", "detail": "Format: csv"},
    }  # fmt: skip
    export = local.get(f"{API}/audit/export?language=de").content.decode("utf-8-sig")
    assert "exportiert;Auswertung „Conversion-Blocker“;Format: csv" in export
    assert "{" not in export


def test_the_audit_log_calls_things_what_they_are_called_and_leads_to_those_that_are_there(local: TestClient, here: Here) -> None:
    here.workspace.atlas.new_map("own-map", "anna", title="Maschine kaufen")
    account = local.get(f"{API}/accounts?size=1").json()["rows"][0]
    for what, about in (("saw rows", "claim own-map c1"), ("saw account", account["account_id"]), ("saw account", "gone"), ("removed persona", "it-lead"), ("exported", "list of maps")):
        here.audit.note("local", what, about)
    lines = list(reversed(local.get(f"{API}/audit?limit=5").json()))
    assert [line["said"]["de"]["about"] for line in lines] == [
        "Annahme einer Karte auf Journey Map „Maschine kaufen“", f"Unternehmen „{account['name']}“", "Unternehmen „gone“", "Persona „IT-Leitung“", "Liste „Journey Maps“",
    ]  # fmt: skip
    assert [line["to"] for line in lines] == [{"kind": "map", "id": "own-map"}, {"kind": "account", "id": account["account_id"]}, None, {"kind": "persona", "id": "it-lead"}, None]


def test_refusals_are_in_the_language_of_the_page(local: TestClient) -> None:
    german = local.get(f"{API}/analyses/stages?segment=nope", headers={"Accept-Language": "de"}).json()["error"]
    assert german["what"] == "Segment nope gibt es nicht."
    assert german["do_next"].startswith("Bekannt sind")
    assert local.get(f"{API}/analyses/stages?segment=nope").json()["error"]["what"] == "there is no segment 'nope'"
    missing = local.post(f"{API}/segments", json={}, headers={"Accept-Language": "de"}).json()["error"]
    assert missing["what"] == "Diese Angabe fehlt."
    assert missing["where"] == "body.id"


def test_a_claim_that_cannot_be_read_says_so_in_both_languages(local: TestClient, here: Here) -> None:
    card = next(iter(here.workspace.atlas.map("buying").cards))
    here.workspace.atlas.apply("map", "buying", Set(collection="cards", id=card, path=("claim",), value="coverag(article) >= 0.4"), "anna")
    claim = next(item for item in local.get(f"{API}/maps/buying/check").json()["claims"] if item["card"] == card)
    assert claim["fault"]["said"] == {"de": "Ein Maß „coverag“ gibt es nicht.", "en": "There is no measure `coverag`."}
    assert claim["fault"]["advised"]["de"] == "Meinten Sie „coverage“?"


def test_why_records_are_one_company_is_said_in_the_language_of_the_reader(local: TestClient) -> None:
    account = local.get(f"{API}/accounts?size=1").json()["rows"][0]["account_id"]
    told = {language: {row["rule"] for row in local.get(f"{API}/accounts/{account}/why?language={language}").json()["persons"]} for language in ("de", "en")}
    assert told["de"]
    assert not told["de"] & told["en"]


def test_the_figures_of_a_persona_open_the_records_they_count_with_the_names_of_companies(local: TestClient, here: Here) -> None:
    persona = "engineers"
    here.workspace.atlas.new_persona(persona, "anna", title="Technik", rule={"title": "."})
    page = local.get(f"{API}/personas/{persona}/page").json()
    people = local.get(f"{API}/personas/{persona}/rows?figure=size&limit=10000").json()
    assert len(people["rows"]) == page["size"]["persons"] > 0
    assert people["rows"][0]["account"]
    wins = local.get(f"{API}/personas/{persona}/rows?figure=win_rate&limit=1").json()
    assert (len(wins["rows"]), wins["more"]) == (1, page["win_rate"]["n"] > 1)
    sheet = list(csv.reader(io.StringIO(local.get(f"{API}/personas/{persona}/rows/export?figure=size&language=en").content.decode("utf-8-sig"))))
    assert len(sheet) == page["size"]["persons"] + 1
    assert local.get(f"{API}/personas/{persona}/rows?figure=nothing").status_code in (404, 422)


def test_who_may_not_see_names_sees_none_in_the_records_behind_a_figure_and_in_their_file(
    local: TestClient, here: Here, role: Callable[[str], TestClient]
) -> None:  # fmt: skip
    here.workspace.atlas.new_persona("everybody", "anna", title="Alle mit Titel", rule={"title": "."})
    asked = f"{API}/personas/everybody/rows"
    known = {row["person_id"] for row in local.get(asked, params={"figure": "size", "limit": 10_000}).json()["rows"]}
    assert len(known) > 10
    viewer = role("viewer")
    rows = viewer.get(asked, params={"figure": "size", "limit": 10_000}).json()["rows"]
    assert len(rows) == len(known)
    assert known.isdisjoint(row["person_id"] for row in rows)
    assert not any(person in viewer.get(f"{asked}/export", params={"figure": "size"}).text for person in known)


def test_the_agreement_of_a_map_opens_its_steps_with_the_names_of_companies(local: TestClient, here: Here) -> None:
    here.workspace.atlas.new_map("all-buyers", "anna")
    agreement = local.get(f"{API}/maps/all-buyers/check").json()["agreement"]
    told = local.get(f"{API}/maps/all-buyers/agreement/rows?limit=10000").json()
    assert not told["more"]
    assert sum(row["steps"] for row in told["rows"]) == agreement["n"] > 0
    assert told["rows"][0]["account"]
    assert {"stage", "touchpoint", "not_on_map"} <= set(told["columns"])
    sheet = list(csv.reader(io.StringIO(local.get(f"{API}/maps/all-buyers/agreement/export?language=de").content.decode("utf-8-sig")), delimiter=";"))
    assert "fehlt auf der Map" in sheet[0]
    assert len(sheet) == len(told["rows"]) + 1


def test_answers_of_a_survey_are_the_rows_behind_its_figures(local: TestClient, here: Here) -> None:
    from etappe.workspace.surveys import Surveys

    room = Surveys(here.workspace.atlas)
    room.new("nps", "anna", template="nps", access="public")
    room.open("nps", "anna")
    asked = {item.instrument: item.id for item in room.load("nps").sorted("questions")}
    for score in (3, 9, 10):
        assert room.submit("nps", {asked["nps"]: str(score), asked["text"]: "Gut"} if "text" in asked else {asked["nps"]: str(score)})[0].id
    figure = next(row for row in local.get(f"{API}/surveys/nps/results").json()["questions"] if row["instrument"] == "nps")
    rows = local.get(f"{API}/surveys/nps/answers?question={asked['nps']}").json()["rows"]
    assert sorted(row["answer"] for row in rows) == [3, 9, 10]
    assert len(rows) == figure["figure"]["n"]
    assert local.get(f"{API}/surveys/nps/answers?question=none").status_code == 404


@pytest.mark.parametrize(("path", "heads"), [
    ("sources/quarantine", "Nr.;Quelle;Import;Datei;Zeile;Grund;Text"), ("audit", "Zeitpunkt;Wer;Was;Woran;Einzelheiten"),
    ("interviews/insights", "Was;Interviews damit;Interviews;Anteil;Zitat;Wer sagt es;Beleg"),
])  # fmt: skip
def test_the_other_lists_of_the_page_are_spreadsheets_too(local: TestClient, path: str, heads: str) -> None:
    local.get(f"{API}/sources/quarantine")
    answer = local.get(f"{API}/{path}/export?language=de")
    assert answer.status_code == 200, answer.text
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == heads
    many = {"sources/quarantine": lambda found: found["total"], "audit": len, "interviews/insights": lambda found: sum(max(len(one["quotes"]), 1) for one in found["insights"])}[path]
    listed = many(local.get(f"{API}/{path}?limit=1000" if path != "interviews/insights" else f"{API}/{path}").json())
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))) - 1 >= min(listed, 1)
    assert local.get(f"{API}/{path}/export?format=xlsx").content[:2] == b"PK"
