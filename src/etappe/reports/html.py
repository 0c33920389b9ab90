"""A document as one HTML file that works offline: no script, no request, dark mode and print in its own
CSS.
"""

from __future__ import annotations

from importlib.resources import files

from etappe.reports.document import Block, Cell, Chapter, Chart, Document, Highlights, KeyFigure, Notes, Picture, Sheet
from etappe.reports.drawing.measure import SCREEN
from etappe.reports.drawing.scene import Scene, glyph
from etappe.reports.drawing.svg import colour_rules, escape, inline_svg, marks_svg
from etappe.reports.theme import SCREEN_FONTS, SCREEN_SCALE, Mode, colours

_WIDTH = 720.0  # points of the drawing: 1200 px on the screen
_SHEET = 470.0  # points of the drawing on one printed page, at the width above
_OPENING = 60.0  # points of the first page that the heading needs


def to_html(document: Document) -> str:
    """The document as a page of its own; the same document gives the same bytes."""
    return page_of(document)


def page_of(document: Document, before: str = "", css: str = "") -> str:
    """A page of a document; `before` is markup ahead of its blocks, `css` further rules for it."""
    blocks = "\n".join(_block(block, i) for i, block in enumerate(document.blocks))
    figures = "".join(_figure(figure) for figure in document.figures)
    title = escape(document.title)
    return f"""<!doctype html>
<html lang="{document.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title} · etappe</title>
<style>
{_css()}{css}
</style>
</head>
<body>
<header>
<div><h1 dir="auto">{title}</h1>
<p class="sub">{escape(document.subtitle)}</p></div>
{f'<dl class="figures">{figures}</dl>' if figures else ""}
</header>
<main>
{before}{blocks}
</main>
<footer>{escape(document.footer)}</footer>
</body>
</html>
"""


def _figure(figure: KeyFigure) -> str:
    sub = f" <small>{escape(figure.sub)}</small>" if figure.sub else ""
    return f"<div><dt>{escape(figure.word)}{sub}</dt><dd>{escape(figure.value)}</dd></div>"


def _block(block: Block, number: int) -> str:
    if isinstance(block, Picture):
        pictures = "\n".join(inline_svg(scene, SCREEN_SCALE) for scene in block.draw(_WIDTH, None, SCREEN, 0.0))
        sheets = block.draw(_WIDTH, _SHEET, SCREEN, _OPENING if number == 0 else 0.0)
        printed = "\n".join(inline_svg(scene, SCREEN_SCALE) for scene in sheets)
        opening = f'<section class="picture" tabindex="0" aria-label="{escape(block.title)}">'
        return f'{opening}\n{pictures}\n</section>\n<div class="sheets" aria-hidden="true">\n{printed}\n</div>'
    if isinstance(block, Notes):
        lines = "".join(f'<li dir="auto">{escape(line)}</li>' for line in block.lines)
        heading = f'<h2 id="b{number}">{escape(block.title)}</h2>'
        return f'<section class="notes" aria-labelledby="b{number}">{heading}<ul>{lines}</ul></section>'
    if isinstance(block, Chart):
        return (
            f'<section class="chart" role="img" aria-label="{escape(block.title)}">\n'
            f'<div class="light">{block.light}</div>\n<div class="dark">{block.dark}</div>\n</section>'
        )
    if isinstance(block, Chapter):
        reading = "".join(f'<p class="sub">{escape(line)}</p>' for line in block.reading)
        return f'<section class="chapter"><h1 class="chapter">{escape(block.title)}</h1>{reading}</section>'
    if isinstance(block, Highlights):
        items = "".join(f"<li><strong>{escape(one.title)}</strong><br><small>{escape(one.body)}</small></li>" for one in block.items)
        return f'<section class="notes"><h2>{escape(block.title)}</h2><p class="sub">{escape(block.note)}</p><ol>{items}</ol></section>'
    return _sheet(block, number)


def _sheet(sheet: Sheet, number: int) -> str:
    head = "".join(
        f'<th scope="col"{" class=r" if column.align == "right" else ""}>{escape(column.title)}</th>'
        for column in sheet.columns
    )
    total = sum(column.room for column in sheet.columns)
    widths = "".join(f'<col style="width:{column.room / total * 100:.1f}%">' for column in sheet.columns)
    rows = "\n".join(_row(sheet, row) for row in sheet.rows)
    note = f'<p class="sub">{escape(sheet.note)}</p>' if sheet.note else ""
    kind = "sheet appendix" if sheet.appendix else "sheet"
    return (
        f'<section class="{kind}" aria-labelledby="b{number}">'
        f'<h2 id="b{number}">{escape(sheet.title)}</h2>{note}\n'
        f'<div class="scroll" tabindex="0"><table aria-labelledby="b{number}">'
        f"<colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></div></section>"
    )


def _row(sheet: Sheet, row: tuple[Cell, ...] | str) -> str:
    if isinstance(row, str):
        return f'<tr class="group"><th colspan="{len(sheet.columns)}" scope="colgroup">{escape(row)}</th></tr>'
    parts = []
    for i, (cell, column) in enumerate(zip(row, sheet.columns, strict=False)):
        name = " ".join(word for word in ("r" if column.align == "right" else "", "s" if cell.strong else "") if word)
        kind = f' class="{name}"' if name else ""
        style = f' style="color:var(--{cell.colour})"' if cell.colour != "ink" else ""
        mark = _mark(cell) if cell.mark else ""
        sub = f" <small>{escape(cell.sub)}</small>" if cell.sub else ""
        tag = 'th scope="row"' if i == 0 else "td"
        parts.append(f"<{tag}{kind}{style}>{mark}<bdi>{escape(cell.text)}</bdi>{sub}</{tag[:2]}>")
    return f"<tr>{''.join(parts)}</tr>"


def _mark(cell: Cell) -> str:
    scene = Scene(8, 8)
    scene.add(glyph(cell.mark, 4, 4, 3.4, cell.colour))
    return marks_svg(scene)


def variables(mode: Mode) -> str:
    """The colours of a mode as CSS variables."""
    return "".join(f"--{name}:{value};" for name, value in colours(mode).items())


def _css() -> str:
    light, dark = variables("light"), variables("dark")
    fonts = f"--fonts:{SCREEN_FONTS};"
    rules = files("etappe.reports").joinpath("page.css").read_text("utf-8")
    return (
        f":root {{ color-scheme: light dark; {fonts}{light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{colour_rules()}\n{rules}"
    )
