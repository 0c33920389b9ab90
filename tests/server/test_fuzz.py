"""Whatever is sent along the description of the API, nothing answers 5xx and every refusal has the one shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings

from etappe.server.app import make_app
from etappe.server.here import Serving
from etappe.server.openapi import text
from etappe.workspace.workspace import open_workspace
from tests.server.conftest import HOST, Browser, enter

LONG = "/(builds|sources/imports|sources/mappings|rules/preview|surveys/deliver|draft|report|export|session/sign-out|session/oidc)|/(segments|surveys|interviews|reviews)/[{]id[}]/(edits|undo|restore|history)"
"""Long work has its own tests; signing out would end the run; what all kinds of documents share is tried with personas."""

schema = schemathesis.openapi.from_dict(json.loads(text())).exclude(path_regex=LONG)


@pytest.fixture(scope="module")
def browser(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import shutil

    root = tmp_path_factory.mktemp("fuzz") / "workspace"
    shutil.copytree(sample, root)
    app = make_app(open_workspace(root), Serving())
    with Browser(app, base_url=HOST, raise_server_exceptions=False) as first:
        people = app.state.here.people
        people.add("admin@firm.example", "admin", password="correct horse battery")
        app.state.here.limits.count = lambda *_: None
        yield enter(first, people.begin("admin@firm.example"))


@schema.parametrize()
@settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nothing_answers_5xx(case: Any, browser: TestClient) -> None:
    kwargs = case.as_transport_kwargs(base_url=HOST)
    given = {name: kwargs[name] for name in ("method", "url", "params", "json", "data", "files", "content") if kwargs.get(name) is not None}
    headers = {name: value for name, value in (kwargs.get("headers") or {}).items() if str(name).lower() == "content-type" and value}
    answer = browser.request(**given, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, (given, answer.text[:500])
    if answer.status_code >= 400:
        assert set(answer.json()["error"]) >= {"code", "what", "where", "do_next"}
