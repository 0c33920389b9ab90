"""The journey report as slides: the map's own, and for each answer its chart and its rows, all with reading help and caveats."""

from __future__ import annotations

from collections.abc import Sequence

from etappe.reports.document import Block, Cell, Chapter, Chart, Document, Notes, Picture, Sheet
from etappe.reports.drawing.measure import PRINT
from etappe.reports.drawing.scene import Image, Scene
from etappe.reports.journey import Told, journey_document
from etappe.reports.map.deck import HEIGHT, MEASURE, SIDE, WIDTH, Deck
from etappe.reports.map.report import Asked
from etappe.reports.map.slides import map_slides, tables
from etappe.reports.pdf import scene_png
from etappe.reports.texts import Words

_ROOM = WIDTH - 2 * SIDE
_MARKS = {"check": "✓ ", "cross": "✕ ", "waves": "≈ ", "bars": "‖ ", "arrow": "→ "}


def journey_slides(asked: Asked, told: Sequence[Told], client: str = "", who: str = "") -> bytes:
    """The presentation as a file."""
    document, shown = journey_document(asked, told, client, who), asked.shown()
    words = Words(asked.language, asked.names)
    deck = Deck(asked.language, f"{document.title} · {document.footer}")
    _cover(deck, document)
    map_slides(deck, shown, words)
    for chapter, blocks in _chapters(document):
        if any(chapter.title.endswith(words(f"ch_{name}")) for name in ("map", "spots", "claims")):
            continue  # the map's own slides say it
        _chapter(deck, chapter, blocks)
    return deck.finished()


def _cover(deck: Deck, document: Document) -> None:
    assert document.cover is not None
    deck.new(document.title, document.cover.above)
    deck.text(SIDE, 170, _ROOM, 60, [[(document.subtitle, 16, "ink", False)]])
    wide = _ROOM / max(len(document.cover.facts), 1)
    deck.line(SIDE, 258, WIDTH - SIDE, 258, "rule")
    for place, (word, fact) in enumerate(document.cover.facts):
        deck.text(SIDE + place * wide, 268, wide - 10, 90, [[(word, 10, "muted", False)], [(fact, 13, "ink", True)]])


def _chapters(document: Document) -> list[tuple[Chapter, list[Block]]]:
    found: list[tuple[Chapter, list[Block]]] = []
    for block in document.blocks:
        if isinstance(block, Chapter):  # slides are numbered themselves
            found.append((Chapter(block.title.partition("  ")[2] or block.title, block.reading), []))
        elif found:
            found[-1][1].append(block)
    return found


def _chapter(deck: Deck, chapter: Chapter, blocks: list[Block]) -> None:
    reading = " ".join(chapter.reading)
    drawn = False
    for block in blocks:
        if isinstance(block, Chart):
            scene = Scene(block.width, block.height)
            scene.add(Image(0, 0, block.width, block.height, block.light))
            _drawing(deck, chapter, reading, scene)
            drawn = True
        elif isinstance(block, Picture) and not block.flows:
            for scene in block.draw(_ROOM, HEIGHT - 150, PRINT, 0.0):
                _drawing(deck, chapter, reading, scene)
                drawn = True
    notes = [line for block in blocks if isinstance(block, Notes) for line in block.lines]
    y = HEIGHT
    for block in blocks:
        if isinstance(block, Sheet):
            y = _rows(deck, chapter, block)
            drawn = True
    lines = [part for line in notes for part in MEASURE.fold(f"– {line}", _ROOM, 11)]
    if notes and drawn and y + 13.5 * len(lines) + 8 < HEIGHT - 38:
        deck.text(SIDE, y + 8, _ROOM, 13.5 * len(lines), [[(f"– {line}", 11, "muted", False)] for line in notes])
    elif notes or not drawn:
        deck.new(f"{chapter.title}")
        size = 13 if len(lines) < 20 else 10.5
        shown = [[(f"– {line}", size, "ink", False)] for line in notes]
        deck.text(SIDE, 84, _ROOM, HEIGHT - 130, [[(reading, 12, "muted", False)], [(" ", 8, "ink", False)], *shown])


def _drawing(deck: Deck, chapter: Chapter, reading: str, scene: Scene) -> None:
    deck.new(chapter.title)
    lines = MEASURE.fold(reading, _ROOM, 12)
    deck.text(SIDE, 56, _ROOM, 16 * len(lines), [[(reading, 12, "muted", False)]])
    top = 62 + 15 * len(lines)
    deck.picture(scene_png(scene, deck.language), SIDE, top, _ROOM, HEIGHT - 44 - top, f"{chapter.title}. {reading}")


def _rows(deck: Deck, chapter: Chapter, sheet: Sheet) -> float:
    """The rows as a native table; columns that would not fit are left to the document."""
    kept = list(range(len(sheet.columns)))[:7]
    heads = [sheet.columns[place].title for place in kept]
    rows = [[_said(row[place]) for place in kept] for row in sheet.rows if not isinstance(row, str)][:36]
    rooms = [max(sheet.columns[place].room, 30.0) for place in kept] if sheet.columns and sheet.columns[0].room > 10 else [sheet.columns[place].room for place in kept]
    numbers = tuple(at for at, place in enumerate(kept) if sheet.columns[place].align == "right")
    if not rows:
        return HEIGHT
    return tables(deck, chapter.title, sheet.title, heads, rows, rooms, 10.0, numbers)


def _said(cell: Cell) -> tuple[str, str, bool]:
    return f"{_MARKS.get(cell.mark, '')}{cell.text}{f' ({cell.sub})' if cell.sub else ''}", cell.colour, cell.strong
