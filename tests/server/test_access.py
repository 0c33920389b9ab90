"""Every route with every role, and with none: who gets in is written down here once more, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from etappe.server.app import api_routes, make_app
from etappe.server.here import Here, Serving
from etappe.workspace.workspace import open_workspace
from tests.server.conftest import HOST, Browser, another, enter

NOBODY, VIEWER, EDITOR, ADMIN = 0, 1, 2, 3
ORDER = {"nobody": NOBODY, "viewer": VIEWER, "editor": EDITOR, "admin": ADMIN}

LEAST = {
    "GET": {
        NOBODY: "/session /session/oidc /session/oidc/callback",
        VIEWER: "/sources/export /sources/{source}/unresolved /sources/{source}/unresolved/export /overview /overview/maps /members /segments/sizes /maps/{slug}/report /maps/{slug}/claims/{card}/rows /maps/{slug}/blind-spots/{spot}/rows /maps/{slug}/blind-spots/{spot}/export /maps/{slug}/agreement/rows /maps/{slug}/agreement/export /personas/{id}/report /personas/{id}/rows /personas/{id}/rows/export /reviews/{id}/report /analyses /analyses/{name} /analyses/{name}/rows /analyses/{name}/export /filters /words /accounts /accounts.{format} /lists/{many}/export /maps/{slug}/personas /maps/{slug}/claims/{card}/export /accounts/{id} /accounts/{id}/why /accounts/{id}/report "
        "/maps /maps/{slug} /maps/{slug}/history /maps/{slug}/compare /maps/{slug}/lint /maps/{slug}/check /maps/{slug}/comments /maps/{slug}/export /templates /templates/{name}/questions "
        "/sources /formats /rules /rules/{name} /interviews/insights /interviews/{id}/text /interviews/{id}/uses /surveys/{id}/results /surveys/{id}/form /surveys/{id}/answers /surveys/{id}/answers/export /interviews/insights/export /personas/{id}/page /reviews/tasks /reviews/{id}/since /reviews/{id}/minutes "
        + " ".join(f"/{many} /{many}/{{id}} /{many}/{{id}}/history" for many in ("personas", "segments", "surveys", "interviews", "reviews")),
        EDITOR: "/sources/quarantine /sources/quarantine/export /jobs /jobs/{id} /maps/{slug}/guests",
        ADMIN: "/people /guests /tokens /audit /audit/choices /audit/export /settings",
    },
    "POST": {
        NOBODY: "/session/link /session/sign-in /session/sign-out /session/guest",
        VIEWER: "/maps/{slug}/edits /maps/{slug}/comments",
        EDITOR: "/maps /maps/{slug}/undo /maps/{slug}/restore /maps/{slug}/marks /maps/{slug}/draft /maps/{slug}/blind-spots /maps/{slug}/guests /identity/decisions /personas /personas/rule /segments /segments/lists /surveys "
        "/surveys/{id}/state /surveys/{id}/links /surveys/deliver /interviews/files /interviews/topics/rename /interviews/{id}/codes /interviews/{id}/use /reviews /reviews/{id}/decisions /reviews/{id}/tasks "
        "/reviews/{id}/tasks/{task}/done /reviews/{id}/close /sources/files /sources/imports /sources/suggest /sources/mappings /sources/quarantine/repair /builds /rules/check /rules/preview "
        + " ".join(f"/{many}/{{id}}/{verb}" for many in ("personas", "segments", "surveys", "interviews", "reviews") for verb in ("edits", "undo", "restore")),
        ADMIN: "/people /tokens /session/links",
    },
    "PUT": {NOBODY: "/session/language", VIEWER: "/session/password", EDITOR: "/rules/{name}", ADMIN: "/settings"},
    "PATCH": {ADMIN: "/people/{name}"},
    "DELETE": {
        EDITOR: "/maps/{slug} /maps/{slug}/guests/{id} /interviews/{id}/codes/{passage} /sources/files/{id} /personas/{id} /segments/{id} /surveys/{id} /interviews/{id} /reviews/{id}",
        ADMIN: "/people/{name} /tokens/{id}",
    },
}  # fmt: skip
GUEST = {("GET", "/maps/{slug}"), ("GET", "/maps/{slug}/comments"), ("GET", "/maps/{slug}/check")}
COMMENTING = {("POST", "/maps/{slug}/edits"), ("POST", "/maps/{slug}/comments")}
EDITING = {("POST", "/maps/{slug}/undo")}


def _expected() -> dict[tuple[str, str], int]:
    return {(method, path): least for method, levels in LEAST.items() for least, paths in levels.items() for path in paths.split()}


ROUTES = sorted((method, route.path) for route in api_routes() for method in route.methods)


def _address(path: str, map: str = "buying") -> str:
    named = {"slug": map, "name": "stages", "format": "csv", "id": "no-such", "passage": "p1", "card": "no-such", "spot": "no-such", "source": "no-such", "many": "maps", "task": "t1"}
    return "/api/v1" + re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)


def _status(client: TestClient, method: str, path: str, map: str = "buying") -> int:
    """What comes back; a body that nothing accepts, so that nothing is changed where somebody gets in."""
    body = {"json": {"nothing": "of use"}} if method in ("POST", "PUT", "PATCH") else {}
    return client.request(method, _address(path, map), follow_redirects=False, **body).status_code  # type: ignore[arg-type]


def test_every_route_is_written_down_here() -> None:
    assert set(ROUTES) == set(_expected())


HEAVY = {("POST", "/maps/{slug}/draft"), ("POST", "/surveys/deliver"), ("POST", "/builds"), ("POST", "/session/links"), ("POST", "/session/sign-out")}
"""Routes that do something whatever the body says; a role that may is not sent there."""


@pytest.mark.parametrize("name", list(ORDER))
def test_every_route_lets_in_those_it_should_and_nobody_else(client: TestClient, role: Callable[[str], TestClient], name: str) -> None:
    browser = role(name) if name != "nobody" else another(client)
    if name == "nobody":
        role("admin")
        browser.headers["X-CSRF"] = browser.get("/api/v1/session").json()["csrf"]
    wrong = []
    for (method, path), least in sorted(_expected().items()):
        allowed = ORDER[name] >= least
        if (allowed and (method, path) in HEAVY) or (method, path) in {("GET", "/session/oidc/callback"), ("DELETE", "/maps/{slug}"), ("GET", "/analyses/{name}/export"), ("GET", "/maps/{slug}/export"), ("GET", "/maps/{slug}/report")}:
            continue
        status = _status(browser, method, path)
        refused = status == (401 if name == "nobody" else 403)
        signing_in = path in ("/session/link", "/session/sign-in", "/session/guest")
        pseudonyms = name == "viewer" and path == "/accounts/{id}/why"
        if (refused == allowed and not signing_in and not pseudonyms) or status >= 500:
            wrong.append((method, path, status))
    assert wrong == []


@pytest.mark.parametrize("can", ["view", "comment", "edit"])
def test_a_guest_gets_to_one_map_and_nowhere_else(client: TestClient, here: Here, can: str) -> None:
    here.workspace.atlas.new_map("another-map", "anna")
    here.people.add("admin@firm.example", "admin", password="correct horse battery")
    id, secret = here.guests.invite("buying", can, "anna")
    grant, until = here.guests.enter(secret)
    assert grant.id == id
    guest = enter(client, here.people.begin(guest=grant.id, shown="Karl", until=until))
    allowed = GUEST | (COMMENTING if can != "view" else set()) | (EDITING if can == "edit" else set())
    wrong = []
    for method, path in ROUTES:
        if _expected()[method, path] == NOBODY:
            continue
        status = _status(guest, method, path)
        if (status == 403) == ((method, path) in allowed):
            wrong.append((method, path, status))
        if "{slug}" in path and _status(guest, method, path, "another-map") != 403:
            wrong.append((method, path, "another map"))
    assert wrong == []


def test_a_token_does_what_its_scope_says_and_no_more_than_its_user(client: TestClient, here: Here) -> None:
    here.people.add("admin@firm.example", "admin", password="correct horse battery")
    here.people.add("viewer@firm.example", "viewer", password="correct horse battery")
    for user, scope, reads, writes, manages in (
        ("admin@firm.example", "read", 200, 403, 403), ("admin@firm.example", "write", 200, 201, 403), ("admin@firm.example", "admin", 200, 201, 200), ("viewer@firm.example", "admin", 200, 403, 403),
    ):  # fmt: skip
        _, secret = here.people.make_token(user, "test", scope)
        script = another(client)
        script.headers["Authorization"] = f"Bearer {secret}"
        assert script.get("/api/v1/maps").status_code == reads
        assert script.post("/api/v1/personas", json={"id": f"p-{scope}-{user[:5]}"}).status_code == writes, "a token needs no proof of the page"
        assert script.get("/api/v1/people").status_code == manages
        assert script.post("/api/v1/maps/buying/comments", json={"text": f"by {scope}"}).status_code == (403 if scope == "read" else 201)
        script.put("/api/v1/session/language", json={"language": "en"})
        assert {user.name: user.language for user in here.people.all()}[user] == ("" if scope == "read" else "en")


def test_a_wrong_token_is_nobody(client: TestClient, local: TestClient) -> None:
    local.headers["Authorization"] = "Bearer etappe_wrong"
    assert local.get("/api/v1/maps").status_code == 401


def test_whoever_sees_pseudonyms_asks_for_nobody_by_what_is_kept_from_them(role: Callable[[str], TestClient]) -> None:
    viewer, editor = role("viewer"), role("editor")
    person = next(row["person_id"] for row in editor.get("/api/v1/analyses/attribution/rows?limit=200").json()["rows"] if row.get("person_id"))
    asked = {"only": [f"person_id:{person}"], "rows": True, "format": "csv"}
    for what in ("rows", "export"):
        address = f"/api/v1/analyses/attribution/{what}"
        assert [browser.get(address, params=asked).status_code for browser in (editor, viewer)] == [200, 403]
        assert viewer.get(address, params={**asked, "only": ["channel:e-mail"]}).status_code == 200


def test_viewers_see_pseudonyms(role: Callable[[str], TestClient], here: Here) -> None:
    viewer, editor = role("viewer"), role("editor")
    account = editor.get("/api/v1/accounts?sort=persons&size=1").json()["rows"][0]["account_id"]
    whole, masked = editor.get(f"/api/v1/accounts/{account}").json(), viewer.get(f"/api/v1/accounts/{account}").json()
    names = {person[key] for person in whole["persons"] for key in ("name", "email") if person.get(key)}
    ids = {person["person_id"] for person in whole["persons"]}
    assert names
    text = str(masked)
    assert [name for name in names | ids if name in text] == []
    assert len({person["person_id"] for person in masked["persons"]}) == len(ids), "the same person has one number"
    rows = viewer.get("/api/v1/analyses/journeys/rows?limit=200").text
    assert [id for id in ids if f'"{id}"' in rows] == []
    assert viewer.get(f"/api/v1/accounts/{account}/why").status_code == 403
    seen = [(line["who"], line["what"]) for line in here.audit.lines(limit=20)]
    assert ("editor@firm.example", "saw account") in seen


def test_guests_see_no_figures_of_fewer_than_five() -> None:
    from etappe.workspace.access import suppressed

    shown = suppressed({"claims": [{"figure": {"value": 0.5, "low": 0.1, "high": 0.9, "n": 4}}, {"figure": {"value": 0.5, "low": 0.4, "high": 0.6, "n": 5}}]})
    assert shown["claims"][0]["figure"] == {"value": None, "low": None, "high": None, "why": "too few", "n": 0}
    assert shown["claims"][1]["figure"]["value"] == 0.5


def test_the_last_admin_stays(role: Callable[[str], TestClient]) -> None:
    admin = role("editor") and role("admin")
    assert admin.patch("/api/v1/people/admin@firm.example", json={"role": "viewer"}).status_code == 403
    assert admin.delete("/api/v1/people/admin@firm.example").status_code == 403


def test_the_last_account_of_a_server_that_others_reach_stays(root: Path) -> None:
    with Browser(make_app(open_workspace(root), Serving(loopback=False)), base_url=HOST, raise_server_exceptions=False) as browser:
        people = browser.app.state.here.people  # type: ignore[attr-defined]
        people.add("admin@firm.example", "admin", password="correct horse battery")
        admin = enter(browser, people.begin("admin@firm.example"))
        for change in ({"role": "viewer"}, {"disabled": True}):
            assert admin.patch("/api/v1/people/admin@firm.example", json=change).status_code == 403
        assert admin.delete("/api/v1/people/admin@firm.example").status_code == 403
        assert admin.patch("/api/v1/people/admin@firm.example", json={"shown": "Anna"}).status_code == 200


def test_who_is_disabled_is_out_at_once(role: Callable[[str], TestClient]) -> None:
    editor, admin = role("editor"), role("admin")
    assert editor.get("/api/v1/maps").status_code == 200
    assert admin.patch("/api/v1/people/editor@firm.example", json={"disabled": True}).status_code == 200
    assert editor.get("/api/v1/maps").status_code == 401


def test_on_another_address_there_is_no_way_in_without_an_account(root: object) -> None:
    from pathlib import Path

    from etappe.errors import AccessFault
    from etappe.server.here import Serving
    from etappe.server.serve import is_loopback, serve
    from etappe.workspace.workspace import open_workspace

    assert isinstance(root, Path)
    ws = open_workspace(root)
    for host in ("0.0.0.0", "::", "192.168.1.4", "firm.example"):
        assert not is_loopback(host)
        with pytest.raises(AccessFault):
            serve(ws, host, 0, serving=Serving(loopback=False), say=lambda _link, _once: None)


def test_a_link_of_this_machine_does_not_open_a_public_server(root: object) -> None:
    from etappe.server.app import make_app
    from etappe.server.here import Serving
    from etappe.workspace.workspace import open_workspace
    from tests.server.conftest import Browser

    app = make_app(open_workspace(root), Serving(loopback=False, names=("maps.firm.example",)))  # type: ignore[arg-type]
    with Browser(app, base_url="https://maps.firm.example", raise_server_exceptions=False) as browser:
        people = app.state.here.people
        session = enter(browser, people.begin())
        session.base_url = "https://maps.firm.example"  # type: ignore[assignment]
        assert session.get("/api/v1/maps").status_code == 401
        assert session.get(f"/s/open/{people.opening()}").status_code == 403
        people.add("a@firm.example", "admin", password="correct horse battery")
        csrf = browser.get("/api/v1/session").json()["csrf"]
        answer = browser.post("/api/v1/session/sign-in", json={"name": "a@firm.example", "password": "correct horse battery"}, headers={"X-CSRF": csrf})
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]
