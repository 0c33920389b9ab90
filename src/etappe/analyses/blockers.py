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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, figure
from etappe.analyses.exposure import (
    ENDED,
    HEARTBEAT,
    IDENTIFYING,
    LAG_DAYS,
    LATER,
    Compared,
    Days,
    Stays,
    Strata,
    compared,
    counted,
    days_of,
    merged,
    own_acts,
    people_cells,
    stated_roles,
    stays_of,
    visit_days,
    without,
)
from etappe.analyses.maths.bounds import Floats, Ints, benjamini_hochberg
from etappe.analyses.maths.meetings import Flags, Pairs, paired
from etappe.analyses.met import ByWay, Met, first_met
from etappe.analyses.money import main_currency
from etappe.analyses.population import journeys_of, named_accounts, of_period
from etappe.analyses.stakes import add_stakes, without_deals
from etappe.analyses.ways import own
from etappe.tables.engine import clearing
from etappe.words.kinds import ROLES
from etappe.words.result import Figure, Recipe, Result, Row
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
_WAITED = {f"wait of {days} days": float(days) for days in (14, 30)}
# Made for three false finds in a hundred: in sample companies that went through the whole pipeline, p-values under 0.001
# are three times as frequent as they should be where nothing differs (what is not held equal scatters, too).
LEVEL = 0.01
MOST_THINGS = 300
LEAST_ENDS = 12.0  # expected ends under "no difference": of fewer not even a doubling would be clear
ROUNDS = 3
DAY_MICROSECONDS = 86_400_000_000
ABSENT = ("missing role",)
ROLES_DE = {
    "initiator": "Initiator", "user": "Anwender", "influencer": "Beeinflusser", "decider": "Entscheider", "buyer": "Einkäufer",
    "gatekeeper": "Gatekeeper",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BlockersParams(Params):
    """Filters of `blockers`; the period is about the day a stage was entered."""

    sort: tuple[str, ...] = option("what is looked at: touchpoint, wait, missing role, content", DEFAULT)
    all: bool = option("show every comparison, not only the clear ones", False)
    limit: int = option("at most so many rows", 50)


def run(tables: Tables, params: BlockersParams) -> Result:
    """The blockers, strongest first."""
    journeys = journeys_of(tables, params, moment=None)
    stays = stays_of(tables, journeys, params)
    with clearing(tables.engine):
        exposed = _exposed(tables, stays.held(tables.engine), params)
    strata = _strata(exposed, exposed.met.names)
    found = compared(strata, ABSENT)
    tested, adjusted = _adjusted(found)
    clear = tested & (adjusted <= LEVEL) & (found.ratio.low > 1)
    clear, dropped = _independent(exposed, strata, found, clear)
    order = np.lexsort((_rank(strata, found), _strength(found), ~clear))
    shown = [int(k) for k in order if clear[k] or (params.all and tested[k])][: params.limit]
    rows = [_row(strata, found, adjusted, bool(clear[k]), k) for k in shown]
    caveats = _caveats(int(tested.sum()), int(clear.sum()), dropped, exposed.days.unfair)
    if rows:
        currency, apart = main_currency(tables.engine, journeys.filter(journeys.outcome == "open"))
        add_stakes(tables, journeys, params, exposed.met, rows, currency, ABSENT)
        caveats += [*apart, *tables.money_told(), *without_deals(rows)]
    return answer(
        "blockers", RECIPE, COLUMNS, rows, tables, params, caveats, lambda: visit_days(stays), drawing(rows),
        of_period(journeys, tables.stays, "entered_at", params), lambda: _behind(tables, journeys, params, rows),
        brief=("stage", "sort", "thing", "risk_ratio", "clear", "met", "ended", "expected", "open_now", "value_at_stake"), headline=_headline(rows),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Exposed:
    """Visit days with what was met by then: things, and roles among visit days (`known`) with equally many people known."""

    met: Met
    days: Days
    things: Pairs
    known: Flags
    matched: Days
    roles: Pairs

    def only(self, codes: Iterable[int]) -> _Exposed:
        """The same, of some things by their numbers."""
        wanted = np.zeros(1 + max(self.met.names, default=0), bool)
        wanted[list(codes)] = True
        return replace(self, things=self.things.where(wanted[self.things.thing]), roles=self.roles.where(wanted[self.roles.thing]))


def _exposed(tables: Tables, stays: Stays, params: BlockersParams) -> _Exposed:
    days, met = days_of(tables, stays), _met(tables, stays, params)
    plain, roles = met.of(ABSENT, others=True), met.of(ABSENT)
    known, matched = people_cells(tables, stays, days) if roles.names else (np.zeros(len(days.at), bool), days)
    things, absent = (paired(days.stay, days.at, part.stay, part.at, part.what, LAG_DAYS * DAY_MICROSECONDS) for part in (plain, roles))
    return _Exposed(met, days, things, known, matched, absent)


def _strata(exposed: _Exposed, names: Mapping[int, tuple[str, str]], some: Flags | None = None, journeys: bool = True) -> Strata:
    """Everything counted, or some things on some of the visit days; roles among those with equally many people known."""
    plain = {code: name for code, name in names.items() if name[0] not in ABSENT}
    things = counted(exposed.days, exposed.things, plain, ENDED, True, some, journeys)
    if len(plain) == len(names):
        return things
    roles = {code: name for code, name in names.items() if name[0] in ABSENT}
    known = exposed.known if some is None else exposed.known & some
    return merged(things, counted(exposed.matched, exposed.roles, roles, ENDED, False, known, journeys))


def _base(sort: str) -> str:
    return sort.removesuffix(LATER)


def _met(tables: Tables, stays: Stays, params: BlockersParams) -> Met:
    """When each of the stays first met each thing; roles count from the moment they were there."""
    parts: dict[str, ir.Table | ByWay] = {}
    wanted = set(params.sort)
    if "touchpoint" in wanted:
        met = tables.touches.semi_join(stays.table, "stay") if stays.some else tables.touches
        ways = {row["way"]: row["touchpoint"] for row in tables.engine.rows(tables.touch_ways) if _by_the_account(row)}
        parts["touchpoint"] = ByWay(met.select("stay", "way", "steps", met_at=met.first_at), ways)
    if "content" in wanted:
        rows = tables.engine.rows(tables.use_ways)
        known = {row["content"] for row in rows if row["kind"] in IDENTIFYING}
        used = tables.uses.semi_join(stays.table, "stay") if stays.some else tables.uses
        ways = {row["way"]: row["content"] for row in rows if _by_the_account(row) and row["content"] not in known}
        parts["content"] = ByWay(used.select("stay", "way", "steps", met_at=used.first_at), ways)
    if "wait" in wanted:
        parts["wait"] = _waits(tables, stays)
    if "missing role" in wanted:
        parts["missing role"] = _roles(tables, stays.table)
    return first_met(tables, parts, MOST_THINGS, {"wait": list(_WAITED), "missing role": ROLES}, ABSENT)


def _by_the_account(way: Row) -> bool:
    """Whether it is the account's own doing, without what makes it known."""
    return own(way) and way["kind"] not in (*IDENTIFYING, *HEARTBEAT)


def _waits(tables: Tables, stays: Stays) -> ir.Table:
    """Acts after a long wait; one after a month is one after two weeks, too."""
    late = own_acts(tables.long_waits.semi_join(stays.table, "stay") if stays.some else tables.long_waits)
    late = late.filter(~late.kind.isin((*IDENTIFYING, *HEARTBEAT)).fill_null(False))
    return ibis.union(*(late.filter(late["days"] >= least).select("stay", thing=ibis.literal(name), met_at="happened_at") for name, least in _WAITED.items()))


def _roles(tables: Tables, stays: ir.Table) -> ir.Table:
    """Since when each role has been there, for each stay."""
    center = tables.buying_center.filter(
        tables.buying_center.role.isin(ROLES) & tables.buying_center.first_at.notnull()
    )
    came = center.group_by("journey_id", "role").agg(met_at=center.first_at.min())
    joined = stays.select("stay", "journey_id").inner_join(came, "journey_id")
    return joined.select("stay", "met_at", thing=joined.role)


def _adjusted(found: Compared) -> tuple[Any, Floats]:
    """Which comparisons have enough behind them to be made, and their adjusted p-values."""
    fair = (found.journeys >= RECIPE.minimum_n) & (found.met >= RECIPE.minimum_n) & (found.others >= RECIPE.minimum_n)
    fair &= (found.chance >= LEAST_ENDS) & ~np.isnan(found.p_more)
    return fair, benjamini_hochberg(np.where(fair, found.p_more, np.nan))


def _independent(exposed: _Exposed, strata: Strata, found: Compared, clear: Any) -> tuple[Any, list[str]]:
    """Keeps what stays clear among journeys without the strongest findings of its stage; names of what does
    not.
    """
    kept, dropped = clear.copy(), []
    waiting = {}
    for stage in np.unique(found.stage[clear]):
        here = np.flatnonzero(clear & (found.stage == stage))
        waiting[int(stage)] = [int(k) for k in here[np.lexsort((_rank(strata, found)[here], _strength(found)[here]))]]
    # What is asked for again and again are the pairs of few things.
    exposed = exposed.only({strata.codes[found.thing[k]] for rest in waiting.values() if len(rest) > 1 for k in rest})
    led: dict[int, set[str]] = {stage: set() for stage in waiting}
    left = np.ones(len(exposed.days.at), bool)
    for _ in range(ROUNDS):
        # Of every stage the next finding leads at once: one pass over the visit days a round, not one a stage.
        leaders = {stage: rest.pop(0) for stage, rest in waiting.items() if len(rest) > 1}
        if not leaders:
            break
        left = without(exposed.days, left, [_leader(exposed, strata, found, k, stage) for stage, k in leaders.items()])
        asked = {strata.codes[found.thing[k]] for stage in leaders for k in waiting[stage]}
        again = _risks(exposed, left, asked)
        for stage, leader in leaders.items():
            led[stage].add(strata.things[found.thing[leader]][1])  # the same thing a week on is no other finding
            still = [k for k in waiting[stage] if again.get((stage, strata.things[found.thing[k]]), 1.0) <= LEVEL]
            lost = [k for k in waiting[stage] if k not in still]
            kept[lost] = False
            dropped += [_words(*strata.things[found.thing[k]]) for k in lost if strata.things[found.thing[k]][1] not in led[stage]]
            waiting[stage] = still
    return kept, dropped


def _leader(exposed: _Exposed, strata: Strata, found: Compared, k: int, stage: int) -> tuple[int, Ints, bool]:
    """The stage of a finding, the visit days by which it had been met, and whether it is one of absence."""
    sort, code = strata.things[found.thing[k]][0], strata.codes[found.thing[k]]
    pairs = exposed.roles if sort in ABSENT else exposed.things
    met = pairs.thing == code
    return stage, pairs.day[met & pairs.late if sort.endswith(LATER) else met], sort in ABSENT


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


def _risks(exposed: _Exposed, left: Flags, asked: set[int]) -> dict[tuple[int, tuple[str, str]], float]:
    """p-value of each thing asked for in each stage, on some of the visit days."""
    again = _strata(exposed, {code: exposed.met.names[code] for code in asked}, left, journeys=False)
    recount = compared(again, ABSENT)
    return {(int(recount.stage[k]), again.things[recount.thing[k]]): float(p) for k, p in enumerate(recount.p_more) if not np.isnan(p)}


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


def _behind(tables: Tables, journeys: ir.Table, params: BlockersParams, rows: list[Row]) -> ir.Table:
    """The accounts behind: visit days that were the last after meeting a finding (or without a role), newest first."""
    stays = stays_of(tables, journeys, params)
    units, met = visit_days(stays), _met(tables, stays, params)
    found = _findings(met, [row for row in rows if row["clear"]] or rows)
    ended = units.filter(units.how == ENDED).inner_join(found, [("stage", "of_stage"), ("family", "of_family")])
    met_it = met.table.select("stay", "met_at", what_met="what")
    joined = ended.left_join(met_it, [ended.stay == met_it.stay, ended.what == met_it.what_met])
    center = stated_roles(tables)
    came = center.group_by(of_journey="journey_id").agg(some_role_at=center.first_at.min())
    joined = joined.left_join(came, joined.journey_id == came.of_journey)
    had = (joined.met_at.epoch_seconds() + joined.lag <= joined["at"].epoch_seconds()).fill_null(False)
    absent = joined.sort.isin(ABSENT)
    role_known = (joined.some_role_at <= joined["at"]).fill_null(False)
    shown = joined.filter((absent & ~had & role_known) | (~absent & had))
    names = named_accounts(tables)
    named = shown.left_join(names, "account_id").select(
        "account", "account_id", "journey_id", "kind", "segment", "stage", "sort", "thing", "met_at", last_at=shown["at"],
        outcome=shown.outcome, deal_value=shown.deal_value,
    )  # fmt: skip
    return named.order_by([named.last_at.desc(), named.journey_id, named.thing])


def _findings(met: Met, rows: list[Row]) -> ir.Table:
    """The rows of the answer as a table: of_stage, of_family, what, sort, thing, and lag in seconds; each thing once a stage."""
    codes = {name: code for code, name in met.names.items()}
    listed: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        listed.setdefault((row["stage"], row["journey_kind"], row["sort"], row["thing"]), row["from_day"] * 86_400)
    names = ("of_stage", "of_family", "sort", "thing")
    columns = {name: [key[place] for key in listed] for place, name in enumerate(names)}
    what = [codes.get(key[2:], 0) for key in listed]
    schema = {**dict.fromkeys(names, "string"), "what": "int64", "lag": "int64"}
    return ibis.memtable({**columns, "what": what, "lag": list(listed.values())}, schema=schema)


def _caveats(tested: int, clear: int, dropped: list[str], unmatched: list[str]) -> list[str]:
    notes = [said("{tested} comparisons had enough journeys; clear: {clear}. An association, not a cause.",
        "{tested} Vergleiche hatten genug Journeys; deutlich: {clear}. Ein Zusammenhang, keine Ursache.",
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


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The clearest blocker: how many times as many end, and how many stand there now."""
    clear = [row for row in rows if row["clear"]]
    if not clear:
        return []
    first = clear[0]
    return [
        (said("times the risk of ending in {stage}, after: {thing}", "mal so hohes Risiko, in {stage} zu enden, nach: {thing}", stage=first["stage"], thing=first["thing"]), first["risk_ratio"]),
        (said("journeys stand there now", "Journeys stehen jetzt dort"), first["open_now"]),
    ]  # fmt: skip


def drawing(rows: list[Row]) -> dict[str, Any]:
    """Risk ratios on a log axis; 1 is no difference; hollow where it is not clear."""
    flat = [
        {**row, "clear": draw.CLEAR[row["clear"]], "label": f"{_words(row['sort'], row['thing'])} · {row['stage']}" + (f" · from day {row['from_day']}" if row["from_day"] else "")}
        for row in rows[: draw.MOST_ROWS]
    ]
    y = {"field": "label", "type": "nominal", "title": None, "sort": None}
    layers = draw.clear_or_not(draw.intervals("risk_ratio", "x", "Risk ratio", {"type": "log"}, ".1f", y=y))
    days = {f"from day {row['from_day']}": f"ab Tag {row['from_day']}" for row in rows if row["from_day"]}
    return draw.the_first(draw.chart(
        "Blockers: after what clearly more journeys end", flat,
        {"Blockers: after what clearly more journeys end": "Blocker: wonach deutlich mehr Journeys enden",
         "Risk ratio": "Risikoverhältnis", **days, **{f"no {role}": f"kein {german}" for role, german in ROLES_DE.items()}},
        width=draw.WIDE, layer=[draw.line_at(1), *layers],
    ), len(flat), len(rows))  # fmt: skip


QUESTION_DE = "Wonach deutlich mehr Journeys enden als vergleichbare."
ANALYSIS = Analysis("blockers", "Blockers", "Conversion-Blocker", RECIPE, BlockersParams, run, __doc__, QUESTION_DE)
