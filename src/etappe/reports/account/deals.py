"""Deals as bars over time: won is full, lost is crossed out, open has no end; each says so in words as
well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from etappe.reports.account.axis import Axis
from etappe.reports.account.reading import Deal
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Rect, Scene, Text, glyph, hatch, line
from etappe.reports.formats import date, money
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES, SMALLEST

MOST_DEALS: Final = 8
ROW: Final = 13.5


def deal_rows(deals: Sequence[Deal]) -> tuple[list[Deal], int]:
    """The deals to draw, in order of time, and how many are left to the table: the largest are kept."""
    dated = [deal for deal in deals if deal.start or deal.end]
    ranked = sorted(dated, key=lambda d: (d.status != "open", -(d.amount or 0.0), d.name))[:MOST_DEALS]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(ranked, key=lambda d: (d.start or d.end or far, d.name)), len(deals) - len(ranked)


def draw_deal(
    scene: Scene,
    deal: Deal,
    axis: Axis,
    y: float,
    until: dt.datetime,
    words: Words,
    measure: Measure,
    zone: str,
) -> float:
    """One deal; returns where its row ends."""
    start = deal.start or deal.end or until
    left = axis.x(start)
    right = max(axis.x(deal.end or max(until, start)), left + 3.0)
    middle, half = y + ROW / 2, 4.4
    if deal.status == "won":
        scene.add(Rect(left, middle - half, right - left, 2 * half, "accent"))
    elif deal.status == "lost":
        scene.add(
            Rect(left, middle - half, right - left, 2 * half, "page"),
            hatch(left, middle - half, right - left, 2 * half, "contradicted", 3.0),
        )
        scene.add(Rect(left, middle - half, right - left, 2 * half, None, "contradicted", 0.9))
    else:
        scene.add(line(left, middle - half, left, middle + half, "ink", 1.0))
        for edge in (middle - half, middle + half):
            scene.add(line(left, edge, right, edge, "ink", 0.8, (3.0, 2.0)))
    status = words.term("outcome", deal.status)
    facts = [
        deal.name or words("t_deal"),
        money(deal.amount, deal.currency, words.language) if deal.amount is not None else "",
        f"{status} {date(deal.end, words.language, zone)}" if deal.end else status,
    ]
    text = " · ".join(fact for fact in facts if fact)
    _caption(scene, text, deal.status, left, right, middle, axis, measure)
    return y + ROW


def _caption(
    scene: Scene,
    text: str,
    status: str,
    left: float,
    right: float,
    middle: float,
    axis: Axis,
    measure: Measure,
) -> None:
    """The words beside the bar where they fit whole, else on it, else clipped on the roomier side."""
    shape, colour = OUTCOMES[status]
    width = measure.width(text, SMALLEST) + 15
    after, before, base = axis.right - right, left - axis.left, middle + 2.4
    if width > after and width <= right - left - 6:
        tone = "page" if status == "won" else "ink"
        if status != "won":
            scene.add(Rect(left + 3, middle - 4.2, width + 2, 8.4, "page"))
        scene.add(glyph(shape, left + 8, middle, 3.0, "page" if status == "won" else colour))
        scene.add(Text(left + 15, base, text, SMALLEST, tone, 530 if status == "won" else 400, width=width))
    elif width <= after or after >= before:
        shown = measure.clip(text, max(after - 15, 0), SMALLEST)
        scene.add(glyph(shape, right + 7, middle, 3.0, colour))
        scene.add(Text(right + 14, base, shown, SMALLEST, "ink", width=max(after - 13, 4)))
    else:
        shown = measure.clip(text, max(before - 15, 0), SMALLEST)
        scene.add(glyph(shape, left - 7, middle, 3.0, colour))
        scene.add(Text(left - 14, base, shown, SMALLEST, "ink", anchor="end", width=max(before - 13, 4)))
