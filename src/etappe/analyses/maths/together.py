"""Several codes a row as one: numbers are told apart, put in order and counted many times as fast as rows of them."""

from __future__ import annotations

import numpy as np

from etappe.analyses.maths.bounds import Floats, Ints

MOST_POSSIBLE = 4_000_000  # codes that are counted in a table of all
MOST_MARKED = 64_000_000  # codes that are marked in one
MOST_TIMES = 4  # so many tables of them are filled one after the other, sooner than codes are put in order


def together(*codes: Ints) -> tuple[Ints, Ints]:
    """The tuples of codes that occur, in order, and which of them each row is.

    Parameters
    ----------
    codes : arrays of whole numbers, rows each
        Their ranges multiplied have to stay under 2^63.

    Returns
    -------
    tuples : codes × tuples
    place : rows
    """
    lows = [int(column.min(initial=0)) for column in codes]
    widths = [int(column.max(initial=low)) - low + 1 for column, low in zip(codes, lows, strict=True)]
    key = np.zeros(len(codes[0]), np.int64)
    possible = 1
    for column, low, width in zip(codes, lows, widths, strict=True):
        key, possible = key * width + (column - low), possible * width
    there, place = occurring(key, possible)
    tuples = np.empty((len(codes), len(there)), np.int64)
    for at in range(len(codes) - 1, -1, -1):
        tuples[at] = there % widths[at] + lows[at]
        there = there // widths[at]
    return tuples, place


def distinct(code: Ints, possible: int) -> Ints:
    """The codes from 0 to under `possible` that occur, in order."""
    if possible > MOST_TIMES * MOST_MARKED:
        return np.unique(code)
    found = [np.zeros(0, np.int64)]
    for low in range(0, possible, MOST_MARKED):
        here = code - low if possible <= MOST_MARKED else code[(code >= low) & (code < low + MOST_MARKED)] - low
        there = np.zeros(min(MOST_MARKED, possible - low), bool)
        there[here] = True
        found.append(np.flatnonzero(there) + low)
    return np.concatenate(found)


def occurring(code: Ints, possible: int) -> tuple[Ints, Ints]:
    """The codes from 0 to under `possible` that occur, in order, and which of them each row is.

    A table of all possible ones is quickest while it is small.
    """
    if possible > MOST_POSSIBLE:
        return np.unique(code, return_inverse=True)
    there = np.flatnonzero(np.bincount(code, minlength=possible))
    place = np.zeros(possible, np.int64)
    place[there] = np.arange(len(there))
    return there, place[code]


def summed(key: Ints, possible: int, *columns: Ints) -> tuple[Ints, list[Floats]]:
    """Each key from 0 to under `possible` that occurs, in order, and the sum of every column over its rows.

    A table of all possible keys is quickest while it is not many times as large as the rows.
    """
    if possible > max(MOST_POSSIBLE, 4 * len(key)):
        there, place = np.unique(key, return_inverse=True)
        return there, [np.bincount(place, column, minlength=len(there)).astype(float) for column in columns]
    there = np.flatnonzero(np.bincount(key, minlength=possible))
    return there, [np.bincount(key, column, minlength=possible)[there].astype(float) for column in columns]
