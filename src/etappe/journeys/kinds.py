"""Which deals belong to a journey, and which kind of journey that makes it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.making import Making, windows_of, within


def tie_deals(deals: ir.Table, episodes: ir.Table, making: Making) -> ir.Table:
    """deal_id, account_no, number: the journey of each deal that has one, each deal once.

    A closed deal belongs to the journey in which it was closed, an open one to the last journey of its account.
    """
    owned = deals.filter(deals.account_no.notnull() & (deals.opened <= making.now))
    closed = owned.filter(owned.closed.notnull()).select("deal_id", "account_no", at="closed")
    windows = windows_of(episodes, "number")
    inside = closed.join(windows, within(closed, windows)).select("deal_id", "account_no", "number")
    last = episodes.group_by("account_no").agg(number=episodes.number.max())
    current = owned.filter(owned.closed.isnull()).join(last, "account_no").select("deal_id", "account_no", "number")
    return making.keep("tied_deals", ibis.union(inside, current))


def make_kinds(episodes: ir.Table, deals: ir.Table, tied: ir.Table, making: Making) -> ir.Table:
    """The episodes with `kind` and `journey_no`, a number over all accounts.

    After a purchase the kind is by the words in the type of its deals: renewal, expansion, else repurchase. Once the
    relation is lost (a lost renewal, a journey of a customer that fell dormant, a long silence after the purchase) it
    is a win-back, until the account buys again.
    """
    typed = making.keep("typed_episodes", _typed(episodes, deals, tied, making))
    # Places in time: what happens at the end of journey n stands at 2n, what happens before it began at 2n - 1.
    place, never = typed.number * 2, ibis.literal(-1, "int64")
    lost = (typed.outcome == "dormant") | ((typed.outcome == "lost") & typed.renews)
    marked = typed.mutate(
        won_at=ibis.ifelse(typed.outcome == "won", place, never), lost_at=ibis.ifelse(lost, place, never),
        drifted_at=ibis.ifelse(typed.late, place - 1, never),
    )  # fmt: skip
    order = {"group_by": marked.account_no, "order_by": marked.number}
    drifted = marked.drifted_at.max().over(**order, rows=(None, 0))
    history = marked.mutate(
        last_won=marked.won_at.max().over(**order, rows=(None, -1)).fill_null(-1),
        last_lost=ibis.greatest(marked.lost_at.max().over(**order, rows=(None, -1)).fill_null(-1), drifted),
    )
    kind = ibis.cases(
        (history.last_won < 0, "first_purchase"), (history.last_lost > history.last_won, "win_back"),
        (history.renews, "renewal"), (history.expands, "expansion"), else_="repurchase",
    )  # fmt: skip
    number = ibis.row_number().over(order_by=[history.account_no, history.number]).cast("int32")
    return making.keep("journeys_in_time", history.select(*episodes.columns, kind=kind, journey_no=number))


def _typed(episodes: ir.Table, deals: ir.Table, tied: ir.Table, making: Making) -> ir.Table:
    """With `renews` and `expands`: whether a deal's type says so."""
    limits, none = making.rules.limits, ("\x00",)
    words = tied.join(deals.select("deal_id", "type_word"), "deal_id")
    spoken = words.group_by("account_no", "number").agg(
        renews=words.type_word.isin(limits.renewal or none).any(),
        expands=words.type_word.isin(limits.expansion or none).any(),
    )
    joined = episodes.left_join(spoken, ["account_no", "number"])
    flags = {name: joined[name].fill_null(False) for name in ("renews", "expands")}
    return joined.select(*episodes.columns, **flags)
