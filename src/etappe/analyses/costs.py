"""What channels and campaigns cost, beside the credit they get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.population import of_days
from etappe.words.kinds import CHANNELS
from etappe.words.result import Figure, Row
from etappe.words.said import said

# Where a platform's money goes, where it is not called like a channel itself, by words in its name; the first that fits.
PLATFORM_CHANNELS = (
    (("linkedin", "facebook", "meta", "instagram", "xing", "tiktok", "twitter", "x ads"), "paid social"),
    (("google", "adwords", "bing", "microsoft", "search"), "paid search"),
    (("display", "programmatic", "dv360", "adform"), "display"),
    (("messe", "trade show", "fair"), "fair"),
    (("webinar",), "webinar"),
    (("newsletter", "e-mail", "email"), "email"),
)
_NAMED = 3


@dataclass(frozen=True)
class Costs:
    """Money spent by channel or campaign (lower case), in one currency; "" is what no channel or campaign is known of."""

    spent: dict[str, float]
    currency: str | None = None
    called: Mapping[str, str] = field(default_factory=dict)

    def left_out(self, names: Iterable[str]) -> list[str]:
        """What the reader has to know of money that stands beside none of the rows, which have these names."""
        shown = {name.lower() for name in names}
        rest = {name: cost for name, cost in self.spent.items() if name not in shown and round(cost, 2)}
        if not rest:
            return []
        largest = [self.called.get(name, name) for name in sorted(rest, key=lambda name: -abs(rest[name])) if name][:_NAMED]
        listed = [*largest, *(["…"] if len(rest) > len(largest) else [])]
        whole = round(sum(rest.values()))
        money = said("{cost} {currency}", "{cost} {currency}", cost=whole, currency=self.currency) if self.currency else whole
        return [said("Costs of {money} stand in no row, because no touch that counts is theirs: {listed}.",
            "Kosten von {money} stehen in keiner Zeile, weil kein gezählter Kontakt zu ihnen gehört: {listed}.", money=money, listed=listed)]  # fmt: skip

    def beside(self, name: str, deals: Figure, value: Figure) -> Row:
        """Cost, cost per deal and return of one name; nothing where no cost is known."""
        cost = self.spent.get(name.lower())
        if cost is None:
            return {"cost": None, "cost_per_deal": None, "return": None}
        return {"cost": round(cost, 2), "cost_per_deal": _over(cost, deals), "return": _by(value, cost)}


def _over(cost: float, deals: Figure) -> Figure:
    """Cost per deal: the more deals, the less each; without an upper end where the credit may be nothing."""
    if deals.value is None:
        return deals
    if deals.value <= 0:
        return Figure(None, n=deals.n, why="no credit")
    if cost <= 0:
        return Figure(None, n=deals.n, why="no cost")
    high = cost / deals.low if deals.low else None
    return Figure(cost / deals.value, cost / deals.high if deals.high else None, high, deals.n)


def _by(value: Figure, cost: float) -> Figure:
    if value.value is None:
        return value
    if cost <= 0:
        return Figure(None, n=value.n, why="no cost")
    low, high = (None if end is None else end / cost for end in (value.low, value.high))
    return Figure(value.value / cost, low, high, value.n)


def costs_of(tables: Tables, params: Params, by: str, currency: str | None) -> tuple[Costs, list[str]]:
    """Costs in the period by channel (from the platform's name) or by campaign, in the currency of the deals."""
    if by not in ("channel", "campaign") or "costs" not in tables.evidence:
        return Costs({}), []
    costs = of_days(tables.costs, params)
    money = costs.currency.fill_null(currency or "").name("money")
    summed = costs.group_by(money, "platform", "campaign").agg(
        cost=costs.cost.sum(), rows=costs.count(), negative=(costs.cost < 0).ifelse(1, 0).sum(), first=costs.day.min()
    )
    rows: list[dict[str, Any]] = tables.engine.rows(summed)
    spent: dict[str, float] = {}
    called: dict[str, str] = {}
    caveats = tables.costs_told()
    other = sorted({row["money"] for row in rows if row["money"] != (currency or row["money"])})
    for row in rows:
        if row["money"] in other or row["cost"] is None:
            continue
        name = (_channel(row["platform"]) if by == "channel" else row["campaign"]) or ""
        called[name.lower()] = name
        spent[name.lower()] = spent.get(name.lower(), 0.0) + row["cost"]
    if other:
        caveats.append(said("Costs in {other} are left out: the deals are in {currency}.",
            "Kosten in {other} fehlen: Die Verkaufschancen sind in {currency}.", other=other, currency=currency))  # fmt: skip
    negative = sum(row["negative"] or 0 for row in rows)
    if negative:
        one = negative == 1
        caveats.append(said("{n} cost row is negative (a refund); it is taken off." if one else "{n} cost rows are negative (refunds); they are taken off.",
            "{n} Zeile mit Kosten ist negativ (eine Erstattung); sie ist abgezogen." if one else "{n} Zeilen mit Kosten sind negativ (Erstattungen); sie sind abgezogen.", n=negative))  # fmt: skip
    if not rows:
        caveats.append(said("No costs are known for this period, so there is no cost per deal and no return.",
            "Für diesen Zeitraum sind keine Kosten bekannt, also gibt es weder Kosten je Verkaufschance noch Rendite."))  # fmt: skip
    return Costs(spent, currency or next((row["money"] for row in rows if row["money"]), None), called), caveats


def _channel(platform: str | None) -> str | None:
    text = (platform or "").lower().strip()
    if text in CHANNELS:
        return text
    return next((channel for words, channel in PLATFORM_CHANNELS if any(word in text for word in words)), None)
