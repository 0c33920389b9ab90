"""survey: ask by forms and links, import answers, see the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from etappe.cli.documents import AUTHOR, JSON, add_reading, add_versions, opened, speech, tell, who
from etappe.cli.main import app, workspace
from etappe.cli.output import print_json

surveys = typer.Typer(no_args_is_help=True, help="Surveys: ask, collect, import, see the figures.")
app.add_typer(surveys, name="survey")
add_reading(surveys, "survey")
add_versions(surveys, "survey")


def _room(atlas: Any) -> Any:
    from etappe.workspace.surveys import Surveys

    return Surveys(atlas)


@surveys.command()
def new(
    name: str = typer.Argument(..., help="Its name; without --template also the template's."),
    template: str = typer.Option("", help="nps, csat, ces, needs, after-purchase."),
    stage: str = typer.Option("", help="The stage it asks about."),
    touchpoint: str = typer.Option("", help="The touchpoint it asks about."),
    language: str = typer.Option("", help="de or en; the other one is there as well."),
    public: bool = typer.Option(False, "--public", help="Anybody may answer; else only by one-time links."),
    link: bool = typer.Option(False, "--link", help="Open it at once and print a one-time link."),
    author: str = AUTHOR,
    as_json: bool = JSON,
) -> None:
    """Make a survey from a template, in German and English."""
    with opened() as atlas:
        room = _room(atlas)
        made = room.new(name, who(author), template=template, language=language, stage=stage, touchpoint=touchpoint, access="public" if public else "link")
        tokens = []
        if link:
            room.open(name, who(author))
            tokens = room.invite(name)
    paths = [_form_address(name, token) for token in tokens]
    if as_json:
        print_json({"survey": name, "questions": [question.id for question in made.document.sorted("questions")], "links": paths})
        return
    say = speech()
    print(say("made the survey {name}: {title}, {n} questions", "Umfrage {name} angelegt: {title}, {n} Fragen", name=name, title=made.document.title, n=len(made.document.questions)))
    for path in paths:
        print(say("link: {path} (behind the address of your server)", "Link: {path} (hinter der Adresse Ihres Servers)", path=path))
    if not link:
        print(say("next: {form} shows it, {opened} opens it, {links} makes links", "weiter: {form} zeigt sie, {opened} öffnet sie, {links} macht Links",
            form=f"`etappe survey form {name} -o form.html`", opened=f"`etappe survey open {name}`", links=f"`etappe survey links {name} --count 20`"))  # fmt: skip


def _form_address(name: str, token: str) -> str:
    from etappe.workspace.surveys import form_address

    return form_address(name, token)


@surveys.command(name="open")
def open_(name: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Open a survey for answers."""
    with opened() as atlas:
        tell(_room(atlas).open(name, who(author)), as_json, f"{name} is open")


@surveys.command()
def close(name: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
    """Close a survey."""
    with opened() as atlas:
        tell(_room(atlas).open(name, who(author), closed=True), as_json, f"{name} is closed")


@surveys.command()
def links(
    name: str, count: int = typer.Option(1, min=1, max=10_000, help="How many."), days: int = typer.Option(60, min=1, help="How long they work."),
    about: list[str] = typer.Option([], help="What the link knows, such as persona=it-lead or contact_ref=003…; not kept by anonymous surveys."), as_json: bool = JSON,
) -> None:  # fmt: skip
    """Make one-time links."""
    known = dict(item.split("=", 1) for item in about if "=" in item)
    with opened() as atlas:
        paths = [_form_address(name, token) for token in _room(atlas).invite(name, count, days=days, about=known)]
    if as_json:
        print_json({"survey": name, "links": paths})
    else:
        print("\n".join(paths))


@surveys.command()
def form(name: str, output: Path = typer.Option(..., "-o", "--output", help="The HTML file to write."), language: str = typer.Option("", help="de or en."), as_json: bool = JSON) -> None:
    """Write the form as it will look."""
    with opened() as atlas:
        text = _room(atlas).preview(name, language)
    output.write_text(text, encoding="utf-8")
    print_json({"written": str(output)}) if as_json else print(speech()("wrote {file}", "{file} geschrieben", file=str(output)))


@surveys.command()
def results(name: str, as_json: bool = JSON) -> None:
    """The figure of each question by its recipe, and what was written."""
    with opened() as atlas:
        room = _room(atlas)
        rows, counts = room.results(name), room.responses.counts(name)
    if as_json:
        print_json({"survey": name, **counts, "questions": rows})
        return
    say = speech()
    print(say("{name}: {n} answers, {used} of {links} links used", "{name}: {n} Antworten, {used} von {links} Links benutzt", name=name, n=counts["responses"], used=counts["used"], links=counts["links"]))
    lines = [
        {"question": f"{row.get('text') or row.get('outcome')}{' · ' + one['option'] if 'option' in one else ''}", "instrument": row["instrument"], "figure": one.get("figure"), "n": one.get("count", row["n"])}
        for row in rows for one in row.get("options", [row])
    ]  # fmt: skip
    say.table(lines, ("question", "instrument", "figure", "n"))
    for row in rows:
        for text in row.get("texts", [])[:10]:
            print(f"  „{text}“")


@surveys.command()
def show(
    name: str = typer.Argument("", help="A survey: of etappe's own, or as an export names it; without it, all answers of the evidence."),
    language: str = typer.Option("", help="de or en; else the workspace's."), as_json: bool = JSON,
) -> None:  # fmt: skip
    """NPS, CSAT, CES and ratings by stage and touchpoint, and needs by opportunity, of what is in the evidence."""
    from etappe.cli.answer import print_result
    from etappe.workspace.rules import readable_names
    from etappe.workspace.surveys import figures

    ws = workspace()
    found = figures(ws, name)
    speaks = "de" if (language or ws.settings.language) == "de" else "en"
    if as_json:
        print_json({"survey": name or None, **{part: result.spoken(speaks).to_dict() for part, result in found.items()}})
        return
    for place, result in enumerate(item for item in found.values() if item.rows):
        print("\n" if place else "", end="")
        print_result(result, speaks, readable_names(ws.folder))


@surveys.command(name="import")
def import_(paths: list[Path], as_json: bool = JSON) -> None:
    """Import answers of Qualtrics, LimeSurvey, Typeform or any table: the same as `etappe import`."""
    files = workspace().import_(paths)
    if as_json:
        print_json({"files": [item.to_dict() for item in files]})
    else:
        say = speech()
        say.table([{"file": item.path, "format": item.format or "–", "read": item.read, "new": item.new} for item in files], ("file", "format", "read", "new"))
        for item in files:
            if item.error:
                print(f"✕ {item.path}: {say.of(item.error['what'])}\n  {say('next:  ', 'weiter: ')}{say.of(item.error['do_next'])}")
    if any(item.error for item in files):
        raise typer.Exit(2)


@surveys.command()
def deliver(as_json: bool = JSON) -> None:
    """Bring the answers of the own forms into the evidence."""
    from etappe.workspace.surveys import bring_in

    many, _ = bring_in(workspace())
    if as_json:
        print_json({"delivered": many})
    else:
        say = speech()
        print(say("{n} answers are in the evidence", "{n} Antworten sind in der Evidenz", n=many) if many else say("the evidence has all answers already", "die Evidenz hat schon alle Antworten"))
