"""What maps, personas and segments have in common on the command line: list, text, history, versions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from etappe.cli.main import language
from etappe.cli.output import print_json

if TYPE_CHECKING:
    from etappe.cli.speech import Speech

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")
AUTHOR = typer.Option("", "--author", help="Who edits; else ETAPPE_AUTHOR, else the user of the machine.")


_FIRST = {"interview": "import FILE …", "review": "start MAP"}


@contextmanager
def opened() -> Iterator[Any]:
    """The workspace's atlas, without opening the evidence."""
    from etappe import settings
    from etappe.workspace import folder
    from etappe.workspace.atlas import Atlas

    named = os.environ.get("ETAPPE_WORKSPACE")
    found = folder.find(Path(named) if named else None)
    atlas = Atlas(found, settings.load(found.settings))
    try:
        yield atlas
    finally:
        atlas.close()


def who(author: str) -> str:
    """The author of an edit."""
    from etappe.workspace.atlas import author_of

    return author_of(author)


def tell(applied: Any, as_json: bool, done: str = "") -> None:
    """Says what an edit did, and what it ran into."""
    edit = applied.edit
    if as_json:
        print_json({"document": applied.document.id, "revision": applied.revision, "edit": edit.to_dict() if edit else None})
        return
    if edit is None:
        print(speech()("nothing to change", "nichts zu ändern"))
        return
    print(f"{done or edit.change.words()} · revision {applied.revision}")
    for item in edit.over:
        print(f"! {item.words()}")


def speech() -> Speech:
    """The language of the workspace."""
    from etappe.cli.speech import Speech

    return Speech(language())


def print_findings(findings: list[Any], as_json: bool, strict: bool, name: str) -> None:
    """Prints findings and exits 1 where there are errors (with `strict`, also warnings)."""
    errors = [item for item in findings if item.level == "error"]
    if as_json:
        print_json({"document": name, "errors": len(errors), "warnings": len(findings) - len(errors), "findings": [item.to_dict() for item in findings]})
    else:
        say = speech()
        for item in findings:
            print(f"{'✕' if item.level == 'error' else '!'} {item.where}\n    {say.of(item.what)}")
            if item.do_next:
                print(f"    {say('next: ', 'weiter: ')}{say.of(item.do_next)}")
        counted = say("{errors} errors, {warnings} warnings", "{errors} Fehler, {warnings} Hinweise", errors=len(errors), warnings=len(findings) - len(errors))
        print(counted if findings else say("✓ nothing to mend", "✓ nichts zu berichtigen"))
    if errors or (strict and findings):
        raise typer.Exit(1)


def add_common(app: typer.Typer, kind: str) -> None:
    """Adds the commands that every kind of document has."""
    add_reading(app, kind)
    _add_writing(app, kind)
    add_versions(app, kind)


def add_reading(app: typer.Typer, kind: str) -> None:
    """Adds list, lint, diff and history."""

    @app.command(name="list", help=f"The {kind}s of this workspace.")
    def list_(as_json: bool = JSON) -> None:
        with opened() as atlas:
            rows = [
                {"id": row.id, "title": row.title, "owner": row.owner, "review_by": row.review_by, "revision": row.revision, "changed_at": row.changed_at, "changed_by": row.changed_by}
                for row in atlas.listed(kind)
            ]  # fmt: skip
        if as_json:
            print_json(rows)
        elif rows:
            speech().table(rows, ("id", "title", "owner", "review_by", "revision", "changed_at", "changed_by"))
        else:
            print(f"{speech()(f'no {kind}s yet', 'noch gibt es keine')}: `etappe {kind} {_FIRST.get(kind, 'new NAME')}`")

    @app.command(help="All faults and unfinished pieces at once, with line and column; exit 1 on errors.")
    def lint(name: str = typer.Argument(..., help=f"A {kind}, or a YAML file."), strict: bool = typer.Option(False, help="Warnings fail, too."), as_json: bool = JSON) -> None:
        with opened() as atlas:
            findings = atlas.lint(kind, name)
        print_findings(findings, as_json, strict, name)

    @app.command(help="What differs between two versions: NAME@3, NAME@'named version', NAME, or a YAML file.")
    def diff(before: str, after: str = typer.Argument("", help="Else: the present state."), as_json: bool = JSON) -> None:
        with opened() as atlas:
            rows = [row.to_dict() for row in atlas.compare(kind, before, after or before.split("@")[0])]
        if as_json:
            print_json({"before": before, "after": after or before.split("@")[0], "changes": rows})
        elif rows:
            speech().table(rows, ("what", "collection", "id", "field", "before", "after"))
        else:
            print(speech()("no difference", "kein Unterschied"))

    @app.command(help="Who changed what when, newest first; of one card with --card.")
    def history(name: str, card: str = typer.Option("", help="Id of a card or another thing."), limit: int = typer.Option(30, min=1, help="How many."), as_json: bool = JSON) -> None:
        with opened() as atlas:
            edits = list(reversed(atlas.history(kind, name, card)))[:limit]
        if as_json:
            print_json([edit.to_dict() for edit in edits])
            return
        rows = [{"revision": edit.revision, "at": edit.at.isoformat()[:16].replace("T", " "), "author": edit.author, "edit": edit.change.words(), "note": edit.note, "over": len(edit.over) or None} for edit in edits]
        speech().table(rows, ("revision", "at", "author", "edit", "note", "over"))


def _add_writing(app: typer.Typer, kind: str) -> None:
    @app.command(help="Write as YAML with stable ids; remarks in a file that is there already are kept.")
    def export(name: str, output: Path = typer.Option(None, "-o", "--output", help=f"The file; else NAME.{kind}.yaml. `-` prints."), as_json: bool = JSON) -> None:
        with opened() as atlas:
            if output is not None and str(output) == "-":
                print(atlas.text(kind, name), end="")
                return
            path = atlas.export(kind, name, output or Path(f"{name.partition('@')[0]}.{kind}.yaml"))
        print_json({"written": str(path)}) if as_json else print(speech()("wrote {file}", "{file} geschrieben", file=str(path)))

    @app.command(name="import", help="Read YAML (a map also from an edited .xlsx): makes the document, or edits it; with any fault nothing is changed.")
    def import_(paths: list[Path], author: str = AUTHOR, as_json: bool = JSON) -> None:
        with opened() as atlas:
            told = [tell_import(path, atlas.import_(path, who(author), kind=kind), as_json) for path in paths]
        if as_json:
            print_json({"imported": told})

    @app.command(help="Take it off the list; its log stays, and `restore` brings it back.")
    def remove(name: str, as_json: bool = JSON) -> None:
        with opened() as atlas:
            atlas.store.remove(kind, name)
        print_json({"removed": name}) if as_json else print(f"removed {name}; `etappe {kind} restore {name} --to REVISION` brings it back")

    @app.command(help="Put a copy under another name.")
    def copy(name: str, new: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
        with opened() as atlas:
            tell(atlas.copy(kind, name, new, who(author)), as_json, f"copied {name} to {new}")


def tell_import(path: Path, done: Any, quiet: bool) -> dict[str, Any]:
    """Says what an import did (unless `quiet`), and returns it for `--json`."""
    told = {
        "path": str(path), "document": done.document.id, "revision": done.revision, "made": done.made,
        "edit": done.edit.to_dict() if done.edit else None, "findings": [item.to_dict() for item in done.warnings],
    }  # fmt: skip
    if not quiet:
        _say_import(path, done)
    return told


def _say_import(path: Path, done: Any) -> None:
    say = speech()
    if done.made:
        print(say("{path}: made {name}", "{path}: {name} angelegt", path=str(path), name=done.document.id))
    elif done.edit is None:
        print(say("{path}: nothing to change", "{path}: nichts zu ändern", path=str(path)))
    else:
        print(f"{path}: {done.edit.change.words()} · revision {done.revision}")
    for item in done.edit.over if done.edit else ():
        print(f"! {item.words()}")
    for item in done.warnings:
        print(f"{'✕' if item.level == 'error' else '!'} {say.of(item.what.splitlines()[0])}  ({item.where})")


def add_versions(app: typer.Typer, kind: str) -> None:
    """Adds restore, undo, redo and mark."""

    @app.command(help="Bring the whole document, or one card (--card), back to a version.")
    def restore(
        name: str, to: str = typer.Option(..., help="Revision number, or name of a version."), card: str = typer.Option("", help="Only this card or other thing."),
        author: str = AUTHOR, as_json: bool = JSON,
    ) -> None:  # fmt: skip
        with opened() as atlas:
            tell(atlas.restore(kind, name, to, who(author), only=card), as_json)

    @app.command(help="Take your own last edit back.")
    def undo(name: str, force: bool = typer.Option(False, help="Also over what others wrote since."), author: str = AUTHOR, as_json: bool = JSON) -> None:
        with opened() as atlas:
            tell(atlas.undo(kind, name, who(author), force=force), as_json)

    @app.command(help="Do again what you have just undone.")
    def redo(name: str, force: bool = typer.Option(False, help="Also over what others wrote since."), author: str = AUTHOR, as_json: bool = JSON) -> None:
        with opened() as atlas:
            tell(atlas.undo(kind, name, who(author), redo=True, force=force), as_json)

    @app.command(help="Give the present state a name.")
    def mark(name: str, version: str, author: str = AUTHOR, as_json: bool = JSON) -> None:
        with opened() as atlas:
            made = atlas.mark(kind, name, version, who(author))
        print_json({"name": made.name, "revision": made.revision}) if as_json else print(f"`{made.name}` is revision {made.revision}")
