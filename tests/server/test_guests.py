"""Guests of a map: what they may write, what they are told, and under which name."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from etappe.maps.changes import Feel, Set
from etappe.server.here import Here
from tests.server.conftest import another
from tests.server.test_live import _set, _until

MAP = "/api/v1/maps/buying"


def _guest(client: TestClient, owner: TestClient, name: str = "Karl Kunde", **given: Any) -> TestClient:
    secret = owner.post(f"{MAP}/guests", json=given).json()["secret"]
    guest = another(client)
    guest.headers["X-CSRF"] = guest.get("/api/v1/session").json()["csrf"]
    assert guest.post("/api/v1/session/guest", json={"token": secret, "name": name}).status_code == 200
    guest.headers["X-CSRF"] = guest.get("/api/v1/session").json()["csrf"]
    return guest


def _claim(card: str, claim: str) -> dict[str, Any]:
    return {"do": "set", "collection": "cards", "id": card, "path": ["claim"], "value": claim}


def test_a_guest_asks_the_evidence_nothing_of_its_own(client: TestClient, local: TestClient, here: Here) -> None:
    card = next(card for card in here.workspace.atlas.map("buying").cards.values() if card.claim)
    guest = _guest(client, local, can="edit")
    for change in (
        _claim(card.id, "coverage(article) >= 0.1 where owner = Mara Lindqvist"),
        {"do": "add", "collection": "cards", "thing": {"id": "mine", "stage": card.stage, "lane": card.lane, "text": "x", "claim": "coverage(article) >= 0.1 where tier = Hot"}},
        {"do": "several", "changes": [_claim(card.id, "coverage(article) >= 0.2")]},
    ):
        assert guest.post(f"{MAP}/edits", json={"changes": [change]}).status_code == 403
    assert here.workspace.atlas.map("buying").cards[card.id].claim == card.claim
    assert guest.post(f"{MAP}/edits", json={"changes": [_set(card.id, "in other words")]}).status_code == 200
    same = {**here.workspace.atlas.map("buying").cards[card.id].plain(), "text": "again", "id": card.id}
    assert guest.post(f"{MAP}/edits", json={"changes": [{"do": "add", "collection": "cards", "thing": same}]}).status_code == 200


def test_two_guests_of_one_name_are_told_apart_and_neither_passes_for_a_user(client: TestClient, local: TestClient, here: Here) -> None:
    one, two = (_guest(client, local, "Anna Berg", can="edit") for _ in range(2))
    names = [browser.get("/api/v1/session").json()["user"]["name"] for browser in (one, two)]
    assert names == ["Anna Berg (Gast)", "Anna Berg 2 (Gast)"]
    card = next(iter(here.workspace.atlas.map("buying").cards))
    one.post(f"{MAP}/edits", json={"changes": [_set(card, "by the first")]})
    two.post(f"{MAP}/undo", json={})
    assert here.workspace.atlas.map("buying").cards[card].text == "by the first"
    one.post(f"{MAP}/comments", json={"text": "it was me"})
    assert local.get(f"{MAP}/comments").json()[-1]["author"] == "Anna Berg (Gast)"


@pytest.mark.parametrize("do", ["comment", "add"])
def test_nobody_writes_a_comment_in_the_place_or_name_of_somebody_else(client: TestClient, local: TestClient, here: Here, do: str) -> None:
    guest = _guest(client, local, can="comment")
    local.post(f"{MAP}/comments", json={"text": "decided"})
    there = local.get(f"{MAP}/comments").json()[-1]
    sender = {"comment": guest, "add": local}[do]
    id = {"comment": there["id"], "add": "another"}[do]
    thing = {"id": id, "text": "nothing was decided", "author": "anna@firm.example", "at": "2026-01-01T00:00:00Z"}
    change = {"do": "comment", **thing} if do == "comment" else {"do": "add", "collection": "comments", "thing": thing}
    status = sender.post(f"{MAP}/edits", json={"changes": [change]}).status_code
    told = {item["id"]: item for item in local.get(f"{MAP}/comments").json()}
    assert told[there["id"]]["text"] == "decided"
    assert status == 403 if do == "comment" else told["another"]["author"] == there["author"]


def test_a_guest_of_some_lanes_is_told_of_nothing_that_its_map_leaves_out(client: TestClient, local: TestClient, here: Here) -> None:
    guest = _guest(client, local, can="view", lanes=["actions"])
    with guest.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        for change in (
            {"do": "add", "collection": "competitors", "thing": {"id": "rival", "title": "a secret"}},
            {"do": "set", "collection": "lanes", "id": "pain_points", "path": ["title"], "value": "a secret"},
        ):
            assert local.post(f"{MAP}/edits", json={"changes": [change]}).status_code == 200
            assert "a secret" not in str(_until(socket, "refresh"))
        local.post(f"{MAP}/edits", json={"changes": [{"do": "set", "collection": "lanes", "id": "actions", "path": ["title"], "value": "Was wir tun"}]})
        assert "Was wir tun" in str(_until(socket, "edited"))


def test_a_guest_of_some_lanes_sees_no_comment_on_a_closed_card_and_neither_criteria_nor_competitors(client: TestClient, local: TestClient, here: Here) -> None:
    cards = here.workspace.atlas.map("buying").cards.values()
    shown, closed = (next(card.id for card in cards if card.lane == lane) for lane in ("actions", "pain_points"))
    local.post(f"{MAP}/comments", json={"text": "seen by all", "on": shown})
    local.post(f"{MAP}/comments", json={"text": "a secret", "on": closed})
    for collection in ("criteria", "competitors"):
        added = {"do": "add", "collection": collection, "thing": {"id": "rival", "title": "a secret"}}
        assert local.post(f"{MAP}/edits", json={"changes": [added]}).status_code == 200
    guest = _guest(client, local, can="view", lanes=["actions"])
    for path, text in ((MAP, guest.get(MAP).text), (f"{MAP}/comments", guest.get(f"{MAP}/comments").text)):
        assert "seen by all" in text, path
        assert "a secret" not in text, path
    assert local.get(MAP).text.count("a secret") == 3


def test_a_guest_reads_a_map_and_is_told_of_edits_without_figures_of_fewer_than_five(client: TestClient, local: TestClient, here: Here) -> None:
    atlas = here.workspace.atlas
    stage = next(iter(atlas.map("buying").stages))
    guest = _guest(client, local, can="view")
    with guest.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        small = {"do": "feel", "stage": stage, "how": "measured", "value": 1.25, "beside": {"n": 3, "low": -0.125, "high": 2.0}}
        assert local.post(f"{MAP}/edits", json={"changes": [small]}).status_code == 200
        told = _until(socket, "refresh")
    assert "1.25" not in str(told)
    answer = guest.get(MAP)
    assert answer.status_code == 200
    assert "1.25" not in answer.text
    atlas.apply("map", "buying", Feel(stage=stage, how="measured", value=1.5, beside={"n": 30}), "anna")
    atlas.apply("map", "buying", Set(path=("title",), value="Einkauf"), "anna")
    assert "1.5" in guest.get(MAP).text
