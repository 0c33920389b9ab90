"""What lies behind and above the lanes of a journey: stage bands, their headings, pauses, the first
contact with sales.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from etappe.reports.account.axis import Axis
from etappe.reports.account.reading import Journey, Story
from etappe.reports.drawing.measure import Measure
from etappe.reports.drawing.scene import Path, Rect, Scene, Text, hatch, line
from etappe.reports.formats import date, days, share, span
from etappe.reports.texts import Words
from etappe.reports.theme import SMALLEST, stage_tint

CHIP: Final = 15.0
_FLAG: Final = 9.5


def stage_count(journey: Journey) -> int:
    """Number of the furthest stage seen, for the tints."""
    return max((visit.number for visit in journey.visits), default=1)


def draw_chips(
    scene: Scene, journey: Journey, axis: Axis, y: float, until: dt.datetime, words: Words, measure: Measure
) -> bool:
    """The stages as a strip with number, name and days; True where a name had no room and the legend must
    carry it.
    """
    most, short = max(stage_count(journey), 5), False
    for i, visit in enumerate(journey.visits):
        end = visit.end or (journey.visits[i + 1].start if i + 1 < len(journey.visits) else until)
        left, right = axis.x(visit.start), axis.x(end)
        if right - left < 0.3:
            short = True
            continue
        name = words.term("stage", visit.stage)
        stay = days((end - visit.start) / dt.timedelta(days=1), words.language, short=True)
        tip = f"{visit.number} {name}, {span(visit.start, end, words.language)}, {stay}"
        scene.add(Rect(left + 0.4, y, max(right - left - 0.8, 0.4), CHIP, stage_tint(visit.number, most), tip=tip))
        room = right - left - 7
        if visit.back and room > 4:
            scene.add(_back_mark(left + 4, y + CHIP / 2))
            left, room = left + 9, room - 9
        short |= _chip_text(scene, str(visit.number), name, stay, left + 3.5, room, y, measure)
    return short


def _chip_text(
    scene: Scene, number: str, name: str, stay: str, x: float, room: float, y: float, measure: Measure
) -> bool:
    base, full = y + 10.2, f"{number} {name}"
    for text in (f"{full} · {stay}", full):
        if measure.width(text, SMALLEST, 620) <= room:
            scene.add(Text(x, base, full, SMALLEST, "ink", 620, width=room))
            if text != full:
                scene.add(Text(x + room, base, stay, SMALLEST, "ink", anchor="end"))
            return False
    if measure.width(number, SMALLEST, 620) <= room + 3:
        scene.add(Text(x + room / 2, base, number, SMALLEST, "ink", 620, "middle"))
    return True


def _back_mark(x: float, y: float) -> Path:
    return Path(
        (((x + 3.4, y), (x - 2.4, y)), ((x, y - 2.4), (x - 2.4, y), (x, y + 2.4))),
        stroke="contradicted",
        weight=1.1,
    )


def draw_bands(scene: Scene, journey: Journey, axis: Axis, top: float, bottom: float, until: dt.datetime) -> None:
    """Alternating bands and hairlines of the stages from `top` to `bottom`, pauses hatched, behind all
    else.
    """
    for i, visit in enumerate(journey.visits):
        end = visit.end or (journey.visits[i + 1].start if i + 1 < len(journey.visits) else until)
        left, right = axis.x(visit.start), axis.x(end)
        scene.behind(Rect(left, top, max(right - left, 0), bottom - top, "band-odd" if i % 2 == 0 else "band-even"))
        scene.behind(
            line(
                left,
                top,
                left,
                bottom,
                "contradicted" if visit.back else "line",
                0.5,
                (1.5, 2.0) if visit.back else (),
            )
        )
    for pause in journey.pauses:
        left, right = axis.x(pause.start), axis.x(pause.end or until)
        if right - left > 3:
            scene.behind(hatch(left + 3, top, right - left - 6, bottom - top, gap=6.0))


def draw_flags(
    scene: Scene, story: Story, journey: Journey, axis: Axis, y: float, words: Words, measure: Measure
) -> float:
    """The words of the first sales contact and of the pauses above the lanes; returns the height they
    take.
    """
    taken: list[tuple[float, float]] = []
    flags: list[tuple[int, float, str, str]] = []
    for pause in journey.pauses:
        left, right = axis.x(pause.start), axis.x(pause.end or story.as_of)
        stay = (
            pause.days if pause.days is not None else ((pause.end or story.as_of) - pause.start) / dt.timedelta(days=1)
        )
        short = days(stay, words.language, short=True)
        for text in (words("pause", days=short), short):
            width = measure.width(text, SMALLEST)
            begin = max(axis.left, (left + right - width) / 2)
            if width <= right - left + 2 and _free(taken, begin, begin + width):
                flags.append((0, begin, text, "muted"))
                taken.append((begin, begin + width))
                break
    if journey.first_sales:
        x = axis.x(journey.first_sales)
        text = words("first_sales", date=date(journey.first_sales, words.language, story.zone))
        part = before_sales(journey, story.as_of)
        if part is not None:
            text += ", " + words("first_sales_after", share=share(part, words.language))
        width = measure.width(text, SMALLEST, 620)
        begin = x + 3 if x + 3 + width <= axis.right else max(x - 3 - width, axis.left)
        flags.append((0 if _free(taken, begin, begin + width) else 1, begin, text, "accent"))
    levels = 1 + max((flag[0] for flag in flags), default=-1)
    for level, begin, text, colour in flags:
        base = y + 7.4 + _FLAG * (levels - 1 - level)
        heavy = 620 if colour == "accent" else 400
        scene.add(Text(begin, base, text, SMALLEST, colour, heavy, width=axis.right - begin + 20))
    return _FLAG * levels


def _free(used: list[tuple[float, float]], begin: float, end: float) -> bool:
    return all(begin >= right + 5 or end <= left - 5 for left, right in used)


def draw_first_sales(scene: Scene, journey: Journey, axis: Axis, top: float, bottom: float) -> None:
    """The dotted line of the first contact with sales."""
    if journey.first_sales:
        x = axis.x(journey.first_sales)
        scene.behind(line(x, top, x, bottom, "accent", 1.3, (0.1, 3.0)))


def before_sales(journey: Journey, until: dt.datetime) -> float | None:
    """Share of the journey's time that had passed at the first contact with sales; None without one."""
    end = journey.end or until
    if journey.first_sales is None or journey.start is None or end <= journey.start:
        return None
    return min(max((journey.first_sales - journey.start) / (end - journey.start), 0.0), 1.0)
