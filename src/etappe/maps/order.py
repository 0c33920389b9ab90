"""Places in a list as texts, so that two people can insert at once and neither has to renumber.

A key is a fraction in base 62, written without its leading "0.": between two different keys there is always another.
Two inserts at the same place get the same key; the id of the thing then decides, everywhere alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLACE = {digit: number for number, digit in enumerate(_DIGITS)}


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after `before` and before `after`; None is the open end.

    Raises
    ------
    ValueError
        If `before` does not sort before `after`.
    """
    low, high = before or "", after
    if high is not None and not low < high:
        raise ValueError(f"'{low}' does not sort before '{high}'")
    if high is None and low:
        return _after(low)
    return _middle(low, high)


def spread(count: int) -> list[str]:
    """Keys for a new list of `count` things, of equal length and with room between them."""
    width = 2
    while 62**width < (count + 1) * 62:
        width += 1
    step = 62**width // (count + 1)
    return [_key(step * (number + 1), width) for number in range(count)]


def place_all(wanted: Sequence[str | None]) -> list[str]:
    """Keys for things in the order wanted, keeping as many of their present keys as can stay.

    The longest rising run of present keys stays, so that moving one thing in a list gives one new key.
    """
    kept = _longest_rising(wanted)
    keys: list[str] = []
    for number, key in enumerate(wanted):
        if number in kept and key is not None:
            keys.append(key)
            continue
        following = next((wanted[later] for later in range(number + 1, len(wanted)) if later in kept), None)
        keys.append(between(keys[-1] if keys else None, following))
    return keys if any(key is not None for key in wanted) else spread(len(wanted))


def _longest_rising(keys: Sequence[str | None]) -> set[int]:
    ends: list[str] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for number, key in enumerate(keys):
        if not key:
            continue
        place = bisect_left(ends, key)
        before[number] = last[place - 1] if place else None
        ends[place:], last[place:] = ([key], [number]) if place == len(ends) else ([key, *ends[place + 1 :]], [number, *last[place + 1 :]])
    kept: set[int] = set()
    at: int | None = last[-1] if last else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept


def _key(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")


def _after(low: str) -> str:
    """A step behind the last key: short keys also after thousands of appends."""
    width = max(4, len(low))
    number = sum(_PLACE[digit] * 62 ** (width - 1 - place) for place, digit in enumerate(low)) + 62
    return _key(number, width) if number < 62**width else low + "V"


def _middle(low: str, high: str | None) -> str:
    """The key half way; keys never end in the lowest digit, so there is always one."""
    shared = 0
    while high is not None and shared < len(high) and (low[shared : shared + 1] or "0") == high[shared]:
        shared += 1
    if high is not None and shared:
        return high[:shared] + _middle(low[shared:], high[shared:])
    first = _PLACE[low[0]] if low else 0
    last = _PLACE[high[0]] if high else 62
    if last - first > 1:
        return _DIGITS[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return _DIGITS[first] + _middle(low[1:], None)
