"""A provider's answer counts only where it is signed by the provider, for us, for this browser, now."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from etappe.server.here import Here
from etappe.server.oidc import Oidc

ISSUER = "https://door.firm.example"
OURS, FOREIGN = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))


@pytest.fixture
def door(client: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> Callable[..., httpx.Response]:
    """A provider that says what it is told to say: goes there and comes back with a token of these claims."""
    here.people.add("anna@firm.example", "editor")
    here.oidc = Oidc(ISSUER, "etappe", "secret", "http://127.0.0.1:8400")
    answers: dict[str, Any] = {
        "/.well-known/openid-configuration": {"issuer": ISSUER, **{f"{name}_endpoint": f"{ISSUER}/{name}" for name in ("authorization", "token", "userinfo")}, "jwks_uri": f"{ISSUER}/keys"},
        "/keys": {"keys": [OURS.as_dict(private=False)]},
        "/userinfo": {"sub": "1", "email": "anna@firm.example", "email_verified": True},
    }  # fmt: skip
    asked: list[dict[str, list[str]]] = []

    def say(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            asked.append(parse_qs(request.content.decode()))
        return httpx.Response(200, json=answers[request.url.path])

    monkeypatch.setattr("etappe.server.oidc.httpx.AsyncClient", partial(httpx.AsyncClient, transport=httpx.MockTransport(say)))

    def come(key: RSAKey = OURS, *, algorithm: str = "RS256", later: float = 0, meant: str = "", **claims: Any) -> httpx.Response:
        way = parse_qs(urlsplit(client.get("/api/v1/session/oidc", follow_redirects=False).headers["location"]).query)
        said = {"iss": ISSUER, "aud": "etappe", "sub": "1", "nonce": way["nonce"][0], "exp": int(time.time()) + 3600, "email": "anna@firm.example", "email_verified": True, **claims}
        signed = jwt.encode({"alg": algorithm, "kid": "one"}, {name: value for name, value in said.items() if value is not None}, key, algorithms=[algorithm])
        answers["/token"] = {"id_token": signed, "access_token": "a"}
        if later:  # the browser would forget the cookie of the way there; somebody else's program would not
            assert here.oidc is not None
            kept, now = client.cookies[here.oidc.cookie], time.time()
            client.cookies.clear()
            client.cookies.set(here.oidc.cookie, kept)
            monkeypatch.setattr("etappe.server.oidc.time.time", lambda: now + later)
        back = client.get(f"/api/v1/session/oidc/callback?code=c&state={meant or way['state'][0]}")
        if asked:
            assert asked[-1]["code_verifier"]
        return back

    return come


def _in(client: TestClient) -> bool:
    return client.get("/api/v1/session").json()["user"] is not None


@pytest.mark.parametrize("claims", [{}, {"email": None}], ids=["in the token", "asked for"])
def test_who_is_vouched_for_comes_in(client: TestClient, door: Callable[..., httpx.Response], claims: dict[str, Any]) -> None:
    answer = door(**claims)
    assert answer.status_code == 200, answer.text
    assert _in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"}, {"aud": None}, {"iss": "https://evil.example"}, {"nonce": "of another time"}, {"nonce": None}, {"exp": 1_000_000_000}, {"exp": None}, {"sub": None},
        {"key": FOREIGN}, {"later": 601}, {"meant": "another"}, {"sub": "2", "email": None},
    ],
    ids=lambda wrong: f"{next(iter(wrong))} {next(iter(wrong.values()))!s:.12}",
)  # fmt: skip
def test_who_is_not_vouched_for_by_the_provider_for_us_and_for_this_browser_now_stays_out(client: TestClient, door: Callable[..., httpx.Response], wrong: dict[str, Any]) -> None:
    assert door(**wrong).status_code == 401
    assert not _in(client)


def test_a_way_there_that_was_not_begun_here_leads_nowhere(client: TestClient, here: Here, door: Callable[..., httpx.Response]) -> None:
    client.get("/api/v1/session/oidc", follow_redirects=False)
    assert here.oidc is not None
    forged = Oidc(ISSUER, "etappe", "secret", "http://127.0.0.1:8400")
    client.cookies.set(here.oidc.cookie, forged._signed({"state": "s", "nonce": "n", "verifier": "v", "until": int(time.time()) + 600}), path="/api/v1/session/oidc")
    assert client.get("/api/v1/session/oidc/callback?code=c&state=s").status_code == 401


def test_a_provider_of_another_name_is_not_gone_to(client: TestClient, here: Here, door: Callable[..., httpx.Response]) -> None:
    here.oidc = Oidc("https://other.example", "etappe", "secret", "http://127.0.0.1:8400")
    assert client.get("/api/v1/session/oidc", follow_redirects=False).status_code == 401
