"""The records behind a figure on the wire: kept like the answer, so many at a time, without names for whoever may not see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import Request, Response

from etappe.server.answering import answered
from etappe.server.here import Asked
from etappe.tables.keep import Build
from etappe.workspace.pseudonyms import pseudonymous

Row = dict[str, Any]
Records = Callable[[Any, Build, int], list[Row]]
"""Engine, build, how many at the most → the records."""

MOST = 100_000
"""Records in a file."""


_INNER: Final = frozenset({"path_hash", "furthest_no", "cluster", "source_right", "cause", "variant", "example"})
"""Columns by which an analysis counts, and which tell a reader nothing."""


def seen_by(asked: Asked, rows: list[Row]) -> list[Row]:
    """Records as this reader may see them."""
    shown = [{name: value for name, value in row.items() if name not in _INNER} for row in rows]
    return shown if asked.user.personal else pseudonymous(shown)


def some(asked: Asked, request: Request, name: str, stamp: Mapping[str, Any], limit: int, records: Records) -> Response:
    """So many of the records, with whether there are more; `name` and `stamp` say by what the answer is kept."""

    def make(engine: Any, build: Build) -> dict[str, Any]:
        rows = records(engine, build, limit + 1)
        shown = seen_by(asked, rows[:limit])
        return {"columns": list(shown[0]) if shown else [], "rows": shown, "more": len(rows) > limit}

    return answered(request, asked.here.views.get(name, {**stamp, "limit": limit, "personal": asked.user.personal}, make))


def all_of(asked: Asked, records: Records) -> list[Row]:
    """The records for a file."""
    with asked.here.workspace._engine() as engine:
        return seen_by(asked, records(engine, asked.here.views.build(), MOST))
