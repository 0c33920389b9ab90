"""Times on ice: no sign of life for longer than the pause limit, inside a journey."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import DAY, FOREVER
from etappe.journeys.contacts import STEP
from etappe.journeys.labels import Labels
from etappe.journeys.rules import Limits
from etappe.tables.engine import Engine


def make_pauses(
    signs: ir.Table,
    journeys: ir.Table,
    visits: ir.Table,
    contacts: ir.Table,
    entries: ir.Table,
    labels: Labels,
    limits: Limits,
    engine: Engine,
    as_of: int,
) -> ir.Table:
    """journey_no, account_no, begun, over (null while it lasts), stage_no, model, revived_by."""
    limit = int(limits.pause_days * DAY)
    quiet = signs.filter(signs.first - signs.before > limit).select("account_no", "before", over="first")
    windows = journeys.select(
        "journey_no", "started", window_account="account_no", from_at="from_at", to_at="to_at"
    )
    inside = quiet.join(
        windows,
        [
            quiet.account_no == windows.window_account,
            quiet.over >= windows.from_at,
            quiet.over <= windows.to_at,
        ],
    )
    ended = inside.select(
        "journey_no", "account_no", begun=ibis.greatest(inside.before, inside.started), over="over"
    )
    waiting = journeys.filter(journeys.ended.isnull())
    lasting = waiting.select("journey_no", "account_no", begun="last_sign", over=ibis.null("int64"))
    every = ibis.union(ended, lasting)
    every = every.filter(ibis.coalesce(every.over, as_of) - every.begun > limit).distinct()
    stays = visits.select(
        "model",
        "stage_no",
        visit_journey="journey_no",
        entered="entered",
        gone=ibis._.left.fill_null(FOREVER),
    )
    staged = every.join(
        stays,
        [every.journey_no == stays.visit_journey, every.begun >= stays.entered, every.begun < stays.gone],
    )
    pauses = engine.keep(
        "pauses", staged.select("journey_no", "account_no", "begun", "over", "model", "stage_no")
    )
    return engine.keep("revived_pauses", _revived(pauses, contacts, entries, labels))


def _revived(pauses: ir.Table, contacts: ir.Table, entries: ir.Table, labels: Labels) -> ir.Table:
    """With what each pause ended: a touchpoint, else the stage of a deal."""
    met = contacts.filter(contacts.state == STEP).select(
        met_account="account_no", met_at="at", met="touchpoint"
    )
    by_touch = pauses.join(met, [("account_no", "met_account"), ("over", "met_at")])
    touched = by_touch.group_by("journey_no", "over").agg(touch=by_touch.met.min())
    moved = entries.group_by(moved_account=entries.account_no, moved_at=entries["at"]).agg(
        written=entries.written.min()
    )
    joined = pauses.left_join(touched, ["journey_no", "over"]).left_join(
        moved, [("account_no", "moved_account"), ("over", "moved_at")]
    )
    by = ibis.coalesce(
        labels.name(joined.touch),
        joined.written,
        ibis.ifelse(joined.over.notnull(), "deal", ibis.null("string")),
    )
    return joined.select("journey_no", "account_no", "begun", "over", "model", "stage_no", revived_by=by)
