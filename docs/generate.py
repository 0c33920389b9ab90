"""Prints the reference pages from the code: `python -m docs.generate` writes them, a test holds them current."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from docs.systems import SYSTEMS

HERE = Path(__file__).parent


def settings_page() -> str:
    """docs/settings.md"""
    from etappe.settings import SETTINGS

    lines = ["# Settings", "", "`etappe.toml` in the workspace. Printed from `src/etappe/settings.py`.", "", "| section | name | default | meaning |", "| --- | --- | --- | --- |"]
    lines += [f"| {item.section} | `{item.name}` | `{item.default!r}` | {item.meaning} |" for item in SETTINGS]
    lines += ["| sources.NAME | `zone` | the workspace's | Time zone of one source's times where the export carries none |", "| retention | `NAME` | none | Days after which a source's events are removed by `etappe retire` |", ""]
    return "\n".join(lines)


def tables_page() -> str:
    """docs/tables.md"""
    from etappe.identity import schema as identity
    from etappe.journeys.schema import BUILT, SHORTCUTS
    from etappe.sources.schema import EVIDENCE

    lines = ["# Tables", "", "Every table that leaves a room, printed from the `schema.py` of the rooms.", "", "The evidence lies as Delta tables under `evidence/`, everything derived as Parquet under `builds/`. `personal` marks columns that can name a person; erasure looks into them.", ""]
    rooms = {
        "Evidence (sources)": EVIDENCE.values(),
        "Who is who (identity)": (identity.PERSON_KEYS, identity.PERSONS, identity.ACCOUNT_KEYS, identity.RESOLVED_ACCOUNTS, identity.LINKS),
        "Journeys": BUILT.values(),
        "Counted beforehand": SHORTCUTS.values(),
    }
    for room, tables in rooms.items():
        lines += [f"## {room}", ""]
        for table in tables:
            lines += [f"### {table.name}", "", f"{table.meaning}.", "", "| column | type | meaning |", "| --- | --- | --- |"]
            lines += [f"| `{column.name}` | {column.type}{' · personal' if column.personal else ''} | {column.meaning} |" for column in table.columns]
            lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    """docs/commands.md"""
    import typer.main

    from etappe.cli import main

    main._load_commands()
    root = typer.main.get_command(main.app)
    lines = ["# Commands", "", "Printed from `etappe --help`.", ""]

    def page(command: object, name: str) -> None:
        context = command.make_context(name, ["--help"], resilient_parsing=True, terminal_width=100, max_content_width=100)  # type: ignore[attr-defined]
        lines.extend([f"## {name}", "", "```", command.get_help(context), "```", ""])  # type: ignore[attr-defined]
        for child, found in getattr(command, "commands", {}).items():
            page(found, f"{name} {child}")

    page(root, "etappe")
    return "\n".join(lines)


def formats_page() -> str:
    """docs/formats/README.md"""
    from etappe.sources.format import formats

    lines = ["# Formats", "", "Each is recognised from its content, never from its file name. Printed from `src/etappe/sources/formats/`; one page a system beside this one.", "", "| format | source | what it is |", "| --- | --- | --- |"]
    lines += [f"| {item.name} | {item.source} | {item.words} |" for item in formats()]
    return "\n".join([*lines, "", "Any other table comes in through a [mapping file](any-table.md).", ""])


def system_page(source: str) -> str:
    """docs/formats/SOURCE.md"""
    from etappe.sources.format import formats

    name, where, traps = SYSTEMS[source]
    lines = [f"# {name}", "", "## Where to get it", "", *(f"- {line}" for line in where), "", "## What is read", "", "| format | what it is |", "| --- | --- |"]
    lines += [f"| {item.name} | {item.words} |" for item in formats() if item.source == source]
    if traps:
        lines += ["", "## What to watch for", "", *(f"- {line}" for line in traps)]
    return "\n".join([*lines, "", "Columns that are not read by name are kept with their record (`attributes`) where it is a person, company or deal. Times without a zone take `[sources.NAME] zone` of `etappe.toml`, else the workspace's, unless the system is known to write UTC.", ""])


def _sources() -> list[str]:
    from etappe.sources.format import formats

    return sorted({item.source for item in formats()} & set(SYSTEMS))


PAGES = {"settings.md": settings_page, "tables.md": tables_page, "commands.md": commands_page, "formats/README.md": formats_page}
PAGES |= {f"formats/{source}.md": partial(system_page, source) for source in _sources()}


def main() -> int:
    """Writes all pages; returns how many have changed."""
    changed = 0
    for name, make in PAGES.items():
        path, text = HERE / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed += 1
            print(f"wrote {path.relative_to(HERE.parent)}")
    return changed


if __name__ == "__main__":
    main()
    sys.exit(0)
