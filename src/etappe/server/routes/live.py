"""The WebSocket of a map: edits in order, presence, conflicts; coming back without loss from a revision.

Messages are JSON objects with a `type`. From the page: `edit {id, base_revision, changes, note?}`, `presence {card}`. To the
page: `hello {revision, edits, refresh, present}`, `ack {id, revision, applied}` once an edit is committed, `refused {id, error}`,
`edited {revision, author, change, words}` for every edit in the order of the log, `refresh {revision}` where a guest has to
load anew, `conflict {id, field, yours, theirs, by, counts, own}` to both authors (`own`: both windows of one), `presence {member, who, initials, card, here}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import Any, Final

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from etappe.errors import Fault, MapFault, SignInFault
from etappe.server import shapes
from etappe.server.faults import in_language, sentence
from etappe.server.here import Here
from etappe.server.live import Member, Room, apply
from etappe.server.needs import who_of
from etappe.workspace.access import may

sockets = APIRouter()
_LOG = logging.getLogger(__name__)

NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
GONE: Final = 4404
TOO_SLOW: Final = 4408
TRY_AGAIN: Final = 1013


@sockets.websocket("/maps/{slug}/live")
async def live(socket: WebSocket, slug: str, since: int | None = None, page: str = "") -> None:
    """One open page of a map. `page`: a name it keeps when it comes back; `language`: what refusals are told in; a page cannot send `Accept-Language` of its own here."""
    here: Here = socket.app.state.here
    who = await run_in_threadpool(who_of, here, socket)
    if not may(who, "see map", slug) or who is None:
        await socket.accept()
        await socket.close(NOT_SIGNED_IN if who is None else NOT_ALLOWED)
        return
    store = here.workspace.atlas.store
    if not await run_in_threadpool(store.there, "map", slug):
        await socket.accept()
        await socket.close(GONE)
        return
    await socket.accept()
    room, member = await here.rooms.join(slug, who, since, lambda: may(who_of(here, socket), "see map", slug) and store.there("map", slug), page[:40])
    sending = asyncio.create_task(_send(here, socket, room, member))
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            await _take(here, socket, room, member, message.get("text") or "")
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        here.rooms.leave(room, member)
        sending.cancel()


async def _send(here: Here, socket: WebSocket, room: Room, member: Member) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (message := await member.queue.get()) is not None:
            await socket.send_text(message)
        who = await run_in_threadpool(who_of, here, socket)
        there = await run_in_threadpool(here.workspace.atlas.store.there, "map", room.slug)
        await socket.close(NOT_SIGNED_IN if who is None else NOT_ALLOWED if not may(who, "see map", room.slug) else TOO_SLOW if there else GONE)


def _refused(socket: WebSocket, member: Member, id: str, error: dict[str, Any]) -> None:
    given = socket.query_params.get("language", "")
    shown = in_language(socket, error, german_too=given == "de" if given in ("de", "en") else None)
    member.tell({"type": "refused", "id": id, "error": shown})


async def _take(here: Here, socket: WebSocket, room: Room, member: Member, text: str) -> None:
    try:
        message = json.loads(text)
        kind = message["type"]
    except (ValueError, KeyError, TypeError, RecursionError):
        _refused(socket, member, "", MapFault("The message cannot be read.", "live", "Send an object with a type.").to_dict())
        return
    if kind == "presence":
        here.rooms.point(room, member, str(message.get("card") or ""))
    elif kind == "edit":
        await _edit(here, socket, room, member, message)
    elif kind == "ping":
        member.tell({"type": "pong"})
    else:
        _refused(socket, member, str(message.get("id") or "")[:40], MapFault(f"There is no message `{str(kind)[:40]}`.", "live", "It may be edit, presence, ping.").to_dict())


async def _edit(here: Here, socket: WebSocket, room: Room, member: Member, message: dict[str, Any]) -> None:
    """Commits one edit, acknowledges it, tells the room. Rights are looked up again: they may have been taken since."""
    id = str(message.get("id") or "")[:40]
    try:
        given = shapes.Edits.model_validate({name: value for name, value in message.items() if name != "type"})
        who = await run_in_threadpool(who_of, here, socket)
        if who is None:
            _refused(socket, member, id, SignInFault("The session is over.", "", "Sign in again.").to_dict())
            await socket.close(NOT_SIGNED_IN)
            return
        here.rooms.sends(given.id, member)
        done = await run_in_threadpool(apply, here.workspace.atlas, room.slug, who, given.changes, given.base_revision, given.id, given.note)
    except ValidationError as error:
        first = error.errors()[0]
        fault = MapFault(f"The edit cannot be read: {sentence(first)}", ".".join(str(part) for part in first["loc"]), "Mend it, then send it again.")
        _refused(socket, member, id, fault.to_dict())
        return
    except Fault as refused:
        _refused(socket, member, id, refused.to_dict())
        return
    except OperationalError as away:  # the page comes back with it: nothing is lost, and nothing done twice
        _LOG.error("an edit of the map %s waits: %s", room.slug, away.orig)
        await socket.close(TRY_AGAIN)
        return
    except Exception:  # the page would send it again and again, and nothing after it
        _LOG.exception("an edit of the map %s failed", room.slug)
        _refused(socket, member, id, MapFault("This failed by a fault of etappe.", room.slug, "Look at the server's log, and please report it.").to_dict())
        return
    member.tell({"type": "ack", "id": id, "revision": done.edit.revision if done.edit else done.revision, "applied": done.edit is not None})
    await here.rooms.told(done)
