"""An answer as a text that can be kept, and told again as it was: figures, days and sentences in both languages.

`to_json` is for those who read an answer; what it leaves out (the German of a sentence, a figure's unit where it has no
value, the order of a tuple) stands here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import UserString
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from etappe.words.result import Figure, Period, Recipe, Result, Row
from etappe.words.said import Said, said

_MARK: Final = "~"  # the one key of an object that stands for something JSON has no word for
_AS_THEY_ARE: Final = ("analysis", "columns", "population", "as_of", "caveats", "sql", "drawing", "brief", "title", "question", "headline", "holds")


def kept_text(result: Result) -> str:
    """The answer as JSON; what fetches the records behind it and how it shows itself are left out."""
    recipe, period = result.recipe, result.period
    found = {name: _written(getattr(result, name)) for name in _AS_THEY_ARE}
    found["rows"] = _table(result.rows)
    found |= {"recipe": _written([recipe.name, recipe.version, recipe.words, recipe.minimum_n]), "period": _written([period.start, period.end])}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def told_again(text: str) -> Result:
    """The answer of a text that `kept_text` has written.

    Raises
    ------
    ValueError
        If it is no such text.
    """
    try:
        found = {name: _read(value) for name, value in json.loads(text).items()}
        recipe, period = Recipe(*found.pop("recipe")), Period(*found.pop("period"))
        return Result(recipe=recipe, period=period, **found)
    except (AttributeError, IndexError, KeyError, TypeError) as fault:
        raise ValueError("this is no answer that was kept") from fault


_FIGURE: Final = tuple(part.name for part in fields(Figure))


def _table(rows: list[Row]) -> Any:
    """Rows of the same columns as columns, and figures as a list of each of their parts: a graph of thousands of moves is read at once."""
    names = list(rows[0]) if rows else []
    if any(list(row) != names for row in rows):
        return _written(rows)
    return {_MARK: ["table", names, [_column([row[name] for row in rows]) for name in names]]}


def _column(values: list[Any]) -> Any:
    if not all(isinstance(value, Figure) for value in values):
        return _written(values)
    return {_MARK: ["figures", *([_written(getattr(figure, part)) for figure in values] for part in _FIGURE)]}


def _written(value: Any) -> Any:
    if isinstance(value, Figure):
        return {_MARK: ["figure", *(_written(part) for part in (value.value, value.low, value.high, value.n, value.why, value.unit))]}
    if isinstance(value, Said):
        return {_MARK: ["said", *value.templates, {name: _written(part) for name, part in value.values.items()}]}
    if isinstance(value, dt.datetime):
        return {_MARK: ["moment", value.isoformat()]}
    if isinstance(value, dt.date):
        return {_MARK: ["day", value.isoformat()]}
    if isinstance(value, tuple):
        return {_MARK: ["tuple", *(_written(part) for part in value)]}
    if isinstance(value, Mapping):
        return {str(name): _written(part) for name, part in value.items()}
    if isinstance(value, (list, set, frozenset)):
        return [_written(part) for part in value]
    if hasattr(value, "item") and not isinstance(value, str):
        return value.item()  # a number of numpy's
    return str(value) if isinstance(value, (str, UserString)) else value  # the query is written only when it is read


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(part) for part in value]
    if not isinstance(value, dict):
        return value
    if _MARK not in value:
        return {name: _read(part) for name, part in value.items()}
    kind, *parts = value[_MARK]
    if kind == "said":
        english, german, values = parts
        return said(english, german, **{name: _read(part) for name, part in values.items()})
    if kind == "figure":
        return Figure(*parts)
    if kind == "figures":
        return list(map(Figure, *parts))
    if kind == "table":
        names, columns = parts
        return [dict(zip(names, each, strict=True)) for each in zip(*(_read(column) for column in columns), strict=True)]
    if kind == "tuple":
        return tuple(_read(part) for part in parts)
    return dt.datetime.fromisoformat(parts[0]) if kind == "moment" else dt.date.fromisoformat(parts[0])
