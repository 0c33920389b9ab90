"""The WebSocket of a map: edits in order, presence, conflicts; coming back without loss from a revision.

Messages are JSON objects with a `type`. From the page: `edit {id, base_revision, changes, note?}`, `presence {card}`. To the
page: `hello {revision, edits, refresh, present}`, `ack {id, revision, applied}` once an edit is committed, `refused {id, error}`,
`edited {revision, author, change, words}` for every edit in the order of the log, `refresh {revision}` where a guest has to
load anew, `conflict {id, field, yours, theirs, by, counts}` to both authors, `presence {member, who, initials, card, here}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Final

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from etappe.errors import Fault, MapFault
from etappe.server import shapes
from etappe.server.here import Here
from etappe.server.live import Member, Room, apply
from etappe.server.needs import who_of
from etappe.workspace.access import may

sockets = APIRouter()

NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
TOO_SLOW: Final = 4408


@sockets.websocket("/maps/{slug}/live")
async def live(socket: WebSocket, slug: str, since: int | None = None) -> None:
    """One open page of a map."""
    here: Here = socket.app.state.here
    who = await run_in_threadpool(who_of, here, socket)
    if not may(who, "see map", slug) or who is None:
        await socket.accept()
        await socket.close(NOT_SIGNED_IN if who is None else NOT_ALLOWED)
        return
    if not await run_in_threadpool(here.workspace.atlas.store.revision, "map", slug):
        await socket.accept()
        await socket.close(4404)
        return
    await socket.accept()
    room, member = await here.rooms.join(slug, who, since, lambda: may(who_of(here, socket), "see map", slug))
    sending = asyncio.create_task(_send(here, socket, room, member))
    try:
        while True:
            await _take(here, socket, room, member, await socket.receive_text())
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
        await socket.close(NOT_SIGNED_IN if who is None else TOO_SLOW if may(who, "see map", room.slug) else NOT_ALLOWED)


async def _take(here: Here, socket: WebSocket, room: Room, member: Member, text: str) -> None:
    try:
        message = json.loads(text)
        kind = message["type"]
    except (ValueError, KeyError, TypeError):
        member.tell({"type": "refused", "id": "", "error": MapFault("The message cannot be read.", "live", "Send an object with a type.").to_dict()})
        return
    if kind == "presence":
        here.rooms.point(room, member, str(message.get("card") or ""))
    elif kind == "edit":
        await _edit(here, socket, room, member, message)
    elif kind == "ping":
        member.tell({"type": "pong"})
    else:
        member.tell({"type": "refused", "id": str(message.get("id") or "")[:40], "error": MapFault(f"There is no message `{str(kind)[:40]}`.", "live", "It may be edit, presence, ping.").to_dict()})


async def _edit(here: Here, socket: WebSocket, room: Room, member: Member, message: dict[str, Any]) -> None:
    """Commits one edit, acknowledges it, tells the room. Rights are looked up again: they may have been taken since."""
    id = str(message.get("id") or "")[:40]
    try:
        given = shapes.Edits.model_validate({name: value for name, value in message.items() if name != "type"})
        who = await run_in_threadpool(who_of, here, socket)
        if who is None:
            member.tell({"type": "refused", "id": id, "error": {"code": "sign_in", "what": "The session is over.", "where": "", "do_next": "Sign in again."}})
            await socket.close(NOT_SIGNED_IN)
            return
        done = await run_in_threadpool(apply, here.workspace.atlas, room.slug, who, given.changes, given.base_revision, given.id, given.note)
    except ValidationError as error:
        first = error.errors()[0]
        fault = MapFault(f"The edit cannot be read: {first['msg']}.", ".".join(str(part) for part in first["loc"]), "Mend it, then send it again.")
        member.tell({"type": "refused", "id": id, "error": fault.to_dict()})
        return
    except Fault as refused:
        member.tell({"type": "refused", "id": id, "error": refused.to_dict()})
        return
    member.tell({"type": "ack", "id": id, "revision": done.edit.revision if done.edit else done.revision, "applied": done.edit is not None})
    await here.rooms.told(done)
