"""What all measures read of one build, as arrays, each read once: journeys, stays in stages, touches, answers.

A touch is a touchpoint that a stay in a stage met in one way: the first time and place in the journey, and how often. Ten
million steps are a few million touches, which are read in one pass for all claims of a map.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from etappe.analyses.analysis import Tables
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.stage_exits import coded
from etappe.tables.functions import micros
from etappe.tables.plain_arrays import among, flags_of, numbers_of, picked
from etappe.tables.plain_rows import rows_of

DAY = 86_400_000_000.0
CALLED = ("content", "name", "url")
_NARROW = {"no": "no", "steps": "n", "first_seq": "seq"}
_TEXTS = ("kind", "outcome", "segment", "tier", "industry", "country", "owner")


@dataclass(frozen=True, eq=False)
class Touches:
    """Touchpoints in stages of journeys, sorted by touchpoint; one that was met in several ways is there as many times."""

    journey: Ints
    stage: Ints
    touchpoint: Ints
    count: Ints
    first: Floats
    seq: Ints
    names: list[str]
    starts: Ints

    def of(self, name: str) -> slice:
        """The entries of one touchpoint; an empty slice where it never occurs."""
        if name not in self.names:
            return slice(0, 0)
        code = self.names.index(name)
        return slice(int(self.starts[code]), int(self.starts[code + 1]))


@dataclass(frozen=True, eq=False)
class Visits:
    """One stay in one stage an entry, in the order of journeys and time; `left` is False while it lasts."""

    journey: Ints
    stage: Ints
    number: Ints
    entered: Floats
    days: Floats
    left: Any


@dataclass(eq=False)
class Observed:
    """The arrays of one build. Moments are days since 1970; `cases` are those found already."""

    tables: Tables
    cases: dict[Any, Any] = field(default_factory=dict)
    _moments: dict[str, Floats] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """The state of knowledge in days since 1970."""
        return self.tables.as_of.timestamp() / 86_400

    @cached_property
    def numbered(self) -> ir.Table:
        """The journeys with a number each, kept in the engine."""
        journeys = self.tables.journeys
        columns = ("journey_id", "account_id", *_TEXTS, "won_value")
        made = journeys.select(
            *columns, no=ibis.row_number().over(order_by=journeys.journey_id), started=micros(journeys.started_at),
            last=micros(journeys.last_step_at), ended=micros(journeys.ended_at),
        )  # fmt: skip
        return self.tables.engine.keep("claimed_journeys", made)

    @cached_property
    def journeys(self) -> pa.Table:
        """The journeys by number."""
        return self.tables.engine.to_arrow(self.numbered.order_by("no"))

    def moments(self, name: str) -> Floats:
        """A moment of each journey (started, last, ended); nan where there is none."""
        if name not in self._moments:
            self._moments[name] = numbers_of(self.journeys[name].cast(pa.float64()), np.nan) / DAY
        return self._moments[name]

    @cached_property
    def won(self) -> Any:
        """A flag for each journey that was won."""
        return among(self.journeys["outcome"], ("won",))

    @cached_property
    def account(self) -> Ints:
        """The account of each journey, as a number."""
        return coded(self.journeys["account_id"])[1]

    @property
    def size(self) -> int:
        """Number of journeys."""
        return int(self.journeys.num_rows)

    @cached_property
    def numbered_stages(self) -> ir.Table:
        """All stages that journeys were in, with a number each in their order, kept in the engine."""
        visits = self.tables.stage_visits
        found = visits.group_by("stage").agg(place=visits.stage_no.min())
        return self.tables.engine.keep("claimed_stages", found.select("stage", code=ibis.row_number().over(order_by=[found.place, found.stage]).cast("int16")))

    @cached_property
    def stages(self) -> list[str]:
        """All stages that journeys were in."""
        return [str(row["stage"]) for row in self.tables.engine.rows(self.numbered_stages.order_by("code"))]

    @cached_property
    def visits(self) -> Visits:
        """The stays."""
        visits = self.tables.stage_visits
        rows = visits.inner_join(self.numbered.select("journey_id", "no"), "journey_id").inner_join(self.numbered_stages, "stage")
        rows = rows.select("no", "code", "stage_no", "visit_no", "days", entered=micros(rows.entered_at), left=rows.left_to.notnull())
        table = self.tables.engine.to_arrow(rows.order_by(["no", "visit_no"]))
        number = {name: numbers_of(table[name]) for name in ("no", "code", "stage_no", "days", "entered")}
        return Visits(
            number["no"].astype(np.int64), number["code"].astype(np.int64), number["stage_no"].astype(np.int64),
            number["entered"] / DAY, np.maximum(number["days"], 0), flags_of(table["left"]),
        )  # fmt: skip

    @cached_property
    def touches(self) -> Touches:
        """All touches, in one pass over those that the build has counted; as narrow as they can be, for there are millions."""
        tables = self.tables
        stays = tables.stays.inner_join(self.numbered.select("journey_id", "no"), "journey_id").inner_join(self.numbered_stages, "stage")
        ways = tables.engine.rows(tables.touch_ways)
        names = sorted({str(row["touchpoint"]) for row in ways})
        met = tables.touches.inner_join(stays.select("stay", "no", "code"), "stay")
        table = tables.engine.to_arrow(met.select("code", met.way.cast("int32").name("way"), *(met[name].cast("int32").name(short) for name, short in _NARROW.items()), first=micros(met.first_at)))
        place = np.zeros(1 + max((row["way"] for row in ways), default=0), np.int32)
        place[[row["way"] for row in ways]] = [names.index(row["touchpoint"]) for row in ways]
        touchpoint = place[numbers_of(table["way"])]
        order = np.argsort(touchpoint.astype(np.min_scalar_type(len(names))), kind="stable")
        columns = {name: numbers_of(table[name])[order] for name in ("no", "code", "n", "first", "seq")}
        starts = np.searchsorted(touchpoint[order], np.arange(len(names) + 1))
        return Touches(columns["no"], columns["code"], touchpoint[order], columns["n"], columns["first"] / DAY, columns["seq"], names, starts.astype(np.int64))

    @cached_property
    def written(self) -> ir.Table:
        """Steps in which somebody writes or says something, with the numbers of their journeys, kept in the engine."""
        voices = self.tables.voices.inner_join(self.numbered.select("journey_id", "no"), "journey_id").drop("journey_id")
        return self.tables.engine.keep("claimed_texts", voices)

    @cached_property
    def pieces(self) -> ir.Table:
        """What steps call their content, each (content, name, url) with a number and how often, kept in the engine."""
        steps = self.tables.built["steps"]
        called = steps.filter(ibis.or_(*(steps[name].notnull() for name in CALLED))).group_by(*CALLED).agg(n=ibis._.count())
        return self.tables.engine.keep("claimed_pieces", called.mutate(piece=ibis.row_number().over(order_by=[called[name] for name in CALLED])))

    def stage_code(self, stage: str) -> int:
        """The number of a stage; -1 where no journey was ever in it."""
        return self.stages.index(stage) if stage in self.stages else -1

    def rows_of(self, journeys: Any, limit: int, **columns: Any) -> list[dict[str, Any]]:
        """Rows behind a figure: journeys by number, with further columns."""
        part = picked(self.journeys.select(["journey_id", "account_id", "kind", "outcome"]), np.asarray(journeys)[:limit])
        further = {name: np.asarray(values)[:limit].tolist() for name, values in columns.items()}
        return [{**row, **{name: values[place] for name, values in further.items()}} for place, row in enumerate(rows_of(part))]


def day_of(moment: float | None) -> dt.datetime | None:
    """Days since 1970 as a moment."""
    return None if moment is None else dt.datetime.fromtimestamp(moment * 86_400, dt.UTC)
