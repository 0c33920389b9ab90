"""attribute: attribution on a bare table of paths, without a workspace."""

from __future__ import annotations

from pathlib import Path

import typer

from etappe.cli.answer import print_result
from etappe.cli.command_answers import JSON
from etappe.cli.main import app
from etappe.cli.main import language as spoken_here
from etappe.cli.output import print_json, print_table


@app.command()
def attribute(
    paths: Path = typer.Argument(..., help="CSV or Parquet file of paths, one a row."),
    path: str = typer.Option("path", "--path", help="Column with the path as text."),
    sep: str = typer.Option(" > ", "--sep", help="What stands between the touches of a path."),
    conversions: str = typer.Option(None, help="Column with the number of conversions; without it every row is one."),
    value: str = typer.Option(None, help="Column with the value of the conversions in all."),
    nulls: str = typer.Option(None, help="Column with the number of paths that ended in nothing."),
    columns: str = typer.Option(None, help="Wide form: the columns of the touches, as T_* or T_1,T_2."),
    outcome: str = typer.Option(None, help="Wide form: the column that says whether the row converted (conv, won, 1, yes, ja)."),
    account: str = typer.Option(None, help="Column of the account; rows of one account are drawn together."),
    model: list[str] = typer.Option(["all"], help="first, last, last_non_direct, linear, position, w_shaped, time_decay, shapley, markov1 to markov3, own, or all; several with commas."),
    half_life: float = typer.Option(7.0, help="Touches after which a touch counts half (time_decay)."),
    own: str = typer.Option(None, help="Own shares for first, between and last touch, as 40/20/40."),
    direct: str = typer.Option(None, help="Name of the direct channel, where it is not called direct."),
    draws: int = typer.Option(200, min=0, help="Resamples for the intervals; 0 leaves them out."),
    seed: int = typer.Option(0, help="The same seed draws the same resamples."),
    rows: bool = typer.Option(False, "--rows", help="Print the rows of the table as they were read."),
    language: str = typer.Option(None, help="de or en; else the workspace's, or en where there is none."),
    as_json: bool = JSON,
) -> None:
    """Attribution on a table of paths: rules of thumb and Shapley exact, Markov chains solved exactly, each with an interval."""
    from etappe.analyses.attribution import own_shares
    from etappe.analyses.paths_table import TableOptions, attribute_file

    language = language or spoken_here()
    if language not in ("de", "en"):
        raise typer.BadParameter(f"there are no words in '{language}'; choose de or en", param_hint="--language")
    models = [name for text in model for name in text.split(",") if name.strip()]
    options = TableOptions(
        path=path, separator=sep, conversions=conversions, value=value, nulls=nulls, columns=columns, outcome=outcome,
        account=account, models=models, direct=direct, half_life=half_life, own=own_shares(own), draws=draws, seed=seed,
    )  # fmt: skip
    result = attribute_file(paths, options)
    if rows:
        behind = result.behind(100_000)
        if as_json:
            print_json(behind)
        else:
            print_table(behind, tuple(behind[0]) if behind else ())
    elif as_json:
        print_json(result.spoken(language).to_dict())
    else:
        print_result(result, language)
