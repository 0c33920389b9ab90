"""The rows of a funnel as its drawing needs them, whatever their columns are called, counts or shares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import NBSP, number, share
from etappe.reports.texts import Words
from etappe.words.result import Figure

# What a column may be called; the first that is there is taken.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "entered": ("entered", "journeys", "accounts"),
    "moved_on": ("moved_on", "forward"),
    "won": ("won",),
    "open": ("open", "still_open"),
    "lost": ("lost",),
    "dormant": ("dormant",),
    "conversion": ("conversion", "moved_on"),
    "median": ("median_days", "median"),
    "back": ("went_back", "back_moves"),
}
FATES: Final = ("moved_on", "won", "open", "dormant", "lost")
FATE_WORDS: Final = {
    "moved_on": "moved_on",
    "won": "won",
    "open": "still_open",
    "dormant": "dormant",
    "lost": "lost",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the overview; `fates` are parts of `entered`, `told` says each in words."""

    key: str
    name: str
    number: int
    group: str
    entered: float
    fates: dict[str, float]
    told: tuple[str, ...]
    conversion: Figure | None
    median: Figure | None
    back: str
    back_to: dict[str, float]


def entered_by(row: Mapping[str, Any]) -> str:
    """The column that says how many entered."""
    return next((name for name in _NAMES["entered"] if row.get(name) is not None), "")


def found_in(row: Mapping[str, Any], what: str) -> Any:
    """The first value that is there under any of the names of `what`."""
    return next((row[name] for name in _NAMES[what] if row.get(name) is not None), None)


def stage_of(row: Mapping[str, Any], place: int, words: Words) -> Stage:
    """One row read; `place` numbers it where the row has no number."""
    entered = _amount(found_in(row, "entered"))
    fates: dict[str, float] = {}
    told = []
    for fate in FATES:
        value = found_in(row, fate)
        if isinstance(value, Figure) and value.value is not None and value.value <= 1:
            if value.value < 0.0005:
                continue
            fates[fate] = value.value * entered
            told.append(f"{_percent(value, words)} {words(FATE_WORDS[fate])}")
        elif _amount(value) > 0:
            fates[fate] = _amount(value)
            told.append(f"{number(fates[fate], words.language, 0)}{NBSP}{words(FATE_WORDS[fate])}")
    kinds = row.get("journey_kinds") or row.get("kind") or ""
    back, back_to = found_in(row, "back"), row.get("back_to")
    return Stage(
        tidy(row.get("stage")),
        words.term("stage", row.get("stage")),
        int(_amount(row.get("stage_no")) or place),
        ", ".join(words.term("kind", kind) for kind in tidy(kinds).split(", ") if kind),
        entered,
        fates,
        (*told, *_back_words(row, words)),
        _as_figure(found_in(row, "conversion"), "share", entered),
        _as_figure(found_in(row, "median"), "days", entered),
        (_percent(back, words) if isinstance(back, Figure) else number(back, words.language, 0))
        if _amount(back)
        else "",
        {tidy(k): _amount(v) for k, v in back_to.items()} if isinstance(back_to, Mapping) else {},
    )


def _back_words(row: Mapping[str, Any], words: Words) -> list[str]:
    targets = row.get("back_to")
    if not isinstance(targets, Mapping):
        return []
    ranked = sorted(((_amount(n), tidy(to)) for to, n in targets.items()), reverse=True)
    return [words("back_to", n=int(n), stage=words.term("stage", to)) for n, to in ranked[:2] if n > 0]


def _percent(value: Figure, words: Words) -> str:
    if value.value is None:
        return ""
    return share(value.value, words.language, 0 if value.value >= 0.1 or value.value == 0 else 1)


def _amount(value: Any) -> float:
    if isinstance(value, Figure):
        value = value.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(value) if math.isfinite(value) else 0.0


def _as_figure(value: Any, unit: str, n: float) -> Figure | None:
    if isinstance(value, Figure):
        return value if value.unit else Figure(value.value, value.low, value.high, value.n, value.why, unit)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number_of = value / n if unit == "share" and value > 1 and n else float(value)
    return Figure(number_of, n=int(n), unit=unit)
