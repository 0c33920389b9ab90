"""What a change of rules would move, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.tables.engine import Engine


def preview(before: Mapping[str, ir.Table], after: Mapping[str, ir.Table], engine: Engine) -> list[dict[str, Any]]:
    """Which journeys would stand elsewhere: two builds compared, journey by journey (account and number).

    Parameters
    ----------
    before, after : mapping of name to table
        The tables of two builds; `journeys` is looked at.
    engine : Engine

    Returns
    -------
    list of dict
        One row a move, the largest first: from_stage, from_outcome, to_stage, to_outcome (None where the journey does
        not exist on that side), accounts (each account once, with its latest journey that moves), journeys, deal_value
        and currency ("mixed" where there are several). Empty where nothing moves.
    """
    old, new = _places(before["journeys"], "from"), _places(after["journeys"], "to")
    both = old.outer_join(new, [old.from_account == new.to_account, old.from_number == new.to_number])
    account = ibis.coalesce(both.from_account, both.to_account)
    number = ibis.coalesce(both.from_number, both.to_number)
    joined = both.select(
        "from_stage", "from_outcome", "to_stage", "to_outcome", account=account, number=number,
        value=ibis.coalesce(both.from_value, both.to_value, 0.0), currency=ibis.coalesce(both.from_currency, both.to_currency),
    )  # fmt: skip
    moved = joined.filter(
        ~(joined.from_stage.identical_to(joined.to_stage) & joined.from_outcome.identical_to(joined.to_outcome))
    )
    latest = moved.number == moved.number.max().over(group_by=moved.account)
    marked = engine.keep("moved_journeys", moved.mutate(latest=latest))
    grouped = marked.group_by("from_stage", "from_outcome", "to_stage", "to_outcome").agg(
        accounts=marked.count(where=marked.latest), journeys=marked.count(), deal_value=marked.value.sum(),
        currencies=marked.currency.nunique(), only=marked.currency.min(),
    )  # fmt: skip
    named = grouped.mutate(currency=ibis.ifelse(grouped.currencies > 1, ibis.literal("mixed"), grouped.only))
    order = [ibis.desc("deal_value"), ibis.desc("journeys"), "from_stage", "from_outcome", "to_stage", "to_outcome"]
    return engine.rows(named.drop("currencies", "only").order_by(order))


def _places(journeys: ir.Table, side: str) -> ir.Table:
    columns = {
        "account": "account_id",
        "number": "number",
        "stage": "stage",
        "outcome": "outcome",
        "value": "deal_value",
    }
    return journeys.select(
        **{f"{side}_{name}": column for name, column in columns.items()}, **{f"{side}_currency": "currency"}
    )
