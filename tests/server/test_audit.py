"""The audit log knows who saw records of people, who took something away as a file, and who changed who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from etappe.maps.changes import Add, Remove
from etappe.server.app import api_routes
from etappe.server.here import Here
from tests.server.conftest import another

API = "/api/v1"

READ = {
    "/accounts/{id}": ("saw account", "{account}"), "/accounts/{id}/why": ("saw why", "{account}"), "/accounts/{id}/report": ("exported", "account {account}"), "/accounts.{format}": ("exported", "accounts"),
    "/analyses/{name}/rows": ("saw rows", "journeys"), "/analyses/{name}/export": ("exported", "journeys"), "/lists/{many}/export": ("exported", "list of maps"),
    "/maps/{slug}/claims/{card}/rows": ("saw rows", "claim bare claiming"), "/maps/{slug}/claims/{card}/export": ("exported", "claim bare claiming"),
    "/maps/{slug}/blind-spots/{spot}/rows": ("saw rows", "blind spot bare {spot}"), "/maps/{slug}/blind-spots/{spot}/export": ("exported", "blind spot bare {spot}"),
    "/maps/{slug}/agreement/rows": ("saw rows", "agreement bare"), "/maps/{slug}/agreement/export": ("exported", "agreement bare"), "/maps/{slug}/export": ("exported", "map bare"),
    "/maps/{slug}/report": ("exported", "journey report bare"), "/maps/{slug}/personas": ("exported", "personas of bare"), "/personas/{id}/report": ("exported", "persona engineers"),
    "/personas/{id}/rows": ("saw rows", "persona engineers"), "/personas/{id}/rows/export": ("exported", "persona engineers size"), "/reviews/{id}/report": ("exported", "review {review}"),
    "/sources/{source}/unresolved": ("saw rows", "unresolved of {source}"), "/sources/{source}/unresolved/export": ("exported", "unresolved of {source}"), "/sources/export": ("exported", "list of sources"),
    "/sources/quarantine": ("saw quarantine", ""), "/sources/quarantine/export": ("exported", "list of quarantine"), "/audit/export": ("exported", "list of audit"),
    "/interviews/insights/export": ("exported", "list of insights"), "/surveys/{id}/answers": ("saw rows", "survey asking"), "/surveys/{id}/answers/export": ("exported", "list of answers"),
    "/surveys/{id}/results": ("saw answers", "asking"),
}  # fmt: skip
"""What reads, and the line it leaves: what was done, and about what."""


@pytest.fixture
def noted(here: Here) -> Callable[[], list[tuple[str, str, str]]]:
    """The lines written since it was asked last: who, what, about."""
    last = max((line["number"] for line in here.audit.lines(limit=1)), default=0)

    def since() -> list[tuple[str, str, str]]:
        nonlocal last
        lines = [line for line in reversed(here.audit.lines(limit=50)) if line["number"] > last]
        last = max((line["number"] for line in lines), default=last)
        return [(line["who"], line["what"], line["about"]) for line in lines]

    return since


@pytest.fixture
def places(here: Here, role: Callable[[str], TestClient]) -> dict[str, str]:
    """Things to be read, one of each kind, by the part of an address that names it."""
    admin, atlas = role("admin"), here.workspace.atlas
    atlas.new_persona("engineers", "anna", title="Technik", rule={"title": "."})
    atlas.new_map("bare", "anna", template="seven-phases", journey=["first_purchase"])
    for card in atlas.map("bare").cards:
        atlas.apply("map", "bare", Remove(collection="cards", id=card), "anna")
    stage = next(iter(atlas.map("bare").stages))
    atlas.apply("map", "bare", Add(collection="cards", thing={"id": "claiming", "stage": stage, "lane": "actions", "text": "Webinar", "claim": "coverage(webinar) >= 0.01"}), "anna")
    admin.post(f"{API}/surveys", json={"id": "asking", "template": "nps"})
    spots = admin.get(f"{API}/maps/bare/check").json()["blind_spots"]
    return {
        "account": admin.get(f"{API}/accounts?size=1").json()["rows"][0]["account_id"], "spot": next(spot["id"] for spot in spots if spot["kind"] not in ("search", "quote")),
        "review": admin.post(f"{API}/reviews", json={"map": "bare"}).json()["id"], "source": admin.get(f"{API}/sources").json()["sources"][0]["source"],
    }  # fmt: skip


def test_everything_that_shows_records_or_is_taken_away_is_written_down_here() -> None:
    paths = {route.path for route in api_routes() if "GET" in route.methods}
    assert {path for path in paths if path.endswith(("/rows", "/export", "/report", "/why", "/unresolved", "/quarantine", "/answers", "/results", ".{format}", "/maps/{slug}/personas"))} | {"/accounts/{id}"} == set(READ)


def test_whoever_sees_records_or_takes_a_file_away_leaves_one_line(role: Callable[[str], TestClient], places: dict[str, str], noted: Callable[[], list[tuple[str, str, str]]]) -> None:
    admin = role("admin")
    noted()
    wrong = []
    for path, (what, about) in READ.items():
        kind = path.split("/")[1]
        id = {"accounts": places["account"], "personas": "engineers", "reviews": places["review"], "surveys": "asking"}.get(kind, "")
        named = {"id": id, "slug": "bare", "card": "claiming", "spot": places["spot"], "source": places["source"], "many": "maps", "name": "journeys", "format": "csv"}
        asked: dict[str, Any] = {"figure": "size"} if path.startswith("/personas/{id}/rows") else {"format": "html"} if path.endswith(("/report", "/{slug}/personas")) else {}
        answer = admin.get(API + path.format(**named), params=asked)
        expected = [("admin@firm.example", what, about.format(**places))]
        if answer.status_code != 200 or (found := noted()) != expected:
            wrong.append((path, answer.status_code, answer.text[:200] if answer.status_code != 200 else found))
    assert wrong == []


def test_whoever_changes_who_may_do_what_or_what_is_counted_leaves_one_line(role: Callable[[str], TestClient], noted: Callable[[], list[tuple[str, str, str]]]) -> None:
    admin = role("admin")
    noted()

    def did(method: str, path: str, expected: tuple[str, str], **given: Any) -> Any:
        answer = admin.request(method, API + path, **given)
        assert answer.status_code < 300, (path, answer.text)
        assert noted() == [("admin@firm.example", *expected)], path
        return answer.json()

    did("POST", "/people", ("added person", "neu@firm.example"), json={"name": "neu@firm.example", "role": "viewer", "password": "correct horse battery"})
    did("PATCH", "/people/neu@firm.example", ("changed person", "neu@firm.example"), json={"role": "editor"})
    did("DELETE", "/people/neu@firm.example", ("removed person", "neu@firm.example"))
    token = did("POST", "/tokens", ("made token", "nightly"), json={"title": "nightly", "scope": "read"})
    did("DELETE", f"/tokens/{token['id']}", ("removed token", token["id"]))
    did("POST", "/session/links", ("made a one-time link", ""))
    guest = did("POST", "/maps/buying/guests", ("invited guest", "buying"), json={"can": "view"})
    did("DELETE", f"/maps/buying/guests/{guest['id']}", ("revoked guest", "buying"))
    did("POST", "/identity/decisions", ("decided", "merge"), json={"kind": "merge", "what": ["a.example"], "into": "b.example", "reason": "one group"})
    rules = admin.get(f"{API}/rules/stages").json()
    did("PUT", "/rules/stages", ("saved rules", "stages"), json={"text": rules["text"], "tag": rules["tag"]})
    did("PUT", "/settings", ("changed settings", "workspace.name"), json={"settings": {"workspace.name": "Messwerk"}})
    upload = did("POST", "/sources/files", ("uploaded", "nichts.csv"), files=[("files", ("nichts.csv", b"a;b\n1;2\n", "text/csv"))])["uploads"][0]["id"]
    did("POST", "/sources/imports", ("imported", "nichts.csv"), json={"uploads": [upload], "build": False})
    admin.post(f"{API}/surveys", json={"id": "gefragt", "template": "nps"})
    admin.post(f"{API}/surveys/gefragt/state", json={"state": "open"})
    did("POST", "/surveys/gefragt/links", ("invited to survey", "gefragt"), json={"count": 1})
    review = admin.post(f"{API}/reviews", json={"map": "buying"}).json()
    assert noted() == [("admin@firm.example", "started review", review["id"])]
    did("POST", f"/reviews/{review['id']}/close", ("closed review", review["id"]), json={})
    did("DELETE", "/maps/buying", ("removed map", "buying"))


def test_who_came_in_and_who_was_refused_is_in_the_log(client: TestClient, here: Here, role: Callable[[str], TestClient], noted: Callable[[], list[tuple[str, str, str]]]) -> None:
    secret = role("admin").post(f"{API}/maps/buying/guests", json={"can": "view"}).json()["secret"]
    noted()
    for given, expected in (
        (("session/sign-in", {"name": "admin@firm.example", "password": "wrong"}), ("admin@firm.example", "sign-in refused", "testclient")),
        (("session/sign-in", {"name": "Admin@firm.example", "password": "correct horse battery"}), ("admin@firm.example", "signed in", "testclient")),
        (("session/guest", {"token": secret, "name": "Karl"}), ("Karl (Gast)", "came in", "buying")),
    ):  # fmt: skip
        browser = another(client)
        browser.post(f"{API}/{given[0]}", json=given[1], headers={"X-CSRF": browser.get(f"{API}/session").json()["csrf"]})
        assert noted() == [expected]
