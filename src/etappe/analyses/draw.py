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
