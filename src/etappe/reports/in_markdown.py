"""A document of tables and notes as Markdown: for minutes that go into a wiki, a ticket or a repository."""

from __future__ import annotations

from etappe.reports.document import Block, Cell, Document, Notes, Sheet

_SIGNS = {"check": "✓ ", "cross": "✕ ", "waves": "≈ ", "dots": "⋯ ", "ring": "○ ", "clock": "◷ "}


def sign(mark: str) -> str:
    """The sign of a mark with a blank behind it, for where nothing can be drawn; "" for none."""
    return _SIGNS.get(mark, "")


def in_markdown(document: Document) -> str:
    """Title, key figures, notes and tables; what is drawn is left out."""
    lines = [f"# {document.title}", ""]
    lines += [document.subtitle, ""] if document.subtitle else []
    lines += [" · ".join(f"{item.value} {item.word}" + (f" ({item.sub})" if item.sub else "") for item in document.figures), ""] if document.figures else []
    for block in document.blocks:
        lines += _block(block)
    lines += ["---", "", document.footer] if document.footer else []
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Notes():
            return [f"## {block.title}", "", *(line for text in block.lines for line in (_safe(text), ""))]
        case Sheet():
            heads = [column.title for column in block.columns]
            rows = [[_safe(row)] + [""] * (len(heads) - 1) if isinstance(row, str) else [_cell(cell) for cell in row] for row in block.rows]
            table = [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]
            return [f"## {block.title}", "", *table, "", *([block.note, ""] if block.note else [])]
        case _:
            return []


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return _safe(f"{sign(cell.mark)}{cell.text}") + (f"<br>{_safe(cell.sub)}" if cell.sub else "")


def _safe(text: str) -> str:
    """A text that stays one cell and one line, and makes nothing bold, a link or a heading."""
    one = " ".join(text.replace("\\", "\\\\").split())
    for character in "|*_`<[#":
        one = one.replace(character, f"\\{character}")
    return one
