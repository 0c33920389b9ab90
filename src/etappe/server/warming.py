"""The answers that every reader opens first, computed before the first one asks."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from etappe.errors import Fault
from etappe.maps.template import templates
from etappe.server.answering import check_of, companies_page, filter_values, persona_of, plain_answer
from etappe.workspace import answers
from etappe.workspace.companies import Wanted
from etappe.workspace.overview import QUIET_DAYS
from etappe.workspace.views import Views

FIRST: Final = ("blockers", "stages", "attribution", "content", "searches", "buying-center", "drift")
"""What the overview shows, then what each room of the page opens with; the other analyses come after."""


def keep_warm(views: Views) -> None:
    """Tells answers beforehand, now and whenever a new build is met, in a thread of its own."""

    def begin() -> None:
        threading.Thread(target=warm, args=[views], daemon=True, name="warming").start()

    views.on_build = begin
    begin()


def warm(views: Views, say: Callable[[str, float], None] | None = None) -> None:
    """Computes what the overview, the maps, the lists and the rooms of the analyses open with; whoever asks meanwhile goes first."""
    with views.telling:
        listed = list(_told(views))
        for number, tell in enumerate(listed):
            if say is not None:
                say("answering the first questions", number / len(listed))
            views.wait_for_others()
            with contextlib.suppress(Fault, OSError):
                tell()


def _told(views: Views) -> Iterator[Callable[[], object]]:
    """What is told, in this order."""
    ws = views.workspace
    language = ws.settings.language
    names = answers.names()

    def plain(name: str, **params: object) -> Callable[[], object]:
        return partial(plain_answer, views, name, language, params, None)

    maps = [row.id for row in ws.atlas.listed("map")]
    yield lambda: views.lately("status", 10, ws.status)
    yield plain(FIRST[0])
    yield partial(companies_page, views, Wanted(quiet=QUIET_DAYS, sort="won_value", size=5))
    yield from (partial(check_of, views, slug) for slug in maps)
    yield partial(filter_values, views)
    yield from (plain(name) for name in FIRST[1:])
    for journey in dict.fromkeys(tuple(ws.atlas.map(slug).journey) for slug in maps):
        if journey:
            yield plain("stages", kind=journey[0] if len(journey) == 1 else list(journey))
    yield partial(companies_page, views, Wanted())
    yield from (partial(persona_of, views, row.id) for row in ws.atlas.listed("persona"))
    yield templates
    yield from (plain(name) for name in names if name not in FIRST)
    yield partial(_first_names, views)


def _first_names(views: Views) -> None:
    """Opens the tables, which a server started anew has not done where all its answers are kept: lists, and the audit log, ask for names."""
    with views.workspace.opened() as (engine, build):
        answers.with_names(engine, build, [{"account_id": ""}])
