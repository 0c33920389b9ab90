"""The minutes of a review as a document: what changed since the last one, verdicts as frozen, decisions, tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from etappe.maps.document import Measured
from etappe.maps.map import Map
from etappe.maps.review import Frozen, Review, Since, Task, Turned
from etappe.reports.document import Block, Cell, Column, Document, KeyFigure, Notes, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.footer import footer_of
from etappe.reports.formats import MISSING, date
from etappe.reports.in_markdown import in_markdown
from etappe.reports.in_word import in_word
from etappe.reports.map.figures import told
from etappe.reports.map.reading import ORDER, VERDICT_COLOURS, VERDICT_SHAPES, verdict_word
from etappe.reports.report import FORMATS, checked_ending, checked_language, save
from etappe.reports.texts import Words
from etappe.reports.theme import Language
from etappe.reports.vocabulary import Names
from etappe.words.claim_language import parse
from etappe.words.claim_sentence import sentence

ENDINGS: Final = (".pdf", ".docx", ".html", ".md")


def write_review(review: Review, since: Since | None, document: Map | None, path: Path, language: str = "de", names: Names | None = None, carried: Sequence[Task] = ()) -> Path:
    """Write the minutes as .pdf, .docx, .html or .md.

    Raises
    ------
    ReportFault
        For an unknown ending or language, or a folder that cannot be written.
    """
    ending = checked_ending(path, ENDINGS, "Minutes")
    shown = checked_language(language)
    if ending == ".md":
        return save(minutes(review, since, document, shown, names, carried).encode(), path)
    made = review_document(review, since, document, shown, names, carried)
    return save(in_word(made) if ending == ".docx" else FORMATS[ending](made), path)


def minutes(review: Review, since: Since | None, document: Map | None, language: str = "de", names: Names | None = None, carried: Sequence[Task] = ()) -> str:
    """The minutes as Markdown: claims in words, numbers and dates as the language writes them."""
    return in_markdown(review_document(review, since, document, checked_language(language), names, carried))


def review_document(review: Review, since: Since | None, document: Map | None, language: Language, names: Names | None = None, carried: Sequence[Task] = ()) -> Document:
    """The minutes.

    Parameters
    ----------
    document : Map, optional
        The map that was looked at: it says what its cards and stages are called.
    carried : sequence of Task
        Tasks of earlier reviews of the map that are still open.
    """
    page = _Page(review, document, Words(language, names))
    words = page.words
    blocks: list[Block] = []
    if since is None:
        blocks.append(Notes(words("r_changes"), (words("r_first"),)))
    else:
        blocks += [page.turned(words("r_flips"), since.flips), page.turned(words("r_moved"), since.moved), page.spots(words("r_new_spots"), since.new_spots)]
    blocks += [page.decisions(), page.tasks(words("r_tasks"), review.sorted("tasks"))]
    blocks += [page.tasks(words("r_carried"), carried)] if carried else []
    blocks += [*page.notes(), page.claims()]
    title = words("r_title", map=page.title)
    facts = [date(review.started_on, language) if review.started_on else "", words("r_present", names=", ".join(review.attendees)) if review.attendees else "", words("r_closed" if review.state == "closed" else "r_open")]
    counts = {verdict: sum(item.verdict == verdict for item in review.claims.values()) for verdict in ORDER}
    figures = [KeyFigure(str(count), verdict_word(verdict, language)) for verdict, count in counts.items() if count]
    if review.agreement is not None and review.agreement.value is not None:
        value, _, rest = told(review.agreement.plain(), "share", words).partition("\u00a0(")
        figures.append(KeyFigure(value, words("kf_agreement"), rest.replace(")", "")))
    footer = footer_of(words, None, " · ".join(part for part in (words("as_of", date=date(review.as_of, language)) if review.as_of else "", words("revision_n", revision=str(review.map_revision)) if review.map_revision else "", review.id) if part), None)
    return Document(language, title, " · ".join(fact for fact in facts if fact), tuple(figures), tuple(blocks), footer)


def called(review: Review, since: Since | None, document: Map | None, names: Names | None = None) -> dict[str, dict[str, dict[str, str]]]:
    """What the minutes call the claims, cards and stages of a review, by text or id and by language (`de`, `en`).

    Takes what `since` tells of earlier claims along; `document` is the map as it was looked at.
    """
    turned = [*since.flips, *since.moved] if since is not None else []
    frozen: list[Any] = [*review.sorted("claims"), *(since.added + since.gone if since is not None else []), *turned]
    spots = [*since.new_spots, *since.closed_spots] if since is not None else []
    stages = {item.stage for item in [*frozen, *spots] if getattr(item, "stage", "")}
    pages = {language: _Page(review, document, Words(language, names)) for language in ("de", "en")}

    def each(said: Callable[[_Page, str], str], words: set[str]) -> dict[str, dict[str, str]]:
        return {word: {language: said(page, word) for language, page in pages.items()} for word in sorted(words) if word}

    return {"claims": each(lambda page, text: page.claim(text)[0], {item.claim for item in frozen}), "cards": each(_Page.card, {item.card for item in frozen}), "stages": each(_Page.stage, stages)}


class _Page:
    def __init__(self, review: Review, document: Map | None, words: Words) -> None:
        self.review, self.map, self.words = review, document, words
        tongue = None if document is None or document.language == words.language else words.language
        self.tongue = tongue
        self.title = tidy(document.say("title", tongue)) if document is not None else review.of

    def card(self, id: str) -> str:
        card = self.map.cards.get(id) if self.map is not None else None
        stage = self.map.stages.get(id) if self.map is not None else None
        return tidy(card.say("text", self.tongue)) if card is not None else tidy(stage.say("milestone", self.tongue)) if stage is not None else id

    def stage(self, id: str) -> str:
        stage = self.map.stages.get(id) if self.map is not None else None
        return (tidy(stage.say("title", self.tongue)) if stage is not None else "") or self.words.any_term(id)

    def claim(self, text: str) -> tuple[str, str]:
        """The claim as a sentence, and its unit."""
        from etappe.errors import ClaimFault, Faults

        try:
            claim = parse(text)
        except (ClaimFault, Faults):
            return text, ""
        known = self.map.stages if self.map is not None else {}
        return tidy(sentence(claim, self.words.language, lambda word: self.stage(word) if word in known else self.words.any_term(word))), claim.unit

    def _figure(self, figure: Measured | None, unit: str) -> str:
        return told(figure.plain(), unit or figure.unit, self.words) if figure is not None else MISSING

    def _verdict(self, verdict: str) -> Cell:
        return Cell(verdict_word(verdict, self.words.language), colour=VERDICT_COLOURS.get(verdict, "muted"), mark=VERDICT_SHAPES.get(verdict, ""))

    def _sheet(self, title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], note: str = "") -> Block:
        return Sheet(title, columns, tuple(rows), note) if rows else Notes(title, (self.words("r_nothing"),))

    def turned(self, title: str, items: list[Turned]) -> Block:
        words, rows = self.words, []
        for item in items:
            said, unit = self.claim(item.claim)
            rows.append((Cell(self.card(item.card), said, strong=True), self._verdict(item.before), self._verdict(item.after), Cell(self._figure(item.figure_before, unit)), Cell(self._figure(item.figure_after, unit))))
        columns = (Column(words("card"), 3.0), Column(words("r_before"), 1.0), Column(words("r_after"), 1.0), Column(words("r_figure_before"), 1.4), Column(words("r_figure_after"), 1.4))
        return self._sheet(title, columns, rows)

    def spots(self, title: str, items: list[Any]) -> Block:
        rows = [(Cell(self.words.any_term(item.what), strong=True), Cell(self.stage(item.stage) if item.stage else MISSING), Cell(self._figure(item.figure, "share"))) for item in items]
        return self._sheet(title, (Column(self.words("t_touchpoint"), 2.0), Column(self.words("t_stage"), 1.4), Column(self.words("share_of"), 1.6)), rows)

    def decisions(self) -> Block:
        rows = [(Cell(tidy(item.text), strong=True), Cell(item.by or MISSING)) for item in self.review.sorted("decisions")]
        return self._sheet(self.words("r_decisions"), (Column(self.words("r_decision"), 4.0), Column(self.words("r_by"), 1.0)), rows)

    def tasks(self, title: str, tasks: Sequence[Task]) -> Block:
        words = self.words
        rows = [
            (Cell(tidy(item.text), self.card(item.card) if item.card else "", strong=True), Cell(item.owner or MISSING), Cell(date(item.due, words.language) if item.due else MISSING), Cell(words("state_done" if item.done else "state_open")))
            for item in tasks
        ]
        return self._sheet(title, (Column(words("r_task"), 4.0), Column(words("owner_word"), 1.2), Column(words("r_due"), 0.9), Column(words("t_status"), 0.8)), rows)

    def notes(self) -> list[Block]:
        lines = tuple(tidy(text) for text in self.review.minutes.splitlines() if text.strip())
        return [Notes(self.words("r_notes"), lines)] if lines else []

    def claims(self) -> Block:
        words = self.words
        found: list[Frozen] = sorted(self.review.sorted("claims"), key=lambda item: ORDER.index(item.verdict) if item.verdict in ORDER else 9)
        found.sort(key=lambda item: item.verdict != "contradicted")
        rows = []
        for item in found:
            said, unit = self.claim(item.claim)
            rows.append((self._verdict(item.verdict), Cell(self.stage(item.stage) if item.stage else ""), Cell(self.card(item.card), strong=True), Cell(said), Cell(self._figure(item.figure, unit))))
        columns = (Column(words("verdict"), 1.0), Column(words("t_stage"), 1.1), Column(words("card"), 2.0), Column(words("claim"), 2.6), Column(words("figure_n"), 1.5))
        return self._sheet(words("r_frozen"), columns, rows, words("claims_note") if rows else "")
