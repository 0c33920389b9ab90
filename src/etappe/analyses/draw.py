"""Drawings as plain Vega-Lite: small data inside, no colours or fonts (the theme of the reports gives those).

Titles are English; `usermeta.words.de` holds the German for each text of the drawing, so that one answer can
be shown in both languages: see :func:`in_language`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from etappe.words.result import Figure, plain

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Spec = dict[str, Any]

GERMAN = {
    "Share": "Anteil", "Days": "Tage", "Stage": "Phase", "Journeys": "Journeys", "Accounts": "Unternehmen",
    "Channel": "Kanal", "Touchpoint": "Touchpoint", "Model": "Modell", "Conversions": "Conversions", "Value": "Wert",
    "moved on": "weitergekommen", "lost": "verloren", "dormant": "eingeschlafen", "still open": "noch offen",
    "won": "gewonnen", "open": "offen", "Outcome": "Ausgang", "95 % interval": "95-%-Intervall", "n": "n",
    "clear": "deutlich", "not clear": "nicht deutlich",
    "Ratio": "Verhältnis", "Odds ratio": "Quotenverhältnis", "Role": "Rolle", "Share of journeys": "Anteil der Journeys",
}  # fmt: skip


def chart(title: str, values: Iterable[Mapping[str, Any]], german: Mapping[str, str], **parts: Any) -> Spec:
    """A drawing of some rows: figures are spread to `name`, `name_low`, `name_high`, `name_n`."""
    spec: Spec = {
        "$schema": SCHEMA,
        "title": title,
        "data": {"values": [spread(row) for row in values]},
        "usermeta": {"words": {"de": {**GERMAN, **german}}},
    }
    return spec | parts


def the_first(spec: Spec, shown: int, of: int) -> Spec:
    """The drawing with a word on how many of its lines are shown, where those are not all."""
    if shown >= of:
        return spec
    english, german = f"the first {shown} of {of:,}", f"die ersten {shown} von {of:,}".replace(",", ".")
    spec["usermeta"]["words"]["de"] |= {english: german}
    return {**spec, "title": {"text": spec["title"], "subtitle": english}}


def spread(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its figures as plain numbers; figures without a value keep their reason in `name_why`."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Figure):
            flat |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high, f"{name}_n": value.n}
            if value.value is None:
                flat[f"{name}_why"] = value.why
        else:
            flat[name] = plain(value) if isinstance(value, (dt.date, dt.datetime, list, tuple, dict)) else value
    return flat


KINDS = {
    "first_purchase": ("first purchase", "Erstkauf"), "repurchase": ("repurchase", "Wiederkauf"), "expansion": ("expansion", "Erweiterung"),
    "renewal": ("renewal", "Verlängerung"), "win_back": ("win-back", "Rückgewinnung"),
}  # fmt: skip
RATIOS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
MOST_ROWS = 22  # so many lines are read on one page
WIDE = 560
ACCENT, AGAINST, QUIET, DARK = "#0b7a75", "#b93a20", "#98a2b3", "#1c2430"
HEAT = ["#eef6f5", "#0a5f5b"]
DARKEST = "#1d2530"  # on a light cell, in the dark page too
CLEAR = {True: "clear", False: "not clear"}


def kinds_named(text: str) -> tuple[str, str]:
    """Kinds of journey, as `first_purchase, win_back`, in English and German."""
    pairs = [KINDS.get(kind, (kind, kind)) for kind in text.split(", ")]
    return ", ".join(pair[0] for pair in pairs), ", ".join(pair[1] for pair in pairs)


def ordered(rows: Iterable[Mapping[str, Any]], name: str, by: str | None = None) -> list[str]:
    """The values of a column, once each, in the order of another (or of the rows)."""
    listed = sorted(rows, key=lambda row: row[by]) if by else rows
    return list(dict.fromkeys(str(row[name]) for row in listed))


def heat(rows: Iterable[Mapping[str, Any]], y: str, x: str, field: str, title: str, y_order: list[str], x_order: list[str]) -> Spec:
    """A heat map of shares with the share written in each cell, so that it can be read in black and white."""
    place = {"field": field, "type": "quantitative"}
    return {
        "data": {"values": [spread(row) for row in rows]},
        "width": {"step": 62},
        "height": {"step": 20},
        "encoding": {
            "y": {"field": y, "type": "nominal", "title": None, "sort": y_order, "axis": {"domain": False, "ticks": False}},
            "x": {
                "field": x, "type": "nominal", "title": None, "sort": x_order,
                "axis": {"orient": "top", "labelAngle": -28, "domain": False, "ticks": False},
            },
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    "color": {**place, "title": title, "scale": {"range": HEAT, "domain": [0, 1]}, "legend": None},
                    "tooltip": [{"field": name} for name in (y, x, field, f"{field}_low", f"{field}_high", f"{field}_n")],
                },
            },
            {
                "transform": [{"filter": f"isValid(datum[{field!r}])"}],
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {**place, "format": ".0%"},
                    "color": {"condition": {"test": f"datum[{field!r}] > 0.55", "value": "white"}, "value": DARKEST},
                },
            },
        ],
    }  # fmt: skip


def clear_or_not(layers: list[Spec]) -> list[Spec]:
    """Intervals whose point is full where `clear` is clear and hollow where it is not."""
    rule, point, *rest = layers
    point = {
        **point,
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "strokeWidth": 1.6},
        "encoding": {
            **point["encoding"],
            "fill": {
                "field": "clear", "type": "nominal", "title": None,
                "scale": {"domain": list(CLEAR.values()), "range": [ACCENT, "white"]}, "legend": {"symbolStrokeColor": ACCENT},
            },
            "stroke": {"value": ACCENT},
        },
    }  # fmt: skip
    return [rule, point, *rest]


def intervals(field: str, axis: str, title: str, scale: Mapping[str, Any] | None = None, form: str = "", **encoding: Any) -> list[Spec]:
    """A rule from low to high and a point at the value: the way a figure is drawn everywhere.

    `axis` is x or y; `encoding` holds what both layers share. With `form`, a d3 format, the axis is written in it, and so
    is the value, behind the end of its interval. A log axis has no place for 0, and breaks where one is asked of it.
    """
    place: Spec = {"field": f"{field}_low", "type": "quantitative", "title": title}
    point: Spec = {"field": field, "type": "quantitative", "title": title}
    if scale:
        place["scale"] = point["scale"] = dict(scale)
    bounded = f"isValid(datum['{field}_low']) && isValid(datum['{field}_high'])"
    known = {"filter": f"isValid(datum[{field!r}])"}
    if (scale or {}).get("type") == "log":
        known, bounded = {"filter": f"datum[{field!r}] > 0"}, f"datum['{field}_low'] > 0"
    written: list[Spec] = []
    if form:
        place["axis"] = point["axis"] = {"values": RATIOS, "format": "~g"} if (scale or {}).get("type") == "log" else {"format": form}
        shared = {name: part for name, part in encoding.items() if name not in ("color", "shape", "fill", "stroke")}
        end = f"{field}_end"
        written = [{
            "mark": {"type": "text", "align": "left", "dx": 7, "fontWeight": 600},
            "transform": [known, {"calculate": f"max(datum[{field!r}], isValid(datum['{field}_high']) ? datum['{field}_high'] : datum[{field!r}])", "as": end}],
            "encoding": {axis: {**place, "field": end}, "text": {"field": field, "type": "quantitative", "format": form}, **shared},
        }]
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "transform": [known, {"filter": bounded}],
            "encoding": {axis: place, f"{axis}2": {"field": f"{field}_high"}, **encoding},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "transform": [known],
            "encoding": {axis: point, **encoding},
        },
        *written,
    ]


def line_at(value: float, axis: str = "x") -> Spec:
    """A dashed line where there is no difference."""
    return {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "#667085"}, "encoding": {axis: {"datum": value}}}


def in_language(spec: Mapping[str, Any], language: str) -> Spec:
    """The drawing with its texts in a language; texts without a translation stay."""
    words = spec.get("usermeta", {}).get("words", {}).get(language, {})

    def turn(value: Any) -> Any:
        if isinstance(value, str):
            return words.get(value, value)
        if isinstance(value, list):
            return [turn(item) for item in value]
        if isinstance(value, Mapping):
            return {
                key: inner if key in ("field", "usermeta", "$schema", "filter", "calculate") else turn(inner)
                for key, inner in value.items()
            }
        return value

    turned: Spec = turn(spec)
    return turned
