"""A map as Markdown with a Mermaid journey (and a word on what that loses), and its cards as CSV."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from etappe.reports.formats import NBSP, date
from etappe.reports.map.appendix import figure_cell, recipe_words
from etappe.reports.map.figures import score, told
from etappe.reports.map.reading import CardView, Line, Shown, StageView, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.map.workbook import SIGNS
from etappe.reports.texts import Words

if TYPE_CHECKING:
    from etappe.reports.map.report import Asked

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def to_markdown(asked: Asked) -> str:
    """The map as Markdown that reads well as it is, and draws its curve where Mermaid is known."""
    shown, words = asked.shown(), Words(asked.language, asked.names)
    lines = [f"# {_plain(shown.title)}", "", _plain(shown.subtitle)]
    lines += ["", *[f"**{words(name)}:** {_plain(text)}  " for name, text in (("scenario", shown.scenario), ("expectation", shown.expectation)) if text]] if shown.scenario or shown.expectation else []
    if shown.checked:
        counts = [f"{SIGNS[verdict]} {count} {verdict_word(verdict, shown.language)}" for verdict, count in shown.counts().items()]
        agreement = [f"{words('kf_agreement')} {told(shown.agreement, 'share', words)}"] if shown.agreement else []
        lines += ["", " · ".join([*counts, *agreement, *([words("as_of", date=date(shown.as_of, shown.language))] if shown.as_of else [])])]
    lines += ["", *_mermaid(shown, words)]
    for number, stage in enumerate(shown.stages, start=1):
        lines += ["", f"## {number}. {_plain(stage.title)}", "", *_stage(shown, stage, words)]
    lines += _claims(shown, words) + _spots(shown, words) + _matrix(shown, words)
    return "\n".join(lines).replace(NBSP, " ").rstrip() + "\n"


def _plain(text: str) -> str:
    """A text that Markdown takes as text."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


# -- Mermaid --------------------------------------------------------------------------------------------------------------


def _mermaid(shown: Shown, words: Words) -> list[str]:
    """The user-journey diagram: stages as sections, the feeling as Mermaid's 1 to 5."""
    line = next((line for how in ("measured", "hand") for line in shown.lines if line.how == how and len(line.spots) > 1), None)
    lines = ["```mermaid", "journey", f"    title {_task(shown.title)}"]
    for stage in shown.stages:
        lines.append(f"    section {_task(stage.title)}")
        cards = [card for lane in shown.lanes if lane.kind in ("actions", "touchpoints") for card in lane.cards if stage.first <= card.first <= stage.last and not card.ghost]
        who = _task(line.who.title) if line and line.who else ", ".join(_task(one.title) for one in shown.who)
        for name in [_task(card.text) for card in cards[:6]] or [_task(stage.milestone or stage.title)]:
            lines.append(f"      {name}: {_five(line, stage)}{f': {who}' if who else ''}")
    lines += ["```", "", f"*{words('mermaid_lost')}*"]
    return lines


def _task(text: str) -> str:
    """A name in a diagram: signs that Mermaid reads as its own are replaced by their like."""
    plain = " ".join(text.split()).replace(":", "∶").replace(";", ",").replace("#", "№").replace("%%", "%").replace("```", "'")
    return plain[:90] or "–"


def _five(line: Line | None, stage: StageView) -> int:
    """The feeling of a stage from −2…+2 as 1…5; 3 where nothing is known."""
    values = [spot.value for spot in line.spots if stage.first <= spot.first <= stage.last] if line else []
    return max(1, min(5, round(sum(values) / len(values)) + 3)) if values else 3


# -- stages, claims, spots --------------------------------------------------------------------------------------------------


def _stage(shown: Shown, stage: StageView, words: Words) -> list[str]:
    facts = [words("planned_n", days=planned_days(stage.planned, words))] if stage.planned is not None else []
    facts += [words("measured_n", days=measured_days(stage.measured, words))] if stage.measured else []
    feel = [f"{line.who.title + ' ' if line.who else ''}{score(spot.value, words)} ({words({'hand': 'by_hand', 'target': 'target', 'measured': 'measured_word'}[line.how])})" for line in shown.lines for spot in line.spots if stage.first <= spot.first <= stage.last]
    lines = [" · ".join(facts)] if facts else []
    lines += [f"{words('curve_sheet')}: {', '.join(feel)}"] if feel else []
    lines = ["  \n".join(lines), ""] if lines else []
    for lane in shown.lanes:
        cards = [card for card in lane.cards if stage.first <= card.first <= stage.last]
        if cards:
            lines += [f"**{_plain(lane.title)}**", "", *(_card(card, words) for card in cards), ""]
    lines += [f"◆ **{words('milestone')}:** {_plain(stage.milestone)}"] if stage.milestone else []
    return lines


def _card(card: CardView, words: Words) -> str:
    sign = "+" if card.ghost else SIGNS.get(card.verdict, "")
    parts = [_plain(card.text), _plain(card.detail), _plain(words("quoted", quote=card.quote)) if card.quote else ""]
    against = card.verdict in ("contradicted", "undecided") and card.short
    parts.append(words("says_against", short=card.short, told=card.told) if against else card.told)
    parts += [", ".join([*card.foot, *(one.title for one in card.who)])]
    parts += [words("moment") if card.star else "", words("p_" + card.provenance) if card.provenance else "", words("legend_blind") if card.ghost else ""]
    return f"- {sign + ' ' if sign else ''}{' · '.join(part for part in parts if part)}"


def _claims(shown: Shown, words: Words) -> list[str]:
    if not shown.claims:
        return []
    lines = ["", f"## {words('claims_sheet')}", "", words("claims_note"), "", _row(words("verdict"), words("claim"), words("figure_n"), words("recipe_word")), "| --- | --- | --- | --- |"]
    for claim in shown.claims:
        value, sub = figure_cell(claim, words)
        lines.append(_row(f"{SIGNS.get(claim.verdict, '')} {verdict_word(claim.verdict, shown.language)}", claim.sentence, f"{value} {sub}".strip(), recipe_words(claim.raw.get("recipe"), words)))
    return lines


def _spots(shown: Shown, words: Words) -> list[str]:
    if not shown.spots:
        return []
    head = [_row(words("t_stage"), words("t_touchpoint"), words("share_of")), "| --- | --- | --- |"]
    return ["", f"## {words('spots_sheet')}", "", words("spots_note"), "", *head, *(_row(spot.stage_title, spot.title, spot.told) for spot in shown.spots)]


def _matrix(shown: Shown, words: Words) -> list[str]:
    if shown.matrix is None:
        return []
    from etappe.reports.formats import number

    def said(value: float | None) -> str:
        return words("unknown_standing") if value is None else number(value, words.language, 0 if float(value).is_integer() else 1)

    head = [_row(words("criterion"), words("weight"), *shown.matrix.vendors), _row(*["---"] * (2 + len(shown.matrix.vendors)), escape=False)]
    rows = [_row(name, "–" if weight is None else number(weight, words.language), *(said(value) for value in standing)) for name, weight, standing in shown.matrix.rows]
    return ["", f"## {words('matrix')}", "", words("matrix_note"), "", *head, *rows, _row(words("weighted"), "", *(said(value) for value in shown.matrix.totals))]


def _row(*cells: str, escape: bool = True) -> str:
    return "| " + " | ".join(_plain(cell) if escape else cell for cell in cells) + " |"


# -- CSV ------------------------------------------------------------------------------------------------------------------


def to_csv(asked: Asked) -> str:
    """The cards, one a line, with verdict and figure; separated as the language's spreadsheets expect, and safe to open there."""
    shown, words = asked.shown(), Words(asked.language, asked.names)
    made = io.StringIO()
    out = csv.writer(made, delimiter=";" if shown.language == "de" else ",", lineterminator="\r\n")
    names = ("t_stage", "step", "lane", "card", "detail", "verdict", "claim", "figure", "low", "high", "n", "provenance", "c_touchpoint", "persona_word", "id")
    out.writerow([words(name) for name in names])
    claims = {claim.card: claim for claim in shown.claims}
    things = {**asked.map.cards}
    for lane in shown.lanes:
        for card in lane.cards:
            claim = claims.get(card.id) if card.id else None
            figure = (claim.figure if claim else None) or {}
            numbers = [_number(figure.get(name), shown.language) for name in ("value", "low", "high", "n")]
            stage = shown.stages[shown.columns[card.first].stage].title
            verdict = words("kf_spots", n=1) if card.ghost else verdict_word(card.verdict, shown.language) if card.verdict else ""
            touch = words.term("touchpoint", things[card.id].touchpoint) if card.id in things and things[card.id].touchpoint else ""
            row = [stage, shown.columns[card.first].title, lane.title, card.text, card.detail, verdict, claim.sentence if claim else ""]
            row += [*numbers, words("p_" + card.provenance) if card.provenance else "", touch, ", ".join(one.title for one in card.who), card.id]
            out.writerow([value if value in numbers else _safe(value) for value in row])
    return made.getvalue()


def _number(value: object, language: str) -> str:
    if not isinstance(value, (int, float)):
        return ""
    text = f"{value:.6g}"
    return text.replace(".", ",") if language == "de" else text


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
