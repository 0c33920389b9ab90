"""Whether the firm keeps its own rules, and what it costs where it does not.

**Question.** Which rules of the playbook are kept, which are broken and how (missing, too late, out of
order), and do journeys in which they are broken take longer or win less often?

**Answer.** One row a rule: journeys it applies to, kept, still open, share kept of those decided with
interval, broken by missing, late and out of order, win rate where it was kept and where it was broken and the
difference, median days likewise.

**How.** Rules are sentences ("sales meeting within 5 days of demo request", "decider met before
request_for_proposal"), from `rules/playbook.yaml` or `--rules "…; …"`. A rule applies to a journey once its
trigger has happened (for "A before B" that is B). An open journey is judged by what has happened so far: what
can still be kept is *still open*, not broken. Win rates are among journeys that have ended; differences have
Newcombe's interval, matched on nothing: they are associations.

**Assumes.** What was not recorded was not done.

**Does not say.** That keeping the rule wins deals.

**Example.** `etappe show playbook --rules "sales meeting within 10 days of contact form; decider met before
decision"`

**Source.** Conformance by prefix: S. J. van Zelst, A. Bolt, M. Hassani, B. F. van Dongen, W. M. P. van der
Aalst, Online conformance checking, Int. J. Data Sci. Anal. 8 (2019) 269-284; R. G. Newcombe, Statistics in
Medicine 17 (1998) 873-890.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, difference, proportion, triple
from etappe.analyses.maths.bounds import median_interval
from etappe.analyses.playbook_rules import AFTER, BEFORE, WITHIN, Rule, Thing, parse_rules
from etappe.analyses.population import journeys_of, values
from etappe.analyses.stage_exits import coded
from etappe.errors import Fault
from etappe.words.kinds import ROLES
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "playbook",
    1,
    said(
        "rules of the firm kept and broken; open journeys are judged by what has happened so far",
        "eigene Regeln eingehalten und gebrochen; offene Journeys werden nach dem beurteilt, was bisher geschah",
    ),
    10,
)
COLUMNS = (
    "rule", "applies", "kept", "still_open", "share_kept", "missing", "late", "out_of_order", "won_kept", "won_broken",
    "difference", "days_kept", "days_broken",
)  # fmt: skip
KEPT, OPEN, MISSING, LATE, ORDER = "kept", "still open", "missing", "late", "out of order"
DAY = 86_400.0
DEFAULT = ("decider met before decision", "sales call before decision", "sales meeting before decision")


@dataclass(frozen=True, kw_only=True)
class PlaybookParams(Params):
    """Filters of `playbook`; the period is about the day a journey began."""

    rules: str | None = option("rules, separated by semicolons or lines; else those of the workspace")


def run(tables: Tables, params: PlaybookParams) -> Result:
    """One row a rule."""
    journeys = journeys_of(tables, params)
    touchpoints, stages = values(tables, tables.touch_ways, "touchpoint"), values(tables, tables.stage_visits, "stage")
    caveats: list[str] = []
    if params.rules:
        rules = parse_rules(params.rules.replace(";", "\n").split("\n"), touchpoints, stages, ROLES, "--rules")
    elif tables.playbook:
        rules = parse_rules(tables.playbook, touchpoints, stages, ROLES, "rules/playbook.yaml, rule ")
    else:
        rules = [rule for text in DEFAULT for rule in _possible(text, touchpoints, stages)]
        caveats.append(said("No rules were given; these are examples. Write your own with --rules or in rules/playbook.yaml.",
            "Es sind keine Regeln angegeben; dies sind Beispiele. Eigene stehen in --rules oder in rules/playbook.yaml."))  # fmt: skip
    rows: list[Row] = []
    judged = None
    for rule in rules:
        judged = _judged(tables, journeys, rule)
        rows.append(_row(tables, rule, judged))
    if not rows:
        caveats.append(said("No rule fits the touchpoints and stages of this workspace.",
            "Keine Regel passt zu den Touchpoints und Phasen dieses Arbeitsbereichs."))  # fmt: skip
    behind = judged.order_by(["verdict", "journey_id"]) if judged is not None else journeys.drop("path")
    return answer("playbook", RECIPE, COLUMNS, rows, tables, params, caveats, judged if judged is not None else journeys,
        _drawing(rows), journeys, lambda: behind, headline=_headline(rows))  # fmt: skip


def _possible(text: str, touchpoints: list[str], stages: list[str]) -> list[Rule]:

    try:
        return parse_rules([text], touchpoints, stages, ROLES)
    except Fault:
        return []


def _moments(tables: Tables, thing: Thing, name: str) -> ir.Table:
    """journey_id and every moment of a thing."""
    if thing.sort == "touchpoint":
        steps = tables.steps.filter(tables.steps.touchpoint == thing.name)
        return steps.select("journey_id", **{name: steps.happened_at})
    if thing.sort == "stage":
        visits = tables.stage_visits.filter(tables.stage_visits.stage == thing.name)
        return visits.select("journey_id", **{name: visits.entered_at})
    if thing.sort == "role":
        center = tables.buying_center.filter(tables.buying_center.role == thing.name)
        return center.select("journey_id", **{name: center.first_at})
    ended = tables.journeys.filter(tables.journeys.outcome == thing.name)
    return ended.select("journey_id", **{name: ended.ended_at})


def _judged(tables: Tables, journeys: ir.Table, rule: Rule) -> ir.Table:
    """One journey a row to which the rule applies, with its verdict."""
    triggers = _moments(tables, rule.b, "b_at")
    trigger = triggers.group_by("journey_id").agg(b_at=triggers.b_at.min())
    base = journeys.select("journey_id", "account_id", "outcome", "days", "ended_at").inner_join(trigger, "journey_id")
    acts = _moments(tables, rule.a, "a_at").inner_join(base.select("journey_id", "b_at"), "journey_id")
    before, after = acts.a_at <= acts.b_at, acts.a_at > acts.b_at
    counted = acts.group_by("journey_id").agg(
        n_before=before.ifelse(1, 0).sum(), n_after=after.ifelse(1, 0).sum(), first_after=acts.a_at.min(where=after),
        any_at=acts.a_at.min(),
    )  # fmt: skip
    joined = base.left_join(counted, "journey_id")
    n_before, n_after = joined.n_before.fill_null(0), joined.n_after.fill_null(0)
    now = ibis.timestamp(tables.as_of).epoch_seconds()
    still = joined.outcome == "open"
    if rule.relation == WITHIN:
        due = joined.b_at.epoch_seconds() + int(rule.days * DAY)
        took = joined.first_after.epoch_seconds()
        # One at the very moment of the trigger, or already there before it (the meeting that the form
        # confirms), counts.
        verdict = ibis.cases(
            ((n_after > 0) & (took <= due), KEPT), (n_after > 0, LATE), (still & (now <= due), OPEN), (n_before > 0, ORDER),
            else_=MISSING,
        )  # fmt: skip
    elif rule.relation == BEFORE:
        verdict = ibis.cases((n_before >= rule.times, KEPT), (n_before + n_after >= rule.times, ORDER), else_=MISSING)
    elif rule.relation == AFTER:
        verdict = ibis.cases((n_after > 0, KEPT), (still, OPEN), (n_before > 0, ORDER), else_=MISSING)
    else:
        verdict = ibis.cases((n_after > 0, ORDER), (still, OPEN), else_=KEPT)
    return joined.select("journey_id", "account_id", "outcome", "days", "b_at", "first_after", verdict=verdict)


def _row(tables: Tables, rule: Rule, judged: ir.Table) -> Row:
    table = tables.engine.to_arrow(judged.select("outcome", "days", "verdict"))
    (outcomes, outcome), (verdicts, verdict) = coded(table["outcome"]), coded(table["verdict"])
    lasted = table["days"].to_numpy().astype(float)
    count = {
        name: int((verdict == verdicts.index(name)).sum()) if name in verdicts else 0
        for name in (KEPT, OPEN, MISSING, LATE, ORDER)
    }
    decided = len(verdict) - count[OPEN]
    ended = outcome != (outcomes.index("open") if "open" in outcomes else -1)
    won = outcome == (outcomes.index("won") if "won" in outcomes else -2)
    held = verdict == (verdicts.index(KEPT) if KEPT in verdicts else -2)
    waits = verdict == (verdicts.index(OPEN) if OPEN in verdicts else -2)
    kept, broken = ended & held, ended & ~held & ~waits
    wins = [int((won & part).sum()) for part in (kept, broken)]
    sizes = [int(part.sum()) for part in (kept, broken)]
    return {
        "rule": rule.text, "applies": len(verdict), "kept": count[KEPT], "still_open": count[OPEN],
        "share_kept": proportion(count[KEPT], decided, RECIPE), "missing": count[MISSING], "late": count[LATE],
        "out_of_order": count[ORDER], "won_kept": proportion(wins[0], sizes[0], RECIPE),
        "won_broken": proportion(wins[1], sizes[1], RECIPE),
        "difference": difference(wins[0], sizes[0], wins[1], sizes[1], RECIPE),
        "days_kept": triple(median_interval(lasted[kept]), sizes[0], RECIPE, "days"),
        "days_broken": triple(median_interval(lasted[broken]), sizes[1], RECIPE, "days"),
    }  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The rule that is kept the least."""
    known = [row for row in rows if row["share_kept"].value is not None]
    least = min(known, key=lambda row: row["share_kept"].value, default=None)
    return [(said("keep the rule kept the least: {rule}", "halten die am seltensten eingehaltene Regel: {rule}", rule=least["rule"]), least["share_kept"])] if least else []


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Share of journeys that kept each rule."""
    y = {"field": "rule", "type": "nominal", "title": None, "sort": None}
    return draw.chart(
        "Playbook: share of journeys that kept the rule", rows,
        {"Playbook: share of journeys that kept the rule": "Playbook: Anteil der Journeys, die die Regel einhalten"},
        width=draw.WIDE, layer=draw.intervals("share_kept", "x", "Share", {"domain": [0, 1]}, ".0%", y=y),
    )  # fmt: skip


QUESTION_DE = "Ob die eigenen Regeln eingehalten werden, und was es kostet, wo nicht."
ANALYSIS = Analysis("playbook", "Playbook", "Playbook", RECIPE, PlaybookParams, run, __doc__, QUESTION_DE)
