"""Verdicts against the truth: `python -m benchmarks.verdicts [SEEDS]` prints the second part of docs/truth.md.

A seven-phase map is drafted in German for a small sample company, and hypotheses are put on its cards, of which the
simulator's truth makes one half right and the other wrong. What is true is counted here, from the true events and
stages, by a few lines of Polars that share nothing with etappe: over all companies of the market, known to the exports
or not. A hypothesis says that a share (or a median of days) is at least three quarters, or at least four thirds, of what
it truly is; some say at most. Then every verdict is held against it.

Confirmed and contradicted may never be swapped. A hypothesis is decidable where the true cases themselves, all of them
known, would decide it: where their own 95 % interval lies on one side.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

STAGES = ("research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision")
NAMES = {"preselection": "Vorauswahl", "first_talks": "Vorgespräche", "request_for_proposal": "Angebotsanforderung", "shortlist": "Shortlist", "decision": "Entscheidung", "supplier_search": "Anbietersuche", "research": "Vorrecherche"}
COVERED = (
    ("Preisseite", "pricing page", "preselection"), ("Fallstudie", "case study", "preselection"), ("Vergleichsseite", "comparison page", "preselection"), ("White Paper", "white paper", "preselection"),
    ("Produktseite", "product page", "supplier_search"), ("Lösungsseite", "solution page", "supplier_search"), ("Telefonat Vertrieb", "sales call", "first_talks"), ("Vertriebstermin", "sales meeting", "first_talks"),
    ("E-Mail Vertrieb", "sales email", "first_talks"), ("Technischer Workshop", "technical workshop", "request_for_proposal"), ("Vorführung vor Ort", "on-site demo", "shortlist"), ("Termin Einkauf", "procurement meeting", "decision"),
)  # fmt: skip
ORDERS = (("Preisseite", "pricing page", "Telefonat Vertrieb", "sales call"), ("Telefonat Vertrieb", "sales call", "Vorführung vor Ort", "on-site demo"), ("Technischer Workshop", "technical workshop", "Termin Einkauf", "procurement meeting"))
SETTLED = dt.timedelta(days=180)
PROMISED_DECIDED = 0.8


@dataclass(frozen=True)
class Hypothesis:
    """A claim, whether it is true, and whether the truth's own cases are enough to decide it."""

    claim: str
    true: bool
    decidable: bool


@dataclass(frozen=True)
class Judgement:
    """What etappe said to a hypothesis."""

    hypothesis: Hypothesis
    verdict: str

    @property
    def swapped(self) -> bool:
        """Whether it confirmed what is false, or contradicted what is true."""
        return self.verdict == ("contradicted" if self.hypothesis.true else "confirmed")

    @property
    def decided(self) -> bool:
        """Whether it was decided at all."""
        return self.verdict in ("confirmed", "contradicted")


def hypotheses(truth: Path) -> list[Hypothesis]:
    """The hypotheses of a market, with their truth."""
    read = {name: pl.read_parquet(truth / f"{name}.parquet") for name in ("journeys", "stages", "events")}
    first = read["journeys"].filter(pl.col("kind") == "first_purchase").select("account", journey="number")
    visits = read["stages"].join(first, ["account", "journey"], "semi").sort("account", "journey", "entered_at")
    events = read["events"].filter(~pl.col("internal")).join(first, ["account", "journey"], "semi")
    now = max(visits["entered_at"].max(), visits["left_at"].max())  # type: ignore[type-var]
    made: list[Hypothesis] = []
    cases = _cases(visits)
    for german, touchpoint, stage in COVERED:
        gone = cases.filter((pl.col("stage") == stage) & pl.col("left").is_not_null()).select("account", "journey")
        touched = events.filter((pl.col("stage") == stage) & (pl.col("touchpoint") == touchpoint)).select("account", "journey").unique()
        made += _shares(f"coverage({german}) in {NAMES[stage]}", len(gone.join(touched, ["account", "journey"], "semi")), len(gone))
    for stage in STAGES:
        old = cases.filter((pl.col("stage") == stage) & (pl.col("entered") < now - SETTLED))
        made += _shares(f"conversion({NAMES[stage]})", int(old["moved"].sum()), len(old.filter(pl.col("left").is_not_null())))
        days = old.select(((pl.col("left").fill_null(now) - pl.col("entered")).dt.total_seconds() / 86_400).alias("days"))["days"]
        made += _days(f"dwell({NAMES[stage]})", days)
    for german, first_, other, second in ORDERS:
        at = {name: events.filter(pl.col("touchpoint") == name).group_by("account", "journey").agg(pl.col("happened_at").min()) for name in (first_, second)}
        both = at[first_].join(at[second], ["account", "journey"])
        made += _shares(f"order({german}, {other})", int((both["happened_at"] < both["happened_at_right"]).sum()), len(both))
    return [*made, Hypothesis("feeling(use) >= 0.3 where kind = first_purchase, repurchase, renewal, expansion", True, True), Hypothesis("feeling(use) <= 0 where kind = first_purchase, repurchase, renewal, expansion", False, True)]


def _cases(visits: pl.DataFrame) -> pl.DataFrame:
    """Each journey in each stage: first entry, first later stage or end, whether it went on."""
    number = pl.col("stage").replace_strict({name: place for place, name in enumerate(STAGES)}, return_dtype=pl.Int64)
    known = visits.filter(pl.col("stage").is_in(STAGES)).with_columns(number.alias("no"))
    first = known.group_by("account", "journey", "stage", "no").agg(pl.col("entered_at").min().alias("entered"))
    later = known.select("account", "journey", later_no="no", later_at="entered_at")
    ahead = first.join(later, ["account", "journey"]).filter((pl.col("later_no") > pl.col("no")) & (pl.col("later_at") > pl.col("entered")))
    onward = ahead.group_by("account", "journey", "stage").agg(pl.col("later_at").min().alias("on"))
    end = known.group_by("account", "journey").agg(pl.col("left_at").last().alias("end"), pl.col("left_to").last().alias("how"))
    joined = first.join(onward, ["account", "journey", "stage"], "left").join(end, ["account", "journey"])
    return joined.with_columns(left=pl.coalesce("on", "end"), moved=pl.col("on").is_not_null() | (pl.col("how") == "won").fill_null(False))


def _shares(claim: str, hits: int, n: int) -> list[Hypothesis]:
    """A share is at least three quarters of what it is (true), and at least four thirds of it, or at most three quarters (false)."""
    share = hits / max(n, 1)
    low, high = 0.75 * share, min(share * 4 / 3, (1 + share) / 2)
    return [
        Hypothesis(f"{claim} >= {low:.3f}", True, _lower(hits, n) > low), Hypothesis(f"{claim} >= {high:.3f}", False, _upper(hits, n) < high),
        Hypothesis(f"{claim} <= {high:.3f}", True, _upper(hits, n) < high), Hypothesis(f"{claim} <= {low:.3f}", False, _lower(hits, n) > low),
    ]  # fmt: skip


def _days(claim: str, days: pl.Series) -> list[Hypothesis]:
    n, middle = len(days), float(days.median() or 0.0)  # type: ignore[arg-type]
    ordered = days.sort()
    half = 1.96 * math.sqrt(n) / 2
    low, high = (float(ordered[max(0, min(n - 1, round(n / 2 + side * half)))]) if n else 0.0 for side in (-1, 1))
    return [
        Hypothesis(f"{claim} <= {1.5 * middle:.1f} days", True, high < 1.5 * middle), Hypothesis(f"{claim} <= {middle / 1.5:.1f} days", False, low > middle / 1.5),
        Hypothesis(f"{claim} between {middle / 1.5:.1f} and {1.5 * middle:.1f} days", True, low > middle / 1.5 and high < 1.5 * middle),
    ]  # fmt: skip


def _lower(hits: int, n: int) -> float:
    return _wilson(hits, n)[0]


def _upper(hits: int, n: int) -> float:
    return _wilson(hits, n)[1]


def _wilson(hits: int, n: int) -> tuple[float, float]:
    if not n:
        return 0.0, 1.0
    z, share = 1.96, hits / n
    middle, half = (share + z * z / (2 * n)) / (1 + z * z / n), z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def judged(folder: Path) -> list[Judgement]:
    """Drafts the map in the built workspace `folder/workspace`, adds the hypotheses and takes the verdicts."""
    from etappe.maps.changes import Add, Several
    from etappe.workspace.workspace import open_workspace

    ws = open_workspace(folder / "workspace")
    ws.atlas.new_map("maschine-kaufen", "truth", template="seven-phases", language="de", journey=("first_purchase",))
    ws.draft("maschine-kaufen", "truth")
    asked = {f"h{number}": item for number, item in enumerate(hypotheses(folder / "truth"))}
    cards = [Add(collection="cards", thing={"id": id, "stage": "preselection", "lane": "actions", "order": "V", "text": id, "claim": item.claim}) for id, item in asked.items()]
    ws.atlas.apply("map", "maschine-kaufen", Several(changes=tuple(cards)), "truth")
    made = ws.check("maschine-kaufen")
    ws.atlas.close()
    return [Judgement(asked[item.card], item.verdict.value) for item in made.claims if item.card in asked]


def run(seeds: int, accounts: int = 300) -> list[Judgement]:
    """The judgements of so many markets."""
    from benchmarks import truth

    found: list[Judgement] = []
    for seed in range(1, seeds + 1):
        with tempfile.TemporaryDirectory() as fresh:
            truth.make(Path(fresh), accounts, seed)
            mine = judged(Path(fresh))
        found += mine
        print(f"seed {seed}: {dict(Counter(item.verdict for item in mine))}, swapped {[item.hypothesis.claim for item in mine if item.swapped]}", file=sys.stderr)
    return found


def decided_share(found: list[Judgement]) -> float:
    """The share of the decidable hypotheses that were decided."""
    decidable = [item for item in found if item.hypothesis.decidable]
    return sum(item.decided for item in decidable) / max(len(decidable), 1)


MARK = "## Verdicts"


def part(found: list[Judgement], seeds: int, accounts: int) -> str:
    """The part of docs/truth.md about verdicts."""
    lines = [
        MARK, "", f"Printed by `python -m benchmarks.verdicts`: {seeds} markets of {accounts} companies, a seven-phase map drafted in German in each,", "and hypotheses of which the simulator's truth makes some right and some wrong.", "",
        "| hypotheses | confirmed | contradicted | undecided | too few or no data |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for true in (True, False):
        counts = Counter(item.verdict for item in found if item.hypothesis.true is true)
        rest = sum(counts.values()) - counts["confirmed"] - counts["contradicted"] - counts["undecided"]
        lines.append(f"| {'right' if true else 'wrong'} ({sum(counts.values()):,}) | {counts['confirmed']:,} | {counts['contradicted']:,} | {counts['undecided']:,} | {rest:,} |")
    decidable = sum(item.hypothesis.decidable for item in found)
    lines += ["", f"Swapped: {sum(item.swapped for item in found)}. Of {decidable:,} decidable ones {decided_share(found):.1%} were decided (promised: {PROMISED_DECIDED:.0%}).", ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Runs the markets and writes the part of the page; 1 where the promise is broken."""
    seeds = int(arguments[0]) if arguments else 20
    found = run(seeds)
    text = part(found, seeds, 300)
    print(text)
    if seeds >= 20:
        page = Path(__file__).parents[1] / "docs" / "truth.md"
        page.write_text(page.read_text(encoding="utf-8").split(MARK)[0].rstrip() + "\n\n" + text, encoding="utf-8")
    return int(any(item.swapped for item in found) or decided_share(found) < PROMISED_DECIDED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
