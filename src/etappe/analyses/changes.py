"""A closed period as it was reported then, against what is known now.

**Question.** The quarter was reported; what do the same figures say today, and which records moved them?

**Answer.** One row a figure (journeys begun, won, lost, won value, deals closed, touches): as known on the
day named with `--reported` (its end), as known now, and the difference. The records behind are those of the period that
were learned after that day.

**How.** With a workspace that can build an earlier state, both states are built and compared, so changed
records (an amount corrected, a deal reopened) are seen as well as late ones. Without it only late arrivals
are seen: records of the period that were learned after the reported day are taken off.

**Assumes.** The day a record was learned is the day of its import.

**Does not say.** Who was wrong then: late records are the normal case.

**Example.** `etappe show changes --since 2026-01 --until 2026-04 --reported 2026-04-10`

**Source.** The distinction of the time of an event and the time of knowing it: R. T. Snodgrass, Developing
Time-Oriented Database Applications in SQL (2000), chapter 8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer
from etappe.analyses.money import main_currency
from etappe.analyses.population import in_period, journeys_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "changes",
    1,
    said(
        "figures of a closed period as known then and as known now",
        "Zahlen eines abgeschlossenen Zeitraums, wie sie damals und wie sie heute bekannt sind",
    ),
)
COLUMNS = ("figure", "then", "now", "difference", "changed")


@dataclass(frozen=True, kw_only=True)
class ChangesParams(Params):
    """Filters of `changes`; the period is the closed one; without it, the last full quarter."""

    reported: dt.date | None = option("day of the report; else the day after the period")  # noqa: RUF009


def run(tables: Tables, params: ChangesParams) -> Result:
    """Then against now."""
    asked = _quarter(tables, params)
    assert asked.until is not None
    assert asked.reported is not None
    moment = dt.datetime.combine(asked.reported, dt.time.max, dt.UTC)
    currency, apart = main_currency(tables.engine, journeys_of(tables, asked, moment="ended_at"))
    now = _figures(tables, asked, currency)
    caveats: list[str] = [said("The period is {since} to {until} (the end not included), reported on {reported}.",
        "Der Zeitraum ist {since} bis {until} (das Ende zählt nicht mit), berichtet am {reported}.",
        since=asked.since, until=asked.until, reported=asked.reported)]  # fmt: skip
    begun = tables.engine.rows(tables.steps.agg(at=tables.steps.learned_at.min()))[0]["at"]
    then: Mapping[str, float | None]
    if begun is not None and begun > moment:
        then = dict.fromkeys(now)
        caveats.append(said("The first records were learned on {day}, after the report: what was known then cannot be told.",
            "Die ersten Datensätze kamen am {day}, nach dem Bericht: Was damals bekannt war, lässt sich nicht sagen.",
            day=begun.date()))  # fmt: skip
    elif tables.earlier is not None:
        then = _figures(tables.earlier(moment), asked, currency)
    else:
        then = now | _less_late(tables, asked, moment, now)
        caveats.append(said("Only late records are seen here: a record that was corrected since shows its new value in both.",
            "Zu sehen sind nur verspätete Datensätze: Ein seither berichtigter zeigt in beiden seinen neuen Wert."))  # fmt: skip
    late = _late(tables, asked, moment)
    rows = [_row(name, then[name], now[name]) for name in now]
    caveats += [*apart, *tables.money_told()]
    if not any(now.values()):
        caveats.append(said("Nothing happened in this period.", "In diesem Zeitraum ist nichts geschehen."))
    population = {"late_records": tables.engine.count(late)}
    recent = in_period(tables.steps, "happened_at", asked)
    behind = late if population["late_records"] else recent
    return answer(
        "changes", RECIPE, COLUMNS, rows, tables, asked, caveats, late, _drawing(rows), journeys_of(tables, asked),
        lambda: behind.order_by(behind.learned_at.desc()), population, headline=_headline(rows, population["late_records"]),
    )  # fmt: skip


def _headline(rows: list[Row], late: int) -> list[tuple[str, Figure | int]]:
    """How many figures moved, and how many records came after the report; nothing where nobody knows what was reported."""
    known = [row for row in rows if row["changed"] is not None]
    if not known:
        return []
    return [
        (said("of {n} figures have changed since the report", "von {n} Zahlen haben sich seit dem Bericht geändert", n=len(known)), sum(row["changed"] for row in known)),
        (said("records of the period came after the report", "Datensätze des Zeitraums kamen nach dem Bericht"), late),
    ]  # fmt: skip


def _row(name: str, then: float | None, now: float) -> Row:
    if then is None:
        return {"figure": name, "then": None, "now": now, "difference": None, "changed": None}
    return {"figure": name, "then": then, "now": now, "difference": round(now - then, 2), "changed": then != now}


def _quarter(tables: Tables, params: ChangesParams) -> ChangesParams:
    """The parameters with their period: the last full quarter before `as_of` where none was given."""
    today = tables.as_of.date()
    first = dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    until = params.until or (first if params.since is None or params.since < first else today)
    since = params.since or (until - dt.timedelta(1)).replace(day=1)
    if params.since is None:
        for _ in range(2):
            since = (since - dt.timedelta(1)).replace(day=1)
    return replace(params, since=since, until=until, reported=params.reported or until + dt.timedelta(1))


def _figures(tables: Tables, params: ChangesParams, currency: str | None) -> dict[str, float]:
    begun = journeys_of(tables, params)
    ended = journeys_of(tables, params, moment="ended_at")
    counts = tables.engine.rows(
        ended.agg(
            won=(ended.outcome == "won").ifelse(1, 0).sum(), lost=(ended.outcome == "lost").ifelse(1, 0).sum(),
            value=(ended.currency == (currency or "")).ifelse(ended.won_value, 0.0).sum(),
        )
    )[0]  # fmt: skip
    deals = in_period(tables.journey_deals, "closed_at", params)
    deals = deals.semi_join(journeys_of(tables, params, moment=None), "journey_id")
    steps = in_period(tables.steps, "happened_at", params).semi_join(
        journeys_of(tables, params, moment=None), "journey_id"
    )
    return {
        "journeys begun": tables.engine.count(begun), "journeys won": int(counts["won"] or 0),
        "journeys lost": int(counts["lost"] or 0), "won value": round(float(counts["value"] or 0.0), 2),
        "deals closed": tables.engine.count(deals), "touches": tables.engine.count(steps),
    }  # fmt: skip


def _late(tables: Tables, params: ChangesParams, moment: dt.datetime) -> ir.Table:
    """Steps of the period that were learned after the report."""
    steps = in_period(tables.steps, "happened_at", params)
    return steps.filter(steps.learned_at > ibis.timestamp(moment))


def _less_late(tables: Tables, params: ChangesParams, moment: dt.datetime, now: dict[str, float]) -> dict[str, float]:
    """Touches, and journeys begun, without what was learned after the report."""
    late = _late(tables, params, moment)
    whole = journeys_of(tables, params, moment=None)
    touches = tables.engine.count(late.semi_join(whole, "journey_id"))
    first = tables.steps.filter((tables.steps.seq == 1) & (tables.steps.learned_at > ibis.timestamp(moment)))
    begun = tables.engine.count(journeys_of(tables, params).semi_join(first, "journey_id"))
    return {"touches": now["touches"] - touches, "journeys begun": now["journeys begun"] - begun}


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Now as a share of then, a row a figure."""
    flat = [{**row, "ratio": row["now"] / row["then"]} for row in rows if row["then"]]
    return draw.chart(
        "Changes since the report", flat,
        {"Changes since the report": "Veränderungen seit dem Bericht", "Now, as a share of then": "Heute, gemessen an damals"},
        mark={"type": "bar"}, width=draw.WIDE,
        encoding={
            "y": {"field": "figure", "type": "nominal", "title": None, "sort": None},
            "x": {"field": "ratio", "type": "quantitative", "title": "Now, as a share of then", "axis": {"format": "%"}},
        },
    )  # fmt: skip


QUESTION_DE = "Ein abgeschlossener Zeitraum, wie er damals berichtet wurde, gegen das, was heute bekannt ist."
ANALYSIS = Analysis("changes", "Changes", "Änderungen", RECIPE, ChangesParams, run, __doc__, QUESTION_DE)
