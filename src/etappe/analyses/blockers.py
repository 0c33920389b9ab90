"""After what clearly more journeys end than comparable ones do.

**Question.** After which touchpoint, which wait, which piece of content, or with which role missing do more
journeys end (lost or fallen asleep) than should, and what is at stake?

**Answer.** One row a finding: stage and thing, risk ratio with interval, adjusted p-value, how many journeys
met it, how often they ended after it and how often they would have at the rate of the others, the open
journeys that have met it now, and their deal value. `--all` shows every comparison, the clear ones first.

**How.** Each day on which a journey was active in a stage either was its last (it was lost, or silent for
good after it) or not. Days by which the thing had been met in this stage are compared with days by which it
had not, of the same stage and segment, about as many days in the stage and about as many steps so far, known
by name or not; the tables are pooled (Mantel-Haenszel risk ratio, Greenland-Robins interval,
Cochran-Mantel-Haenszel test, corrected for the skewness of rare ends). "Expected" is what ended by that ratio. Many things are compared at once, so p-values are adjusted
(Benjamini-Hochberg, for harm only): of what is shown as clear, at most three in a hundred are chance. What is
met together with a stronger blocker of the same stage is compared again among journeys that have not met that
one, so that it does not inherit its effect.

The segment is held equal in the stages where it is known of at least 90 % of the journeys: of those that ended
there, and of the others. Early on many accounts get into the CRM, and with it a segment, only because they got
on; those without one are then mostly the ones that ended, and to compare them among themselves would be to compare
the ended with the ended. The answer names the stages where it is not held equal.

**Assumes.** Journeys of one stage and segment, equally long and equally active in it, are comparable. Forms,
sign-ins, chats and answers are not compared: they are what makes an account known, and journeys without them
are seen less.

**Does not say.** That the thing causes the loss: it is an association. A price page may drive buyers away, or
be what those look at who are leaving anyway. That a thing does no harm: who met it unseen (no consent, another
device) stands among those without it, which draws every ratio towards 1.

**Example.** `etappe show blockers --kind first_purchase`; `etappe show blockers --sort content`

**Source.** N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748; S. Greenland, J. M. Robins,
Biometrics 41 (1985) 55-68; Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, figure
from etappe.analyses.exposure import (
    ANY,
    ENDED,
    HEARTBEAT,
    IDENTIFYING,
    MOVED,
    Compared,
    Strata,
    compared,
    counted,
    family_of,
    first_met,
    merged,
    met_with_codes,
    own_acts,
    visit_days,
    with_codes,
    with_people,
)
from etappe.analyses.maths.bounds import Floats, benjamini_hochberg
from etappe.analyses.money import main_currency
from etappe.analyses.population import filtered, in_period, journeys_of
from etappe.words.kinds import ROLES
from etappe.words.result import Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "blockers",
    2,
    said(
        "risk of ending after a thing against comparable journeys without it: same stage, days and steps so far, and same "
        "segment where it is known",
        "Risiko zu enden nach etwas, gegen vergleichbare Journeys ohne es: gleiche Phase, bisher gleich viele Tage und Schritte, "
        "und gleiches Segment, wo es bekannt ist",
    ),
    10,
)
COLUMNS = (
    "stage", "journey_kind", "sort", "thing", "from_day", "risk_ratio", "adjusted_p", "clear", "met", "ended", "expected", "excess",
    "open_now", "value_at_stake",
)  # fmt: skip
SORTS = ("touchpoint", "wait", "missing role", "content")
DEFAULT = SORTS[:3]  # pages are mostly the same as their touchpoints, and would only add comparisons
WAITS = (14, 30)
LEVEL = 0.03
MOST_THINGS = 300
LEAST_ENDS = 12.0  # expected ends under "no difference": of fewer not even a doubling would be clear
ROUNDS = 3
ABSENT = ("missing role",)
ROLES_DE = {
    "initiator": "Initiator", "user": "Anwender", "influencer": "Beeinflusser", "decider": "Entscheider", "buyer": "Einkäufer",
    "gatekeeper": "Gatekeeper",
}  # fmt: skip
LATER = " a week on"
LAG_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class BlockersParams(Params):
    """Filters of `blockers`; the period is about the day a stage was entered."""

    sort: tuple[str, ...] = option("what is looked at: touchpoint, wait, missing role, content", DEFAULT)
    all: bool = option("show every comparison, not only the clear ones", False)
    limit: int = option("at most so many rows", 50)


def run(tables: Tables, params: BlockersParams) -> Result:
    """The blockers, strongest first."""
    journeys = journeys_of(tables, params, moment=None)
    units = tables.engine.keep("visit_days", with_codes(visit_days(tables, journeys, params)))
    met = tables.engine.keep("met", met_with_codes(_later(_met(tables, journeys, params))))
    try:
        return _answer(tables, params, journeys, units, met)
    finally:
        tables.engine.drop(units)
        tables.engine.drop(met)


def _answer(tables: Tables, params: BlockersParams, journeys: ir.Table, units: ir.Table, met: ir.Table) -> Result:
    strata = _strata(tables, units, met)
    found = compared(strata, ENDED, ABSENT)
    tested, adjusted = _adjusted(found)
    clear = tested & (adjusted <= LEVEL) & (found.ratio.low > 1)
    clear, dropped = _independent(tables, units, met, strata, found, clear)
    order = np.lexsort((_rank(strata, found), _strength(found), ~clear))
    shown = [int(k) for k in order if clear[k] or (params.all and tested[k])][: params.limit]
    rows = [_row(strata, found, adjusted, bool(clear[k]), k) for k in shown]
    caveats = _caveats(int(tested.sum()), int(clear.sum()), dropped, _unmatched(tables, units))
    if rows:
        currency, apart = main_currency(tables.engine, journeys.filter(journeys.outcome == "open"))
        _add_stakes(tables, journeys, params, rows, currency)
        caveats += apart
    return answer(
        "blockers", RECIPE, COLUMNS, rows, tables, params, caveats, visit_days(tables, journeys, params), drawing(rows),
        journeys, lambda: _behind(tables, journeys, params, rows),
        brief=("stage", "sort", "thing", "risk_ratio", "clear", "met", "ended", "expected", "open_now", "value_at_stake"),
    )  # fmt: skip


def _strata(tables: Tables, units: ir.Table, met: ir.Table, journeys: bool = True) -> Strata:
    """Everything counted; roles among visit days with equally many people known."""
    role = met.sort.isin([*ABSENT, *(name + LATER for name in ABSENT)])
    plain = counted(tables, units, met.filter(~role), journeys)
    roles = met.filter(role)
    if not tables.engine.count(roles):
        return plain
    days = units.drop("stay", "cell", "n", ENDED, MOVED)
    known = tables.engine.keep("with_people", with_codes(with_people(tables, days)))
    try:
        return merged(plain, counted(tables, known, roles, journeys))
    finally:
        tables.engine.drop(known)


def _later(met: ir.Table) -> ir.Table:
    """Every thing twice: from the moment it was met, and from a week after (what works slowly is diluted
    else).
    """
    lag = ibis.interval(days=LAG_DAYS)
    slow = met.filter(~met.sort.isin(ABSENT))
    return ibis.union(met, slow.mutate(sort=slow.sort + LATER, met_at=slow.met_at + lag).select(met.columns))


def _base(sort: str) -> str:
    return sort.removesuffix(LATER)


def _met(tables: Tables, journeys: ir.Table, params: BlockersParams) -> ir.Table:
    """When each stay first met each thing; roles count from the moment they were there."""
    known = tables.steps.filter(tables.steps.kind.isin(IDENTIFYING)).select("content").distinct()
    steps = own_acts(tables.steps.filter(~tables.steps.kind.isin((*IDENTIFYING, *HEARTBEAT)).fill_null(False)))
    steps = steps.select("journey_id", "visit_no", "happened_at", "touchpoint", "content", "wait_before")
    if filtered(params):
        steps = steps.semi_join(journeys, "journey_id")
    parts = []
    wanted = set(params.sort)
    head = ("journey_id", "visit_no", "happened_at")
    if "touchpoint" in wanted:
        parts.append(_frequent(steps.select(*head, sort=ibis.literal("touchpoint"), thing=steps.touchpoint)))
    if "content" in wanted:
        some = steps.filter(steps.content.notnull()).anti_join(known, "content")
        parts.append(_frequent(some.select(*head, sort=ibis.literal("content"), thing=some.content)))
    for days in WAITS if "wait" in wanted else ():
        late = steps.filter(steps.wait_before >= days)
        parts.append(late.select(*head, sort=ibis.literal("wait"), thing=ibis.literal(f"wait of {days} days")))
    found = [first_met(ibis.union(*parts) if len(parts) > 1 else parts[0])] if parts else []
    if "missing role" in wanted:
        found.append(_roles(tables, journeys, params))
    return ibis.union(*found) if len(found) > 1 else found[0]


def _frequent(part: ir.Table) -> ir.Table:
    """Only the most frequent things: rare ones can show nothing, and a hundred thousand would fill the
    memory.
    """
    counts = part.group_by("thing").agg(n=part.count())
    return part.semi_join(counts.order_by([counts.n.desc(), counts.thing]).limit(MOST_THINGS), "thing")


def _roles(tables: Tables, journeys: ir.Table, params: Params) -> ir.Table:
    """Since when each role has been there, for each stay."""
    center = tables.buying_center.filter(
        tables.buying_center.role.isin(ROLES) & tables.buying_center.first_at.notnull()
    )
    came = center.group_by("journey_id", "role").agg(met_at=center.first_at.min())
    stays = in_period(tables.stage_visits, "entered_at", params).semi_join(journeys, "journey_id")
    joined = stays.select("journey_id", "visit_no").inner_join(came, "journey_id")
    return joined.select(
        "journey_id", "visit_no", sort=ibis.literal("missing role"), thing=joined.role, met_at=joined.met_at
    )


def _adjusted(found: Compared) -> tuple[Any, Floats]:
    """Which comparisons have enough behind them to be made, and their adjusted p-values."""
    fair = (found.journeys >= RECIPE.minimum_n) & (found.met >= RECIPE.minimum_n) & (found.others >= RECIPE.minimum_n)
    fair &= (found.chance >= LEAST_ENDS) & ~np.isnan(found.p_more)
    return fair, benjamini_hochberg(np.where(fair, found.p_more, np.nan))


def _independent(
    tables: Tables, units: ir.Table, met: ir.Table, strata: Strata, found: Compared, clear: Any
) -> tuple[Any, list[str]]:
    """Keeps what stays clear among journeys without the strongest findings of its stage; names of what does
    not.
    """
    kept, dropped = clear.copy(), []
    for stage in np.unique(found.stage[clear]):
        here = np.flatnonzero(clear & (found.stage == stage))
        waiting = [int(k) for k in here[np.lexsort((_rank(strata, found)[here], _strength(found)[here]))]]
        leaders: list[int] = []
        while len(waiting) > 1 and len(leaders) < ROUNDS:
            leaders.append(waiting.pop(0))
            asked = met.filter(met.what.isin([strata.codes[found.thing[k]] for k in waiting]))
            again = _without(tables, units, met, asked, strata, [int(found.thing[k]) for k in leaders], int(stage))
            still = [k for k in waiting if again.get(strata.things[found.thing[k]], 1.0) <= LEVEL]
            lost = [k for k in waiting if k not in still]
            kept[lost] = False
            led = {strata.things[found.thing[k]][1] for k in leaders}  # the same thing a week on is no other finding
            dropped += [_words(*strata.things[found.thing[k]]) for k in lost if strata.things[found.thing[k]][1] not in led]
            waiting = still
    return kept, dropped


def _strength(found: Compared) -> Floats:
    """log p, so coarse that the same journeys counted in another order come out the same."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.round(np.log(found.p_more), 6), float)


def _rank(strata: Strata, found: Compared) -> Floats:
    """Of two findings that are the same journeys (a page and its content) the touchpoint comes first."""
    return np.array(
        [
            SORTS.index(_base(strata.things[thing][0])) + 0.5 * strata.things[thing][0].endswith(LATER)
            for thing in found.thing
        ],
        float,
    )


def _without(
    tables: Tables, units: ir.Table, met: ir.Table, asked: ir.Table, strata: Strata, leaders: list[int], stage: int
) -> dict[tuple[str, str], float]:
    """p-value of each thing asked for in a stage, on the visit days by which none of the leading findings had been met."""
    kind, name = strata.stages[stage]
    mine = units.filter((units.family == kind) & (units.stage == name))
    for sort, thing in (strata.things[number] for number in leaders):
        one = met.filter((met.sort == sort) & (met.thing == thing)).select("stay", led_at="met_at")
        joined = mine.left_join(one, "stay").select(*mine.columns, "led_at")
        had = (joined.led_at <= joined["at"]).fill_null(False)
        mine = joined.filter(had if sort in ABSENT else ~had).drop("led_at")
    mine = tables.engine.keep("without", mine)
    try:
        again = _strata(tables, mine, asked, journeys=False)
    finally:
        tables.engine.drop(mine)
    recount = compared(again, ENDED, ABSENT)
    return {again.things[recount.thing[k]]: float(p) for k, p in enumerate(recount.p_more) if not np.isnan(p)}


def _words(sort: str, thing: str) -> str:
    return f"no {thing}" if sort in ABSENT else thing


def _row(strata: Strata, found: Compared, adjusted: Floats, clear: bool, k: int) -> Row:
    kind, stage = strata.stages[found.stage[k]]
    sort, thing = strata.things[found.thing[k]]
    ratio = found.ratio
    ended, expected = float(found.happened[k]), float(found.expected[k])
    return {
        "stage": stage, "journey_kind": kind, "sort": _base(sort), "thing": thing,
        "from_day": LAG_DAYS if sort.endswith(LATER) else 0,
        "risk_ratio": figure(ratio.value[k], ratio.low[k], ratio.high[k], int(found.met[k]), RECIPE),
        "adjusted_p": float(adjusted[k]) if not np.isnan(adjusted[k]) else None, "clear": clear,
        "met": int(found.journeys[k]), "ended": int(ended), "expected": round(expected, 1),
        "excess": round(ended - expected, 1),
    }  # fmt: skip


def _now(tables: Tables, journeys: ir.Table, params: BlockersParams, currency: str | None) -> ir.Table:
    """Open journeys in the stage they are in now: journey_id, visit_no, stage, account_id, family, deal_value."""
    visits = in_period(tables.stage_visits, "entered_at", params)
    visits = visits.filter(visits.left_at.isnull()).select("journey_id", "visit_no", "stage")
    still = journeys.filter(journeys.outcome == "open")
    value = (still.currency == (currency or "")).fill_null(False).ifelse(still.deal_value, 0.0)
    still = still.select("journey_id", "account_id", deal_value=value, family=family_of(still.kind))
    return visits.inner_join(still, "journey_id")


def _add_stakes(tables: Tables, journeys: ir.Table, params: BlockersParams, rows: list[Row], currency: str | None) -> None:
    """Open journeys that are in the stage now and have met the thing, with the value of their deals."""
    now = _now(tables, journeys, params, currency)
    joined = _met(tables, journeys, params).inner_join(now, ["journey_id", "visit_no"])
    joined = joined.filter(joined.thing.isin([row["thing"] for row in rows]))
    counts = joined.group_by("family", "stage", "sort", "thing").agg(
        open_now=joined.count(), value=joined.deal_value.sum()
    )
    whole = now.group_by("family", "stage").agg(open_now=now.count(), value=now.deal_value.sum())
    stakes = {(row["family"], row["stage"], row["sort"], row["thing"]): row for row in tables.engine.rows(counts)}
    every = {(row["family"], row["stage"]): row for row in tables.engine.rows(whole)}
    for row in rows:
        stake = stakes.get((row["journey_kind"], row["stage"], row["sort"], row["thing"]), {})
        number, value = int(stake.get("open_now") or 0), float(stake.get("value") or 0.0)
        if row["sort"] in ABSENT:  # at stake are those without the role
            all_now = every.get((row["journey_kind"], row["stage"]), {})
            number = int(all_now.get("open_now") or 0) - number
            value = float(all_now.get("value") or 0.0) - value
        row["open_now"], row["value_at_stake"] = number, round(value, 2)


def _behind(tables: Tables, journeys: ir.Table, params: BlockersParams, rows: list[Row]) -> ir.Table:
    """The accounts behind: visit days that were the last after meeting a finding, newest first."""
    units = visit_days(tables, journeys, params)
    met = _met(tables, journeys, params)
    clear = [row for row in rows if row["clear"]] or rows
    joined = met.filter(met.thing.isin([row["thing"] for row in clear])).inner_join(units, ["journey_id", "visit_no"])
    joined = joined.filter(joined.stage.isin([row["stage"] for row in clear]) & (joined.how == ENDED))
    shown = joined.filter(joined.met_at <= joined["at"])
    names = tables.built["resolved_accounts"].select("account_id", account="name")
    named = shown.left_join(names, "account_id").select(
        "account", "account_id", "journey_id", "kind", "segment", "stage", "sort", "thing", "met_at", last_at=shown["at"],
        outcome=shown.outcome, deal_value=shown.deal_value,
    )  # fmt: skip
    return named.order_by([named.last_at.desc(), named.journey_id, named.thing])


def _unmatched(tables: Tables, units: ir.Table) -> list[str]:
    """The stages in which segments are not held equal."""
    stages = units.filter(units.segment == ANY).select("stage").distinct()
    return sorted(row["stage"] for row in tables.engine.rows(stages))


def _caveats(tested: int, clear: int, dropped: list[str], unmatched: list[str]) -> list[str]:
    notes = [said("{tested} comparisons had enough journeys; {clear} are clear. An association, not a cause.",
        "{tested} Vergleiche hatten genug Journeys; {clear} sind deutlich. Ein Zusammenhang, keine Ursache.",
        tested=tested, clear=clear)]  # fmt: skip
    if not tested:
        notes = [said("Too few journeys ended to compare anything.",
            "Zu wenige Journeys sind zu Ende, um etwas zu vergleichen.")]  # fmt: skip
    elif not clear:
        notes.append(said("Nothing stands out: no comparison is clearer than chance would make it.",
            "Nichts sticht heraus: Kein Vergleich ist deutlicher, als es der Zufall erklärt."))  # fmt: skip
    if dropped:
        notes.append(said("Explained by a stronger finding of the same stage: {things}.",
            "Erklärt durch einen stärkeren Befund derselben Phase: {things}.", things=sorted(set(dropped))))  # fmt: skip
    if unmatched:
        notes.append(said("Not matched on the segment, which is known of too few or mostly of those that got on: {stages}.",
            "Nicht nach Segment abgeglichen, da es von zu wenigen oder vor allem von den Vorangekommenen bekannt ist: {stages}.",
            stages=unmatched))  # fmt: skip
    return list(notes)


def drawing(rows: list[Row]) -> dict[str, Any]:
    """Risk ratios on a log axis; 1 is no difference; hollow where it is not clear."""
    flat = [
        {**row, "clear": draw.CLEAR[row["clear"]], "label": f"{_words(row['sort'], row['thing'])} · {row['stage']}" + (f" · ≥ {row['from_day']} d" if row["from_day"] else "")}
        for row in rows[: draw.MOST_ROWS]
    ]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 320}}
    layers = draw.clear_or_not(draw.intervals("risk_ratio", "x", "Risk ratio", {"type": "log"}, y=y))
    for layer in layers:
        layer["encoding"]["x"]["axis"] = {"values": draw.RATIOS, "format": "~g"}
    line = {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "#667085"}, "encoding": {"x": {"datum": 1}}}
    return draw.chart(
        "Blockers: after what clearly more journeys end", flat,
        {"Blockers: after what clearly more journeys end": "Blocker: wonach deutlich mehr Journeys enden",
         "Risk ratio": "Risikoverhältnis", **{f"no {role}": f"kein {german}" for role, german in ROLES_DE.items()}},
        width=400, layer=[line, *layers],
    )  # fmt: skip


QUESTION_DE = "Wonach deutlich mehr Journeys enden als vergleichbare."
ANALYSIS = Analysis("blockers", "Blockers", "Conversion-Blocker", RECIPE, BlockersParams, run, __doc__, QUESTION_DE)
