"""The tables with a row a journey, visit, pause, deal or person, in the shape of this room's schema."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import days, moment
from etappe.journeys.making import Making


def with_stage(rows: ir.Table, making: Making, number: str = "stage_no", name: str = "stage") -> ir.Table:
    """Adds the name of a stage to rows with its model and place."""
    models = enumerate(making.rules.stages.models)
    named = [(model, place, stage.id) for model, each in models for place, stage in enumerate(each.stages, start=1)]
    schema = {"model": "int64", number: "int64", name: "string"}
    names = ibis.memtable({column: [row[at] for row in named] for at, column in enumerate(schema)}, schema=schema)
    return rows.left_join(names, ["model", number]).select(*rows.columns, name)


def visit_rows(visits: ir.Table, journeys: ir.Table, making: Making) -> ir.Table:
    """The stays in stages, as schema.STAGE_VISITS."""
    named = with_stage(visits, making, "left_to_no", "next_stage")
    joined = named.join(journeys.select("journey_no", "journey_id", "account_id", "outcome"), "journey_no")
    over = joined.outcome.nullif("open")
    return joined.order_by("account_id", "journey_no", "visit_no").select(
        "journey_id", "account_id", visit_no=joined.visit_no.cast("int64"), stage="stage", stage_no="stage_no",
        entered_at=moment(joined.entered), left_at=moment(joined.left),
        days=days(ibis.coalesce(joined.left, making.now) - joined.entered),
        left_to=ibis.coalesce(joined.next_stage, over), back="back", entered_by="entered_by",
    )  # fmt: skip


def pause_rows(pauses: ir.Table, journeys: ir.Table, making: Making) -> ir.Table:
    """The times on ice, as schema.PAUSES."""
    named = with_stage(pauses, making).join(journeys.select("journey_no", "journey_id", "account_id"), "journey_no")
    return named.order_by("account_id", "journey_no", "begun").select(
        "journey_id", "account_id", "stage", started_at=moment(named.begun), ended_at=moment(named.over),
        days=days(ibis.coalesce(named.over, making.now) - named.begun), revived_by="revived_by",
    )  # fmt: skip


def deal_rows(deals: ir.Table, tied: ir.Table, journeys: ir.Table, making: Making) -> ir.Table:
    """The deals, each once, as schema.JOURNEY_DEALS."""
    placed = tied.join(journeys.select("account_no", "number", "journey_id"), ["account_no", "number"])
    joined = deals.left_join(placed.select("deal_id", "journey_id"), "deal_id")
    joined = joined.left_join(making.lookups.accounts.select("account_no", "account_id"), "account_no")
    return joined.order_by("account_id", "opened", "deal_id").select(
        "deal_id", "account_id", "journey_id", "name", opened_at=moment(joined.opened), closed_at="closed_at", status="result",
        amount="amount", currency="currency", stage="stage", type="type", lost_reason="lost_reason", owner="owner",
        origin="origin",
    )  # fmt: skip


def center_rows(center: ir.Table, visits: ir.Table, journeys: ir.Table) -> ir.Table:
    """The buying centers, as schema.BUYING_CENTER."""
    stays = visits.select(entered_visit="visit", entered_stage="stage")
    joined = center.join(journeys.select("journey_no", "journey_id", "account_id"), "journey_no")
    joined = joined.left_join(stays, "entered_visit")
    return joined.order_by("account_id", "journey_no", "first", "person_id").select(
        "journey_id", "account_id", "person_id", "role", "role_source", first_at=moment(joined["first"]),
        last_at=moment(joined["last"]), steps="steps", entered_stage="entered_stage",
    )  # fmt: skip


def participant_rows(participants: ir.Table, center: ir.Table, journeys: ir.Table) -> ir.Table:
    """Who took part in steps of several persons, as schema.PARTICIPANTS."""
    joined = participants.left_join(center.select("journey_no", "person_id", "role"), ["journey_no", "person_id"])
    joined = joined.join(journeys.select("journey_no", "journey_id", "first_position"), "journey_no")
    seq = joined.position.cast("int64") - joined.first_position.cast("int64") + 1
    return joined.order_by("journey_no", "position", "person_id").select(
        "journey_id", seq=seq, person_id="person_id", role="role"
    )


def journey_rows(journeys: ir.Table, parts: dict[str, ir.Table], making: Making) -> ir.Table:
    """The journeys, as schema.JOURNEYS; `parts` are the sums by journey (visits, persons, pauses, paths, deals)."""
    accounts = making.lookups.accounts
    segment = making.rules.segments.id_of(accounts)
    known = accounts.select("account_no", "tier", "industry", "country", account_owner="owner", segment=segment)
    joined = journeys.left_join(known, "account_no").left_join(parts["deals"], "journey_id")
    for name in ("visits", "persons", "pauses", "paths"):
        joined = joined.left_join(parts[name], "journey_no").drop("journey_no_right")
    none = ibis.literal([], "array<string>")
    return joined.order_by("account_id", "number").select(
        "journey_id", "account_id", "number", "kind", started_at=moment(joined.started),
        last_step_at=moment(ibis.coalesce(joined.last_step, joined.last_sign)), ended_at=moment(joined.ended),
        outcome="outcome", days=days(ibis.coalesce(joined.ended, making.now) - joined.started),
        steps=joined.steps.fill_null(0), persons=joined.persons.fill_null(0), stage="stage", furthest_stage="furthest_stage",
        furthest_no="furthest_no", back_moves=joined.back_moves.fill_null(0), pauses=joined.times.fill_null(0),
        paused_days=joined.paused_days.fill_null(0.0), first_sales_at=moment(joined.first_sales),
        deal_ids=ibis.coalesce(joined.deal_ids, none), won_value=joined.won_value.fill_null(0.0),
        deal_value=joined.deal_value.fill_null(0.0), currency="currency", lost_reason="lost_reason",
        owner=ibis.coalesce(joined.deal_owner, joined.account_owner), segment="segment", tier="tier", industry="industry",
        country="country", path=ibis.coalesce(joined.path, none), path_hash="path_hash",
    )  # fmt: skip


def journey_parts(visits: ir.Table, center: ir.Table, pauses: ir.Table, making: Making) -> dict[str, ir.Table]:
    """What visits, persons and pauses add up to, by journey."""
    stays = visits.group_by("journey_no").agg(
        stage=visits.stage.argmax(visits.visit_no), furthest_no=visits.stage_no.max(), model=visits.model.min(),
        back_moves=visits.count(where=visits.back),
    )  # fmt: skip
    lain = (ibis.coalesce(pauses.over, making.now) - pauses.begun).sum()
    return {
        "visits": with_stage(stays, making, "furthest_no", "furthest_stage"),
        "persons": center.group_by("journey_no").agg(persons=center.count()),
        "pauses": pauses.group_by("journey_no").agg(times=pauses.count(), paused_days=days(lain)),
    }
