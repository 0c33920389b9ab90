"""The stages a journey goes through: which it enters when, by what, and when it goes back."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.clock import FOREVER
from etappe.journeys.contacts import STEP
from etappe.journeys.labels import Labels
from etappe.journeys.rules import JourneyRules
from etappe.journeys.stages import StageModels
from etappe.tables.engine import Engine


def model_number(journeys: ir.Table, models: StageModels) -> ir.IntegerValue:
    """Number of the stage model of each journey, by its kind."""
    cases = [
        (journeys.kind.isin(model.kinds), ibis.literal(number, "int64"))
        for number, model in enumerate(models.models)
    ]
    return ibis.cases(*cases, else_=ibis.literal(0, "int64"))


def _touch_entries(labels: Labels, rules: JourneyRules) -> ir.Table:
    """model, touchpoint (number), stage_no, again: what each touchpoint enters."""
    again = set(rules.touchpoints.where(lambda touchpoint: touchpoint.again))
    rows = [
        {"model": model, "touchpoint": number, "stage_no": place, "again": name in again}
        for model, each in enumerate(rules.stages.models)
        for place, stage in enumerate(each.stages, start=1)
        for number, name in enumerate(labels.names)
        if name in stage.touchpoints
    ]
    schema = {"model": "int64", "touchpoint": "int16", "stage_no": "int64", "again": "bool"}
    return _small(rows, schema)


def _deal_entries(rules: JourneyRules) -> ir.Table:
    """model, word, stage_no: what each word of a deal stage enters."""
    rows = {
        (model, word): {"model": model, "word": word, "stage_no": place}
        for model, each in enumerate(rules.stages.models)
        for place, stage in enumerate(each.stages, start=1)
        for word in stage.deal_stages
    }
    return _small(list(rows.values()), {"model": "int64", "word": "string", "stage_no": "int64"})


def _small(rows: list[dict[str, object]], schema: dict[str, str]) -> ir.Table:
    columns = {name: [row[name] for row in rows] for name in schema}
    return ibis.memtable(columns, schema=schema)


def make_visits(
    journeys: ir.Table,
    contacts: ir.Table,
    entries: ir.Table,
    labels: Labels,
    rules: JourneyRules,
    engine: Engine,
) -> ir.Table:
    """One row a stay: journey_no, account_no, visit_no, stage_no, entered, left (null while open), left_to_no, back,
    entered_by, from_at and to_at (the moments whose events are its steps), model.

    A journey is in one stage at a time. It goes forward with the first mark of a later stage. It goes back when a deal
    goes back, or by a touchpoint that may do so `again`. All marks of one moment count as one: the latest stage wins.
    """
    timed = engine.keep("modelled_journeys", journeys.mutate(model=model_number(journeys, rules.stages)))
    touches = engine.keep("touch_entries", _touch_entries(labels, rules))
    moves = _deal_moves(timed, entries, rules, engine)
    again = _again_marks(timed, contacts, labels, touches, rules)
    starts = timed.select(
        "journey_no", at="started", stage_no=ibis.literal(1, "int64"), by=ibis.null("string")
    )
    backs = moves.filter(moves.back).select("journey_no", "at", "stage_no", by="written")
    turns = engine.keep("turns", _one_a_moment(ibis.union(starts, backs, again), ["journey_no", "at"], timed))
    stretches = engine.keep("stretches", _stretches(turns, timed))
    marks = ibis.union(
        turns.join(stretches, [("journey_no", "journey_no"), ("at", "begin")]).select(
            "journey_no", "stretch", "at", "stage_no", "by"
        ),
        _touch_marks(stretches, contacts, labels, touches, engine),
        _deal_marks(stretches, moves),
    )
    single = engine.keep("marks", _one_a_moment(marks, ["journey_no", "stretch", "at"], timed))
    peak = single.stage_no.max().over(group_by=single.stretch, order_by=single.at, rows=(None, -1))
    risen = single.mutate(peak=peak).filter(lambda t: t.peak.isnull() | (t.stage_no > t.peak)).drop("peak")
    return engine.keep("visits", _tiled(risen, timed))


def _one_a_moment(marks: ir.Table, moment: list[str], journeys: ir.Table) -> ir.Table:
    """The mark of the latest stage for each moment; none at or after the end of the journey."""
    spans = journeys.select(span_no="journey_no", span_start="started", span_end="ended")
    inside = marks.join(spans, [("journey_no", "span_no")])
    inside = inside.filter(
        inside.span_end.isnull() | (inside.at < inside.span_end) | (inside.at == inside.span_start)
    )
    rank = ibis.row_number().over(
        group_by=[inside[name] for name in moment], order_by=[inside.stage_no.desc(), inside.by]
    )
    return inside.mutate(rank=rank).filter(ibis._.rank == 0).drop("rank", "span_no", "span_start", "span_end")


def _deal_moves(journeys: ir.Table, entries: ir.Table, rules: JourneyRules, engine: Engine) -> ir.Table:
    """journey_no, at, stage_no, written, back: stage changes of deals that mean a stage; `back` where a deal went back."""
    windows = journeys.select(
        "journey_no", "model", window_account="account_no", from_at="from_at", to_at="to_at"
    )
    inside = entries.join(
        windows,
        [
            entries.account_no == windows.window_account,
            entries.at >= windows.from_at,
            entries.at <= windows.to_at,
        ],
    )
    known = inside.join(_deal_entries(rules), ["model", "word"]).select(
        "journey_no", "deal_id", "at", "stage_no", "written"
    )
    previous = known.stage_no.lag().over(
        group_by=[known.journey_no, known.deal_id], order_by=[known.at, known.stage_no, known.written]
    )
    return engine.keep("deal_moves", known.mutate(back=(known.stage_no < previous).fill_null(False)))


def _again_marks(
    journeys: ir.Table, contacts: ir.Table, labels: Labels, touches: ir.Table, rules: JourneyRules
) -> ir.Table:
    numbers = labels.numbers(rules.touchpoints.where(lambda touchpoint: touchpoint.again)) or [-1]
    windows = journeys.select(
        "journey_no", "model", window_account="account_no", from_at="from_at", to_at="to_at"
    )
    met = contacts.filter((contacts.state == STEP) & contacts.touchpoint.isin(numbers)).select(
        "account_no", "at", "touchpoint"
    )
    inside = met.join(
        windows,
        [met.account_no == windows.window_account, met.at >= windows.from_at, met.at <= windows.to_at],
    )
    known = inside.join(touches.filter(touches.again), ["model", "touchpoint"])
    return known.select("journey_no", "at", "stage_no", by=labels.name(known.touchpoint))


def _stretches(turns: ir.Table, journeys: ir.Table) -> ir.Table:
    """journey_no, stretch, account_no, model, begin, from_at, to_at: the time from one turn to the next."""
    following = turns.at.lead().over(group_by=turns.journey_no, order_by=turns.at)
    number = ibis.row_number().over(order_by=[turns.journey_no, turns.at])
    pieces = turns.select("journey_no", begin="at", stretch=number, following=following)
    joined = pieces.join(
        journeys.select("journey_no", "account_no", "model", begun="from_at", over="to_at"), "journey_no"
    )
    return joined.select(
        "journey_no", "stretch", "account_no", "model", "begin", from_at=ibis.greatest(joined.begin, joined.begun),
        to_at=ibis.coalesce(joined.following - 1, joined.over),
    )  # fmt: skip


def _touch_marks(
    stretches: ir.Table, contacts: ir.Table, labels: Labels, touches: ir.Table, engine: Engine
) -> ir.Table:
    """The first occurrence of each touchpoint that enters a stage, for each stretch."""
    entering = touches.select("touchpoint").distinct()
    met = (
        contacts.filter(contacts.state == STEP)
        .select("account_no", "at", "touchpoint")
        .semi_join(entering, "touchpoint")
    )
    windows = stretches.select(
        "journey_no", "stretch", "model", window_account="account_no", from_at="from_at", to_at="to_at"
    )
    inside = met.join(
        windows,
        [met.account_no == windows.window_account, met.at >= windows.from_at, met.at <= windows.to_at],
    )
    first = engine.keep(
        "first_touches",
        inside.group_by("journey_no", "stretch", "model", "touchpoint").agg(at=inside.at.min()),
    )
    known = first.join(touches, ["model", "touchpoint"])
    return known.select("journey_no", "stretch", "at", "stage_no", by=labels.name(known.touchpoint))


def _deal_marks(stretches: ir.Table, moves: ir.Table) -> ir.Table:
    windows = stretches.select("stretch", of_journey="journey_no", begin="begin", to_at="to_at")
    inside = moves.join(
        windows,
        [moves.journey_no == windows.of_journey, moves.at >= windows.begin, moves.at <= windows.to_at],
    )
    return inside.select("journey_no", "stretch", "at", "stage_no", by="written")


def _tiled(risen: ir.Table, journeys: ir.Table) -> ir.Table:
    """The changes of stage as stays that follow each other without gap."""
    previous = risen.stage_no.lag().over(group_by=risen.journey_no, order_by=risen.at)
    changed = risen.mutate(previous=previous).filter(
        lambda t: t.previous.isnull() | (t.stage_no != t.previous)
    )
    order = {"group_by": changed.journey_no, "order_by": changed.at}
    stays = changed.select(
        "journey_no", "stage_no", entered="at", entered_by="by", back=(changed.stage_no < changed.previous).fill_null(False),
        visit_no=(ibis.row_number().over(**order) + 1).cast("int32"), following=changed["at"].lead().over(**order),
        left_to_no=changed.stage_no.lead().over(**order),
    )  # fmt: skip
    joined = stays.join(
        journeys.select("journey_no", "account_no", "model", "ended", begun="from_at", over="to_at"),
        "journey_no",
    )
    return joined.select(
        "journey_no", "account_no", "model", "visit_no", "stage_no", "entered", "entered_by", "back", "left_to_no",
        left=ibis.coalesce(joined.following, joined.ended), from_at=ibis.greatest(joined.entered, joined.begun),
        to_at=ibis.coalesce(joined.following - 1, joined.over).fill_null(FOREVER), visit=ibis.row_number().over(order_by=[joined.journey_no, joined.visit_no]),
    )  # fmt: skip
