"""The records behind one figure: those that agree with what tells its row from the others, and with what it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "journey_kinds": ("of_kind", "kind"), "journey_kind": ("of_kind", "kind"), "path": ("variant",),
    "channel": ("touch", "what"), "touchpoint": ("touch", "what"), "campaign": ("touch", "what"), "content": ("touch",), "what": ("query",), "verdict": ("verdict",),
}  # fmt: skip
"""What the records call the columns of an answer, where they call them otherwise."""
ALL: Final = frozenset({"all", ""})
"""Values of a row that stands for everything."""
ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "won": ("won",), "lost": ("lost",), "dormant": ("dormant",), "drop_off": ("lost", "dormant"), "won_share": ("won",), "lost_share": ("lost", "dormant"), "on_ice_now": ("open",),
}  # fmt: skip
"""Figures that count journeys of one end: the records of that end alone."""
VERDICTS: Final[Mapping[str, tuple[str, ...]]] = {
    "kept": ("kept",), "still_open": ("still open",), "missing": ("missing",), "late": ("late",), "out_of_order": ("out of order",),
    "won_kept": ("kept",), "days_kept": ("kept",), **dict.fromkeys(("won_broken", "days_broken"), ("missing", "late", "out of order")),
}  # fmt: skip
"""Figures that count journeys of some verdicts on a rule."""


def narrowed(table: ir.Table, only: Mapping[str, str], figure: str = "") -> tuple[ir.Table, list[str]]:
    """The records that agree, and the columns of the answer by which they could be told.

    A column that the records do not have narrows nothing. Of several values written with commas any agrees.
    """
    used: list[str] = []
    for name, value in only.items():
        column = _column(table, name)
        if column is None or value in ALL:
            continue
        wanted = [value, *value.split(", ")] if ", " in value else [value]
        table = table.filter(table[column].isin(wanted))
        used.append(name)
    if "verdict" in table.columns and figure in VERDICTS:
        return table.filter(table.verdict.isin(VERDICTS[figure])), [*used, figure]
    place = next((name for name in ("left_to", "outcome") if name in table.columns), None)
    if place is None:
        return table, used
    if figure in ENDS:
        return table.filter(table[place].isin(ENDS[figure])), [*used, figure]
    if place == "left_to" and figure == "moved_on":
        return table.filter(table.left_to.notnull() & ~table.left_to.isin(("lost", "dormant"))), [*used, figure]
    if figure == "still_open":
        return table.filter(table.left_to.isnull() if place == "left_to" else table.outcome == "open"), [*used, figure]
    return table, used


def _column(table: ir.Table, name: str) -> str | None:
    found = next((item for item in (*ALSO.get(name, ()), name) if item in table.columns), None)
    return found if found is not None and isinstance(table[found], ibis.expr.types.StringColumn) else None
