"""Any result as a well-set table with what a reader needs to judge it: recipe, population, period,
caveats.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from etappe.reports.document import Align, Block, Cell, Chart, Column, Document, KeyFigure, Notes, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import PRINT
from etappe.reports.footer import footer_of
from etappe.reports.formats import MISSING, NBSP, date, figure, number, share
from etappe.reports.headings import VALUES
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES, PAGE, SMALLEST, Language
from etappe.reports.vocabulary import Names
from etappe.words.kinds import EVENT_KINDS, NO_NAME
from etappe.words.result import Figure, Result
from etappe.words.said import spoken

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
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
_COUNTS: Final = frozenset(("deals", "conversions", "touches_before"))
_ORDERS: Final = frozenset(("stage_no",))
_IDS: Final = frozenset(("account_id", "journey_id", "person_id"))
_SHORT: Final = 24  # rows that fit beneath a drawing
_MOST: Final = 60
_HEAD: Final = 82.0  # points the heading takes of the first page
# columns whose values are words of a list or of the analysis itself, never names of people or companies
_WORDED: Final = frozenset(
    ("what", "group", "from", "to", "entered_stage", "model", "measure", "unit", "sort", "thing", "who", "figure", "name", "kind_of_spot",
     "rule", "start", "by", "goal", "view", "matrix", "instrument", "band", "touch", "verdict", "about")
)
# columns that hold several words of the lists in one text, and what stands between them
_SEVERAL: Final[Mapping[str, str]] = {
    "roles": ", ", "missing": ", ", "journey_kind": ", ", "journey_kinds": ", ", "revived_by": ", ", "fell_after": ", ",
    "vendor_before": ", ", "path": " → ",
}  # fmt: skip
_TERMS: Final[Mapping[str, str]] = {
    "stage": "stage",
    "furthest_stage": "stage",
    "left_to": "stage",
    "touchpoint": "touchpoint",
    "entered_by": "touchpoint",
    "previous_touchpoint": "touchpoint",
    "next_touchpoint": "touchpoint",
    "channel": "channel",
    "role": "role",
    "kind": "kind",
    "outcome": "outcome",
    "status": "outcome",
    "reason": "reason",
}


def result_document(result: Result, language: Language, title: str = "", names: Names | None = None) -> Document:
    """The result as a document with a table; many columns are set beneath each other, the first repeated."""
    words = words_of(result, language, names)
    name = title or heading_of(result, words)
    drawn, notes, sheets = _charts(result, name, words), notes_of(result, words), sheets_of(result, words)
    long = sum(len(sheet.rows) for sheet in sheets) > _SHORT
    # what to bear in mind is read before a long table, and after a short one
    blocks: list[Block] = [*drawn, *notes, *sheets] if long else [*drawn, *sheets, *notes]
    return Document(
        language,
        title or question_of(result, words),
        subtitle_of(result, words),
        key_figures(result, words),
        tuple(blocks),
        footer_for(result, words),
        short=name,
    )


def words_of(result: Result, language: Language, names: Names | None = None) -> Words:
    """The words an answer is shown in: those the analysis brings with its drawing, the workspace's `names`, the house's."""
    found = (result.drawing or {}).get("usermeta", {}).get("words", {}).get(language, {})
    return Words(language, names, {str(key): str(value) for key, value in found.items()}, result.holds, result.zone)


def key_figures(result: Result, words: Words) -> tuple[KeyFigure, ...]:
    """The numbers that answer the question at a glance, each with its range and n."""
    made = []
    for text, value in result.headline:
        word = tidy(spoken(text, words.language, words.any_term))
        if isinstance(value, Figure):
            shown, sub = figure(value, words.language)
            if value.value is not None:
                made.append(KeyFigure(shown, word, sub))
        else:
            made.append(KeyFigure(number(value, words.language, 0), word))
    return tuple(made)


def question_of(result: Result, words: Words) -> str:
    """What the answer is to, in a sentence; else the name of the analysis."""
    return tidy(spoken(result.question, words.language)).rstrip(".") or heading_of(result, words)


def _charts(result: Result, name: str, words: Words) -> list[Chart | Notes]:
    """The result's own drawing, above the table, on as many pages as it needs; one that cannot be set is said, the table
    stands all the same.
    """
    if not result.drawing or not result.rows:
        return []
    try:
        from etappe.reports.chart import charts_of  # a terminal draws nothing, and waits for none of it

        return list(charts_of(result.drawing, name, words, PAGE["width"] - 2 * PAGE["side"], PAGE["height"] - PAGE["top"] - PAGE["bottom"] - _HEAD))
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
    if result.title:
        return tidy(spoken(result.title, words.language))
    text = tidy(result.analysis).replace("_", " ")
    return text[:1].upper() + text[1:]


def subtitle_of(result: Result, words: Words) -> str:
    """Population and period in one line."""
    name = f"{heading_of(result, words)} · " if result.question else ""
    return f"{name}{words('population')}: {_population(result.population, words)} · {words('period')}: {period_of(result, words)}"


def population_of(result: Result, words: Words) -> str:
    """Who the figures are of, in words."""
    return _population(result.population, words)


def population_words(population: Mapping[str, Any], words: Words) -> str:
    """A population in words: its filters, and how many journeys or companies passed them."""
    return _population(population, words)


def _population(population: Mapping[str, Any], words: Words) -> str:
    parts = []
    filters = population.get("filters")
    told = filters if isinstance(filters, Mapping) else {}
    for key, value in population.items():
        # What an analysis says of its own accord may be a filter as well: once is enough.
        if value is None or value == "" or value == [] or value == {} or told.get(key) == value:
            continue
        name = words(f"c_{key}") if words.known(f"c_{key}") else tidy(key).replace("_", " ")
        if isinstance(value, Mapping):
            parts.append(_population(value, words))
        elif key in ("journeys", "accounts", "persons") and isinstance(value, int):
            parts.append(f"{number(value, words.language, 0)}{NBSP}{name}")
        else:
            parts.append(f"{name} {_plain(key, value, words)}")
    return ", ".join(part for part in parts if part) or words("population_all")


def period_of(result: Result, words: Words) -> str:
    """The period in words; both ends are days that belong to it."""
    start, end = result.period.start, result.period.end
    if start and end:
        return f"{date(start, words.language)}{NBSP}– {date(end - dt.timedelta(days=1), words.language)}"
    if start:
        return words("period_from", date=date(start, words.language))
    return words("period_until", date=date(end, words.language)) if end else words("period_all")


def notes_of(result: Result, words: Words) -> list[Notes]:
    """The recipe in words, then the caveats."""
    method = [tidy(spoken(result.recipe.words, words.language))] if result.recipe.words else []
    if any(isinstance(value, Figure) for row in result.rows for value in row.values()):
        method.append(words("interval_note"))
    notes = [Notes(words("method"), tuple(method))] if method else []
    return notes + ([Notes(words("caveats"), caveats_of(result, words))] if result.caveats else [])


def caveats_of(result: Result, words: Words) -> tuple[str, ...]:
    """What to bear in mind, with stages, channels and so on called what the reader calls them."""
    return tuple(tidy(spoken(text, words.language, words.any_term)) for text in result.caveats)


def sheets_of(result: Result, words: Words, title: str = "") -> list[Sheet]:
    """The rows as one table, or several with the first column repeated."""
    names = shown_columns(result, _MOST)
    if not names or not result.rows:
        return [Sheet(title, (Column(""),), (words("no_rows"),))]
    listed = result.rows[:_MOST]
    columns = table_of(result, names, words, _MOST)
    rooms = {name: _room(column_name(name, words), cells) for name, cells in columns.items()}
    left: list[str] = []
    if len(_parts(names, rooms)) > 1 and result.brief:
        left = [name for name in names if name not in result.brief]
        names = [name for name in names if name in result.brief]
    parts = _parts(names, rooms)
    notes = [words("columns_left", names=", ".join(column_name(name, words) for name in left))] if left else []
    if len(result.rows) > len(listed):
        notes.append(words("rows_cut", shown=len(listed), n=len(result.rows)))
    place = 2
    sheets = []
    for part in parts:
        last = place + len(part) - 2
        heading = title if len(parts) == 1 else words("part_of", first=place, last=last, n=len(names))
        shown = tuple(Column(column_name(name, words), rooms[name], column_side(result.rows, name)) for name in part)
        rows = tuple(zip(*(columns[name] for name in part), strict=True))
        sheets.append(Sheet(heading, shown, rows, " ".join(notes) if place == 2 else ""))
        place = last + 1
    return sheets


def shown_columns(result: Result, most: int | None = None) -> list[str]:
    """The columns that say anything to a reader: not the number of a stage, in whose order the rows are, nor ids beside names.

    With `most`, only the first rows are shown, and have to say it.
    """
    names = list(result.columns) or list(dict.fromkeys(key for row in result.rows for key in row))
    silent = _ORDERS | (_IDS if "account" in names else frozenset())
    return [name for i, name in enumerate(names) if name not in silent and (not i or any(says(row.get(name)) for row in result.rows[:most]))]


def table_of(result: Result, names: Sequence[str], words: Words, most: int | None = None) -> dict[str, list[Cell]]:
    """The cells of these columns, the first `most` of each."""
    return {name: _cells(name, [row.get(name) for row in result.rows[:most]], words, first=i == 0) for i, name in enumerate(names)}


def says(value: Any) -> bool:
    """Whether a cell says anything that its column needs to be there for."""
    return value not in (None, "", []) and not (isinstance(value, Figure) and value.value is None and value.why == "no data")


def _parts(names: list[str], rooms: Mapping[str, float]) -> list[list[str]]:
    """The columns by the width of a page, the first repeated in each part."""
    full = PAGE["width"] - 2 * PAGE["side"]
    parts = [[names[0]]]
    used = rooms[names[0]]
    for name in names[1:]:
        if used + rooms[name] > full and len(parts[-1]) > 1:
            parts.append([names[0]])
            used = rooms[names[0]]
        parts[-1].append(name)
        used += rooms[name]
    return parts


def _room(heading: str, cells: Iterable[Cell]) -> float:
    """Points a column would like to have: its widest text, within reason, and the air beside it."""
    widths = [
        PRINT.width(cell.text, 8.0, 530 if cell.strong else 400)
        + (PRINT.width(cell.sub, SMALLEST) + 5.0 if cell.sub else 0.0)
        + (11.0 if cell.mark else 0.0)
        for cell in cells
    ]
    return min(max([*widths, PRINT.width(heading, SMALLEST, 620), 22.0]), 200.0) + 17.0


def column_side(rows: Iterable[Mapping[str, Any]], name: str) -> Align:
    """The side on which a column stands: numbers on the right."""
    numbers = any(
        isinstance(row.get(name), (int, float, Figure)) and not isinstance(row.get(name), bool) for row in rows
    )
    return "right" if numbers else "left"


def column_name(name: str, words: Words) -> str:
    """The heading of a column: a known word, else its name with spaces."""
    held = words.holds.get(name, name)
    key = f"c_{held}"
    return words(key) if words.known(key) else tidy(held).replace("_", " ")


def _cells(name: str, values: Sequence[Any], words: Words, first: bool) -> list[Cell]:
    """A column; its broken numbers have the same digits, so that they stand under each other."""
    broken = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    if broken and (_is_share(name, broken[0]) or name.endswith("_p")):
        return [cell_of(name, value, words, first) for value in values]
    if not broken or all(value.is_integer() for value in broken):
        return [cell_of(name, value, words, first) for value in values]
    size = max(abs(value) for value in broken)
    digits = 0 if size >= 1000 or name.startswith("rank_") else 1 if size >= 10 else 2
    return [
        Cell(number(value, words.language, digits), strong=first)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else cell_of(name, value, words, first)
        for value in values
    ]


def _chance(value: float, language: Language) -> str:
    """A p-value: three digits, and never zero."""
    return f"<{NBSP}{number(0.001, language, 3)}" if value < 0.0005 else number(value, language, 3 if value < 0.1 else 2)


def cell_of(name: str, value: Any, words: Words, first: bool = False) -> Cell:
    """One value as a reader sees it; of a figure its range and n stand apart (`sub`)."""
    if isinstance(value, Figure):
        shown, sub = figure(value, words.language, _unit_of(name))
        if value.value is None:
            why = value.why or "no data"
            return Cell(words(why) if words.known(why) else tidy(why), sub, colour="muted")
        return Cell(shown, sub)
    if _TERMS.get(name) == "outcome" and isinstance(value, str) and value in OUTCOMES:
        shape, colour = OUTCOMES[value]
        return Cell(words.term("outcome", value), colour=colour, mark=shape, strong=first)
    if _is_share(name, value):
        return Cell(_share(value, words), strong=first)
    if name.endswith("_p") and isinstance(value, float) and math.isfinite(value):
        return Cell(_chance(value, words.language), strong=first)
    return Cell(_plain(name, value, words), strong=first)


def _is_share(name: str, value: Any) -> bool:
    """Whether a number without an interval is a share; the fates of journeys (`won`, `lost`) may also be counts."""
    return isinstance(value, float) and math.isfinite(value) and (name == "online" or "share" in name.split("_"))


def _share(value: float, words: Words) -> str:
    return share(value, words.language, 0 if abs(value) >= 0.1 or value == 0 else 1)


def _unit_of(name: str) -> str:
    """The unit of a column whose figures do not say it: the fates of a journey are shares."""
    if name in _COUNTS:
        return "count"
    if name in _SHARES or "share" in name.split("_") or name.endswith("_rate"):
        return "share"
    return "days" if name == "days" or name.endswith("_days") else ""


def _plain(name: str, value: Any, words: Words) -> str:
    name = words.holds.get(name, name)
    if value is None or (value == "" and name in _SEVERAL):
        return MISSING
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, (int, float)):
        return number(value, words.language)
    if isinstance(value, (dt.date, dt.datetime)):
        return date(value, words.language, words.zone)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date(dt.date.fromisoformat(value), words.language)
    if isinstance(value, Mapping):
        return _population(value, words)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_plain(name, item, words) for item in value)
    return worded(name, value, words)


def is_worded(name: str, value: str) -> bool:
    """Whether a text in a column is a word of a list or of the analysis, to be said as a reader says it."""
    return name in _TERMS or name in _WORDED or name in _SEVERAL or value.startswith(NO_NAME)


def worded(name: str, value: Any, words: Words) -> str:
    """A text of a column as a reader says it."""
    if name in _SEVERAL and isinstance(value, str):
        return _SEVERAL[name].join(_word(part, words) for part in value.split(_SEVERAL[name]))
    text = tidy(value)
    if text.startswith(NO_NAME):
        return f"{words.any_term(NO_NAME.strip())} {text.removeprefix(NO_NAME)}"
    kind = "outcome" if name == "left_to" and text in OUTCOMES else _TERMS.get(name)
    if kind and text not in VALUES and not (name == "kind" and text in EVENT_KINDS):  # records call their events by kind, too
        return words.term(kind, text)
    if kind:
        return words.any_term(text)
    return _word(text, words) if name in _WORDED else text


def _word(text: str, words: Words) -> str:
    """A word of a list of several, with a number in brackets after it left as it is."""
    word, bracket, number_ = tidy(text).partition(" (")
    if bracket and number_.rstrip(")").isdigit():
        return f"{words.any_term(word)} ({number_}"
    if bracket:  # a stage of several kinds of journey: `use (expansion, renewal)`
        return f"{words.any_term(word)} ({', '.join(words.any_term(part) for part in number_.rstrip(')').split(', '))})"
    return words.any_term(tidy(text))
