"""Times on ice: no sign of life for longer than the pause limit, inside a journey."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import FOREVER
from etappe.journeys.lookups import STEP
from etappe.journeys.making import Making, windows_of, within


def make_pauses(
    signs: ir.Table, journeys: ir.Table, visits: ir.Table, contacts: ir.Table, entries: ir.Table, making: Making
) -> ir.Table:
    """journey_no, account_no, begun, over (null while it lasts), stage_no, model, revived_by."""
    quiet = signs.filter(signs["first"] - signs.before > making.pause).select("account_no", "before", at="first")
    windows = windows_of(journeys, "journey_no", "started")
    inside = quiet.join(windows, within(quiet, windows))
    begun = ibis.greatest(inside.before, inside.started)
    ended = inside.select("journey_no", "account_no", begun=begun, over="at")
    waiting = journeys.filter(journeys.ended.isnull())
    lasting = waiting.select("journey_no", "account_no", begun="last_sign", over=ibis.null("int64"))
    every = ibis.union(ended, lasting).distinct()
    every = every.filter(ibis.coalesce(every.over, making.now) - every.begun > making.pause)
    stays = visits.select(
        "model", "stage_no", of_journey="journey_no", entered="entered", gone=visits.left.fill_null(FOREVER)
    )
    same = every.journey_no == stays.of_journey
    staged = every.join(stays, [same, every.begun >= stays.entered, every.begun < stays.gone])
    pauses = staged.select("journey_no", "account_no", "begun", "over", "model", "stage_no")
    return making.keep("pauses", _revived(making.keep("plain_pauses", pauses), contacts, entries, making))


def _revived(pauses: ir.Table, contacts: ir.Table, entries: ir.Table, making: Making) -> ir.Table:
    """With what each pause ended: a touchpoint, else the stage of a deal, else a deal."""
    met = contacts.filter((contacts.state == STEP) & ~contacts.touchpoint.isin(making.silent))
    met = met.select("account_no", "touchpoint", over="at").join(pauses, ["account_no", "over"])
    touched = met.group_by("journey_no", "over").agg(touch=met.touchpoint.min())
    moved = entries.group_by("account_no", over=entries["at"]).agg(written=entries.written.min())
    joined = pauses.left_join(touched, ["journey_no", "over"]).left_join(moved, ["account_no", "over"])
    otherwise = ibis.ifelse(joined.over.notnull(), ibis.literal("deal"), ibis.null("string"))
    by = ibis.coalesce(making.labels.name(joined.touch), joined.written, otherwise)
    return joined.select("journey_no", "account_no", "begun", "over", "model", "stage_no", revived_by=by)
