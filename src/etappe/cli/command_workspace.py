"""init, import, build, status, forget: a workspace and its evidence."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import typer

from etappe.cli.imported import print_files
from etappe.cli.main import app, workspace
from etappe.cli.output import counted, print_json, print_table, progress

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
    print(f"made the workspace {made.folder.root}")
    print(f"next: name your own e-mail domains in {made.folder.rules / 'identity.yaml'} (own_domains), then `cd {shlex.quote(str(folder))}` and `etappe import FOLDER`")


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
        print_files(files, paths, ws.folder.quarantine)
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
    for item in written:
        print(f"wrote {item['mapping']}: look it through, correct it, then `etappe import {shlex.quote(item['path'])} --mapping {shlex.quote(item['mapping'])}`")


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
    print(f"built in {made['seconds']:.1f} s, as of {made['as_of'][:10]}")
    print(f"{counted(made['events'], 'event')} = {counted(made['steps'], 'step')} + {made['internal']:,} internal + {made['unresolved']:,} unresolved ({made['duplicates']:,} more were duplicates)")
    print(f"{_who(made)}: " + ", ".join(f"{count:,} {name}" for name, count in made["outcomes"].items()))
    checks = made["conservation"]["checks"]
    print(f"conservation: {'✓' if made['conservation']['ok'] else '✕'} {sum(check['ok'] for check in checks)} of {len(checks)} checks hold")
    for check in checks:
        if not check["ok"]:
            print(f"  ✕ {check['words']}")


def _who(made: dict[str, Any]) -> str:
    """How many there are of what a build finds."""
    visitors = counted(made.get("visitors", 0), "visitor without a name", "visitors without a name")
    return f"{counted(made['persons'], 'person')} and {visitors}, {counted(made['accounts'], 'account')}, {counted(made['journeys'], 'journey')}"


@app.command()
def status(as_json: bool = JSON) -> None:
    """Sources, freshness, match rates, the last build, what is unresolved."""
    found = workspace().status()
    if as_json:
        print_json(found)
        return
    print(f"{found['name']} · {found['workspace']}")
    print_table(found["sources"], ("source", "records", "events", "first", "last", "imported", "days_old", "quarantined", "matched"))
    if found["build"] is None:
        print("nothing is built yet")
        _print_hints(found)
        return
    made = found["build"]
    print(f"\nlast build {made['built_at'][:16].replace('T', ' ')} UTC, as of {made['as_of'][:10]}: {_who(made)}")
    print(f"conservation {'✓ all checks hold' if made['conservation']['ok'] else '✕ broken'} · {made['unresolved']:,} of {made['events']:,} events unresolved")
    for row in found["unresolved"]:
        print(f"  {row['n']:>10,}  {row['reason']}")
    _print_hints(found)


def _print_hints(found: dict[str, Any]) -> None:
    for hint in found["hints"]:
        print(f"→ {hint}")


@app.command()
def forget(
    identifier: str = typer.Argument(..., help="The person's e-mail address, or another identifier of theirs."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    as_json: bool = JSON,
) -> None:
    """Erase a person from evidence, builds and logs, and prove it with a receipt."""
    ws = workspace()
    if not yes:
        typer.confirm(f"Erase everything about {identifier}? This cannot be undone.", abort=True)
    receipt = ws.forget(identifier)
    if as_json:
        print_json(receipt)
    else:
        rows = [{"table": name, **counts} for name, counts in receipt["tables"].items() if counts["files"]]
        print_table(rows, ("table", "removed", "altered", "files"))
        proof = receipt["proof"]
        print(f"{'✓' if proof['clean'] else '✕'} searched {proof['files_searched']:,} files, {len(proof['files_with_traces'])} with traces left")
        print(f"receipt: {receipt['receipt']}")
    if not receipt["proof"]["clean"]:
        raise typer.Exit(1)


@app.command()
def retire(as_json: bool = JSON) -> None:
    """Remove what is older than the retention limits of etappe.toml."""
    removed = workspace().retire()
    if as_json:
        print_json(removed)
    elif not removed:
        print("no limits are set: name them under [retention] in etappe.toml, such as snowplow = 730")
    else:
        for source, rows in removed.items():
            print(f"{source}: {rows:,} rows removed")


@app.command()
def compact(as_json: bool = JSON) -> None:
    """Gather the small files that many imports leave, without changing any answer."""
    gathered = workspace().compact()
    if as_json:
        print_json(gathered)
    else:
        print(", ".join(f"{name}: {files} files gathered" for name, files in gathered.items()) or "there is nothing to gather")
