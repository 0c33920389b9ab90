"""The list of companies with what became of them, and the values that filters may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from etappe.errors import QuestionFault
from etappe.tables.engine import Engine
from etappe.words.kinds import JOURNEY_KINDS, OUTCOMES, ROLES

SORTS: Final = ("name", "last_step_at", "won_value", "deal_value", "journeys", "persons", "steps")
_OF_ACCOUNT: Final = ("tier", "industry", "country", "owner", "type")
_OF_JOURNEY: Final = ("kind", "outcome", "stage", "segment")
LARGEST_PAGE: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which companies, in which order, which page (from 1). Several values of one filter mean any of them.

    `quiet`: customers (something was won) without a step for at least so many days.
    """

    search: str = ""
    tier: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    quiet: int = 0
    sort: str = "last_step_at"
    down: bool = True
    page: int = 1
    size: int = 50


def companies(tables: Mapping[str, ir.Table], engine: Engine, wanted: Wanted, as_of: dt.datetime, own: Mapping[str, ir.Table] | None = None) -> dict[str, Any]:
    """One page of companies: each with its journeys counted, its last step, its value, the state of its latest journey.

    Filters on journeys (kind, outcome, stage, segment) mean: a company with such a journey. `own` are the companies of
    the workspace's own segments (a table with `account_id` each).
    """
    if wanted.sort not in SORTS:
        raise QuestionFault(f"companies are not sorted by '{wanted.sort}'", "sort", f"it may be {', '.join(SORTS)}")
    if not (1 <= wanted.size <= LARGEST_PAGE and 1 <= wanted.page <= 1_000_000):
        raise QuestionFault("there is no such page", "page", f"pages are from 1 on and have 1 to {LARGEST_PAGE} rows")
    accounts = tables["resolved_accounts"].filter(lambda table: ~table.internal.fill_null(False))
    for name in _OF_ACCOUNT:
        if values := getattr(wanted, name):
            accounts = accounts.filter(accounts[name].isin(values))
    if wanted.search.strip():
        said = wanted.search.strip().lower()
        accounts = accounts.filter(accounts.name.lower().contains(said) | accounts.domain.lower().contains(said) | (accounts.account_id == wanted.search.strip()))
    journeys = tables["journeys"]
    asked = [journeys[name].isin(getattr(wanted, name)) for name in _OF_JOURNEY if name != "segment" and getattr(wanted, name)]
    if wanted.segment:
        asked.append(_in_segment(journeys, wanted.segment, own or {}))
    if asked:
        accounts = accounts.semi_join(journeys.filter(ibis.and_(*asked)), "account_id")
    if wanted.quiet:
        accounts = accounts.semi_join(_quiet(journeys, as_of - dt.timedelta(days=wanted.quiet)), "account_id")
    rows = _with_journeys(accounts, journeys)
    order = rows[wanted.sort].desc(nulls_first=False) if wanted.down else rows[wanted.sort].asc(nulls_first=False)
    shown = rows.order_by([order, rows.account_id]).limit(wanted.size, offset=(wanted.page - 1) * wanted.size)
    return {"total": engine.count(accounts), "page": wanted.page, "size": wanted.size, "rows": engine.rows(shown)}


def _in_segment(journeys: ir.Table, wanted: tuple[str, ...], own: Mapping[str, ir.Table]) -> ir.BooleanValue:
    saved = [own[name].select("account_id") for name in wanted if name in own]
    found = journeys.segment.isin(wanted).fill_null(False)
    for table in saved:
        found |= journeys.account_id.isin(table.account_id)
    return found


def _quiet(journeys: ir.Table, before: dt.datetime) -> ir.Table:
    """Customers whose last step lies before a moment."""
    known = journeys.group_by("account_id").aggregate(won=(journeys.outcome == "won").sum(), last=journeys.last_step_at.max())
    return known.filter((known.won > 0) & (known["last"] < ibis.timestamp(before))).select("account_id")


def _with_journeys(accounts: ir.Table, journeys: ir.Table) -> ir.Table:
    known = journeys.group_by("account_id").aggregate(
        journeys=journeys.count(), steps=journeys.steps.sum(), first_step_at=journeys.started_at.min(), last_step_at=journeys.last_step_at.max(),
        won_value=journeys.won_value.sum(), deal_value=journeys.deal_value.sum(), currency=journeys.currency.max(),
        **{name: journeys[name].argmax(journeys.number) for name in ("kind", "outcome", "stage", "segment")},
    )  # fmt: skip
    joined = accounts.left_join(known, "account_id")
    own = ("account_id", "name", "domain", "city", "country", "industry", "tier", "type", "owner", "persons")
    return joined.select(*own, "steps", "first_step_at", "last_step_at", "won_value", "deal_value", "currency", "kind", "outcome", "stage", "segment", journeys=joined.journeys.fill_null(0))


def known_values(tables: Mapping[str, ir.Table], engine: Engine) -> dict[str, list[str]]:
    """The values that each filter may have in this build."""
    journeys, steps, accounts = tables["journeys"], tables["steps"], tables["resolved_accounts"]
    found = {name: _values(engine, journeys, name) for name in ("segment", "tier", "industry", "country", "owner")}
    stages = engine.rows(tables["stage_visits"].select("stage", "stage_no").distinct().order_by("stage_no"))
    found |= {"type": _values(engine, accounts, "type"), "touchpoint": _values(engine, steps, "touchpoint"), "channel": _values(engine, steps, "channel")}
    return {**found, "stage": [str(row["stage"]) for row in stages], "kind": list(JOURNEY_KINDS), "outcome": list(OUTCOMES), "role": list(ROLES)}


def _values(engine: Engine, table: ir.Table, name: str) -> list[str]:
    found = table.select(name).distinct().filter(lambda row: row[name].notnull()).limit(5000)
    return sorted(str(row[name]) for row in engine.rows(found))
