"""map: journey maps as documents: made from templates, shown, edited, as text, with their history."""

from __future__ import annotations

from typing import Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_common, opened, speech, who
from etappe.cli.main import app
from etappe.cli.output import print_json, print_table

maps = typer.Typer(no_args_is_help=True, help="Journey maps: make, show, edit, as text, with their history.")
app.add_typer(maps, name="map")
add_common(maps, "map")


@maps.command()
def new(
    name: str = typer.Argument(..., help="Its name: small letters, digits and -."),
    template: str = typer.Option("seven-phases", help="See `etappe map templates`."),
    persona: list[str] = typer.Option([], help="Whose journey; several are overlaid. None: everybody's."),
    journey: list[str] = typer.Option([], help="first_purchase, repurchase, expansion, renewal, win_back."),
    language: str = typer.Option("", help="de or en; else the workspace's."),
    also: list[str] = typer.Option([], help="Further languages of its texts."),
    title: str = typer.Option("", help="Its title; else the template's."),
    way: str = typer.Option("", help="How you make it: research, hypotheses, co-creation."),
    examples: bool = typer.Option(False, "--examples", help="Put the template's example cards in, as hypotheses."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Make a map from a template."""
    from etappe.maps.template import ways

    with opened() as atlas:
        made = atlas.new_map(
            name, who(author), template=template, language=language, languages=also, title=title, personas=persona, journey=journey, way=way, examples=examples,
        ).document  # fmt: skip
        missing = [item for item in persona if item not in {row.id for row in atlas.listed("persona")}]
    if as_json:
        print_json({"map": name, "template": made.template, "stages": [stage.id for stage in made.sorted("stages")], "cards": len(made.cards), "personas": list(made.personas), "journey": list(made.journey)})
        return
    say = speech()
    print(say("made the map {name}: {title}, {stages} stages, {lanes} lanes, {cards} cards", "Map {name} angelegt: {title}, {stages} Phasen, {lanes} Zeilen, {cards} Karten",
        name=name, title=made.title, stages=len(made.stages), lanes=len(made.lanes), cards=len(made.cards)))  # fmt: skip
    print(say("owner {owner}, review by {day}", "verantwortlich: {owner}, Review bis {day}", owner=made.owner, day=made.review_by))
    for item in missing:
        print(f"→ {say('there is no persona {item} yet', 'eine Persona {item} gibt es noch nicht', item=item)}: `etappe persona new {item} --from-template`")
    for number, step in enumerate(ways()[way]["steps"] if way else (), start=1):
        print(f"{number}. {step.get(made.language) or step['en']}")
    print(say("next: {export} to write it as text, {edit}", "weiter: {export} schreibt sie als Text, {edit} fügt eine Karte hinzu",
        export=f"`etappe map export {name}`", edit=f"`etappe map edit add {name} --stage … --lane … --text …`"))  # fmt: skip


@maps.command()
def templates(language: str = typer.Option("de", help="de or en."), as_json: bool = JSON) -> None:
    """The templates there are, and the three ways of making a map."""
    from etappe.maps.template import templates as all_templates
    from etappe.maps.template import ways

    rows = [{"template": name, "title": item["title"][language], "stages": [stage["title"][language] for stage in item["stages"]], "about": item["about"][language]} for name, item in all_templates().items()]
    made = [{"way": name, "title": item["title"][language], "about": item["about"][language], "steps": [step[language] for step in item["steps"]]} for name, item in ways().items()]
    if as_json:
        print_json({"templates": rows, "ways": made})
        return
    print_table(rows, ("template", "title", "stages"), "templates")
    print_table(made, ("way", "title", "about"), "ways")


@maps.command()
def questions(
    name: str = typer.Argument(..., help="A map, or a template."),
    stage: str = typer.Option("", help="Only of this stage."),
    language: str = typer.Option("", help="de or en; else the map's."),
    as_json: bool = JSON,
) -> None:
    """The guiding question of every cell: what to ask in the workshop or the interview."""
    from etappe.maps.template import new_map, question
    from etappe.maps.template import templates as all_templates

    if name in all_templates():
        document: Any = new_map("template", name, language=language or "de")
    else:
        with opened() as atlas:
            document = atlas.map(name)
    rows = [
        {"stage": column.title or column.id, "lane": lane.title or lane.id, "question": lane.asks or question(document.template, column.id, lane.kind, language or document.language)}
        for column in document.sorted("stages")
        if not stage or column.id == stage
        for lane in document.sorted("lanes")
    ]
    if as_json:
        print_json(rows)
    else:
        print(document.title)
        speech().table(rows, ("stage", "lane", "question"))


@maps.command()
def show(
    name: str = typer.Argument(..., help="A map, or one of its versions: NAME@3."),
    language: str = typer.Option("", help="One of its languages; else its own."),
    as_json: bool = JSON,
) -> None:
    """A map in the terminal: stages, lanes, cards with their claims."""
    with opened() as atlas:
        document, revision = atlas.load("map", name)
    if as_json:
        print_json({"revision": revision, **document.plain()})
        return
    _print_map(document, revision, language or None)


_SHOWN = {
    "de": {
        "everybody": "alle", "revision": "Fassung {n}", "owner": "Verantwortlich: {name}", "review": "Review fällig am {day}", "planned": "geplant {n} Tage", "measured": "gemessen {figure}",
        "hand": "Stimmung {value}", "felt": "Stimmung gemessen {value}", "gone": "in einer Phase oder Zeile, die es nicht mehr gibt", "links": "{n} Belege", "effort": "Aufwand {effort}, Wirkung {effect}",
        "claims": "Annahme: {claim}", "as_is": "Ist", "to_be": "Soll", "interview": "Interview", "survey": "Umfrage", "data": "Daten", "co-creation": "mit Kunden",
    },
    "en": {
        "everybody": "everybody", "revision": "revision {n}", "owner": "owner {name}", "review": "review by {day}", "planned": "planned {n} days", "measured": "measured {figure}",
        "hand": "feeling {value}", "felt": "feeling measured {value}", "gone": "in a stage or lane that is gone", "links": "{n} evidence", "effort": "effort {effort}, effect {effect}",
        "claims": "claims {claim}", "as_is": "as-is", "to_be": "to-be",
    },
}  # fmt: skip


def _print_map(document: Any, revision: int, language: str | None) -> None:
    from etappe.cli.command_check import day
    from etappe.reports.texts import Words

    tongue = "de" if (language or document.language) == "de" else "en"
    words, terms = _SHOWN[tongue], Words("de" if tongue == "de" else "en")
    who_for = ", ".join(document.personas) or words["everybody"]
    kinds = ", ".join(terms.any_term(kind) or kind for kind in document.journey)
    print(f"{document.say('title', language)} · {document.id} · {words['revision'].format(n=revision)} · {kinds} · {who_for} · {words.get(document.state, document.state)}")
    planned = document.planned_total()
    due = day(document.review_by, tongue) if document.review_by else "–"
    print(", ".join([words["owner"].format(name=document.owner or "–"), words["review"].format(day=due), *([words["planned"].format(n=f"{planned:g}")] if planned else [])]))
    lanes = document.sorted("lanes")
    for stage in document.sorted("stages"):
        print("\n■ " + " · ".join([stage.say("title", language) or stage.id, *_times(document, stage, words, tongue)]))
        for lane in lanes:
            cards = [card for card in document.sorted("cards") if card.stage == stage.id and card.lane == lane.id]
            if cards:
                print(f"  {lane.say('title', language) or lane.id}")
            for card in cards:
                _print_card(card, language, tongue)
        if stage.milestone:
            print(f"  ◆ {stage.say('milestone', language)}")
    lost = [card for card in document.sorted("cards") if card.stage not in document.stages or card.lane not in document.lanes]
    if lost:
        print(f"\n? {words['gone']}")
        for card in lost:
            _print_card(card, language, tongue)


def _times(document: Any, stage: Any, words: dict[str, str], tongue: str) -> list[str]:
    """How long a stage is planned to take and takes, and how it feels."""
    from etappe.cli.command_check import say

    said = [words["planned"].format(n=f"{stage.planned_days:g}")] if stage.planned_days is not None else []
    said += [words["measured"].format(figure=say(stage.measured, tongue))] if stage.measured is not None else []
    return said + [words["felt" if point.how == "measured" else "hand"].format(value=f"{point.value:+.1f}") for point in document.sorted("feelings") if point.stage == stage.id]


def _print_card(card: Any, language: str | None, tongue: str) -> None:
    from etappe.cli.command_check import say

    words = _SHOWN[tongue]
    marks = [words.get(card.provenance, card.provenance)] if card.provenance != "hypothesis" else []
    marks += [words["links"].format(n=len(card.evidence))] if card.evidence else []
    marks += [say(card.figure, tongue)] if card.figure is not None else []
    marks += [words["effort"].format(effort=card.effort, effect=card.effect)] if card.effort or card.effect else []
    print(f"    · {card.say('text', language)}  [{card.id}]{' · ' + ' · '.join(marks) if marks else ''}")
    if card.claim:
        print(f"        {words['claims'].format(claim=card.claim)}")
