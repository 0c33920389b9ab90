"""One journey as a section of the drawing: heading, stages, deals, lanes; broken between lanes over
several pages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from etappe.reports.account import bands
from etappe.reports.account.axis import Axis, around
from etappe.reports.account.deals import deal_rows, draw_deal
from etappe.reports.account.lanes import Lane, lanes_of
from etappe.reports.account.marks import LABEL, ROW, Label, Mark, draw_mark, labels, row_marks, span_days
from etappe.reports.account.reading import Journey, Step, Story
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Scene, Text, glyph, line
from etappe.reports.formats import date, number, span
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES, SMALLEST, TYPE

NAMES: Final = 132.0
COUNTS: Final = 24.0


@dataclass(frozen=True, slots=True)
class Row:
    """The marks of one lane, offline above online, with the names that have room."""

    top: list[Mark]
    low: list[Mark]
    top_labels: list[Label]
    low_labels: list[Label]
    height: float


@dataclass(slots=True)
class Section:
    """A journey laid out for a width; `draw_head`, then `rows` one after the other, then `finish`."""

    story: Story
    journey: Journey
    words: Words
    measure: Measure
    axis: Axis
    lanes: list[Lane]
    span: int
    spots: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def until(self) -> dt.datetime:
        """Where open bars end: the journey's end, else the state of knowledge."""
        return self.journey.end or max([self.story.as_of, *(step.at for step in self.journey.steps[-1:])])

    def draw_head(self, scene: Scene, y: float, again: bool) -> float:
        """Heading, first sales contact, stages and time axis; returns where the lanes begin."""
        y = self._title(scene, y, again)
        y += bands.draw_flags(scene, self.story, self.journey, self.axis, y, self.words, self.measure)
        if self.journey.visits:
            short = bands.draw_chips(scene, self.journey, self.axis, y, self.until(), self.words, self.measure)
            scene.add(Text(0, y + 10.2, self.words("stages"), SMALLEST, "muted"))
            y += bands.CHIP + (self._stage_key(scene, y + bands.CHIP) if short else 0.0)
        for x, label, strong in self.axis.ticks(self.words.language):
            scene.add(line(x, y + 1, x, y + 4.5, "rule"))
            room = self.axis.right - x
            if room > self.measure.width(label, SMALLEST) + 2:
                scene.add(
                    Text(
                        x + 2.5,
                        y + 8.6,
                        label,
                        SMALLEST,
                        "ink" if strong else "muted",
                        620 if strong else 400,
                    )
                )
        end = self.axis.right + COUNTS
        scene.add(Text(end, y + 8.6, self.words("t_steps"), SMALLEST, "muted", anchor="end"))
        return y + 12.0

    def _title(self, scene: Scene, y: float, again: bool) -> float:
        journey, words, base = self.journey, self.words, y + 11.0
        shape, colour = OUTCOMES.get(journey.outcome, OUTCOMES["open"])
        kind = words.term("kind", journey.kind)
        title = f"{words('journey_no', n=journey.number)} · {kind}" if kind else words("journey_no", n=journey.number)
        title = self.measure.clip(title, 220, TYPE["section"], 620)
        scene.add(Text(0, base, title, TYPE["section"], "ink", 620, width=230))
        x = self.measure.width(title, TYPE["section"], 620) + 14
        scene.add(glyph(shape, x + 3, base - 3.6, 3.6, colour))
        outcome = words.term("outcome", journey.outcome)
        scene.add(Text(x + 10, base, outcome, TYPE["body"], colour, 620))
        x += 10 + self.measure.width(outcome, TYPE["body"], 620) + 12
        facts = [
            span(journey.start, journey.end, words.language, self.story.zone)
            if journey.end
            else words("until_now", date=date(journey.start, words.language, self.story.zone)),
            words("days_n", n=self._days()),
            words("steps_n", n=len(journey.steps)),
            words("persons_n", n=len({key for step in journey.steps for key in step.persons})),
        ]
        if again:
            facts = [words("continued")]
        text = " · ".join(facts)
        scene.add(Text(x, base, text, TYPE["label"], "muted", width=max(self.axis.right + COUNTS - x, 40)))
        return y + 19.0

    def _days(self) -> int:
        start, end = self.journey.start, self.until()
        return max(0, round((end - start) / dt.timedelta(days=1))) if start else 0

    def _stage_key(self, scene: Scene, y: float) -> float:
        names = {visit.number: self.words.term("stage", visit.stage) for visit in self.journey.visits}
        text = " · ".join(f"{n}\u00a0{name}" for n, name in sorted(names.items()))
        rows = self.measure.wrap(text, self.axis.right - self.axis.left, SMALLEST, most=2)
        for i, row in enumerate(rows):
            scene.add(
                Text(
                    self.axis.left,
                    y + 8.4 + i * 8.8,
                    row,
                    SMALLEST,
                    "muted",
                    width=self.axis.right - self.axis.left,
                )
            )
        return 1.5 + 8.8 * len(rows)

    def row_height(self, index: int, group: bool = False) -> float:
        """Height of lane `index`; with `group` the name of its role stands above its heading."""
        lane, row = self.lanes[index], self.rows[index]
        heading = 17.0 + (8.5 if lane.sub else 0.0) + (9.5 if group or self.opens_group(index) else 0.0)
        return max(heading, row.height + 6.0)

    def opens_group(self, index: int) -> bool:
        """Whether lane `index` is the first of its role."""
        return index == 0 or self.lanes[index].group != self.lanes[index - 1].group

    def draw_row(self, scene: Scene, index: int, y: float, again: bool = False) -> float:
        """Draw lane `index` with its marks and names; returns where it ends."""
        row, group = self.rows[index], again or self.opens_group(index)
        bottom = y + self.row_height(index, group)
        scene.add(line(0, y, self.axis.right + COUNTS, y, "rule" if group else "line"))
        self._heading(scene, self.lanes[index], y, bottom, group)
        at = (y + bottom - row.height) / 2
        for label in row.top_labels:
            scene.add(Text(label.x, at + 7.0, label.text, SMALLEST, "ink", width=label.width + 2))
        at += LABEL if row.top_labels else 0.0
        if row.top:
            self._marks(scene, row.top, at + ROW / 2, shared=True)
            at += ROW
        if row.low:
            self._marks(scene, row.low, at + ROW / 2)
            at += ROW
        for label in row.low_labels:
            scene.add(Text(label.x, at + 6.6, label.text, SMALLEST, "muted", width=label.width + 2))
        return bottom

    def _heading(self, scene: Scene, lane: Lane, y: float, bottom: float, group: bool) -> None:
        room, end = NAMES - 8, self.axis.right + COUNTS
        if group:
            scene.add(Text(0, y + 8.8, lane.group, SMALLEST, "muted", 620, width=room))
        base = y + 19.5 if group else (y + bottom) / 2 + (-1.2 if lane.sub else 2.8)
        name = self.measure.clip(lane.name, room, TYPE["body"], 530)
        scene.add(Text(0, base, name, TYPE["body"], "ink", 530, width=room, tip=lane.name))
        if lane.sub:
            sub = self.measure.clip(lane.sub, room, SMALLEST)
            scene.add(Text(0, base + 8.5, sub, SMALLEST, "muted", width=room, tip=lane.sub))
        count = number(lane.steps, self.words.language, 0)
        scene.add(Text(end, base, count, SMALLEST, "muted", anchor="end"))

    def _marks(self, scene: Scene, marks: list[Mark], y: float, shared: bool = False) -> None:
        for mark in marks:
            draw_mark(scene, mark, y, self._tip(mark))
            for step in mark.steps if shared else ():
                if len(step.persons) > 1:
                    self.spots.setdefault(id(step), []).append((mark.x, y))

    def _tip(self, mark: Mark) -> str:
        words = self.words
        first, last = mark.steps[0], mark.steps[-1]
        names = [
            f"{_named(step, words)} ({step.what})" if step.what else _named(step, words) for step in mark.steps[:4]
        ]
        more = f" … +{mark.count - 4}" if mark.count > 4 else ""
        return f"{span(first.at, last.at, words.language, self.story.zone)}: {', '.join(names)}{more}"

    def finish(self, scene: Scene, top: float, bottom: float) -> None:
        """What lies behind the rows between `top` and `bottom`: bands, pauses, first sales contact,
        shared meetings.
        """
        bands.draw_bands(scene, self.journey, self.axis, top, bottom, self.until())
        bands.draw_first_sales(scene, self.journey, self.axis, top - 1.0, bottom)
        for spots in self.spots.values():
            for (x1, y1), (x2, y2) in pairwise(spots):
                scene.behind(line(x1, y1, x2, y2, "faint", 0.6))
        self.spots.clear()
        scene.add(line(0, bottom, self.axis.right + COUNTS, bottom, "rule"))

    def draw_deals(self, scene: Scene, y: float) -> float:
        """The deals as bars; returns where they end."""
        shown, more = deal_rows(self.journey.deals)
        if not shown:
            return y
        scene.add(line(0, y - 1, self.axis.right + COUNTS, y - 1, "rule"))
        scene.add(Text(0, y + 10.6, self.words("deals"), SMALLEST, "muted", 620, width=NAMES))
        y += 2.0
        for deal in shown:
            y = draw_deal(scene, deal, self.axis, y, self.until(), self.words, self.measure, self.story.zone)
        if more:
            scene.add(Text(self.axis.left, y + 7.4, self.words("deals_more", n=more), SMALLEST, "muted"))
            y += 10.0
        return y + 2.0


def section_of(story: Story, journey: Journey, width: float, words: Words, measure: Measure) -> Section:
    """Lay a journey out for a width."""
    times = [step.at for step in journey.steps] + [visit.start for visit in journey.visits]
    ends = [visit.end for visit in journey.visits if visit.end]
    for deal in journey.deals:
        times += [time for time in (deal.start, deal.end) if time]
    start = min([*times, *([journey.start] if journey.start else [])], default=story.as_of)
    last = [journey.end] if journey.end else [story.as_of] if journey.outcome == "open" else []
    end = max([start, *times, *ends, *last])
    axis = around(start, end, NAMES, width - COUNTS)
    lanes = lanes_of(story, journey, words)
    days = span_days([row for lane in lanes for row in (lane.offline, lane.online)], axis)
    section = Section(story, journey, words, measure, axis, lanes, days)
    few = len(lanes) <= 14
    for lane in lanes:
        section.rows.append(_row(section, lane, days, few))
    return section


def _row(section: Section, lane: Lane, days: int, few: bool) -> Row:
    axis, measure, words = section.axis, section.measure, section.words
    top, low = row_marks(lane.offline, axis, days), row_marks(lane.online, axis, days)
    sales = section.journey.first_sales
    keep = [axis.x(sales)] if sales else []
    tops = labels(top, axis, measure, lambda step: _named(step, words), 1 if few else 7, keep)
    least = 3 if few else 6
    lows = labels(low, axis, measure, lambda step: _named(step, words), least, keep)
    height = sum((LABEL if tops else 0.0, ROW if top else 0.0, ROW if low else 0.0, LABEL if lows else 0.0))
    return Row(top, low, tops, lows, height)


def _named(step: Step, words: Words) -> str:
    return words.term("touchpoint", step.touchpoint)
