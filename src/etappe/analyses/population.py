"""Which journeys an analysis is about: the common filters as expressions, and words for what passed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from etappe.analyses.analysis import Params, Tables, unknown
from etappe.errors import Fault, Faults
from etappe.words.kinds import JOURNEY_KINDS, NO_NAME, OUTCOMES, ROLES
from etappe.words.result import plain

_OF_JOURNEY = ("kind", "outcome", "segment", "tier", "industry", "country", "owner")
_FIXED = {"kind": JOURNEY_KINDS, "outcome": OUTCOMES, "role": ROLES}


def journeys_of(
    tables: Tables, params: Params, moment: str | None = "started_at", skip: tuple[str, ...] = ()
) -> ir.Table:
    """The journeys that pass the filters.

    `moment` is the column of journeys the period is about (None: the analysis applies the period itself);
    `skip` names filters the analysis applies itself. An unknown filter value is a NotFound with the nearest
    known ones.
    """
    check(tables, params)
    journeys = tables.journeys
    for name in _OF_JOURNEY:
        wanted = getattr(params, name)
        if wanted and name not in skip:
            journeys = journeys.filter(_in_segments(tables, journeys, wanted) if name == "segment" else journeys[name].isin(wanted))
    if moment:
        journeys = in_period(journeys, moment, params)
    if params.account and "account" not in skip:
        journeys = journeys.filter(journeys.account_id.isin(_accounts(tables, params.account)))
    if params.role and "role" not in skip:
        center = tables.buying_center
        journeys = journeys.semi_join(center.filter(center.role.isin(params.role)), "journey_id")
    if params.persona and "persona" not in skip:
        took_part = [tables.buying_center.semi_join(tables.members[name], "person_id").select("journey_id") for name in params.persona]
        journeys = journeys.semi_join(ibis.union(*took_part) if len(took_part) > 1 else took_part[0], "journey_id")
    return journeys


OF_PERIOD = ("since", "until", "zone")


def in_period(table: ir.Table, moment: str, params: Params) -> ir.Table:
    """The rows whose moment lies in the period asked for, whose days begin in its zone."""
    if params.since:
        table = table.filter(table[moment] >= ibis.timestamp(midnight(params.since, params.zone)))
    if params.until:
        table = table.filter(table[moment] < ibis.timestamp(midnight(params.until, params.zone)))
    return table


def of_period(journeys: ir.Table, counted: ir.Table, moment: str, params: Params) -> ir.Table:
    """The journeys of which something counts in the period: what an answer is about that counts steps, stays, pauses or answers
    by their own day. All of them where no period is asked for.
    """
    return journeys.semi_join(in_period(counted, moment, params), "journey_id") if timed(params) else journeys


def of_days(table: ir.Table, params: Params) -> ir.Table:
    """`in_period` of what is of a whole day (costs, searches), which is kept at its midnight, UTC."""
    return in_period(table, "happened_at", replace(params, zone="UTC"))


def timed(params: Params) -> bool:
    """Whether a period is asked for."""
    return params.since is not None or params.until is not None


def midnight(day: dt.date, zone: str = "UTC") -> dt.datetime:
    """The moment at which a day begins in a zone, in UTC.

    >>> midnight(dt.date(2026, 4, 1), "Europe/Berlin").isoformat()
    '2026-03-31T22:00:00+00:00'
    """
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def filtered(params: Params) -> bool:
    """Whether any of the common filters on journeys is set (the period is not one of them)."""
    return any(getattr(params, part.name) for part in fields(Params) if part.name not in OF_PERIOD)


def asked(params: Params) -> dict[str, Any]:
    """The filters and options that were set, as `population` shows them."""
    default = {part.name: part.default for part in fields(params)}
    given = {name: value for name, value in asdict(params).items() if value != default[name]}
    return {name: plain(value) for name, value in given.items() if name not in OF_PERIOD}


def check(tables: Tables, params: Params) -> None:
    """Tells all filter values that nothing has, at once."""
    faults: list[Fault] = []
    for name in (*_OF_JOURNEY, "role", "persona"):
        wanted = set(getattr(params, name))
        wanted -= set(tables.segments) if name == "segment" else set()
        if not wanted or wanted <= set(_FIXED.get(name, ())):
            continue
        known = list(tables.members) if name == "persona" else _FIXED.get(name) or values(tables, tables.buying_center if name == "role" else tables.journeys, name)
        faults += [unknown(name, value, known) for value in sorted(wanted - set(known))]
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)


def values(tables: Tables, table: ir.Table, name: str, limit: int = 10_000) -> list[str]:
    """The distinct values of a text column."""
    found = table.select(name).distinct().filter(lambda row: row[name].notnull())
    return sorted(str(row[name]) for row in tables.engine.rows(found, limit))


def named(tables: Tables, table: ir.Table, name: str) -> list[str]:
    """The stages or touchpoints there are: those in a table, and those that the rules know and nobody has met yet."""
    return sorted({*values(tables, table, name), *tables.known.get(name, ())})


def _in_segments(tables: Tables, journeys: ir.Table, wanted: tuple[str, ...]) -> ir.BooleanValue:
    """Whether a journey is of one of the segments: by the segment it was built with, or by its company's place in a saved one."""
    labelled = journeys.segment.isin(wanted).fill_null(False)
    saved = [tables.segments[name].select("account_id") for name in wanted if name in tables.segments]
    return labelled | journeys.account_id.isin(ibis.union(*saved, distinct=True).account_id if len(saved) > 1 else saved[0].account_id) if saved else labelled


def _accounts(tables: Tables, wanted: tuple[str, ...]) -> list[str]:
    """Account ids for names, domains or ids; NotFound with the nearest names."""
    accounts = tables.built["resolved_accounts"]
    lowered = [value.lower() for value in wanted]
    found = accounts.filter(
        accounts.account_id.isin(wanted) | accounts.name.lower().isin(lowered) | accounts.domain.lower().isin(lowered)
    ).select("account_id", "name", "domain")
    rows = tables.engine.rows(found, 10_000)
    faults: list[Fault] = []
    for value in wanted:
        if not any(value.lower() in (str(part).lower() for part in row.values()) for row in rows):
            near = accounts.filter(accounts.name.lower().contains(value.lower()[:4])).select("name")
            faults.append(unknown("account", value, [str(row["name"]) for row in tables.engine.rows(near, 2000)]))
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return [str(row["account_id"]) for row in rows]


def named_accounts(tables: Tables) -> ir.Table:
    """account_id and account: its name, else its domain, else its id behind "(no name)"."""
    accounts = tables.built["resolved_accounts"]
    return accounts.select("account_id", account=ibis.coalesce(accounts.name.nullif(""), accounts.domain, ibis.literal(NO_NAME) + accounts.account_id))
