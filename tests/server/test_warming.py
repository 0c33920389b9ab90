"""What every reader opens first is computed before the first one asks."""

from __future__ import annotations

import json
import shutil
import threading

import pytest
from fastapi.testclient import TestClient

from etappe.server import warming
from etappe.server.answering import plain_answer
from etappe.server.here import Here
from etappe.server.warming import warm
from etappe.tables.keep import Build
from etappe.workspace import answers
from etappe.workspace.views import Views

API = "/api/v1"


def test_a_server_started_anew_opens_the_tables_though_all_its_answers_are_kept(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(here.views)
    opened: list[str] = []

    def asked(_engine: object, build: Build, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        opened.append(build.folder.name)
        return rows

    monkeypatch.setattr(answers, "with_names", asked)
    warm(here.views)
    assert opened[-1:] == [here.views.build().folder.name]


def test_after_warming_the_first_reader_waits_for_no_answer(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(here.views)

    def computed(*_: object) -> None:
        raise AssertionError("it was computed only when somebody asked")

    monkeypatch.setattr(Views, "_compute", computed)
    kinds = "&".join(f"kind={kind}" for kind in here.workspace.atlas.map("buying").journey)
    lists = ("/accounts?quiet=90&sort=won_value&size=5", "/accounts?sort=last_step_at&down=true&page=1&size=50")
    first = [f"/analyses/{name}?language={language}" for name in answers.names() for language in ("de", "en")]
    for address in ("/filters", "/overview/maps", *lists, "/maps/buying/check", f"/analyses/stages?{kinds}", "/personas/it-lead/page", *first):
        assert local.get(API + address).status_code == 200, address


def test_what_was_told_in_one_language_is_the_same_answer_in_the_other(here: Here) -> None:
    with_it = {language: json.loads(plain_answer(here.views, "durations", language, {}, None).body) for language in ("de", "en")}
    shutil.rmtree(here.views.build().folder / "_views")
    fresh = Views(here.workspace)
    alone = {language: json.loads(plain_answer(fresh, "durations", language, {}, None).body) for language in ("en", "de")}
    assert with_it == alone
    assert with_it["de"]["title"] != with_it["en"]["title"]


def test_a_build_made_elsewhere_is_told_beforehand_once_it_is_met(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(warming, "warm", lambda views: told.append(views.build().folder.name))
    here.views.build()
    warming.keep_warm(here.views)
    builds = here.workspace.folder.builds
    before = (builds / "current").read_text()
    shutil.copytree(builds / before, builds / "99990101T000000-other")
    (builds / "current").write_text("99990101T000000-other")
    here.views.build()
    here.views.build()
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join(20)
    assert sorted(told[-1:]) == ["99990101T000000-other"]
    assert len(told) == 2


def test_whoever_asks_goes_before_what_is_told_beforehand(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> str:
        begun.set()
        go_on.wait(20)
        order.append("asked")
        return "asked"

    monkeypatch.setattr(warming, "_told", lambda _views: [lambda: order.append("beforehand")])
    asking = threading.Thread(target=here.views.get, args=["slow", {}, slow])
    asking.start()
    begun.wait(20)
    telling = threading.Thread(target=warm, args=[here.views])
    telling.start()
    telling.join(0.3)
    go_on.set()
    for thread in (asking, telling):
        thread.join(20)
    assert order == ["asked", "beforehand"]
