"""Files for a spreadsheet: every list of the page, its columns and words in the reader's language, no cell that acts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from fastapi.testclient import TestClient

from etappe.reports.spoken_rows import on_the_clock, spoken_heads, spoken_rows
from etappe.reports.texts import TEXTS, Words
from etappe.server.here import Here

API = "/api/v1"


def _sheet(client: TestClient, path: str, language: str) -> list[list[str]]:
    answer = client.get(f"{API}{path}{'&' if '?' in path else '?'}language={language}")
    assert answer.status_code == 200, (path, answer.text)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";" if language == "de" else ","))


def _paths(client: TestClient) -> list[str]:
    names = [item["name"] for item in client.get(f"{API}/analyses").json()]
    check = client.get(f"{API}/maps/buying/check").json()
    claims = [f"/maps/buying/claims/{one['card']}/export" for one in check["claims"][:8]]
    spots = [f"/maps/buying/blind-spots/{one['id']}/export" for one in check["blind_spots"] if one["id"].startswith("touchpoint.")][:2]
    sources = [f"/sources/{one['source']}/unresolved/export" for one in client.get(f"{API}/sources").json()["sources"]]
    answers = [f"/analyses/{name}/export?rows={rows}" for name in names for rows in ("false", "true")]
    return [*answers, *claims, *spots, *sources, "/accounts.csv", "/maps/buying/export?format=csv", "/maps/buying/agreement/export", "/personas/it-lead/rows/export?figure=size"]


def test_every_column_of_every_file_is_called_by_a_word_of_its_language(local: TestClient) -> None:
    paths = _paths(local)
    assert len(paths) > 45
    for at, language in enumerate(("de", "en")):
        known = {pair[at] for key, pair in TEXTS.items() if key.startswith("c_")}
        raw = {path: [head for head in _sheet(local, path, language)[0] if head and re.sub(r", (von|bis|from|to|n)$", "", head) not in known] for path in paths}
        assert {path: heads for path, heads in raw.items() if heads} == {}, "add them to reports/headings.py, or to what the records leave out"


def test_a_file_says_its_words_and_moments_as_the_page_does(local: TestClient) -> None:
    heads, first, *_ = _sheet(local, "/analyses/journeys/export?rows=false&outcome=lost", "de")
    row = dict(zip(heads, first, strict=True))
    assert row["Ausgang"] == "verloren"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["Beginn"])
    found = local.get(f"{API}/analyses/journeys?outcome=lost").json()["rows"]
    begun = {str(on_the_clock(dt.datetime.fromisoformat(one["started_at"]), "Europe/Berlin")) for one in found}
    assert row["Beginn"] in begun


def test_no_cell_of_a_file_acts_and_no_two_columns_have_one_name(local: TestClient, here: Here) -> None:
    card = next(iter(here.workspace.atlas.map("buying").cards))
    change = {"do": "set", "collection": "cards", "id": card, "path": ["text"], "value": "=HYPERLINK(1)"}
    assert local.post(f"{API}/maps/buying/edits", json={"changes": [change]}).status_code == 200
    rows = _sheet(local, "/maps/buying/export?format=csv", "de")
    assert next(row for row in rows if row[-1] == card)[2] == "'=HYPERLINK(1)"
    words = Words("de")
    assert spoken_heads(["at", "hit", "deals", "deals_low"], words)["deals_low"] == "Verkaufschancen, von"
    heads = spoken_heads(["entered_at", "started_at", "start", "account_id", "id"], words)
    assert len(set(heads.values())) == len(heads)


@pytest.mark.parametrize(("value", "said"), [(True, "ja"), ("lost", "verloren"), (3, 3), ("2026-06-30", "2026-06-30"), (None, None)])
def test_words_are_said_and_values_stay(value: object, said: object) -> None:
    assert spoken_rows([{"outcome": value}], Words("de"))[0]["outcome"] == said
