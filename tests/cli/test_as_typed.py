"""Words taken as they were typed are what Typer would have made of them, and what is wrong is refused alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from etappe.cli.as_typed import command_of

app = typer.Typer()
given: list[dict[str, Any]] = []


@app.callback()
def _before(where: str = typer.Option("", "-w"), loud: bool = typer.Option(False, "--loud", callback=lambda value: "very" if value else value, is_eager=True)) -> None:
    given.append({"where": where, "loud": loud})


FILE, SHARE = typer.Option(None), typer.Option(0.5)
EVERY = typer.Option([], "--every")


@app.command()
def take(
    name: str = typer.Argument(...), file: Path = FILE, number: int = typer.Option(3), most: int = typer.Option(5, max=9), share: float = SHARE,
    word: str = typer.Option(None), every: list[str] = EVERY, flag: bool = typer.Option(False), read: str = typer.Option("x", parser=lambda text: text.upper()),
) -> None:  # fmt: skip
    given.append(dict(locals()))


@pytest.mark.parametrize(
    "words",
    [
        ["take", "a"], ["-w", "here", "--loud", "take", "ä b", "--flag"], ["take", "a", "--number", "7", "--most", "9", "--share", "0.25"], ["take", "", "--word", ""],
        ["take", "a", "--every", "b", "--every", "c", "--file", "x/y.csv", "--read", "klein"], ["take"], ["take", "a", "--number", "seven"], ["take", "a", "--most", "10"],
    ],
)  # fmt: skip
def test_taken_as_typed_is_what_typer_makes_of_it(words: list[str]) -> None:
    def outcome(command: Any) -> Any:
        given.clear()
        try:
            command(list(words), standalone_mode=False)
        except Exception as problem:
            return type(problem), problem.format_message()  # type: ignore[attr-defined]
        return [{name: (type(value), value) for name, value in row.items()} for row in given]

    assert outcome(command_of(app)) == outcome(typer.main.get_command(app))
