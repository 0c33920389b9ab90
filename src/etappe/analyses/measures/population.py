"""Which journeys a claim is about: flags over the journeys of a build, found once for each set of filters."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import read_day
from etappe.analyses.measures.belonging import Rule, accounts_of, persons_of
from etappe.analyses.measures.observed import Observed
from etappe.errors import QuestionFault
from etappe.tables.plain_arrays import among, numbers_of
from etappe.words.claim import Population
from etappe.words.said import said as both

_OF_JOURNEY = ("kind", "outcome", "segment", "tier", "industry", "country", "owner")


@dataclass(frozen=True, eq=False)
class Chosen:
    """The journeys that pass (a flag each), how many there are, and what about the filters could not be met."""

    flags: Any
    caveats: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of journeys that pass."""
        return int(self.flags.sum())


@dataclass(eq=False)
class Populations:
    """The populations of one check. `personas` and `segments` are the rules of the workspace's own ones, by id.

    A persona or role in a population means: journeys in which such a person took part.
    """

    observed: Observed
    personas: Mapping[str, Rule] = field(default_factory=dict)
    segments: Mapping[str, Rule] = field(default_factory=dict)
    _chosen: dict[Any, Chosen] = field(default_factory=dict)
    _parts: dict[Any, tuple[Any, tuple[str, ...]]] = field(default_factory=dict)

    def of(self, population: Population) -> Chosen:
        """The journeys of a population."""
        key = tuple(sorted(population))
        if key not in self._chosen:
            flags = np.ones(self.observed.size, bool)
            caveats: list[str] = []
            for name, values in key:
                part, said = self._part(name, values)
                flags &= part
                caveats += said
            self._chosen[key] = Chosen(flags, tuple(caveats))
        return self._chosen[key]

    def persons(self, persona: str) -> frozenset[str]:
        """The ids of a persona's persons; nobody where its rule cannot be read, which `of` tells."""
        key = ("persons", persona)
        if key not in self._parts:
            try:
                found = self.observed.tables.engine.to_arrow(persons_of(self.observed.tables, self.personas.get(persona, {})))
                self._parts[key] = (frozenset(found["person_id"].to_pylist()), ())
            except QuestionFault:
                self._parts[key] = (frozenset(), ())
        return frozenset(self._parts[key][0])

    def _part(self, name: str, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        key = (name, tuple(sorted(values)))
        if key not in self._parts:
            make: Callable[[tuple[str, ...]], tuple[Any, tuple[str, ...]]] = {
                "persona": self._persona, "role": self._role, "period": self._period, "segment": self._segment,
            }.get(name, lambda wanted: self._column(name, wanted))  # fmt: skip
            self._parts[key] = make(values)
        return self._parts[key]

    def _column(self, name: str, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        column = self.observed.journeys[name]
        known = {str(word).casefold(): str(word) for word in column.unique().to_pylist() if word is not None}
        missing = [value for value in values if value.casefold() not in known]
        wanted = {known[value.casefold()] for value in values if value.casefold() in known}
        return among(column, wanted), tuple(_unknown(name, value, known) for value in missing if name not in ("kind", "outcome"))

    def _segment(self, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        described = [value for value in values if value in self.segments]
        flags, said = self._column("segment", tuple(value for value in values if value not in self.segments))
        accounts = self.observed.journeys["account_id"]
        for value in described:
            found = self.observed.tables.engine.to_arrow(accounts_of(self.observed.tables, self.segments[value]))
            flags = flags | among(accounts, set(found["account_id"].to_pylist()))
            said += () if self.segments[value] else (both("The segment `{name}` has no rule: nobody knows who belongs. Say `rule` in it.", "Das Segment „{name}“ hat keine Regel: niemand weiß, wer dazugehört. Geben Sie ihm eine `rule`.", name=value),)
        return flags, said

    def _role(self, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        center = self.observed.tables.buying_center
        return self._journeys(center.filter(center.role.isin(values))), ()

    def _persona(self, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        flags = np.zeros(self.observed.size, bool)
        said: list[str] = []
        center = self.observed.tables.buying_center
        for value in values:
            if value not in self.personas:
                said.append(_unknown("persona", value, {name: name for name in self.personas}))
            elif not self.personas[value]:
                said.append(both("The persona `{name}` has no rule: nobody knows who belongs. Say `rule` in it.", "Die Persona „{name}“ hat keine Regel: niemand weiß, wer dazugehört. Geben Sie ihr eine `rule`.", name=value))
            else:
                try:
                    flags |= self._journeys(center.semi_join(persons_of(self.observed.tables, self.personas[value]), "person_id"))
                except QuestionFault as fault:
                    said.append(f"Persona `{value}`: {fault.what}")
        return flags, tuple(said)

    def _journeys(self, rows: ir.Table) -> Any:
        found = rows.select("journey_id").distinct().inner_join(self.observed.numbered.select("journey_id", "no"), "journey_id")
        flags = np.zeros(self.observed.size, bool)
        flags[numbers_of(self.observed.tables.engine.to_arrow(found.select("no"))["no"])] = True
        return flags

    def _period(self, values: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        flags = np.zeros(self.observed.size, bool)
        said = []
        started = self.observed.moments("started")
        for value in values:
            try:
                first, end = _window(value)
            except ValueError:
                said.append(both("`{value}` is no period. Write 2025, 2025-03 or 2025-01..2025-06.", "„{value}“ ist kein Zeitraum. Schreiben Sie 2025, 2025-03 oder 2025-01..2025-06.", value=value))
                continue
            flags |= (started >= first) & (started < end)
        return flags, tuple(said)


def _window(text: str) -> tuple[float, float]:
    """The days since 1970 of a period, the last one included."""
    start, dots, end = text.partition("..")
    last = end if dots else start
    first_day = _days(read_day(start)) if start else -np.inf
    if not last:
        return first_day, np.inf
    day, parts = read_day(last), last.count("-")
    after = dt.date(day.year + 1, 1, 1) if parts == 0 else dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) if parts == 1 else day + dt.timedelta(days=1)
    return first_day, _days(after)


def _days(day: dt.date) -> float:
    return float((day - dt.date(1970, 1, 1)).days)


def _unknown(name: str, value: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(value.casefold(), known, 1, 0.5)
    if near:
        hint = both("Did you mean `{near}`?", "Meinten Sie „{near}“?", near=known[near[0]])
    else:
        hint = both("Known: {names}.", "Bekannt: {names}.", names=sorted(known.values())[:8]) if known else both("There is none yet.", "Es gibt noch keine.")
    return both(f"There is no {name} `{{value}}`. {{hint}}", f"{_GERMAN.get(name, name)} „{{value}}“ gibt es nicht. {{hint}}", value=value, hint=hint)


_GERMAN = {"persona": "Die Persona", "segment": "Das Segment", "role": "Die Rolle", "tier": "Die Stufe", "industry": "Die Branche", "country": "Das Land", "owner": "Den Verantwortlichen", "kind": "Die Art", "outcome": "Den Ausgang"}
