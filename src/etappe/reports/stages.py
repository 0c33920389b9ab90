"""The stage overview: how many enter each stage, what becomes of them, how many move on, how long it
takes, who goes back.

Still open is hatched and never counted as lost. Conversion and time stand with their intervals. What
became of a
stage may come as counts or, as from `show stages`, as shares that count open journeys for as long as they
were watched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etappe.reports.document import Block, Document, Picture
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Text, glyph, hatch, line
from etappe.reports.formats import days, figure, number, share
from etappe.reports.stage_rows import FATE_WORDS, FATES, Stage, entered_by, found_in, stage_of
from etappe.reports.table import footer_for, key_figures, notes_of, question_of, sheets_of, subtitle_of
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, TYPE, Language, stage_tint
from etappe.reports.vocabulary import Names
from etappe.words.result import Figure, Result

_ROW: Final = 42.0
_GROUP: Final = 18.0
_HEAD: Final = 24.0
_FOOT: Final = 30.0


def is_stages(result: Result) -> bool:
    """Whether the result can be drawn as a stage overview."""
    rows = result.rows
    if not rows or len(rows) > 80 or result.analysis not in ("stages", "funnel"):
        return False
    return all("stage" in row and isinstance(found_in(row, "entered"), (int, float, Figure)) for row in rows)


def stages_document(result: Result, language: Language, title: str = "", names: Names | None = None) -> Document:
    """The drawing, recipe and caveats, and the table behind it."""
    words = Words(language, names)
    stages = [stage_of(row, i + 1, words) for i, row in enumerate(result.rows)]
    unit = "journeys" if entered_by(result.rows[0]) == "journeys" else "companies"
    picture = Picture(words("stage_overview"), lambda w, h, m, head: stage_pages(stages, w, h, m, words, unit, head))
    blocks: list[Block] = [
        picture,
        *notes_of(result, words),
        *sheets_of(result, words, words("figures_table")),
    ]
    return Document(
        language,
        title or question_of(result, words),
        subtitle_of(result, words),
        key_figures(result, words),
        tuple(blocks),
        footer_for(result, words),
        short=title or words("stage_overview"),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns of the drawing stand."""

    bar: float
    bar_end: float
    back: float
    share: float
    share_end: float
    time: float
    time_end: float


def _grid(width: float) -> _Grid:
    return _Grid(
        146.0,
        width * 0.555,
        width * 0.575,
        width * 0.672,
        width * 0.672 + 104,
        width * 0.672 + 130,
        width - 4,
    )


def stage_pages(
    stages: Sequence[Stage],
    width: float,
    height: float | None,
    measure: Measure,
    words: Words,
    unit: str = "companies",
    head: float = 0.0,
) -> list[Scene]:
    """The overview, on as many sheets as it needs; the first is lower by `head`."""
    about = f"{words('stage_overview')}. " + "; ".join(
        f"{stage.name}: {number(stage.entered, words.language, 0)} {words('entered')}" for stage in stages
    )
    pages: list[Scene] = []
    rest = list(stages)
    while rest or not pages:
        limit = 1e9 if height is None else height - (head if not pages else 0.0)
        y = _HEAD
        part: list[tuple[Stage, float, bool]] = []
        while rest:
            opens = bool(rest[0].group) and (not part or rest[0].group != part[-1][0].group)
            high = _ROW + (_GROUP if opens else 0.0)
            if part and y + high + _FOOT > limit:
                break
            part.append((rest.pop(0), y + (_GROUP if opens else 0.0), opens))
            y += high
        scene = Scene(width, about=about)
        _draw(scene, stages, part, y, measure, words, unit)
        pages.append(scene)
    return pages


def _draw(
    scene: Scene,
    stages: Sequence[Stage],
    part: Sequence[tuple[Stage, float, bool]],
    bottom: float,
    measure: Measure,
    words: Words,
    unit: str,
) -> None:
    grid = _grid(scene.width)
    longest = _nice(
        max(
            (end for s in stages if s.median for end in (s.median.high or 0, s.median.value or 0)),
            default=0.0,
        )
    )
    heads = (
        (0.0, "t_stage"),
        (grid.bar, f"entered_{unit}"),
        (grid.back, "back_moves"),
        (grid.share, "c_conversion_long"),
        (grid.time, "c_median_long"),
    )
    for (x, text), end in zip(heads, [grid.bar, grid.back, grid.share, grid.time, scene.width], strict=True):
        name = words(text)
        scene.add(Text(x, 11, name[:1].upper() + name[1:], TYPE["label"], "muted", 620, width=end - x - 6))
    scene.add(line(0, _HEAD - 6, scene.width, _HEAD - 6, "rule"))
    _scales(scene, grid, bottom, longest, words)
    for stage, y, opens in part:
        same = [s for s in stages if s.group == stage.group]
        if opens:
            scene.add(Rect(0, y - _GROUP - 6 + 0.3, scene.width, _GROUP, "surface"))
            scene.add(
                Text(
                    4,
                    y - _GROUP + 6.5,
                    measure.clip(stage.group, 300, TYPE["label"], 620),
                    TYPE["label"],
                    "ink",
                    620,
                )
            )
        _bar(scene, grid, stage, y, same, measure, words)
        _whisker(scene, stage.conversion, grid.share, grid.share_end, y, 1.0, words)
        _whisker(scene, stage.median, grid.time, grid.time_end, y, longest, words)
        scene.add(line(0, y + _ROW - 6, scene.width, y + _ROW - 6, "line"))
    _arcs(scene, grid, part)
    scene.height = _legend(scene, bottom + 8, stages, measure, words)


def _nice(value: float) -> float:
    """The next round number of days for the end of a scale."""
    if value <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return float(math.ceil(value / step) * step)


def _scales(scene: Scene, grid: _Grid, bottom: float, longest: float, words: Words) -> None:
    for left, right in ((grid.share, grid.share_end), (grid.time, grid.time_end)):
        for x in (left, (left + right) / 2, right):
            scene.behind(line(x, _HEAD - 6, x, bottom - 6, "line", 0.5, (1.5, 2.0)))
    for x, text, anchor in (
        (grid.share, share(0, words.language), "start"),
        (grid.share_end, share(1, words.language), "end"),
        (grid.time, days(0, words.language, short=True), "start"),
        (grid.time_end, days(longest, words.language, short=True), "end"),
    ):
        scene.add(Text(x, bottom + 3, text, SMALLEST, "muted", anchor=anchor))


def _bar(
    scene: Scene, grid: _Grid, stage: Stage, y: float, same: Sequence[Stage], measure: Measure, words: Words
) -> None:
    room = grid.bar - 58
    scene.add(Text(4, y + 11, str(stage.number), TYPE["body"], "muted", 620))
    for n, text in enumerate(measure.wrap(stage.name, room, TYPE["body"], 530, most=2)):
        scene.add(Text(16, y + 11 + n * 10, text, TYPE["body"], "ink", 530, width=room))
    scene.add(Text(grid.bar - 8, y + 11.5, number(stage.entered, words.language, 0), 11.0, "ink", 620, "end", 44))
    scale = (grid.bar_end - grid.bar) / (max(other.entered for other in same) or 1.0)
    of = max(5, *(other.number for other in same))
    x, told = grid.bar, ", ".join(stage.told)
    if stage.entered > 0:
        scene.add(Rect(x, y + 1, stage.entered * scale, 13, "surface", "rule", 0.5, tip=told))
    for fate in FATES:
        wide = min(stage.fates.get(fate, 0.0) * scale, grid.bar_end - x)
        if wide > 0:
            _segment(scene, fate, x, y + 1, wide, stage_tint(stage.number, of))
            x += wide
    scene.add(Text(grid.bar, y + 24, " · ".join(stage.told), SMALLEST, "muted", width=grid.back - grid.bar))
    if stage.back and not any(other.back_to for other in same):
        scene.add(_turn(grid.back + 3, y + 8), Text(grid.back + 15, y + 10.5, stage.back, TYPE["body"], "ink"))


def _turn(x: float, y: float) -> Path:
    """A small arrow that turns back up."""
    arc = ((x + 1, y + 5), (x + 9, y + 5), (x + 9, y - 4), (x, y - 4))
    return Path(
        (
            arc,
            ((x + 3, y - 6.5), (x, y - 4), (x, y - 4), (x, y - 4)),
            ((x + 3, y - 1.5), (x, y - 4), (x, y - 4), (x, y - 4)),
        ),
        stroke="contradicted",
        weight=1.1,
        curve=True,
    )


def _segment(scene: Scene, fate: str, x: float, y: float, wide: float, tint: str) -> None:
    high = 13.0
    if fate == "moved_on":
        scene.add(Rect(x, y, wide, high, tint, "own", 0.5))
    elif fate == "won":
        scene.add(Rect(x, y, wide, high, "accent", "accent", 0.5))
        if wide > 11:
            scene.add(glyph("check", x + wide / 2, y + high / 2, 3.2, "page"))
    elif fate == "open":
        scene.add(Rect(x, y, wide, high, "page", "own", 0.5), hatch(x, y, wide, high, "own", 3.2))
    elif fate == "dormant":
        scene.add(Rect(x, y, wide, high, "page", "muted", 0.6, (1.5, 1.5)))
        if wide > 9:
            scene.add(glyph("bars", x + wide / 2, y + high / 2, 3.0, "muted"))
    else:
        scene.add(Rect(x, y, wide, high, "contradicted-tint", "contradicted", 0.7))
        if wide > 9:
            scene.add(glyph("cross", x + wide / 2, y + high / 2, 2.8, "contradicted"))


def _whisker(
    scene: Scene, value: Figure | None, left: float, right: float, y: float, most: float, words: Words
) -> None:
    if value is None:
        return
    shown, sub = figure(value, words.language)
    if value.value is None:
        why = value.why or "no data"
        text = f"{words(why) if words.known(why) else tidy(why)} · {sub}"
        scene.add(Text(left, y + 11, text, SMALLEST, "muted", width=right - left))
        return
    scene.add(Text(left, y + 8, shown, TYPE["body"], "ink", 620))
    scene.add(Text(right, y + 8, sub, SMALLEST, "muted", anchor="end", width=right - left - 32))
    place = [
        left + min(max(v / most, 0.0), 1.0) * (right - left)
        for v in (value.low or 0.0, value.value, value.high or most)
    ]
    if value.low is not None or value.high is not None:
        scene.add(line(place[0], y + 19, place[2], y + 19, "accent", 1.2))
        for end, known in ((place[0], value.low), (place[2], value.high)):
            if known is not None:
                scene.add(line(end, y + 16.5, end, y + 21.5, "accent", 1.0))
    scene.add(Circle(place[1], y + 19, 2.8, "accent", "page", 0.8))


def _arcs(scene: Scene, grid: _Grid, part: Sequence[tuple[Stage, float, bool]]) -> None:
    """Back-moves as arcs from the stage that was left up to the one that was entered again; thickness is
    their number.
    """
    place = {(stage.group, stage.key): y for stage, y, _ in part}
    moves = [
        (y, place[stage.group, to], n)
        for stage, y, _ in part
        for to, n in stage.back_to.items()
        if n > 0 and place.get((stage.group, to), y) < y
    ]
    top = max((n for _, _, n in moves), default=1.0)
    for start, end, n in sorted(moves, key=lambda m: (-(m[0] - m[1]), m[0]))[:16]:
        y1, y2 = start + 4, end + 11
        far = min(14.0 + 11.0 * (start - end) / _ROW, 58.0)
        weight = 0.7 + 1.8 * n / top
        curve = ((grid.back, y1), (grid.back + far, y1), (grid.back + far, y2), (grid.back + 2, y2))
        scene.add(Path((curve,), stroke="contradicted", weight=weight, curve=True))
        tip = ((grid.back + 5, y2 - 2.8), (grid.back + 1, y2), (grid.back + 5, y2 + 2.8))
        scene.add(Path((tip,), stroke="contradicted", weight=1.1))


def _legend(scene: Scene, y: float, stages: Sequence[Stage], measure: Measure, words: Words) -> float:
    x = 0.0
    for fate in FATES:
        if any(stage.fates.get(fate) for stage in stages):
            _segment(scene, fate, x, y + 0.5, 14.0, stage_tint(3, 7))
            text = words(FATE_WORDS[fate])
            scene.add(Text(x + 18, y + 9.5, text, SMALLEST, "muted"))
            x += 18 + measure.width(text, SMALLEST) + 14
    if any(stage.back_to or stage.back for stage in stages):
        scene.add(_turn(x, y + 6.5), Text(x + 14, y + 9.5, words("legend_back"), SMALLEST, "muted"))
    return y + 18.0
