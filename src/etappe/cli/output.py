"""How answers are printed: tables for people, JSON for scripts, progress on stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from etappe.cli.fitting import Column, Heading, laid_out, wrapped
from etappe.words.result import Figure, plain

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


def counted(count: int, one: str, many: str = "") -> str:
    """`1 person`, `1,204 persons`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


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
    numeric = {name for name in columns if name in right or any(isinstance(row.get(name), (int, float)) and not isinstance(row.get(name), bool) for row in rows)}
    shown = [Column(name.replace("_", " "), tuple(cell(row.get(name)) for row in rows), name in numeric) for name in columns]
    if title:
        print(title)
    left = print_columns(shown)
    if left:
        print(f"… {', '.join(left)} (--json)")


def print_columns(columns: Sequence[Column], keys: int = 1, groups: Sequence[str] = ()) -> list[str]:
    """A table on stdout; the headings of the columns for which there was no room."""
    parts, left = laid_out(columns, width(), keys, groups)
    for place, part in enumerate(parts):
        print("\n" if place else "", end="")
        for line in part:
            (print_strong if isinstance(line, Heading) else print)(line)
    return left


def print_strong(text: str) -> None:
    """A line that stands out in a terminal."""
    bold = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    print(f"\x1b[1m{text}\x1b[0m" if bold else text)


def print_wrapped(text: str, indent: str = "") -> None:
    """A sentence on stdout in lines of whole words; lines after the first are indented."""
    first, *more = wrapped(text, width() - len(indent)) or [""]
    print("\n".join([first, *(indent + line for line in more)]))


def width() -> int:
    """How many columns there are; many where stdout is no terminal."""
    return shutil.get_terminal_size((_PLAIN, 0)).columns if sys.stdout.isatty() else _PLAIN
