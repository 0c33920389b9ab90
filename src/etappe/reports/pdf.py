"""A document as PDF or PNG, set by typst; words travel as data and are never read as markup."""

from __future__ import annotations

import json
import re
from importlib.resources import as_file, files
from typing import Any, Final, Literal

from etappe.reports.document import A4, Block, Cell, Chapter, Chart, Document, Highlights, Notes, Picture, Sheet
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Scene, plain
from etappe.reports.heading import heading
from etappe.reports.poster import poster_scene
from etappe.reports.texts import Words
from etappe.reports.theme import PAGE, PRINT_FONTS, TYPE, WEIGHTS, Language, colours, font_folders

_LONG_WORD: Final = re.compile(r"\S{20,}")
_RUN: Final = re.compile(r"[^@./_\-]{1,16}[@./_\-]*|[@./_\-]{1,16}")
_HEAD: Final = 47.0
_LINE: Final = 11.0  # of a subtitle
_CHAPTER: Final = 72.0  # points that a chapter's title and reading help take
_SHRINK: Final = 0.82  # a chart set in 8.6 pt may shrink so far; a taller one is left to the table
_PIXELS: Final = 14_000.0


def to_pdf(document: Document) -> bytes:
    """The document on A4 landscape pages, or its own paper, with selectable text."""
    return _compiled(_data(document, "pages"), "pdf", 144.0)


def to_png(document: Document, ppi: float = 192.0) -> bytes:
    """The drawing of the document as one picture; very tall ones at a lower resolution."""
    scene = poster_scene(document, PRINT)
    fit = min(ppi, _PIXELS / max(scene.height, scene.width) * 72.0)
    return _compiled({**_data(document, "poster"), "poster": plain(scene)}, "png", max(fit, 60.0))


def scene_png(scene: Scene, language: Language, ppi: float = 192.0) -> bytes:
    """One drawing as a picture, in the fonts of print: for slides."""
    return bytes(_compiled({**_data(Document(language, ""), "poster"), "poster": plain(scene)}, "png", ppi))


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
    head = heading(document, document.paper.width - 2 * PAGE["side"], PRINT)
    high = max(_HEAD + 20.0 * (len(head.title) - 1) + _LINE * (len(head.subtitle) - 1), _HEAD + 10.4 * (head.lines - 2))
    return {
        "form": form,
        "language": document.language,
        "title": document.title,
        "heading": {
            "title": head.title,
            "subtitle": head.subtitle,
            "figures": [{"value": value, "words": lines, "room": room} for value, lines, room in head.figures],
        },
        "short": PRINT.clip(document.short or document.title, 330.0, TYPE["small"], 620),
        "footer": document.footer,
        "page-words": words("page", page="{page}", pages="{pages}"),
        "cover": {"above": document.cover.above, "subtitle": document.subtitle, "facts": [list(fact) for fact in document.cover.facts]} if document.cover else None,
        "sections": _sections(document, high) if form == "pages" else [],
        "head": high,
        "colours": colours("light"),
        "sizes": dict(TYPE),
        "weights": dict(WEIGHTS),
        "fonts": list(PRINT_FONTS),
        "page": dict(PAGE),
    }


def _sections(document: Document, head: float) -> list[dict[str, Any]]:
    """Blocks by the paper they stand on: the opening drawings on the document's own, the rest on A4."""
    first: list[Block] = []
    if document.paper != A4:
        for block in document.blocks:
            if not isinstance(block, Picture) or block.flows:
                break
            first.append(block)
    parts = [(document.paper, first), (A4, list(document.blocks[len(first) :]))]
    made: list[dict[str, Any]] = []
    for paper, blocks in parts:
        if not blocks:
            continue
        width, height = paper.width - 2 * PAGE["side"], paper.height - PAGE["top"] - PAGE["bottom"]
        set_ = [_block(block, width, height, head if i == 0 and not made and document.cover is None else _CHAPTER if i and isinstance(blocks[i - 1], Chapter) else 0.0) for i, block in enumerate(blocks)]
        made.append({"width": paper.width, "height": paper.height, "blocks": [block for block in set_ if block is not None]})
    return [section for section in made if section["blocks"]]


def _block(block: Block, width: float, height: float, head: float) -> dict[str, Any] | None:
    if isinstance(block, Picture):
        scenes = block.draw(width, height, PRINT, head)
        return {
            "kind": "picture",
            "scenes": [plain(scene) for scene in scenes],
            "ends-page": scenes[-1].height > height - 2 * _HEAD,
            "flows": block.flows and len(scenes) == 1,
        }
    if isinstance(block, Sheet):
        columns = [{"heading": c.title, "room": c.room, "align": c.align} for c in block.columns]
        rows = [breakable(row) if isinstance(row, str) else [_cell(cell) for cell in row] for row in block.rows]
        return {
            "kind": "sheet",
            "title": block.title,
            "note": block.note,
            "appendix": block.appendix,
            "columns": columns,
            "rows": rows,
        }
    if isinstance(block, Chart):
        room = height - head - 16.0
        if block.height > room / _SHRINK:
            return None
        scale = min(1.0, room / block.height)
        return {"kind": "chart", "svg": block.light, "width": block.width * scale, "title": block.title}
    if isinstance(block, Chapter):
        return {"kind": "chapter", "title": block.title, "reading": list(block.reading)}
    if isinstance(block, Highlights):
        items = [{"title": one.title, "body": one.body, "mark": one.mark, "colour": one.colour} for one in block.items]
        return {"kind": "highlights", "title": block.title, "note": block.note, "items": items}
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
