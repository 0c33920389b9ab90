"""Rows of a file for a spreadsheet in a reader's words: what its columns are called, and what the words in them mean."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any, Final

from etappe.reports.table import column_name, is_worded, worded
from etappe.reports.texts import Words

_PARTS: Final = {"_low": "part_low", "_high": "part_high", "_n": "part_n"}
"""What stands behind the name of a figure's column in the columns beside it, and the text that says so."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)")


def spoken_heads(columns: Sequence[str], words: Words) -> dict[str, str]:
    """What each column is called; a figure's bounds and number of cases by the figure's own name. No two are called the same."""
    heads: dict[str, str] = {}
    for name in columns:
        head = _head(name, columns, words)
        heads[name] = f"{head} ({name})" if head in heads.values() else head
    return heads


def _head(name: str, columns: Sequence[str], words: Words) -> str:
    for ending, text in _PARTS.items():
        figure = name.removesuffix(ending)
        if figure != name and figure in columns:
            return words(text, figure=column_name(figure, words))
    return column_name(name, words)


def spoken_rows(rows: Sequence[Mapping[str, Any]], words: Words) -> list[dict[str, Any]]:
    """The rows with words of the lists (stage, outcome, …) as a reader calls them, and moments by the clock of `words.zone`.

    Numbers, days and names stay what they are.
    """
    return [{name: _cell(name, value, words) for name, value in row.items()} for row in rows]


def _cell(name: str, value: Any, words: Words) -> Any:
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return on_the_clock(dt.datetime.fromisoformat(value), words.zone)
    if isinstance(value, str) and value and is_worded(name, value):
        return worded(name, value, words)
    if isinstance(value, dt.datetime):
        return on_the_clock(value, words.zone)
    return [_cell(name, item, words) for item in value] if isinstance(value, list | tuple) else value


def on_the_clock(moment: dt.datetime, zone: str) -> dt.datetime:
    """A moment to the second by the clock of a zone, without saying which: what a spreadsheet takes for a date."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
