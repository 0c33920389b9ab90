"""The period that a report states above its table: "1. Januar 2026 - 31. Januar 2026", "Report Start: 1/1/2026"."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "januar", "january", "jän", "jänner"), ("feb", "februar", "february"), ("mar", "mär", "mrz", "märz", "march"),
            ("apr", "april"), ("may", "mai"), ("jun", "juni", "june"), ("jul", "juli", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "okt", "october", "oktober"), ("nov", "november"),
            ("dec", "dez", "december", "dezember"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_DATE = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<dotted>\d{1,2}\.\d{1,2}\.\d{4})|(?P<slashed>\d{1,2}/\d{1,2}/\d{4})"
    r"|(?P<day>\d{1,2})\.?\s+(?P<word>[A-Za-zä]{3,9})\.?,?\s+(?P<year>\d{4})"
    r"|(?P<word2>[A-Za-z]{3,9})\.?\s+(?P<day2>\d{1,2})(?:,\s*|\s+)(?P<year2>\d{4})"
)


def period(lines: tuple[str, ...], day_first: bool = False) -> tuple[dt.date, dt.date] | None:
    """First and last day that the lines above a table speak of; None where they name no day."""
    found: list[dt.date] = []
    for line in lines:
        for match in _DATE.finditer(line):
            day = _day(match, day_first)
            if day is not None:
                found.append(day)
    return (found[0], found[-1] if found[-1] >= found[0] else found[0]) if found else None


def _day(match: re.Match[str], day_first: bool) -> dt.date | None:
    parts = match.groupdict()
    try:
        if parts["iso"]:
            return dt.date.fromisoformat(parts["iso"])
        if parts["dotted"]:
            day, month, year = map(int, parts["dotted"].split("."))
            return dt.date(year, month, day)
        if parts["slashed"]:
            first, second, year = map(int, parts["slashed"].split("/"))
            return dt.date(year, *((second, first) if day_first or first > 12 else (first, second)))
        month_name = (parts["word"] or parts["word2"]).lower()
        if month_name not in _MONTHS:
            return None
        return dt.date(int(parts["year"] or parts["year2"]), _MONTHS[month_name], int(parts["day"] or parts["day2"]))
    except ValueError:
        return None
