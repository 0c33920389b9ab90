"""Which channels, touchpoints, campaigns or content a won deal is owed to, by eleven models side by side.

**Question.** What credit does each channel (`--by touchpoint`, `campaign`, `content`) get for the deals that
were won, and how sure is that?

**Answer.** For each model and channel: credited deals and value with a 95 % interval, the removal effect
(Markov), the rank and how far it moves in resamples, whether the rank depends on the model, cost, cost per
deal and return where costs are known. Credits of a model sum to all won journeys and, to the cent, to their
value. Journeys that were won without any tracked touch stand under "(no touch)": they are the blind spot, not
somebody's credit. `--view deals` gives, deal by deal, the share of each touch by each model; `--view blind-spots` what is not
seen: won journeys without a tracked touch or with nothing before sales, events without consent, and how often the source that
the deal itself states lies on no tracked path.

**How.** The path of a journey is the touches of its whole buying center in order of time, up to the moment it
was won (or reached the stage or touchpoint named with `--goal`); what only the vendor did (mails sent, notes, tasks) is no
touch; the same channel twice in a row is one touch. Journeys that were lost or fell asleep are the paths that
ended in nothing; open ones are left out. `first`, `last`, `last_non_direct`, `linear`, `position` (40/20/40),
`w_shaped` (30 % first, 30 % the touch at the first known contact, 30 % the one at the opening of the deal, 10
% others), `time_decay` (half-life in days), `own` shares, `shapley` (each deal shared among its distinct
channels), `markov1` to `markov3` (removal effect of an absorbing chain, by linear algebra). Intervals come
from 200 resamples of the accounts. With `--unit person` each person of a journey is a path of its own, and
the persons of a won journey share it equally.

**Assumes.** What was tracked is what happened. A model is a rule for sharing, not a measurement of effect.

**Does not say.** What would happen if money were moved from one channel to another.

**Example.** `etappe show attribution --by channel --model linear,markov2 --since 2025-01`

**Source.** E. Anderl, I. Becker, F. v. Wangenheim, J. H. Schumann, Int. J. Research in Marketing 33 (2016)
457-474; K. Zhao, S. H. Mahboobi, S. R. Bagheri, arXiv:1804.05327 (2018); the bootstrap: B. Efron, Ann.
Statist. 7 (1979) 1-26.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw, paths_table
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, number
from etappe.analyses.blind_spots import COLUMNS as SPOTS
from etappe.analyses.blind_spots import blind_spots
from etappe.analyses.costs import Costs, costs_of
from etappe.analyses.deal_credit import HEAD, deal_credits
from etappe.analyses.maths import credit
from etappe.analyses.path_arrays import passing
from etappe.analyses.paths_table import NO_TOUCH, TableOptions, whole_cents
from etappe.analyses.touch_paths import BY, TouchPaths, touch_paths, touches_before
from etappe.errors import QuestionFault
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "attribution",
    1,
    said(
        "credit for won deals by the touches before them; intervals from 200 resamples of the accounts",
        "Gutschrift für gewonnene Verkaufschancen nach den Touchpoints davor; Intervalle aus 200 Stichproben der Unternehmen",
    ),
    10,
)
VIEWS = ("credit", "deals", "blind-spots")
COLUMNS = (
    "channel", "model", "deals", "value", "removal_effect", "rank", "rank_low", "rank_high", "rank_differs", "cost",
    "cost_per_deal", "return",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AttributionParams(Params):
    """Filters of `attribution`; the period is about the day the goal was reached (or the journey ended)."""

    by: str = option("what gets the credit", "channel", BY)
    model: tuple[str, ...] = option("models, or all", ("all",))
    unit: str = option("whose path it is: the whole account's, or each person's", "account", ("account", "person"))
    goal: str = option("what the credit is for: won, the first entry into a stage, or the first such touchpoint", "won")
    half_life: float = option("days after which a touch counts half (time_decay)", 30.0)
    own: str | None = option("own shares for first, between and last touch, as 40/20/40")
    lookback: float | None = option("only touches of the last so many days before the goal")
    draws: int = option("resamples; 0 leaves the intervals out", 200)
    view: str = option("credit by channel, each touch of single deals, or what is not seen", "credit", VIEWS)
    deals: int = option("with --view deals: so many deals, the latest first", 50)


def run(tables: Tables, params: AttributionParams) -> Result:
    """The credits of all models."""
    own = own_shares(params.own)
    models = TableOptions(models=params.model, own=own, half_life=params.half_life).chosen()
    found = touch_paths(tables, params, params.by, params.unit, params.goal, params.lookback)
    deals = float(found.units.conversions.sum() + found.untouched[0])
    options = credit.Options(found.direct, params.half_life, own, params.draws)
    if params.view == "blind-spots":
        return _blind_spots(tables, params, found, round(deals))
    credits = credit.attribute(found.coded.paths, found.units, models, options) if len(found.coded.paths) else []
    if params.view == "deals":
        return _of_deals(tables, params, found, models, credits, options, deals)
    spent, costly = costs_of(tables, params, params.by, found.currency)
    rows = _rows(credits, found, deals, spent)
    caveats = [*_caveats(deals, found), *found.caveats, *costly, *spent.left_out(str(row["channel"]) for row in rows)]
    population = {
        "won" if params.goal == "won" else "reached": deals, "value": found.value, "currency": found.currency,
        "lost_or_dormant": float(found.units.nulls.sum()), "without_any_touch": found.untouched[0],
        "nothing_known_before_sales": found.begun_with_sales,
    }  # fmt: skip
    return answer(
        "attribution", RECIPE, COLUMNS, rows, tables, params, caveats, found.query, _drawing(rows), population=population,
        behind=found.behind, journeys=None, headline=_headline(rows, params.goal),
        brief=("channel", "model", "deals", "value", "rank", "cost_per_deal", "return"), holds=_holds(params),
    )  # fmt: skip


def _of_deals(
    tables: Tables, params: AttributionParams, found: TouchPaths, models: list[str], credits: list[credit.Credit],
    options: credit.Options, deals: float,
) -> Result:  # fmt: skip
    """Each touch of the latest deals, with its share of the deal by each model."""
    effects = {one.model: one.removal_effect[0] for one in credits if one.removal_effect is not None}
    rows = deal_credits(tables, found, models, effects, options, params.deals)
    notes = [*_caveats(deals, found), said("Each column is a model; the shares of a deal sum to 1.",
        "Jede Spalte ist ein Modell; die Anteile einer Verkaufschance ergeben 1.")]  # fmt: skip
    if effects:
        notes.append(said("Markov chains know channels, not touches: a deal is shared by the removal effects of its channels.",
            "Markov-Ketten kennen Kanäle, keine Touchpoints: Eine Verkaufschance ist nach dem Wegfall-Effekt ihrer Kanäle geteilt."))  # fmt: skip
    return answer("attribution", RECIPE, (*HEAD, *models), rows, tables, params, notes, found.query, _deals_drawing(rows, models),
        behind=found.behind)  # fmt: skip


def _blind_spots(tables: Tables, params: AttributionParams, found: TouchPaths, deals: int) -> Result:
    """What attribution does not see."""
    rows = blind_spots(tables, params, deals, found.untouched[0], found.begun_with_sales, RECIPE)
    notes = [*_caveats(float(deals), found), said("A stated source counts as seen where a touch of such a channel lies before the win.",
        "Eine genannte Quelle gilt als gesehen, wo ein Touchpoint eines solchen Kanals vor dem Gewinn liegt.")]  # fmt: skip
    return answer("attribution", RECIPE, SPOTS, rows, tables, params, notes, found.query, _spots_drawing(rows), behind=found.behind)


def _records(tables: Tables, params: AttributionParams) -> ir.Table:
    return touches_before(tables, params, params.by, params.goal)


def own_shares(text: str | None) -> tuple[float, float, float] | None:
    """Own weights written as 40/20/40: for the first touch, those between, the last."""
    if text is None:
        return None
    parts = text.replace(",", "/").split("/")
    try:
        first, between, last = (float(part) for part in parts)
    except ValueError:
        raise QuestionFault("own shares are three numbers", f"--own {text}", "For example --own 40/20/40.") from None
    return first, between, last


def _rows(credits: list[credit.Credit], found: TouchPaths, deals: float, spent: Costs) -> list[Row]:
    ranks = np.array([one.rank[0] for one in credits])
    differs = (ranks != ranks[:1]).any(axis=0) if len(credits) > 1 else np.zeros(len(found.coded.channels), bool)
    n = passing(found.coded.paths, found.units.path, found.units.conversions).round().astype(int)
    few = deals < RECIPE.minimum_n
    rows: list[Row] = []
    for one in credits:
        value = whole_cents(float(found.units.value.sum()), one.value[0])
        for place in np.argsort(one.rank[0], kind="stable"):
            name = found.coded.channels[place]
            row: Row = {
                "channel": name, "model": one.model,
                "deals": too_few(int(deals)) if few else _interval(one.conversions[:, place], None, int(n[place])),
                "value": too_few(int(deals)) if few else _interval(one.value[:, place], float(value[place]), int(n[place])),
                "removal_effect": None,
                **({} if few else _rank(one, int(place), bool(differs[place]))),
            }  # fmt: skip
            if one.removal_effect is not None:
                effect = one.removal_effect[:, place]
                row["removal_effect"] = too_few(int(deals)) if few else _interval(effect, None, int(n[place]))
            rows.append(row | spent.beside(name, row["deals"], row["value"]))
        if found.untouched[0]:
            rows.append({"channel": NO_TOUCH, "model": one.model, **_blind(found, few, int(deals))})
    return rows


def _rank(one: credit.Credit, place: int, differs: bool) -> Row:
    """The rank by credit, and where it lies over the resamples; too few deals have no order."""
    return {
        "rank": round(float(one.rank[0, place])), "rank_low": number(one.rank[1, place]), "rank_high": number(one.rank[2, place]),
        "rank_differs": differs,
    }  # fmt: skip


def _blind(found: TouchPaths, few: bool, deals: int) -> Row:
    if few:
        return {"deals": too_few(deals), "value": too_few(deals)}
    count, value = found.untouched
    return {"deals": Figure(count, count, count, int(count)), "value": Figure(value, value, value, int(count))}


def _interval(part: Any, shown: float | None, n: int) -> Figure:
    value = float(part[0]) if shown is None else shown
    low, high = number(part[1]), number(part[2])
    if low is None or high is None:
        return Figure(value, n=n)
    return Figure(value, min(low, value), max(high, value), n)


def _caveats(deals: float, found: TouchPaths) -> list[str]:
    notes: list[str] = []
    if not deals:
        notes.append(said("Nothing was won in this population and period, so there is nothing to give credit for.",
            "In dieser Auswahl und diesem Zeitraum wurde nichts gewonnen, also gibt es nichts gutzuschreiben."))  # fmt: skip
    elif deals < RECIPE.minimum_n:
        notes.append(said("Too few: {n} won journeys; at least {few} are needed.",
            "Zu wenige: {n} gewonnene Journeys; mindestens {few} sind nötig.", n=round(deals), few=RECIPE.minimum_n))  # fmt: skip
    if found.untouched[0]:
        notes.append(said("{n} won journeys have no tracked touch; they stand under {none}.",
            "{n} gewonnene Journeys haben keinen erfassten Touchpoint; sie stehen unter {none}.",
            n=round(found.untouched[0]), none=NO_TOUCH))  # fmt: skip
    if found.coded.folded:
        notes.append(said("The {n} rarest are shown together as (other).", "Die {n} seltensten sind als (other) zusammengefasst.",
            n=found.coded.folded))  # fmt: skip
    if len(found.coded.channels) == 1 and deals:
        notes.append(said("There is one channel only: every model gives it everything.",
            "Es gibt nur einen Kanal: Jedes Modell schreibt ihm alles gut."))  # fmt: skip
    return notes


def _deals_drawing(rows: list[Row], models: list[str]) -> dict[str, Any]:
    """The touches of each deal on the way to it, as large as their credit by the first model."""
    shown = list(dict.fromkeys(row["journey_id"] for row in rows))[:25]
    flat = [{**row, "deal": row["account"] or row["journey_id"], "credit": row[models[0]]} for row in rows if row["journey_id"] in shown]
    return draw.chart(
        "Credit of each touch of the latest deals", flat,
        {"Credit of each touch of the latest deals": "Gutschrift jedes Touchpoints der letzten Verkaufschancen",
         "Days before the win": "Tage vor dem Gewinn", "Credit": "Gutschrift"},
        mark={"type": "point", "filled": True, "opacity": 0.8, "stroke": "white"}, width=460, height={"step": 20},
        encoding={
            "y": {"field": "deal", "type": "nominal", "title": None, "sort": None},
            "x": {"field": "days_before_goal", "type": "quantitative", "title": "Days before the win", "sort": "descending"},
            "size": {"field": "credit", "type": "quantitative", "title": "Credit", "scale": {"range": [8, 260]}},
            "color": {"field": "channel", "type": "nominal", "title": "Channel"},
            "shape": {"field": "channel", "type": "nominal", "title": "Channel"},
        },
    )  # fmt: skip


def _spots_drawing(rows: list[Row]) -> dict[str, Any]:
    """Shares that are not seen."""
    flat = [{**row, "label": row["source"] or row["kind_of_spot"]} for row in rows]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None}
    return draw.chart(
        "What attribution does not see", flat,
        {"What attribution does not see": "Was die Attribution nicht sieht", "no tracked touch": "kein erfasster Kontakt",
         "sales contact is the first touch": "Vertrieb ist der erste Kontakt", "events without consent": "Ereignisse ohne Einwilligung",
         "stated source not on the path": "genannte Quelle nicht auf dem Weg"},
        width=draw.WIDE, layer=draw.intervals("share", "x", "Share", {"domain": [0, 1]}, ".0%", y=y),
    )  # fmt: skip


def _holds(params: AttributionParams) -> dict[str, str]:
    """The first column is what gets the credit; with another goal than winning, what is credited are the journeys that reached it."""
    return {"channel": params.by} if params.goal == "won" else {"channel": params.by, "deals": "reached"}


def _headline(rows: list[Row], goal: str) -> list[tuple[str, Figure | int]]:
    """What most deals are owed to, by Markov's model or the first that was asked for."""
    models = {row["model"] for row in rows}
    if not rows:
        return []
    model = "markov1" if "markov1" in models else rows[0]["model"]
    top = max((row for row in rows if row["model"] == model), key=lambda row: row["deals"].value or 0.0)
    named = {"what": str(top["channel"]), "model": model}
    if goal != "won":
        text = said("journeys that reached {goal} owe it to: {what} ({model})", "Journeys, die {goal} erreichten, verdanken es: {what} ({model})", goal=goal, **named)
    else:
        text = said("won deals are owed to: {what} ({model})", "gewonnene Verkaufschancen sind zu verdanken: {what} ({model})", **named)
    return [(text, replace(top["deals"], unit="count"))]


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Credit by channel and model; beneath it, where costs are known, what a deal cost and what came back."""
    title = "Credit for won deals by model"
    credits = paths_table.drawing([{**row, "conversions": row["deals"]} for row in rows])
    german = credits["usermeta"]["words"]["de"] | {title: "Gutschrift für gewonnene Verkaufschancen je Modell"}
    named = {**credits["title"], "text": title} if isinstance(credits["title"], dict) else title
    costs = _costs_drawn(rows, german)
    if not costs:
        return {**credits, "title": named, "usermeta": {"words": {"de": german}}}
    cells = {name: part for name, part in credits.items() if name not in ("$schema", "title", "usermeta")}
    return {**draw.chart(title, [], german, vconcat=[cells, costs], spacing=28), "title": named}


def _costs_drawn(rows: list[Row], german: dict[str, str]) -> dict[str, Any]:
    """Cost per deal and return of the channels that cost something, by Markov's model or the first; nothing without costs."""
    models = [row["model"] for row in rows]
    model = "markov1" if "markov1" in models else next(iter(models), "")
    known = [row for row in rows if row["model"] == model and isinstance(row.get("cost_per_deal"), Figure) and row["cost_per_deal"].value is not None]
    if not known:
        return {}
    named = paths_table.GERMAN_MODELS.get(model.replace("_", " "), model)
    sides = []
    for name, english, said_german, form in (("cost_per_deal", "Cost per deal", "Kosten je Verkaufschance", ",.0f"), ("return", "Return per cost", "Ertrag je Kosten", ",.1f")):
        heading = f"{english} ({model.replace('_', ' ').replace('markov', 'Markov ')})"
        german |= {english: said_german, heading: f"{said_german} ({named})"}
        y = {"field": "channel", "type": "nominal", "title": None, "sort": [row["channel"] for row in known]}
        values = [draw.spread({"channel": row["channel"], name: row[name]}) for row in known]
        layers = draw.intervals(name, "x", english, {"zero": True, "nice": True}, form, y=y)
        sides.append({"title": {"text": heading, "fontSize": 12}, "data": {"values": values}, "width": 250, "layer": layers})
    title = "What a won deal cost, and what came back"
    german |= {title: "Was eine gewonnene Verkaufschance kostete und was zurückkam"}
    return {"title": title, "hconcat": sides, "spacing": 40}


QUESTION_DE = "Welchen Kanälen, Touchpoints, Kampagnen oder Inhalten eine gewonnene Verkaufschance zu verdanken ist, nach elf Modellen nebeneinander."
ANALYSIS = Analysis("attribution", "Attribution", "Attribution", RECIPE, AttributionParams, run, __doc__, QUESTION_DE, _records)
