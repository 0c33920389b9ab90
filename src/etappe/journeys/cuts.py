"""Where an account's history is cut into journeys: at won and lost deals, and where it fell silent.

A *sign* is whatever says that a journey lives: an event that is not silent, and each opening, stage and close of a
deal. Of the events, the first and the last of each week or so are enough: silences are longer than that.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import DAY, FOREVER
from etappe.journeys.lookups import STEP
from etappe.journeys.making import Making


def make_ends(deals: ir.Table, making: Making) -> ir.Table:
    """account_no, end, outcome, still_open: moments at which closed deals end a journey.

    Deals closed within the close window end one journey together, won if any is won. A lost close ends nothing while
    another deal is open.
    """
    closed = deals.filter(deals.closed.notnull() & deals.account_no.notnull())
    order = {"group_by": closed.account_no, "order_by": [closed.closed, closed.deal_id]}
    previous = closed.closed.lag().over(**order)
    new = (previous.isnull() | (closed.closed - previous > making.close_window)).cast("int64")
    marked = closed.select("account_no", "closed", "deal_id", won=closed.result == "won", new=new)
    number = marked.new.sum().over(group_by=marked.account_no, order_by=[marked.closed, marked.deal_id], rows=(None, 0))
    numbered = marked.mutate(number=number)
    grouped = numbered.group_by("account_no", "number").agg(end=numbered.closed.max(), won=numbered.won.any())
    closes = making.keep("closes", grouped)
    others = _open_spans(deals)
    same = closes.account_no == others.other_account
    across = closes.join(others, [same, others.opened <= closes.end, others.shut > closes.end])
    opened = across.group_by("account_no", "number").agg(still_open=across.count())
    joined = closes.left_join(opened, ["account_no", "number"])
    ends = joined.filter(joined.won | joined.still_open.isnull())
    outcome = ibis.ifelse(ends.won, "won", "lost")
    return making.keep("ends", ends.select("account_no", "end", outcome=outcome, still_open=ends.still_open.notnull()))


def _open_spans(deals: ir.Table) -> ir.Table:
    known = deals.filter(deals.account_no.notnull() & deals.opened.notnull())
    return known.select(other_account="account_no", opened="opened", shut=known.closed.fill_null(FOREVER))


def make_signs(contacts: ir.Table, deals: ir.Table, entries: ir.Table, ends: ir.Table, making: Making) -> ir.Table:
    """account_no, first, last, ends, before, after_end: signs of life in order, with the last sign `before` each."""
    active = _active_times(contacts, ends, making)
    owned = deals.filter(deals.account_no.notnull())
    carried = ends.filter(ends.still_open)
    # A deal that stays open when another one ends the journey is the first sign of the next journey.
    marks = ibis.union(
        owned.select("account_no", at="opened"), entries.select("account_no", "at"),
        owned.select("account_no", at="closed"), carried.select("account_no", at=carried.end + 1),
    )  # fmt: skip
    marks = marks.filter(marks["at"].notnull() & (marks["at"] <= making.now)).distinct()
    no_end, one_end = ibis.literal(0, "int8"), ibis.literal(1, "int8")
    signs = ibis.union(
        active.select("account_no", "first", "last", ends=no_end),
        marks.select("account_no", first="at", last="at", ends=no_end),
        ends.select("account_no", first="end", last="end", ends=one_end),
    )
    # An end stands behind everything of its moment, so that what follows it in order is later.
    order = {"group_by": signs.account_no, "order_by": [signs["first"], signs.ends, signs["last"]]}
    before = signs["last"].max().over(**order, rows=(None, -1))
    after_end = signs.ends.lag().over(**order).fill_null(0) == 1
    return making.keep("signs", signs.mutate(before=before, after_end=after_end))


def _active_times(contacts: ir.Table, ends: ir.Table, making: Making) -> ir.Table:
    """account_no, first, last: an account's first and last sign of each span of time; a span with an end counts as two.

    Spans are as long as the close window, so that no span has two ends and no silence that counts hides in one.
    """
    width = max(DAY, min(making.close_window, making.pause) // DAY * DAY)
    spans = ends.group_by(end_account=ends.account_no, span=ends.end // width).agg(end=ends.end.max())
    live = contacts.filter((contacts.state == STEP) & ~contacts.touchpoint.isin(making.silent))
    live = live.select("account_no", "at", span=live["at"] // width)
    cut = live.left_join(spans, [("account_no", "end_account"), ("span", "span")])
    late = (cut["at"] > cut.end).fill_null(False)
    parts = cut.select("account_no", "span", "at", late=late)
    return parts.group_by("account_no", "span", "late").agg(first=parts["at"].min(), last=parts["at"].max())


def make_episodes(signs: ir.Table, ends: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """One row a journey.

    Columns: account_no, number, first_sign, last_sign, started, ended (null while open), outcome, from_at and to_at
    (the moments whose events are its steps, both included), late (it began after so long a silence after a purchase
    that the relation had ended).
    """
    numbered = making.keep("numbered_starts", _numbered(making.keep("starts", _starts(signs, deals, making)), signs))
    joined = numbered.left_join(ends.select("account_no", close="end", deal_outcome="outcome"), ["account_no", "close"])
    waiting = deals.filter(deals.account_no.notnull() & deals.closed.isnull() & (deals.opened <= making.now))
    waiting = waiting.select(open_account="account_no").distinct()
    joined = joined.left_join(waiting, [("account_no", "open_account")])
    closed = joined.close.notnull()
    silent = ~joined.is_last | (joined.open_account.isnull() & (making.now - joined.last_sign > making.dormancy))
    outcome = ibis.cases((closed, joined.deal_outcome), (silent, "dormant"), else_="open")
    fell = joined.last_sign + making.dormancy
    ended = ibis.cases((closed, joined.last_sign), (silent, fell), else_=ibis.null("int64"))
    done = joined.select("account_no", "number", "first_sign", "last_sign", outcome=outcome, ended=ended)
    return making.keep("episodes", _spans(making.keep("ended_episodes", done), making))


def _starts(signs: ir.Table, deals: ir.Table, making: Making) -> ir.Table:
    """The signs that begin a journey: the first, the first after an end, the first after a silence without open deal."""
    long = (signs["first"] - signs.before > making.dormancy).fill_null(False)
    others = _open_spans(deals)
    broken = signs.filter(long & ~signs.after_end)
    same = broken.account_no == others.other_account
    bridged = broken.semi_join(others, [same, others.opened <= broken.before, others.shut >= broken["first"]])
    bridged = bridged.select("account_no", "first", bridged=ibis.literal(True)).distinct()
    found = signs.filter(signs.before.isnull() | signs.after_end | long).left_join(bridged, ["account_no", "first"])
    kept = found.filter(found.before.isnull() | found.after_end | found.bridged.isnull())
    return kept.select("account_no", "first", "before", "after_end")


def _numbered(starts: ir.Table, signs: ir.Table) -> ir.Table:
    """account_no, number, first_sign, last_sign, close (the last sign, where that is an end), is_last."""
    end = ibis.ifelse(signs.ends == 1, signs["last"], ibis.null("int64")).max()
    totals = signs.group_by("account_no").agg(last_of_all=signs["last"].max(), last_end=end)
    order = {"group_by": starts.account_no, "order_by": starts["first"]}
    numbered = starts.select(
        "account_no", number=(ibis.row_number().over(**order) + 1).cast("int64"), first_sign="first",
        next_before=starts.before.lead().over(**order), next_after_end=starts.after_end.lead().over(**order),
    ).left_join(totals, "account_no")  # fmt: skip
    is_last = numbered.next_before.isnull()
    last_sign = ibis.coalesce(numbered.next_before, numbered.last_of_all)
    closed = ibis.ifelse(is_last, numbered.last_end == numbered.last_of_all, numbered.next_after_end).fill_null(False)
    close = ibis.ifelse(closed, last_sign, ibis.null("int64"))
    return numbered.select("account_no", "number", "first_sign", last_sign=last_sign, close=close, is_last=is_last)


def _spans(done: ir.Table, making: Making) -> ir.Table:
    """The journey of a customer begins with the win before it, unless the silence after that was too long."""
    order = {"group_by": done.account_no, "order_by": done.number}
    before = done.mutate(previous_end=done.ended.lag().over(**order), previous=done.outcome.lag().over(**order))
    after_win = (before.previous == "won").fill_null(False)
    follows = after_win & (before.first_sign - before.previous_end <= making.dormancy)
    return before.select(
        "account_no", "number", "first_sign", "last_sign", "outcome", "ended",
        started=ibis.ifelse(follows, before.previous_end, before.first_sign),
        from_at=ibis.ifelse(follows, before.previous_end + 1, before.first_sign),
        to_at=before.ended.fill_null(FOREVER), late=after_win & ~follows,
    )  # fmt: skip
