"""A map as a workbook: the map and its verdicts to look at, and the sheets that can be edited and read in again."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from etappe.maps.workbook.write import INK, Looks, add_sheets
from etappe.reports.document import Cell, Sheet
from etappe.reports.formats import date
from etappe.reports.map.appendix import claims_sheet, spots_sheet
from etappe.reports.map.reading import CardView, LaneView, Shown, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.texts import Words
from etappe.reports.theme import colours, stage_tint

if TYPE_CHECKING:
    from etappe.reports.map.report import Asked

SIGNS: Final = {"confirmed": "✓", "contradicted": "✕", "undecided": "≈", "too_few": "⋯", "no_data": "○", "out_of_date": "◷"}
_COLUMN: Final = 34
_LETTERS: Final = 36


def to_workbook(asked: Asked) -> bytes:
    """The workbook as bytes; the same map gives the same sheets."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    shown, words = asked.shown(), Words(asked.language, asked.names)
    book.set_properties({"title": shown.title, "subject": shown.subtitle, "comments": "etappe"})
    _Overview(book, shown, words).write()
    add_sheets(book, asked.map, asked.revision)
    _verdicts(book, shown, words)
    book.close()
    return made.getvalue()


class _Overview:
    """The map as cells: stages across, lanes down, a card a cell, coloured and signed by its verdict."""

    def __init__(self, book: Any, shown: Shown, words: Words) -> None:
        self.book, self.shown, self.words = book, shown, words
        self.sheet = book.add_worksheet(words("map_sheet"))
        self.looks = Looks(book)
        self.tones: dict[str, Any] = {}
        self.row = 0
        self.curve = 0

    def tone(self, verdict: str, ghost: bool = False) -> Any:
        """The look of a card; borders differ as well as colours."""
        key = "ghost" if ghost else verdict
        if key not in self.tones:
            shown = colours("light")
            colour = {"confirmed": "accent", "contradicted": "contradicted", "undecided": "undecided"}.get(verdict, "")
            border = 4 if ghost or verdict in ("too_few", "no_data", "out_of_date") else 2 if verdict == "contradicted" else 1
            look = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "text_wrap": True, "valign": "top", "border": border, "border_color": shown[colour or "rule"]}
            if colour and self.shown.view == "evidence":
                look["bg_color"] = shown[f"{colour}-tint"]
            self.tones[key] = self.book.add_format({**look, **({"italic": True} if ghost else {})})
        return self.tones[key]

    def write(self) -> None:
        shown, sheet, words = self.shown, self.sheet, self.words
        n = max(len(shown.columns), 1)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, n, _COLUMN)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, shown.title, self.looks.title)
        facts = [shown.subtitle] + ([words("as_of", date=date(shown.as_of, shown.language))] if shown.as_of else [])
        facts += [f"{SIGNS[verdict]} {count} {verdict_word(verdict, shown.language)}" for verdict, count in shown.counts().items()]
        sheet.write_string(1, 0, " · ".join(facts), self.looks.id)
        self.row = 3
        self._stages()
        self._time()
        for lane in shown.lanes:
            self._lane(lane)
        self._curve()
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)

    def _stages(self) -> None:
        shown = colours("light")
        for number, stage in enumerate(self.shown.stages, start=1):
            look = self.book.add_format({"font_name": "Calibri", "font_size": 11, "bold": True, "font_color": INK, "bg_color": shown[stage_tint(number, len(self.shown.stages))], "valign": "vcenter", "text_wrap": True})
            self._over(self.row, stage.first + 1, stage.last + 1, f"{number}  {stage.title}", look)
        self.sheet.set_row(self.row, 22)
        self.row += 1
        if any(column.title for column in self.shown.columns):
            for place, column in enumerate(self.shown.columns, start=1):
                self.sheet.write_string(self.row, place, column.title, self.looks.head)
            self.row += 1
        self.sheet.freeze_panes(self.row, 1)

    def _over(self, row: int, first: int, last: int, text: str, look: Any) -> None:
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", look)
        self.sheet.write_string(row, first, text, look)

    def _time(self) -> None:
        shown, words = self.shown, self.words
        rows: list[tuple[str, list[str]]] = [
            (words("milestones"), [f"◆ {stage.milestone}" if stage.milestone else "" for stage in shown.stages]),
            (words("time_line"), [self._days(planned_days(stage.planned, words), measured_days(stage.measured, words)) for stage in shown.stages]),
        ]
        for title, texts in rows:
            if any(texts):
                self.sheet.write_string(self.row, 0, title, self.looks.strong)
                for stage, text in zip(shown.stages, texts, strict=True):
                    self._over(self.row, stage.first + 1, stage.last + 1, text, self.looks.text)
                self._height(self.row, [(text, (stage.last - stage.first + 1)) for stage, text in zip(shown.stages, texts, strict=True)])
                self.row += 1

    def _days(self, planned: str, measured: str) -> str:
        parts = [self.words("planned_n", days=planned)] if planned else []
        return "\n".join(parts + ([self.words("measured_n", days=measured)] if measured else []))

    def _lane(self, lane: LaneView) -> None:
        self.sheet.write_string(self.row, 0, lane.title, self.looks.strong)
        if lane.curve:
            self.row += 1
            self._feelings()
        bottoms: dict[int, int] = {}
        texts: dict[int, list[tuple[str, int]]] = {}
        for card in lane.cards:
            span = range(card.first, card.last + 1)
            row = max((bottoms.get(place, self.row) for place in span), default=self.row)
            text = self._said(card)
            self._over(row, card.first + 1, card.last + 1, text, self.tone(card.verdict, card.ghost))
            bottoms |= dict.fromkeys(span, row + 1)
            texts.setdefault(row, []).append((text, len(span)))
        for row, found in texts.items():
            self._height(row, found)
        self.row = max([self.row + 1, *bottoms.values()])

    def _said(self, card: CardView) -> str:
        sign = "+" if card.ghost else SIGNS.get(card.verdict, "")
        lines = [f"{sign} {card.text}".strip(), self.words("quoted", quote=card.quote) if card.quote else "", card.detail]
        if card.told and self.shown.view == "evidence":
            against = card.verdict in ("contradicted", "undecided") and card.short
            lines.append(self.words("says_against", short=card.short, told=card.told) if against else card.told)
        lines += [" · ".join([*card.foot, *(one.title for one in card.who)]), f"★ {self.words('moment')}" if card.star else ""]
        return "\n".join(line for line in lines if line)[:32_000]

    def _height(self, row: int, texts: list[tuple[str, int]]) -> None:
        lines = max((sum(max(1, -(-len(line) // (_LETTERS * span))) for line in text.split("\n")) for text, span in texts), default=1)
        self.sheet.set_row(row, min(13.2 * lines + 5, 400))

    def _feelings(self) -> None:
        """A row of numbers a line of the curve; a column without an answer stays empty."""
        self.curve = self.row
        for line in self.shown.lines:
            name = f"{line.who.title}, " if line.who else ""
            way = {"hand": "by_hand", "target": "target", "measured": "measured_word"}[line.how]
            self.sheet.write_string(self.row, 0, f"{name}{self.words(way)}", self.looks.note)
            self.sheet.set_row(self.row, 14 if len(name) < 14 else 27)
            for spot in line.spots:
                self.sheet.write_number(self.row, spot.first + 1, spot.value, self.looks.middle)
            self.row += 1

    def _curve(self) -> None:
        """The curve as a chart of the workbook's own, gaps left as gaps."""
        lanes = [lane for lane in self.shown.lanes if lane.curve]
        if not lanes or not self.shown.lines:
            return
        first = self.curve
        chart = self.book.add_chart({"type": "line"})
        name, n = self.sheet.get_name(), len(self.shown.columns)
        shown = colours("light")
        for number, line in enumerate(self.shown.lines):
            colour = shown[f"series-{line.who.series + 1}"] if line.who else shown["accent"]
            dash = {"hand": "dash", "target": "round_dot"}.get(line.how, "solid")
            fill = {"color": colour} if line.how == "measured" else {"color": "white"}
            chart.add_series({
                "name": [name, first + number, 0], "categories": [name, 3, 1, 3, n], "values": [name, first + number, 1, first + number, n],
                "line": {"color": colour, "width": 2 if line.how == "measured" else 1.25, "dash_type": dash},
                "marker": {"type": ("circle", "square", "triangle", "diamond")[line.who.series % 4 if line.who else 0], "size": 7, "fill": fill, "border": {"color": colour}},
            })  # fmt: skip
        chart.show_blanks_as("gap")
        chart.set_y_axis({"min": -2, "max": 2, "major_unit": 1, "major_gridlines": {"visible": True, "line": {"color": shown["line"]}}})
        chart.set_x_axis({"label_position": "low"})
        chart.set_legend({"position": "bottom"})
        chart.set_title({"name": self.words("curve_sheet"), "name_font": {"size": 11}})
        chart.set_size({"width": min(240 * n, 2000), "height": 300})
        self.sheet.insert_chart(self.row + 1, 1, chart)


def _verdicts(book: Any, shown: Shown, words: Words) -> None:
    """The claims with their verdicts, and the blind spots; these sheets are not read again."""
    for found, title in ((claims_sheet(shown, words), words("verdicts_sheet")), (spots_sheet(shown, words), words("spots_sheet"))):
        if found is not None:
            _table(book, found, title)


def _table(book: Any, found: Sheet, title: str) -> None:
    looks = Looks(book)
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(found.columns):
        sheet.set_column(place, place, 14 + 10 * column.room)
        sheet.write_string(0, place, column.title, looks.head)
    for number, row in enumerate(found.rows, start=1):
        if isinstance(row, str):
            sheet.write_string(number, 0, row, looks.strong)
            continue
        for place, cell in enumerate(row):
            sheet.write_string(number, place, _text(cell), looks.strong if cell.strong else looks.text)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _text(cell: Cell) -> str:
    sign = {"check": "✓ ", "cross": "✕ ", "waves": "≈ ", "dots": "⋯ ", "ring": "○ ", "clock": "◷ "}.get(cell.mark, "")
    return f"{sign}{cell.text}{f' {cell.sub}' if cell.sub else ''}"
