"""How etappe looks, in one place: colours, type, spacing, verdict shapes, number formats; light and dark.

Every drawing names a colour by its token, never by its value, so that print, page and dark mode come from
here alone.
`theme()` gives all of it as plain data; the page reads the same as JSON.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

Language = Literal["de", "en"]
Mode = Literal["light", "dark"]

LIGHT: Final[dict[str, str]] = {
    "page": "#ffffff",
    "surface": "#f7f8fa",
    "line": "#e4e7ec",
    "rule": "#c8ced8",
    "ink": "#1c2430",
    "muted": "#667085",
    "faint": "#98a2b3",
    "accent": "#0b7a75",
    "accent-tint": "#f2faf8",
    "accent-band": "#d3ebe8",
    "contradicted": "#b93a20",
    "contradicted-tint": "#fdf3f0",
    "undecided": "#946200",
    "undecided-tint": "#fdf8ec",
    "band-even": "#ffffff",
    "band-odd": "#f6f8fa",
    "hatch": "#cdd4de",
    "own": "#8a94a6",
}
DARK: Final[dict[str, str]] = {
    "page": "#12161c",
    "surface": "#1a2029",
    "line": "#2a323d",
    "rule": "#414c5b",
    "ink": "#e7ebf1",
    "muted": "#9ba7b7",
    "faint": "#6c788a",
    "accent": "#45bdb4",
    "accent-tint": "#16302f",
    "accent-band": "#1d4744",
    "contradicted": "#f08a72",
    "contradicted-tint": "#33231f",
    "undecided": "#dcab4e",
    "undecided-tint": "#2f291a",
    "band-even": "#12161c",
    "band-odd": "#171d25",
    "hatch": "#36414f",
    "own": "#8794a6",
}
# Later stages are darker; nine steps are enough for any stage model, longer ones are spread over them.
_STAGE_ENDS: Final[dict[str, tuple[str, str]]] = {
    "light": ("#eaf0f5", "#bccddc"),
    "dark": ("#1d2732", "#3b5269"),
}
STAGE_TINTS: Final = 9

# Okabe and Ito's colour-blind safe order; each colour comes with a dash and a marker for print without
# colour.
SERIES: Final[tuple[tuple[str, str, str], ...]] = (
    ("#0072b2", "solid", "circle"),
    ("#e69f00", "dashed", "square"),
    ("#009e73", "dotted", "triangle"),
    ("#cc79a7", "dash-dotted", "diamond"),
    ("#56b4e9", "loosely-dashed", "cross"),
    ("#d55e00", "loosely-dotted", "plus"),
    ("#b8a800", "densely-dashed", "star"),
    ("#1c2430", "densely-dotted", "bar"),
)

# verdict -> (shape, colour token, tint token, border): shape, word and colour always go together.
VERDICTS: Final[dict[str, tuple[str, str, str, str]]] = {
    "confirmed": ("✓", "accent", "accent-tint", "solid"),
    "contradicted": ("✕", "contradicted", "contradicted-tint", "solid"),
    "undecided": ("≈", "undecided", "undecided-tint", "solid"),
    "too few": ("·", "muted", "page", "dashed"),
    "no data": ("○", "muted", "page", "dashed"),
    "out of date": ("◷", "muted", "page", "dashed"),
}
# outcome -> (shape, colour token): drawn as paths, so that no font needs to carry the glyph.
OUTCOMES: Final[dict[str, tuple[str, str]]] = {
    "won": ("check", "accent"),
    "lost": ("cross", "contradicted"),
    "dormant": ("bars", "muted"),
    "open": ("arrow", "ink"),
}

# Sizes of type in points for print; a drawing on the page is shown at 5/3 px a point, so 7 pt reads as
# 11.7 px.
TYPE: Final[dict[str, float]] = {
    "title": 17.0,
    "section": 11.0,
    "figure": 13.0,
    "body": 8.5,
    "label": 7.5,
    "small": 7.0,
}
SMALLEST: Final = 7.0
SCREEN_SCALE: Final = 5 / 3
WEIGHTS: Final[dict[str, int]] = {"regular": 400, "medium": 530, "strong": 620}
SPACING: Final[dict[str, float]] = {"grid": 4.0, "radius": 6.0, "column": 208.0}

# A4 landscape, in points.
PAGE: Final[dict[str, float]] = {"width": 841.89, "height": 595.28, "side": 36.0, "top": 34.0, "bottom": 40.0}

SCREEN_FONTS: Final = (
    'Inter, "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif'
)
PRINT_FONTS: Final = ("Source Sans Pro", "Libertinus Serif")

NUMBERS: Final[dict[str, dict[str, str]]] = {
    "de": {"decimal": ",", "group": ".", "percent": "\u00a0%", "minus": "\u2212", "date": "dd.MM.yyyy"},
    "en": {"decimal": ".", "group": ",", "percent": "%", "minus": "\u2212", "date": "d MMM yyyy"},
}


def _mixed(start: str, end: str, share: float) -> str:
    pairs = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def colours(mode: Mode = "light") -> dict[str, str]:
    """Every colour token with its value; `stage-1` (first) to `stage-9` (last), and the series with their tints, among
    them.
    """
    start, end = _STAGE_ENDS[mode]
    stages = {f"stage-{i + 1}": _mixed(start, end, i / (STAGE_TINTS - 1)) for i in range(STAGE_TINTS)}
    plain = LIGHT if mode == "light" else DARK
    series = {f"series-{i + 1}": plain["ink"] if colour == LIGHT["ink"] else colour for i, (colour, _, _) in enumerate(SERIES)}
    bands = {f"{name}-tint": _mixed(plain["page"], colour, 0.16) for name, colour in series.items()}
    return {**plain, **stages, **series, **bands}


def stage_tint(number: int, of: int) -> str:
    """Token of the tint for stage `number` (from 1) of a model with `of` stages."""
    share = 0.0 if of <= 1 else (min(max(number, 1), of) - 1) / (of - 1)
    return f"stage-{1 + round(share * (STAGE_TINTS - 1))}"


def theme() -> dict[str, Any]:
    """The whole theme as plain data: what the page, charts and slides read."""
    return {
        "colours": {"light": dict(colours("light")), "dark": dict(colours("dark"))},
        "series": [{"colour": c, "dash": d, "marker": m} for c, d, m in SERIES],
        "verdicts": {
            name: {"shape": shape, "colour": colour, "tint": tint, "border": border}
            for name, (shape, colour, tint, border) in VERDICTS.items()
        },
        "outcomes": {name: {"shape": shape, "colour": colour} for name, (shape, colour) in OUTCOMES.items()},
        "type": {"sizes": dict(TYPE), "smallest": SMALLEST, "weights": dict(WEIGHTS), "fonts": SCREEN_FONTS},
        "spacing": dict(SPACING),
        "numbers": {language: dict(rules) for language, rules in NUMBERS.items()},
    }


@cache
def font_folders() -> tuple[str, ...]:
    """Folders with the packaged print font; empty where it is not installed (then typst's own serif is
    used).
    """
    found = importlib.util.find_spec("font_source_sans_pro")
    if found is None or not found.origin:
        return ()
    return (str(Path(found.origin).parent / "files"),)
