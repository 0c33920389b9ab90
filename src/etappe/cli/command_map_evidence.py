"""map draft, map add-blind-spot: a map filled from the evidence."""

from __future__ import annotations

import typer

from etappe.cli.command_map import maps
from etappe.cli.documents import AUTHOR, JSON, tell, who
from etappe.cli.main import workspace


@maps.command()
def draft(name: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Fill a map from the evidence: touchpoints, waits, content, figures, buying center, feelings, marked as data; again at any time."""
    tell(workspace().draft(name, who(author)), as_json)


@maps.command(name="add-blind-spot")
def add_blind_spot(
    name: str,
    spots: list[str] = typer.Argument(None, help="Their ids, as `etappe check` names them."),
    every: bool = typer.Option(False, "--all", help="All of them."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Put blind spots on the map: a card each, marked as data, with its figure."""
    if not spots and not every:
        raise typer.BadParameter("name a blind spot, or say --all; `etappe check` lists them")
    tell(workspace().add_blind_spots(name, spots or [], who(author)), as_json)
