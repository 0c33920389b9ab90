"""A server that is killed in mid edit has lost no edit that it acknowledged; sign-in by a real provider; nothing answers 5xx."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from fastapi.testclient import TestClient

from etappe.maps.database import sqlite_url
from etappe.maps.store import Store
from etappe.server.here import Here


def _serve(root: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """A server of its own process, and the one-time link it printed."""
    code = f"from etappe.cli.main import main; main(['-w', {str(root)!r}, 'serve', '--no-open', '--port', '0', '--json', *{list(options)!r}])"
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "ETAPPE_AUTHOR": "anna"})
    assert server.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        line = server.stdout.readline()
        if not line:
            raise AssertionError(f"the server ended: {server.poll()}")
        text += line
    return server, json.loads(text)["address"]


def test_a_server_killed_in_mid_edit_loses_no_acknowledged_edit(root: Path) -> None:
    server, link = _serve(root)
    acknowledged: list[tuple[str, int]] = []
    base = link.split("/s/")[0]
    try:
        with httpx.Client(base_url=base, timeout=20) as first:
            first.get(link)
            csrf = first.get("/api/v1/session").json()["csrf"]
            cookies = dict(first.cookies)

        def write(number: int) -> None:
            with httpx.Client(base_url=base, cookies=cookies, headers={"X-CSRF": csrf}, timeout=20) as client:
                for turn in range(10_000):
                    id = f"edit-{number}-{turn:05}"
                    thing = {"id": f"c-{number}-{turn}", "stage": "research", "lane": "actions", "text": id}
                    try:
                        done = client.post("/api/v1/maps/buying/edits", json={"id": id, "changes": [{"do": "add", "collection": "cards", "thing": thing}]})
                    except httpx.HTTPError:
                        return
                    if done.status_code == 200:
                        acknowledged.append((id, done.json()["revision"]))

        writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
        for writer in writers:
            writer.start()
        while len(acknowledged) < 25:
            time.sleep(0.02)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(20)
    for writer in writers:
        writer.join(30)
    store = Store(sqlite_url(root / "model.db"))
    log = {edit.id: edit.revision for edit in store.edits("map", "buying")}
    texts = {card.text for card in store.loaded("map", "buying")[0].collection("cards").values()}
    store.close()
    assert len(acknowledged) >= 25
    assert [pair for pair in acknowledged if log.get(pair[0]) != pair[1]] == []
    assert {id for id, _ in acknowledged} <= texts


def _signs_in(client: TestClient, issuer: str, subject: str) -> httpx.Response:
    """The way there, the provider's own form, and the way back."""
    away = client.get("/api/v1/session/oidc", follow_redirects=False)
    assert away.status_code == 302
    address = away.headers["location"]
    assert address.startswith(issuer)
    assert "code_challenge_method=S256" in address
    with httpx.Client() as there:
        answer = there.post(address, data={"sub": subject}, follow_redirects=False)
    back = answer.headers["location"]
    return client.get(back[back.index("/api/v1") :], follow_redirects=False)


def test_who_a_provider_vouches_for_comes_in(client: TestClient, here: Here, provider: str) -> None:
    from etappe.server.oidc import Oidc

    here.oidc = Oidc(provider, "etappe", "secret", "http://127.0.0.1:8400")
    httpx.put(f"{provider}/users/anna-at-provider", json={"email": "anna@firm.example", "email_verified": True})
    httpx.put(f"{provider}/users/mallory", json={"email": "anna@firm.example", "email_verified": True})
    httpx.put(f"{provider}/users/unverified", json={"email": "bert@firm.example", "email_verified": False})
    assert client.get("/api/v1/session").json()["signin"]["oidc"]
    assert _signs_in(client, provider, "anna-at-provider").status_code == 401, "nobody comes in without an account"
    here.people.add("anna@firm.example", "editor")
    here.people.add("bert@firm.example", "admin")
    done = _signs_in(client, provider, "anna-at-provider")
    assert done.status_code == 200, done.text
    assert re.search(r"samesite=strict", done.headers["set-cookie"], re.IGNORECASE)
    assert client.get("/api/v1/session").json()["user"]["name"] == "anna@firm.example"
    assert _signs_in(client, provider, "mallory").status_code == 401, "an account is bound to the subject that came first"
    assert _signs_in(client, provider, "unverified").status_code == 401, "an address that is not verified vouches for nobody"


def test_an_answer_that_belongs_to_another_browser_is_refused(client: TestClient, here: Here, provider: str) -> None:
    from etappe.server.oidc import Oidc

    here.oidc = Oidc(provider, "etappe", "secret", "http://127.0.0.1:8400")
    here.people.add("anna@firm.example", "editor")
    client.get("/api/v1/session/oidc", follow_redirects=False)
    for query in ("code=stolen&state=wrong", "state=wrong", "", "error=access_denied&state=x"):
        assert client.get(f"/api/v1/session/oidc/callback?{query}").status_code == 401
