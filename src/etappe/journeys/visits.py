"""The stages a journey goes through: which it enters when, by what, and when it goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import FOREVER
from etappe.journeys.lifecycle import lifecycle_moves
from etappe.journeys.lookups import STEP
from etappe.journeys.making import Making, windows_of, within


def make_visits(
    evidence: Mapping[str, ir.Table], journeys: ir.Table, contacts: ir.Table, entries: ir.Table, making: Making
) -> ir.Table:
    """One row a stay.

    Columns: journey_no, account_no, visit_no, stage_no, entered, left (null while open), left_to_no, back, entered_by,
    from_at and to_at (the moments whose events are its steps), model, visit (a number over all journeys).

    A journey is in one stage at a time. It goes forward with the first mark of a later stage. It goes back when sales
    move a deal to an earlier stage, or by a touchpoint that may do so `again`. All marks of one moment count as one: the
    latest stage wins.
    """
    models = making.rules.stages.models
    number = ibis.cases(*[(journeys.kind.isin(model.kinds), place) for place, model in enumerate(models)], else_=0)
    timed = making.keep("modelled_journeys", journeys.mutate(model=number.cast("int64")))
    touches = making.keep("touch_entries", _touch_entries(making))
    moves = _deal_moves(timed, entries, making)
    said = lifecycle_moves(evidence, timed, making)
    moves = making.keep("deal_moves", moves if said is None else ibis.union(moves, said))
    starts = timed.select("journey_no", at="started", stage_no=ibis.literal(1, "int64"), by=ibis.null("string"))
    changes = moves.filter(moves.changed).select("journey_no", "at", "stage_no", by="written")
    turns = ibis.union(starts, changes, _again_marks(timed, contacts, touches, making))
    turns = making.keep("turns", _one_a_moment(turns, ["journey_no", "at"], timed))
    stretches = making.keep("stretches", _stretches(turns, timed))
    begun = turns.join(stretches.select("journey_no", "stretch", at="begin"), ["journey_no", "at"])
    marks = ibis.union(
        begun.select("journey_no", "stretch", "at", "stage_no", "by"),
        _touch_marks(stretches, contacts, touches, making),
        _deal_marks(stretches, moves),
    )
    single = making.keep("marks", _one_a_moment(marks, ["journey_no", "stretch", "at"], timed))
    peak = single.stage_no.max().over(group_by=single.stretch, order_by=single["at"], rows=(None, -1))
    risen = single.mutate(peak=peak).filter(ibis._.peak.isnull() | (ibis._.stage_no > ibis._.peak))
    return making.keep("visits", _tiled(making.keep("risen_marks", risen), timed))


def _touch_entries(making: Making) -> ir.Table:
    """model, touchpoint (number), stage_no, again: what each touchpoint enters."""
    again = set(making.rules.touchpoints.where(lambda touchpoint: touchpoint.again))
    rows = [
        (model, number, place, name in again)
        for model, each in enumerate(making.rules.stages.models)
        for place, stage in enumerate(each.stages, start=1)
        for number, name in enumerate(making.labels.names)
        if name in stage.touchpoints
    ]
    return _small(rows, {"model": "int64", "touchpoint": "int16", "stage_no": "int64", "again": "bool"})


def _deal_entries(making: Making) -> ir.Table:
    """model, word, stage_no: what each word of a deal stage enters."""
    places = {
        (model, word): place
        for model, each in enumerate(making.rules.stages.models)
        for place, stage in enumerate(each.stages, start=1)
        for word in stage.deal_stages
    }
    rows = [(*key, place) for key, place in places.items()]
    return _small(rows, {"model": "int64", "word": "string", "stage_no": "int64"})


def _small(rows: Sequence[tuple[object, ...]], schema: dict[str, str]) -> ir.Table:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(schema)}
    return ibis.memtable(columns, schema=schema)


def _one_a_moment(marks: ir.Table, moment: list[str], journeys: ir.Table) -> ir.Table:
    """The mark of the latest stage for each moment; none at the end of the journey or after it."""
    spans = journeys.select("journey_no", span_start="started", span_end=journeys.ended.fill_null(FOREVER))
    inside = marks.join(spans, "journey_no")
    inside = inside.filter((inside["at"] < inside.span_end) | (inside["at"] == inside.span_start))
    order = [inside.stage_no.desc(), inside.by]
    rank = ibis.row_number().over(group_by=[inside[name] for name in moment], order_by=order)
    return inside.mutate(rank=rank).filter(ibis._.rank == 0).select(*moment, "stage_no", "by")


def _deal_moves(journeys: ir.Table, entries: ir.Table, making: Making) -> ir.Table:
    """journey_no, at, stage_no, written, changed: stages of deals that mean a stage.

    `changed` where the deal had been in another one before: sales moved it, and that counts, back as well as forward.
    A deal that is opened while the journey is further on moves nothing back.
    """
    windows = windows_of(journeys, "journey_no", "model")
    inside = entries.join(windows, within(entries, windows))
    known = inside.join(_deal_entries(making), ["model", "word"])
    order = [known["at"], known.stage_no, known.written]
    previous = known.stage_no.lag().over(group_by=known.deal_id, order_by=order)
    return known.select("journey_no", "at", "stage_no", "written", changed=previous.notnull())


def _again_marks(journeys: ir.Table, contacts: ir.Table, touches: ir.Table, making: Making) -> ir.Table:
    numbers = making.touchpoints(lambda touchpoint: touchpoint.again)
    met = contacts.filter((contacts.state == STEP) & contacts.touchpoint.isin(numbers))
    met = met.select("account_no", "at", "touchpoint")
    windows = windows_of(journeys, "journey_no", "model")
    known = met.join(windows, within(met, windows)).join(touches, ["model", "touchpoint"])
    return known.select("journey_no", "at", "stage_no", by=making.labels.name(known.touchpoint))


def _stretches(turns: ir.Table, journeys: ir.Table) -> ir.Table:
    """journey_no, stretch, account_no, model, begin, from_at, to_at: the time from one turn to the next."""
    following = turns["at"].lead().over(group_by=turns.journey_no, order_by=turns["at"])
    number = ibis.row_number().over(order_by=[turns.journey_no, turns["at"]])
    pieces = turns.select("journey_no", begin="at", stretch=number, following=following)
    spans = journeys.select("journey_no", "account_no", "model", begun="from_at", over="to_at")
    joined = pieces.join(spans, "journey_no")
    return joined.select(
        "journey_no", "stretch", "account_no", "model", "begin", from_at=ibis.greatest(joined.begin, joined.begun),
        to_at=ibis.coalesce(joined.following - 1, joined.over),
    )  # fmt: skip


def _touch_marks(stretches: ir.Table, contacts: ir.Table, touches: ir.Table, making: Making) -> ir.Table:
    """The first occurrence of each touchpoint that enters a stage, for each stretch."""
    entering = sorted({row["touchpoint"] for row in making.engine.rows(touches.select("touchpoint"))}) or [-1]
    met = contacts.filter((contacts.state == STEP) & contacts.touchpoint.isin(entering))
    met = met.select("account_no", "at", "touchpoint")
    windows = windows_of(stretches, "journey_no", "stretch", "model")
    inside = met.join(windows, within(met, windows))
    first = inside.group_by("journey_no", "stretch", "model", "touchpoint").agg(at=inside["at"].min())
    known = making.keep("first_touches", first).join(touches, ["model", "touchpoint"])
    return known.select("journey_no", "stretch", "at", "stage_no", by=making.labels.name(known.touchpoint))


def _deal_marks(stretches: ir.Table, moves: ir.Table) -> ir.Table:
    windows = stretches.select("stretch", of_journey="journey_no", begin="begin", to_at="to_at")
    same = moves.journey_no == windows.of_journey
    inside = moves.join(windows, [same, moves["at"] >= windows.begin, moves["at"] <= windows.to_at])
    return inside.select("journey_no", "stretch", "at", "stage_no", by="written")


def _tiled(risen: ir.Table, journeys: ir.Table) -> ir.Table:
    """The changes of stage as stays that follow each other without gap."""
    previous = risen.stage_no.lag().over(group_by=risen.journey_no, order_by=risen["at"])
    changed = risen.mutate(previous=previous)
    changed = changed.filter(changed.previous.isnull() | (changed.stage_no != changed.previous))
    order = {"group_by": changed.journey_no, "order_by": changed["at"]}
    stays = changed.select(
        "journey_no", "stage_no", entered="at", entered_by="by", back=(changed.stage_no < changed.previous).fill_null(False),
        visit_no=(ibis.row_number().over(**order) + 1).cast("int32"), following=changed["at"].lead().over(**order),
        left_to_no=changed.stage_no.lead().over(**order),
    )  # fmt: skip
    spans = journeys.select("journey_no", "account_no", "model", "ended", begun="from_at", over="to_at")
    joined = stays.join(spans, "journey_no")
    number = ibis.row_number().over(order_by=[joined.journey_no, joined.visit_no]).cast("int32")
    return joined.select(
        "journey_no", "account_no", "model", "visit_no", "stage_no", "entered", "entered_by", "back", "left_to_no", visit=number,
        left=ibis.coalesce(joined.following, joined.ended), from_at=ibis.greatest(joined.entered, joined.begun),
        to_at=ibis.coalesce(joined.following - 1, joined.over),
    )  # fmt: skip
