"""Questions that many ask at once are answered as if each had been asked alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from etappe.maps.changes import Set
from etappe.server.here import Here
from etappe.server.routes import overview
from etappe.words.result import plain
from etappe.workspace import answers
from etappe.workspace.workspace import Workspace, open_workspace

ASKED = [(name, filters) for name in ("stages", "paths", "blockers", "content") for filters in ({}, {"kind": "first_purchase"}, {"outcome": "won"})]


def test_answers_given_at_once_from_one_database_are_those_of_a_database_each(here: Here) -> None:
    served, alone = here.workspace, open_workspace(here.workspace.folder.root)

    def told(asked: tuple[str, dict[str, Any]], ws: Any) -> str:
        with ws.opened() as (engine, build):
            return json.dumps(plain(answers.show(ws.folder, engine, build, asked[0], asked[1], ws.settings).to_dict()), default=str)

    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda asked: told(asked, served), ASKED))
    assert at_once == [told(asked, alone) for asked in ASKED]
    with served.opened() as (engine, _):
        assert engine.kept == {}
        assert list(engine.scratch.iterdir()) == []


def test_many_edits_of_a_map_are_one_check_for_those_who_see_the_overview(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[str] = []
    as_usual = Workspace.check

    def counted(self: Workspace, name: str, **options: Any) -> Any:
        checks.append(name)
        return as_usual(self, name, **options)

    monkeypatch.setattr(Workspace, "check", counted)
    monkeypatch.setattr(overview, "_EDITED", 60.0)
    before = local.get("/api/v1/overview/maps").json()
    for number in range(3):
        here.workspace.atlas.apply("map", "buying", Set(collection="", id="", path=("title",), value=f"Kauf {number}"), "anna")
        assert local.get("/api/v1/overview/maps").json() == before
    assert checks == ["buying"]
    assert local.get("/api/v1/maps/buying/check").json()["title"] == "Kauf 2", "the map itself is told as it is"
