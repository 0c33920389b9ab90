"""Doors without a lock are slowed, and nothing is taken in that is larger than it may be, whatever it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from etappe.server.app import make_app
from etappe.server.here import Here, Serving
from etappe.server.needs import HEADER, csrf_of
from etappe.workspace.workspace import open_workspace
from tests.server.conftest import HOST, Browser

API = "/api/v1"


def _by_post(path: str, given: Callable[[int], dict[str, str]]) -> Callable[[TestClient, int], int]:
    return lambda client, turn: client.post(API + path, json=given(turn), headers={HEADER: csrf_of("")}).status_code


TRIED: dict[str, tuple[int, Callable[[TestClient, int], int]]] = {
    "names by one address": (30, _by_post("/session/sign-in", lambda turn: {"name": f"anna{turn}@firm.example", "password": "wrong"})),
    "one name, written in ten ways": (10, _by_post("/session/sign-in", lambda turn: {"name": " " * (turn % 5) + ("anna@firm.example", "ANNA@firm.example", "Anna@Firm.Example")[turn % 3], "password": "wrong"})),
    "one-time links": (60, _by_post("/session/link", lambda turn: {"token": f"guessed-{turn}"})),
    "one-time links by address": (60, lambda client, turn: client.get(f"/s/open/guessed-{turn}").status_code),
    "guest links": (60, _by_post("/session/guest", lambda turn: {"token": f"guessed-{turn}", "name": "Karl"})),
    "guest links by address": (60, lambda client, turn: client.get(f"/s/guest/guessed-{turn}").status_code),
    "forms opened": (60, lambda client, turn: client.get(f"/s/guessed-{turn}").status_code),
    "forms sent": (20, lambda client, turn: client.post(f"/s/guessed-{turn}", data={"q": "1"}).status_code),
}
"""What is tried without being signed in: how often within minutes, and one try."""


@pytest.mark.parametrize("what", TRIED)
def test_whoever_tries_too_often_is_refused_until_later(client: TestClient, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr("etappe.server.limits.time.monotonic", lambda: 1000.0)  # a slow machine forgives none of the tries
    monkeypatch.setattr("pwdlib.PasswordHash.verify", lambda *_: False)
    most, once = TRIED[what]
    codes = [once(client, turn) for turn in range(most + 2)]
    assert set(codes[:most]) <= {401, 404}
    assert codes[most:] == [429, 429]


@pytest.fixture
def narrow(root: Path) -> Iterator[TestClient]:
    """Whoever sits at a machine that takes uploads of one megabyte."""
    app = make_app(open_workspace(root), Serving(largest=1 << 20))
    with Browser(app, base_url=HOST, raise_server_exceptions=False) as client:
        here: Here = app.state.here
        secret = here.people.open(here.people.opening())
        client.cookies.set(here.cookie, secret)
        client.headers[HEADER] = csrf_of(secret)
        yield client


def test_an_upload_is_as_large_as_the_server_says_and_no_larger(narrow: TestClient) -> None:
    for path in ("/sources/files", "/interviews/files"):
        answer = narrow.post(API + path, files=[("files", ("much.csv", b"a;b\n" * 500_000, "text/csv"))])
        assert answer.status_code == 413, path
        assert answer.json()["error"]["what"] == "This is larger than 1 MB."
    assert narrow.post(f"{API}/sources/files", files=[("files", ("some.csv", b"a;b\n" * 100_000, "text/csv"))]).status_code == 201


@pytest.mark.parametrize("path", ["/sources/files", "/maps"])
def test_what_does_not_say_how_long_it_is_is_counted_as_it_comes(narrow: TestClient, path: str) -> None:
    """Sent in pieces, without a length in its head."""
    kind = "multipart/form-data; boundary=b" if path == "/sources/files" else "application/json"
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="much.csv"\r\n\r\n' if path == "/sources/files" else b'{"id": "'
    pieces = iter([head, *[b"a" * (1 << 20)] * 9])
    answer = narrow.post(API + path, content=pieces, headers={"Content-Type": kind})
    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413, answer.text
