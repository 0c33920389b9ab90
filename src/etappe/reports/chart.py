"""The Vega-Lite drawing of a result in the house's colours and language, as SVG: the same for print and
page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from etappe.reports.document import Chart
from etappe.reports.texts import Words
from etappe.reports.theme import SERIES, Language, Mode, colours

_SIZE: Final = 11.5  # px; three quarters of it in print, and never under 7 pt
_LEAST: Final = 7.0
_POINTS: Final = 0.75
_FAMILY: Final = "Inter, Source Sans Pro, Source Sans 3, Libertinus Serif, Segoe UI, Helvetica, Arial, sans-serif"
_KEEP: Final = frozenset(("field", "usermeta", "$schema", "filter", "calculate", "labelExpr", "format", "test"))
_DATA: Final = frozenset(("data", "datasets", "sort", "domain"))
_NUMBERS: Final[dict[str, Any]] = {
    "de": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"], "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
_DATES: Final[dict[str, Any]] = {
    "de": "de-DE",
    "en": {
        "dateTime": "%e %b %Y, %X", "date": "%e %b %Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
        "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        "months": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        "shortMonths": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    },
}  # fmt: skip
_SIZES: Final = re.compile(r'<svg[^>]*?\swidth="([^"]+)"[^>]*?\sheight="([^"]+)"')
_IN_BRACKETS: Final = re.compile(r"(.+) \((.+)\)")
_ENDLESS: Final = 1e5  # px; Vega gives a drawing without a single mark no end, or none that is a number


def chart_of(spec: Mapping[str, Any], title: str, words: Words, room: float) -> Chart | None:
    """The drawing in light and dark, at most `room` points wide; None where there is nothing to draw.

    Raises
    ------
    ValueError
        Where the specification is not Vega-Lite.
    """
    if not _drawn(spec):
        return None
    turned, language = in_language(spec, words), words.language
    size = _SIZE
    for _ in range(5):  # larger type makes a chart wider, so it takes a few turns to fit
        light, width, height = _svg(turned, language, "light", size)
        if not (0 < width < _ENDLESS and 0 < height < _ENDLESS):
            return None
        scale = min(_POINTS, room / max(width, 1.0))
        if scale * size >= _LEAST:
            break
        size = _LEAST / scale * 1.05
    dark, _, _ = _svg(turned, language, "dark", _SIZE)
    return Chart(title, light, _named_apart(dark), width * scale, height * scale)


def _drawn(spec: Mapping[str, Any]) -> bool:
    """Whether a drawing has anything in it: some data with values, or data that is not inside it."""
    found = _data(spec)
    return not found or any(data.get("values") or "values" not in data for data in found)


def _data(spec: Any) -> list[Mapping[str, Any]]:
    """All data of a drawing and its parts."""
    if isinstance(spec, Mapping):
        own = [spec["data"]] if isinstance(spec.get("data"), Mapping) else []
        return own + [data for name, part in spec.items() if name not in ("usermeta", "data") for data in _data(part)]
    return [data for part in spec for data in _data(part)] if isinstance(spec, list) else []


def charts_of(spec: Mapping[str, Any], title: str, words: Words, room: float, height: float) -> list[Chart]:
    """The drawing, as one where it fits into `height` points; else its parts beneath each other, as many as fit a page.

    None at all where there is nothing to draw, because every figure has too few or the answer has no rows.

    Raises
    ------
    ValueError
        Where the specification is not Vega-Lite.
    """
    whole = chart_of(spec, title, words, room)
    if whole is None:
        return []
    parts = spec.get("vconcat")
    if whole.height <= height or not isinstance(parts, list) or len(parts) < 2:
        return [whole]
    pages: list[list[Any]] = []
    used = 0.0
    for part in parts:
        alone = chart_of({**spec, "vconcat": [part]}, title, words, room)
        high = alone.height if alone else 0.0
        if not pages or used + high > height:
            pages.append([])
            used = 0.0
        pages[-1].append(part)
        used += high
    drawn = (chart_of({**spec, **_titled(page)}, title, words, room) for page in pages)
    return [chart for chart in drawn if chart is not None]


def _titled(page: list[Any]) -> dict[str, Any]:
    """The parts of a page; where there is one alone, its own title is that of the page: it may be about something else."""
    own = page[0].get("title") if len(page) == 1 else None
    if not isinstance(own, str):
        return {"vconcat": page}
    return {"title": own, "vconcat": [{name: part for name, part in page[0].items() if name != "title"}]}


def _svg(spec: Mapping[str, Any], language: Language, mode: Mode, size: float) -> tuple[str, float, float]:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(
        dict(spec),
        config=config(mode, size),
        format_locale=_NUMBERS[language],
        time_format_locale=_DATES[language],
        allowed_base_urls=[],
    )
    found = _SIZES.search(svg)
    width, height = (float(found.group(1)), float(found.group(2))) if found else (600.0, 300.0)
    return (_darkened(svg) if mode == "dark" else svg), width, height


def _darkened(svg: str) -> str:
    """A drawing's own colours as the dark page has them; what they mean stays."""
    light, dark = colours("light"), colours("dark")
    for name in ("accent", "contradicted", "faint", "muted", "ink"):
        svg = svg.replace(f'"{light[name]}"', f'"{dark[name]}"')
    return svg


def config(mode: Mode = "light", size: float = _SIZE) -> dict[str, Any]:
    """The theme as a Vega-Lite configuration: one accent, hairlines, the colour-blind safe series."""
    shown = colours(mode)
    series = [shown["ink"] if colour == "#1c2430" else colour for colour, _, _ in SERIES]
    text = {"labelFontSize": size, "titleFontSize": size, "labelColor": shown["muted"], "titleColor": shown["ink"]}
    return {
        "background": None,
        "font": _FAMILY,
        "padding": {"left": 0, "top": 2, "right": 4, "bottom": 5},
        "title": {
            "anchor": "start",
            "color": shown["ink"],
            "fontSize": size * 1.3,
            "fontWeight": 600,
            "subtitleColor": shown["muted"],
            "subtitleFontSize": size,
            "offset": 10,
        },
        "axis": {
            **text,
            "titleFontWeight": 500,
            "gridColor": shown["line"],
            "domainColor": shown["rule"],
            "tickColor": shown["rule"],
            "titlePadding": 8,
            "labelLimit": 0,
        },
        "legend": {**text, "titleFontWeight": 500, "symbolSize": 80, "labelLimit": 0, "orient": "top", "direction": "horizontal", "offset": 6},
        "header": {**text, "titleFontWeight": 500},
        "view": {"stroke": None},
        "range": {"category": series, "ordinal": {"scheme": "blues"}},
        "mark": {"color": shown["accent"]},
        "bar": {"color": shown["accent"]},
        "text": {"fontSize": size, "color": shown["ink"]},
        "rule": {"color": shown["accent"]},
        "point": {"color": shown["accent"], "filled": True},
        "line": {"color": shown["accent"]},
        "area": {"color": shown["accent"]},
    }


def in_language(spec: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The specification with its texts turned by its own `usermeta.words`; fields and filters stay as
    they are.

    Values of the data, and lists that order them, are also called what the reports call stages,
    touchpoints and so on.
    """
    own = spec.get("usermeta", {}).get("words", {}).get(words.language, {})

    def turn(value: Any, key: str, data: bool) -> Any:
        if key in _KEEP:
            return value
        if isinstance(value, str):
            return own.get(value) or (_in_parts(value, words) if data else value)
        if isinstance(value, Mapping):
            return {name: turn(inner, name, data or name in _DATA) for name, inner in value.items()}
        return [turn(inner, "", data) for inner in value] if isinstance(value, (list, tuple)) else value

    turned: dict[str, Any] = turn(spec, "", False)
    return turned


def _in_parts(text: str, words: Words) -> str:
    """A word of the data, or several between arrows, dots or commas or in brackets, as the reader calls them."""
    if bracketed := _IN_BRACKETS.fullmatch(text):
        return f"{_in_parts(bracketed[1], words)} ({_in_parts(bracketed[2], words)})"
    for mark in (" → ", " · ", ", "):
        if mark in text:
            return mark.join(_in_parts(part, words) for part in text.split(mark))
    return words.any_term(text)


def _named_apart(svg: str) -> str:
    """The second drawing of a page with ids of its own."""
    return re.sub(r'(id="|url\(#)', r"\1dark-", svg)
