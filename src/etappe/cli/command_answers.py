"""show, account, why, report: asking the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from etappe.cli.answer import MOST_BEHIND, print_result, print_rows
from etappe.cli.main import app, workspace
from etappe.cli.output import print_json, print_table
from etappe.cli.speech import Speech

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")

_CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=_CONTEXT, add_help_option=False)
def show(
    context: typer.Context,
    name: str = typer.Argument("", help="The analysis; without it, the list of all."),
    as_of: str = typer.Option(None, help="The numbers as they were known that day."),
    rows: bool = typer.Option(False, "--rows", help="Print the records behind the figures."),
    sql: bool = typer.Option(False, "--sql", help="Print the query behind the figures."),
    language: str = typer.Option(None, help="de or en; else the workspace's."),
    as_json: bool = JSON,
    helped: bool = typer.Option(False, "-h", "--help", help="Show this message and exit; after a NAME, what it answers and its own options too."),
) -> None:
    """Answer a question. Filters: --period 2025-01..2025-12 (or --from, --to), --persona, --role, --segment, --tier, --kind, --outcome, --owner …; each analysis adds its own."""
    if helped:
        print(context.get_help())
        if name:
            _print_options(name)
        return
    ws = workspace()
    speaks = spoken_language(language, ws)
    if not name:
        listed = ws.analyses(speaks)
        if as_json:
            print_json(listed)
        else:
            Speech(speaks).table(listed, ("name", "question"))
        return
    result = ws.show(name, as_of=as_of, rows=rows, sql=sql, language=speaks, **_options(context.args))
    if sql:
        print(result.sql)
    elif rows:
        if as_json:
            print_json(result.behind(MOST_BEHIND))
        else:
            print_rows(result, speaks, _names(ws))
    elif as_json:
        from etappe.reports.table import words_of

        words = words_of(result, "de" if speaks == "de" else "en", _names(ws))
        print_json(result.spoken(speaks, words.any_term).to_dict())
    else:
        print_result(result, speaks, _names(ws))


def _names(ws: Any) -> Any:
    """What the workspace calls its stages and touchpoints: as the build has kept it, which takes no reading of the rules."""
    from etappe.workspace.naming import names_of

    return names_of(ws.folder)


def _print_options(name: str) -> None:
    """What an analysis answers, and its own options with what they may be and what they are otherwise."""
    from etappe.workspace.answers import described_one

    found = described_one(name)
    print(f"\n{found['name']}: {found['question']}")
    for option in found["options"]:
        choices = f" ({', '.join(option['choices'])})" if option["choices"] else ""
        usual = option["default"]
        shown = ", ".join(usual) if isinstance(usual, list) else usual
        otherwise = "" if shown in (None, "", False) else f"; else {shown}"
        print(f"  --{option['name'].replace('_', '-')}: {option['words']}{choices}{otherwise}")


def spoken_language(asked: str | None, ws: Any) -> str:
    """The language asked for, else the workspace's."""
    if asked not in (None, "de", "en"):
        raise typer.BadParameter(f"there are no words in '{asked}'; choose de or en", param_hint="--language")
    return asked or str(ws.settings.language)


def _options(words: list[str]) -> dict[str, Any]:
    """`--name value`, `--name=value` and bare `--flag` into parameters."""
    given: dict[str, Any] = {}
    place = 0
    while place < len(words):
        word = words[place]
        if not word.startswith("--"):
            raise typer.BadParameter(f"what is '{word}' for? filters are written as --name value")
        name, equals, value = word[2:].partition("=")
        if equals:
            given[name.replace("-", "_")] = value
        elif place + 1 < len(words) and not words[place + 1].startswith("--"):
            place += 1
            given[name.replace("-", "_")] = words[place]
        else:
            given[name.replace("-", "_")] = True
        place += 1
    return given


@app.command()
def account(
    company: str = typer.Argument(..., help="Name, domain or id of the company."),
    steps: int = typer.Option(15, help="How many steps of each journey to print."),
    as_json: bool = JSON,
) -> None:
    """One company's story: people, stages, events, first sales contact."""
    ws = workspace()
    story = ws.account(company)
    if as_json:
        print_json(story)
        return
    from etappe.cli.story import print_story

    print_story(story, steps, "de" if ws.settings.language == "de" else "en", _names(ws), ws.settings.zone)


@app.command()
def why(
    account: str = typer.Option(None, "--account", help="Name, domain or id of a company."),
    person: str = typer.Option(None, "--person", help="E-mail address or another identifier of a person."),
    as_json: bool = JSON,
) -> None:
    """Why these records are one company, or these identifiers one person."""
    if (account is None) == (person is None):
        raise typer.BadParameter("name either --account or --person")
    ws = workspace()
    if as_json:
        print_json(ws.why(account=account, person=person))
        return
    language = str(ws.settings.language)
    _print_nested(ws.why(account=account, person=person, language=language), Speech(language))


def _print_nested(found: Any, say: Speech, depth: int = 0) -> None:
    pad = "  " * depth
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            print(f"{pad}{say.head(name)}:")
            say.table(value, tuple(dict.fromkeys(key for row in value for key in row)))
        elif isinstance(value, dict):
            print(f"{pad}{say.head(name)}:")
            _print_nested(value, say, depth + 1)
        elif value not in (None, [], ""):
            print(f"{pad}{say.head(name)}: {say.cell(value)}")


@app.command(context_settings=_CONTEXT)
def report(
    what: str = typer.Argument(..., help="`account`, `map`, `journey`, `persona`, `personas`, `review`, or the name of an analysis."),
    rest: list[str] = typer.Argument(None, metavar="[NAME] [FILTERS]", help="Name, domain or id of the company; or the name of the map, persona or review. Filters and options as `show` takes them."),
    output: Path = typer.Option(..., "-o", "--output", help="The file to write: .pdf .png .svg .html; maps also .pptx .xlsx .md .csv"),
    language: str = typer.Option(None, help="de or en; else the document's or the workspace's."),
    as_json: bool = JSON,
) -> None:
    """Write a page to print or send. A map takes --paper a4|a3|wide, --view design|evidence and --check FILE; `journey` takes --map and --persona."""
    words = list(rest or [])
    name = words.pop(0) if words and not words[0].startswith("--") else None
    ws = workspace()
    written = ws.report(what, output, name=name, language=language, **_options(words))
    if as_json:
        print_json({"written": str(written)})
    else:
        print(Speech(ws.settings.language)("wrote {file}", "{file} geschrieben", file=str(written)))


@app.command()
def formats(as_json: bool = JSON) -> None:
    """The export formats that are recognised."""
    from etappe.workspace.answers import list_formats

    listed = list_formats()
    if as_json:
        print_json(listed)
    else:
        print_table(listed, ("format", "source", "words"))
