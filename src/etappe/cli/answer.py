"""How an analysis' answer stands in a terminal: the question, the numbers that answer it, the table, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Final

from etappe.cli.fitting import Column, fits, wrapped
from etappe.cli.output import print_columns, print_strong, print_table, print_wrapped, width
from etappe.words.result import Figure, Result

if TYPE_CHECKING:
    from etappe.reports.document import Cell
    from etappe.reports.texts import Words

_LONGEST: Final = 40  # of a cell of a record; the whole stands in --json
_MOST_KEYS: Final = 4
_MOST_RECORDS: Final = 1000
MOST_BEHIND: Final = 100_000  # records that are fetched behind an answer
_INNER: Final = frozenset(("path_hash", "variant", "example", "cluster", "cause", "import_id", "hit", "stage_no", "furthest_no", "source_right"))  # numbers that the house counts with


def print_result(result: Result, language: str = "en", names: Any = None) -> None:
    """An answer in a language, in the words of the drawings; `names` is what the workspace calls its stages and touchpoints."""
    from etappe.reports.formats import NBSP, date
    from etappe.reports.table import (
        caveats_of,
        heading_of,
        key_figures,
        period_of,
        population_of,
        question_of,
        words_of,
    )
    from etappe.words.said import spoken

    words = words_of(result, "de" if language == "de" else "en", names)
    heading, question = heading_of(result, words), question_of(result, words)
    for line in wrapped(heading if question == heading else f"{heading}: {question}", width()):
        print_strong(line)
    found = [(f"{figure.value} ({figure.sub})" if figure.sub else figure.value, figure.word) for figure in key_figures(result, words)]
    room = max((len(value) for value, _ in found), default=0) + 2
    for value, word in found:
        print("\n".join(f"{start:<{room}}{line}" for start, line in zip_longest([value], wrapped(word, max(width() - room, 20)), fillvalue="")))
    print()
    if result.rows:
        _print_rows_of(result, words)
        print()
    print_wrapped(f"{words('population')}: {population_of(result, words)}", "  ")
    print_wrapped(f"{words('period')}: {period_of(result, words)}", "  ")
    known = f"{words('as_of', date=date(result.as_of, words.language))} · " if result.as_of else ""
    print_wrapped(f"{known}{words('recipe', name=result.recipe.name, version=result.recipe.version)}: {spoken(result.recipe.words, language)}", "  ")
    for text in caveats_of(result, words):
        print_wrapped(f"·{NBSP}{text}", "  ")


def _print_rows_of(result: Result, words: Words) -> None:
    """The table of an answer, with a word on its intervals and on what has no room."""
    from etappe.reports.formats import number
    from etappe.reports.table import shown_columns, table_of

    said = shown_columns(result)
    heads = _heads(said, words)
    rights = {name for name in said if any(isinstance(row.get(name), (int, float)) and not isinstance(row.get(name), bool) for row in result.rows)}
    texts = {name: [_in_line(cell) for cell in cells] for name, cells in table_of(result, said, words).items()}

    def columns(of: Sequence[str]) -> list[Column]:
        return [Column(heads[name], tuple(texts[name]), name in rights) for name in of]

    names = said if fits(columns(said), width()) else [name for name in result.brief or said if name in said]
    keys = _keys(result, names, rights)
    grouping = [] if fits(columns(names), width()) else _grouping(names[:keys], texts)
    groups = [f"{heads[grouping[0]]}: {cell}" for cell in texts[grouping[0]]] if len(grouping) == 1 else [" · ".join(cells) for cells in zip(*(texts[name] for name in grouping), strict=True)]
    names, keys = [name for name in names if name not in grouping], keys - len(grouping)
    _fold(texts, names[: keys - 1] if keys > 1 or groups else names[:-1][:keys])
    left = print_columns(columns(names), keys, groups)
    left += [heads[name] for name in said if name not in (*names, *grouping)]
    if left:
        print_wrapped(words("columns_left", names=", ".join(left)), "  ")
    figures = [value for row in result.rows for name in names if isinstance(value := row.get(name), Figure)]
    if any(figure.low is not None for figure in figures):
        counts = sorted(figure.n for figure in figures)
        print_wrapped(words("in_brackets_alike" if counts[0] == counts[-1] else "in_brackets", first=number(counts[0], words.language, 0), last=number(counts[-1], words.language, 0)), "  ")


def _keys(result: Result, names: Sequence[str], rights: set[str]) -> int:
    """How many first columns name the row: those before the first figure; of many texts, only the first."""
    count = 0
    for name in names:
        if name in rights or any(isinstance(row.get(name), Figure) for row in result.rows):
            break
        count += 1
    return count if 0 < count <= _MOST_KEYS else 1


def _grouping(names: Sequence[str], texts: Mapping[str, list[str]]) -> list[str]:
    """Which of the columns that name the row stay the same for many rows: they may stand above those, as a heading."""

    def stays(cells: Sequence[str]) -> bool:
        runs = 1 + sum(one != other for one, other in pairwise(cells))
        return runs < len(cells) * (0.7 if runs == len(set(cells)) else 0.3)

    return [name for name in names if texts[name] and stays(texts[name])][: len(names) - 1]


def _fold(texts: Mapping[str, list[str]], names: Sequence[str]) -> None:
    """Leaves empty what names the row where it, and all before it, is the same as in the row above."""
    same: list[bool] = []
    for name in names:
        cells = texts[name]
        same = [row > 0 and cells[row] == cells[row - 1] and (not same or same[row]) for row in range(len(cells))]
        cells[:] = ["" if again else cell for cell, again in zip(cells, same, strict=True)]


def print_rows(result: Result, language: str, names: Any = None) -> None:
    """The records behind an answer, called as in its table; columns that say nothing or have no room are left out.

    Where there are none, what the answer has to say for itself; where there are too many to read, how many.
    """
    from etappe.reports.formats import NBSP
    from etappe.reports.table import caveats_of, cell_of, column_side, says, words_of

    words = words_of(result, "de" if language == "de" else "en", names)
    found = result.behind(MOST_BEHIND)
    rows = found[:_MOST_RECORDS]
    if not rows:
        print(words("no_records"))
        for text in caveats_of(result, words):
            print_wrapped(f"·{NBSP}{text}", "  ")
        return
    columns = [name for name in dict.fromkeys(name for row in rows for name in row if says(row.get(name))) if name not in _INNER]
    heads = _heads(columns, words)
    shown = [{heads[name]: _short(cell_of(name, row[name], words).text) if says(row.get(name)) else "" for name in columns} for row in rows]
    rights = [heads[name] for name in columns if column_side(rows, name) == "right"]
    room, fitting = width(), []
    for head in heads.values():
        room -= max(len(head), *(len(row[head]) for row in shown)) + 2
        fitting += [head] if room > 0 else []
    print_table(shown, fitting, right=rights)
    if len(found) > len(rows):
        print_wrapped(words("rows_cut" if len(found) < MOST_BEHIND else "rows_many", shown=len(rows), n=len(found)), "  ")
    if left := [head for head in heads.values() if head not in fitting]:
        print_wrapped(f"… {', '.join(left)} (--json)", "  ")


def _heads(names: Sequence[str], words: Words) -> dict[str, str]:
    """The headings; with the column's own name where two columns are called the same."""
    from etappe.reports.table import column_name

    called = [column_name(name, words) for name in names]
    return {name: f"{head} ({name})" if called.count(head) > 1 else head for name, head in zip(names, called, strict=True)}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _in_line(cell: Cell) -> str:
    """A cell with the range of its figure in brackets; n stands in --json, except where there is no value."""
    spread, dot, _ = cell.sub.partition(" · ")
    if not cell.sub or not (dot or cell.colour == "muted"):
        return cell.text
    return f"{cell.text} ({spread})"
