"""What the steps and deals of a journey add up to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.making import Making
from etappe.tables import functions

PATH_LENGTH = 500


def sum_steps(placed: ir.Table, making: Making) -> ir.Table:
    """journey_no, steps, first_position, last_step, first_sales."""
    sales = placed.touchpoint.isin(making.touchpoints(lambda touchpoint: touchpoint.sales))
    grouped = placed.group_by("journey_no").agg(
        steps=placed.count(), first_position=placed.position.min(), last_step=placed["at"].max(),
        first_sales=placed["at"].min(where=sales),
    )  # fmt: skip
    return making.keep("steps_of_journeys", grouped)


def make_paths(placed: ir.Table, making: Making) -> ir.Table:
    """journey_no, path, path_hash: the touchpoints in order, neighbours that are the same once.

    Position and touchpoint are packed into one number, so that sorting a list of numbers puts the path in order; a list
    gathered in order is a thing that not every engine can do.
    """
    width = len(making.labels.names) or 1
    turns = placed.filter(placed.previous.isnull() | (placed.previous != placed.touchpoint))
    packed = turns.select("journey_no", place=turns.position.cast("int64") * width + turns.touchpoint)
    gathered = making.keep("packed_paths", packed.group_by("journey_no").agg(places=packed.place.collect().sort()))
    whole = gathered.places.map(lambda place: making.labels.name(place % width))
    path = making.engine.view("whole_paths", gathered.select("journey_no", whole=whole))
    # A path is known by the words on it, so that the hash survives a change of the rules that leaves the path alone.
    number = functions.number_of(path.whole.join(" > "))
    return making.keep("paths", path.select("journey_no", path=path.whole[:PATH_LENGTH], path_hash=number))


def sum_deals(journey_deals: ir.Table, making: Making) -> ir.Table:
    """journey_id, deal_ids, won_value, deal_value, currency, lost_reason, deal_owner: the deals of each journey."""
    tied = journey_deals.filter(journey_deals.journey_id.notnull())
    amount = tied.amount.fill_null(0.0)
    closed = ibis.struct({"at": tied.closed_at, "id": tied.deal_id})
    opened = ibis.struct({"at": tied.opened_at, "id": tied.deal_id})
    grouped = tied.group_by("journey_id").agg(
        deal_ids=tied.deal_id.collect().sort(), won_value=ibis.ifelse(tied.status == "won", amount, 0.0).sum(),
        deal_value=amount.sum(), currencies=tied.currency.nunique(), only=tied.currency.min(),
        lost_reason=tied.lost_reason.argmax(closed, where=tied.lost_reason.notnull() & (tied.status == "lost")),
        deal_owner=tied.owner.argmax(opened, where=tied.owner.notnull()),
    )  # fmt: skip
    currency = ibis.ifelse(grouped.currencies > 1, ibis.literal("mixed"), grouped.only)
    return making.keep("deal_sums", grouped.mutate(currency=currency).drop("currencies", "only"))
