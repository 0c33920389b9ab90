"""A document of tables and notes as a Word file: for minutes that people go on writing in.

A Word file is a zip of XML parts. Headings, paragraphs and tables are all that minutes need; what is drawn is left out.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

from etappe.reports.document import Block, Cell, Document, Notes, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.in_markdown import sign
from etappe.reports.theme import Language, colours

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FONT: Final = "Calibri"
_ROOM: Final = 14_400  # twentieths of a point between the margins of an A4 page on its side
_SAME_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same minutes are the same file


def in_word(document: Document) -> bytes:
    """Title, key figures, notes and tables as .docx."""
    body = [_paragraph(document.title, "Title"), *([_paragraph(document.subtitle, "Quiet")] if document.subtitle else [])]
    figures = " · ".join(f"{item.value} {item.word}" + (f" ({item.sub})" if item.sub else "") for item in document.figures)
    body += [_paragraph(figures)] if figures else []
    body += [part for block in document.blocks for part in _block(block)]
    body += [_paragraph(document.footer, "Quiet")] if document.footer else []
    page = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1134" w:right="1219" w:bottom="1134" w:left="1219" w:header="600" w:footer="600" w:gutter="0"/></w:sectPr>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": _styles(document.language),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{"".join(body)}{page}</w:body></w:document>',
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _SAME_TIME), _HEAD + text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _block(block: Block) -> list[str]:
    match block:
        case Notes():
            return [_paragraph(block.title, "Heading2"), *(_paragraph(line) for line in block.lines)]
        case Sheet():
            return [_paragraph(block.title, "Heading2"), *([_paragraph(block.note, "Quiet")] if block.note else []), _table(block), _paragraph("")]
        case _:
            return []


def _table(sheet: Sheet) -> str:
    whole = sum(column.room for column in sheet.columns)
    widths = [round(_ROOM * column.room / whole) for column in sheet.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = [_cell(_paragraph(column.title, "Quiet"), width) for column, width in zip(sheet.columns, widths, strict=True)]
    rows = [f'<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{"".join(heads)}</w:tr>']
    for row in sheet.rows:
        if isinstance(row, str):
            cells = [_cell(_paragraph(row, strong=True), _ROOM, len(widths))]
        else:
            cells = [_cell(_content(cell), width) for cell, width in zip(row, widths, strict=True)]
        rows.append(f'<w:tr><w:trPr><w:cantSplit/></w:trPr>{"".join(cells)}</w:tr>')
    line = colours("light")["line"].lstrip("#")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>' for side in ("top", "bottom", "insideH"))
    return f'<w:tbl><w:tblPr><w:tblW w:w="{_ROOM}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'


def _cell(content: str, width: int, columns: int = 1) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>{content}</w:tc>'


def _content(cell: Cell) -> str:
    return _paragraph(f"{sign(cell.mark)}{cell.text}", strong=cell.strong, colour=cell.colour) + (_paragraph(cell.sub, "Quiet") if cell.sub else "")


def _paragraph(text: str, style: str = "", strong: bool = False, colour: str = "ink") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    look = ("<w:b/>" if strong else "") + (f'<w:color w:val="{colours("light")[colour].lstrip("#")}"/>' if colour not in ("", "ink") else "")
    run = f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{escape(tidy(text))}</w:t></w:r>' if text else ""
    return f"<w:p>{kind}{run}</w:p>"


def _styles(language: Language) -> str:
    ink, muted = (colours("light")[name].lstrip("#") for name in ("ink", "muted"))
    tongue = "de-DE" if language == "de" else "en-GB"
    base = f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/><w:color w:val="{ink}"/><w:sz w:val="20"/><w:lang w:val="{tongue}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="20" w:after="40"/></w:pPr></w:pPrDefault></w:docDefaults>'
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    kinds = (("Title", "Title", '<w:spacing w:after="60"/>', '<w:b/><w:sz w:val="36"/>'), ("Heading2", "heading 2", '<w:keepNext/><w:spacing w:before="280" w:after="80"/><w:outlineLvl w:val="1"/>', '<w:b/><w:sz w:val="26"/>'), ("Quiet", "Quiet", "", f'<w:color w:val="{muted}"/><w:sz w:val="17"/>'))  # fmt: skip
    made = "".join(f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:pPr>{room}</w:pPr><w:rPr>{look}</w:rPr></w:style>' for id, name, room, look in kinds)
    return f'<w:styles xmlns:w="{_W}">{base}{normal}{made}</w:styles>'
