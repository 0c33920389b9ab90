"""The overview strip: the account's whole time, its activity, its journeys and the first step of each
person.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from etappe.reports.account.axis import Axis, around, week_of
from etappe.reports.account.reading import Story
from etappe.reports.account.section import COUNTS, NAMES
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Rect, Scene, Text, glyph, line
from etappe.reports.formats import number, span
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES, SMALLEST, TYPE

BARS: Final = 34.0


def draw_strip(scene: Scene, story: Story, y: float, width: float, words: Words, measure: Measure) -> float:
    """Draw the strip from y on; returns where it ends."""
    steps = [step for journey in story.journeys for step in journey.steps]
    times = [step.at for step in steps] + [t for j in story.journeys for t in (j.start, j.end) if t]
    if not times:
        return y
    open_ones = any(journey.outcome == "open" for journey in story.journeys)
    axis = around(min(times), max([*times, *([story.as_of] if open_ones else [])]), NAMES, width - COUNTS)
    weeks = next((w for w in (1, 2, 4, 8, 13, 26, 52, 520) if w * 7 * axis.per_day >= 3.0), 5200)
    scene.add(Text(0, y + 8, words("overview"), TYPE["label"], "ink", 620, width=NAMES - 6))
    unit = words("weekly") if weeks == 1 else words("per_bin", n=weeks)
    scene.add(Text(0, y + 17.5, unit, SMALLEST, "muted", width=NAMES - 6))
    _bars(scene, story, axis, y, weeks, words)
    y += BARS
    y = _persons(scene, story, axis, y, words)
    y = _journeys(scene, story, axis, y, words, measure)
    for x, label, strong in axis.ticks(words.language):
        scene.add(line(x, y, x, y + 3.5, "rule"))
        if axis.right - x > measure.width(label, SMALLEST) + 2:
            scene.add(Text(x + 2.5, y + 7.6, label, SMALLEST, "ink" if strong else "muted", 620 if strong else 400))
    scene.add(line(axis.left, y, axis.right, y, "rule"))
    return y + 12.0


def _bars(scene: Scene, story: Story, axis: Axis, y: float, weeks: int, words: Words) -> None:
    online: Counter[int] = Counter()
    offline: Counter[int] = Counter()
    for journey in story.journeys:
        for step in journey.steps:
            (online if step.online and not step.sales else offline)[week_of(step.at) // weeks] += 1
    most = max((online[b] + offline[b] for b in {*online, *offline}), default=1)
    wide = weeks * 7 * axis.per_day
    base = y + BARS - 2
    for number_of in sorted({*online, *offline}):
        begin = dt.datetime.combine(dt.date.fromordinal(number_of * weeks * 7 + 1), dt.time(), axis.start.tzinfo)
        x = axis.left + (begin - axis.start) / (axis.end - axis.start) * (axis.right - axis.left)
        left, right = max(x, axis.left), min(x + wide, axis.right)
        low = offline[number_of] / most * (BARS - 8)
        high = online[number_of] / most * (BARS - 8)
        if low:
            scene.add(Rect(left + 0.3, base - low, max(right - left - 0.6, 0.8), low, "ink"))
        if high:
            scene.add(Rect(left + 0.3, base - low - high, max(right - left - 0.6, 0.8), high, "faint"))
    scene.add(line(axis.left, base, axis.right, base, "line"))
    scene.add(Text(axis.right + COUNTS, y + 11, number(most, words.language, 0), SMALLEST, "muted", anchor="end"))
    scene.behind(line(axis.left, base - BARS + 8, axis.right, base - BARS + 8, "line", 0.5, (1.5, 2.0)))


def _persons(scene: Scene, story: Story, axis: Axis, y: float, words: Words) -> float:
    first: dict[str, dt.datetime] = {}
    for journey in story.journeys:
        for step in journey.steps:
            for key in step.persons:
                first[key] = min(first.get(key, step.at), step.at)
    if not first:
        return y
    scene.add(Text(0, y + 6.6, words("new_persons"), SMALLEST, "muted", width=NAMES - 6))
    groups: list[list[float]] = []
    for x in sorted(axis.x(at) for at in first.values()):
        if groups and x - groups[-1][0] < 11:
            groups[-1].append(x)
        else:
            groups.append([x])
    for group in groups:
        x = max(sum(group) / len(group), axis.left + 4)
        if len(group) == 1:
            scene.add(Circle(x, y + 4, 2.6, "page", "ink", 0.9))
        else:
            scene.add(
                Circle(x, y + 4, 4.4, "page", "ink", 0.9),
                Text(x, y + 6.4, str(len(group)), SMALLEST, "ink", 620, "middle"),
            )
    return y + 11.0


def _journeys(scene: Scene, story: Story, axis: Axis, y: float, words: Words, measure: Measure) -> float:
    scene.add(Text(0, y + 9, words("journeys"), SMALLEST, "muted", width=NAMES - 6))
    for journey in story.journeys:
        if journey.start is None:
            continue
        left, right = axis.x(journey.start), axis.x(journey.end or story.as_of)
        right = max(right, left + 2)
        shape, colour = OUTCOMES.get(journey.outcome, OUTCOMES["open"])
        name = f"{journey.number} {words.term('kind', journey.kind)}"
        tip = f"{name}: {span(journey.start, journey.end or story.as_of, words.language)}"
        scene.add(Rect(left + 0.5, y + 1, max(right - left - 1, 1.5), 11, "stage-2", tip=tip))
        scene.add(Rect(left + 0.5, y + 11, max(right - left - 1, 1.5), 1.6, colour))
        if right - left > 22:
            scene.add(glyph(shape, right - 7, y + 6, 2.8, colour))
        room = right - left - 20
        shown = (
            measure.clip(name, room, SMALLEST, 620) if room > 26 else (str(journey.number) if right - left > 6 else "")
        )
        if shown:
            scene.add(Text(left + 3.5, y + 8.6, shown, SMALLEST, "ink", 620, width=max(right - left - 4, 4)))
    return y + 15.0
