"""Which needs are important to customers and badly served: opportunity scores of what surveys ask in pairs.

**Question.** Of the outcomes that customers were asked about, which are important and not satisfied?

**Answer.** One row an outcome, the most underserved first: importance and satisfaction (ten times the share of the
upper two of the scale), the opportunity score from 0 to 20, and the band it lies in. 10 and more is underserved;
satisfied more than important is overserved.

**How.** `opportunity = I + max(I − S, 0)` of those who answered both questions, so that the same people stand on both
sides. Companies are drawn for the interval, importance and satisfaction of one respondent together (bootstrap). The
two questions of a pair are told by their item: behind the colon or dash, in square brackets, or what is left of the
question without *how important* and *how satisfied*.

**Assumes.** The scores are read within one kind of customer: `--persona`, `--segment`, `--tier`.

**Does not say.** What to build. The method is contested (G. Katz, *A Critique of Outcome-Driven Innovation*); it is
one view of needs. Outcomes whose intervals overlap are in no order.

**Example.** `etappe show needs --persona it-lead`

**Source.** A. W. Ulwick, *What Customers Want* (2005); *Turn Customer Input into Innovation*, Harvard Business Review
80 (2002) 1, 91-97.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, triple
from etappe.analyses.maths.bounds import Floats, percentile
from etappe.analyses.maths.resample import deal, weights
from etappe.analyses.population import filtered
from etappe.analyses.survey_answers import answered, answers
from etappe.words.question import item_of, shown_item
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "needs",
    1,
    said(
        "importance plus what satisfaction lacks of it, from 0 to 20, of those who answered both; 10 and more is underserved",
        "Wichtigkeit plus das, was die Zufriedenheit dahinter zurückbleibt, von 0 bis 20, unter denen, die beides beantwortet haben; ab 10 unterversorgt",
    ),
    10,
)
COLUMNS = ("need", "survey", "respondents", "importance", "satisfaction", "opportunity", "band")
BANDS = ((15.0, "extremely underserved"), (12.0, "strongly underserved"), (10.0, "underserved"))
_DRAWS = 1000


@dataclass(frozen=True, kw_only=True)
class NeedsParams(Params):
    """Filters of `needs`; the period is about the day of the answer, the other filters about the journeys."""

    survey: tuple[str, ...] = option("only this survey or form", ())
    limit: int = option("at most so many outcomes", 50)


def run(tables: Tables, params: NeedsParams) -> Result:
    """The outcomes by their opportunity."""
    found = answers(tables, params, ("importance", "satisfaction"), params.survey)
    rows = scored(tables.engine.rows(found))[: params.limit]
    notes: list[str] = []
    if not rows and filtered(params):
        notes = [said("Nobody of this population has answered what is asked for both importance and satisfaction.", "Aus dieser Grundgesamtheit hat niemand Fragen nach Wichtigkeit und Zufriedenheit beantwortet.")]
    elif not rows:
        notes = [said("No survey asks for both the importance of an outcome and the satisfaction with it: `etappe survey new needs` is one.", "Keine Umfrage fragt nach Wichtigkeit und Zufriedenheit eines Ergebnisses: `etappe survey new needs` ist eine.")]
    elif not (params.persona or params.segment or params.tier):
        notes = [said("These are all customers together; a segment may need something else: --persona, --segment, --tier.", "Das sind alle Kunden zusammen; ein Segment kann anderes brauchen: --persona, --segment, --tier.")]
    return answer("needs", RECIPE, COLUMNS, rows, tables, params, notes, found, _drawing(rows), answered(tables, params, found), lambda: found.order_by(found.happened_at.desc()), headline=_headline(rows))


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """The need with the largest opportunity, and how many are underserved."""
    known = [row for row in rows if row["opportunity"].value is not None]
    if not known:
        return []
    return [
        (said("of 20 is the largest opportunity: {need}", "von 20 beträgt die größte Chance: {need}", need=known[0]["need"]), known[0]["opportunity"]),
        (said("of {n} needs are underserved", "von {n} Bedürfnissen sind unterversorgt", n=len(known)), sum("underserved" in str(row["band"]) for row in known)),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One respondent's two answers about one outcome: whether it is important, whether they are satisfied (upper two)."""

    cluster: str
    important: bool
    satisfied: bool


def pairs(rows: Iterable[Row]) -> dict[tuple[str, str], tuple[str, list[Pair]]]:
    """Survey and item → the item as it is shown, and the pairs of all who answered both questions."""
    said_by: dict[tuple[str, str], dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        said_by[(str(row["survey"] or ""), item_of(str(row["question"])))][str(row["response"])][row["instrument"]] = row
    found: dict[tuple[str, str], tuple[str, list[Pair]]] = {}
    for key, responses in said_by.items():
        both = [pair for pair in responses.values() if len(pair) == 2]
        if not both:
            continue
        label = max(shown_item(str(pair["importance"]["question"])) for pair in both)
        found[key] = (label, [Pair(str(pair["importance"]["cluster"]), *(_upper(pair[name]) for name in ("importance", "satisfaction"))) for pair in both])
    return found


def _upper(row: Row) -> bool:
    return bool(row["value"] >= row["high"] - (1 if row["high"] - row["low"] >= 3 else 0))


def scored(rows: Iterable[Row]) -> list[Row]:
    """A row a need with its three figures and its band, the highest opportunity first."""
    made = []
    for (survey, _), (label, given) in pairs(rows).items():
        important, satisfied, chance = scores(given)
        made.append({"need": label, "survey": survey or None, "respondents": len(given), "importance": important, "satisfaction": satisfied, "opportunity": chance, "band": band_of(important, satisfied, chance)})
    return sorted(made, key=lambda row: (row["opportunity"].value is None, -(row["opportunity"].value or 0.0), row["need"]))


def scores(given: list[Pair]) -> tuple[Figure, Figure, Figure]:
    """Importance, satisfaction and opportunity of one outcome, each with its interval."""
    n = len(given)
    if n < RECIPE.minimum_n:
        return too_few(n, "score"), too_few(n, "score"), too_few(n, "score")
    _, code = np.unique(np.array([pair.cluster for pair in given]), return_inverse=True)
    sums = np.column_stack([np.bincount(code, weights=np.array(part, float)) for part in (np.ones(n), [pair.important for pair in given], [pair.satisfied for pair in given])])
    pile, piles = deal(len(sums))
    dealt = np.zeros((piles, 3))
    np.add.at(dealt, pile, sums)
    drawn = weights(piles, _DRAWS) @ dealt
    return tuple(_figure(_of(sums.sum(axis=0)[None, :])[:, place], _of(drawn)[:, place], n) for place in range(3))  # type: ignore[return-value]


def _of(sums: Floats) -> Floats:
    """Importance, satisfaction and opportunity of each row of (respondents, important, satisfied)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        important, satisfied = 10 * sums[:, 1] / sums[:, 0], 10 * sums[:, 2] / sums[:, 0]
    return np.column_stack([important, satisfied, important + np.maximum(important - satisfied, 0.0)])


def _figure(value: Floats, drawn: Floats, n: int) -> Figure:
    low, high = percentile(drawn[:, None])
    return triple((float(value[0]), float(low[0]), float(high[0])), n, RECIPE, "score")


def band_of(important: Figure, satisfied: Figure, chance: Figure) -> str | None:
    """Extremely (from 15), strongly (from 12) or just underserved (from 10), overserved (satisfied more than important), served."""
    if chance.value is None or important.value is None or satisfied.value is None:
        return None
    named = next((name for least, name in BANDS if chance.value >= least), "")
    return named or ("overserved" if satisfied.value > important.value else "served")


def _drawing(rows: list[Row]) -> dict[str, Any] | None:
    """Importance against satisfaction; beneath the line, where it is important and not satisfied, it is underserved."""
    shown = [row for row in rows if row["opportunity"].value is not None][:30]
    if not shown:
        return None
    place = {
        "x": {"field": "importance", "type": "quantitative", "title": "Importance", "scale": {"domain": [0, 10]}},
        "y": {"field": "satisfaction", "type": "quantitative", "title": "Satisfaction", "scale": {"domain": [0, 10]}},
    }  # fmt: skip
    edges = {"data": {"values": [{"x": 5, "y": 0, "of": "10"}, {"x": 10, "y": 10, "of": "10"}, {"x": 0, "y": 0, "of": "0"}, {"x": 10, "y": 10, "of": "0"}]},
             "mark": {"type": "line", "strokeDash": [4, 4], "color": "#667085"},
             "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}, "detail": {"field": "of"}}}  # fmt: skip
    points = {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": {**place, "tooltip": [{"field": name} for name in ("need", "importance", "satisfaction", "opportunity", "respondents")]}}
    names = {"mark": {"type": "text", "align": "left", "dx": 8, "limit": 200}, "encoding": {**place, "text": {"field": "need"}}}
    title = "Needs: importance against satisfaction"
    return draw.chart(title, shown, {title: "Bedürfnisse: Wichtigkeit gegen Zufriedenheit", "Importance": "Wichtigkeit", "Satisfaction": "Zufriedenheit"}, width=420, height=420, layer=[edges, points, names])


QUESTION_DE = "Welche Bedürfnisse wichtig und schlecht erfüllt sind, nach Chancenwert (Wichtigkeit und Zufriedenheit)."
ANALYSIS = Analysis("needs", "Needs", "Bedürfnisse", RECIPE, NeedsParams, run, __doc__, QUESTION_DE)
