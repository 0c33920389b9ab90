"""How answers are printed: tables for people, JSON for scripts, progress on stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from etappe.words.result import Figure, Result, plain

_LONGEST = 40  # of a cell of a record; the whole stands in --json
_PLAIN = 200  # columns where stdout is no terminal


def print_json(value: Any) -> None:
    """An answer as JSON on stdout."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress(shown: bool = True) -> Iterator[Callable[[str, float], None] | None]:
    """A progress bar on stderr while work is done; none where stderr is not a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def report(words: str, share: float) -> None:
            bar.update(task, description=words[-60:], completed=share)

        yield report


def number(value: float | None, unit: str = "") -> str:
    """A figure's number: shares in per cent, large ones without decimals."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value * 100:.0f} %"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"


def cell(value: Any) -> str:
    """One cell of a printed table; a figure shows its interval and its n."""
    if value is None:
        return ""
    if isinstance(value, Figure):
        if value.value is None:
            return f"{value.why or 'no data'} (n {value.n})"
        if value.low is None or value.high is None:
            return number(value.value, value.unit)
        return f"{number(value.value, value.unit)} ({number(value.low, value.unit).removesuffix(' %')}–{number(value.high, value.unit).removesuffix(' %')})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(item) for item in value[:8]) + (" …" if len(value) > 8 else "")
    text = str(plain(value))
    return text[:10] if len(text) >= 19 and text[4:5] == "-" and text[10:11] == "T" else text


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str = "", right: Collection[str] = ()) -> None:
    """Rows as a table on stdout, as wide as the terminal, plain where stdout is not one."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in columns:
        numeric = name in right or any(isinstance(row.get(name), (int, float)) and not isinstance(row.get(name), bool) for row in rows)
        table.add_column(Text(name.replace("_", " ")), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(row.get(name))) for name in columns))
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(table)


def _folded(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with a first column that repeats itself left empty after its first line."""
    shown = [dict(row) for row in rows]
    first = columns[0] if columns else ""
    for place in range(len(shown) - 1, 0, -1):
        if isinstance(shown[place].get(first), str) and shown[place].get(first) == shown[place - 1].get(first):
            shown[place][first] = ""
    return shown


def print_result(result: Result, language: str = "en") -> None:
    """An analysis' answer in a language: its words, its table, what it rests on, what to bear in mind."""
    from etappe.reports.formats import date, number
    from etappe.reports.table import caveats_of, cell_of, column_name, heading_of, period_of, population_of
    from etappe.reports.texts import Words
    from etappe.words.said import spoken

    own = (result.drawing or {}).get("usermeta", {}).get("words", {}).get(language, {})
    words = Words("de" if language == "de" else "en", None, own)
    print(f"{heading_of(result, words)}: {spoken(result.recipe.words, language)}")
    columns = [name for name in result.brief or result.columns if any(_said(row.get(name)) for row in result.rows)]
    heads = {name: _unlike(column_name(name, words), name, columns, words) for name in columns}
    shown = [{heads[name]: "" if row.get(name) is None else _in_line(cell_of(name, row[name], words)) for name in columns} for row in result.rows]
    right = {heads[name] for name in columns if any(isinstance(row.get(name), (int, float)) and not isinstance(row.get(name), bool) for row in result.rows)}
    print_table(_folded(shown, [heads[name] for name in columns]), [heads[name] for name in columns], right=right)
    counts = sorted({value.n for row in result.rows for value in row.values() if isinstance(value, Figure)})
    if counts:
        print(words("in_brackets", first=number(counts[0], words.language, 0), last=number(counts[-1], words.language, 0)))
    print(f"\n{words('population')}: {population_of(result, words)}")
    print(f"{words('period')}: {period_of(result, words)}")
    if result.as_of:
        print(f"{words('as_of', date=date(result.as_of, words.language))} · {words('recipe', name=result.recipe.name, version=result.recipe.version)}")
    for text in caveats_of(result, words):
        print(f"· {text}")


def print_rows(rows: Sequence[Mapping[str, Any]], language: str, names: Any = None) -> None:
    """The records behind an answer, called as in its table; columns that say nothing or have no room are left out."""
    from etappe.reports.table import cell_of, column_name
    from etappe.reports.texts import Words

    words = Words("de" if language == "de" else "en", names)
    columns = list(dict.fromkeys(name for row in rows for name in row if _said(row.get(name))))
    heads = {name: _unlike(column_name(name, words), name, columns, words) for name in columns}
    shown = [{heads[name]: _short(cell_of(name, row[name], words).text) if _said(row.get(name)) else "" for name in columns} for row in rows]
    width, fitting = _width(), []
    for head in heads.values():
        width -= max(len(head), *(len(row[head]) for row in shown)) + 2
        fitting += [head] if width > 0 else []
    print_table(shown, fitting)
    if left := [head for head in heads.values() if head not in fitting]:
        print(f"… {', '.join(left)} (--json)")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _width() -> int:
    return shutil.get_terminal_size((_PLAIN, 0)).columns if sys.stdout.isatty() else _PLAIN


def _said(value: Any) -> bool:
    """Whether a cell says anything: a figure without data in every row is a column to leave out."""
    return value not in (None, "", []) and not (isinstance(value, Figure) and value.value is None and value.why == "no data")


def _unlike(head: str, name: str, columns: Sequence[str], words: Any) -> str:
    """A heading; with the column's own name where two columns are called the same."""
    from etappe.reports.table import column_name

    return f"{head} ({name})" if sum(column_name(other, words) == head for other in columns) > 1 else head


def _in_line(cell: Any) -> str:
    """A cell with the range of its figure in brackets; n stands in --json, except where there is no value."""
    spread, dot, _ = cell.sub.partition(" · ")
    if not cell.sub:
        return str(cell.text)
    if dot:
        return f"{cell.text} ({spread})"
    return f"{cell.text} ({spread})" if cell.colour == "muted" else str(cell.text)
