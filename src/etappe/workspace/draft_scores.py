"""What surveys say in each stage of a map, for its draft: NPS, CSAT and CES of the people and journeys the map is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from etappe.analyses import satisfaction
from etappe.analyses.analysis import Params
from etappe.analyses.measures.belonging import accounts_of, persons_of
from etappe.analyses.survey_answers import answers
from etappe.maps.map import Map
from etappe.words.result import Figure
from etappe.workspace.asking import Evidence
from etappe.workspace.check import population_of

_INSTRUMENTS: Final = ("nps", "csat", "ces")


@dataclass(frozen=True)
class Score:
    """The score of one question in one stage."""

    stage: str
    instrument: str
    text: str
    figure: Figure


def scores(document: Map, found: Evidence) -> Iterator[Score]:
    """One score a stage and instrument, of that question of the instrument that has most answers, so that stages compare.

    Of a map with personas or segments only answers of the people and companies who belong to them; where one of them has
    no rule, so that nobody knows who does, none.
    """
    limits = population_of(document)
    rules = {name: found.asking.personas.get(name) for name in limits.get("persona", ())}
    segments = {name: found.asking.segments[name] for name in limits.get("segment", ()) if name in found.asking.segments}
    if not all(rules.values()) or not all(segments.values()):
        return
    tables = found.asking.tables
    tables = replace(
        tables, members={name: persons_of(tables, rule) for name, rule in rules.items() if rule}, segments={name: accounts_of(tables, rule) for name, rule in segments.items()}
    )
    asked = answers(tables, Params(kind=limits.get("kind", ()), persona=tuple(rules), segment=limits.get("segment", ())), _INSTRUMENTS)
    chosen: dict[str, tuple[str, str]] = {}
    for row in satisfaction.scored(tables.engine.rows(satisfaction.counted(asked, "stage")), "stage", {}):
        question = (str(row["question"] or ""), row["scale"])
        if chosen.setdefault(row["instrument"], question) != question or row["stage"] not in document.stages or row["score"].value is None:
            continue
        scale = "" if row["instrument"] == "nps" else f" ({row['scale']})"
        yield Score(row["stage"], row["instrument"], f"{row['instrument'].upper()}{scale}: {question[0]}".rstrip(": "), _plain(row["score"]))


def _plain(figure: Figure) -> Figure:
    """The figure as a card keeps it: points of NPS are whole numbers, and no score of a survey is one of feelings."""
    if figure.unit == "share":
        return figure
    digits = 0 if figure.unit == "points" else 2
    value, low, high = (round(end, digits) if end is not None else None for end in (figure.value, figure.low, figure.high))
    return replace(figure, value=value, low=low, high=high, unit="")
