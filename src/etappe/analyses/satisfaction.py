"""How satisfied customers are, how easy it was, whether they would recommend: by stage, touchpoint or quarter.

**Question.** What do NPS, CSAT, CES and ratings say, for each stage or touchpoint, and how have they moved?

**Answer.** One row a question and stage (`--by touchpoint`, `--by quarter`, `--by all`): the scale, answers, and the
score by the recipe of its instrument. NPS: share of 9 and 10 minus share of 0 to 6, from −100 to +100. CSAT: share of
the upper two of the scale (of a scale of two or three, the uppermost). CES and ratings: mean.

**How.** Answers count where the journey was when they were given; an answer of nobody in a journey stands in a row
without a stage. Companies are drawn for the interval, since the answers of one company belong together (bootstrap);
where all answers are alike, Wilson's interval stands in. Under ten answers it says *too few*.

**Assumes.** Two answers are of one question where its words, its instrument and its scale agree; only those are
counted together or stand beside each other. The older effort question, where low is good, is turned first.

**Does not say.** What those feel who did not answer.

**Example.** `etappe show satisfaction --by touchpoint`; `etappe show satisfaction --by quarter --kind renewal`

**Source.** F. F. Reichheld, Harvard Business Review 81 (2003) 12, 46-54; M. Dixon, K. Freeman, N. Toman, Harvard
Business Review 88 (2010) 7, 116-122; B. Efron, Ann. Statist. 7 (1979) 1-26.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, triple
from etappe.analyses.maths.bounds import wilson_of_one
from etappe.analyses.maths.resample import ratios
from etappe.analyses.survey_answers import answered, answers
from etappe.words.question import low_is_good
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "satisfaction",
    1,
    said(
        "NPS (promoters minus detractors), CSAT (share of the upper two), CES and ratings (mean); only answers to the same question on the same scale are counted together",
        "NPS (Promotoren minus Detraktoren), CSAT (Anteil der oberen beiden), CES und Bewertungen (Mittel); nur Antworten auf dieselbe Frage mit derselben Skala werden zusammengezählt",
    ),
    10,
)
INSTRUMENTS = ("nps", "csat", "ces", "rating")
COLUMNS = ("instrument", "question", "scale", "place", "answers", "score")
_UNITS = {"nps": "points", "csat": "share"}
_DRAWS = 1000


@dataclass(frozen=True, kw_only=True)
class SatisfactionParams(Params):
    """Filters of `satisfaction`; the period is about the day of the answer, the other filters about the journeys."""

    by: str = option("a row for each", "stage", ("stage", "touchpoint", "quarter", "survey", "all"))
    survey: tuple[str, ...] = option("only this survey or form", ())


def run(tables: Tables, params: SatisfactionParams) -> Result:
    """A score for each question and stage, touchpoint, quarter or survey."""
    found = answers(tables, params, INSTRUMENTS, params.survey)
    query = counted(found, params.by)
    rows = scored(tables.engine.rows(query), params.by, _stages(tables) if params.by == "stage" else {})
    columns = tuple(params.by if name == "place" else name for name in COLUMNS if name != "place" or params.by != "all")
    return answer("satisfaction", RECIPE, columns, rows, tables, params, _caveats(rows, params.by), query, _drawing(rows, params.by), answered(tables, params, found), lambda: found.order_by(found.happened_at.desc()), headline=_headline(rows, params.by))


def _headline(rows: list[Row], by: str) -> list[tuple[str, Figure | int]]:
    """Of each instrument the score that most answers speak for, with its question and where it was asked."""
    made: dict[str, tuple[str, Figure | int]] = {}
    for row in sorted(rows, key=lambda row: -row["answers"]):
        if row["score"].value is None or row["instrument"] in made:
            continue
        where = row.get(by)
        text = said("{instrument} in {where}: “{question}”", "{instrument} in {where}: „{question}“", instrument=row["instrument"], where=str(where), question=row["question"]) if where else said(
            "{instrument}: “{question}”", "{instrument}: „{question}“", instrument=row["instrument"], question=row["question"])  # fmt: skip
        made[row["instrument"]] = (text, row["score"])
    return list(made.values())[:3]


def counted(found: ir.Table, by: str) -> ir.Table:
    """One row a question, place and company: answers, their sum, promoters less detractors, how many in the upper (lower) two."""
    moment = found.happened_at
    quarter = moment.year().cast("string") + "-Q" + moment.quarter().cast("string")
    place = {"stage": found.stage, "touchpoint": found.touchpoint, "quarter": quarter, "survey": found.survey, "all": ibis.literal("")}[by]
    value = found.value
    room = (found.high - found.low >= 3).ifelse(1, 0)  # of good or bad, only good is good
    return found.group_by("instrument", "low", "high", "cluster", words=found.question.lower().strip(), place=place).agg(
        question=found.question.max(), n=value.count(), total=value.sum(), net=((value >= 9).ifelse(1, 0) - (value <= 6).ifelse(1, 0)).sum(),
        top=(value >= found.high - room).ifelse(1, 0).sum(), bottom=(value <= found.low + room).ifelse(1, 0).sum(),
    )  # fmt: skip


def _stages(tables: Tables) -> dict[str, int]:
    """The stages in the order of the journey, those of a first purchase before those of an existing customer."""
    visits = tables.stage_visits.inner_join(tables.journeys.select("journey_id", "kind"), "journey_id")
    rows = tables.engine.rows(visits.group_by("stage").agg(no=visits.stage_no.min(), first=visits.kind.isin(("first_purchase", "win_back")).max()))
    return {row["stage"]: place for place, row in enumerate(sorted(rows, key=lambda row: (not row["first"], row["no"], row["stage"])))}


def scored(by_company: list[Row], by: str, order: dict[str, int]) -> list[Row]:
    """The rows of the answer from counts by company, the questions with most answers first."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    # In the order of companies, so that every engine draws the same ones.
    for row in sorted(by_company, key=lambda row: str(row["cluster"])):
        groups[(row["instrument"], row["words"].rstrip("?. "), row["low"], row["high"], row["place"])].append(row)
    weight: dict[tuple[Any, ...], int] = defaultdict(int)
    rows: list[tuple[tuple[Any, ...], Row]] = []
    for key, group in groups.items():
        n = sum(int(row["n"]) for row in group)
        weight[key[:4]] += n
        instrument, _, low, high, place = key
        text = max(str(row["question"]) for row in group)
        shown = {} if by == "all" else {by: place}
        rows.append((key, {"instrument": instrument, "question": text or None, "scale": f"{low:g}–{high:g}", **shown, "answers": n, "score": score(instrument, text, low, high, group)}))

    def rank(item: tuple[tuple[Any, ...], Row]) -> tuple[Any, ...]:
        key = item[0]
        place = str(key[4] or "")
        return (INSTRUMENTS.index(key[0]), -weight[key[:4]], *key[1:4], key[4] is None, order.get(place, len(order)), place if by == "quarter" else "", -item[1]["answers"], place)

    return [row for _, row in sorted(rows, key=rank)]


def score(instrument: str, text: str, low: float, high: float, group: list[Row]) -> Figure:
    """The score of answers counted by company: value and interval by drawing companies."""
    n = sum(int(row["n"]) for row in group)
    unit = _UNITS.get(instrument, "score")
    if n < RECIPE.minimum_n:
        return too_few(n, unit)
    count = np.array([row["n"] for row in group], float)
    turned = low_is_good(instrument, text)
    if instrument == "nps":
        above = np.array([row["net"] for row in group], float) * 100
    elif unit == "share":
        above = np.array([row["bottom" if turned else "top"] for row in group], float)
    else:
        above = np.array([row["total"] for row in group], float)
        above = (low + high) * count - above if turned else above
    value, least, most = (float(part[0]) for part in ratios(above, count, draws=_DRAWS))
    if least == most and unit != "score":
        least, most = _alike(value, len(group), unit)
    return triple((value, least, most), n, RECIPE, unit)


def _alike(value: float, companies: int, unit: str) -> tuple[float, float]:
    """The interval where every company says the same: Wilson's, with companies as cases, stretched to the scale of NPS."""
    share = (value + 100) / 200 if unit == "points" else value
    _, low, high = wilson_of_one(share * companies, companies)
    return (200 * low - 100, 200 * high - 100) if unit == "points" else (low, high)


def _caveats(rows: list[Row], by: str) -> list[str]:
    if not rows:
        return [said("There are no answers on a scale in this population and period.", "In dieser Grundgesamtheit und diesem Zeitraum gibt es keine Antworten auf einer Skala.")]
    notes: list[str] = []
    homeless = sum(row["answers"] for row in rows if by == "stage" and row.get("stage") is None)
    if homeless:
        notes.append(said("{n} answers are of nobody in a journey and have no stage.", "{n} Antworten sind von niemandem in einer Journey und haben keine Phase.", n=homeless))
    scales: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        scales[(row["instrument"], str(row["question"]).lower())].add(row["scale"])
    mixed = sorted({question for (_, question), found in scales.items() if len(found) > 1})
    if mixed:
        notes.append(said("The same words are asked on different scales, which are not comparable: {questions}.", "Dieselben Worte werden auf verschiedenen Skalen gefragt, die nicht vergleichbar sind: {questions}.", questions=mixed))
    if any(low_is_good(row["instrument"], str(row["question"])) for row in rows):
        notes.append(said("A question about effort is turned: high is easy.", "Eine Frage nach dem Aufwand ist umgedreht: hoch heißt leicht."))
    if len({(row["question"], row["scale"]) for row in rows}) > 1:
        notes.append(said("Different questions are not comparable with each other.", "Verschiedene Fragen sind untereinander nicht vergleichbar."))
    return notes


_NAMES = {"stage": "Stage", "touchpoint": "Touchpoint", "quarter": "Quarter", "survey": "Survey"}


def _drawing(rows: list[Row], by: str) -> dict[str, Any] | None:
    """A panel for each question, its scores with their intervals; questions do not share an axis."""
    shown = [row for row in rows if row["score"].value is not None and row.get(by) is not None]
    if by == "all" or not shown:
        return None
    panels: list[dict[str, Any]] = []
    points: dict[str, Any] = {"type": "point", "filled": True, "size": 60, "opacity": 1}
    hints: list[Any] = [{"field": name} for name in (by, "score", "score_low", "score_high", "answers")]
    for question, scale in list(dict.fromkeys((row["question"], row["scale"]) for row in shown))[:6]:
        mine = [row for row in shown if (row["question"], row["scale"]) == (question, scale)][:12]
        y: dict[str, Any] = {"field": by, "type": "nominal", "sort": [row[by] for row in mine], "title": None}
        share = mine[0]["score"].unit == "share"
        x: dict[str, Any] = {"type": "quantitative", "title": mine[0]["instrument"].upper(), "scale": {"zero": False}} | ({"axis": {"format": "%"}} if share else {})
        panels.append({
            "title": {"text": f"{question} ({scale})", "anchor": "start"}, "data": {"values": [draw.spread(row) for row in mine]}, "width": 460, "height": {"step": 24},
            "layer": [
                {"mark": "rule", "encoding": {"y": y, "x": {**x, "field": "score_low"}, "x2": {"field": "score_high"}}},
                {"mark": points, "encoding": {"y": y, "x": {**x, "field": "score"}, "tooltip": hints}},
            ],
        })  # fmt: skip
    title = "Satisfaction: score with its interval"
    german = {title: "Zufriedenheit: Wert mit Intervall", "RATING": "Bewertung"}
    return draw.chart(title, [], german, vconcat=panels, resolve={"scale": {"x": "independent"}})


QUESTION_DE = "Was NPS, CSAT, CES und Bewertungen sagen, je Phase, Touchpoint, Quartal oder Umfrage."
ANALYSIS = Analysis("satisfaction", "Satisfaction", "Zufriedenheit", RECIPE, SatisfactionParams, run, __doc__, QUESTION_DE)
