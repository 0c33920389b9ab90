"""Lines of the audit log are found by person, kind, days and words, on the page and in its file."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from fastapi.testclient import TestClient

from etappe.server.here import Here

API = "/api/v1"


def test_the_log_is_narrowed_and_its_file_holds_what_is_asked_for(local: TestClient, here: Here) -> None:
    company = local.get(f"{API}/accounts?size=1").json()["rows"][0]
    for who, what, about in (("anna", "saw account", company["account_id"]), ("anna", "exported", "blockers"), ("bert", "exported", "map buying")):
        here.audit.note(who, what, about)

    def found(**asked: str) -> list[tuple[str, str, str]]:
        lines = local.get(f"{API}/audit", params=asked).json()
        total = local.get(f"{API}/audit/choices", params=asked).json()["total"]
        assert total == len(lines)
        file = local.get(f"{API}/audit/export", params={**asked, "language": "de"}).content.decode("utf-8-sig").splitlines()
        assert len(file) >= total + 1  # what was exported is noted too
        return [(line["who"], line["what"], line["about"]) for line in lines if line["who"] in ("anna", "bert")]

    assert found(who="anna") == [("anna", "exported", "blockers"), ("anna", "saw account", company["account_id"])]
    assert found(what="exported", who="bert") == [("bert", "exported", "map buying")]
    assert found(search=company["name"]) == [("anna", "saw account", company["account_id"])]
    assert found(search="Unternehmen angesehen") == [("anna", "saw account", company["account_id"])]
    assert found(search="100%") == []
    choices = local.get(f"{API}/audit/choices", params={"who": "bert"}).json()
    assert {one["who"] for one in choices["people"]} >= {"anna", "bert"}, "another one can be chosen"
    assert [(one["what"], one["said"]["de"], one["n"]) for one in choices["kinds"]] == [("exported", "exportiert", 1)]
    today = dt.datetime.now(zoneinfo.ZoneInfo(here.workspace.settings.zone)).date()
    assert len(found(since=str(today), until=str(today), who="anna")) == 2
    assert found(until=str(today - dt.timedelta(days=1))) == []
