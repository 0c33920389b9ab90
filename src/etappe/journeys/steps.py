"""The tables with a row an event: steps, and what is in no journey."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import days, moment
from etappe.journeys.contacts import INTERNAL, REASONS, STEP, key_of
from etappe.journeys.labels import Labels, spelled
from etappe.journeys.rules import JourneyRules
from etappe.journeys.touchpoints import Touchpoint
from etappe.words.kinds import CHANNELS, EVENT_KINDS

_WIDE = (
    "happened_at",
    "learned_at",
    "kind",
    "direction",
    "deal_ref",
    "campaign",
    "content",
    "name",
    "url",
    "term",
    "value",
    "source",
    "record_id",
)


def write_steps(
    events: ir.Table,
    placed: ir.Table,
    visits: ir.Table,
    center: ir.Table,
    journeys: ir.Table,
    labels: Labels,
    rules: JourneyRules,
) -> ir.Table:
    """The steps, sorted by account and time: an expression that has not been computed yet.

    It is the only place where the wide columns are touched: joined by key, sorted by two whole numbers, spelled out.
    """
    wide = events.select("online", *_WIDE, key=key_of(events))
    known = wide.join(placed, "key")
    stays = visits.select("visit", "visit_no", "stage_no", "model", "stage")
    known = known.join(stays, "visit")
    spans = journeys.select("journey_no", "first_position", "account_id", "number")
    known = known.join(spans, "journey_no")
    roles = center.select(of_journey="journey_no", of_person="person_id", role="role")
    known = known.left_join(roles, [("journey_no", "of_journey"), ("person_id", "of_person")])
    ordered = known.order_by("account_no", "position")
    return _spelled(ordered, labels, rules)


def _spelled(rows: ir.Table, labels: Labels, rules: JourneyRules) -> ir.Table:
    sales = labels.numbers(rules.touchpoints.where(lambda touchpoint: touchpoint.sales)) or [-1]
    return rows.select(
        "account_id", journey_id=rows.account_id + "-" + rows.number.cast("string"),
        seq=rows.position.cast("int64") - rows.first_position.cast("int64") + 1, happened_at="happened_at", learned_at="learned_at",
        stage="stage", stage_no="stage_no", visit_no=rows.visit_no.cast("int64"),
        touchpoint=labels.name(rows.touchpoint), channel=spelled(rows.channel, CHANNELS), kind="kind", person_id="person_id", role="role",
        persona=ibis.null("string"), online=_online(rows, labels, rules), direction="direction", sales=rows.touchpoint.isin(sales),
        previous_touchpoint=labels.name(rows.previous), next_touchpoint=labels.name(rows.following),
        wait_before=days(rows.since), wait_after=days(rows.until),
        deal_id=rows.source + ":" + rows.deal_ref, campaign="campaign", content="content", name="name", url="url", term="term",
        value="value", source="source", record_id="record_id",
    )  # fmt: skip


def _online(rows: ir.Table, labels: Labels, rules: JourneyRules) -> ir.BooleanValue:
    def numbers(fits: Callable[[Touchpoint], bool]) -> list[int]:
        return labels.numbers(rules.touchpoints.where(fits)) or [-1]

    usual = rows.kind.isin([kind for kind, (_, online) in EVENT_KINDS.items() if online])
    return ibis.cases(
        (rows.touchpoint.isin(numbers(lambda touchpoint: touchpoint.online is True)), True),
        (rows.touchpoint.isin(numbers(lambda touchpoint: touchpoint.online is False)), False),
        else_=ibis.coalesce(rows.online, usual),
    )


def write_unresolved(contacts: ir.Table, between: ir.Table, accounts: ir.Table, labels: Labels) -> ir.Table:
    """What is in no journey, sorted by account and person: an expression that has not been computed yet."""
    lost = contacts.filter((contacts.state != STEP) & (contacts.state != INTERNAL))
    both = ibis.union(lost, between.select(lost.columns))
    named = both.left_join(accounts.select("account_no", "account_id"), "account_no").order_by(
        "account_id", "person_id", "at", "key"
    )
    return named.select(
        "source", "record_id", happened_at=moment(named["at"]), reason=spelled(named.state, REASONS), account_id="account_id", person_id="person_id",
        touchpoint=labels.name(named.touchpoint), channel=spelled(named.channel, CHANNELS),
    )  # fmt: skip


def count_by_source(contacts: ir.Table, between: ir.Table) -> ir.Table:
    """source, events, steps, internal, unresolved: where the events of each source went."""
    outside = between.group_by("source").agg(outside=between.count())
    counted = contacts.group_by("source").agg(
        events=contacts.count(), inside=contacts.count(where=contacts.state == STEP), internal=contacts.count(where=contacts.state == INTERNAL),
        lost=contacts.count(where=(contacts.state != STEP) & (contacts.state != INTERNAL)),
    )  # fmt: skip
    joined = counted.left_join(outside, "source")
    strays = joined.outside.fill_null(0)
    return joined.select(
        "source", "events", steps=joined.inside - strays, internal="internal", unresolved=joined.lost + strays
    ).order_by("source")
