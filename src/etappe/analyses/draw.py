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
MOST_ROWS = 40
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
        "width": {"step": 58},
        "height": {"step": 21},
        "encoding": {
            "y": {"field": y, "type": "nominal", "title": None, "sort": y_order, "axis": {"domain": False, "ticks": False}},
            "x": {
                "field": x, "type": "nominal", "title": None, "sort": x_order,
                "axis": {"orient": "top", "labelAngle": -28, "domain": False, "ticks": False, "labelLimit": 140},
            },
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    "color": {**place, "title": title, "scale": {"scheme": "blues", "domain": [0, 1]}, "legend": None},
                    "tooltip": [{"field": name} for name in (y, x, field, f"{field}_low", f"{field}_high", f"{field}_n")],
                },
            },
            {
                "transform": [{"filter": f"isValid(datum[{field!r}])"}],
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {**place, "format": ".0%"},
                    "color": {"condition": {"test": f"datum[{field!r}] > 0.55", "value": "white"}, "value": "#1c2430"},
                },
            },
        ],
    }  # fmt: skip


def clear_or_not(layers: list[Spec]) -> list[Spec]:
    """Intervals whose point is full where `clear` is clear and hollow where it is not."""
    rule, point = layers
    point = {
        **point,
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "strokeWidth": 1.6},
        "encoding": {
            **point["encoding"],
            "fill": {
                "field": "clear", "type": "nominal", "title": None,
                "scale": {"domain": list(CLEAR.values()), "range": ["#0b6e99", "white"]}, "legend": {"symbolStrokeColor": "#0b6e99"},
            },
            "stroke": {"value": "#0b6e99"},
        },
    }  # fmt: skip
    return [rule, point]


def intervals(field: str, axis: str, title: str, scale: Mapping[str, Any] | None = None, **encoding: Any) -> list[Spec]:
    """Two layers, a rule from low to high and a point at the value: the way a figure is drawn everywhere.

    `axis` is x or y; `encoding` holds what both layers share.
    """
    place: Spec = {"field": f"{field}_low", "type": "quantitative", "title": title}
    point: Spec = {"field": field, "type": "quantitative", "title": title}
    if scale:
        place["scale"] = point["scale"] = dict(scale)
    known = {"filter": f"isValid(datum[{field!r}])"}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "transform": [known],
            "encoding": {axis: place, f"{axis}2": {"field": f"{field}_high"}, **encoding},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "transform": [known],
            "encoding": {axis: point, **encoding},
        },
    ]


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
                key: inner if key in ("field", "usermeta", "$schema", "filter") else turn(inner)
                for key, inner in value.items()
            }
        return value

    turned: Spec = turn(spec)
    return turned
