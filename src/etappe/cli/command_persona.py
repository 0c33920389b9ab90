"""persona, segment: described kinds of persons and companies, as documents."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_common, opened, speech, tell, who
from etappe.cli.main import app, workspace
from etappe.cli.output import print_json, print_table

if TYPE_CHECKING:
    from etappe.reports.theme import Language

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
    say = speech()
    title = made.title or say("untitled", "ohne Titel")
    print(say("made the persona {name}: {title}, {n} traits, all of them hypotheses", "Persona {name} angelegt: {title}, {n} Merkmale, alle noch Hypothesen", name=name, title=title, n=len(made.traits)))
    print(say("next: {export}, say in `rule` who belongs, then {read}", "weiter: {export}, in `rule` sagen, wer dazugehört, dann {read}",
        export=f"`etappe persona export {name}`", read=f"`etappe persona import {name}.persona.yaml`"))  # fmt: skip


@personas.command()
def templates(language: str = typer.Option("de", help="de or en."), as_json: bool = JSON) -> None:
    """The templates of personas."""
    from etappe.maps.template import persona_templates

    rows = [{"template": name, "title": item["title"][language], "sentence": item["sentence"][language]} for name, item in persona_templates().items()]
    if as_json:
        print_json(rows)
    else:
        speech().table(rows, ("template", "title", "sentence"))


@personas.command()
def show(
    name: str,
    language: str = typer.Option("", help="de or en; else its own."),
    since: str = typer.Option("", help="Tell what changed since this day (2026-03-31); else since a quarter ago."),
    as_json: bool = JSON,
) -> None:
    """A persona: rule and live size, revenue, wins, quotes, what drives them, roles, needs, what is contradicted, what changed."""
    from etappe.workspace import rules

    ws = workspace()
    document, revision = ws.atlas.load("persona", name)
    page = ws.persona(name, since=_day(since)).to_dict()
    ws.atlas.close()
    if as_json:
        print_json({"revision": revision, "grounded": document.grounded(), **document.plain(), "page": page})
        return
    _print_page(document, revision, page, language or document.language, rules.readable_names(ws.folder))


@personas.command()
def stages(
    map: str = typer.Argument(..., help="The map whose stages count."),
    persona: list[str] = typer.Option([], help="Which personas; else those of the map, else all."),
    language: str = typer.Option("", help="de or en; else the map's."),
    as_json: bool = JSON,
) -> None:
    """Personas × stages: how often they are active there, and how they feel, by hand and measured."""
    from etappe.reports.map.figures import score, told
    from etappe.reports.texts import Words
    from etappe.workspace import rules

    ws = workspace()
    shown = _tongue(language or ws.atlas.map(map).language)
    found = ws.persona_stages(map, persona, language=shown)
    if as_json:
        print_json(found)
        return
    words = Words(shown, rules.readable_names(ws.folder))
    heads = [words(key) for key in ("t_stage", "p_active", "p_hand", "p_measured")]
    titles = {stage["id"]: stage["title"] for stage in found["stages"]}
    for row in found["personas"]:
        cells = [
            (titles[cell["stage"]], told(cell["active"], "share", words) if cell["active"] else "", score(cell["hand"], words) if cell["hand"] is not None else "", told(cell["measured"], "score", words) if cell["measured"] else "")
            for cell in row["stages"]
        ]  # fmt: skip
        problem = f" · {words('p_no_rule_short')}" if row["problem"] else ""
        print_table([dict(zip(heads, cell, strict=True)) for cell in cells], heads, f"{row['title'] or row['persona']} · {words('p_journeys_n', n=row['journeys'])}{problem}")


def _day(text: str) -> dt.date | None:
    from etappe.errors import QuestionFault

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise QuestionFault(f"`{text}` is no day.", "--since", "Write it as 2026-03-31.") from None


def _tongue(language: str) -> Language:
    return "de" if language == "de" else "en"


def _print_page(document: Any, revision: int, page: dict[str, Any], language: str, names: Any) -> None:
    """The parts of the page as its print has them, one below the other."""
    from etappe.reports.formats import date, moment
    from etappe.reports.persona import persona_panels, signed
    from etappe.reports.texts import Words

    words = Words(_tongue(language), names)
    tongue = None if language == document.language else language
    print(f"{document.say('title', tongue) or document.id} · {document.id} · {words('revision_n', revision=str(revision))} · {words(f'g_{document.grounded()}')}")
    if document.sentence:
        print(document.say("sentence", tongue))
    known = [words("owned_by", name=document.owner) if document.owner else "", words("review_due", date=date(document.review_by, words.language)) if document.review_by else ""]
    known.append(words("as_of", date=date(moment(page["as_of"]), words.language)) if page["as_of"] else "")
    print(" · ".join(part for part in known if part))
    for panel in persona_panels(document, page, words):
        print(f"\n{panel.title}")
        for item in panel.items:
            print(f"  {signed(item)}")
            if item.sub:
                print(f"      {item.sub}")
        if panel.note:
            print(f"  {panel.note}")


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
    say = speech()
    print(f"{document.say('title', language or None) or document.id} · {document.id} · Revision {revision}")
    rule = ", ".join(f"{field}: {value}" for field, value in document.rule.items())
    print(say("rule: ", "Regel: ") + (rule or say("none, so the size is unknown", "keine, also ist die Größe unbekannt")))
    say.table([_row(feature, language) for feature in document.sorted("features")], ("kind", "text", "provenance", "claim", "id"))


def _row(thing: Any, language: str) -> dict[str, Any]:
    proof = f" ({len(thing.evidence)})" if thing.evidence else ""
    return {"kind": thing.kind, "text": thing.say("text", language or None), "provenance": thing.provenance + proof, "claim": thing.claim, "id": thing.id}
