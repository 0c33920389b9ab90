"""Who is in the buying center: roles present and missing, against the deals that were won.

**Question.** How many people take part and in which roles, stage by stage, in won deals and in the open ones?
Which open deals hang on one person?

**Answer.** For each stage: people in the buying center, share with only one (single-threaded), share with
each role, in the won journeys when they left that stage and in the open journeys that are in it now, the
difference, and the median day on which the role came in. With `--deals` a row for each open journey with a
deal: its people, roles present, and roles missing that at least half of the won journeys had at that stage.

**How.** A person belongs to the center from the first step they took part in. Won journeys are looked at as
they were when they left the stage for the last time, open ones as they are now, so like is compared with
like. Shares have Wilson intervals, differences Newcombe's. Where a role comes from (CRM, job title,
behaviour) is counted beside it.

**Assumes.** Who never left a trace was not there. Roles guessed from titles and behaviour are right on the
whole.

**Does not say.** That adding a person wins a deal.

**Example.** `etappe show buying-center --kind first_purchase`; `etappe show buying-center --deals true`

**Source.** Roles: F. E. Webster, Y. Wind, A general model for understanding organizational buying behavior,
J. of Marketing 36 (1972) 12-19; interval of a difference: R. G. Newcombe, Statistics in Medicine 17 (1998)
873-890.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, difference, proportion, triple
from etappe.analyses.maths.bounds import median_interval
from etappe.analyses.population import filtered, journeys_of, named_accounts
from etappe.analyses.stage_exits import coded
from etappe.tables.plain_arrays import numbers_of
from etappe.words.kinds import ROLES
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "buying-center",
    1,
    said(
        "people and roles of won journeys when they left a stage, against open ones in it now",
        "Personen und Rollen gewonnener Journeys, als sie eine Phase verließen, gegen offene, die jetzt in ihr sind",
    ),
    10,
)
COLUMNS = ("journey_kind", "stage", "stage_no", "what", "won", "open", "difference", "median_day", "from_crm", "from_title",
    "from_behaviour")  # fmt: skip
DEAL_COLUMNS = (
    "journey_id", "account", "stage", "people", "won_people", "single_threaded", "roles", "missing", "deal_value", "currency",
    "owner", "days",
)  # fmt: skip
PEOPLE, SINGLE = "people", "single-threaded"
HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class BuyingCenterParams(Params):
    """Filters of `buying-center`; the period is about the day a journey began."""

    deals: bool = option("a row for each open journey with a deal", False)


def run(tables: Tables, params: BuyingCenterParams) -> Result:
    """Roles by stage, or the open deals."""
    journeys = journeys_of(tables, params)
    states = _states(tables, journeys, params)
    counted = _counted(tables, states)
    stages, caveats = _stages(counted)
    came = _came(tables, journeys)
    behind = states.order_by(["journey_id", "stage_no"])
    rows: list[Row] = []
    for key in sorted(stages, key=lambda key: (key[0], key[2])):
        rows += _rows(key, stages[key], came)
    columns: tuple[str, ...] = COLUMNS
    if params.deals:
        rows, columns = _deals(tables, journeys, states, stages), DEAL_COLUMNS
        caveats = [] if rows else [said("There is no open journey with a deal.", "Keine offene Journey hat eine Verkaufschance.")]
    elif not rows:
        caveats = [said("No journey was won yet, and none is open.", "Noch keine Journey wurde gewonnen, und keine ist offen.")]
    return answer(
        "buying-center", RECIPE, columns, rows, tables, params, caveats, states, _drawing([] if params.deals else rows), journeys,
        lambda: behind, headline=_headline_of_deals(rows) if params.deals else _headline(rows), brief=DEAL_COLUMNS[1:] if params.deals else (),
    )  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The role that open journeys lack most clearly against won ones; else how many people win."""
    lacking = [row for row in rows if row["what"] in ROLES and row["difference"].value is not None and row["difference"].high < 0]
    if lacking:
        most = min(lacking, key=lambda row: row["difference"].value)
        with_ = said("of open journeys in {stage} have a person in this role: {role}", "der offenen Journeys in {stage} haben eine Person in dieser Rolle: {role}",
            stage=most["stage"], role=most["what"])  # fmt: skip
        return [(with_, most["open"]), (said("of won ones had one there", "der gewonnenen hatten dort eine"), most["won"])]
    people = [row for row in rows if row["what"] == PEOPLE and row["won"].value is not None]
    if not people:
        return []
    most = max(people, key=lambda row: row["won"].value)
    return [(said("people take part in a won journey when it leaves {stage}", "Personen sind an einer gewonnenen Journey beteiligt, wenn sie {stage} verlässt",
        stage=most["stage"]), most["won"])]  # fmt: skip


def _headline_of_deals(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """How many open deals hang on one person, and how many lack a role that won ones have."""
    if not rows:
        return []
    return [
        (said("open deals hang on one person alone", "offene Verkaufschancen hängen an nur einer Person"), sum(row["single_threaded"] for row in rows)),
        (said("of {n} lack a role that most won ones have", "von {n} fehlt eine Rolle, die die meisten gewonnenen haben", n=len(rows)), sum(bool(row["missing"]) for row in rows)),
    ]  # fmt: skip


def _states(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """One journey in one stage a row, won or open: people and roles there when it left the stage, or now."""
    chosen = filtered(params) or params.since or params.until
    return tables.center_states.semi_join(journeys, "journey_id") if chosen else tables.center_states


def _counted(tables: Tables, states: ir.Table) -> list[Row]:
    sums = {role: states[role].sum() for role in ROLES}
    counted = states.group_by("kind", "stage", "stage_no", "outcome", "people").agg(n=states.count(), **sums)
    return tables.engine.rows(counted)


Stage = tuple[str, str, int]


def _stages(counted: list[Row]) -> tuple[dict[Stage, dict[str, dict[str, Any]]], list[str]]:
    """Of each stage and outcome: number of journeys, journeys by role, and the people of each."""
    stages: dict[Stage, dict[str, dict[str, Any]]] = {}
    for row in counted:
        place = stages.setdefault((row["kind"], row["stage"], row["stage_no"]), {})
        part = place.setdefault(row["outcome"], _nobody())
        part["n"] += row["n"]
        part[PEOPLE] = np.append(part[PEOPLE], np.repeat(row["people"], row["n"]))
        part[SINGLE] += row["n"] if row["people"] == 1 else 0
        for role in ROLES:
            part[role] += row[role] or 0
    won = sum(place.get("won", {}).get("n", 0) for place in stages.values())
    nothing = said("No journey was won yet: there is nothing to compare the open ones with.",
        "Noch keine Journey wurde gewonnen: Es gibt nichts, womit die offenen zu vergleichen wären.")  # fmt: skip
    return stages, [] if won else [nothing]


def _nobody() -> dict[str, Any]:
    return {"n": 0, PEOPLE: np.zeros(0, np.int64), SINGLE: 0, **dict.fromkeys(ROLES, 0)}


def _came(tables: Tables, journeys: ir.Table) -> dict[str, dict[str, Any]]:
    """Of each role: median days from the start of won journeys to its first step, and where the role is known from."""
    won = journeys.filter(journeys.outcome == "won").select("journey_id", "started_at")
    center = tables.buying_center.filter(tables.buying_center.role.notnull()).inner_join(won, "journey_id")
    first = center.group_by("journey_id", "role").agg(at=center.first_at.min(), started=center.started_at.min())
    days = first.select("role", day=((first["at"].epoch_seconds() - first.started.epoch_seconds()) / 86_400.0))
    table = tables.engine.to_arrow(days.filter(days.day.notnull()))
    names, code = coded(table["role"])
    day = numbers_of(table["day"])
    found: dict[str, dict[str, Any]] = {}
    for role in ROLES:
        mine = day[code == names.index(role)] if role in names else day[:0]
        found[role] = {"median": triple(median_interval(mine), len(mine), RECIPE, "days"), "source": {}}
    known = tables.buying_center.semi_join(journeys, "journey_id")
    for row in tables.engine.rows(known.group_by("role", "role_source").agg(n=known.count())):
        if row["role"] in found and row["role_source"]:
            found[row["role"]]["source"][row["role_source"]] = row["n"]
    return found


def _rows(key: Stage, parts: dict[str, dict[str, Any]], came: dict[str, dict[str, Any]]) -> list[Row]:
    kind, stage, number = key
    won, open_ = parts.get("won", _nobody()), parts.get("open", _nobody())
    head: Row = {"journey_kind": kind, "stage": stage, "stage_no": number}
    rows: list[Row] = [
        {
            **head, "what": PEOPLE, "won": triple(median_interval(won[PEOPLE]), won["n"], RECIPE, "number"),
            "open": triple(median_interval(open_[PEOPLE]), open_["n"], RECIPE, "number"),
        }
    ]  # fmt: skip
    for what in (SINGLE, *ROLES):
        row: Row = {
            **head, "what": what, "won": proportion(won[what], won["n"], RECIPE),
            "open": proportion(open_[what], open_["n"], RECIPE),
            "difference": difference(open_[what], open_["n"], won[what], won["n"], RECIPE),
        }  # fmt: skip
        if what in came:
            source = came[what]["source"]
            row["median_day"] = came[what]["median"]
            row |= {f"from_{name}": int(source.get(name, 0)) for name in ("crm", "title", "behaviour")}
        rows.append(row)
    return rows


def _deals(
    tables: Tables, journeys: ir.Table, states: ir.Table, stages: dict[Stage, dict[str, dict[str, Any]]]
) -> list[Row]:
    """Open journeys with a deal, the most valuable first."""
    open_ = journeys.filter((journeys.outcome == "open") & (journeys.deal_ids.length() > 0))
    names = named_accounts(tables)
    listed = open_.select("journey_id", "account_id", "deal_value", "currency", "owner", "days").left_join(
        names, "account_id"
    )
    joined = listed.inner_join(states.filter(states.outcome == "open"), "journey_id")
    rows = []
    for row in tables.engine.rows(
        joined.order_by([joined.deal_value.desc(nulls_first=False), joined.journey_id]).limit(1000)
    ):
        won = stages[row["kind"], row["stage"], row["stage_no"]].get("won", _nobody())
        usual = [role for role in ROLES if won["n"] >= RECIPE.minimum_n and won[role] / won["n"] >= HALF]
        rows.append({
            **{name: row[name] for name in ("journey_id", "account", "stage", "people", "deal_value", "currency", "owner", "days")},
            "won_people": float(np.median(won[PEOPLE])) if won["n"] >= RECIPE.minimum_n else None,
            "single_threaded": row["people"] <= 1, "roles": ", ".join(role for role in ROLES if row[role]),
            "missing": ", ".join(role for role in usual if not row[role]),
        })  # fmt: skip
    return rows


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Heat maps, one a kind of journey: share with each role in won journeys and in the open ones, stage by stage."""
    title = "Buying center: roles present, stage by stage"
    german = {title: "Buying Center: Rollen, Phase für Phase", "won": "gewonnen", "open": "offen"}
    panels = []
    for kind in draw.ordered(rows, "journey_kind"):
        mine = [row for row in rows if row["journey_kind"] == kind and row["what"] != PEOPLE]
        order = draw.ordered(mine, "stage", "stage_no")
        english, german_kind = draw.kinds_named(kind)
        sides = []
        for side in ("won", "open"):
            if all(row[side].value is None for row in mine):
                continue
            german[f"{english} · {side}"] = f"{german_kind} · {german[side]}"
            panel = draw.heat(mine, "what", "stage", side, "Share", [*ROLES, SINGLE], order)
            sides.append({"title": {"text": f"{english} · {side}", "fontSize": 12}, **panel})
        if sides:
            panels.append({"hconcat": sides, "spacing": 18})
    return draw.chart(title, [], german, vconcat=panels, spacing=24)


QUESTION_DE = "Wer im Buying Center ist: Rollen, die da sind und die fehlen, gegen gewonnene Verkaufschancen."
ANALYSIS = Analysis("buying-center", "Buying center", "Buying Center", RECIPE, BuyingCenterParams, run, __doc__, QUESTION_DE)
