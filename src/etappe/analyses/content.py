"""Which content is used by whom in which stage, what follows, and where it is missing.

**Question.** Which pieces are used in which stage and by which roles (or personas)? After which do journeys
get on more often? Where do many journeys pass without any content for them, and what is stale?

**Answer.** One row a piece and stage: steps, journeys, share of the journeys of the stage, progress ratio
with interval and adjusted p-value, last use, whether it is stale. With `--matrix role` (or `persona`) one row
a stage and role: journeys with such a person in that stage, how many of them used any content there, pieces
used, and the gap: journeys that used none. Beside it the demand behind the gap: page visits, searches and
questions (forms, chats, tickets, mails and calls of the customer) of such persons there, and what they searched for.

**How.** Progress is moving on before the next visit day. Visit days by which a piece had been used in the
stage are compared with those by which it had not, of the same stage, segment (where it is known of nearly all),
days in the stage and steps so far (Mantel-Haenszel, see `blockers`); p-values are adjusted for the number of
comparisons. Stale is what was used before but not in the last `--stale` days.

**Assumes.** That journeys of one stage and segment, equally long and equally active in it, are comparable.

**Does not say.** That a piece moves journeys on: those who are about to move on may look for it.

**Example.** `etappe show content --kind first_purchase`; `etappe show content --matrix role`

**Source.** N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719-748; S. Greenland, J. M. Robins,
Biometrics 41 (1985) 55-68.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np

from etappe.analyses import draw
from etappe.analyses.analysis import Analysis, Params, Tables, option
from etappe.analyses.answer import answer, figure, proportion
from etappe.analyses.exposure import MOVED, compared, counted, days_of, family_of, stays_of
from etappe.analyses.maths.bounds import Ints, benjamini_hochberg
from etappe.analyses.maths.meetings import paired
from etappe.analyses.maths.together import distinct
from etappe.analyses.met import ByWay, Met, first_met
from etappe.analyses.numbered import numbered
from etappe.analyses.population import filtered, in_period, journeys_of, of_period
from etappe.journeys.touches import touches, uses
from etappe.tables.engine import clearing
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Figure, Recipe, Result, Row, too_few
from etappe.words.said import said

RECIPE = Recipe(
    "content",
    1,
    said(
        "use of content by stage, and how often journeys get on after it against comparable ones",
        "Nutzung von Inhalten je Phase, und wie oft Journeys danach weiterkommen, gegen vergleichbare",
    ),
    10,
)
COLUMNS = (
    "stage", "stage_no", "journey_kind", "content", "steps", "journeys", "share", "progress_ratio", "adjusted_p", "clear",
    "last_used", "stale",
)  # fmt: skip
MATRIX = (
    "stage", "stage_no", "journey_kind", "who", "journeys", "used", "pieces", "without", "visits", "searches", "questions",
    "asked_for",
)  # fmt: skip
QUESTIONS = ("form", "chat", "ticket", "email", "call")
ASKED = 3
MOST_PIECES = 300
LEVEL = 0.05


@dataclass(frozen=True, kw_only=True)
class ContentParams(Params):
    """Filters of `content`; the period is about the day of the step (and the day a stage was entered)."""

    matrix: str | None = option("stage by role or persona instead of single pieces", None, ("role", "persona"))
    stale: int = option("days without use after which a piece is stale", 90)
    limit: int = option("at most so many rows", 100)


def run(tables: Tables, params: ContentParams) -> Result:
    """Pieces by stage, or the matrix."""
    journeys = journeys_of(tables, params, moment=None)
    steps = in_period(tables.steps, "happened_at", params).inner_join(
        journeys.select("journey_id", of_kind=family_of(journeys.kind)), "journey_id"
    )
    query: ir.Table | Callable[[], ir.Table]
    if params.matrix:
        rows, query = _matrix(tables, steps, params.matrix)
        columns: tuple[str, ...] = MATRIX
        nobody = said("No person has a role yet.", "Noch hat keine Person eine Rolle.")
        if params.matrix == "persona":
            nobody = said("No person belongs to a persona yet.", "Noch gehört keine Person zu einer Persona.")
        caveats: list[str] = [] if rows else [nobody]
    else:
        rows, query, caveats = _pieces(tables, journeys, params)
        columns = COLUMNS
    used = steps.filter(steps.content.notnull())
    return answer(
        "content", RECIPE, columns, rows, tables, params, caveats, query, _drawing(rows, bool(params.matrix)), of_period(journeys, tables.steps, "happened_at", params),
        lambda: used.order_by([used.happened_at.desc(), used.journey_id, used.seq]),
        brief=() if params.matrix else ("journey_kind", "stage", "content", "journeys", "share", "progress_ratio", "clear", "last_used"),
        headline=_headline_of_matrix(rows) if params.matrix else _headline(rows),
    )  # fmt: skip


def _headline(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """What clearly more get on after, else what most journeys of a stage use; and how many pieces nobody uses any more."""
    clear = next((row for row in rows if row["clear"]), None)
    top = max((row for row in rows if row["share"].value is not None), key=lambda row: row["share"].value, default=None)
    made: list[tuple[str, Figure | int]] = []
    if clear:
        made.append((said("times as many get on from {stage} after {content}", "mal so viele kommen aus {stage} weiter nach {content}",
            stage=clear["stage"], content=clear["content"]), clear["progress_ratio"]))  # fmt: skip
    elif top:
        made.append((said("of the journeys in {stage} use {content}, the most of all", "der Journeys in {stage} nutzen {content}, die meisten von allen",
            stage=top["stage"], content=top["content"]), top["share"]))  # fmt: skip
    stale = len({row["content"] for row in rows if row["stale"]})
    return [*made, (said("pieces are stale", "Inhalte sind veraltet"), stale)] if made else []


def _headline_of_matrix(rows: list[Row]) -> list[tuple[str, Figure | int]]:
    """Who uses content the least, of those that are there often enough to tell."""
    least = min((row for row in rows if row["used"].value is not None), key=lambda row: row["used"].value, default=None)
    if not least:
        return []
    return [(said("of the journeys with this role in {stage} use content there, the fewest: {who}", "der Journeys mit dieser Rolle in {stage} nutzen dort Inhalte, am wenigsten: {who}",
        stage=least["stage"], who=least["who"]), least["used"])]  # fmt: skip


def _pieces(tables: Tables, journeys: ir.Table, params: ContentParams) -> tuple[list[Row], Callable[[], ir.Table], list[str]]:
    stays = tables.stays.inner_join(journeys.select("journey_id", of_kind=family_of(journeys.kind)), "journey_id")
    stays = stays.select("stay", "journey", "of_kind", "stage", "stage_no")
    places, placed = numbered(tables, stays, ("of_kind", "stage", "stage_no"))
    touched, used = _counted_stays(tables, params)
    if filtered(params):
        used = used.semi_join(stays, "stay")
    pieces = {row["way"]: row["content"] for row in tables.engine.rows(tables.use_ways)}
    met = first_met(tables, {"content": ByWay(used.select("stay", "way", "steps", met_at=used.first_at), pieces)}, MOST_PIECES)
    where = _Where.of(tables, placed)
    use = [{**places[place], "place": place, "content": met.names[what][1], "steps": steps, "journeys": n} for place, what, steps, n in _by_journey(where, met)]
    size = _size(tables, touched, where)
    ratios = _progress(tables, journeys, met, params)
    rows = _rows(tables, use, size, _last_used(tables, used, pieces), ratios, params)
    stale = sorted({row["content"] for row in rows if row["stale"]})
    caveats: list[str] = []
    if stale:
        caveats.append(said("Not used in the last {days} days: {pieces}.", "In den letzten {days} Tagen nicht genutzt: {pieces}.",
            days=params.stale, pieces=stale[:20]))  # fmt: skip
    if not rows:
        caveats = [said("No step of this population has content.", "Kein Schritt dieser Auswahl hat Inhalte.")]
    return rows[: params.limit], lambda: used.inner_join(tables.use_ways, "way").inner_join(stays, "stay"), caveats


def _last_used(tables: Tables, used: ir.Table, pieces: Mapping[int, str]) -> dict[str, dt.datetime]:
    """When each piece was used for the last time."""
    last: dict[str, dt.datetime] = {}
    for row in tables.engine.rows(used.group_by("way").agg(last=used.last_at.max())):
        piece = pieces[row["way"]]
        last[piece] = max(row["last"], last.get(piece, row["last"]))
    return last


def _counted_stays(tables: Tables, params: ContentParams) -> tuple[ir.Table, ir.Table]:
    """Steps of each stay, and its uses of content; of a period only the steps in it count, so that they have to be read."""
    if not params.since and not params.until:
        return tables.touches, tables.uses
    steps, numbered_ = (in_period(table, "happened_at", params) for table in (tables.built["steps"], tables.numbered_steps))
    return touches(numbered_), uses(steps, tables.stays, tables.use_ways)


@dataclass(frozen=True, eq=False)
class _Where:
    """Journey and place of each stay, by its number; -1 of a stay that is not looked at."""

    journey: Ints
    place: Ints

    @classmethod
    def of(cls, tables: Tables, placed: ir.Table) -> _Where:
        found = tables.engine.to_arrow(placed.select("stay", "journey", "place"))
        stay = numbers_of(found["stay"])
        columns = [np.full(1 + int(stay.max(initial=-1)), -1) for _ in range(2)]
        for column, name in zip(columns, ("journey", "place"), strict=True):
            column[stay] = numbers_of(found[name])
        return cls(*columns)


def _by_journey(where: _Where, met: Met) -> list[tuple[int, int, int, int]]:
    """Place, thing, steps and journeys of each place and thing."""
    here = np.flatnonzero(met.stay < len(where.place))
    here = here[where.place[met.stay[here]] >= 0]
    journey, place, what = where.journey[met.stay[here]], where.place[met.stay[here]], met.what[here]
    places, things = 1 + int(where.place.max(initial=0)), 1 + max(met.names, default=0)
    pair = place * things + what.astype(np.int64)
    steps = np.bincount(pair, met.steps[here], minlength=places * things)
    # Few journeys come back to a stage: a pair of journey and place that a single stay has needs no telling apart.
    known = where.place >= 0
    stays_there = np.bincount(where.journey[known] * places + where.place[known], minlength=1)
    alone = stays_there[journey * places + place] == 1 if len(here) else np.zeros(0, bool)
    again = np.unique(journey[~alone] * (places * things) + pair[~alone]) % (places * things)
    journeys = np.bincount(np.concatenate([pair[alone], again]), minlength=places * things)
    return [(int(k // things), int(k % things), round(steps[k]), int(journeys[k])) for k in np.flatnonzero(journeys)]


def _size(tables: Tables, touched: ir.Table, where: _Where) -> dict[int, int]:
    """Journeys with a step in each place."""
    stay = numbers_of(tables.engine.to_arrow(touched.select(stay=touched.stay.cast("int32")))["stay"])
    there = np.zeros(len(where.place), bool)
    there[stay[stay < len(there)]] = True
    mine = np.flatnonzero(there & (where.place >= 0))
    places = 1 + int(where.place.max(initial=0))
    pairs = distinct(where.journey[mine] * places + where.place[mine], (1 + int(where.journey.max(initial=0))) * places)
    counts = np.bincount(pairs % places, minlength=places)
    return {int(place): int(counts[place]) for place in np.flatnonzero(counts)}


def _rows(
    tables: Tables, use: list[Row], size: dict[int, int], last: dict[str, dt.datetime], ratios: dict[tuple[str, str, str], dict[str, Any]],
    params: ContentParams,
) -> list[Row]:  # fmt: skip
    rows: list[Row] = []
    for row in use:
        ratio = ratios.get((row["of_kind"], row["stage"], row["content"]), {})
        when = last[row["content"]]
        rows.append({
            "stage": row["stage"], "stage_no": row["stage_no"], "journey_kind": row["of_kind"], "content": row["content"],
            "steps": row["steps"], "journeys": row["journeys"],
            "share": proportion(row["journeys"], size[row["place"]], RECIPE),
            "progress_ratio": ratio.get("figure", too_few(row["journeys"])), "adjusted_p": ratio.get("p"),
            "clear": bool(ratio.get("clear")), "last_used": when, "stale": tables.as_of - when > dt.timedelta(params.stale),
        })  # fmt: skip
    rows.sort(
        key=lambda row: (not row["clear"], row["journey_kind"], row["stage_no"], -row["journeys"], row["content"])
    )
    return rows


def _progress(tables: Tables, journeys: ir.Table, met: Met, params: ContentParams) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Progress ratio of each piece in each stage."""
    with clearing(tables.engine):
        days = days_of(tables, stays_of(tables, journeys, params).held(tables.engine))
    strata = counted(days, paired(days.stay, days.at, met.stay, met.at, met.what), met.names, MOVED)
    found = compared(strata)
    enough = (found.journeys >= RECIPE.minimum_n) & (found.chance >= 5) & (found.others >= RECIPE.minimum_n)
    adjusted = benjamini_hochberg(np.where(enough, found.ratio.p, np.nan))
    out: dict[tuple[str, str, str], dict[str, Any]] = {}
    for k in np.flatnonzero(enough):
        kind, stage = strata.stages[found.stage[k]]
        ratio = found.ratio
        out[kind, stage, strata.things[found.thing[k]][1]] = {
            "figure": figure(ratio.value[k], ratio.low[k], ratio.high[k], int(found.journeys[k]), RECIPE),
            "p": None if np.isnan(adjusted[k]) else float(adjusted[k]), "clear": bool(adjusted[k] <= LEVEL),
        }  # fmt: skip
    return out


def _matrix(tables: Tables, steps: ir.Table, who: str) -> tuple[list[Row], ir.Table]:
    """Stage × role: journeys with such a person there, and how many of them used any content there."""
    known = steps.filter(steps[who].notnull())
    inbound = known.direction.fill_null("in") != "out"
    demand = {
        "visits": (known.kind == "page_view"), "searches": known.term.notnull() | known.touchpoint.isin(("site search", "vendor search")),
        "questions": known.kind.isin(QUESTIONS) & inbound,
    }  # fmt: skip
    each = known.group_by("of_kind", "stage", "stage_no", "journey_id", who=known[who]).agg(
        used=known.content.count(), **{name: part.fill_null(False).ifelse(1, 0).sum() for name, part in demand.items()}
    )
    cells = each.group_by("of_kind", "stage", "stage_no", "who").agg(
        journeys=each.count(), used=(each.used > 0).ifelse(1, 0).sum(), **{name: each[name].sum() for name in demand}
    )
    asked = _asked_for(tables, known, who)
    pieces = known.group_by("of_kind", "stage", who=known[who]).agg(pieces=known.content.nunique())
    many = {(row["of_kind"], row["stage"], row["who"]): row["pieces"] for row in tables.engine.rows(pieces)}
    rows: list[Row] = [
        {
            "stage": row["stage"], "stage_no": row["stage_no"], "journey_kind": row["of_kind"], "who": row["who"],
            "journeys": row["journeys"], "used": proportion(row["used"], row["journeys"], RECIPE),
            "pieces": many.get((row["of_kind"], row["stage"], row["who"]), 0), "without": row["journeys"] - row["used"],
            **{name: int(row[name] or 0) for name in demand}, "asked_for": asked.get((row["of_kind"], row["stage"], row["who"]), ""),
        }
        for row in tables.engine.rows(cells.order_by(["of_kind", "stage_no", "who"]))
    ]  # fmt: skip
    return rows, cells


def _asked_for(tables: Tables, known: ir.Table, who: str) -> dict[tuple[str, str, str], str]:
    """The words most often searched for, stage by role."""
    searched = known.filter(known.term.notnull() & (known.term.length() > 0))
    counted = searched.group_by("of_kind", "stage", "term", who=searched[who]).agg(n=searched.count())
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for row in tables.engine.rows(counted.order_by([counted.n.desc(), counted.term]).limit(20_000)):
        found.setdefault((row["of_kind"], row["stage"], row["who"]), []).append((-row["n"], row["term"]))
    return {key: ", ".join(f"{term} ({-n})" for n, term in sorted(terms)[:ASKED]) for key, terms in found.items()}


def _drawing(rows: list[Row], matrix: bool) -> dict[str, Any]:
    """Heat maps, one a family of journeys: who used content in which stage, or which piece was used where."""
    title = "Content by stage and role" if matrix else "Content by stage: share of journeys that used it"
    y, field = ("who", "used") if matrix else ("content", "share")
    german = {
        "Content by stage and role": "Inhalte je Phase und Rolle: Anteil der Journeys mit Inhalt",
        "Content by stage: share of journeys that used it": "Inhalte je Phase: Anteil der Journeys, die sie nutzten",
    }
    panels = []
    for kind in draw.ordered(rows, "journey_kind"):
        mine = [row for row in rows if row["journey_kind"] == kind]
        total: dict[str, float] = {}
        for row in mine:
            total[row[y]] = total.get(row[y], 0.0) + row["journeys"]
        top = sorted(total, key=lambda name: (-total[name], name))[: draw.MOST_ROWS]
        english, german[english] = draw.kinds_named(kind)
        shown = [row for row in mine if row[y] in top]
        panel = draw.heat(shown, y, "stage", field, "Share of journeys", top, draw.ordered(mine, "stage", "stage_no"))
        panels.append({"title": {"text": english, "fontSize": 12}, **panel})
    return draw.chart(title, [], german, vconcat=panels, spacing=24)


QUESTION_DE = "Welche Inhalte wer in welcher Phase nutzt, was darauf folgt, und wo sie fehlen."
ANALYSIS = Analysis("content", "Content", "Inhalte", RECIPE, ContentParams, run, __doc__, QUESTION_DE)
