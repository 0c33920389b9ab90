"""Holds the analyses against known truths: `python -m benchmarks.truth_analyses [--seeds N] [--company DIR …]`.

Rewrites the section *The analyses* of docs/truth.md. Coverage, censoring and blockers are tried on steps and journeys made from
hazards that are known (`tests/analyses/make.py`), one company a seed; attribution, and the blocker again, on sample companies that
went through the whole pipeline.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from etappe.analyses import analysis
from etappe.demo.model import BLOCKER
from etappe.tables.engine import open_engine
from etappe.words.result import Figure
from tests.analyses.make import Truth, make

PAGE = Path(__file__).parents[1] / "docs" / "truth.md"
HEADING = "## The analyses"
ACCOUNTS = 400
WITHOUT, WITH_ONE = 100, 25  # companies without and with a blocker
NEEDED = 3.7  # standard errors: one-sided p of 0.01 by 100 comparisons
MODELS = ("first", "last", "linear", "time_decay", "shapley", "markov1")


@dataclass
class Covered:
    """How often the 95 % intervals of a quantity held its truth."""

    name: str
    hits: int = 0
    n: int = 0
    sum: float = 0.0
    truth: float = 0.0

    def add(self, figure: Figure, truth: float) -> None:
        """One interval."""
        if figure.value is not None and figure.low is not None and figure.high is not None:
            self.hits += figure.low <= truth <= figure.high
            self.n += 1
            self.sum += figure.value
            self.truth = truth

    @property
    def share(self) -> float:
        """Share of the intervals that held the truth."""
        return self.hits / max(self.n, 1)

    @property
    def mean(self) -> float:
        """Mean of the estimates."""
        return self.sum / max(self.n, 1)


def true_stages(truth: Truth) -> dict[tuple[str, str], float]:
    """What becomes of those that enter the first two stages, in the end: from the rates."""
    first = truth.on + truth.first_lost + truth.dormant
    whole = truth.on + truth.back + truth.lost + truth.dormant
    again = truth.back * truth.on / first  # back to the first stage, and forward to this one again
    return {
        ("research", "moved_on"): truth.on / first, ("research", "lost"): truth.first_lost / first,
        ("research", "dormant"): truth.dormant / first, ("research", "median_days"): float(np.log(2)) / first,
        ("supplier_search", "moved_on"): truth.on / (whole - again),
    }  # fmt: skip


def coverage(seeds: Iterable[int], accounts: int = ACCOUNTS, attribution: bool = True) -> list[Covered]:
    """Intervals of stages and of attribution, over seeds."""
    truth = Truth(blocker=None)
    known = true_stages(truth)
    found = {key: Covered(f"{key[1].replace('_', ' ')}, {key[0].replace('_', ' ')}") for key in known}
    credit = _true_credit(truth) if attribution else {}
    models = {model: Covered(f"deals credited to a channel, {model.replace('_', ' ')}") for model in MODELS}
    for seed in seeds:
        with open_engine(threads=1) as engine:
            tables = make(accounts, seed, truth).into(engine)
            rows = {row["stage"]: row for row in analysis.find("stages").ask(tables, kind="first_purchase").rows}
            for (stage, name), value in known.items():
                found[stage, name].add(rows[stage][name], value)
            if attribution:
                for row in analysis.find("attribution").ask(tables, model=",".join(MODELS)).rows:
                    expected = credit.get((row["model"], row["channel"]))
                    if expected is not None and expected * accounts >= 5:
                        models[row["model"]].add(row["deals"], expected * accounts)
    return [*found.values(), *(models.values() if attribution else ())]


def _true_credit(truth: Truth, accounts: int = 12_000) -> dict[tuple[str, str], float]:
    """Credit of each model and channel an account, from a population thirty times as large."""
    with open_engine() as engine:
        answer = analysis.find("attribution").ask(make(accounts, 9_999, truth).into(engine), model=",".join(MODELS), draws=0)
    return {(row["model"], row["channel"]): row["deals"].value / accounts for row in answer.rows}


def censoring(seeds: Iterable[int], years: float = 0.21) -> dict[str, Any]:
    """Getting on from the first stage while half of the journeys are open: the estimate and the plain ratio, against the truth."""
    truth = Truth(blocker=None, years=years, more_journeys=0.0)
    value = true_stages(truth)["research", "moved_on"]
    covered, plain, open_share = Covered("moved on, half of the journeys open"), [], []
    for seed in seeds:
        with open_engine(threads=1) as engine:
            tables = make(ACCOUNTS, 50_000 + seed, truth).into(engine)
            row = analysis.find("stages").ask(tables, naive=True, kind="first_purchase").rows[0]
            outcomes = [journey["outcome"] for journey in engine.rows(tables.journeys.select("outcome"))]
        # as far as was watched: those who would move on later are not in it yet
        rate = truth.on + truth.first_lost + truth.dormant
        covered.add(row["moved_on"], value * (1 - float(np.exp(-rate * (row["within_days"] or 0)))))
        plain.append(row["naive_ratio"].value)
        open_share.append(outcomes.count("open") / len(outcomes))
    return {"covered": covered, "truth": value, "plain": float(np.mean(plain)), "open": float(np.mean(open_share))}


def blockers(seeds: Iterable[int], with_one: Iterable[int], accounts: int = 800) -> dict[str, Any]:
    """Companies without a blocker in which one is shown, and companies with one in which it is found (and with it others)."""
    none, false, there, found, others = 0, 0, 0, 0, 0
    for seed in seeds:
        none += 1
        false += bool(_blockers(make(accounts, seed, Truth(blocker=None))))
    for seed in with_one:
        there += 1
        rows = _blockers(make(accounts, 10_000 + seed))
        found += ("preselection", "pricing page") in rows
        others += any(row != ("preselection", "pricing page") for row in rows)
    return {"none": none, "false": false, "there": there, "found": found, "others": others, "accounts": accounts}


def _blockers(made: Any) -> list[tuple[str, str]]:
    with open_engine(threads=1) as engine:
        return [(row["stage"], row["thing"]) for row in analysis.find("blockers").ask(made.into(engine)).rows]


def attribution(company: Path) -> dict[str, tuple[float, float]]:
    """Of each model: half the sum of the differences to the true shares, and the rank correlation with them.

    The true share of a channel is that of its touches before won deals, each weighted with the logarithm of the channel's
    true effect on the progress of a journey (`truth/effects.json`); channels without an effect have none.
    """
    from etappe.workspace.workspace import open_workspace

    effects = json.loads((company / "truth" / "effects.json").read_text(encoding="utf-8"))["channels"]
    ws = open_workspace(company / "workspace")
    answer = ws.show("attribution", draws=0)
    channels = sorted({row["channel"] for row in answer.rows} - {"(no touch)"})
    touches = {row["channel"]: row["steps"] for row in _touches(ws)}
    weight = np.array([touches.get(name, 0) * max(np.log(effects.get(name, 1.0)), 0.0) for name in channels])
    true = weight / weight.sum()
    out = {}
    for model in dict.fromkeys(row["model"] for row in answer.rows):
        deals = {row["channel"]: row["deals"].value for row in answer.rows if row["model"] == model}
        share = np.array([deals[name] for name in channels])
        share = share / share.sum()
        out[model] = float(np.abs(share - true).sum() / 2), _rank_correlation(share, true)
    return out


def _touches(ws: Any) -> list[dict[str, Any]]:
    """Touches of won journeys before the win, by channel."""
    from etappe.workspace.answers import tables

    with ws.opened() as (engine, build):
        found = tables(ws.folder, engine, build)
        won = found.journeys.filter(found.journeys.outcome == "won").select("journey_id", "ended_at")
        steps = found.steps.inner_join(won, "journey_id")
        steps = steps.filter(steps.happened_at <= steps.ended_at)
        return engine.rows(steps.group_by("channel").agg(steps=steps.count()))


def _rank_correlation(a: Any, b: Any) -> float:
    from scipy import stats

    return float(stats.spearmanr(a, b).statistic)


_SLOTS = """
with of_journey as (
    select s.account, s.journey, s.entered_at, s.left_to, a.fit,
           case when s.left_to = 'dormant' then j.gave_up_at else coalesce(s.left_at, timestamptz '{end}') end as left_at
    from '{truth}/stages.parquet' s
    join '{truth}/journeys.parquet' j on j.account = s.account and j.number = s.journey
    join '{truth}/accounts.parquet' a on a.account = s.account
    where s.stage = 'preselection'),
views as (
    select account, journey, min(happened_at) as seen_at from '{truth}/events.parquet'
    where stage = 'preselection' and touchpoint = 'pricing page' group by all),
slots as (
    select o.*, v.seen_at, k, (epoch(left_at) - epoch(entered_at)) / 302400 as slots,
           entered_at + to_seconds(302400 * k) as moment
    from of_journey o left join views v using (account, journey), range(0, 400) r(k)
    where k < greatest((epoch(left_at) - epoch(entered_at)) / 302400, 0.01))
select coalesce(epoch(moment) - epoch(seen_at) >= 604800, false) as met,
       least(floor(2 * log2(k + 1)), 12) * 3 + floor(fit * 3) as stratum,
       count(*)::double as n, sum((left_to = 'dormant' and k + 1 >= slots)::int)::double as ended
from slots s
where not exists (
    select 1 from '{truth}/pauses.parquet' p
    where p.account = s.account and p.journey = s.journey and p."from" <= s.moment and s.moment < p.until)
group by all
"""


def best_possible(company: Path) -> tuple[float, float]:
    """Risk ratio of the true blocker, and its standard normal deviate, where everything is known.

    From the truth alone: true stays, every page view (also those that no export can tie to a company), the moment a company
    really left, time on ice left out; by half weeks since the stage was entered and thirds of the fit. No analysis of the
    exports can see more.
    """
    import duckdb
    from scipy import special

    from etappe.analyses.maths.risk import risk_ratio

    end = json.loads((company / "truth" / "effects.json").read_text(encoding="utf-8"))["as_of"]
    found = duckdb.sql(_SLOTS.format(truth=company / "truth", end=end)).fetchnumpy()
    places, stratum = np.unique(found["stratum"], return_inverse=True)

    def table(met: bool, name: str) -> Any:
        return np.bincount(stratum, np.where(found["met"] == met, found[name], 0.0), len(places))

    ratio = risk_ratio(table(True, "ended"), table(True, "n"), table(False, "ended"), table(False, "n"))
    return float(ratio.value[0]), float(np.sign(ratio.value[0] - 1) * -special.ndtri(ratio.p[0] / 2))


def in_companies(companies: Iterable[Path]) -> dict[str, Any]:
    """The true blocker in sample companies that went through the whole pipeline: in how many it is clear, or stands first."""
    from etappe.workspace.workspace import open_workspace

    out: dict[str, Any] = {"n": 0, "clear": 0, "first": 0, "false": 0, "ratios": [], "best": []}
    for company in companies:
        rows = open_workspace(company / "workspace").show("blockers", all=True, limit=1000).rows
        ours = [row for row in rows if (row["stage"], row["thing"]) == ("preselection", "pricing page")]
        out["n"] += 1
        out["clear"] += any(row["clear"] for row in ours)
        out["first"] += bool(rows) and (rows[0]["stage"], rows[0]["thing"]) == ("preselection", "pricing page")
        out["false"] += any(row["clear"] for row in rows if row not in ours)
        out["best"].append(best_possible(company))
        out["ratios"] += [max(row["risk_ratio"].value or 0 for row in ours)] if ours else []
    return out


def section(seeds: int, companies: list[Path]) -> tuple[str, bool]:
    """The section of docs/truth.md, and whether all promises are kept."""
    covered = coverage(range(1, seeds + 1))
    half = censoring(range(1, seeds + 1))
    found = blockers(range(1, max(seeds, WITHOUT) + 1), range(1, WITH_ONE + 1))
    return written(seeds, covered, half, found, companies)


def written(seeds: int, covered: list[Covered], half: dict[str, Any], found: dict[str, Any], companies: list[Path]) -> tuple[str, bool]:
    """What was measured as text, and whether all promises are kept."""
    whole = [*covered, half["covered"]]
    hits, n = sum(one.hits for one in whole), sum(one.n for one in whole)
    lines = [
        HEADING, "", f"Printed by `python -m benchmarks.truth_analyses` over {seeds} seeds.", "",
        "### Intervals", "", f"{hits / n:.1%} of {n:,} intervals of 95 % held the truth (promised: between 92 and 98 %).", "",
        "| what | held the truth | intervals | mean estimate | truth |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [f"| {one.name} | {one.share:.3f} | {one.n:,} | {_number(one, one.mean)} | {_number(one, one.truth)} |" for one in whole]
    lines += [
        "", "### Open journeys", "",
        f"With {half['open']:.0%} of the journeys still open the share that gets on from the first stage is estimated at {half['covered'].mean:.3f}; "
        f"{half['covered'].truth:.3f} is true as far as was watched. The plain ratio, which takes open journeys for failures, says {half['plain']:.3f}.", "",
        "### Blockers", "",
        f"- In {found['false']} of {found['none']} companies of {found['accounts']} accounts without a blocker something was shown as one (promised: at most 5 in 100).",
        f"- In {found['found']} of {found['there']} companies with one it was found; in {found['others']} of them something else was shown beside it.",
    ]  # fmt: skip
    if companies:
        there = in_companies(companies)
        ratios = f"; its risk ratio is put at {min(there['ratios']):.2f} to {max(there['ratios']):.2f}" if there["ratios"] else ""
        lines += [f"- Through the whole pipeline, in {there['n']} sample companies of 1,200 accounts: clear in {there['clear']}, first of all comparisons in {there['first']}; "
                  f"something else clear in {there['false']}{ratios}. The true hazard ratio is {BLOCKER:g}; a company of this size has about 140 journeys that met it."]  # fmt: skip
        lines += [_best(there["best"])]
        lines += ["", "### Attribution", "", *_attributed(companies)]
    kept = 0.92 <= hits / n <= 0.98 and found["false"] <= max(1, 0.05 * found["none"]) and found["found"] >= 0.8 * found["there"]
    return "\n".join([*lines, ""]), kept


def _best(found: list[tuple[float, float]]) -> str:
    """How far anybody could get in these companies, in words."""
    ratios, deviates = zip(*found, strict=True)
    clear = sum(deviate >= NEEDED for deviate in deviates)
    return (f"- What anybody could find there: with everything known (every page view, the moment of leaving, time on ice, the fit of a company) the ratio is "
            f"{min(ratios):.2f} to {max(ratios):.2f}, and its distance from 1 is {min(deviates):.1f} to {max(deviates):.1f} standard errors. Among a hundred comparisons "
            f"{NEEDED} are needed: {clear} of {len(found)} companies have them.")  # fmt: skip


def _number(one: Covered, value: float) -> str:
    return "by channel" if one.name.startswith("deals") else f"{value:.3f}"


def _attributed(companies: list[Path]) -> list[str]:
    measured = [attribution(company) for company in companies]
    lines = [
        "What the models give each channel, against the share that the simulator's true effects give it: the touches before won deals,",
        "each weighted with the logarithm of its channel's effect. *Misplaced* is the share of the credit that would have to move; the rank",
        f"correlation is Spearman's. Means over {len(companies)} sample companies.", "", "| model | misplaced | rank correlation |", "| --- | --- | --- |",
    ]  # fmt: skip
    means = {model: tuple(float(np.mean([one[model][k] for one in measured])) for k in (0, 1)) for model in measured[0]}
    lines += [f"| {model.replace('_', ' ')} | {gap:.1%} | {rank:.2f} |" for model, (gap, rank) in sorted(means.items(), key=lambda item: item[1][0])]
    return [*lines, "", "No model recovers effects: a rule shares deals by where channels stand, and a channel that works rarely is seen rarely."]


def rewrite(text: str) -> None:
    """Puts the section at the end of docs/truth.md, in the place of the old one."""
    before = PAGE.read_text(encoding="utf-8").split(HEADING)[0].rstrip()
    PAGE.write_text(f"{before}\n\n{text}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Measures and writes; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truth_analyses", description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--company", type=Path, nargs="*", help="sample companies with workspace and truth; else four fresh ones")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as fresh:
        companies = given.company or []
        if given.company is None:
            from benchmarks.truth import make as make_company

            for seed in (1, 2, 3, 4):
                make_company(Path(fresh) / str(seed), 1200, seed)
                companies.append(Path(fresh) / str(seed))
        text, kept = section(given.seeds, companies)
    print(text)
    rewrite(text)
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
