"""A document as PDF or PNG, set by typst; words travel as data and are never read as markup."""

from __future__ import annotations

import json
import re
from importlib.resources import as_file, files
from typing import Any, Final, Literal

from etappe.reports.document import Block, Cell, Document, Notes, Picture, Sheet
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import plain
from etappe.reports.poster import poster_scene
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE, PRINT_FONTS, TYPE, WEIGHTS, colours, font_folders

_LONG_WORD: Final = re.compile(r"\S{20,}")
_RUN: Final = re.compile(r"[^@./_\-]{1,16}[@./_\-]*|[@./_\-]{1,16}")
_HEAD: Final = 44.0
_PIXELS: Final = 14_000.0


def to_pdf(document: Document) -> bytes:
    """The document on A4 landscape pages with selectable text."""
    return _compiled(_data(document, "pages"), "pdf", 144.0)


def to_png(document: Document, ppi: float = 192.0) -> bytes:
    """The drawing of the document as one picture; very tall ones at a lower resolution."""
    scene = poster_scene(document, PRINT)
    fit = min(ppi, _PIXELS / scene.height * 72.0)
    return _compiled({**_data(document, "poster"), "poster": plain(scene)}, "png", max(fit, 60.0))


def to_pages(document: Document, ppi: float = 110.0) -> list[bytes]:
    """The pages of the PDF as pictures, for previews."""
    found = _compiled(_data(document, "pages"), "png", ppi)
    return found if isinstance(found, list) else [found]


def _compiled(data: dict[str, Any], form: Literal["pdf", "png"], ppi: float) -> Any:
    import typst

    with as_file(files("etappe.reports") / "print.typ") as source:
        return typst.compile(
            str(source),
            format=form,
            ppi=ppi,
            font_paths=list(font_folders()),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )


def _data(document: Document, form: str) -> dict[str, Any]:
    words = Words(document.language)
    return {
        "form": form,
        "language": document.language,
        "title": breakable(document.title),
        "short": document.title[:60],
        "subtitle": breakable(document.subtitle),
        "footer": document.footer,
        "page-words": words("page", page="{page}", pages="{pages}"),
        "figures": [{"value": f.value, "word": f.word, "sub": f.sub} for f in document.figures],
        "blocks": _blocks(document) if form == "pages" else [],
        "gap": 10.0,
        "colours": colours("light"),
        "sizes": dict(TYPE),
        "weights": dict(WEIGHTS),
        "fonts": list(PRINT_FONTS),
        "page": dict(PAGE),
    }


def _blocks(document: Document) -> list[dict[str, Any]]:
    width = PAGE["width"] - 2 * PAGE["side"]
    height = PAGE["height"] - PAGE["top"] - PAGE["bottom"]
    return [_block(block, width, height, first=i == 0) for i, block in enumerate(document.blocks)]


def _block(block: Block, width: float, height: float, first: bool) -> dict[str, Any]:
    if isinstance(block, Picture):
        scenes = block.draw(width, height - (_HEAD if first else 0.0), PRINT)
        return {
            "kind": "picture",
            "scenes": [plain(scene) for scene in scenes],
            "ends-page": scenes[-1].height > height - _HEAD - 2,
        }
    if isinstance(block, Sheet):
        columns = [{"heading": c.heading, "room": c.room, "align": c.align} for c in block.columns]
        rows = [
            breakable(row) if isinstance(row, str) else [_cell(cell) for cell in row] for row in block.rows
        ]
        return {
            "kind": "sheet",
            "title": block.title,
            "note": block.note,
            "appendix": block.appendix,
            "columns": columns,
            "rows": rows,
        }
    assert isinstance(block, Notes)
    return {"kind": "notes", "title": block.title, "lines": [breakable(text) for text in block.lines]}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "text": breakable(cell.text),
        "sub": breakable(cell.sub),
        "colour": cell.colour,
        "strong": cell.strong,
        "mark": cell.mark,
    }


def breakable(text: str) -> str:
    """The text with places to break inside very long words, which would otherwise run out of their column."""
    return _LONG_WORD.sub(lambda found: _RUN.sub("\\g<0>\u200b", found.group()), text)
