"""persona, segment: described kinds of persons and companies, as documents."""

from __future__ import annotations

from typing import Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_common, opened, tell, who
from etappe.cli.main import app, workspace
from etappe.cli.output import cell, print_json, print_table

personas = typer.Typer(no_args_is_help=True, help="Personas: who buys, who uses, who decides.")
segments = typer.Typer(no_args_is_help=True, help="Segments: kinds of companies.")
app.add_typer(personas, name="persona")
app.add_typer(segments, name="segment")
add_common(personas, "persona")
add_common(segments, "segment")


@personas.command()
def new(
    name: str = typer.Argument(..., help="Its name: small letters, digits and -."),
    from_template: bool = typer.Option(False, "--from-template", help="Begin with the template of this name; or name one with --template."),
    template: str = typer.Option("", help="See `etappe persona templates`."),
    title: str = typer.Option("", help="What the screen calls it."),
    language: str = typer.Option("", help="de or en; else the workspace's."),
    also: list[str] = typer.Option([], help="Further languages of its texts."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Make a persona."""
    with opened() as atlas:
        made = atlas.new_persona(name, who(author), template=template or (name if from_template else ""), language=language, languages=also, title=title).document
    if as_json:
        print_json(made.plain())
        return
    print(f"made the persona {name}: {made.title or 'untitled'}, {len(made.traits)} traits, all of them hypotheses")
    print(f"next: `etappe persona export {name}`, say in `rule` who belongs, then `etappe persona import {name}.persona.yaml`")


@personas.command()
def templates(language: str = typer.Option("de", help="de or en."), as_json: bool = JSON) -> None:
    """The templates of personas."""
    from etappe.maps.template import persona_templates

    rows = [{"template": name, "title": item["title"][language], "sentence": item["sentence"][language]} for name, item in persona_templates().items()]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("template", "title", "sentence"))


@personas.command()
def show(name: str, language: str = typer.Option("", help="One of its languages; else its own."), as_json: bool = JSON) -> None:
    """A persona: rule and live size, revenue, wins, quotes, what drives them, roles, needs, what is contradicted."""
    ws = workspace()
    document, revision = ws.atlas.load("persona", name)
    page = ws.persona(name)
    ws.atlas.close()
    if as_json:
        print_json({"revision": revision, "grounded": document.grounded(), **document.plain(), "page": page.to_dict()})
        return
    print(f"{document.say('title', language or None) or document.id} · {document.id} revision {revision} · {document.grounded()}")
    if document.sentence:
        print(document.say("sentence", language or None))
    rule = ", ".join(f"{field}: {value}" for field, value in document.rule.items())
    print(f"roles {', '.join(document.roles) or '–'} · rule {rule or 'none, so the size is unknown'}")
    print(f"owner {document.owner or '–'}, review by {document.review_by or '–'}")
    _print_page(page, language or document.language)
    print_table([_row(trait, language) for trait in document.sorted("traits")], ("kind", "text", "from", "claim", "id"))


@personas.command()
def stages(map: str = typer.Argument(..., help="The map whose stages count."), persona: list[str] = typer.Option([], help="Which personas; else those of the map, else all."), as_json: bool = JSON) -> None:
    """Personas × stages: how often they are active there, and how they feel, by hand and measured."""
    found = workspace().persona_stages(map, persona)
    if as_json:
        print_json(found)
        return
    for row in found["personas"]:
        cells = [{**cell, "active": _said(cell["active"]), "measured": _said(cell["measured"])} for cell in row["stages"]]
        print_table(cells, ("stage", "active", "hand", "measured"), f"{row['title'] or row['persona']} · {row['journeys']:,} journeys{' · ' + row['problem'] if row['problem'] else ''}")


def _said(figure: dict[str, Any] | None) -> str:
    from etappe.words.result import Figure

    return cell(Figure(figure["value"], figure.get("low"), figure.get("high"), figure["n"], figure.get("why"), figure.get("unit", ""))) if figure else ""


def _print_page(page: Any, language: str) -> None:
    if page.problem:
        print(f"! {page.problem}")
    if page.size:
        size = page.size
        print(f"{size.persons:,} people in {size.accounts:,} companies, {cell(size.share)} of those known; in {size.journeys:,} journeys; as of {page.as_of:%Y-%m-%d}")
        print(f"{cell(page.revenue)} of revenue · win rate {cell(page.wins)}, of all journeys {cell(page.wins_of_all)}")
        overlap = ", ".join(f"{name} {many:,}" for name, many in size.overlap.items())
        print(f"{size.unassigned:,} people belong to no persona{f'; also in: {overlap}' if overlap else ''}")
    if page.roles:
        print("roles in closed journeys: " + ", ".join(f"{row['label'].get(language, row['role'])} {cell(row['figure'])}" for row in page.roles))
    for quote in page.quotes[:3]:
        print(f"  “{quote['quote']}” ({quote['ref']})")
    for kind, found in (*page.forces.items(), *page.insights.items()):
        if found:
            print(f"  {kind}: " + ", ".join(f"{item.what} ({item.k} of {item.n})" for item in found[:5]))
    for need in page.needs[:5]:
        print(f"  need: {need['outcome']} · opportunity {cell(need['figure'])}, n {need['n']}, of {need['of']}")
    for row in page.wrong:
        print(f"  ✕ {row['claim']} ({row.get('map') or row.get('persona')}: {row['card']})")


@segments.command(name="new")
def new_segment(name: str, title: str = typer.Option("", help="What the screen calls it."), author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Make a segment."""
    from etappe.maps.segment import Segment

    with opened() as atlas:
        language = atlas.settings.language
        made = atlas.store.create(Segment.load({"id": name, "title": title, "language": language, "owner": who(author)}), who(author))
    tell(made, as_json, f"made the segment {name}; next: `etappe segment export {name}`")


@segments.command(name="show")
def show_segment(name: str, language: str = typer.Option("", help="One of its languages; else its own."), as_json: bool = JSON) -> None:
    """A segment in the terminal."""
    with opened() as atlas:
        document, revision = atlas.load("segment", name)
    if as_json:
        print_json({"revision": revision, **document.plain()})
        return
    print(f"{document.say('title', language or None) or document.id} · {document.id} revision {revision}")
    print(f"rule {', '.join(f'{field}: {value}' for field, value in document.rule.items()) or 'none, so the size is unknown'}")
    print_table([_row(feature, language) for feature in document.sorted("features")], ("kind", "text", "from", "claim", "id"))


def _row(thing: Any, language: str) -> dict[str, Any]:
    proof = f" ({len(thing.evidence)})" if thing.evidence else ""
    return {"kind": thing.kind, "text": thing.say("text", language or None), "from": thing.provenance + proof, "claim": thing.claim, "id": thing.id}
