"""A map as one HTML file that works offline: a real table with its headings in sight, no script, nothing fetched.

The table is the map for screen readers as well: stages are column headings, lanes row headings, verdicts are words.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from etappe.reports.document import Document, Sheet
from etappe.reports.drawing.measure import SCREEN
from etappe.reports.drawing.scene import Scene
from etappe.reports.drawing.svg import escape, inline_svg
from etappe.reports.html import page_of
from etappe.reports.map.curve import HEIGHT, Field, draw_curve
from etappe.reports.map.figures import score
from etappe.reports.map.reading import CardView, LaneView, Shown, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.map.workbook import SIGNS
from etappe.reports.texts import Words
from etappe.reports.theme import stage_tint

if TYPE_CHECKING:
    from etappe.reports.map.report import Asked

_COLUMN: Final = 217.0  # CSS pixels, border included
_SCALE: Final = 1.25


def to_page(asked: Asked) -> str:
    """The page; the same map gives the same bytes."""
    from dataclasses import replace

    document: Document = asked.document()
    shown, words = asked.shown(), Words(asked.language, asked.names)
    blocks = tuple(block for block in document.blocks if isinstance(block, Sheet))
    css = files("etappe.reports.map").joinpath("page.css").read_text("utf-8")
    parts = [_map(shown, words), _legend(shown, words), _matrix(shown, words), _about(shown, words)]
    return page_of(replace(document, blocks=blocks), before="\n".join(part for part in parts if part), css=css)


def _map(shown: Shown, words: Words) -> str:
    rows = [_milestones(shown, words), _time(shown, words), *(row for lane in shown.lanes for row in _lane(shown, lane, words))]
    return (
        f'<section class="map {shown.view}" tabindex="0" aria-label="{escape(words("map"))}"><table>\n<thead>{_heads(shown, words)}</thead>\n'
        f"<tbody>\n{chr(10).join(row for row in rows if row)}\n</tbody></table></section>"
    )


def _heads(shown: Shown, words: Words) -> str:
    cells = []
    for number, stage in enumerate(shown.stages, start=1):
        tally = " ".join(
            f'<span class="t-{verdict}" title="{escape(verdict_word(verdict, shown.language))}">{sign} {count}</span>'
            for verdict, sign in SIGNS.items()
            if (count := sum(claim.stage == stage.id and claim.verdict == verdict for claim in shown.claims))
        )
        note = f'<span class="tally">{tally}</span>' if tally and shown.view == "evidence" else ""
        tint = stage_tint(number, len(shown.stages))
        cells.append(f'<th scope="colgroup" colspan="{stage.last - stage.first + 1}" style="background:var(--{tint})"><span class="no">{number}</span>{escape(stage.title)}{note}</th>')
    rows = f'<tr><th scope="col">{escape(words("t_stage"))}</th>{"".join(cells)}</tr>'
    if any(column.title for column in shown.columns):
        steps = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in shown.columns)
        rows += f'<tr><th scope="col">{escape(words("step"))}</th>{steps}</tr>'
    return rows


def _milestones(shown: Shown, words: Words) -> str:
    if not any(stage.milestone for stage in shown.stages):
        return ""
    cells = "".join(f'<td colspan="{stage.last - stage.first + 1}">{"◆ " + escape(stage.milestone) if stage.milestone else ""}</td>' for stage in shown.stages)
    return f'<tr><th scope="row">{escape(words("milestones"))}</th>{cells}</tr>'


def _time(shown: Shown, words: Words) -> str:
    ends = [end for stage in shown.stages for end in (stage.planned, stage.measured.value if stage.measured else None) if end]
    if not ends:
        return ""
    cells = []
    for stage in shown.stages:
        text = ""
        if stage.planned is not None:
            text += f'<small>{escape(words("planned_n", days=planned_days(stage.planned, words)))}</small><div class="bar plan" style="width:{stage.planned / max(ends) * 100:.0f}%"></div>'
        if stage.measured is not None:
            text += f'<small>{escape(words("measured_n", days=measured_days(stage.measured, words)))}</small>'
            late = stage.planned is not None and stage.measured.low is not None and stage.measured.low > stage.planned
            text += f'<div class="bar {"late" if late else "real"}" style="width:{(stage.measured.value or 0) / max(ends) * 100:.0f}%"></div>'
        cells.append(f'<td colspan="{stage.last - stage.first + 1}">{text}</td>')
    total = [words("planned_n", days=planned_days(shown.planned, words))] if shown.planned is not None else []
    total += [words("measured_n", days=measured_days(shown.measured, words))] if shown.measured is not None else []
    return f'<tr><th scope="row">{escape(words("time_line"))}<small>{escape(", ".join(total))}</small></th>{"".join(cells)}</tr>'


def _lane(shown: Shown, lane: LaneView, words: Words) -> list[str]:
    rows = [_curve(shown, lane, words)] if lane.curve and shown.lines else []
    if lane.cards or not lane.curve:
        rows += _cards(shown, lane, words)
    return rows


def _cards(shown: Shown, lane: LaneView, words: Words) -> list[str]:
    """Cards of one column in one cell; those that span columns in rows of their own beneath."""
    n = max(len(shown.columns), 1)
    single = [[card for card in lane.cards if card.first == card.last == place] for place in range(n)]
    wide = [card for card in lane.cards if card.last > card.first]
    head = f"{escape(lane.title)}<small>{escape(lane.asks)}</small>" if not lane.cards else escape(lane.title)
    rows = [f'<tr><th scope="row"{f" rowspan={len(wide) + 1}" if wide else ""}>{head}</th>{"".join(f"<td>{chr(10).join(_card(card, words, shown) for card in cards)}</td>" for cards in single)}</tr>']
    for card in wide:
        before = "<td></td>" * card.first
        after = "<td></td>" * (n - 1 - card.last)
        rows.append(f'<tr>{before}<td colspan="{card.last - card.first + 1}">{_card(card, words, shown)}</td>{after}</tr>')
    return rows


def _card(card: CardView, words: Words, shown: Shown) -> str:
    kind = "ghost" if card.ghost else card.verdict
    sign = "+" if card.ghost else SIGNS.get(card.verdict, "")
    word = words("legend_blind") if card.ghost else verdict_word(card.verdict, shown.language) if card.verdict else ""
    mark = f'<span class="sign t-{kind}" title="{escape(word)}" role="img" aria-label="{escape(word)}">{sign}</span>' if sign else ""
    lines = [words("quoted", quote=card.quote) if card.quote else "", card.detail]
    text = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    if card.told and shown.view == "evidence":
        against = card.verdict in ("contradicted", "undecided") and card.short
        text += f'<small class="t-{kind}">{escape(words("says_against", short=card.short, told=card.told) if against else card.told)}</small>'
    foot = [*card.foot, *(one.title for one in card.who), words(f"p_{card.provenance}") if card.provenance else "", f"★ {words('moment')}" if card.star else ""]
    text += f"<small>{escape(' · '.join(part for part in foot if part))}</small>" if any(foot) else ""
    return f'<div class="card {kind}"><p>{mark}<bdi>{escape(card.text)}</bdi></p>{text}</div>'


def _curve(shown: Shown, lane: LaneView, words: Words) -> str:
    n = len(shown.columns)
    column = _COLUMN / _SCALE
    scene = Scene(n * column, HEIGHT, about=_spoken(shown, words))
    draw_curve(scene, shown, Field(0.0, column, 0.0, 0.0, n * column), SCREEN, words)
    return f'<tr><th scope="row">{escape(lane.title)}<small>{escape(words("curve_note"))}</small></th><td class="curve" colspan="{n}">{inline_svg(scene, _SCALE)}</td></tr>'


def _spoken(shown: Shown, words: Words) -> str:
    """The curve in words, for those who cannot see it."""
    lines = []
    for line in shown.lines:
        way = words({"hand": "by_hand", "target": "target", "measured": "measured_word"}[line.how])
        lines.append(f"{line.who.title + ', ' if line.who else ''}{way}: " + ", ".join(f"{spot.stage} {score(spot.value, words)}" for spot in line.spots))
    return f"{words('curve_sheet')}. {'. '.join(lines)}."


def _legend(shown: Shown, words: Words) -> str:
    marks = [f'<span><span class="t-{verdict}">{SIGNS[verdict]}</span> {escape(verdict_word(verdict, shown.language))}</span>' for verdict in shown.counts()]
    marks += [f"<span>+ {escape(words('legend_blind'))}</span>"] if shown.spots and shown.view == "evidence" else []
    marks += [f"<span>◆ {escape(words('milestone'))}</span>"] if any(stage.milestone for stage in shown.stages) else []
    for one in shown.who if any(line.who for line in shown.lines) else ():
        marks.append(f'<span><span style="color:var(--series-{one.series + 1})">{"●■▲◆"[one.series % 4]}</span> {escape(one.title)}</span>')
    return f'<p class="legend">{"".join(marks)}</p>' if marks else ""


def _matrix(shown: Shown, words: Words) -> str:
    if shown.matrix is None:
        return ""
    from etappe.reports.map.matrix import matrix_pages

    scene = matrix_pages(shown.matrix, 770.0, None, SCREEN, words)[0]
    return f'<section class="picture" tabindex="0" aria-label="{escape(words("matrix"))}" style="margin-top:32px">{inline_svg(scene, 1.5)}</section>'


def _about(shown: Shown, words: Words) -> str:
    lines = [f"<li>{escape(words(name))}: {escape(text)}</li>" for name, text in (("scenario", shown.scenario), ("expectation", shown.expectation)) if text]
    return f'<section class="notes"><h2>{escape(words("about_map"))}</h2><ul>{"".join(lines)}</ul></section>' if lines else ""
