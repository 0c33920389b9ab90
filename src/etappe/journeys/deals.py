"""Deals as journeys see them: their account, when they were really open, and the stages they went through."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import DAY, SECOND
from etappe.journeys.lookups import Lookups
from etappe.journeys.stages import bare_column
from etappe.tables import cleaning, functions
from etappe.tables.engine import Engine

HOUR = 3600 * SECOND


def make_deals(evidence: Mapping[str, ir.Table], lookups: Lookups, engine: Engine, as_of: int) -> ir.Table:
    """One row a deal, with its account and the time it was open.

    Besides the columns of the evidence: deal_id, account_no, opened, closed (microseconds; `closed` null while open at
    `as_of`), result (open, won, lost as of then), type_word.
    """
    deals = evidence["deals"]
    changes = _last_changes(evidence["deal_stages"])
    owned = engine.keep("deals_with_account", _with_account(evidence, lookups, engine))
    joined = owned.left_join(changes, [("source", "change_source"), ("record_id", "change_ref")])
    stated = functions.micros(joined.closed_at)
    # A close date without a clock time counts as the end of that day; a whole hour is such a date in some zone.
    day_end = ibis.ifelse(stated % HOUR == 0, stated + DAY - SECOND, stated)
    near = (joined.last_change - stated).abs() <= DAY * 3 // 2
    closed = ibis.ifelse(near.fill_null(False), joined.last_change, day_end)
    first = ibis.coalesce(functions.micros(joined.happened_at), joined.first_change)
    closed = ibis.coalesce(closed, joined.last_change, first)
    is_closed = (
        joined.status.isin(["won", "lost"]) & closed.notnull() & (ibis.coalesce(stated, closed) <= as_of)
    )
    closed = ibis.ifelse(is_closed, ibis.least(closed, as_of), ibis.null("int64"))
    opened = ibis.least(first, joined.first_change, closed)
    return engine.keep(
        "deals_in_time",
        joined.select(
            *deals.columns, deal_id=joined.source + ":" + joined.record_id, account_no="account_no", opened=opened, closed=closed,
            result=ibis.ifelse(is_closed, joined.status, ibis.literal("open")), type_word=bare_column(joined.type),
        ),
    )  # fmt: skip


def _last_changes(stages: ir.Table) -> ir.Table:
    at = functions.micros(stages.happened_at)
    return stages.group_by(change_source=stages.source, change_ref=stages.deal_ref).agg(
        first_change=at.min(), last_change=at.max()
    )


def _with_account(evidence: Mapping[str, ir.Table], lookups: Lookups, engine: Engine) -> ir.Table:
    """The account by company record, else by the contacts on the deal, else by the company's name."""
    deals = evidence["deals"]
    keyed = deals.mutate(
        account_kind=cleaning.account_kind(deals.source),
        own_ref=cleaning.contact(deals.account_ref),
        company=cleaning.company(deals.company_name),
    )
    first = keyed.left_join(lookups.place("1"), [("account_kind", "kind_1"), ("own_ref", "place_1")])
    people = engine.keep("deal_people", _by_people(evidence, lookups))
    second = first.left_join(people, [("source", "deal_source"), ("record_id", "deal_ref")])
    names = lookups.place("3").filter(ibis._.kind_3 == "name")
    third = second.left_join(names, [("company", "place_3")])
    return third.select(
        *deals.columns, account_no=ibis.coalesce(third.account_1, third.account_2, third.account_3)
    )


def _by_people(evidence: Mapping[str, ir.Table], lookups: Lookups) -> ir.Table:
    """deal_source, deal_ref, account_2: the account that most contacts of a deal belong to."""
    deals, roles = evidence["deals"], evidence["deal_roles"]
    many = deals.filter(deals.contact_refs.length() > 0)
    many = many.select("source", "record_id", ref=many.contact_refs.unnest())
    parts = [
        many.select(
            deal_source="source",
            deal_ref="record_id",
            kind=cleaning.contact_kind(many.source),
            value=cleaning.contact(many.ref),
        ),
        deals.select(
            deal_source="source",
            deal_ref="record_id",
            kind=ibis.literal("email"),
            value=cleaning.email(deals.contact_email),
        ),
        roles.select(
            deal_source="source",
            deal_ref="deal_ref",
            kind=cleaning.contact_kind(roles.source),
            value=cleaning.contact(roles.contact_ref),
        ),
        roles.select(
            deal_source="source",
            deal_ref="deal_ref",
            kind=ibis.literal("email"),
            value=cleaning.email(roles.email),
        ),
    ]
    named = ibis.union(*parts)
    met = named.join(lookups.people, [("kind", "key_kind"), ("value", "key")])
    met = met.filter(met.account_no.notnull() & ~met.internal)
    counted = met.group_by("deal_source", "deal_ref", "account_no").agg(people=met.person_id.nunique())
    rank = ibis.row_number().over(
        group_by=["deal_source", "deal_ref"], order_by=[counted.people.desc(), counted.account_no]
    )
    return (
        counted.mutate(rank=rank)
        .filter(ibis._.rank == 0)
        .select("deal_source", "deal_ref", account_2="account_no")
    )


def stage_entries(evidence: Mapping[str, ir.Table], deals: ir.Table, engine: Engine) -> ir.Table:
    """deal_id, account_no, at, word, written: each entry of a deal into a stage while it was open.

    A deal whose history is not known is taken to have been in its stage since it was opened.
    """
    stages = evidence["deal_stages"]
    written = stages.select(
        "source", "deal_ref", entered=functions.micros(stages.happened_at), written=stages.stage
    )
    known = written.join(
        deals.select("deal_id", "source", "record_id", "account_no", "opened", "closed"),
        [("source", "source"), ("deal_ref", "record_id")],
    )
    history = known.filter(known.entered.notnull()).select(
        "deal_id", "account_no", at="entered", written="written", closed="closed"
    )
    without = deals.anti_join(history, "deal_id")
    current = without.filter(without.opened.notnull()).select(
        "deal_id", "account_no", at="opened", written="stage", closed="closed"
    )
    entries = ibis.union(history, current)
    entries = entries.filter(
        entries.account_no.notnull()
        & entries.written.notnull()
        & (entries.closed.isnull() | (entries.at <= entries.closed))
    )
    return engine.keep(
        "stage_entries",
        entries.select("deal_id", "account_no", "at", "written", word=bare_column(entries.written)),
    )
