"""map edit: one change at a time; each is an edit in the log, with its author."""

from __future__ import annotations

import datetime as dt
from typing import Any

import typer

from etappe.cli.command_map import maps
from etappe.cli.documents import AUTHOR, JSON, opened, tell, who

edit = typer.Typer(no_args_is_help=True, help="Change a map: add, set, move, remove, link, comment, feel, translate.")
maps.add_typer(edit, name="edit")

THING = typer.Argument(..., help="Id of a card, stage, step, lane, criterion; `-` is the map itself.")


def _apply(name: str, change: Any, author: str, as_json: bool) -> None:
    with opened() as atlas:
        tell(atlas.apply("map", name, change, who(author)), as_json)


def _collection(name: str, id: str) -> str:
    """The collection that has a thing of this id.

    Raises
    ------
    NotFound
        With the nearest id.
    """
    from etappe.errors import NotFound
    from etappe.words.claim_language import nearest

    if id == "-":
        return ""
    with opened() as atlas:
        document = atlas.map(name)
    for collection in document.COLLECTIONS:
        if id in document.collection(collection):
            return str(collection)
    known = [key for collection in document.COLLECTIONS for key in document.collection(collection)]
    raise NotFound(f"There is no `{id}` in the map `{name}`.", "", nearest(id, known) if known else "")


@edit.command(name="text")
def as_text(name: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Change the map as text in your editor (EDITOR); with a fault nothing is changed and your text is kept."""
    import tempfile
    from pathlib import Path

    import click

    from etappe.cli.documents import tell_import
    from etappe.errors import Fault

    with opened() as atlas:
        before = atlas.text("map", name)
        after = click.edit(before, extension=".yaml")
        if after is None or after == before:
            print("nothing to change")
            return
        with tempfile.NamedTemporaryFile("w", suffix=f".{name}.yaml", delete=False, encoding="utf-8") as written:
            written.write(after)
        path = Path(written.name)
        try:
            done = atlas.import_(path, who(author), kind="map", note="edited as text")
        except Fault:
            print(f"your text is in {path}: mend it, then `etappe map import {path}`")
            raise
        path.unlink()
    tell_import(path, done, as_json)


@edit.command()
def add(
    name: str,
    text: str = typer.Option(..., help="What the card says."),
    stage: str = typer.Option(..., help="Id of the stage."),
    lane: str = typer.Option(..., help="Id of the lane."),
    step: str = typer.Option("", help="Id of the step."),
    claim: str = typer.Option("", help="What it claims, such as: coverage(webinar) in consideration >= 0.3"),
    provenance: str = typer.Option("hypothesis", help="hypothesis, interview, survey, data, co-creation."),
    touchpoint: str = typer.Option("", help="Id of a touchpoint."),
    id: str = typer.Option("", help="Its id; else a new one."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Add a card at the end of its cell."""
    from etappe.errors import MapFault
    from etappe.maps.changes import Add
    from etappe.maps.document import new_id
    from etappe.maps.order import between
    from etappe.words.claim_language import nearest, parse

    if claim:
        claim = str(parse(claim))
    with opened() as atlas:
        document = atlas.map(name)
        for what, said, known in (("stage", stage, document.stages), ("lane", lane, document.lanes), *([("step", step, document.steps)] if step else [])):
            if said not in known:
                raise MapFault(f"There is no {what} `{said}` in the map `{name}`.", "", nearest(said, known) if known else "")
        if id in document.cards:
            raise MapFault(f"There is a card `{id}` already.", "", "Choose another id, or change it with `set`.")
        orders = [card.order for card in document.cards.values() if (card.stage, card.step, card.lane) == (stage, step, lane)]
        given = {"step": step, "claim": claim, "touchpoint": touchpoint, "provenance": provenance}
        thing = {"id": id or new_id(), "stage": stage, "lane": lane, "text": text, "order": between(max(orders, default=None), None), **{key: value for key, value in given.items() if value}}
        tell(atlas.apply("map", name, Add(collection="cards", thing=thing), who(author)), as_json)


@edit.command(name="set")
def set_(
    name: str, thing: str = THING, field: str = typer.Argument(..., help="Such as text, claim, owner, review_by, effort, milestone, standing.us"),
    value: str = typer.Argument("", help="Nothing clears it."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Set one field of a card, stage, lane, or of the map itself (`-`)."""
    from etappe.maps.changes import Set
    from etappe.words.claim_language import parse

    if field == "claim" and value:
        value = str(parse(value))
    collection = _collection(name, thing)
    change = Set(collection=collection, id="" if thing == "-" else thing, path=tuple(field.split(".")), value=value or None, absent=not value)
    _apply(name, change, author, as_json)


@edit.command()
def move(
    name: str, thing: str = THING,
    stage: str = typer.Option("", help="To this stage."), step: str = typer.Option("", help="To this step."), lane: str = typer.Option("", help="To this lane."),
    before: str = typer.Option("", help="In front of this card."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Move a card, or change the order of stages and lanes."""
    from etappe.errors import MapFault
    from etappe.maps.changes import Move
    from etappe.maps.order import between
    from etappe.words.claim_language import nearest

    collection = _collection(name, thing)
    with opened() as atlas:
        document = atlas.map(name)
        beside = document.collection(collection).get(before)
        wanted = (("stage", stage), ("step", step), ("lane", lane))
        to = {key: value for key, said in wanted if (value := said or str(getattr(beside, key, "")))}
        for key, said in to.items():
            known = getattr(document, f"{key}s")
            if said not in known:
                raise MapFault(f"There is no {key} `{said}` in the map `{name}`.", "", nearest(said, known) if known else "")
        if before and beside is None:
            raise MapFault(f"There is no `{before}` to move it in front of.", "", nearest(before, document.collection(collection)))
        place = {key: to.get(key, str(getattr(document.collection(collection)[thing], key, ""))) for key in ("stage", "step", "lane")}
        others = [item for item in document.sorted(collection) if item.id != thing and all(str(getattr(item, key, "")) == said for key, said in place.items())]
        number = next((index for index, item in enumerate(others) if item.id == before), len(others))
        low, high = (others[number - 1].order if number else None), (others[number].order if number < len(others) else None)
        order = between(low, high) if low is None or high is None or low < high else between(low, None)
        tell(atlas.apply("map", name, Move(collection=collection, id=thing, to={**to, "order": order}), who(author)), as_json)


@edit.command()
def remove(name: str, thing: str = THING, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Remove a card, stage, lane or another thing; what stands in it stays and is told by lint."""
    from etappe.maps.changes import Remove

    _apply(name, Remove(collection=_collection(name, thing), id=thing), author, as_json)


@edit.command()
def link(
    name: str, card: str, ref: str = typer.Argument(..., help="Such as interview:int-07#t=412, survey:nps, or a URL."),
    quote: str = typer.Option("", help="The words that are quoted."), speaker: str = typer.Option("", help="Who said it; a role, not a name."),
    author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Link evidence to a card."""
    from etappe.maps.changes import Link

    evidence = {key: value for key, value in (("ref", ref), ("quote", quote), ("speaker", speaker)) if value}
    _apply(name, Link(collection=_collection(name, card), id=card, evidence=evidence), author, as_json)


@edit.command()
def unlink(name: str, card: str, ref: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Take an evidence link away."""
    from etappe.maps.changes import Unlink

    _apply(name, Unlink(collection=_collection(name, card), id=card, ref=ref), author, as_json)


@edit.command()
def comment(name: str, thing: str = THING, text: str = typer.Argument(...), author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Comment on a card, or on the map itself (`-`)."""
    from etappe.maps.changes import Remark
    from etappe.maps.document import new_id

    _collection(name, thing)
    about = "" if thing == "-" else thing
    _apply(name, Remark(id=new_id("m"), about=about, text=text, author=who(author), at=dt.datetime.now(dt.UTC)), author, as_json)


@edit.command()
def feel(
    name: str, stage: str, value: float = typer.Argument(None, min=-2, max=2, help="From -2 (very bad) to +2 (very good); nothing makes a gap."),
    step: str = typer.Option("", help="Of this step."), persona: str = typer.Option("", help="Of this persona."),
    target: bool = typer.Option(False, "--target", help="How it should be."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Set a point of the feelings curve by hand."""
    from etappe.maps.changes import Feel

    _collection(name, stage)
    _apply(name, Feel(stage=stage, step=step, persona=persona, how="target" if target else "hand", value=value), author, as_json)


@edit.command()
def translate(
    name: str, thing: str = THING, language: str = typer.Argument(..., help="Such as en."), field: str = typer.Argument(..., help="Such as text, title, milestone."),
    text: str = typer.Argument("", help="Nothing takes the translation away."), author: str = AUTHOR, as_json: bool = JSON,
) -> None:  # fmt: skip
    """Say a text of a card, stage, lane, or of the map itself (`-`), in another language."""
    from etappe.maps.changes import Translate

    collection = _collection(name, thing)
    _apply(name, Translate(collection=collection, id="" if thing == "-" else thing, language=language, field=field, text=text or None), author, as_json)
