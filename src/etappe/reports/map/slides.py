"""A map as slides: overview with the curve, what matters most, one slide a stage, decision matrix, claims, method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from etappe.reports.formats import date, number
from etappe.reports.map.appendix import figure_cell, recipe_name
from etappe.reports.map.deck import HEIGHT, MEASURE, OTHER_FONT, SHAPES, SIDE, WIDTH, Deck
from etappe.reports.map.document import footer
from etappe.reports.map.figures import told
from etappe.reports.map.findings import findings
from etappe.reports.map.reading import VERDICT_COLOURS, CardView, Line, Shown, StageView, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.persona import persona_document, persona_panels, persona_slides
from etappe.reports.texts import Words
from etappe.reports.theme import stage_tint

if TYPE_CHECKING:
    from etappe.reports.map.report import Asked

_ROOM: Final = WIDTH - 2 * SIDE
_BOTTOM: Final = HEIGHT - 38.0
_LANE: Final = 116.0
_ACROSS: Final = 3
_GAP: Final = 7.0
_LANE_GAP: Final = 6.0
_TEXT: Final = 12.0
_SMALL: Final = 10.0
Run = tuple[str, float, str, bool]


def to_slides(asked: Asked) -> bytes:
    """The presentation as a file; everything on it can be edited."""
    shown, words = asked.shown(), Words(asked.language, asked.names)
    deck = Deck(shown.language, f"{shown.title} · {footer(shown, words, asked.conservation if shown.checked else None)}")
    map_slides(deck, shown, words)
    for persona, page in asked.pages:
        persona_slides(deck, persona_document(persona, page, asked.language, asked.names), persona_panels(persona, page, words))
    return deck.finished()


def map_slides(deck: Deck, shown: Shown, words: Words) -> None:
    """All slides of a map, added to a deck."""
    _overview(deck, shown, words)
    findings_slide(deck, shown, words)
    for stage_number in range(len(shown.stages)):
        _stage(deck, shown, stage_number, words)
    _matrix(deck, shown, words)
    _claims(deck, shown, words)
    _spots(deck, shown, words)


# -- overview -------------------------------------------------------------------------------------------------------------


def _overview(deck: Deck, shown: Shown, words: Words) -> None:
    facts = [shown.subtitle] + ([words("as_of", date=date(shown.as_of, shown.language))] if shown.as_of else [])
    deck.new(shown.title, " · ".join(facts))
    _counts(deck, shown, words)
    n = max(len(shown.stages), 1)
    for start in range(0, n, 10):  # more than ten stages go on beneath each other
        _stages(deck, shown, shown.stages[start : start + 10], start, 104.0 + (start // 10) * 96.0, words)
    top = 104.0 + -(-n // 10) * 96.0 + 8
    if shown.lines:
        deck.text(SIDE, top, _ROOM, 16, [[(words("curve_sheet"), _TEXT, "ink", True), (f"   {words('curve_how')}", _SMALL, "muted", False)]])
        names = [column.title or shown.stages[column.stage].title for column in shown.columns]
        deck.curve(SIDE - 6, top + 16, _ROOM + 12, _BOTTOM - top - 18, names, [_series(line, shown, words) for line in shown.lines[:8]])
    elif shown.scenario or shown.expectation:
        lines: list[list[Run]] = [[(f"{words(name)}: ", _TEXT, "ink", True), (text, _TEXT, "ink", False)] for name, text in (("scenario", shown.scenario), ("expectation", shown.expectation)) if text]
        deck.text(SIDE, top, _ROOM, 120, lines)
    deck.notes("\n".join(part for part in (shown.scenario, shown.expectation) if part))


def _counts(deck: Deck, shown: Shown, words: Words) -> None:
    runs: list[Run] = []
    for verdict, count in shown.counts().items():
        colour = VERDICT_COLOURS.get(verdict, "muted")
        runs += [(f"{SHAPES[verdict]} {count} ", 14, colour, True), (f"{verdict_word(verdict, shown.language)}     ", 11, "muted", False)]
    if shown.spots:
        runs += [(f"+ {len(shown.spots)} ", 14, "ink", True), (f"{words('kf_spots', n=len(shown.spots))}     ", 11, "muted", False)]
    if shown.agreement and shown.agreement.get("value") is not None:
        value, _, rest = told(shown.agreement, "share", words).partition("\u00a0(")
        runs += [(f"{value} ", 14, "ink", True), (f"{words('kf_agreement')} ({rest}", 11, "muted", False)]
    if runs:
        deck.text(SIDE, 74, _ROOM, 22, [runs])


def _stages(deck: Deck, shown: Shown, stages: tuple[StageView, ...], start: int, y: float, words: Words) -> None:
    wide = _ROOM / max(len(stages), 1)
    for place, stage in enumerate(stages):
        x = SIDE + place * wide
        size = next((size for size in (11.5, 10.0, 9.0, 8.2) if all(MEASURE.width(word, size, 620) * OTHER_FONT < wide - 18 for word in stage.title.split())), 7.5)
        deck.box(x, y, wide - 4, 34, [[(f"{start + place + 1}  ", size, "muted", True), (stage.title, size, "ink", True)]], fill=stage_tint(start + place + 1, len(shown.stages)), line="", anchor="middle", name=stage.title)
        lines: list[list[Run]] = [[(f"◆ {stage.milestone}", 9.5, "ink", False)]] if stage.milestone else []
        days = [words("planned_n", days=planned_days(stage.planned, words))] if stage.planned is not None else []
        lines += [[(text, 9, "muted", False)] for text in days + ([words("measured_n", days=measured_days(stage.measured, words).rpartition(" · ")[0] or measured_days(stage.measured, words))] if stage.measured else [])]
        deck.text(x + 2, y + 37, wide - 8, 56, lines)


def _series(line: Line, shown: Shown, words: Words) -> tuple[str, list[float | None], str, str, int]:
    values: list[float | None] = [None] * len(shown.columns)
    for spot in line.spots:
        for place in range(spot.first, spot.last + 1):
            values[place] = spot.value
    way = words({"hand": "by_hand", "target": "target", "measured": "measured_word"}[line.how])
    name = f"{line.who.title}, {way}" if line.who else way
    return name, values, f"series-{line.who.series + 1}" if line.who else "accent", line.how, line.who.series if line.who else 0


# -- what matters ---------------------------------------------------------------------------------------------------------


def findings_slide(deck: Deck, shown: Shown, words: Words) -> None:
    """The five findings that matter most, each with its figure."""
    found = findings(shown, words)
    if not found:
        return
    deck.new(words("findings"), words("findings_note"))
    y = 84.0
    for place, one in enumerate(found, start=1):
        deck.text(SIDE, y, 34, 30, [[(str(place), 22, "faint", True)]])
        lines = MEASURE.fold(one.title, _ROOM - 60, 15, 620)
        deck.text(SIDE + 34, y, _ROOM - 34, 20 * len(lines), [[(f"{SHAPES.get(one.verdict, one.sign)} ", 15, one.colour, True), (one.title, 15, "ink", True)]])
        deck.text(SIDE + 34, y + 19 * len(lines) + 2, _ROOM - 34, 34, [[(one.body, 12, "muted", False)]])
        y += 19 * len(lines) + 15 * len(MEASURE.fold(one.body, _ROOM - 50, 12)) + 22


# -- stages ---------------------------------------------------------------------------------------------------------------


def _stage(deck: Deck, shown: Shown, number: int, words: Words) -> None:
    stage = shown.stages[number]
    facts = [f"◆ {stage.milestone}" if stage.milestone else "", words("planned_n", days=planned_days(stage.planned, words)) if stage.planned is not None else ""]
    facts += [words("measured_n", days=measured_days(stage.measured, words)) if stage.measured else ""]
    facts += [told_feeling for line in shown.lines if (told_feeling := _feeling(line, stage, words))]
    title, subtitle = f"{number + 1}  {stage.title}", " · ".join(fact for fact in facts if fact)
    wide = (_ROOM - _LANE) / _ACROSS - _GAP
    rows = _rows(shown, stage, wide, words)
    for slide, count in enumerate(dealt([row.high + (_LANE_GAP if row.last else 0) for row in rows], _BOTTOM - 80.0)):
        deck.new(f"{title} ({words('continued')})" if slide else title, MEASURE.clip(subtitle, _ROOM, 11))
        y = 80.0
        for row in rows[:count]:
            if row.first or y == 80.0:
                deck.text(SIDE, y + 3, _LANE - 10, 30, [[(row.lane, _TEXT, "ink", True)]])
            for place, (card, lines) in enumerate(row.cards):
                _card(deck, card, SIDE + _LANE + place * (wide + _GAP), y, wide, row.high - _GAP, lines, shown)
            y += row.high
            if row.last:
                deck.line(SIDE, y, WIDTH - SIDE, y, "line", 0.5)
                y += _LANE_GAP
        rows = rows[count:]
    deck.notes("\n".join(f"{verdict_word(claim.verdict, shown.language)}: {claim.sentence} – {claim.told}" for claim in shown.claims if claim.stage == stage.id))


@dataclass(frozen=True, slots=True)
class _Row:
    """Cards that stand beside each other in a lane; its first one names the lane, its last one closes it."""

    lane: str
    cards: list[tuple[CardView, list[list[Run]]]]
    high: float
    first: bool
    last: bool


def _rows(shown: Shown, stage: StageView, wide: float, words: Words) -> list[_Row]:
    rows = []
    for lane in shown.lanes:
        cards = [card for card in lane.cards if card.first <= stage.last and card.last >= stage.first]
        for start in range(0, len(cards), _ACROSS):
            laid = [(card, *_lines(card, wide, shown, words)) for card in cards[start : start + _ACROSS]]
            high = max(height for *_, height in laid) + _GAP
            rows.append(_Row(lane.title, [(card, lines) for card, lines, _ in laid], high, start == 0, start + _ACROSS >= len(cards)))
    return rows


def dealt(heights: Sequence[float], room: float) -> list[int]:
    """How many of them stand on each slide: in their order, on as few slides as they need, all about equally full; one slide for none."""

    def filled(limit: float) -> list[int]:
        counts, used = [0], 0.0
        for high in heights:
            if counts[-1] and used + high > limit:
                counts.append(0)
                used = 0.0
            counts[-1] += 1
            used += high
        return counts

    least, low, high = len(filled(room)), 0.0, room
    for _ in range(24):  # the lowest limit that needs no further slide
        middle = (low + high) / 2
        low, high = (low, middle) if len(filled(middle)) == least else (middle, high)
    return filled(high)


def _feeling(line: Line, stage: StageView, words: Words) -> str:
    from etappe.reports.map.figures import score

    values = [spot.value for spot in line.spots if stage.first <= spot.first <= stage.last]
    if not values or line.how == "target":
        return ""
    return f"{line.who.title if line.who else words('curve_sheet')} {score(sum(values) / len(values), words)} ({words('by_hand' if line.how == 'hand' else 'measured_word')})"


def _lines(card: CardView, wide: float, shown: Shown, words: Words) -> tuple[list[list[Run]], float]:
    """A card's lines, and how high a box they need."""
    colour = VERDICT_COLOURS.get(card.verdict, "muted")
    sign = "+" if card.ghost else SHAPES.get(card.verdict, "")
    lines: list[list[Run]] = [[*([(f"{sign} ", _TEXT, colour, True)] if sign else []), (card.text, _TEXT, "ink", True)]]
    smaller = [words("quoted", quote=card.quote) if card.quote else "", card.detail]
    lines += [[(text, _SMALL, "muted", False)] for text in smaller if text]
    if card.told and shown.view == "evidence":
        against = card.verdict in ("contradicted", "undecided") and card.short
        lines.append([(words("says_against", short=card.short, told=card.told) if against else card.told, _SMALL, colour, False)])
    foot = [*card.foot, *(one.title for one in card.who), words(f"p_{card.provenance}") if card.provenance else "", words("kf_spots", n=1) if card.ghost else ""]
    lines.append([(" · ".join(part for part in foot if part), _SMALL - 1, "muted", False)])
    if card.star:
        lines.append([(f"★ {words('moment')}", _SMALL - 1, "ink", False)])
    high = sum(len(MEASURE.fold("".join(run[0] for run in runs).strip(), wide - 14, runs[-1][1] * 1.02, 620 if runs[-1][3] else 400)) * runs[-1][1] * 1.22 for runs in lines) + 8
    return lines, high


def _card(deck: Deck, card: CardView, x: float, y: float, w: float, h: float, lines: list[list[Run]], shown: Shown) -> None:
    colour = VERDICT_COLOURS.get(card.verdict, "")
    tinted = shown.view == "evidence"
    dash = card.ghost or (tinted and card.verdict in ("too_few", "no_data", "out_of_date"))
    deck.box(
        x, y, w, h, lines, fill=f"{colour}-tint" if colour and tinted else "page", line=(colour or "own") if card.verdict and tinted else "muted" if card.ghost else "rule",
        weight=1.5 if card.verdict == "contradicted" and tinted else 0.75, dash=dash, name=card.text,
    )  # fmt: skip


# -- tables ---------------------------------------------------------------------------------------------------------------


def tables(deck: Deck, title: str, subtitle: str, heads: list[str], rows: list[list[tuple[str, str, bool]]], rooms: list[float], size: float = 11.0, numbers: tuple[int, ...] = ()) -> float:
    """A native table over as many slides as it needs, its heading on each; returns where the last one ends."""
    if not rows:
        return 80.0
    heads_high, *heights = deck.row_heights(heads, rows, rooms, _ROOM, size)
    used, start = 0.0, 0
    for count in dealt(heights, _BOTTOM - 84 - heads_high):
        deck.new(f"{title} ({Words(deck.language)('continued')})" if start else title, subtitle)
        deck.table(SIDE, 80, _ROOM, heads, rows[start : start + count], rooms, size, numbers)
        used, start = heads_high + sum(heights[start : start + count]), start + count
    return 80.0 + used


def _matrix(deck: Deck, shown: Shown, words: Words) -> None:
    if shown.matrix is None:
        return

    def said(value: float | None) -> str:
        return words("unknown_standing") if value is None else number(value, words.language, 0 if float(value).is_integer() else 1)

    heads = [words("criterion"), words("weight"), *shown.matrix.vendors]
    rows = [
        [(name, "ink", False), ("–" if weight is None else number(weight, words.language), "muted", False), *((said(value), "accent" if place == shown.matrix.ours else "ink", place == shown.matrix.ours) for place, value in enumerate(standing))]
        for name, weight, standing in shown.matrix.rows
    ]
    rows.append([(words("weighted"), "ink", True), ("", "ink", False), *((said(round(value, 1) if value is not None else None), "ink", True) for value in shown.matrix.totals)])
    tables(deck, words("matrix"), words("matrix_note"), heads, rows, [3.4, 0.8, *[1.0] * len(shown.matrix.vendors)], 12.0, tuple(range(1, len(heads))))


def _claims(deck: Deck, shown: Shown, words: Words) -> None:
    if not shown.claims:
        return
    stages = {stage.id: stage.title for stage in shown.stages}
    rows = []
    for claim in shown.claims:
        value, sub = figure_cell(claim, words)
        colour = VERDICT_COLOURS.get(claim.verdict, "muted")
        rows.append([
            (f"{SHAPES.get(claim.verdict, '')} {verdict_word(claim.verdict, shown.language)}", colour, True), (stages.get(claim.stage, ""), "muted", False), (claim.sentence, "ink", False),
            (f"{value} {sub}".strip(), "ink", False), (recipe_name(claim.raw.get("recipe"), words), "muted", False),
        ])  # fmt: skip
    tables(deck, words("claims_sheet"), words("claims_note"), [words("verdict"), words("t_stage"), words("claim"), words("figure_n"), words("recipe_word")], rows, [1.2, 1.5, 4.0, 1.9, 1.0], 10.0)


def _spots(deck: Deck, shown: Shown, words: Words) -> None:
    rows = [[(spot.title, "ink", True), (spot.stage_title, "muted", False), (spot.told, "ink", False)] for spot in shown.spots]
    tables(deck, words("spots_sheet"), words("spots_note"), [words("t_touchpoint"), words("t_stage"), words("share_of")], rows, [2.2, 1.6, 1.8], 12.0)
