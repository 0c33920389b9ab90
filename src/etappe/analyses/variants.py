"""The ways that are taken from beginning to end, ranked.

**Question.** Which whole paths do journeys take, how often, how long do they last, and how often are they
won?

**Answer.** One row a variant, the most frequent first: the path, journeys, share of all, share of the won and
of the lost journeys that took it, share won of those that ended, median days.

**How.** A variant is the order of touchpoints (repeats next to each other count once), or of stages with
`--of stages`, of a whole journey. Shares have Wilson intervals, the median an order-statistic interval over
the journeys that have ended.

**Assumes.** Two journeys are alike only if their whole paths are; with many touchpoints nearly every journey
is its own variant, and stages say more.

**Does not say.** Which part of a path made the difference: see `compare` and `paths`.

**Example.** `etappe show variants --of stages --kind first_purchase`

**Source.** W. M. P. van der Aalst, Process Mining (2016), section 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, proportion, spans
from etappe.analyses.maths.bounds import median_interval
from etappe.analyses.population import filtered, journeys_of
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "variants",
    1,
    said("whole paths of journeys, ranked by how many take them", "ganze Wege von Journeys, nach Häufigkeit geordnet"),
    10,
)
COLUMNS = ("rank", "path", "journeys", "share", "won_share", "lost_share", "won", "median_days", "steps")
ARROW = " → "
SHOWN = 25
MARK = "\x1f"


@dataclass(frozen=True, kw_only=True)
class VariantsParams(Params):
    """Filters of `variants`; the period is about the day a journey began.

    With `--unit person`, role and persona are the person's.
    """

    of: str = option("what a path is made of", "touchpoints", ("touchpoints", "stages"))
    unit: str = option("whose path it is", "account", ("account", "person"))
    limit: int = option("at most so many variants", 50)


def run(tables: Tables, params: VariantsParams) -> Result:
    """The ranked variants."""
    of_person = params.unit == "person" and params.of == "touchpoints"
    journeys = journeys_of(tables, params, skip=("role", "persona") if of_person else ())
    listed = tables.engine.keep("variants", _listed(tables, journeys, params))
    try:
        won, lost = listed.outcome == "won", listed.outcome.isin(("lost", "dormant"))
        counts = listed.group_by("variant").agg(
            journeys=listed.count(), won=won.ifelse(1, 0).sum(), lost=lost.ifelse(1, 0).sum(), example=listed.example.min()
        )  # fmt: skip
        sums = {
            "variants": counts.count(),
            "n": counts.journeys.sum(),
            "won": counts.won.sum(),
            "lost": counts.lost.sum(),
        }
        totals = tables.engine.rows(counts.agg(**sums))[0]
        best = tables.engine.rows(counts.order_by([counts.journeys.desc(), counts.variant]).limit(params.limit))
        days = _days(tables, listed, [row["variant"] for row in best])
    finally:
        tables.engine.drop(listed)
    paths = _paths(tables, params, best)
    sizes = {name: int(totals[name] or 0) for name in ("n", "won", "lost")}
    rows = [
        _row(number, row, paths.get(row["example"], []), days.get(row["variant"], []), sizes)
        for number, row in enumerate(best, 1)
    ]
    nobody = said("No journey took any path here.", "Keine Journey ist hier einen Weg gegangen.")
    caveats: list[str] = [] if rows else [nobody]
    if rows and totals["variants"] > 0.5 * sizes["n"]:
        caveats.append(said("More than half of the journeys are a variant of their own; `--of stages` says more.",
            "Mehr als die Hälfte der Journeys ist eine Variante für sich; `--of stages` sagt mehr."))  # fmt: skip
    query = _listed(tables, journeys, params)
    return answer(
        "variants", RECIPE, COLUMNS, rows, tables, params, caveats, query, _drawing(rows), journeys,
        lambda: query.order_by("variant", "journey_id"), {"variants": int(totals["variants"] or 0)}, headline=_headline(rows),
    )  # fmt: skip


def _listed(tables: Tables, journeys: ir.Table, params: VariantsParams) -> ir.Table:
    """One path a row: journey_id, account_id, variant (a number that is the same for the same path), outcome,
    days, example.

    The number of a path of stages is the exclusive or of a hash of each (place, stage): no list has to be put
    in order.
    """
    columns = ("journey_id", "account_id", "outcome", "days")
    if params.of == "touchpoints" and params.unit == "account":
        return journeys.select(*columns, variant=journeys.path_hash, example=journeys.journey_id)
    if params.of == "stages":
        visits = tables.stage_visits.select(
            "journey_id", mark=_mark(tables.stage_visits.visit_no, tables.stage_visits.stage)
        )
        if filtered(params):
            visits = visits.semi_join(journeys, "journey_id")
        lists = visits.group_by("journey_id").agg(variant=visits.mark.bit_xor(), example=visits.journey_id.min())
    else:
        steps = _of_persons(tables, params).semi_join(journeys, "journey_id")
        order = {"group_by": [steps.journey_id, steps.person_id], "order_by": steps.seq}
        marked = steps.mutate(mark=_mark(ibis.row_number().over(**order), steps.touchpoint))
        lists = marked.group_by("journey_id", "person_id").agg(
            variant=marked.mark.bit_xor(), example=(marked.journey_id + MARK + marked.person_id).min()
        )
    return lists.inner_join(journeys.select(*columns), "journey_id").select(*columns, "variant", "example")


def _mark(place: ir.Value, name: ir.Value) -> ir.Value:
    return (place.cast("string") + ":" + name).hash()


def _of_persons(tables: Tables, params: VariantsParams) -> ir.Table:
    """The steps of persons of the role and persona, repeats next to each other once."""
    steps = tables.steps.filter(tables.steps.person_id.notnull())
    for name in ("role", "persona"):
        if getattr(params, name):
            steps = steps.filter(steps[name].isin(getattr(params, name)))
    steps = steps.select("journey_id", "person_id", "seq", "touchpoint")
    order = {"group_by": [steps.journey_id, steps.person_id], "order_by": steps.seq}
    steps = steps.mutate(before=steps.touchpoint.lag().over(**order))
    return steps.filter(steps.before.isnull() | (steps.before != steps.touchpoint)).drop("before")


def _days(tables: Tables, listed: ir.Table, variants: list[Any]) -> dict[Any, list[float]]:
    wanted = listed.filter(listed.variant.isin(variants) & (listed.outcome != "open")).select("variant", "days")
    found: dict[Any, list[float]] = {}
    for row in tables.engine.rows(wanted) if variants else []:
        found.setdefault(row["variant"], []).append(row["days"])
    return found


def _paths(tables: Tables, params: VariantsParams, best: list[Row]) -> dict[str, list[str]]:
    """The path of each example, spelled out."""
    names = [row["example"] for row in best]
    if not names:
        return {}
    if params.of == "stages":
        table, columns = tables.stage_visits, ("visit_no", "stage")
        rows = tables.engine.rows(table.filter(table.journey_id.isin(names)).select("journey_id", *columns))
    elif params.unit == "account":
        # As one text: a list of texts costs the loading of pandas on its way out of Arrow.
        joined = tables.journeys.filter(tables.journeys.journey_id.isin(names))
        joined = joined.select("journey_id", whole=joined.path.join(MARK))
        return {row["journey_id"]: _split(row["whole"]) for row in tables.engine.rows(joined)}
    else:
        steps = _of_persons(tables, params)
        steps = steps.mutate(journey_id=steps.journey_id + MARK + steps.person_id)
        rows = tables.engine.rows(steps.filter(steps.journey_id.isin(names)).drop("person_id"))
        columns = ("seq", "touchpoint")
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row["journey_id"], row[columns[0]])):
        found.setdefault(row["journey_id"], []).append(row[columns[1]])
    return found


def _split(whole: str | None) -> list[str]:
    return whole.split(MARK) if whole else []


def _row(rank: int, row: Row, path: list[str], days: list[float], sizes: dict[str, int]) -> Row:
    ended = int(row["won"] + row["lost"])
    shown = [*path[:SHOWN], f"… (+{len(path) - SHOWN})"] if len(path) > SHOWN else path
    return {
        "rank": rank, "path": ARROW.join(shown), "journeys": int(row["journeys"]), "share": proportion(row["journeys"], sizes["n"], RECIPE),
        "won_share": proportion(row["won"], sizes["won"], RECIPE), "lost_share": proportion(row["lost"], sizes["lost"], RECIPE),
        "won": proportion(row["won"], ended, RECIPE), "median_days": spans(np.array(median_interval(days)), len(days), RECIPE),
        "steps": len(path),
    }  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """How common the most frequent path is."""
    return [(said("of the journeys take the most frequent path", "der Journeys nehmen den häufigsten Weg"), rows[0]["share"])] if rows else []


def _short(path: str) -> str:
    """A path of at most five touchpoints; of a longer one its beginning, how many are between, and its end."""
    steps = path.split(" → ")
    return path if len(steps) <= 5 else " → ".join([*steps[:2], f"({len(steps) - 4})", *steps[-2:]])


def _drawing(rows: list[Row]) -> dict[str, Any]:
    """Share of the won and of the lost journeys that took each of the twenty most frequent variants, with intervals."""
    label = {"won_share": "won", "lost_share": "lost"}
    flat = [
        {"no": row["rank"], "label": f"{row['rank']} · {_short(row['path'])}", "of": label[name], "part": row[name]} for row in rows[:20] for name in label
    ]
    y = {"field": "label", "type": "nominal", "title": None, "sort": {"field": "no", "op": "min"}}
    shape = {"field": "of", "type": "nominal", "title": "Outcome", "sort": ["won", "lost"]}
    layers = draw.intervals(
        "part", "x", "Share of journeys", None, ".1%", y=y, yOffset={"field": "of", "type": "nominal", "sort": ["won", "lost"]},
        color={**shape, "scale": {"domain": ["won", "lost"], "range": [draw.ACCENT, draw.AGAINST]}},
    )  # fmt: skip
    layers[1]["encoding"]["shape"] = {**shape, "scale": {"domain": ["won", "lost"], "range": ["circle", "square"]}}
    return draw.chart(
        "Variants: the paths taken most often", flat,
        {"Variants: the paths taken most often": "Varianten: die häufigsten Wege, gewonnene gegen verlorene"},
        width=400, height={"step": 26, "for": "position"}, layer=layers,
    )  # fmt: skip


QUESTION_DE = "Die Wege vom Anfang bis zum Ende, nach Häufigkeit."
ANALYSIS = Analysis("variants", "Variants", "Varianten", RECIPE, VariantsParams, run, __doc__, QUESTION_DE)
