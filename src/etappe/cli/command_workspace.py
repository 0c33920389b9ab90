"""init, import, build, status, forget: a workspace and its evidence."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import Any

import typer

from etappe.cli.imported import print_files
from etappe.cli.main import app, workspace
from etappe.cli.output import print_json, progress
from etappe.cli.speech import Speech

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")


@app.command()
def init(
    folder: Path = typer.Argument(..., help="The folder to make; its name is the workspace's."),
    name: str = typer.Option("", help="The company's or project's name, shown on reports."),
    language: str = typer.Option("de", help="Language of reports: de or en."),
    as_of: str = typer.Option("", help="Fixed date of knowledge for builds, such as 2026-06-30."),
    as_json: bool = JSON,
) -> None:
    """Make a workspace: settings and rules in text, and places for evidence and builds."""
    from etappe.workspace.workspace import init_workspace

    made = init_workspace(folder, name=name, language=language, as_of=as_of)
    if as_json:
        print_json({"workspace": str(made.folder.root), "settings": str(made.folder.settings), "rules": str(made.folder.rules)})
        return
    say = Speech(language)
    print(say("made the workspace {place}", "Arbeitsbereich angelegt: {place}", place=str(made.folder.root)))
    print(say(
        "next: name your own e-mail domains in {rules} (own_domains), then `cd {folder}` and `etappe import FOLDER`",
        "weiter: nennen Sie Ihre eigenen E-Mail-Domains in {rules} (own_domains), dann `cd {folder}` und `etappe import ORDNER`",
        rules=str(made.folder.rules / "identity.yaml"), folder=shlex.quote(str(folder)),
    ))  # fmt: skip


@app.command(name="import")
def import_(
    paths: list[Path] = typer.Argument(..., help="Exports: files, folders, or archives."),
    format: str = typer.Option(None, help="What the files are, where they are not recognised (see `etappe formats`)."),
    mapping: Path = typer.Option(None, help="A mapping file for a table that no format knows."),
    source: str = typer.Option(None, help="Another name of the source, for a second portal of the same product."),
    learned_at: str = typer.Option(None, help="When these exports became known, such as 2026-03-31."),
    suggest: bool = typer.Option(False, "--suggest", help="Write a first mapping for an unknown table and import nothing."),
    as_json: bool = JSON,
) -> None:
    """Import exports; what was imported before changes nothing."""
    from etappe.settings import parse_as_of

    ws = workspace()
    if suggest:
        _suggest(ws, paths, as_json)
        return
    with progress() as report:
        files = ws.import_(paths, format=format, mapping=mapping, source=source, learned_at=parse_as_of(learned_at) if learned_at else None, progress=report)
    if as_json:
        print_json({"files": [item.to_dict() for item in files], "quarantine": str(ws.folder.quarantine)})
    else:
        print_files(files, paths, ws.folder.quarantine, Speech(ws.settings.language))
    if any(item.error for item in files):
        raise typer.Exit(2)


def _suggest(ws: Any, paths: list[Path], as_json: bool) -> None:
    from etappe.sources import mapping
    from etappe.sources.files import own_name

    written = []
    for path in paths:
        name = Path(own_name(path))
        bare = name.with_suffix("") if name.suffix in (".gz", ".bz2") else name
        target = ws.folder.mappings / f"{bare.stem}.yaml"
        text = mapping.suggest(path)
        place, number = target, 2
        while place.exists():
            place, number = target.with_stem(f"{target.stem}-{number}"), number + 1
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
        written.append({"path": str(path), "mapping": str(place)})
    if as_json:
        print_json({"suggested": written})
        return
    say = Speech(ws.settings.language)
    for item in written:
        print(say(
            "wrote {mapping}: look it through, correct it, then `etappe import {path} --mapping {quoted}`",
            "{mapping} geschrieben: sehen Sie sie durch, verbessern Sie sie, dann `etappe import {path} --mapping {quoted}`",
            mapping=item["mapping"], path=shlex.quote(item["path"]), quoted=shlex.quote(item["mapping"]),
        ))  # fmt: skip


@app.command()
def build(
    as_of: str = typer.Option(None, help="The numbers as they were known that day, such as 2026-03-31."),
    as_json: bool = JSON,
) -> None:
    """Rebuild journeys from the evidence; the last good build stays until the new one is whole."""
    ws = workspace()
    with progress() as report:
        made = ws.build(as_of, progress=report)
    names = ("as_of", "seconds", "events", "steps", "internal", "unresolved", "duplicates", "persons", "accounts", "journeys", "outcomes", "conservation")
    if as_json:
        print_json({name: made[name] for name in names})
        return
    say = Speech(ws.settings.language)
    _print_made(made, say)
    if not made["events"]:  # all noughts, and no word why
        _print_hints(ws.missing(made), say)


def _print_made(made: dict[str, Any], say: Speech) -> None:
    """What a build has made: its counts, which add up, and its checks."""
    print(say("built in {time} s, as of {day}", "in {time} s gebaut, Stand {day}", time=say.cell(round(made["seconds"], 1)), day=dt.date.fromisoformat(made["as_of"][:10])))
    one = made["events"] == 1
    print(say(
        f"{{events}} event{'' if one else 's'} = {{steps}} step{'' if made['steps'] == 1 else 's'} + {{internal}} internal + {{unresolved}} unresolved ({{duplicates}} more were duplicates)",
        f"{{events}} Ereignis{'' if one else 'se'} = {{steps}} Schritt{'' if made['steps'] == 1 else 'e'} + {{internal}} interne + {{unresolved}} nicht zugeordnete ({{duplicates}} weitere waren doppelt)",
        **{name: made[name] for name in ("events", "steps", "internal", "unresolved", "duplicates")},
    ))  # fmt: skip
    print(f"{_who(made, say)}: {_outcomes(made, say)}")
    checks = made["conservation"]["checks"]
    print(say("conservation: {mark} {held} of {all} checks hold", "Erhaltung: {mark} {held} von {all} Prüfungen gehen auf",
        mark="✓" if made["conservation"]["ok"] else "✕", held=sum(check["ok"] for check in checks), all=len(checks)))  # fmt: skip
    for check in checks:
        if not check["ok"]:
            print(f"  ✕ {check['words']}")


def _outcomes(made: dict[str, Any], say: Speech) -> str:
    from etappe.reports.vocabulary import term

    named = {name: term("outcome", name, say.language) if say.language == "de" else name for name in made["outcomes"]}
    return ", ".join(f"{say.number(count)} {named[name]}" for name, count in made["outcomes"].items())


def _who(made: dict[str, Any], say: Speech) -> str:
    """How many there are of what a build finds."""
    counts = {"persons": made["persons"], "visitors": made.get("visitors", 0), "accounts": made["accounts"], "journeys": made["journeys"]}
    english = {"persons": ("person", "persons"), "visitors": ("visitor without a name", "visitors without a name"), "accounts": ("account", "accounts"), "journeys": ("journey", "journeys")}
    german = {"persons": ("Person", "Personen"), "visitors": ("Besucher ohne Namen", "Besucher ohne Namen"), "accounts": ("Unternehmen", "Unternehmen"), "journeys": ("Journey", "Journeys")}
    words = {name: say(english[name][count != 1], german[name][count != 1]) for name, count in counts.items()}
    found = {name: f"{say.number(count)} {words[name]}" for name, count in counts.items()}
    return say("{persons} and {visitors}, {accounts}, {journeys}", "{persons} und {visitors}, {accounts}, {journeys}", **found)


@app.command()
def status(as_json: bool = JSON) -> None:
    """Sources, freshness, match rates, the last build, what is unresolved."""
    ws = workspace()
    found = ws.status()
    if as_json:
        print_json(found)
        return
    _print_status(found, Speech(ws.settings.language))


def _print_status(found: dict[str, Any], say: Speech) -> None:
    from etappe.reports.vocabulary import term

    print(f"{found['name']} · {found['workspace']}")
    say.table(found["sources"], ("source", "records", "events", "first", "last", "imported", "days_old", "quarantined", "matched"))
    if found["build"] is None:
        print(say("nothing is built yet", "noch ist nichts gebaut"))
        _print_hints(found["hints"], say)
        return
    made = found["build"]
    print("\n" + say("last build {at} UTC, as of {day}: {who}", "letzter Build {at} UTC, Stand {day}: {who}",
        at=f"{say.day(made['built_at'][:10]) if say.language == 'de' else made['built_at'][:10]} {made['built_at'][11:16]}", day=dt.date.fromisoformat(made["as_of"][:10]), who=_who(made, say)))  # fmt: skip
    holds = made["conservation"]["ok"]
    print(say(
        f"conservation {'✓ all checks hold' if holds else '✕ broken'} · {{n}} of {{all}} events unresolved", f"Erhaltung {'✓ alle Prüfungen gehen auf' if holds else '✕ verletzt'} · {{n}} von {{all}} Ereignissen nicht zugeordnet",
        n=made["unresolved"], all=made["events"],
    ))  # fmt: skip
    for row in found["unresolved"]:
        print(f"  {say.number(row['n']):>10}  {term('reason', row['reason'], say.language) if say.language == 'de' else row['reason']}")
    _print_hints(found["hints"], say)


def _print_hints(hints: list[str], say: Speech) -> None:
    for hint in hints:
        print(f"→ {say.of(hint)}")


@app.command()
def forget(
    identifier: str = typer.Argument(..., help="The person's e-mail address, or another identifier of theirs."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    as_json: bool = JSON,
) -> None:
    """Erase a person from evidence, builds and logs, and prove it with a receipt."""
    ws = workspace()
    say = Speech(ws.settings.language)
    if not yes:
        typer.confirm(say("Erase everything about {who}? This cannot be undone.", "Alles über {who} löschen? Das lässt sich nicht rückgängig machen.", who=identifier), abort=True)
    receipt = ws.forget(identifier)
    if as_json:
        print_json(receipt)
    else:
        rows = [{"table": name, **counts} for name, counts in receipt["tables"].items() if counts["files"]]
        say.table(rows, ("table", "removed", "altered", "files"))
        proof = receipt["proof"]
        print(say("{mark} searched {n} files, {left} with traces left", "{mark} {n} Dateien durchsucht, {left} davon noch mit Spuren",
            mark="✓" if proof["clean"] else "✕", n=proof["files_searched"], left=len(proof["files_with_traces"])))  # fmt: skip
        print(say("receipt: {file}", "Beleg: {file}", file=str(receipt["receipt"])))
    if not receipt["proof"]["clean"]:
        raise typer.Exit(1)


@app.command()
def retire(as_json: bool = JSON) -> None:
    """Remove what is older than the retention limits of etappe.toml."""
    ws = workspace()
    removed, say = ws.retire(), Speech(ws.settings.language)
    if as_json:
        print_json(removed)
    elif not removed:
        print(say("no limits are set: name them under [retention] in etappe.toml, such as snowplow = 730", "es sind keine Fristen gesetzt: nennen Sie sie unter [retention] in etappe.toml, etwa snowplow = 730"))
    else:
        for source, rows in removed.items():
            print(say("{source}: {n} rows removed", "{source}: {n} Zeilen entfernt", source=source, n=rows))


@app.command()
def compact(as_json: bool = JSON) -> None:
    """Gather the small files that many imports leave, without changing any answer."""
    ws = workspace()
    gathered, say = ws.compact(), Speech(ws.settings.language)
    if as_json:
        print_json(gathered)
    else:
        told = [say("{table}: {n} files gathered", "{table}: {n} Dateien zusammengefasst", table=name, n=files) for name, files in gathered.items()]
        print(", ".join(told) or say("there is nothing to gather", "es gibt nichts zusammenzufassen"))
