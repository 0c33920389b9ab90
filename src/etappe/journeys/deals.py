"""Deals as journeys see them: their account, when they were really open, and the stages they went through."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import DAY, SECOND
from etappe.journeys.lookups import INTERNAL, place_key
from etappe.journeys.making import Making
from etappe.journeys.stages import bare_column
from etappe.tables import cleaning, functions

HOUR = 3600 * SECOND


def make_deals(evidence: Mapping[str, ir.Table], making: Making) -> ir.Table:
    """One row a deal, with its account and the time it was open.

    Besides the columns of the evidence: deal_id, account_no, opened, closed (microseconds; `closed` null while open at
    `as_of`), result (open, won, lost as of then), type_word.
    """
    deals, stages = evidence["deals"], evidence["deal_stages"]
    at = functions.micros(stages.happened_at)
    changes = stages.group_by(change_source=stages.source, change_ref=stages.deal_ref).agg(
        first_change=at.min(), last_change=at.max()
    )
    joined = _with_account(evidence, making).left_join(
        changes, [("source", "change_source"), ("record_id", "change_ref")]
    )
    timed = joined.mutate(stated=functions.micros(joined.closed_at), first=functions.micros(joined.happened_at))
    first = ibis.coalesce(timed["first"], timed.first_change)
    closed = ibis.coalesce(_close(timed), timed.last_change, first)
    is_closed = timed.status.isin(["won", "lost"]) & closed.notnull()
    is_closed &= ibis.coalesce(timed.stated, closed) <= making.now
    closed = ibis.ifelse(is_closed, ibis.least(closed, making.now), ibis.null("int64"))
    return making.keep(
        "deals_in_time",
        timed.select(
            *deals.columns, deal_id=timed.source + ":" + timed.record_id, account_no="account_no", closed=closed,
            opened=ibis.least(first, timed.first_change, closed),
            result=ibis.ifelse(is_closed, timed.status, ibis.literal("open")), type_word=bare_column(timed.type),
        ),
    )  # fmt: skip


def _close(deals: ir.Table) -> ir.IntegerValue:
    """When a deal was closed: the clock time of its last change of stage where that is of about the same day.

    A close date without a clock time counts as the end of that day, so that what was done on the day of the close
    belongs to it; a whole hour is such a date in some time zone.
    """
    day_end = ibis.ifelse(deals.stated % HOUR == 0, deals.stated + DAY - SECOND, deals.stated)
    near = ((deals.last_change - deals.stated).abs() <= DAY * 3 // 2).fill_null(False)
    return ibis.ifelse(near, deals.last_change, day_end)


def _with_account(evidence: Mapping[str, ir.Table], making: Making) -> ir.Table:
    """The account by company record, else by the contacts on the deal, else by the company's name."""
    deals = evidence["deals"]
    keyed = deals.mutate(
        record_key=place_key(cleaning.account_kind(deals.source), cleaning.contact(deals.account_ref)),
        name_key=place_key(ibis.literal("name"), cleaning.company(deals.company_name)),
    )
    places, people = making.lookups.places, making.keep("deal_people", _by_people(evidence, making))
    found = keyed.left_join(places.select(record_key="place_key", account_1="account_no"), "record_key")
    found = found.left_join(people, [("source", "deal_source"), ("record_id", "deal_ref")])
    found = found.left_join(places.select(name_key="place_key", account_3="account_no"), "name_key")
    account = ibis.coalesce(found.account_1, found.account_2, found.account_3)
    return making.keep("deals_with_account", found.select(*deals.columns, account_no=account))


def _by_people(evidence: Mapping[str, ir.Table], making: Making) -> ir.Table:
    """deal_source, deal_ref, account_2: the account that most contacts of a deal belong to."""
    deals, roles = evidence["deals"], evidence["deal_roles"]
    many = deals.filter(deals.contact_refs.length() > 0).select("source", "record_id", ref=deals.contact_refs.unnest())
    parts = [
        _keys(many, "record_id", cleaning.contact_kind(many.source), cleaning.contact(many.ref)),
        _keys(deals, "record_id", ibis.literal("email"), cleaning.email(deals.contact_email)),
        _keys(roles, "deal_ref", cleaning.contact_kind(roles.source), cleaning.contact(roles.contact_ref)),
        _keys(roles, "deal_ref", ibis.literal("email"), cleaning.email(roles.email)),
    ]
    met = ibis.union(*parts).join(making.lookups.people, "id_key")
    met = met.filter(met.account_no.notnull() & (met.standing != INTERNAL))
    counted = met.group_by("deal_source", "deal_ref", "account_no").agg(people=met.person_id.nunique())
    order = [counted.people.desc(), counted.account_no]
    rank = ibis.row_number().over(group_by=["deal_source", "deal_ref"], order_by=order)
    first = counted.mutate(rank=rank).filter(ibis._.rank == 0)
    return first.select("deal_source", "deal_ref", account_2="account_no")


def _keys(rows: ir.Table, deal: str, kind: ir.StringValue, value: ir.StringValue) -> ir.Table:
    """deal_source, deal_ref, id_key of one identifier on each row that has it."""
    return rows.select(deal_source="source", deal_ref=deal, id_key=place_key(kind, value))


def stage_entries(evidence: Mapping[str, ir.Table], deals: ir.Table, making: Making) -> ir.Table:
    """deal_id, account_no, at, word, written: each entry of a deal into a stage while it was open.

    A deal whose history is not known is taken to have been in its stage since it was opened.
    """
    stages = evidence["deal_stages"]
    written = stages.select("source", "deal_ref", at=functions.micros(stages.happened_at), written=stages.stage)
    about = deals.select("deal_id", "source", "record_id", "account_no", "closed")
    known = written.join(about, [("source", "source"), ("deal_ref", "record_id")])
    history = known.filter(known["at"].notnull()).select("deal_id", "account_no", "at", "written", "closed")
    without = deals.anti_join(history, "deal_id").filter(ibis._.opened.notnull())
    current = without.select("deal_id", "account_no", at="opened", written="stage", closed="closed")
    entries = ibis.union(history, current)
    lived = entries.filter(
        entries.account_no.notnull()
        & entries.written.notnull()
        & (entries["at"] <= ibis.coalesce(entries.closed, making.now))
    )
    return making.keep(
        "stage_entries", lived.select("deal_id", "account_no", "at", "written", word=bare_column(lived.written))
    )
