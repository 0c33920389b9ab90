"""The two rows above the lanes: the time line with planned and measured days, and the milestones that end the stages."""

from __future__ import annotations

from typing import Final

from etappe.maps.document import Measured
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Path, Rect, Scene, Text, glyph, line
from etappe.reports.map.figures import n_of, range_of, value_of
from etappe.reports.map.reading import VERDICT_COLOURS, VERDICT_SHAPES, Shown, StageView
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST

MILESTONE_LEAD: Final = 9.2
_BAR: Final = 4.2
_PAD: Final = 5.0


def time_height(shown: Shown) -> float:
    """Height of the time line; 0 where nothing is known or assumed of durations."""
    if any(stage.measured is not None for stage in shown.stages):
        return 51.0
    return 29.0 if any(stage.planned is not None for stage in shown.stages) else 0.0


def measured_days(measured: Measured | None, words: Words) -> str:
    """`19 T (15–24) · n 612`; without a value, why."""
    if measured is None:
        return ""
    plain = measured.plain()
    if measured.value is None:
        why = (measured.why or "no data").replace("_", " ")
        return f"{words(why) if words.known(why) else why} · {n_of(plain, words)}"
    spread = range_of(plain, "days", words)
    return f"{value_of(plain, 'days', words)}{f' ({spread})' if spread else ''}" + (f" · {n_of(plain, words)}" if measured.n else "")


def planned_days(days: float | None, words: Words) -> str:
    """`40 T`."""
    return "" if days is None else value_of({"value": days}, "days", words)


def draw_time(scene: Scene, shown: Shown, x0: float, column: float, first: int, last: int, y: float, measure: Measure, words: Words) -> None:
    """Two bars a stage on one scale for the whole map: planned dashed and hollow, measured full with its range."""
    ends = [end for stage in shown.stages for end in (stage.planned, *((stage.measured.value, stage.measured.high) if stage.measured else ())) if end]
    narrowest = min((stage.last - stage.first + 1 for stage in shown.stages), default=1) * column - 2 * _PAD
    scale = narrowest / max(ends, default=1.0)
    for stage in shown.stages:
        if not first <= stage.first <= last:
            continue
        x = x0 + (stage.first - first) * column + _PAD
        room = (min(stage.last, last) - stage.first + 1) * column - 2 * _PAD
        if stage.planned is not None:
            scene.add(Text(x, y + 11.5, words("planned_n", days=planned_days(stage.planned, words)), SMALLEST, "muted", width=room))
            scene.add(Rect(x, y + 14.5, max(stage.planned * scale, 1.0), _BAR, "page", "muted", 0.6, (2.0, 1.5)))
        _measured(scene, stage, x, y, scale, room, words, measure)


def _measured(scene: Scene, stage: StageView, x: float, y: float, scale: float, room: float, words: Words, measure: Measure) -> None:
    if stage.measured is None:
        return
    text = words("measured_n", days=measured_days(stage.measured, words))
    if measure.width(text, SMALLEST) > room:  # n stands in the appendix, too
        text = text.rpartition(" · ")[0] or text
    scene.add(Text(x, y + 31.0, text, SMALLEST, "ink", width=room))
    value, low, high = stage.measured.value, stage.measured.low, stage.measured.high
    if value is None:
        return
    later = stage.planned is not None and low is not None and low > stage.planned
    colour = "contradicted" if later else "accent"
    scene.add(Rect(x, y + 34.0, max(value * scale, 1.0), _BAR, colour))
    if low is not None and high is not None:
        middle = y + 34.0 + _BAR / 2
        scene.add(line(x + low * scale, middle, x + high * scale, middle, "ink", 0.8))
        for end in (low, high):
            scene.add(line(x + end * scale, middle - 2.6, x + end * scale, middle + 2.6, "ink", 0.8))


def milestone_lines(shown: Shown, column: float, measure: Measure) -> list[list[str]]:
    """The milestone of each stage in lines."""
    return [measure.fold(stage.milestone, (stage.last - stage.first + 1) * column - 26, 7.5, 530, 5) if stage.milestone else [] for stage in shown.stages]


def draw_milestones(scene: Scene, shown: Shown, x0: float, column: float, first: int, last: int, y: float, measure: Measure) -> None:
    """A diamond and what is reached when the stage ends."""
    for stage, lines in zip(shown.stages, milestone_lines(shown, column, measure), strict=True):
        if not lines or not first <= stage.first <= last:
            continue
        x = x0 + (stage.first - first) * column + _PAD
        scene.add(diamond(x + 4, y + 9.6))
        for place, text in enumerate(lines):
            scene.add(Text(x + 12, y + 12.2 + MILESTONE_LEAD * place, text, 7.5, "ink", 530))
        if stage.milestone_verdict:
            end = x0 + (min(stage.last, last) - first + 1) * column - 8
            colour = VERDICT_COLOURS.get(stage.milestone_verdict, "muted")
            scene.add(glyph(VERDICT_SHAPES[stage.milestone_verdict], end, y + 9.6, 3.0, colour, 1.2))


def diamond(x: float, y: float, r: float = 3.6) -> Path:
    """The mark of a milestone."""
    return Path((((x, y - r), (x + r, y), (x, y + r), (x - r, y)),), fill="ink", closed=True)
