"""Questions that many ask at once are answered as if each had been asked alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from etappe.server.here import Here
from etappe.words.result import plain
from etappe.workspace import answers
from etappe.workspace.workspace import open_workspace

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
