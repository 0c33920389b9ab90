"""An answer in a notebook: heading, the numbers that answer it, drawing and table, in the words of all other drawings.

The markup stands for itself: its rules hold for itself alone, it loads nothing and runs no script, and it is read on a
light page and on a dark one, in the colours that the notebook says or else the system.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from etappe.reports.chart import charts_of, config, in_language
from etappe.reports.document import Cell, KeyFigure
from etappe.reports.formats import date
from etappe.reports.html import variables
from etappe.reports.table import (
    caveats_of,
    column_name,
    column_side,
    heading_of,
    key_figures,
    period_of,
    population_of,
    question_of,
    shown_columns,
    table_of,
    words_of,
)
from etappe.reports.texts import Words
from etappe.reports.theme import SCREEN_FONTS, Language
from etappe.reports.vocabulary import Names
from etappe.words.result import Result
from etappe.words.said import spoken

_MOST: Final = 100  # rows; a table that is longer is a matter of `to_pandas`
_ROOM: Final = 640.0  # points of a drawing
_DARK: Final = ('[data-jp-theme-light="false"]', ".vscode-dark", ".vscode-high-contrast", 'html[theme="dark"]')
_LIGHT: Final = ('[data-jp-theme-light="true"]', ".vscode-light", 'html[theme="light"]')


@dataclass(frozen=True)
class InNotebook:
    """How answers of a workspace show themselves: in a language, with what it calls its stages and touchpoints."""

    language: Language
    names: Names | None = None

    def html(self, result: Result) -> str:
        """The answer as markup for a cell."""
        words = words_of(result, self.language, self.names)
        figures = "".join(_figure(figure) for figure in key_figures(result, words))
        said = (f"{words('population')}: {population_of(result, words)}", f"{words('period')}: {period_of(result, words)}", _known(result, words))
        notes = "".join(f"<li>{escape(text)}</li>" for text in (*said, *caveats_of(result, words)))
        heading = f"<b>{escape(heading_of(result, words))}</b> {escape(question_of(result, words))}"
        return (
            f'<div class="etappe" lang="{self.language}"><style>{_css()}</style><p>{heading}</p>'
            f"{f'<dl>{figures}</dl>' if figures else ''}{_drawing(result, words)}{_table(result, words)}<ul>{notes}</ul></div>"
        )

    def chart(self, result: Result) -> Any:
        """The drawing as an Altair chart, to be changed or saved; None where the answer has none."""
        import altair

        if not result.drawing:
            return None
        spec = in_language(result.drawing, words_of(result, self.language, self.names))
        return altair.Chart.from_dict({**spec, "config": {**config("light"), "background": "white"}})


def _known(result: Result, words: Words) -> str:
    known = f"{words('as_of', date=date(result.as_of, words.language))} · " if result.as_of else ""
    recipe = words("recipe", name=result.recipe.name, version=result.recipe.version)
    return f"{known}{recipe}: {spoken(result.recipe.words, words.language)}"


def _figure(figure: KeyFigure) -> str:
    sub = f" <small>{escape(figure.sub)}</small>" if figure.sub else ""
    return f"<div><dd>{escape(figure.value)}{sub}</dd><dt>{escape(figure.word)}</dt></div>"


def _drawing(result: Result, words: Words) -> str:
    """The drawing, light and dark, as pictures: what is named inside one of them is not mixed up with the next cell."""
    if not result.drawing or not result.rows:
        return ""
    try:
        charts = charts_of(result.drawing, heading_of(result, words), words, _ROOM, float("inf"))
    except ValueError:
        return f"<p>{escape(words('no_drawing'))}</p>"
    return "".join(_picture(chart.light, "light", chart.title) + _picture(chart.dark, "dark", chart.title) for chart in charts)


def _picture(svg: str, mode: str, title: str) -> str:
    return f'<img class="{mode}" alt="{escape(title)}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _table(result: Result, words: Words) -> str:
    if not result.rows:
        return ""
    names = shown_columns(result, _MOST)
    sides = {name: ' class="r"' if column_side(result.rows, name) == "right" else "" for name in names}
    head = "".join(f"<th{sides[name]}>{escape(column_name(name, words))}</th>" for name in names)
    cells = table_of(result, names, words, _MOST)
    rows = zip(*(cells[name] for name in names), strict=True)
    body = "".join(f"<tr>{''.join(_cell(cell, sides[name]) for name, cell in zip(names, row, strict=True))}</tr>" for row in rows)
    cut = words("rows_cut_here", shown=_MOST, n=len(result.rows)) if len(result.rows) > _MOST else ""
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div><p>{escape(cut)}</p>"


def _cell(cell: Cell, side: str) -> str:
    sub = f" <small>{escape(cell.sub)}</small>" if cell.sub else ""
    return f'<td{side}><span class="{cell.colour}">{escape(cell.text)}</span>{sub}</td>'


def _css() -> str:
    """The rules, all beneath this class; the notebook's own word on light and dark comes before the system's."""
    light, dark = variables("light"), variables("dark")
    rules = [
        f".etappe{{{light}background:var(--page);color:var(--ink);font:13px/18px {SCREEN_FONTS};font-variant-numeric:tabular-nums;padding:8px}}",
        ".etappe p,.etappe ul,.etappe dl{margin:0 0 8px;max-width:96ch}.etappe b{font-weight:620}.etappe ul{padding-left:18px;color:var(--muted)}",
        ".etappe dl{display:flex;flex-wrap:wrap;gap:4px 24px}.etappe dd{margin:0;font-size:18px;line-height:24px;font-weight:620}.etappe dt{font-weight:400;max-width:34ch}",
        ".etappe small{font-size:11.5px;font-weight:400;color:var(--muted);white-space:nowrap}.etappe .wide{overflow-x:auto}.etappe img{max-width:100%;display:block;background:none}",
        ".etappe table{border-collapse:collapse;margin:4px 0 8px;font-size:13px;border:0}.etappe tr{background:none!important}",
        ".etappe th,.etappe td{text-align:left!important;vertical-align:top;padding:3px 14px 3px 0;border:0;border-bottom:1px solid var(--line);color:var(--ink);max-width:44ch}",
        ".etappe th{font-weight:620;color:var(--muted)}.etappe .r{text-align:right!important}",
        *(f".etappe .{name}{{color:var(--{name})}}" for name in ("accent", "contradicted", "muted", "faint")),
        ".etappe img.dark{display:none}",
        _in_mode("", dark, "dark", "@media (prefers-color-scheme:dark){", "}"),
        *(_in_mode(f"{host} ", light, "light") for host in _LIGHT),
        *(_in_mode(f"{host} ", dark, "dark") for host in _DARK),
    ]
    return "".join(rules)


def _in_mode(host: str, colours: str, mode: str, before: str = "", after: str = "") -> str:
    other = "light" if mode == "dark" else "dark"
    return f"{before}{host}.etappe{{{colours}}}{host}.etappe img.{mode}{{display:block}}{host}.etappe img.{other}{{display:none}}{after}"
