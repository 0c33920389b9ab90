"""demo: the sample company, from its raw exports to its journeys."""

from __future__ import annotations

from pathlib import Path

import typer

from etappe.cli.answer import print_result
from etappe.cli.main import app
from etappe.cli.output import print_json, progress

JSON = typer.Option(False, "--json", help="Print JSON for scripts.")


@app.command()
def demo(
    folder: Path = typer.Argument(..., help="Where to write the sample company."),
    accounts: int = typer.Option(1200, min=200, help="How many companies its market has."),
    seed: int = typer.Option(7, help="The same seed writes the same company."),
    raw_only: bool = typer.Option(False, "--raw-only", help="Write the exports and the truth, and no workspace."),
    no_serve: bool = typer.Option(False, "--no-serve", help="Do not open the page."),
    as_json: bool = JSON,
) -> None:
    """Write the sample company's exports and truth, import and build them, draft a map, and open the page on it."""
    from etappe.demo.market import write
    from etappe.workspace.workspace import open_workspace

    with progress(not as_json) as report:
        write(folder, accounts=accounts, seed=seed, progress=report)
    if raw_only:
        _say_raw(folder, as_json)
        return
    from etappe.workspace.sample import make_documents, make_workspace

    with progress(not as_json) as report:
        root, files = make_workspace(folder, report)
        ws = open_workspace(root)
        made = ws.build(progress=report)
        make_documents(ws)
    if as_json:
        print_json({"raw": str(folder / "raw"), "truth": str(folder / "truth"), "workspace": str(root), "files": len(files), "build": {name: value for name, value in made.items() if name != "conservation"}})
        return
    print(f"the sample company Messwerk Sensorik: {len(files)} exports in {folder / 'raw'}, truth in {folder / 'truth'}, workspace {root}")
    print(f"{made['events']:,} events, {made['accounts']:,} accounts, {made['journeys']:,} journeys: " + ", ".join(f"{count:,} {name}" for name, count in made["outcomes"].items()))
    if not no_serve and _served(root):
        return
    print_result(ws.show("stages"), ws.settings.language)
    print(f"\nnext: `etappe -w {root} show journeys --outcome lost`, `etappe -w {root} account \"NAME\"`, `etappe -w {root} status`")


def _served(root: Path) -> bool:
    """Opens the page where it is built, until Ctrl+C; False where it is not."""
    from etappe.server.page import built

    if not built():
        return False
    from etappe.cli.command_serve import open_page

    print(f"\nnext time: `etappe -w {root} serve`\n")
    open_page(root)
    return True


def _say_raw(folder: Path, as_json: bool) -> None:
    if as_json:
        print_json({"raw": str(folder / "raw"), "truth": str(folder / "truth")})
    else:
        print(f"wrote {folder / 'raw'} and {folder / 'truth'}")
