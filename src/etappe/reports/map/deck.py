"""Slides as PowerPoint keeps them: real text boxes, tables, shapes and charts, all editable, in the theme's colours and type."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import Measure
from etappe.reports.theme import VERDICTS, Language, colours

WIDTH: Final = 960.0
"""A slide is 960 × 540 points (13.33 × 7.5 inches)."""
HEIGHT: Final = 540.0
SIDE: Final = 36.0
FONT: Final = "Arial"
MEASURE: Final = Measure(1.0)
OTHER_FONT: Final = 1.18
"""How much wider text becomes where another program has to take another font; where a line may not break, it has room for that."""
SMALLEST: Final = 9.0
SHAPES: Final = {name.replace(" ", "_"): shape for name, (shape, *_) in VERDICTS.items()} | {"too_few": "⋯"}


def _in_one_line(text: str, room: float) -> str:
    """A line of facts that fits: the last of them without what stands behind its colon, then without the last ones."""
    facts = text.split(" · ")
    while len(facts) > 1 and MEASURE.width(" · ".join(facts), SMALLEST) * OTHER_FONT > room:
        facts = [*facts[:-1], facts[-1].split(":")[0]] if ":" in facts[-1] else facts[:-1]
    return MEASURE.clip(" · ".join(facts), room / OTHER_FONT, SMALLEST)


class Deck:
    """A presentation while it is made; measures are points from the upper left corner."""

    def __init__(self, language: Language, footer: str) -> None:
        from pptx import Presentation
        from pptx.util import Pt

        self._pt = Pt
        self.language: Language = language
        self.footer = _in_one_line(tidy(footer), WIDTH - 2 * SIDE - 40)
        self.book = Presentation()
        self.book.slide_width, self.book.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.colours = colours("light")
        self.slide: Any = None

    def finished(self) -> bytes:
        """The finished file."""
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()

    # -- slides ---------------------------------------------------------------------------------------------------------

    def new(self, title: str, subtitle: str = "") -> None:
        """A new slide with its title as PowerPoint's own title, so that the outline and screen readers know it."""
        layout = self.book.slide_layouts[5]
        self.slide = self.book.slides.add_slide(layout)
        for shape in list(self.slide.placeholders):
            if shape.placeholder_format.type is not None and shape != self.slide.shapes.title:
                shape._element.getparent().remove(shape._element)
        box = self.slide.shapes.title
        box.left, box.top, box.width, box.height = (self._pt(value) for value in (SIDE, 20, WIDTH - 2 * SIDE, 32))
        size = 22 if MEASURE.width(title, 22, 620) <= WIDTH - 2 * SIDE else 17
        self._fill(box.text_frame, [[(tidy(title, 200), size, "ink", True)]], anchor="middle")
        if subtitle:
            self.text(SIDE, 51, WIDTH - 2 * SIDE, 18, [[(subtitle, 11, "muted", False)]])
        self.line(SIDE, HEIGHT - 30, WIDTH - SIDE, HEIGHT - 30, "rule")
        number = len(self.book.slides)
        self.text(SIDE, HEIGHT - 28, WIDTH - 2 * SIDE - 40, 16, [[(self.footer, SMALLEST, "muted", False)]])
        self.text(WIDTH - SIDE - 40, HEIGHT - 28, 40, 16, [[(str(number), SMALLEST, "muted", False)]], align="right")

    def notes(self, text: str) -> None:
        """What the speaker reads beneath the slide."""
        self.slide.notes_slide.notes_text_frame.text = tidy(text, 20_000)

    # -- pieces -----------------------------------------------------------------------------------------------------------

    def text(self, x: float, y: float, w: float, h: float, lines: Sequence[Sequence[tuple[str, float, str, bool]]], align: str = "left", anchor: str = "top", pad: float = 0.0) -> Any:
        """A text box: lines of runs (text, size, colour, strong)."""
        box = self.slide.shapes.add_textbox(*(self._pt(value) for value in (x, y, max(w, 1), max(h, 1))))
        self._fill(box.text_frame, lines, align, anchor, pad)
        return box

    def box(
        self, x: float, y: float, w: float, h: float, lines: Sequence[Sequence[tuple[str, float, str, bool]]] = (), *, fill: str = "", line: str = "rule", weight: float = 0.75,
        dash: bool = False, radius: float = 4.0, anchor: str = "top", pad: float = 5.0, name: str = "",
    ) -> Any:  # fmt: skip
        """A rounded box with text in it."""
        from pptx.enum.dml import MSO_LINE_DASH_STYLE
        from pptx.enum.shapes import MSO_SHAPE

        shape = self.slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE if radius else MSO_SHAPE.RECTANGLE, *(self._pt(value) for value in (x, y, max(w, 1), max(h, 1))))
        if radius:
            shape.adjustments[0] = min(0.5, radius / max(min(w, h), 1))
        self._bare(shape)
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = self._rgb(fill)
        else:
            shape.fill.background()
        if line:
            shape.line.color.rgb = self._rgb(line)
            shape.line.width = self._pt(weight)
            if dash:
                shape.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        else:
            shape.line.fill.background()
        if name:
            shape.name = tidy(name, 60)
        self._fill(shape.text_frame, lines, "left", anchor, pad)
        return shape

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = "line", weight: float = 0.75) -> None:
        """A straight line."""
        from pptx.enum.shapes import MSO_CONNECTOR

        made = self.slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(self._pt(value) for value in (x1, y1, x2, y2)))
        self._bare(made)
        made.line.color.rgb = self._rgb(colour)
        made.line.width = self._pt(weight)

    def _bare(self, shape: Any) -> None:
        """Takes the template's own style off a shape: no shadow, no blue."""
        style = shape._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}style")
        if style is not None:
            shape._element.remove(style)

    def table(self, x: float, y: float, w: float, heads: Sequence[str], rows: Sequence[Sequence[tuple[str, str, bool]]], rooms: Sequence[float], size: float = 11.0, numbers: Sequence[int] = ()) -> None:
        """A native table: each cell a text, its colour and whether it is strong."""
        total = sum(rooms)
        shape = self.slide.shapes.add_table(len(rows) + 1, len(heads), *(self._pt(value) for value in (x, y, w, 10.0)))
        table = shape.table
        self._plain_style(shape)
        for place, room in enumerate(rooms):
            table.columns[place].width = self._pt(w * room / total)
        for place, head in enumerate(heads):
            self._cell(table.cell(0, place), head, max(size - 1.5, SMALLEST), "muted", True, place in numbers, "surface")
        for number, row in enumerate(rows, start=1):
            for place, (text, colour, strong) in enumerate(row):
                self._cell(table.cell(number, place), text, size, colour, strong, place in numbers, "page")
        heights = [self._pt(value) for value in self.row_heights(heads, rows, rooms, w, size)]
        for place, height in enumerate(heights):
            table.rows[place].height = height

    def row_heights(self, heads: Sequence[str], rows: Sequence[Sequence[tuple[str, str, bool]]], rooms: Sequence[float], w: float, size: float) -> list[float]:
        """Heights that a table's rows need, the heading first."""
        total = sum(rooms)
        rooms_ = [w * room / total - 11 for room in rooms]
        made = [max(len(MEASURE.fold(head, room, size - 1.5, 620)) for head, room in zip(heads, rooms_, strict=True)) * (size - 1) * 1.2 + 8]
        for row in rows:
            lines = max(len(MEASURE.fold(text, room, size * 1.03, 620 if strong else 400)) for (text, _, strong), room in zip(row, rooms_, strict=True))
            made.append(max(lines, 1) * size * 1.22 + 7)
        return made

    def _plain_style(self, shape: Any) -> None:
        """Hairlines instead of a coloured style: PowerPoint's own `no style, table grid` would be black, so none is set."""
        properties = shape._element.graphic.graphicData.tbl.tblPr
        properties.set("firstRow", "1")
        properties.set("bandRow", "0")
        style = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId")
        if style is not None:
            style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"

    def _cell(self, cell: Any, text: str, size: float, colour: str, strong: bool, number: bool, fill: str) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = self._rgb(fill)
        cell.margin_left = cell.margin_right = self._pt(5)
        cell.margin_top = cell.margin_bottom = self._pt(3)
        # An empty cell would have the template's large type, and its row with it.
        self._fill(cell.text_frame, [[(text or "\u00a0", size, colour, strong)]], "right" if number else "left", None, None)
        self._border(cell)

    def _border(self, cell: Any) -> None:
        """A hairline beneath the cell."""
        from lxml import etree

        space = "http://schemas.openxmlformats.org/drawingml/2006/main"
        properties = cell._tc.get_or_add_tcPr()
        line = etree.SubElement(properties, f"{{{space}}}lnB", w=str(int(self._pt(0.5))))
        fill = etree.SubElement(line, f"{{{space}}}solidFill")
        etree.SubElement(fill, f"{{{space}}}srgbClr", val=self.colours["line"].removeprefix("#"))
        properties.insert(0, line)  # the schema wants lines before the fill

    def _fill(self, frame: Any, lines: Sequence[Sequence[tuple[str, float, str, bool]]], align: str = "left", anchor: str | None = "top", pad: float | None = 0.0) -> None:
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN

        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        if anchor is not None:
            frame.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}[anchor]
        if pad is not None:
            frame.margin_left = frame.margin_right = self._pt(pad)
            frame.margin_top = frame.margin_bottom = self._pt(pad * 0.6)
        for place, runs in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.alignment = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "middle": PP_ALIGN.CENTER}[align]
            paragraph.line_spacing = 1.0
            for text, size, colour, strong in runs:
                run = paragraph.add_run()
                run.text = _spaced(text)
                run.font.size = self._pt(size)
                run.font.bold = strong
                run.font.name = FONT
                run.font.color.rgb = self._rgb(colour)
                run.font.language_id = self._tongue()

    def _tongue(self) -> Any:
        from pptx.enum.lang import MSO_LANGUAGE_ID

        return MSO_LANGUAGE_ID.GERMAN if self.language == "de" else MSO_LANGUAGE_ID.ENGLISH_UK

    def _rgb(self, token: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(self.colours[token].removeprefix("#").upper())

    def curve(self, x: float, y: float, w: float, h: float, categories: Sequence[str], lines: Sequence[tuple[str, Sequence[float | None], str, str, int]]) -> None:
        """A native line chart from −2 to +2: each line a name, values (None is a gap), colour, way of knowing, marker."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
        from pptx.enum.dml import MSO_LINE_DASH_STYLE

        data = CategoryChartData(number_format="+0.0;-0.0;0")
        data.categories = [tidy(name) or "–" for name in categories]
        for name, values, *_ in lines:
            data.add_series(tidy(name), values)
        chart = self.slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *(self._pt(value) for value in (x, y, w, h)), data).chart
        chart.has_title = False
        chart.font.size, chart.font.name = self._pt(10), FONT
        chart.font.color.rgb = self._rgb("muted")
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = -2, 2, 1
        axis.major_gridlines.format.line.color.rgb = self._rgb("line")
        axis.format.line.fill.background()
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "+0;-0;0", False
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.category_axis.format.line.color.rgb = self._rgb("rule")
        markers = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE, XL_MARKER_STYLE.DIAMOND)
        for series, (_, _, colour, how, marker) in zip(chart.plots[0].series, lines, strict=True):
            series.smooth = False
            series.format.line.color.rgb = self._rgb(colour)
            series.format.line.width = self._pt(2.25 if how == "measured" else 1.25)
            if how != "measured":
                series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH if how == "hand" else MSO_LINE_DASH_STYLE.ROUND_DOT
            series.marker.style, series.marker.size = markers[marker % 4], 7
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = self._rgb(colour if how == "measured" else "page")
            series.marker.format.line.color.rgb = self._rgb(colour)

    def picture(self, content: bytes, x: float, y: float, w: float, h: float, about: str) -> None:
        """A picture no larger than the room, its sides kept in proportion, with words for those who cannot see it."""
        made = self.slide.shapes.add_picture(io.BytesIO(content), self._pt(x), self._pt(y))
        scale = min(self._pt(w) / made.width, self._pt(h) / made.height)
        made.width, made.height = int(made.width * scale), int(made.height * scale)
        made._element.nvPicPr.cNvPr.set("descr", tidy(about, 400))


def _spaced(text: str) -> str:
    """A run's text made safe; the spaces at its ends part it from its neighbours and stay."""
    return text[: len(text) - len(text.lstrip())].replace("\u00a0", " ") + tidy(text, 4000) + text[len(text.rstrip()) :] if text.strip() else text
