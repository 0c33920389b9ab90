"""review: a dated meeting over a map: numbers frozen, differences told, decisions, tasks, minutes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_reading, add_versions, opened, speech, tell, who
from etappe.cli.main import app, workspace
from etappe.cli.output import print_json, print_table

reviews = typer.Typer(no_args_is_help=True, help="Reviews of maps: freeze the numbers, see what changed, hand out tasks.")
app.add_typer(reviews, name="review")
add_reading(reviews, "review")
add_versions(reviews, "review")


def _room(atlas: Any) -> Any:
    from etappe.workspace.reviews import Reviews

    return Reviews(atlas)


def _day(text: str, option: str) -> dt.date | None:
    from etappe.errors import MapFault

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise MapFault(f"`{text}` is no day.", option, "Write it as 2026-12-31.") from None


def _checked(map_name: str, given: Path | None) -> dict[str, Any] | None:
    """What the evidence says: from a file of `check --json`, else asked now; None where nothing can be asked."""
    from etappe.errors import MapFault, WorkspaceFault

    if given is not None:
        try:
            found: dict[str, Any] = json.loads(given.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MapFault(f"The check cannot be read: {error}.", str(given), "Write it with `etappe check MAP --json`.") from None
        return found
    try:
        return dict(workspace().check(map_name).to_dict())
    except WorkspaceFault:
        return None


@reviews.command()
def start(
    map: str = typer.Argument(..., help="The map to review."), check: Path = typer.Option(None, help="What `etappe check MAP --json` said; else it is asked now."),
    with_: list[str] = typer.Option([], "--with", help="Who takes part."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Start a review: freeze the numbers and list what changed since the last one."""
    with opened() as atlas:
        room = _room(atlas)
        made = room.start(map, who(author), _checked(map, check), attendees=tuple(with_))
        changed, stale = room.since(made), room.stale(made)
        text = room.text(made.id)
    if as_json:
        print_json({"review": made.id, "map": map, "as_of": made.as_of, "frozen": len(made.claims), "since": changed.to_dict() if changed else None, "stale": stale})
        return
    print(text, end="")
    say = speech()
    if not made.claims:
        print(say("! no verdicts are frozen: nothing is built, or the map claims nothing", "! kein Befund ist eingefroren: nichts ist gebaut, oder die Map nimmt nichts an"))
    if stale:
        print(say("\nnobody has touched: {listed}", "\nniemand hat angefasst: {listed}", listed=stale))
    print(f"\n{say('next: ', 'weiter: ')}`etappe review decide {made.id} …`, `etappe review task {made.id} …`, `etappe review close {map}`")


@reviews.command()
def close(map: str, notes: str = typer.Option("", help="Minutes in your own words."), next: str = typer.Option("", help="Next review; else in half a year."), author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Close the review of a map and set the next date."""
    with opened() as atlas:
        done = _room(atlas).close(map, who(author), notes=notes, next_on=_day(next, "--next"))
        due = atlas.map(map).review_by
    print_json({"review": done.id, "next": due}) if as_json else print(f"closed {done.id}; the next review of {map} is due on {due}")


@reviews.command()
def decide(review: str, text: str, by: str = typer.Option("", help="Who decided."), author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Note a decision."""
    with opened() as atlas:
        tell(_room(atlas).decide(review, text, who(author), by=by), as_json)


@reviews.command()
def task(
    review: str, text: str, owner: str = typer.Option("", help="Who does it."), due: str = typer.Option("", help="Until when, such as 2026-12-31."),
    card: str = typer.Option("", help="The card it is about."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Hand out a task."""
    with opened() as atlas:
        tell(_room(atlas).task(review, text, who(author), owner=owner, due=_day(due, "--due"), card=card), as_json)


@reviews.command()
def done(review: str, task: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Mark a task as done."""
    with opened() as atlas:
        tell(_room(atlas).finish(review, task, who(author)), as_json, f"{task} is done")


@reviews.command()
def tasks(as_json: bool = JSON) -> None:
    """The open tasks of all reviews."""
    with opened() as atlas:
        rows = _room(atlas).tasks()
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("due", "overdue", "owner", "text", "map", "review", "task"))


@reviews.command()
def show(review: str, language: str = typer.Option("", help="de or en."), as_json: bool = JSON) -> None:
    """The minutes of a review."""
    with opened() as atlas:
        room = _room(atlas)
        found, text = room.load(review), room.text(review, language)
        changed = room.since(found)
    if as_json:
        print_json({**found.plain(), "since": changed.to_dict() if changed else None})
    else:
        print(text, end="")


@reviews.command()
def export(review: str, output: Path = typer.Option(..., "-o", "--output", help="The file to write: .pdf, .docx, .html or .md."), language: str = typer.Option("", help="de or en."), as_json: bool = JSON) -> None:
    """Write the minutes as a document: PDF, Word, HTML or Markdown."""
    if output.suffix.lower() == ".md":
        with opened() as atlas:
            output.write_text(_room(atlas).text(review, language), encoding="utf-8")
        written = output
    else:
        written = workspace().report("review", output, name=review, language=language or None)
    print_json({"written": str(written)}) if as_json else print(f"wrote {written}")
