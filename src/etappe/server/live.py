"""Maps edited together: who is in which map's room, what each is told, in the order of the log.

An edit is acknowledged after it is committed, never before. Everybody is told of every edit in the order of its revision,
also of those that came by the API, the command line or another server. Who was away asks for what came since a revision.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from etappe.errors import MapFault
from etappe.maps.changes import Change, Several
from etappe.maps.document import Document, new_id
from etappe.maps.edits import Edit
from etappe.maps.store import Applied
from etappe.words.result import plain
from etappe.workspace.access import Who, may_change, sees, suppressed
from etappe.workspace.atlas import Atlas
from etappe.workspace.clashes import clashes

MOST_WAITING: Final = 2000
"""Messages that may wait for a slow reader before it is sent away (to come back and catch up)."""
REMEMBERED: Final = 20_000
"""Edits of which it is remembered from which page they came."""
_LOOK: Final = 2.0  # seconds between looks for edits of other processes


@dataclass(eq=False)
class Member:
    """One open page in a room. `page` stays the same when its line is opened again.

    `stays`: whether who sits there may still see the map; rights are taken while pages are open.
    """

    who: Who
    id: str = field(default_factory=lambda: new_id("w"))
    page: str = ""
    card: str = ""
    stays: Callable[[], bool] = lambda: True
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def tell(self, message: dict[str, Any]) -> None:
        """Puts a message in line; a reader that is too slow is sent away."""
        try:
            self.queue.put_nowait(json.dumps(plain(message), ensure_ascii=False, default=str))
        except asyncio.QueueFull:
            self.send_away()

    def send_away(self) -> None:
        """Ends the line: nothing that still waits in it is told."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)

    def shown(self, here: bool = True) -> dict[str, Any]:
        """Who is here, as the others see it."""
        return {"type": "presence", "member": self.id, "who": self.who.shown or self.who.name, "initials": initials(self.who.shown or self.who.name), "card": self.card, "here": here}


@dataclass(eq=False)
class Room:
    """The open pages of one map and the revision all of them were told of."""

    slug: str
    revision: int
    members: set[Member] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    watch: asyncio.Task[None] | None = None


class Rooms:
    """The rooms of all maps that are open somewhere."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._rooms: dict[str, Room] = {}
        self._pages: OrderedDict[str, str] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Remembers the loop that the pages are served in."""
        self._loop = asyncio.get_running_loop()

    async def join(self, slug: str, who: Who, since: int | None, stays: Callable[[], bool] = lambda: True, page: str = "") -> tuple[Room, Member]:
        """Enters a room: told who is there, and every edit since the revision that the page has."""
        member = Member(who, stays=stays, page=page)
        head = await run_in_threadpool(self.atlas.store.revision, "map", slug)
        room = self._rooms.setdefault(slug, Room(slug, head))
        async with room.lock:
            await self._catch_up(room)
            missed: list[dict[str, Any]] = []
            refresh = False
            if since is not None and since < room.revision:
                edits = await run_in_threadpool(self.atlas.store.edits, "map", slug, since)
                document = (await run_in_threadpool(self.atlas.store.loaded, "map", slug))[0] if who.grant else None
                told = [edit for edit in edits if edit.revision <= room.revision]
                refresh = any(document is not None and not sees(who.grant, document, edit.change) for edit in told)
                missed = [] if refresh else [told_to(who, edit) for edit in told]
            room.members.add(member)
            member.tell({"type": "hello", "member": member.id, "revision": room.revision, "edits": missed, "refresh": refresh, "present": [other.shown() for other in room.members if other is not member]})
        self._say(room, member.shown(), but=member)
        if room.watch is None:
            room.watch = asyncio.create_task(self._watch(room))
        return room, member

    def leave(self, room: Room, member: Member) -> None:
        """Leaves a room; the last one closes it."""
        room.members.discard(member)
        self._say(room, member.shown(here=False))
        if not room.members:
            self._rooms.pop(room.slug, None)
            if room.watch is not None:
                room.watch.cancel()

    def sends(self, edit: str, member: Member) -> None:
        """Remembers for a while from which page an edit comes: one person may have several open."""
        if edit and member.page:
            self._pages[edit] = member.page
            while len(self._pages) > REMEMBERED:
                self._pages.popitem(last=False)

    def point(self, room: Room, member: Member, card: str) -> None:
        """Says which card a member is at."""
        member.card = card[:120]
        self._say(room, member.shown(), but=member)

    async def told(self, applied: Applied) -> None:
        """Tells the room of a map, if there is one, of an edit that was just committed."""
        edit = applied.edit
        room = self._rooms.get(edit.document) if edit is not None and edit.kind == "map" else None
        if room is None or edit is None:
            return
        async with room.lock:
            if edit.revision == room.revision + 1:
                self._tell_edit(room, edit, applied.document)
                await self._tell_clashes(room, edit)
            else:
                await self._catch_up(room)

    def told_from_thread(self, applied: Applied) -> None:
        """The same, from a route that runs in a thread."""
        if self._loop is not None and self._rooms and applied.edit is not None:
            asyncio.run_coroutine_threadsafe(self.told(applied), self._loop)

    # -- inside -----------------------------------------------------------------------------------------------------

    async def _catch_up(self, room: Room) -> None:
        head = await run_in_threadpool(self.atlas.store.revision, "map", room.slug)
        if head <= room.revision:
            return
        edits = await run_in_threadpool(self.atlas.store.edits, "map", room.slug, room.revision)
        document = (await run_in_threadpool(self.atlas.store.loaded, "map", room.slug))[0]
        for edit in edits:
            self._tell_edit(room, edit, document)
            await self._tell_clashes(room, edit)

    def _tell_edit(self, room: Room, edit: Edit, document: Document) -> None:
        room.revision = edit.revision
        for member in room.members:
            if sees(member.who.grant, document, edit.change):
                member.tell(told_to(member.who, edit))
            else:
                member.tell({"type": "refresh", "revision": edit.revision})

    async def _tell_clashes(self, room: Room, edit: Edit) -> None:
        page = self._pages.get(edit.id)
        for clash in await run_in_threadpool(clashes, self.atlas.store, edit, lambda earlier: page is not None and self._pages.get(earlier, page) != page):
            first = self._pages.get(clash.earlier_edit)
            for member in room.members:
                if clash.own and member.page and member.page in (first, page):
                    member.tell(clash.told_to(member.who.name, edit.id, member.page == first))
                elif not clash.own and member.who.name in (clash.earlier_by, clash.later_by):
                    member.tell(clash.told_to(member.who.name, edit.id))

    async def _watch(self, room: Room) -> None:
        """Looks for edits that came by another door, and sends those away who may not see the map any more."""
        while True:
            await asyncio.sleep(_LOOK)
            with contextlib.suppress(Exception):  # a database that is away for a moment is asked again
                for member in [*room.members]:
                    if not await run_in_threadpool(member.stays):
                        room.members.discard(member)
                        member.send_away()
                async with room.lock:
                    await self._catch_up(room)

    def _say(self, room: Room, message: dict[str, Any], but: Member | None = None) -> None:
        for member in room.members:
            if member is not but:
                member.tell(message)


def apply(atlas: Atlas, slug: str, who: Who, changes: Iterable[Change], base: int | None, edit: str, note: str = "", told: Callable[[Applied], None] | None = None) -> Applied:
    """Does changes of a map as one edit of somebody, if they may, and tells of it.

    Remarks bear the name of who sends them, whatever the request says.
    """
    parts = [signed(change, who) for change in changes]
    change = parts[0] if len(parts) == 1 else Several(changes=tuple(parts))
    document, _ = atlas.store.loaded("map", slug)
    may_change(who, document, change)
    done = atlas.apply("map", slug, change, who.name, base=base, edit_id=edit, note=note)
    if done.edit is not None and (done.edit.author != who.name or done.edit.document != slug):
        raise MapFault("There is another edit of this id.", edit, "Send it again under a new id.")
    if told is not None:
        told(done)
    return done


def signed(change: Change, who: Who) -> Change:
    """A change whose remarks are signed by who sends them, now."""
    import datetime as dt

    from etappe.maps.changes import Add, Remark

    if isinstance(change, Several):
        return change.model_copy(update={"changes": tuple(signed(part, who) for part in change.changes)})
    if isinstance(change, Remark):
        return change.model_copy(update={"author": who.shown or who.name, "at": dt.datetime.now(dt.UTC)})
    if isinstance(change, Add) and change.collection == "comments":
        return change.model_copy(update={"thing": {**change.thing, "author": who.shown or who.name}})
    return change


def told_to(who: Who, edit: Edit) -> dict[str, Any]:
    """An edit as somebody is told of it; guests of no figure of a small group."""
    told = {"type": "edited", "id": edit.id, "revision": edit.revision, "author": edit.author, "at": edit.at, "change": edit.change.model_dump(mode="json"), "words": edit.change.words()}
    return dict(suppressed(told)) if who.grant else told


def initials(name: str) -> str:
    """Two letters for a presence mark: `Anna Berg` is AB, `anna` is AN."""
    parts = [part for part in name.replace(".", " ").replace("-", " ").replace("_", " ").partition("@")[0].split() if part[:1].isalnum()]
    return ("".join(part[0] for part in (parts[0], parts[-1])) if len(parts) > 1 else name[:2]).upper()
