"""What every analysis hands out: figures that never walk alone.

A :class:`Figure` is a value with its interval and its n. A :class:`Result` is a table of figures with the recipe, the
population, the period and the date as of which they were known.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import UserString
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from etappe.words.said import Turn, spoken

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, its 95 % interval and the number of cases behind it.

    Where the recipe's minimum n is not reached, or the quantity does not exist, `value` is None and `why` says so
    ("too few", "never reached", "no data").
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str | None = None
    unit: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The figure as `--json` shows it: value, low, high, n, and its unit where it has one; or value null, why, n."""
        if self.value is None:
            return {"value": None, "why": self.why or "no data", "n": self.n}
        unit = {"unit": self.unit} if self.unit else {}
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n, **unit}


def too_few(n: int, unit: str = "") -> Figure:
    """The figure that stands where n is under the recipe's minimum."""
    return Figure(None, n=n, why="too few", unit=unit)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a figure is made: a name, a version that changes with the method, and words a marketer understands."""

    name: str
    version: int
    words: str
    minimum_n: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Name, version and words."""
        return {"name": self.name, "version": self.version, "words": str(self.words)}

    def in_both(self) -> dict[str, Any]:
        """Name, version and words, and as `said` the words in each language: where the reader's is not known yet."""
        return {**self.to_dict(), "said": {language: spoken(self.words, language) for language in ("de", "en")}}

    def spoken(self, language: str) -> Recipe:
        """The recipe with its words in a language."""
        return replace(self, words=spoken(self.words, language))


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open window of days, `start` in, `end` out; None is open."""

    start: dt.date | None = None
    end: dt.date | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The window as `from` and `to`, both ISO dates."""
        return {
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
        }


Row = dict[str, Any]


class Rows(list[Row]):
    """The rows of an answer. Called, it gives the records behind them: `answer.rows()`."""

    behind: Callable[[int], list[Row]] | None = None

    def __call__(self, limit: int = 1000) -> list[Row]:
        """The records behind the figures, at most `limit` of them."""
        return self.behind(limit) if self.behind else []


class Query(UserString):
    """The query of an answer, as text. `answer.sql()` gives the same text.

    It is written when it is first read: most answers are read for their figures, and some queries take as long to be
    written as to be answered.
    """

    def __init__(self, text: object) -> None:
        self._text = text

    @cached_property
    def data(self) -> str:  # type: ignore[override]
        """The text."""
        return str(self._text() if callable(self._text) and not isinstance(self._text, Query) else self._text)

    def __call__(self) -> str:
        """The text."""
        return self.data


class Shows(Protocol):
    """How an answer shows itself in a notebook."""

    def html(self, result: Result) -> str:
        """The answer as markup for a cell."""

    def chart(self, result: Result) -> Any:
        """The drawing as a chart object."""


@dataclass(frozen=True, eq=False)
class Result:
    """The answer of one analysis.

    Attributes
    ----------
    analysis : str
        The name under which `etappe show` knows it.
    recipe : Recipe
    population : dict
        The filters that were applied, with the number of journeys or accounts that passed.
    period : Period
    as_of : datetime
        The state of knowledge: nothing learned later is in the figures.
    columns : tuple of str
        Order of the columns of `rows`.
    rows : list of dict
        The figures; called, as in `answer.rows()`, the records behind them. Values are str, int, float, bool, None, date, datetime, or Figure.
    caveats : tuple of str
        Sentences the reader needs to judge the figures.
    sql : str
        The query behind the figures, as text; `sql()` is the same.
    title : str
        What a reader calls the analysis.
    question : str
        What it answers, as one sentence.
    headline : tuple of (str, Figure or int)
        The numbers that answer it at a glance, each with its words; the first is the main one.
    evidence : callable, optional
        Returns the rows behind the figures as a list of dicts, given a limit.
    drawing : dict, optional
        A Vega-Lite specification of the figures, the same for page and print.
    brief : tuple of str
        The columns to show where there is little room; empty: all.
    shows : Shows, optional
        How it shows itself in a notebook; a workspace gives it its language and its words.
    holds : dict
        Columns that hold something else than their name says: with `--by touchpoint`, `{"channel": "touchpoint"}`.
    zone : str
        The time zone in which a reader is told the days of moments.
    """

    analysis: str
    recipe: Recipe
    columns: tuple[str, ...]
    rows: list[Row]
    population: Mapping[str, Any] = field(default_factory=dict)
    period: Period = field(default_factory=Period)
    as_of: dt.datetime | None = None
    caveats: tuple[str, ...] = ()
    sql: str | Query = ""
    evidence: Callable[..., list[Row]] | None = None
    drawing: Mapping[str, Any] | None = None
    brief: tuple[str, ...] = ()
    title: str = ""
    question: str = ""
    headline: tuple[tuple[str, Figure | int], ...] = ()
    holds: Mapping[str, str] = field(default_factory=dict)
    shows: Shows | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        rows = Rows(self.rows)
        rows.behind = self.evidence
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "sql", self.sql if isinstance(self.sql, Query) else Query(self.sql))

    def spoken(self, language: str, turn: Turn | None = None) -> Result:
        """The answer with its sentences in a language, "de" or "en"; names of columns and values stay as they are.

        `turn` says what a reader calls a word of the data that stands in a sentence.
        """
        caveats = tuple(spoken(text, language, turn) for text in self.caveats)
        recipe, title, question = self.recipe.spoken(language), spoken(self.title, language), spoken(self.question, language)
        headline = tuple((spoken(text, language, turn), value) for text, value in self.headline)
        return replace(self, recipe=recipe, caveats=caveats, title=title, question=question, headline=headline)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    def behind(self, limit: int = 1000, only: Mapping[str, str] | None = None, figure: str = "") -> list[Row]:
        """The records behind the figures, at most `limit` of them.

        With `only`, those of one row: its columns and their values, such as `{"stage": "decision"}`. With `figure`, those
        that the figure of this column counts, such as "lost". What the records cannot tell narrows nothing.
        """
        if self.evidence is None:
            return []
        return self.evidence(limit, only, figure) if only or figure else self.evidence(limit)

    def to_dict(self) -> dict[str, Any]:
        """The whole answer in the shape of `show NAME --json`."""
        return {
            "analysis": self.analysis,
            "title": str(self.title),
            "question": str(self.question),
            "headline": [{"words": str(text), "value": plain(value)} for text, value in self.headline],
            "recipe": self.recipe.to_dict(),
            "population": dict(self.population),
            "period": self.period.to_dict(),
            "as_of": plain(self.as_of),
            "rows": [{name: plain(row.get(name)) for name in self.columns} for row in self.rows],
            "caveats": [str(text) for text in self.caveats],
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def flat(self) -> list[Row]:
        """The rows with each figure spread over `name`, `name_low`, `name_high`, `name_n`."""
        figures = {name for row in self.rows for name in self.columns if isinstance(row.get(name), Figure)}
        return [_flatten(row, self.columns, figures) for row in self.rows]

    def to_arrow(self) -> pyarrow.Table:
        """The flat rows as an Arrow table."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.flat())

    def to_pandas(self) -> pandas.DataFrame:
        """The flat rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.flat())

    def to_polars(self) -> polars.DataFrame:
        """The flat rows as a polars DataFrame."""
        import polars as pl

        return pl.DataFrame(self.flat(), infer_schema_length=None)

    def chart(self) -> Any:
        """The drawing as an Altair chart in the workspace's language, to be changed or saved; None where there is none."""
        return self.shows.chart(self) if self.shows else None

    def _repr_html_(self) -> str | None:
        return self.shows.html(self) if self.shows else None

    def __repr__(self) -> str:
        return f"<Result {self.analysis}: {len(self.rows)} rows as of {plain(self.as_of)}>"


def _flatten(row: Row, columns: Sequence[str], figures: set[str]) -> Row:
    flat: Row = {}
    for name in columns:
        value = row.get(name)
        if name not in figures:
            flat[name] = plain(value) if isinstance(value, (list, dict)) else value
            continue
        figure = value if isinstance(value, Figure) else Figure(None)
        flat |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high, f"{name}_n": figure.n}
    return flat


_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))


def plain(value: Any) -> Any:
    """A value as JSON knows it: figures as objects, dates as ISO text in UTC, containers inside out."""
    if type(value) in _AS_THEY_ARE:  # most of any answer; to ask of each what it might be took longer than to write it
        return value
    if isinstance(value, Figure):
        return value.to_dict()
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return value.item()
    return value
