"""The tables with a row an event: steps, and what is in no journey."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import days, moment
from etappe.journeys.contacts import key_of
from etappe.journeys.labels import spelled
from etappe.journeys.lookups import INTERNAL, STATES, STEP
from etappe.journeys.making import Making
from etappe.words.kinds import CHANNELS, EVENT_KINDS, ROLES

_WIDE = (
    "happened_at", "learned_at", "kind", "direction", "online", "deal_ref", "campaign", "content", "name", "url", "term",
    "value", "source", "record_id",
)  # fmt: skip


def write_steps(
    events: ir.Table, placed: ir.Table, visits: ir.Table, center: ir.Table, journeys: ir.Table, making: Making
) -> ir.Table:
    """The steps, sorted by account and time: an expression that has not been computed yet.

    It is the only place where the wide columns are touched: joined by key, sorted by two whole numbers, spelled out.
    """
    wide = events.select(*_WIDE, key=key_of(events))
    codes = ibis.memtable(
        {"role": list(ROLES), "role_no": list(range(len(ROLES)))}, schema={"role": "string", "role_no": "int8"}
    )
    roles = making.keep("role_numbers", center.join(codes, "role").select("journey_no", "person_id", "role_no"))
    known = placed.join(visits.select("visit", "visit_no", "stage_no", "model"), "visit")
    known = known.join(journeys.select("journey_no", "first_position", "account_id", "number"), "journey_no")
    known = known.left_join(roles, ["journey_no", "person_id"])
    known = wide.join(known.drop("journey_no_right", "person_id_right", "at", "visit", "journey_no"), "key").drop("key")
    # Before the sort: the engine looks lists of words up by a join, and a join behind the sort would undo it.
    sales = known.touchpoint.isin(making.touchpoints(lambda touchpoint: touchpoint.sales))
    known = known.mutate(sales=sales, online=_online(known, making))
    return _spelled(making.engine.view("steps_in_order", known.order_by("account_no", "position")), making)


def _spelled(rows: ir.Table, making: Making) -> ir.Table:
    labels = making.labels
    return rows.select(
        "account_id", journey_id=rows.account_id + "-" + rows.number.cast("string"),
        seq=rows.position.cast("int64") - rows.first_position.cast("int64") + 1, happened_at="happened_at",
        learned_at="learned_at", stage=_stage(rows, making), stage_no="stage_no", visit_no=rows.visit_no.cast("int64"),
        touchpoint=labels.name(rows.touchpoint), channel=spelled(rows.channel, CHANNELS), kind="kind", person_id="person_id",
        role=spelled(rows.role_no, ROLES), persona=ibis.null("string"), online="online", direction="direction", sales="sales",
        previous_touchpoint=labels.name(rows.previous), next_touchpoint=labels.name(rows.following),
        wait_before=days(rows.since), wait_after=days(rows.until), deal_id=rows.source + ":" + rows.deal_ref,
        campaign="campaign", content="content", name="name", url="url", term="term", value="value", source="source",
        record_id="record_id",
    )  # fmt: skip


def _stage(rows: ir.Table, making: Making) -> ir.StringValue:
    models = [[stage.id for stage in model.stages] for model in making.rules.stages.models]
    cases = [(rows.model == number, spelled(rows.stage_no - 1, names)) for number, names in enumerate(models)]
    return ibis.cases(*cases)


def _online(rows: ir.Table, making: Making) -> ir.BooleanValue:
    usual = rows.kind.isin([kind for kind, (_, online) in EVENT_KINDS.items() if online])
    return ibis.cases(
        (rows.touchpoint.isin(making.touchpoints(lambda touchpoint: touchpoint.online is True)), True),
        (rows.touchpoint.isin(making.touchpoints(lambda touchpoint: touchpoint.online is False)), False),
        else_=ibis.coalesce(rows.online, usual),
    )


def write_unresolved(contacts: ir.Table, between: ir.Table, making: Making) -> ir.Table:
    """What is in no journey: an expression that has not been computed yet.

    What has an account comes first, sorted by it, so that one account's part is found without reading the rest.
    """
    lost = contacts.filter((contacts.state != STEP) & (contacts.state != INTERNAL))
    columns = ["source", "record_id", "at", "state", "account_no", "person_id", "touchpoint", "channel"]
    owned = ibis.union(lost.filter(lost.account_no.notnull()).select(*columns), between.select(*columns))
    named = owned.join(making.lookups.accounts.select("account_no", "account_id"), "account_no")
    first = making.keep("unresolved_of_accounts", named.order_by("account_no", "at", "source", "record_id"))
    rest = lost.filter(lost.account_no.isnull()).mutate(account_id=ibis.null("string"))
    columns = ["source", "record_id", "at", "state", "account_id", "person_id", "touchpoint", "channel"]
    both = ibis.union(first.select(*columns), rest.select(*columns))
    return both.select(
        "source", "record_id", happened_at=moment(both["at"]), reason=spelled(both.state, STATES), account_id="account_id",
        person_id="person_id", touchpoint=making.labels.name(both.touchpoint), channel=spelled(both.channel, CHANNELS),
    )  # fmt: skip


def count_by_source(contacts: ir.Table, between: ir.Table) -> ir.Table:
    """source, events, steps, internal, unresolved: where the events of each source went."""
    outside = between.group_by("source").agg(outside=between.count())
    is_step, is_internal = contacts.state == STEP, contacts.state == INTERNAL
    counted = contacts.group_by("source").agg(
        events=contacts.count(), inside=contacts.count(where=is_step), internal=contacts.count(where=is_internal),
        lost=contacts.count(where=~is_step & ~is_internal),
    )  # fmt: skip
    joined = counted.left_join(outside, "source")
    strays = joined.outside.fill_null(0)
    return joined.select(
        "source", "events", steps=joined.inside - strays, internal="internal", unresolved=joined.lost + strays
    ).order_by("source")
