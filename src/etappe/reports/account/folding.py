"""The list of steps made short: repeated ones on one line, more boldly folded the longer the list is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from etappe.reports.account.axis import week_of
from etappe.reports.account.reading import Step

MOST_LINES: Final = 160


@dataclass(frozen=True, slots=True)
class Fold:
    """One line of the list: equal steps, first to last."""

    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """The earliest step."""
        return self.steps[0]

    @property
    def last(self) -> Step:
        """The latest step."""
        return self.steps[-1]


def fold(steps: Sequence[Step], most: int = MOST_LINES) -> tuple[list[Fold], int]:
    """Lines in order of time, no step lost, and how they were folded.

    0: equal steps next to each other; 1: equal steps of a person in one week; 2: a person's steps of a
    touchpoint
    in one month; 3: all steps of a touchpoint in one month. The first that gives at most `most` lines is
    taken,
    else 3.
    """
    runs = _runs(steps)
    if len(runs) <= most:
        return runs, 0
    weekly = _grouped(steps, lambda s: (*_same(s), week_of(s.at)))
    if len(weekly) <= most:
        return weekly, 1
    monthly = _grouped(steps, lambda s: (s.persons[:1], s.touchpoint, s.at.year, s.at.month))
    if len(monthly) <= most:
        return monthly, 2
    return _grouped(steps, lambda s: (s.touchpoint, s.at.year, s.at.month)), 3


def _same(step: Step) -> tuple[Hashable, ...]:
    return (step.persons, step.touchpoint, step.channel, step.stage, step.own)


def _runs(steps: Sequence[Step]) -> list[Fold]:
    runs: list[list[Step]] = []
    for step in steps:
        last = runs[-1][-1] if runs else None
        if last is not None and _same(last) == _same(step) and step.at - last.at < dt.timedelta(days=14):
            runs[-1].append(step)
        else:
            runs.append([step])
    return [Fold(tuple(run)) for run in runs]


def _grouped(steps: Sequence[Step], key: Callable[[Step], Hashable]) -> list[Fold]:
    groups: dict[Hashable, list[Step]] = {}
    for step in steps:
        groups.setdefault(key(step), []).append(step)
    return sorted((Fold(tuple(group)) for group in groups.values()), key=lambda f: (f.first.at, f.first.seq))
