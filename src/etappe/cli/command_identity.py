"""identity, stages: a human's word on who is who, and changed rules tried before they are saved."""

from __future__ import annotations

import getpass
from pathlib import Path

import typer

from etappe.cli.main import app, workspace
from etappe.cli.output import print_json
from etappe.cli.speech import Speech

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")
AUTHOR = typer.Option(None, help="Who decides; else the signed-in user.")
REASON = typer.Option("", help="Why.")

identity = typer.Typer(no_args_is_help=True, help="Decide by hand who is who; it wins over every rule and is remembered.")
stages = typer.Typer(no_args_is_help=True, help="Try changed stage rules before they are saved.")
app.add_typer(identity, name="identity")
app.add_typer(stages, name="stages")


def _decide(kind: str, what: list[str], into: str, author: str | None, reason: str, as_json: bool) -> None:
    ws = workspace()
    made, say = ws.decide(kind, what, into, author=author or getpass.getuser(), reason=reason), Speech(ws.settings.language)
    if as_json:
        print_json(made)
    else:
        for text in made["unheard_of"]:
            print(say("· no record has `{text}` so far: look whether it is spelled right, else the decision waits for it",
                "· noch kein Datensatz hat `{text}`: prüfen Sie die Schreibweise, sonst wartet die Entscheidung darauf", text=text))  # fmt: skip
        print(say("remembered in {file}; it counts from the next `etappe build` on", "festgehalten in {file}; es gilt ab dem nächsten `etappe build`", file=made["file"]))


@identity.command()
def merge(
    what: list[str] = typer.Argument(..., help="Two or more identifiers that are one: e-mails, domains, contact:salesforce:003…, account:hubspot:42"),
    author: str = AUTHOR, reason: str = REASON, as_json: bool = JSON,
) -> None:  # fmt: skip
    """These are one person, or one company."""
    _decide("merge", what[:-1] if len(what) > 1 else what, what[-1] if len(what) > 1 else "", author, reason, as_json)


@identity.command()
def split(
    what: list[str] = typer.Argument(..., help="Identifiers that belong together and to nothing else."),
    author: str = AUTHOR, reason: str = REASON, as_json: bool = JSON,
) -> None:  # fmt: skip
    """These do not belong to what they were tied to."""
    _decide("split", what, "", author, reason, as_json)


@identity.command()
def assign(
    what: list[str] = typer.Argument(..., help="Persons or domains."),
    into: str = typer.Option(..., "--to", help="The company (name, domain, account:source:id), or `none`."),
    author: str = AUTHOR, reason: str = REASON, as_json: bool = JSON,
) -> None:  # fmt: skip
    """These persons or domains belong to this company."""
    _decide("assign", what, into, author, reason, as_json)


@stages.command()
def preview(
    rules: Path = typer.Argument(..., help="The changed file: stages.yaml, touchpoints.yaml, …, or a folder of rules."),
    as_json: bool = JSON,
) -> None:
    """How many accounts and how much deal value would move where."""
    ws = workspace()
    found, say = ws.preview_stages(rules), Speech(ws.settings.language)
    if as_json:
        print_json(found)
        return
    print(say.of(found["words"]))
    if found["moves"]:
        say.table(found["moves"], tuple(found["moves"][0]))
