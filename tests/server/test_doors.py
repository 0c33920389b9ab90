"""Who comes in: the one-time link once, nobody without a session, nobody from another site or host."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.from_thread
import pytest
from fastapi.testclient import TestClient

from etappe.server.app import make_app
from etappe.server.here import Here, Serving
from etappe.server.needs import HEADER
from etappe.workspace.workspace import open_workspace
from tests.server.conftest import HOST


def test_without_a_session_the_api_answers_401(client: TestClient) -> None:
    answer = client.get("/api/v1/maps")
    assert answer.status_code == 401
    assert set(answer.json()["error"]) >= {"code", "what", "where", "do_next"}


def test_a_one_time_link_opens_once(client: TestClient, here: Here) -> None:
    link = f"/s/open/{here.people.opening()}"
    first = client.get(link, follow_redirects=False)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/api/v1/maps").status_code == 200
    other = TestClient(client.app, base_url=HOST)
    assert other.get(link).status_code == 401
    assert other.get("/api/v1/maps").status_code == 401


@pytest.mark.parametrize(("language", "said"), [("de-DE,de;q=0.9", {"Dieser Link wurde schon benutzt, oder seine Stunde ist um.", "Dieser Link gilt nicht mehr", "Dieser Link gilt nicht mehr."}), ("en", {"This link was used already, or its hour is over.", "This link is not valid any more", "This link is not valid any more."})])
def test_whom_a_link_does_not_let_in_is_told_so_in_their_language(client: TestClient, language: str, said: set[str]) -> None:
    client.headers["Accept-Language"] = language
    answers = [client.get("/s/open/used"), client.get("/s/guest/over"), client.post("/s/guest/over", data={"name": "Karl"})]
    assert [answer.status_code for answer in answers] == [401] * 3
    told = [set(re.findall(r"<(?:p|h1)>([^<]+)<", answer.text)) for answer in answers]
    assert [len(words & said) for words in told] == [1] * 3
    assert [f'lang="{language[:2]}"' in answer.text for answer in answers] == [True] * 3


def test_behind_tls_the_session_travels_over_tls_alone(root: Path) -> None:
    app = make_app(open_workspace(root), Serving(address="https://maps.firm.example"))
    with TestClient(app, base_url=HOST) as client:
        answer = client.get(f"/s/open/{app.state.here.people.opening()}", follow_redirects=False)
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_two_workspaces_on_one_host_do_not_sign_each_other_out(root: Path, tmp_path: Path) -> None:
    """A browser sends its cookies to every port of a host."""
    shutil.copytree(root, tmp_path / "other")
    with TestClient(make_app(open_workspace(root), Serving()), base_url=HOST) as one, TestClient(make_app(open_workspace(tmp_path / "other"), Serving()), base_url=HOST) as other:
        other.cookies = one.cookies
        for client in (one, other):
            client.get(f"/s/open/{client.app.state.here.people.opening()}")  # type: ignore[attr-defined]
        assert [client.get("/api/v1/maps").status_code for client in (one, other)] == [200, 200]
        one.put("/api/v1/session/language", json={"language": "en"}, headers={HEADER: one.get("/api/v1/session").json()["csrf"]}).raise_for_status()
        assert [client.get("/api/v1/session").json()["language"] for client in (one, other)] == ["en", "de"]


def test_the_way_to_a_provider_is_kept_apart_for_each_workspace_on_a_host(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "other")
    apps = [make_app(open_workspace(folder), Serving(oidc_issuer="https://door.firm.example", oidc_client="etappe")) for folder in (root, tmp_path / "other")]
    assert len({app.state.here.oidc.cookie for app in apps}) == 2


def test_a_change_without_proof_is_refused(local: TestClient) -> None:
    proof = local.headers.pop(HEADER)
    body = {"id": "another"}
    assert local.post("/api/v1/maps", json=body).status_code == 403
    assert local.post("/api/v1/maps", json=body, headers={HEADER: "0" * 40}).status_code == 403
    assert local.post("/api/v1/maps", json=body, headers={HEADER: proof}).status_code == 201


def test_a_change_from_another_site_is_refused(local: TestClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert local.post("/api/v1/maps", json={"id": "another"}, headers=headers).status_code == 403
    assert local.post("/api/v1/maps", json={"id": "another"}, headers={"Origin": HOST}).status_code == 201


@pytest.mark.parametrize(("path", "who", "status"), [("sources", None, 401), ("interviews", None, 401), ("sources", "viewer", 403)])
def test_a_file_from_somebody_without_the_right_is_refused_before_it_is_read(client: TestClient, here: Here, role: Callable[[str], TestClient], path: str, who: str | None, status: int) -> None:
    cookie = role(who).cookies[here.cookie] if who else ""
    read: list[int] = []
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        read.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(read) < 100}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8400"), (b"content-type", b"multipart/form-data; boundary=b"), (b"cookie", f"{here.cookie}={cookie}".encode())]
    scope = {"type": "http", "method": "POST", "path": f"/api/v1/{path}/files", "raw_path": b"", "query_string": b"", "headers": headers, "scheme": "http", "client": ("127.0.0.1", 1)}
    with anyio.from_thread.start_blocking_portal() as portal:
        portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == status
    assert not read


def test_a_name_that_is_not_ours_is_refused(local: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "192.168.1.7", ""):
        assert local.get("/api/v1/maps", headers={"Host": host}).status_code == 421
    for host in ("localhost:8400", "127.0.0.1:1", "[::1]:8400"):
        assert local.get("/api/v1/maps", headers={"Host": host}).status_code == 200


def test_every_answer_forbids_foreign_script_and_frames_and_is_kept_by_nobody_in_between(client: TestClient) -> None:
    for path in ("/", "/maps/buying", "/api/v1/maps", "/api/v1/nothing", "/s/open/wrong"):
        headers = client.get(path).headers
        policy = {name: values for name, *values in (part.split() for part in headers["content-security-policy"].split(";"))}
        assert [policy[name] for name in ("default-src", "script-src", "connect-src", "form-action")] == [["'self'"]] * 4
        assert [policy[name] for name in ("object-src", "base-uri", "frame-ancestors")] == [["'none'"]] * 3
        assert (headers["x-content-type-options"], headers["x-frame-options"], headers["referrer-policy"]) == ("nosniff", "DENY", "same-origin")
        assert path.startswith(("/api/", "/s/")) == (headers.get("cache-control") == "no-store")
        assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", ["/..%2fpage.py", "/assets/..%2f..%2fpage.py", "/assets/%2e%2e/..%2fpage.py", "/%00", "/assets/%00.js", "/" + "a" * 300, "/" + "a/" * 3000, "/%ff", "/s/%00", "/s/open/%00", "/s/guest/" + "a" * 3000])
def test_no_address_leads_out_of_the_page_or_breaks_it(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (200, 401, 404, 503)
    assert "APIRouter" not in answer.text


def test_guessing_passwords_is_slowed(client: TestClient, here: Here) -> None:
    here.people.add("anna@firm.example", "admin", password="correct horse battery")
    csrf = client.get("/api/v1/session").json()["csrf"]
    codes = [client.post("/api/v1/session/sign-in", json={"name": "anna@firm.example", "password": f"wrong {number}"}, headers={HEADER: csrf}).status_code for number in range(11)]
    assert codes == [401] * 10 + [429]
    assert client.post("/api/v1/session/sign-in", json={"name": "anna@firm.example", "password": "correct horse battery"}, headers={HEADER: csrf}).status_code == 429


def test_name_and_password_open_a_session_that_ends(client: TestClient, here: Here) -> None:
    here.people.add("anna@firm.example", "editor", password="correct horse battery", shown="Anna Berg")
    csrf = client.get("/api/v1/session").json()["csrf"]
    assert client.post("/api/v1/session/sign-in", json={"name": "Anna@firm.example ", "password": "correct horse battery"}, headers={HEADER: csrf}).status_code == 200
    told = client.get("/api/v1/session").json()
    assert (told["user"]["shown"], told["user"]["initials"], told["user"]["role"]) == ("Anna Berg", "AB", "editor")
    secret = client.cookies[here.cookie]
    assert client.post("/api/v1/session/sign-out", headers={HEADER: told["csrf"]}).status_code == 200
    client.cookies.set(here.cookie, secret)
    assert client.get("/api/v1/maps").status_code == 401


def test_who_was_signed_out_from_elsewhere_signs_in_again_in_the_same_browser(client: TestClient, here: Here) -> None:
    here.people.add("anna@firm.example", "editor", password="correct horse battery")
    given = {"name": "anna@firm.example", "password": "correct horse battery"}
    client.post("/api/v1/session/sign-in", json=given, headers={HEADER: client.get("/api/v1/session").json()["csrf"]})
    here.people.change("anna@firm.example", password="another horse battery")
    here.look_again()
    told = client.get("/api/v1/session").json()
    assert told["user"] is None
    assert client.cookies[here.cookie]
    assert client.post("/api/v1/session/sign-in", json={**given, "password": "another horse battery"}, headers={HEADER: told["csrf"]}).status_code == 200
    assert client.get("/api/v1/maps").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [("GET", "/maps", {"Host": "evil.example"}, 421), ("POST", "/maps", {"Origin": "https://evil.example"}, 403), ("POST", "/overview", {}, 405), ("PUT", "/rules/stages", {"Content-Length": "9000000"}, 413)],
)
def test_what_no_route_takes_is_refused_in_the_one_shape_and_language_with_the_headers_of_safety(local: TestClient, method: str, path: str, headers: dict[str, str], status: int) -> None:
    answer = local.request(method, f"/api/v1{path}", headers={**headers, "Accept-Language": "de"})
    error = answer.json()["error"]
    assert answer.status_code == status
    assert error["where"] == f"/api/v1{path}"
    assert error["do_next"]
    for said in (error["what"], error["do_next"]):
        assert not {"This", "The", "Open", "Send", "See"} & {said.split()[0]}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
