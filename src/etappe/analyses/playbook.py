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
from etappe.analyses.playbook_rules import Rule, parse_rules
from etappe.analyses.playbook_verdicts import KEPT, LATE, MISSING, OPEN, ORDER, VERDICTS, Judge, Verdicts, judged
from etappe.analyses.population import journeys_of, values
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
    judge = Judge.of(tables, journeys, rules)
    rows = [_row(rule, judge.judge(rule)) for rule in rules]
    if not rows:
        caveats.append(said("No rule fits the touchpoints and stages of this workspace.",
            "Keine Regel passt zu den Touchpoints und Phasen dieses Arbeitsbereichs."))  # fmt: skip

    def records() -> ir.Table:
        """The journeys that each rule applies to, with the verdict."""
        return ibis.union(*(judged(tables, journeys, rule) for rule in rules)) if len(rules) > 1 else judged(tables, journeys, rules[0]) if rules else journeys.drop("path")

    return answer("playbook", RECIPE, COLUMNS, rows, tables, params, caveats, records, _drawing(rows), journeys,
        lambda: records().order_by(["rule", "verdict", "journey_id"] if rules else ["journey_id"]), headline=_headline(rows))  # fmt: skip


def _possible(text: str, touchpoints: list[str], stages: list[str]) -> list[Rule]:

    try:
        return parse_rules([text], touchpoints, stages, ROLES)
    except Fault:
        return []


def _row(rule: Rule, found: Verdicts) -> Row:
    count = {name: found.count(name) for name in VERDICTS}
    decided = len(found.verdict) - count[OPEN]
    ended, won, held = found.outcome != "open", found.outcome == "won", found.verdict == VERDICTS.index(KEPT)
    waits = found.verdict == VERDICTS.index(OPEN)
    kept, broken = ended & held, ended & ~held & ~waits
    wins = [int((won & part).sum()) for part in (kept, broken)]
    sizes = [int(part.sum()) for part in (kept, broken)]
    return {
        "rule": rule.text, "applies": len(found.verdict), "kept": count[KEPT], "still_open": count[OPEN],
        "share_kept": proportion(count[KEPT], decided, RECIPE), "missing": count[MISSING], "late": count[LATE],
        "out_of_order": count[ORDER], "won_kept": proportion(wins[0], sizes[0], RECIPE),
        "won_broken": proportion(wins[1], sizes[1], RECIPE),
        "difference": difference(wins[0], sizes[0], wins[1], sizes[1], RECIPE),
        "days_kept": triple(median_interval(found.days[kept]), sizes[0], RECIPE, "days"),
        "days_broken": triple(median_interval(found.days[broken]), sizes[1], RECIPE, "days"),
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
