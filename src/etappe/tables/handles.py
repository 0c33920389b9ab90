"""Whom the events name: every distinct set of identifiers and companies on an event, once.

A visitor's hundred page views say the same of who it was, so they are looked at once: identity counts handles instead
of events, and journeys decide whose an event is by its handle.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.tables import functions
from etappe.tables.engine import Engine
from etappe.words.kinds import WEB_KINDS

HINTS = (
    "contact_ref", "email", "user_id", "cookie", "phone", "account_ref", "deal_ref", "domain", "company_name", "participants",
)  # fmt: skip


def handle_of(events: ir.Table) -> ir.Value:
    """One number for all that an event says of who it was with; not for longer than a build."""
    return _number(events, _visit(events))


def _number(rows: ir.Table, visit: ir.BooleanValue) -> ir.Value:
    guests = rows.participants
    # None at all and an empty list are two things; joined, they would be one.
    listed = ibis.ifelse(guests.notnull(), ibis.literal("+") + guests.join("\x1f").fill_null(""), ibis.null("string"))
    texts = [rows[name] for name in HINTS if name != "participants"]
    return functions.fingerprint(rows.source, visit.cast("string"), *texts, listed)


def _visit(events: ir.Table) -> ir.BooleanValue:
    return events.kind.isin(WEB_KINDS)


def gather(events: ir.Table) -> ir.Table:
    """The distinct handles of events, not computed yet.

    Columns: handle, source, visit (of a kind whose company comes from the network), HINTS, seen (number of events),
    first_at, last_at.
    """
    # Grouped by the hints themselves and numbered then: of a group's keys the engine spills any number, of texts that it
    # gathers for a group none.
    rows = events.select("source", "happened_at", *HINTS, visit=_visit(events))
    grouped = rows.group_by("source", "visit", *HINTS).agg(
        seen=rows.count(), first_at=rows.happened_at.min(), last_at=rows.happened_at.max()
    )
    return grouped.mutate(handle=_number(grouped, grouped.visit))


def with_handles(evidence: Mapping[str, ir.Table], events: ir.Table, engine: Engine) -> dict[str, ir.Table]:
    """The evidence with the table `handles` of its events; where it has that already, as it is."""
    if "handles" in evidence:
        return dict(evidence)
    return {**evidence, "handles": engine.keep("handles", gather(events), on_disk=True)}
