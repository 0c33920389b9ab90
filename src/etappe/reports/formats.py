"""Numbers, shares, money, days and dates as a German or an English reader writes them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from etappe.reports.theme import NUMBERS, Language
from etappe.words.result import Figure

NBSP: Final = "\u00a0"
MISSING: Final = "–"
_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "de": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥"}


def number(value: Any, language: Language, digits: int | None = None) -> str:
    """`1.234,5` or `1,234.5`. Without `digits`: whole from 100 on, one digit from 10 on, else two at most.

    Halves are rounded away from zero, as readers expect; what is no number shows as a dash.
    """
    if not _is_number(value):
        return MISSING
    size = abs(value)
    if size >= 1e15:
        text = f"{Decimal(value):.3e}".replace(".", NUMBERS[language]["decimal"])
        return text.replace("-", NUMBERS[language]["minus"])
    shown = digits if digits is not None else (0 if size >= 100 else 1 if size >= 10 else 2)
    exact = Decimal(repr(value) if isinstance(value, float) else str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    rules = NUMBERS[language]
    text = text.replace(",", "\0").replace(".", rules["decimal"]).replace("\0", rules["group"])
    return (rules["minus"] if rounded < 0 else "") + text


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def share(value: Any, language: Language, digits: int = 0) -> str:
    """A share between 0 and 1 as `3,4 %` (with a non-breaking space) or `3.4%`."""
    if not _is_number(value):
        return MISSING
    return number(float(value) * 100, language, digits) + NUMBERS[language]["percent"]


def money(value: Any, currency: str | None, language: Language) -> str:
    """`120.000 €` or `€120,000`; a currency without a common sign keeps its code."""
    text = number(value, language, 0)
    if text == MISSING or not currency:
        return text
    sign = _SIGNS.get(currency.upper(), currency)
    if language == "en" and len(sign) == 1:
        return text.replace(NUMBERS["en"]["minus"], NUMBERS["en"]["minus"] + sign) if "\u2212" in text else sign + text
    return f"{text}{NBSP}{sign}"


def days(value: Any, language: Language, short: bool = False) -> str:
    """`19 Tage`, `1 day`, or short `19 T`, `19 d`; under one day `< 1 Tag`."""
    if not _is_number(value):
        return MISSING
    if short:
        unit = {"de": "T", "en": "d"}[language]
    elif float(value) < 1.5:
        unit = {"de": "Tag", "en": "day"}[language]
    else:
        unit = {"de": "Tage", "en": "days"}[language]
    if 0 < float(value) < 0.5:
        return f"<{NBSP}1{NBSP}{unit}"
    if float(value) < 0.5 and not short:
        unit = {"de": "Tage", "en": "days"}[language]
    return f"{number(float(value), language, 0)}{NBSP}{unit}"


def moment(value: Any, zone: str = "UTC") -> dt.datetime | None:
    """A date, datetime or ISO text as a datetime in `zone`; None where it is none of these.

    A time without a zone is UTC, as everywhere inside etappe.
    """
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        try:
            return aware.astimezone(dt.UTC if zone == "UTC" else ZoneInfo(zone))
        except (OverflowError, KeyError, ValueError):
            return None
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return None


def date(value: Any, language: Language, zone: str = "UTC") -> str:
    """`12.03.2026` or `12 Mar 2026`."""
    at = moment(value, zone)
    if at is None:
        return MISSING
    if language == "de":
        return f"{at.day:02d}.{at.month:02d}.{at.year:04d}"
    return f"{at.day}{NBSP}{_MONTHS['en'][at.month - 1]}{NBSP}{at.year:04d}"


def span(start: Any, end: Any, language: Language, zone: str = "UTC") -> str:
    """`12.03.2026 – 30.06.2026`; one date where both are the same day."""
    first, last = date(start, language, zone), date(end, language, zone)
    return first if first == last else f"{first}{NBSP}– {last}"


def month(at: dt.datetime, language: Language, with_year: bool = True) -> str:
    """`Mär 26` or `Mar 26`, the label of a time axis; without the year `Mär`."""
    name = _MONTHS[language][at.month - 1]
    return f"{name}{NBSP}{at.year % 100:02d}" if with_year else name


def figure(value: Figure, language: Language, unit: str = "") -> tuple[str, str]:
    """A figure as its value and, apart, its range and n: (`64 %`, `61–67 · n 435`).

    `unit` is `share` or `days` where the figure itself does not say so; a figure whose unit is `number` is none of them.
    """
    kind = value.unit or unit
    n = f"n{NBSP}{number(value.n, language, 0)}"
    if value.value is None:
        return MISSING, n
    if kind in ("share", "%"):
        spread = _spread(value, language, 100.0, 0 if abs(value.value) >= 0.1 else 1)
        return share(value.value, language, 0 if abs(value.value) >= 0.1 or value.value == 0 else 1), _join(spread, n)
    if kind in ("days", "day"):
        times, unit = _time_unit(value.value, language)
        shown = value.value * times
        digits = 0 if abs(shown) >= 10 or shown == 0 else 1
        return f"{number(shown, language, digits)}{NBSP}{unit}", _join(_spread(value, language, times, digits), n)
    if kind in ("points", "score"):
        digits = 0 if kind == "points" else 1
        return number(value.value, language, digits), _join(_spread(value, language, 1.0, digits, kind == "points"), n)
    if len(kind) == 3 and kind.isupper():
        return money(value.value, kind, language), _join(_spread(value, language, 1.0, 0), n)
    if kind == "count":
        digits = 0 if abs(value.value) >= 10 or all(end is None or float(end).is_integer() for end in (value.value, value.low, value.high)) else 1
        return number(value.value, language, digits), _join(_spread(value, language, 1.0, digits), n)
    text = number(value.value, language)
    return (f"{text}{NBSP}{kind}" if kind and kind != "number" else text), _join(_spread(value, language, 1.0, None), n)


def _time_unit(days_: float, language: Language) -> tuple[float, str]:
    """Days, or hours and minutes of what lasts less than half a day: how many there are in a day, and their sign."""
    german = language == "de"
    if abs(days_) >= 0.5 or days_ == 0:
        return 1.0, "T" if german else "d"
    if abs(days_) >= 1 / 24:
        return 24.0, "Std." if german else "h"
    return 1440.0, "Min." if german else "min"


def _spread(value: Figure, language: Language, times: float, digits: int | None, signed: bool = False) -> str:
    if value.low is None and value.high is None:
        return ""
    low, high = (
        "…" if end is None or not math.isfinite(end) else number(end * times, language, digits)
        for end in (value.low, value.high)
    )
    # A dash beside a minus sign cannot be read.
    between = (f"{NBSP}bis{NBSP}" if language == "de" else f"{NBSP}to{NBSP}") if signed and value.low is not None and value.low < 0 else "–"
    return f"{low}{between}{high}"


def _join(spread: str, n: str) -> str:
    return f"{spread} · {n}" if spread else n
