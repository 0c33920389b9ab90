"""Maps edited together: in the order of the log, acknowledged when committed, nothing lost, conflicts told to both."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from starlette.websockets import WebSocketDisconnect

from etappe.maps.changes import Set
from etappe.maps.database import Database
from etappe.server.here import Here
from tests.server.conftest import another


def _until(socket: Any, kind: str, **fields: Any) -> dict[str, Any]:
    """The first message of a kind that was not read yet; others are kept for later."""
    kept: list[dict[str, Any]] = socket.__dict__.setdefault("kept", [])
    place = 0
    while place < 50:
        if place == len(kept):
            kept.append(socket.receive_json())
        message = kept[place]
        if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
            return kept.pop(place)
        place += 1
    raise AssertionError(f"no {kind} came")


def _set(card: str, text: str) -> dict[str, Any]:
    return {"do": "set", "collection": "cards", "id": card, "path": ["text"], "value": text}


def _card(here: Here) -> str:
    return next(iter(here.workspace.atlas.map("buying").cards))


def test_an_edit_is_acknowledged_and_told_to_the_others_in_order(role: Callable[[str], TestClient], here: Here) -> None:
    anna, bert = role("admin"), role("editor")
    card = _card(here)
    with anna.websocket_connect("/api/v1/maps/buying/live") as one, bert.websocket_connect("/api/v1/maps/buying/live") as two:
        start = _until(one, "hello")["revision"]
        assert _until(two, "hello")["present"][0]["initials"] == "AD"
        for number in range(5):
            sender = (one, two)[number % 2]
            sender.send_json({"type": "edit", "id": f"edit-{number:04}", "base_revision": start + number, "changes": [_set(card, f"text {number}")]})
            assert _until(sender, "ack", id=f"edit-{number:04}")["revision"] == start + number + 1
        for socket in (one, two):
            told = [_until(socket, "edited") for _ in range(5)]
            assert [item["revision"] for item in told] == [start + number + 1 for number in range(5)]
    assert here.workspace.atlas.map("buying").cards[card].text == "text 4"


def test_edits_by_the_api_reach_the_open_pages(local: TestClient, here: Here) -> None:
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        done = local.post("/api/v1/maps/buying/edits", json={"changes": [_set(_card(here), "by the API")]}).json()
        assert _until(socket, "edited")["revision"] == done["revision"]


def test_who_was_away_gets_what_came_since(local: TestClient, here: Here) -> None:
    card = _card(here)
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        seen = _until(socket, "hello")["revision"]
    for number in range(3):
        local.post("/api/v1/maps/buying/edits", json={"changes": [_set(card, f"while away {number}")]})
    with local.websocket_connect(f"/api/v1/maps/buying/live?since={seen}") as socket:
        hello = _until(socket, "hello")
    assert [edit["revision"] for edit in hello["edits"]] == [seen + 1, seen + 2, seen + 3]
    assert hello["edits"][-1]["change"]["value"] == "while away 2"


def test_the_same_edit_sent_twice_is_done_once(local: TestClient, here: Here) -> None:
    body = {"id": "sent-twice-1", "changes": [{"do": "add", "collection": "cards", "thing": {"id": "c-twice", "stage": "research", "lane": "actions", "text": "once"}}]}
    first = local.post("/api/v1/maps/buying/edits", json=body).json()
    again = local.post("/api/v1/maps/buying/edits", json=body).json()
    assert first["revision"] == again["revision"]
    assert here.workspace.atlas.load("map", "buying")[1] == first["revision"]


def test_both_are_told_of_a_conflict_and_both_are_in_the_log(role: Callable[[str], TestClient], here: Here) -> None:
    anna, bert = role("admin"), role("editor")
    card = _card(here)
    with anna.websocket_connect("/api/v1/maps/buying/live") as one, bert.websocket_connect("/api/v1/maps/buying/live") as two:
        base = _until(one, "hello")["revision"]
        _until(two, "hello")
        one.send_json({"type": "edit", "id": "annas-edit", "base_revision": base, "changes": [_set(card, "as Anna says")]})
        _until(one, "ack")
        two.send_json({"type": "edit", "id": "berts-edit", "base_revision": base, "changes": [_set(card, "as Bert says")]})
        _until(two, "ack")
        hers, his = _until(one, "conflict"), _until(two, "conflict")
    assert (hers["yours"], hers["theirs"], hers["counts"], hers["field"]) == ("as Anna says", "as Bert says", "theirs", ["cards", card, "text"])
    assert (his["yours"], his["theirs"], his["counts"]) == ("as Bert says", "as Anna says", "yours")
    log = anna.get(f"/api/v1/maps/buying/history?thing={card}").json()["edits"]
    assert [edit["change"]["value"] for edit in log[:2]] == ["as Bert says", "as Anna says"]


def test_two_windows_of_one_person_are_told_of_a_conflict_and_one_window_never_of_its_own(local: TestClient, here: Here) -> None:
    card = _card(here)
    live = "/api/v1/maps/buying/live?page="
    with local.websocket_connect(f"{live}left") as left, local.websocket_connect(f"{live}right") as right, local.websocket_connect(f"{live}third") as third:
        base = _until(left, "hello")["revision"]
        for socket, id in ((left, "left-first"), (left, "left-second"), (right, "right-first")):
            socket.send_json({"type": "edit", "id": id, "base_revision": base, "changes": [_set(card, id)]})
            _until(socket, "ack", id=id)
        hers, his = _until(left, "conflict", yours="left-second"), _until(right, "conflict", theirs="left-second")
        third.send_json({"type": "edit", "id": "third-one", "base_revision": base + 3, "changes": [_set(card, "later")]})
        _until(third, "ack")
        told = {name: [message for message in socket.__dict__["kept"] if message["type"] == "conflict"] for name, socket in (("left", left), ("third", third))}
    assert (hers["theirs"], hers["counts"], hers["own"]) == ("right-first", "theirs", True)
    assert (his["yours"], his["counts"], his["own"]) == ("right-first", "yours", True)
    assert [(message["yours"], message["theirs"]) for message in told["left"]] == [("left-first", "right-first")], "its own second edit is no conflict"
    assert told["third"] == [], "who has seen both is told nothing"


def test_a_viewer_may_comment_and_not_edit(role: Callable[[str], TestClient], here: Here) -> None:
    viewer = role("viewer")
    card = _card(here)
    with viewer.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        socket.send_json({"type": "edit", "id": "not-allowed", "changes": [_set(card, "by a viewer")]})
        assert _until(socket, "refused")["error"]["code"] == "access"
        remark = {"do": "comment", "id": "m-viewer", "about": card, "text": "Is this so?", "author": "somebody else", "at": "2020-01-01T00:00:00Z"}
        socket.send_json({"type": "edit", "id": "a-comment", "changes": [remark]})
        _until(socket, "ack")
    comment = here.workspace.atlas.map("buying").comments["m-viewer"]
    assert comment.author == "Viewer", "a remark bears the name of who sends it"


def test_what_cannot_be_read_is_refused_and_the_line_stays_open(local: TestClient) -> None:
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        for text in ("no json", "[]", '{"type":"dance"}', '{"type":"edit","id":"bad-edit-1","changes":[{"do":"explode"}]}', '{"type":"edit","id":"bad-edit-2","changes":[]}'):
            socket.send_text(text)
            assert _until(socket, "refused")["error"]["what"]
        socket.send_json({"type": "ping"})
        _until(socket, "pong")


def test_nobody_listens_in_without_a_session_or_from_another_site(client: TestClient, local: TestClient) -> None:
    import pytest
    from starlette.websockets import WebSocketDisconnect

    with client.websocket_connect("/api/v1/maps/buying/live") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == 4401
    with pytest.raises(WebSocketDisconnect), local.websocket_connect("/api/v1/maps/buying/live", headers={"Origin": "https://evil.example"}) as socket:
        socket.receive_json()


def _guest(client: TestClient, owner: TestClient, **given: Any) -> TestClient:
    link = owner.post("/api/v1/maps/buying/guests", json=given).json()["link"]
    guest = another(client)
    assert guest.get(link).status_code == 200
    assert guest.post(link, data={"name": "Karl Kunde"}).status_code == 200
    guest.headers["X-CSRF"] = guest.get("/api/v1/session").json()["csrf"]
    return guest


def test_a_guest_does_not_listen_in_on_another_map(client: TestClient, local: TestClient, here: Here) -> None:
    here.workspace.atlas.new_map("another-map", "anna")
    guest = _guest(client, local, can="edit")
    with guest.websocket_connect("/api/v1/maps/another-map/live") as socket, pytest.raises(WebSocketDisconnect) as over:
        socket.receive_json()
    assert over.value.code == 4403


def test_who_lost_the_right_while_a_page_was_open_edits_no_more(role: Callable[[str], TestClient], here: Here) -> None:
    editor = role("editor")
    with editor.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        here.people.change("editor@firm.example", role="viewer")
        here.look_again()
        socket.send_json({"type": "edit", "id": "too-late-1", "changes": [_set(_card(here), "too late")]})
        assert _until(socket, "refused", id="too-late-1")["error"]["what"] == "This needs the role editor."
    assert here.workspace.atlas.map("buying").cards[_card(here)].text != "too late"


def test_a_guest_sees_and_changes_the_opened_lanes_of_one_map_only(client: TestClient, local: TestClient, here: Here) -> None:
    document = here.workspace.atlas.map("buying")
    open_card = next(card for card in document.cards.values() if card.lane == "actions")
    closed_card = next(card for card in document.cards.values() if card.lane == "pain_points")
    guest = _guest(client, local, can="edit", lanes=["actions"])
    seen = guest.get("/api/v1/maps/buying").json()
    assert {card["lane"] for card in seen["document"]["cards"].values()} == {"actions"}
    assert seen["can"] == "edit"
    edits = "/api/v1/maps/buying/edits"
    assert guest.post(edits, json={"changes": [_set(open_card.id, "by a customer")]}).status_code == 200
    assert guest.post(edits, json={"changes": [_set(closed_card.id, "by a customer")]}).status_code == 403
    escape = {"do": "move", "collection": "cards", "id": open_card.id, "to": {"lane": "pain_points"}}
    assert guest.post(edits, json={"changes": [escape]}).status_code == 403
    assert guest.post(edits, json={"changes": [{"do": "set", "path": ["title"], "value": "mine"}]}).status_code == 403
    for path in ("/maps", "/accounts", "/analyses/stages", "/maps/buying/history", "/maps/buying/guests", "/people"):
        assert guest.get(f"/api/v1{path}").status_code == 403, path


def test_a_guest_is_told_to_load_anew_where_it_may_not_see_an_edit(client: TestClient, local: TestClient, here: Here) -> None:
    hidden = next(card for card in here.workspace.atlas.map("buying").cards.values() if card.lane == "pain_points")
    guest = _guest(client, local, can="view", lanes=["actions"])
    with guest.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        local.post("/api/v1/maps/buying/edits", json={"changes": [_set(hidden.id, "a secret")]})
        message = _until(socket, "refresh")
    assert "a secret" not in str(message)


def test_a_revoked_link_is_over_at_once(client: TestClient, local: TestClient) -> None:
    guest = _guest(client, local, can="view")
    assert guest.get("/api/v1/maps/buying").status_code == 200
    id = local.get("/api/v1/maps/buying/guests").json()[0]["id"]
    assert local.delete(f"/api/v1/maps/buying/guests/{id}").status_code == 200
    assert guest.get("/api/v1/maps/buying").status_code == 401


def _away(*_: Any) -> Any:
    raise OperationalError("SELECT 1", {}, ConnectionError("there is no server"))


def _asks_for_five_seconds(socket: Any) -> None:
    for _ in range(100):
        socket.send_json({"type": "ping"})
        _until(socket, "pong")
        time.sleep(0.05)


def test_an_open_page_is_sent_away_when_its_link_is_revoked(client: TestClient, local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etappe.server.live._LOOK", 0.05)
    guest = _guest(client, local, can="view")
    with local.websocket_connect("/api/v1/maps/buying/live") as stays, guest.websocket_connect("/api/v1/maps/buying/live") as goes:
        for socket in (stays, goes):
            _until(socket, "hello")
        id = local.get("/api/v1/maps/buying/guests").json()[0]["id"]
        local.delete(f"/api/v1/maps/buying/guests/{id}")
        with pytest.raises(WebSocketDisconnect) as over:
            _asks_for_five_seconds(goes)
        assert over.value.code == 4401
        local.post("/api/v1/maps/buying/edits", json={"changes": [_set(_card(here), "after the guest")]})
        assert _until(stays, "edited")


_BAD = {
    "no path": {"changes": [{"do": "set", "collection": "cards", "id": "x", "path": [], "value": 1}]},
    "an endless path": {"changes": [{"do": "set", "collection": "cards", "id": "x", "path": ["a"] * 3000, "value": 1}]},
    "a thing without a name": {"changes": [{"do": "add", "collection": "cards", "thing": {}}]},
    "evidence of nothing": {"changes": [{"do": "link", "collection": "cards", "id": "x", "evidence": {}}]},
    "a value without end": {"changes": [{"do": "set", "collection": "cards", "id": "x", "path": ["own"], "value": json.loads('{"a":' * 900 + "1" + "}" * 900)}]},
    "half a letter": {"changes": [{"do": "set", "collection": "cards", "id": "x", "path": ["text"], "value": "\ud83d"}]},
    "a revision beyond all": {"base_revision": 10**30, "changes": [{"do": "remove", "collection": "cards", "id": "x"}]},
}


@pytest.mark.parametrize("what", list(_BAD))
def test_an_edit_that_cannot_be_is_refused_in_words_and_the_next_one_is_done(local: TestClient, here: Here, what: str) -> None:
    assert local.post("/api/v1/maps/buying/edits", content=json.dumps(_BAD[what]), headers={"Content-Type": "application/json"}).status_code == 422
    with local.websocket_connect("/api/v1/maps/buying/live?language=de") as socket:
        _until(socket, "hello")
        socket.send_json({"type": "edit", "id": "bad-edit-1", **_BAD[what]})
        told = _until(socket, "refused", id="bad-edit-1")["error"]["what"]
        assert told.startswith("Die Änderung ist nicht lesbar: ")
        assert not {"Value", "should", "has", "holds", "This"} & {*told.split()}
        socket.send_json({"type": "edit", "id": "good-edit-1", "changes": [_set(_card(here), "good")]})
        assert _until(socket, "ack", id="good-edit-1")["applied"]


def test_what_is_no_message_at_all_leaves_the_line_open(local: TestClient) -> None:
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        for send in (lambda: socket.send_bytes(b"\xff\xfe"), lambda: socket.send_text("[" * 100_000)):
            send()
            assert _until(socket, "refused")["error"]["do_next"] == "Send an object with a type."


def test_an_edit_that_fails_by_our_fault_is_told_and_does_not_close_the_line(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        monkeypatch.setattr("etappe.server.routes.live.apply", lambda *_given: 1 / 0)
        socket.send_json({"type": "edit", "id": "our-fault-1", "changes": [_set(_card(here), "lost")]})
        assert _until(socket, "refused", id="our-fault-1")["error"]["what"] == "This failed by a fault of etappe."
        socket.send_json({"type": "ping"})
        _until(socket, "pong")


def test_while_the_database_is_away_an_edit_is_neither_refused_nor_lost_and_others_are_told_to_wait(local: TestClient, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = {"type": "edit", "id": "kept-for-later", "changes": [_set(_card(here), "in the end")]}
    with monkeypatch.context() as away:
        away.setattr(Database, "writing", _away)
        with local.websocket_connect("/api/v1/maps/buying/live") as socket:
            _until(socket, "hello")
            socket.send_json(edit)
            with pytest.raises(WebSocketDisconnect) as over:
                _until(socket, "refused")
        assert over.value.code == 1013
        answer = local.post("/api/v1/maps/buying/edits", json={"changes": [_set(_card(here), "too early")]}, headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.json()["error"]["what"]) == (503, "Die Datenbank antwortet nicht.")
    with local.websocket_connect("/api/v1/maps/buying/live") as socket:
        _until(socket, "hello")
        socket.send_json(edit)
        assert _until(socket, "ack", id="kept-for-later")["applied"]


def test_an_open_page_is_told_that_its_map_was_removed(local: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etappe.server.live._LOOK", 0.05)
    local.post("/api/v1/maps", json={"id": "brief"})
    with local.websocket_connect("/api/v1/maps/brief/live") as socket:
        _until(socket, "hello")
        local.delete("/api/v1/maps/brief")
        with pytest.raises(WebSocketDisconnect) as over:
            _asks_for_five_seconds(socket)
        assert over.value.code == 4404
    with local.websocket_connect("/api/v1/maps/brief/live") as again, pytest.raises(WebSocketDisconnect) as over:
        again.receive_json()
    assert over.value.code == 4404


def test_who_was_written_over_through_another_server_is_told_too(role: Callable[[str], TestClient], here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etappe.server.live._LOOK", 0.05)
    anna, card = role("admin"), _card(here)
    with anna.websocket_connect("/api/v1/maps/buying/live") as socket:
        start = _until(socket, "hello")["revision"]
        socket.send_json({"type": "edit", "id": "here-0001", "base_revision": start, "changes": [_set(card, "here")]})
        _until(socket, "ack")
        elsewhere = Set(collection="cards", id=card, path=("text",), value="there")
        here.workspace.atlas.apply("map", "buying", elsewhere, "editor@firm.example", base=start)
        for _ in range(100):
            socket.send_json({"type": "ping"})
            _until(socket, "pong")
            if any(message["type"] == "conflict" for message in socket.__dict__["kept"]):
                break
            time.sleep(0.05)
        told = [message for message in socket.__dict__["kept"] if message["type"] == "conflict"]
    assert [(one["yours"], one["theirs"], one["counts"]) for one in told] == [("here", "there", "theirs")]


@pytest.mark.parametrize(("language", "said", "advice"), [
    ("de", "hat seither “as Bert says” geändert", "Sehen Sie im Verlauf nach"), ("en", "changed “as Bert says” since", "Look at the history of the card"),
])  # fmt: skip
def test_why_nothing_is_undone_is_said_in_the_words_of_the_page(role: Callable[[str], TestClient], here: Here, language: str, said: str, advice: str) -> None:
    anna, bert = role("admin"), role("editor")
    card = _card(here)
    for person, text in ((anna, "as Anna says"), (bert, "as Bert says")):
        assert person.post("/api/v1/maps/buying/edits", json={"changes": [_set(card, text)]}).status_code == 200
    error = anna.post("/api/v1/maps/buying/undo", json={}, headers={"Accept-Language": language}).json()["error"]
    assert said in error["what"]
    assert advice in error["do_next"]
    assert "etappe map" not in error["do_next"]


@pytest.mark.parametrize(("language", "said", "advice"), [
    ("de", "hat seither zu “Von Anna” etwas hinzugefügt", "löschen Sie es dort, wo es steht"), ("en", "added to “Von Anna” since", "delete it where it stands"),
])  # fmt: skip
def test_a_new_card_is_not_taken_back_with_what_others_said_on_it(role: Callable[[str], TestClient], language: str, said: str, advice: str) -> None:
    anna, bert = role("admin"), role("editor")
    mine = {"do": "add", "collection": "cards", "thing": {"id": f"c-anna-{language}", "text": "Von Anna", "stage": "research", "lane": "actions"}}
    theirs = {"do": "comment", "id": f"k-bert-{language}", "about": f"c-anna-{language}", "text": "Wirklich?", "author": "bert", "at": "2026-01-02T10:00:00Z"}
    for person, change in ((anna, mine), (bert, theirs)):
        assert person.post("/api/v1/maps/buying/edits", json={"changes": [change]}).status_code == 200
    error = anna.post("/api/v1/maps/buying/undo", json={}, headers={"Accept-Language": language}).json()["error"]
    assert said in error["what"]
    assert advice in error["do_next"]
    assert "--force" not in error["do_next"]
