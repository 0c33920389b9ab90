"""The stage overview: how many enter each stage, what becomes of them, how many move on, how long it
takes, who goes back.

Still open is hatched and never counted as lost. Conversion and time stand with their intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from etappe.reports.document import Block, Document, Picture
from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Text, glyph, hatch, line
from etappe.reports.formats import NBSP, figure, number
from etappe.reports.table import footer_for, heading_of, notes_of, sheets_of, subtitle_of
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, TYPE, Language, stage_tint
from etappe.reports.vocabulary import term
from etappe.words.result import Figure, Result

# What a column may be called; the first that is there is taken.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "entered": ("entered", "accounts", "journeys", "n"),
    "moved_on": ("moved_on", "forward", "continued", "next"),
    "won": ("won",),
    "open": ("open", "still_open", "still_there"),
    "lost": ("lost",),
    "dormant": ("dormant",),
    "conversion": ("conversion", "moves_on", "conversion_rate"),
    "median": ("median_days", "median", "days", "days_median"),
    "back": ("back_moves", "went_back", "back", "back_entries"),
}
_FATES: Final = ("moved_on", "won", "open", "dormant", "lost")
_ROW: Final = 42.0
_HEAD: Final = 24.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the overview."""

    name: str
    number: int
    entered: float
    fates: dict[str, float]
    conversion: Figure | None
    median: Figure | None
    back: float
    back_to: dict[str, float]
    key: str


def is_stages(result: Result) -> bool:
    """Whether the result can be drawn as a stage overview."""
    rows = result.rows
    return (
        bool(rows)
        and all("stage" in row and _found(row, "entered") is not None for row in rows)
        and len(rows) <= 60
    )


def stages_document(result: Result, language: Language, title: str = "") -> Document:
    """The drawing, the table behind it, recipe and caveats."""
    words = Words(language)
    stages = read_stages(result, words)
    blocks: list[Block] = [
        Picture(words("stage_overview"), lambda w, h, m: stage_pages(stages, w, h, m, words))
    ]
    blocks += notes_of(result, words)
    blocks += sheets_of(result, words, words("figures_table"))
    name = title or (words("stage_overview") if result.analysis == "stages" else heading_of(result, words))
    return Document(language, name, subtitle_of(result, words), (), tuple(blocks), footer_for(result, words))


def read_stages(result: Result, words: Words) -> list[Stage]:
    """The rows, whatever their columns are called; a further text column (kind, segment) becomes part of
    the name.
    """
    repeated = len({tidy(row.get("stage")) for row in result.rows}) < len(result.rows)
    stages = []
    for i, row in enumerate(result.rows):
        key = tidy(row.get("stage"))
        name = term("stage", row.get("name") or key, words.language)
        if repeated:
            others = [k for k in ("kind", "segment", "group") if isinstance(row.get(k), str)]
            name = " · ".join([name, *(term("kind", row[k], words.language) for k in others)])
        fates = {fate: _amount(_found(row, fate)) for fate in _FATES}
        back_to = row.get("back_to")
        stages.append(
            Stage(
                name,
                int(_amount(row.get("stage_no")) or i + 1),
                _amount(_found(row, "entered")),
                fates,
                _as_figure(_found(row, "conversion"), "share"),
                _as_figure(_found(row, "median"), "days"),
                _amount(_found(row, "back")),
                {tidy(k): _amount(v) for k, v in back_to.items()} if isinstance(back_to, Mapping) else {},
                key,
            )
        )
    return stages


def _found(row: Mapping[str, Any], what: str) -> Any:
    return next((row[name] for name in _NAMES[what] if row.get(name) is not None), None)


def _amount(value: Any) -> float:
    if isinstance(value, Figure):
        value = value.value
    return (
        float(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
        else 0.0
    )


def _as_figure(value: Any, unit: str) -> Figure | None:
    if isinstance(value, Figure):
        return value if value.unit else Figure(value.value, value.low, value.high, value.n, value.why, unit)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Figure(float(value), unit=unit)
    return None


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns of the drawing stand."""

    bar: float
    bar_end: float
    arcs: float
    share: float
    share_end: float
    time: float
    time_end: float


def _grid(width: float) -> _Grid:
    return _Grid(
        146.0, width * 0.58, width * 0.595, width * 0.66, width * 0.66 + 106, width * 0.66 + 136, width - 4
    )


def stage_pages(
    stages: Sequence[Stage], width: float, height: float | None, measure: Measure, words: Words
) -> list[Scene]:
    """The overview, on as many sheets as it needs."""
    about = f"{words('stage_overview')}. " + "; ".join(
        f"{stage.name}: {number(stage.entered, words.language, 0)} {words('entered')}" for stage in stages
    )
    room = len(stages) if height is None else max(1, int((height - _HEAD - 24) // _ROW))
    pages = []
    for first in range(0, max(len(stages), 1), max(room, 1)):
        scene = Scene(width, about=about)
        part = stages[first : first + room]
        _draw(scene, stages, part, measure, words)
        scene.height = _HEAD + len(part) * _ROW + 24
        pages.append(scene)
    return pages


def _draw(
    scene: Scene, stages: Sequence[Stage], part: Sequence[Stage], measure: Measure, words: Words
) -> None:
    grid, bottom = _grid(scene.width), _HEAD + len(part) * _ROW
    most = max((stage.entered for stage in stages), default=1.0) or 1.0
    longest = (
        max(
            (end for s in stages if s.median for end in (s.median.high or 0, s.median.value or 0)),
            default=0.0,
        )
        or 1.0
    )
    shortest = TYPE["label"]
    for x, text in (
        (0.0, words("t_stage")),
        (grid.bar, words("c_entered_long")),
        (grid.share, words("c_conversion_long")),
        (grid.time, words("c_median_long")),
    ):
        scene.add(Text(x, 11, text, shortest, "muted", 620, width=150))
    scene.add(line(0, _HEAD - 6, scene.width, _HEAD - 6, "rule"))
    _scales(scene, grid, bottom, longest, words)
    for i, stage in enumerate(part):
        y = _HEAD + i * _ROW
        _bar(scene, grid, stage, y, most, max(s.number for s in stages), measure, words)
        _whisker(scene, stage.conversion, grid.share, grid.share_end, y, 1.0, words)
        _whisker(scene, stage.median, grid.time, grid.time_end, y, longest, words)
        scene.add(line(0, y + _ROW - 6, scene.width, y + _ROW - 6, "line"))
    _arcs(scene, grid, part, words)
    _legend(scene, bottom + 8, stages, measure, words)


def _scales(scene: Scene, grid: _Grid, bottom: float, longest: float, words: Words) -> None:
    for left, right in ((grid.share, grid.share_end), (grid.time, grid.time_end)):
        for x in (left, (left + right) / 2, right):
            scene.behind(line(x, _HEAD - 6, x, bottom - 6, "line", 0.5, (1.5, 2.0)))
    for x, text in ((grid.share, "0"), (grid.share_end, f"100{NBSP}%" if words.language == "de" else "100%")):
        scene.add(Text(x, bottom + 3, text, SMALLEST, "muted", anchor="start" if x == grid.share else "end"))
    unit = "T" if words.language == "de" else "d"
    scene.add(Text(grid.time, bottom + 3, "0", SMALLEST, "muted"))
    scene.add(
        Text(
            grid.time_end,
            bottom + 3,
            f"{number(longest, words.language, 0)}{NBSP}{unit}",
            SMALLEST,
            "muted",
            anchor="end",
        )
    )


def _bar(
    scene: Scene, grid: _Grid, stage: Stage, y: float, most: float, of: int, measure: Measure, words: Words
) -> None:
    name = measure.wrap(f"{stage.number} {stage.name}", grid.bar - 44, TYPE["body"], 530, most=2)
    for n, text in enumerate(name):
        scene.add(Text(0, y + 10 + n * 10, text, TYPE["body"], "ink", 530, width=grid.bar - 42))
    scene.add(
        Text(
            grid.bar - 6,
            y + 11,
            number(stage.entered, words.language, 0),
            TYPE["figure"] - 2,
            "ink",
            620,
            "end",
            38,
        )
    )
    scale = (grid.bar_end - grid.bar) / most
    x = grid.bar
    for fate in _FATES:
        wide = stage.fates[fate] * scale
        if wide > 0:
            _segment(scene, fate, x, y + 1, wide, stage_tint(stage.number, max(of, 5)))
            x += wide
    end = grid.bar + stage.entered * scale
    if end > x + 0.3:
        scene.add(Rect(x, y + 1, end - x, 13, "surface", "rule", 0.5))
    parts = [
        f"{number(stage.fates[f], words.language, 0)}{NBSP}{words(_WORD[f])}"
        for f in _FATES
        if stage.fates[f]
    ]
    if stage.back and not stage.back_to:
        parts.append(words("back_from", n=int(stage.back)))
    scene.add(Text(grid.bar, y + 24, " · ".join(parts), SMALLEST, "muted", width=grid.bar_end - grid.bar + 4))


_WORD: Final = {
    "moved_on": "moved_on",
    "won": "won",
    "open": "still_open",
    "dormant": "dormant",
    "lost": "lost",
}


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


def _arcs(scene: Scene, grid: _Grid, part: Sequence[Stage], words: Words) -> None:
    place = {stage.key: i for i, stage in enumerate(part)}
    moves = [
        (i, place[to], n)
        for i, stage in enumerate(part)
        for to, n in stage.back_to.items()
        if to in place and place[to] < i and n > 0
    ]
    top = max((n for _, _, n in moves), default=1.0)
    for start, end, n in sorted(moves, key=lambda m: -m[2])[:12]:
        y1, y2 = _HEAD + start * _ROW + 5, _HEAD + end * _ROW + 10
        reach = grid.arcs + min(10.0 + 8.0 * (start - end), 40.0)
        weight = 0.7 + 2.0 * n / top
        scene.add(
            Path(
                (((grid.arcs, y1), (reach, y1), (reach, y2), (grid.arcs + 1, y2)),),
                stroke="contradicted",
                weight=weight,
                curve=True,
            )
        )
        scene.add(
            Path(
                (((grid.arcs + 4, y2 - 2.6), (grid.arcs, y2), (grid.arcs + 4, y2 + 2.6)),),
                stroke="contradicted",
                weight=1.0,
            )
        )
        label = number(n, words.language, 0)
        x, y = grid.arcs + (reach - grid.arcs) * 0.75, (y1 + y2) / 2
        scene.add(Rect(x - 2.2 * len(label) - 1.5, y - 4.5, 4.4 * len(label) + 3, 9, "page"))
        scene.add(Text(x, y + 2.5, label, SMALLEST, "contradicted", 620, "middle"))


def _legend(scene: Scene, y: float, stages: Sequence[Stage], measure: Measure, words: Words) -> None:
    x = 0.0
    for fate in _FATES:
        if any(stage.fates[fate] for stage in stages):
            _segment(scene, fate, x, y - 2, 14.0, stage_tint(3, 7))
            text = words(_WORD[fate])
            scene.add(Text(x + 18, y + 7, text, SMALLEST, "muted"))
            x += 18 + measure.width(text, SMALLEST) + 14
    if any(stage.back_to for stage in stages):
        scene.add(
            Path(
                (((x + 10, y + 9), (x + 2, y + 9), (x + 2, y), (x + 10, y)),),
                stroke="contradicted",
                weight=1.0,
                curve=True,
            )
        )
        scene.add(Text(x + 15, y + 7, words("legend_back"), SMALLEST, "muted"))
