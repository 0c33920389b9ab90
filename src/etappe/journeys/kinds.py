"""Which deals belong to a journey, and which kind of journey that makes it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.rules import Limits
from etappe.tables.engine import Engine


def tie_deals(deals: ir.Table, episodes: ir.Table, engine: Engine) -> ir.Table:
    """deal_id, account_no, number: the journey of each deal that has one, each deal once.

    A closed deal belongs to the journey in which it was closed, an open one to the last journey of its account.
    """
    owned = deals.filter(deals.account_no.notnull() & deals.opened.notnull())
    closed = owned.filter(owned.closed.notnull()).select("deal_id", "account_no", "closed")
    windows = episodes.select(window_account="account_no", number="number", from_at="from_at", to_at="to_at")
    inside = closed.join(
        windows,
        [
            closed.account_no == windows.window_account,
            closed.closed >= windows.from_at,
            closed.closed <= windows.to_at,
        ],
    )
    waiting = owned.filter(owned.closed.isnull())
    last = episodes.group_by(window_account=episodes.account_no).agg(number=episodes.number.max())
    current = waiting.join(last, [("account_no", "window_account")])
    tied = ibis.union(
        inside.select("deal_id", "account_no", "number"), current.select("deal_id", "account_no", "number")
    )
    return engine.keep("tied_deals", tied)


def make_kinds(
    episodes: ir.Table, deals: ir.Table, tied: ir.Table, limits: Limits, engine: Engine
) -> ir.Table:
    """The episodes with `kind` and `journey_no`, a number over all accounts.

    After a purchase the kind is by the words in the type of its deals: renewal, expansion, else repurchase. Once the
    relation is lost (a lost renewal, a journey of a customer that fell dormant, a long silence after the purchase) it
    is a win-back, until the account buys again.
    """
    words = (
        tied.join(deals.select("deal_id", "type_word"), "deal_id")
        .group_by("account_no", "number")
        .agg(
            renews=ibis._.type_word.isin(limits.renewal or ("\x00",)).any(),
            expands=ibis._.type_word.isin(limits.expansion or ("\x00",)).any(),
        )
    )
    joined = episodes.left_join(words, ["account_no", "number"])
    joined = joined.mutate(renews=joined.renews.fill_null(False), expands=joined.expands.fill_null(False))
    typed = engine.keep("typed_episodes", joined.select(*episodes.columns, "renews", "expands"))
    # Places in time: what happens at the end of journey n stands at 2n, what happens before it began at 2n - 1.
    place = typed.number * 2
    nothing = ibis.literal(-1, "int64")
    won = ibis.ifelse(typed.outcome == "won", place, nothing)
    lost = ibis.ifelse(
        (typed.outcome == "dormant") | ((typed.outcome == "lost") & typed.renews), place, nothing
    )
    marked = typed.mutate(won_at=won, lost_at=lost, drifted_at=ibis.ifelse(typed.late, place - 1, nothing))
    earlier = ibis.window(group_by=marked.account_no, order_by=marked.number, rows=(None, -1))
    so_far = ibis.window(group_by=marked.account_no, order_by=marked.number, rows=(None, 0))
    history = marked.mutate(
        last_won=marked.won_at.max().over(earlier).fill_null(-1),
        last_lost=ibis.greatest(
            marked.lost_at.max().over(earlier).fill_null(-1), marked.drifted_at.max().over(so_far)
        ),
    )
    kind = ibis.cases(
        (history.last_won < 0, "first_purchase"), (history.last_lost > history.last_won, "win_back"),
        (history.renews, "renewal"), (history.expands, "expansion"), else_="repurchase",
    )  # fmt: skip
    number = ibis.row_number().over(order_by=[history.account_no, history.number])
    return engine.keep(
        "journeys_in_time", history.select(*episodes.columns, kind=kind, journey_no=number.cast("int32"))
    )
