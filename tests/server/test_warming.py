"""What every reader opens first is computed before the first one asks."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from etappe.server.here import Here
from etappe.server.warming import warm
from etappe.workspace import answers
from etappe.workspace.views import Views

API = "/api/v1"


def test_after_warming_the_first_reader_waits_for_no_answer(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(here.views)

    def computed(*_: object) -> None:
        raise AssertionError("it was computed only when somebody asked")

    monkeypatch.setattr(Views, "_compute", computed)
    first = [f"/analyses/{name}?language={here.workspace.settings.language}" for name in answers.names()]
    for address in ("/filters", "/overview/maps", "/maps/buying/check", "/personas/it-lead/page", *first):
        assert local.get(API + address).status_code == 200, address
