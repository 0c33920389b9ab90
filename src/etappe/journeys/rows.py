"""The tables with a row a journey, visit, pause, deal or person, in the shape of this room's schema."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import days, moment
from etappe.journeys.labels import Labels
from etappe.journeys.rules import JourneyRules
from etappe.journeys.stages import StageModels


def stage_names(models: StageModels) -> ir.Table:
    """of_model, of_stage, stage: the stages by model and place."""
    rows = [
        (number, place, stage.id)
        for number, model in enumerate(models.models)
        for place, stage in enumerate(model.stages, start=1)
    ]
    columns = {
        "of_model": [row[0] for row in rows],
        "of_stage": [row[1] for row in rows],
        "stage": [row[2] for row in rows],
    }
    return ibis.memtable(columns, schema={"of_model": "int64", "of_stage": "int64", "stage": "string"})


def with_stage(
    rows: ir.Table, models: StageModels, number: str = "stage_no", name: str = "stage"
) -> ir.Table:
    """Adds the name of a stage to rows with its model and place."""
    names = stage_names(models).rename(**{name: "stage"}) if name != "stage" else stage_names(models)
    return rows.left_join(names, [("model", "of_model"), (number, "of_stage")]).drop("of_model", "of_stage")


def visit_rows(visits: ir.Table, journeys: ir.Table, models: StageModels, as_of: int) -> ir.Table:
    """The stays in stages, as schema.STAGE_VISITS."""
    named = with_stage(visits, models, "left_to_no", "next_stage")
    joined = named.join(journeys.select("journey_no", "journey_id", "account_id", "outcome"), "journey_no")
    over = ibis.ifelse(joined.outcome == "open", ibis.null("string"), joined.outcome)
    return joined.order_by("account_id", "journey_no", "visit_no").select(
        "journey_id", "account_id", visit_no=joined.visit_no.cast("int64"), stage="stage", stage_no="stage_no",
        entered_at=moment(joined.entered), left_at=moment(joined.left), days=days(ibis.coalesce(joined.left, as_of) - joined.entered),
        left_to=ibis.coalesce(joined.next_stage, over), back="back", entered_by="entered_by",
    )  # fmt: skip


def pause_rows(pauses: ir.Table, journeys: ir.Table, models: StageModels, as_of: int) -> ir.Table:
    """The times on ice, as schema.PAUSES."""
    named = with_stage(pauses, models).join(
        journeys.select("journey_no", "journey_id", "account_id"), "journey_no"
    )
    return named.order_by("account_id", "journey_no", "begun").select(
        "journey_id", "account_id", "stage", started_at=moment(named.begun), ended_at=moment(named.over),
        days=days(ibis.coalesce(named.over, as_of) - named.begun), revived_by="revived_by",
    )  # fmt: skip


def deal_rows(deals: ir.Table, tied: ir.Table, journeys: ir.Table, accounts: ir.Table) -> ir.Table:
    """The deals, each once, as schema.JOURNEY_DEALS."""
    placed = tied.join(
        journeys.select("account_no", "number", "journey_id"), ["account_no", "number"]
    ).select("deal_id", "journey_id")
    joined = deals.left_join(placed, "deal_id").left_join(
        accounts.select("account_no", "account_id"), "account_no"
    )
    return joined.order_by("account_id", "opened", "deal_id").select(
        "deal_id", "account_id", "journey_id", "name", opened_at=moment(joined.opened), closed_at="closed_at", status="result", amount="amount",
        currency="currency", stage="stage", type="type", lost_reason="lost_reason", owner="owner", origin="origin",
    )  # fmt: skip


def center_rows(center: ir.Table, visits: ir.Table, journeys: ir.Table) -> ir.Table:
    """The buying centers, as schema.BUYING_CENTER."""
    stays = visits.select(entered_visit="visit", entered_stage="stage")
    joined = center.join(journeys.select("journey_no", "journey_id", "account_id"), "journey_no").left_join(
        stays, "entered_visit"
    )
    return joined.order_by("account_id", "journey_no", "first", "person_id").select(
        "journey_id", "account_id", "person_id", "role", "role_source", first_at=moment(joined["first"]), last_at=moment(joined["last"]),
        steps="steps", entered_stage="entered_stage",
    )  # fmt: skip


def participant_rows(participants: ir.Table, center: ir.Table, journeys: ir.Table) -> ir.Table:
    """Who took part in steps of several persons, as schema.PARTICIPANTS."""
    roles = center.select("journey_no", "person_id", "role")
    joined = participants.left_join(roles, ["journey_no", "person_id"]).join(
        journeys.select("journey_no", "journey_id", "first_position"), "journey_no"
    )
    return joined.order_by("journey_no", "position", "person_id").select(
        "journey_id",
        seq=joined.position.cast("int64") - joined.first_position.cast("int64") + 1,
        person_id="person_id",
        role="role",
    )


def journey_rows(
    journeys: ir.Table,
    parts: dict[str, ir.Table],
    accounts: ir.Table,
    labels: Labels,
    rules: JourneyRules,
    as_of: int,
) -> ir.Table:
    """The journeys, as schema.JOURNEYS; `parts` are the sums by journey (visits, persons, pauses, deals, paths)."""
    known = accounts.select(
        "account_no",
        "tier",
        "industry",
        "country",
        account_owner="owner",
        segment=rules.segments.id_of(accounts),
    )
    joined = journeys.left_join(known, "account_no")
    for name in ("visits", "persons", "pauses", "paths"):
        joined = joined.left_join(parts[name], "journey_no", rname=f"{{name}}_{name}")
    joined = joined.left_join(parts["deals"], "journey_id", rname="{name}_deals")
    none = ibis.literal([], "array<string>")
    return joined.order_by("account_id", "number").select(
        "journey_id", "account_id", "number", "kind", started_at=moment(joined.started),
        last_step_at=moment(ibis.coalesce(joined.last_step, joined.last_sign)), ended_at=moment(joined.ended), outcome="outcome",
        days=days(ibis.coalesce(joined.ended, as_of) - joined.started), steps=joined.steps.fill_null(0), persons=joined.persons.fill_null(0),
        stage="stage", furthest_stage="furthest_stage", furthest_no="furthest_no", back_moves=joined.back_moves.fill_null(0),
        pauses=joined.times.fill_null(0), paused_days=joined.paused_days.fill_null(0.0), first_sales_at=moment(joined.first_sales),
        deal_ids=ibis.coalesce(joined.deal_ids, none), won_value=joined.won_value.fill_null(0.0), deal_value=joined.deal_value.fill_null(0.0),
        currency="currency", lost_reason="lost_reason", owner=ibis.coalesce(joined.owner, joined.account_owner), segment="segment", tier="tier",
        industry="industry", country="country", path=ibis.coalesce(joined.path, none), path_hash="path_hash",
    )  # fmt: skip


def journey_parts(
    visits: ir.Table, center: ir.Table, pauses: ir.Table, models: StageModels, as_of: int
) -> dict[str, ir.Table]:
    """What visits, persons and pauses add up to, by journey."""
    stays = visits.group_by("journey_no").agg(
        stage=visits.stage.argmax(visits.visit_no),
        furthest_no=visits.stage_no.max(),
        back_moves=visits.count(where=visits.back),
        model=visits.model.min(),
    )
    lain = (ibis.coalesce(pauses.over, as_of) - pauses.begun).sum()
    return {
        "visits": with_stage(stays, models, "furthest_no", "furthest_stage"),
        "persons": center.group_by("journey_no").agg(persons=center.count()),
        "pauses": pauses.group_by("journey_no").agg(times=pauses.count(), paused_days=days(lain)),
    }
