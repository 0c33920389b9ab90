"""Holds a built sample company against its truth: `python -m benchmarks.truth [DIR]` prints docs/truth.md.

The section *The analyses* of that page is printed by `python -m benchmarks.truth_analyses` and left as it is.

Pairwise precision and recall count pairs of identifiers (of company records, for accounts) that are together in the
build and in the truth. What no export could tell (an anonymous visit from a private line) is not asked for: events are
those that the truth calls *knowable*, cookies those that stand at least once, in any record of any export, beside
another identifier (an address, a user, a CRM contact). What they stand beside is not looked at: that is the question.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

PROMISED = {
    "persons precision": 0.99, "persons recall": 0.95, "accounts precision": 0.99, "accounts recall": 0.95,
    "company records precision": 0.99, "company records recall": 0.95, "journey outcomes": 0.98, "stage of steps": 0.95,
}  # fmt: skip


@dataclass(frozen=True)
class Score:
    """One measured share with what it is of."""

    name: str
    value: float
    n: int
    words: str

    @property
    def kept(self) -> bool:
        """Whether the promise is kept; True where nothing is promised."""
        return self.value >= PROMISED.get(self.name, 0.0)


def pairwise(frame: pl.DataFrame, predicted: str, true: str) -> tuple[float, float, int]:
    """Precision and recall over pairs; a null prediction is together with nothing. Third, the number of true pairs."""
    lone = frame.with_row_index("row").with_columns(
        pl.coalesce(pl.col(predicted), pl.concat_str(pl.lit("alone-"), pl.col("row").cast(pl.String))).alias("predicted"), pl.col(true).alias("true")
    )

    def pairs(*keys: str) -> int:
        return int(lone.group_by(*keys).len().select((pl.col("len").cast(pl.Int64) * (pl.col("len").cast(pl.Int64) - 1) // 2).sum()).item() or 0)

    both, together, really = pairs("predicted", "true"), pairs("predicted"), pairs("true")
    return both / max(together, 1), both / max(really, 1), really


def measure(folder: Path) -> list[Score]:
    """The scores of the workspace `folder/workspace` against `folder/truth`."""
    build = folder / "workspace" / "builds" / (folder / "workspace" / "builds" / "current").read_text().strip()
    made = {"beside": _beside(folder / "workspace" / "evidence")} | {name: pl.read_parquet(build / f"{name}.parquet") for name in ("steps", "journeys", "person_keys", "persons", "account_keys", "unresolved")}
    truth = {path.stem: pl.read_parquet(path) for path in (folder / "truth").glob("*.parquet")}
    return [*_persons(made, truth), *_accounts(made, truth), *_companies(made, truth), *_journeys(made, truth), *_stages(made, truth)]


def _beside(evidence: Path) -> pl.DataFrame:
    """Cookies that ever stand beside another identifier."""
    parts = []
    for table, others in (("events", ("email", "user_id", "contact_ref", "phone")), ("people", ("email", "user_id", "record_id"))):
        if any((evidence / table).glob("*.parquet")):
            rows = pl.scan_parquet(evidence / table / "*.parquet").filter(pl.col("cookie").is_not_null() & pl.any_horizontal(pl.col(*others).is_not_null()))
            parts.append(rows.select(value="cookie").unique().collect())
    return pl.concat(parts).unique().with_columns(kind=pl.lit("cookie"))


def _keys(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Identifiers that both sides know, with both answers."""
    short = pl.when(pl.col("kind") == "contact:salesforce").then(pl.col("value").str.slice(0, 15)).otherwise(pl.col("value")).alias("value")
    keys = made["person_keys"].with_columns(short).select("kind", "value", "person_id", "held_apart")
    known = truth["identifiers"].with_columns(short).unique(["kind", "value"], keep="none")
    alone = known.filter(pl.col("kind") == "cookie").join(made["beside"], ["kind", "value"], "anti")
    return known.join(alone, ["kind", "value"], "anti").join(keys, ["kind", "value"], "inner")


def _persons(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> list[Score]:
    both = _keys(made, truth).filter(pl.col("person").is_not_null())
    precision, recall, n = pairwise(both, "person_id", "person")
    words = "pairs of identifiers (addresses, cookies, users, CRM contacts) of one person"
    return [Score("persons precision", precision, n, words), Score("persons recall", recall, n, words)]


def _accounts(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> list[Score]:
    events = truth["events"].filter(pl.col("knowable") & ~pl.col("internal"))
    known = events.select("person").unique()
    both = _keys(made, truth).join(known, "person", "semi").filter(pl.col("account").is_not_null()).sort("person", "kind", "value")
    both = both.join(made["persons"].select("person_id", "account_id"), "person_id", "left", maintain_order="left")
    persons = both.unique(["person"], keep="first", maintain_order=True)
    precision, recall, n = pairwise(persons, "account_id", "account")
    words = "pairs of persons of one company"
    return [Score("accounts precision", precision, n, words), Score("accounts recall", recall, n, words)]


def _companies(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> list[Score]:
    keys = made["account_keys"].filter(pl.col("kind") == "account:salesforce").with_columns(pl.col("value").str.slice(0, 15))
    records = truth["companies"].filter(pl.col("source") == "salesforce").with_columns(pl.col("record_id").str.slice(0, 15).alias("value"))
    both = records.join(keys.select("value", "account_id"), "value", "left")
    precision, recall, n = pairwise(both, "account_id", "account")
    words = "pairs of CRM company records of one company"
    return [Score("company records precision", precision, n, words), Score("company records recall", recall, n, words)]


def _journeys(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> list[Score]:
    """A true journey is found in the built one that holds most of its knowable steps."""
    steps = _matched_steps(made, truth)
    votes = steps.group_by("account", "journey", "journey_id").len().sort("len", "journey_id", descending=[True, False])
    best = votes.unique(["account", "journey"], keep="first", maintain_order=True)
    found = truth["journeys"].join(best, left_on=["account", "number"], right_on=["account", "journey"], how="inner")
    found = found.join(made["journeys"].select("journey_id", pl.col("outcome").alias("built"), pl.col("kind").alias("built_kind")), "journey_id")
    right = float((found["outcome"] == found["built"]).mean() or 0.0)
    kind = float((found["kind"] == found["built_kind"]).mean() or 0.0)
    return [Score("journey outcomes", right, len(found), "true journeys with a knowable step"), Score("journey kinds", kind, len(found), "the same journeys")]


def _matched_steps(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> pl.DataFrame:
    events = truth["events"].filter(pl.col("knowable") & ~pl.col("internal") & pl.col("record_id").is_not_null() & pl.col("journey").is_not_null())
    short = pl.when(pl.col("source") == "salesforce").then(pl.col("record_id").str.slice(0, 15)).otherwise(pl.col("record_id")).alias("record_id")
    steps = made["steps"].with_columns(short).select("source", "record_id", "journey_id", pl.col("stage").alias("built_stage"), pl.col("touchpoint").alias("built_touchpoint"), "account_id")
    return events.with_columns(short).join(steps, ["source", "record_id"], "inner")


def _stages(made: dict[str, pl.DataFrame], truth: dict[str, pl.DataFrame]) -> list[Score]:
    steps = _matched_steps(made, truth)
    knowable = truth["events"].filter(pl.col("knowable") & ~pl.col("internal") & pl.col("record_id").is_not_null() & pl.col("journey").is_not_null())
    stage = float((steps["stage"] == steps["built_stage"]).mean() or 0.0)
    touchpoint = float((steps["touchpoint"] == steps["built_touchpoint"]).mean() or 0.0)
    return [
        Score("stage of steps", stage, len(steps), "steps whose company could be known"),
        Score("touchpoint of steps", touchpoint, len(steps), "the same steps"),
        Score("knowable events that became steps", len(steps) / max(len(knowable), 1), len(knowable), "events whose company the exports tell"),
    ]


def page(scores: list[Score], about: dict[str, Any]) -> str:
    """docs/truth.md"""
    lines = [
        "# Truth", "", "How well the pipeline recovers what the simulator knows. Printed by `python -m benchmarks.truth`;", "`tests/truth` fails when a promise is broken.", "",
        f"Sample company of {about['accounts']:,} companies, seed {about['seed']}.", "", "| what | reached | promised | n | of |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for score in scores:
        promised = f"≥ {PROMISED[score.name]:.2f}" if score.name in PROMISED else "–"
        lines.append(f"| {score.name} | {score.value:.4f} | {promised} | {score.n:,} | {score.words} |")
    return "\n".join([*lines, ""])


def make(folder: Path, accounts: int, seed: int) -> None:
    """Writes, imports and builds a sample company."""
    from etappe.demo.market import write
    from etappe.workspace.sample import make_workspace
    from etappe.workspace.workspace import open_workspace

    write(folder, accounts=accounts, seed=seed)
    root, _ = make_workspace(folder)
    open_workspace(root).build()


def main(arguments: list[str]) -> int:
    """Measures a folder (or a fresh company) and writes docs/truth.md; 1 where a promise is broken."""
    with tempfile.TemporaryDirectory() as fresh:
        folder = Path(arguments[0]) if arguments else Path(fresh)
        if not arguments:
            make(folder, 1200, 7)
        scores = measure(folder)
        about = json.loads((folder / "truth" / "effects.json").read_text(encoding="utf-8"))
    text = page(scores, about)
    print(text)
    if not arguments:
        place = Path(__file__).parents[1] / "docs" / "truth.md"
        before = place.read_text(encoding="utf-8")
        others = [at for at in (before.find("## The analyses"), before.find("## Verdicts")) if at >= 0]  # printed by others
        kept = f"\n{before[min(others) :]}" if others else ""
        place.write_text(text.rstrip() + "\n" + kept, encoding="utf-8")
    return int(not all(score.kept for score in scores))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
