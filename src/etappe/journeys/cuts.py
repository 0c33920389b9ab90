"""Where an account's history is cut into journeys: at won and lost deals, and where it fell silent.

A *sign* is whatever says that a journey lives: an event that is not silent, and each opening, stage and close of a
deal. Events are signs by the day (first and last of the day), which is all that silences of days need.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import DAY, FOREVER
from etappe.journeys.contacts import STEP, silent_numbers
from etappe.journeys.labels import Labels
from etappe.journeys.rules import JourneyRules, Limits
from etappe.tables.engine import Engine


def make_ends(deals: ir.Table, limits: Limits, engine: Engine) -> ir.Table:
    """account_no, end, outcome, still_open: moments at which closed deals end a journey.

    Deals closed within the close window end one journey together, won if any is won. A lost close ends nothing while
    another deal is open.
    """
    closed = deals.filter(deals.closed.notnull() & deals.account_no.notnull())
    order = [closed.closed, closed.deal_id]
    previous = closed.closed.lag().over(group_by=closed.account_no, order_by=order)
    window = int(limits.close_window_days * DAY)
    marked = closed.select(
        "account_no",
        "closed",
        "deal_id",
        won=closed.result == "won",
        new=(previous.isnull() | (closed.closed - previous > window)).cast("int64"),
    )
    number = marked.new.sum().over(
        group_by=marked.account_no, order_by=[marked.closed, marked.deal_id], rows=(None, 0)
    )
    group = (
        marked.mutate(number=number)
        .group_by("account_no", "number")
        .agg(end=marked.closed.max(), won=marked.won.any())
    )
    groups = engine.keep("closes", group)
    others = deals.filter(deals.account_no.notnull()).select(
        other_account="account_no", opened="opened", shut=ibis._.closed.fill_null(FOREVER)
    )
    across = groups.join(
        others,
        [groups.account_no == others.other_account, others.opened <= groups.end, others.shut > groups.end],
    )
    opened = across.group_by("account_no", "number").agg(still_open=across.count())
    joined = groups.left_join(opened, ["account_no", "number"])
    ends = joined.filter(joined.won | joined.still_open.isnull())
    return engine.keep(
        "ends",
        ends.select(
            "account_no",
            "end",
            outcome=ibis.ifelse(ends.won, "won", "lost"),
            still_open=ends.still_open.notnull(),
        ),
    )


def make_signs(
    contacts: ir.Table,
    labels: Labels,
    rules: JourneyRules,
    deals: ir.Table,
    entries: ir.Table,
    ends: ir.Table,
    engine: Engine,
    as_of: int,
) -> ir.Table:
    """account_no, first, last, ends, before, after_end: signs of life in order, with the last sign `before` each."""
    days = ends.group_by(end_account=ends.account_no, end_day=ends.end // DAY).agg(end=ends.end.max())
    live = contacts.filter(
        (contacts.state == STEP) & ~contacts.touchpoint.isin(silent_numbers(labels, rules))
    )
    live = live.select("account_no", "at", day=live.at // DAY)
    cut = live.left_join(days, [("account_no", "end_account"), ("day", "end_day")])
    cut = cut.select("account_no", "at", "day", late=(cut.at > cut.end).fill_null(False))
    daily = cut.group_by("account_no", "day", "late").agg(first=cut.at.min(), last=cut.at.max())
    owned = deals.filter(deals.account_no.notnull())
    carried = ends.filter(ends.still_open)
    points = [
        owned.select("account_no", at="opened"), entries.select("account_no", "at"), owned.select("account_no", at="closed"),
        carried.select("account_no", at=carried.end + 1),
    ]  # fmt: skip
    marks = ibis.union(*points)
    marks = marks.filter(marks.at.notnull() & (marks.at <= as_of))
    no_end, one_end = ibis.literal(0, "int8"), ibis.literal(1, "int8")
    signs = ibis.union(
        daily.select("account_no", "first", "last", ends=no_end),
        marks.select("account_no", first="at", last="at", ends=no_end).distinct(),
        ends.select("account_no", first="end", last="end", ends=one_end),
    )
    # An end stands behind everything of its moment, so that what follows it in order is later.
    order = [signs.first, signs.ends, signs.last]
    before = ibis.window(group_by=signs.account_no, order_by=order, rows=(None, -1))
    return engine.keep(
        "signs",
        signs.mutate(
            before=signs.last.max().over(before),
            after_end=signs.ends.lag().over(group_by=signs.account_no, order_by=order).fill_null(0) == 1,
        ),
    )


def make_episodes(
    signs: ir.Table, ends: ir.Table, deals: ir.Table, limits: Limits, engine: Engine, as_of: int
) -> ir.Table:
    """One row a journey: account_no, number, first_sign, last_sign, started, ended (null while open), outcome,
    from_at and to_at (the moments whose events are its steps, both included), late (it began after so long a silence
    that the earlier relation had ended).
    """
    dormancy = int(limits.dormancy_days * DAY)
    starts = engine.keep("starts", _starts(signs, deals, dormancy))
    totals = signs.group_by("account_no").agg(
        last_of_all=signs.last.max(),
        last_end=ibis.ifelse(signs.ends == 1, signs.last, ibis.null("int64")).max(),
    )
    order = {"group_by": starts.account_no, "order_by": starts.first}
    numbered = starts.select(
        "account_no", number=(ibis.row_number().over(**order) + 1).cast("int64"), first_sign="first",
        next_before=starts.before.lead().over(**order), next_after_end=starts.after_end.lead().over(**order),
    ).left_join(totals, "account_no")  # fmt: skip
    last_sign = ibis.coalesce(numbered.next_before, numbered.last_of_all)
    is_last = numbered.next_before.isnull()
    closed = ibis.ifelse(
        is_last, (numbered.last_end == numbered.last_of_all).fill_null(False), numbered.next_after_end
    )
    bare = numbered.select(
        "account_no", "number", "first_sign", last_sign=last_sign, is_last=is_last, closed=closed
    )
    outcomes = ends.select(end_account="account_no", end="end", deal_outcome="outcome")
    bare = bare.mutate(close=ibis.ifelse(bare.closed, bare.last_sign, ibis.null("int64")))
    joined = bare.left_join(outcomes, [("account_no", "end_account"), ("close", "end")])
    waiting = (
        deals.filter(deals.account_no.notnull() & deals.closed.isnull() & (deals.opened <= as_of))
        .select(open_account="account_no")
        .distinct()
    )
    joined = joined.left_join(waiting, [("account_no", "open_account")])
    silent = ~joined.is_last | (joined.open_account.isnull() & (as_of - joined.last_sign > dormancy))
    outcome = ibis.cases((joined.closed, joined.deal_outcome), (silent, "dormant"), else_="open")
    ended = ibis.cases(
        (joined.closed, joined.last_sign), (silent, joined.last_sign + dormancy), else_=ibis.null("int64")
    )
    done = engine.keep(
        "ended_episodes",
        joined.select("account_no", "number", "first_sign", "last_sign", outcome=outcome, ended=ended),
    )
    return engine.keep("episodes", _windows(done, dormancy))


def _starts(signs: ir.Table, deals: ir.Table, dormancy: int) -> ir.Table:
    """The signs that begin a journey: the first, the first after an end, the first after a silence without open deal."""
    long = signs.filter(~signs.after_end & (signs.first - signs.before > dormancy))
    others = deals.filter(deals.account_no.notnull()).select(
        other_account="account_no", opened="opened", shut=ibis._.closed.fill_null(FOREVER)
    )
    bridged = long.semi_join(
        others,
        [long.account_no == others.other_account, others.opened <= long.before, others.shut >= long.first],
    )
    bridged = bridged.select(bridge_account="account_no", bridge_first="first").distinct()
    found = signs.filter(signs.before.isnull() | signs.after_end | (signs.first - signs.before > dormancy))
    joined = found.left_join(
        bridged, [found.account_no == bridged.bridge_account, found.first == bridged.bridge_first]
    )
    kept = joined.filter(joined.bridge_first.isnull() | joined.after_end | joined.before.isnull())
    return kept.select("account_no", "first", "before", "after_end")


def _windows(done: ir.Table, dormancy: int) -> ir.Table:
    """The journey of a customer begins with the win before it, unless the silence after that was too long."""
    order = {"group_by": done.account_no, "order_by": done.number}
    before = done.mutate(
        previous_end=done.ended.lag().over(**order), previous=done.outcome.lag().over(**order)
    )
    silence = before.first_sign - before.previous_end
    follows = ((before.previous == "won") & (silence <= dormancy)).fill_null(False)
    started = ibis.ifelse(follows, before.previous_end, before.first_sign)
    return before.select(
        "account_no", "number", "first_sign", "last_sign", "outcome", "ended", started=started,
        from_at=ibis.ifelse(follows, before.previous_end + 1, before.first_sign),
        to_at=before.ended.fill_null(FOREVER),
        late=((before.previous == "won") & ~follows).fill_null(False),
    )  # fmt: skip
