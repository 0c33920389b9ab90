"""Any result as a well-set table with what a reader needs to judge it: recipe, population, period,
caveats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from etappe.reports.chart import chart_of
from etappe.reports.document import Block, Cell, Chart, Column, Document, Notes, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import MISSING, NBSP, date, figure, number
from etappe.reports.story import footer_of
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES, PAGE, Language
from etappe.reports.vocabulary import Names
from etappe.words.result import Figure, Result

_MOST_COLUMNS: Final = 10
_SHARES: Final = frozenset(
    (
        "moved_on",
        "won",
        "lost",
        "dormant",
        "still_open",
        "drop_off",
        "went_back",
        "conversion",
        "skipped",
        "naive_ratio",
    )
)
_TERMS: Final[Mapping[str, str]] = {
    "stage": "stage",
    "furthest_stage": "stage",
    "left_to": "stage",
    "touchpoint": "touchpoint",
    "channel": "channel",
    "role": "role",
    "kind": "kind",
    "outcome": "outcome",
    "status": "outcome",
}


def result_document(result: Result, language: Language, title: str = "", names: Names | None = None) -> Document:
    """The result as a document with a table; many columns are set beneath each other, the first repeated."""
    words = Words(language, names)
    name = title or heading_of(result, words)
    blocks: list[Block] = [*_charts(result, name, words), *sheets_of(result, words), *notes_of(result, words)]
    return Document(
        language,
        name,
        subtitle_of(result, words),
        (),
        tuple(blocks),
        footer_for(result, words),
    )


def _charts(result: Result, name: str, words: Words) -> list[Chart | Notes]:
    """The result's own drawing, above the table; one that cannot be set is said, the table stands all the
    same.
    """
    if not result.drawing or not result.rows:
        return []
    try:
        return [chart_of(result.drawing, name, words, PAGE["width"] - 2 * PAGE["side"])]
    except ValueError:
        return [Notes(words("drawing"), (words("no_drawing"),))]


def footer_for(result: Result, words: Words) -> str:
    """State of knowledge and recipe."""
    return footer_of(words, result.as_of, words("recipe", name=result.recipe.name, version=result.recipe.version), None)


def heading_of(result: Result, words: Words) -> str:
    """The name of the analysis as a reader would say it."""
    key = f"a_{result.analysis}"
    if words.known(key):
        return words(key)
    text = tidy(result.analysis).replace("_", " ")
    return text[:1].upper() + text[1:]


def subtitle_of(result: Result, words: Words) -> str:
    """Population and period in one line."""
    population = f"{words('population')}: {_population(result.population, words)}"
    return f"{population} · {words('period')}: {_period(result, words)}"


def _population(population: Mapping[str, Any], words: Words) -> str:
    parts = []
    for key, value in population.items():
        if value is None or value == "" or value == [] or value == {}:
            continue
        name = words(f"c_{key}") if words.known(f"c_{key}") else tidy(key).replace("_", " ")
        if isinstance(value, Mapping):
            parts.append(_population(value, words))
        elif key in ("journeys", "accounts", "persons") and isinstance(value, int):
            parts.append(f"{number(value, words.language, 0)}{NBSP}{name}")
        else:
            parts.append(f"{name} {_plain(key, value, words)}")
    return ", ".join(part for part in parts if part) or words("population_all")


def _period(result: Result, words: Words) -> str:
    start, end = result.period.start, result.period.end
    if start and end:
        return f"{date(start, words.language)}{NBSP}– {date(end - dt.timedelta(days=1), words.language)}"
    if start:
        return words("period_from", date=date(start, words.language))
    return words("period_until", date=date(end, words.language)) if end else words("period_all")


def notes_of(result: Result, words: Words) -> list[Notes]:
    """The recipe in words, then the caveats."""
    method = [tidy(result.recipe.words)] if result.recipe.words else []
    if any(isinstance(value, Figure) for row in result.rows for value in row.values()):
        method.append(words("interval_note"))
    notes = [Notes(words("method"), tuple(method))] if method else []
    return notes + ([Notes(words("caveats"), tuple(tidy(text) for text in result.caveats))] if result.caveats else [])


def sheets_of(result: Result, words: Words, title: str = "") -> list[Sheet]:
    """The rows as one table, or several with the first column repeated."""
    names = list(result.columns) or list(dict.fromkeys(key for row in result.rows for key in row))
    if not names or not result.rows:
        return [Sheet(title, (Column(""),), (words("no_rows"),))]
    first, rest = names[0], names[1:]
    parts = -(-len(rest) // (_MOST_COLUMNS - 1)) or 1
    size = -(-len(rest) // parts) if rest else 0
    sheets = []
    for i in range(parts):
        chosen = [first, *rest[i * size : (i + 1) * size]]
        name = title if parts == 1 else words("part_of", first=i * size + 2, last=i * size + len(chosen), n=len(names))
        sheets.append(_sheet(result, chosen, name, words))
    return sheets


def _sheet(result: Result, names: list[str], title: str, words: Words) -> Sheet:
    columns = tuple(Column(column_name(name, words), *_room(result.rows, name)) for name in names)
    rows = tuple(
        tuple(_cell(name, row.get(name), words, first=i == 0) for i, name in enumerate(names)) for row in result.rows
    )
    return Sheet(title, columns, rows)


def column_name(name: str, words: Words) -> str:
    """The heading of a column: a known word, else its name with spaces."""
    key = f"c_{name}"
    return words(key) if words.known(key) else tidy(name).replace("_", " ")


def _room(rows: Iterable[Mapping[str, Any]], name: str) -> tuple[float, Any]:
    values = [row.get(name) for row in rows]
    if any(isinstance(value, Figure) for value in values):
        return 1.5, "right"
    if any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return 0.9, "right"
    longest = max((len(str(value)) for value in values if value is not None), default=4)
    return min(max(longest / 12, 0.9), 3.5), "left"


def _cell(name: str, value: Any, words: Words, first: bool) -> Cell:
    if isinstance(value, Figure):
        shown, sub = figure(value, words.language, _unit_of(name))
        if value.value is None:
            why = value.why or "no data"
            return Cell(words(why) if words.known(why) else tidy(why), sub, colour="muted")
        return Cell(shown, sub)
    if _TERMS.get(name) == "outcome" and isinstance(value, str) and value in OUTCOMES:
        shape, colour = OUTCOMES[value]
        return Cell(words.term("outcome", value), colour=colour, mark=shape, strong=first)
    return Cell(_plain(name, value, words), strong=first)


def _unit_of(name: str) -> str:
    """The unit of a column whose figures do not say it: the fates of a journey are shares."""
    if name in _SHARES or "share" in name.split("_") or name.endswith("_rate"):
        return "share"
    return "days" if name == "days" or name.endswith("_days") else ""


def _plain(name: str, value: Any, words: Words) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, (int, float)):
        return number(value, words.language)
    if isinstance(value, (dt.date, dt.datetime)):
        return date(value, words.language)
    if name == "journey_kinds" and isinstance(value, str):
        return ", ".join(words.term("kind", kind) for kind in value.split(", "))
    if isinstance(value, Mapping):
        return _population(value, words)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_plain(name, item, words) for item in value)
    text = tidy(value)
    kind = _TERMS.get(name)
    if kind:
        return words.term(kind, text)
    return words.any_term(text) if name in ("group", "from", "to", "entered_stage") else text
