"""A map as a report: the drawing on its paper, the decision matrix, and the evidence behind every card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from etappe.errors import Fault
from etappe.reports.document import Block, Document, KeyFigure, Notes, Paper, Picture
from etappe.reports.drawing.measure import PRINT
from etappe.reports.footer import footer_of
from etappe.reports.formats import date
from etappe.reports.heading import heading
from etappe.reports.map.appendix import recipes, sheets
from etappe.reports.map.figures import n_of, range_of, value_of
from etappe.reports.map.matrix import matrix_pages
from etappe.reports.map.reading import Shown, verdict_word
from etappe.reports.map.sheet import map_pages
from etappe.reports.map.tiles import LABEL, MM
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE
from etappe.reports.vocabulary import Names

PAPERS: Final = ("a4", "a3", "wide")
A3: Final = Paper(420 * MM, 297 * MM)
_WIDE_COLUMN: Final = 52 * MM
_LONGEST: Final = 14_000.0  # a PDF page may be 200 inches wide


class PaperFault(Fault):
    """A paper that is not known."""

    code = "report"


def map_document(
    shown: Shown, paper: str = "", names: Names | None = None, conservation: Mapping[str, Any] | None = None, appendix: bool = True,
) -> Document:  # fmt: skip
    """The report of a map.

    Parameters
    ----------
    paper : "a4", "a3", "wide" or ""
        Tiled on A4 or A3, or one page as wide as the map; without it A4 up to five columns, else A3.
    appendix : bool
        Whether the tables behind the map follow it.
    """
    words = Words(shown.language, names)
    blocks: list[Block] = [Picture(words("map"), lambda w, h, m, head: map_pages(shown, w, h, m, words, head))]
    if shown.matrix is not None:
        matrix = shown.matrix
        blocks.append(Picture(words("matrix"), lambda w, h, m, _: matrix_pages(matrix, w, h, m, words), flows=True))
    blocks += _story(shown, words)
    blocks += _behind(shown, words) if appendix else []
    made = Document(shown.language, shown.title, _subtitle(shown, words), tuple(key_figures(shown, words)), tuple(blocks), footer(shown, words, conservation if shown.checked else None))
    poster = LABEL + max(len(shown.columns), 2) * _WIDE_COLUMN + 56.0
    return replace(made, paper=_paper(shown, paper, made, words), poster=poster)


def _paper(shown: Shown, name: str, document: Document, words: Words) -> Paper:
    if name not in ("", *PAPERS):
        raise PaperFault(f"There is no paper `{name}`.", "--paper", f"Choose {', '.join(PAPERS)}.")
    n = max(len(shown.columns), 1)
    if name == "wide":
        width = min(2 * PAGE["side"] + LABEL + n * _WIDE_COLUMN, _LONGEST)
        inner = width - 2 * PAGE["side"]
        head = 47.0 + 20.0 * (len(heading(document, inner, PRINT).title) - 1)
        high = max((scene.height for scene in map_pages(shown, inner, None, PRINT, words)), default=0.0)
        return Paper(width, min(PAGE["top"] + head + high + PAGE["bottom"] + 4, _LONGEST))
    if name == "a4" or (not name and n <= 5):
        return Paper(PAGE["width"], PAGE["height"])
    return A3


def _subtitle(shown: Shown, words: Words) -> str:
    parts = [shown.subtitle]
    if not shown.checked and shown.view == "evidence":
        parts.append(words("not_checked"))
    return " · ".join(parts)


def key_figures(shown: Shown, words: Words) -> list[KeyFigure]:
    """How many claims have which verdict, blind spots, agreement."""
    if shown.view != "evidence" or not shown.checked:
        return []
    figures = [KeyFigure(str(count), verdict_word(verdict, words.language)) for verdict, count in shown.counts().items()]
    if shown.spots:
        figures.append(KeyFigure(str(len(shown.spots)), words("kf_spots", n=len(shown.spots))))
    if shown.agreement and shown.agreement.get("value") is not None:
        spread = range_of(shown.agreement, "share", words)
        sub = f"{spread} · {n_of(shown.agreement, words)}" if spread else n_of(shown.agreement, words)
        figures.append(KeyFigure(value_of(shown.agreement, "share", words), words("kf_agreement"), sub))
    return figures


def _story(shown: Shown, words: Words) -> list[Notes]:
    lines = [f"{words(name)}: {text}" for name, text in (("scenario", shown.scenario), ("expectation", shown.expectation)) if text]
    return [Notes(words("about_map"), tuple(lines))] if lines else []


def _behind(shown: Shown, words: Words) -> list[Block]:
    """The tables behind the map, and how their figures are made."""
    made = recipes(shown, words)
    return [*sheets(shown, words), *([Notes(words("method"), made)] if made else [])]


def footer(shown: Shown, words: Words, conservation: Mapping[str, Any] | None = None) -> str:
    """Version, owner, state of knowledge, and whether nothing went missing."""
    parts = [words("revision_n", revision=str(shown.revision))] if shown.revision else []
    parts += [words("owned_by", name=shown.owner)] if shown.owner else []
    parts += [words("review_due", date=date(shown.review_by, words.language))] if shown.review_by else []
    return footer_of(words, shown.as_of, " · ".join(parts) or shown.id, conservation)
