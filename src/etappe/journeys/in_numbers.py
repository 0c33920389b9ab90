"""The steps as numbers: which stay, which way of meeting something, when.

There are some hundred ways (touchpoint, channel, kind, …) in some million steps. Each is numbered once, so that what
counts steps reads, joins and sorts whole numbers, and looks at the words of a way once each.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from etappe.words.kinds import NO_NAME

HOW = ("kind", "direction", "sales")
TOUCH = ("touchpoint", "channel", *HOW)
USE = ("content", *HOW)


def touch_ways(steps: ir.Table) -> ir.Table:
    """The ways in which touchpoints are met, in order, as schema.TOUCH_WAYS."""
    return _listed(steps, TOUCH)


def use_ways(steps: ir.Table) -> ir.Table:
    """The ways in which content is used, in order, as schema.USE_WAYS."""
    # Addresses are cut to paths once each, not once a step.
    called = steps.select("content", "url", *HOW, name=is_key(steps.content).ifelse(steps.name, ibis.null("string"))).distinct()
    called = called.filter(called.content.notnull() | called.url.notnull())
    return _listed(called.mutate(content=content_of(called)), USE)


def numbered_steps(steps: ir.Table, stays: ir.Table, ways: ir.Table) -> ir.Table:
    """The steps in order of journey and time, as schema.NUMBERED_STEPS."""
    placed = in_stays(steps, stays)
    found = by_way(placed, ways, TOUCH)
    return found.select(
        "stay", "seq", "way", "happened_at", online=found.online.fill_null(False), ends=found.next_touchpoint.isnull()
    ).order_by("stay", "seq")


def content_of(steps: ir.Table) -> ir.StringValue:
    """The content of a step: of a page without a name the path of its address.

    Where a system says a key that only it can read (HubSpot of a form), it is the title, else the page it was met on.
    """
    path = steps.url.re_extract("^[a-zA-Z]+://[^/?#]*([^?#]*)", 1).re_replace("(.)/+$", "\\1")
    page = ibis.cases((path.length() > 0, path), (steps.url.notnull(), "/"))
    titled = ibis.coalesce(steps.name.nullif(""), page, ibis.literal(NO_NAME) + steps.content.substr(0, 8))
    return ibis.coalesce(is_key(steps.content).ifelse(titled, steps.content), page)


def is_key(content: ir.StringValue) -> ir.BooleanValue:
    """Whether a content is called by a UUID; told by its length and hyphens, since every step is asked."""
    hyphens = [content.substr(place, 1) == "-" for place in (8, 13, 18, 23)]
    return ibis.and_(content.notnull(), content.length() == 36, *hyphens).fill_null(False)


def in_stays(rows: ir.Table, stays: ir.Table) -> ir.Table:
    """Steps with the number of the stay they are in."""
    return rows.inner_join(stays.select("stay", "journey_id", "visit_no"), ["journey_id", "visit_no"])


def by_way(rows: ir.Table, ways: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Rows with the number of their way; nothing is the same as nothing here."""
    named = ways.rename({f"way_{key}": key for key in keys})
    same = [rows[key].identical_to(named[f"way_{key}"]) for key in keys]
    return rows.inner_join(named, same).select(*rows.columns, "way")


def _listed(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    ways = rows.select(*keys).distinct()
    order = [part for key in keys for part in (ways[key].isnull(), ways[key])]  # engines differ in where nothing stands
    return ways.mutate(way=ibis.row_number().over(order_by=order)).select("way", *keys)
