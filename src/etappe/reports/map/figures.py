"""A claim's figure as a reader says it: value, range and n by the measure's unit, and what the card says against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from etappe.reports.formats import MISSING, NBSP, number, share
from etappe.reports.texts import Words
from etappe.words.claim import Claim

_SIGNS: Final = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def value_of(figure: Mapping[str, Any] | None, unit: str, words: Words) -> str:
    """`68 %`, `19 T`, `+0,6`, `9`, `Platz 14`; a dash where there is none."""
    value = (figure or {}).get("value")
    return MISSING if value is None else amount(float(value), unit, words)


def range_of(figure: Mapping[str, Any] | None, unit: str, words: Words) -> str:
    """`64–72`; empty where there is no interval, or it is the value itself (a count)."""
    low, high = (figure or {}).get("low"), (figure or {}).get("high")
    if (low is None and high is None) or unit == "count":
        return ""
    ends = ["…" if end is None else _bare(float(end), unit, words) for end in (low, high)]
    return " bis ".join(ends) if words.language == "de" and unit == "score" else " to ".join(ends) if unit == "score" else "–".join(ends)


def n_of(figure: Mapping[str, Any] | None, words: Words) -> str:
    """`n 612`."""
    return f"n{NBSP}{number(int((figure or {}).get('n') or 0), words.language, 0)}"


def told(figure: Mapping[str, Any] | None, unit: str, words: Words) -> str:
    """The figure in one line: `68 % (64–72) · n 612`; without a value, why."""
    if figure is None:
        return words("no data")
    if figure.get("value") is None:
        why = str(figure.get("why") or "no data").replace("_", " ")
        return f"{words(why) if words.known(why) else why} · {n_of(figure, words)}"
    if unit == "count" and figure.get("n"):
        return words("k_of_n", k=int(figure["value"]), of=int(figure["n"]))
    spread = range_of(figure, unit, words)
    return f"{value_of(figure, unit, words)}{f'{NBSP}({spread})' if spread else ''} · {n_of(figure, words)}"


def claimed(claim: Claim, words: Words) -> str:
    """What the card says, in short: `≥ 50 %`, `20–40 T`."""
    ends = [amount(bound, claim.unit, words) for bound in claim.bounds]
    if claim.comparison == "between" and len(ends) == 2:
        return f"{_bare(claim.bounds[0], claim.unit, words)}–{ends[1]}"
    return f"{_SIGNS.get(claim.comparison, claim.comparison)}{NBSP}{ends[0]}"


def amount(value: float, unit: str, words: Words) -> str:
    """One number with its unit."""
    if unit == "share":
        return share(value, words.language, 0 if value >= 0.1 or value == 0 else 1)
    if unit == "days":
        return f"{_bare(value, unit, words)}{NBSP}{words('days_short')}"
    if unit == "position":
        return words("place_n", place=_bare(value, unit, words))
    return _bare(value, unit, words)


def _bare(value: float, unit: str, words: Words) -> str:
    if unit == "share":
        return number(value * 100, words.language, 0 if value >= 0.1 or value == 0 else 1)
    if unit == "days":
        return number(value, words.language, 0 if value >= 10 or float(value).is_integer() else 1)
    if unit == "score":
        return score(value, words)
    return number(value, words.language, 0 if float(value).is_integer() else 1)


def score(value: float, words: Words) -> str:
    """A feeling with its sign: `+0,6`, `−1,1`, `0`."""
    text = number(abs(value), words.language, 1)
    return "0" if text in ("0,0", "0.0") else f"{'+' if value > 0 else '−'}{text}"
