"""Attribution on a bare table of paths: no workspace, no build, one row a path (or a person, or a group of
equal paths).

Long form: a column with the path as text ("A > B > C") and columns with conversions, value and paths that
ended in nothing. Wide form: one touch a column (``T_*``) and a column that says whether the row converted.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.analyses import draw
from etappe.analyses.analysis import unknown
from etappe.analyses.maths import credit
from etappe.analyses.maths.bounds import Floats, Ints, share_out
from etappe.analyses.maths.paths import Units
from etappe.analyses.path_arrays import Coded, from_columns, from_texts, passing
from etappe.analyses.paths_file import PathsRead, of_table, read_paths
from etappe.errors import Fault, Faults, FileFault, QuestionFault
from etappe.words.result import Figure, Recipe, Result, Row
from etappe.words.said import said

RECIPE = Recipe(
    "attribute",
    1,
    said(
        "credit of each channel for the conversions and the value of the paths it lies on, by model; "
        "intervals from 200 resamples of the paths",
        "Gutschrift jedes Kanals für Conversions und Wert der Wege, auf denen er liegt, je Modell; "
        "Intervalle aus 200 Stichproben der Wege",
    ),
)
COLUMNS = (
    "channel", "model", "conversions", "value", "removal_effect", "removal_effect_low", "removal_effect_high", "rank",
    "rank_low", "rank_high",
)  # fmt: skip
DIRECT = ("direct", "(direct)", "direkt", "(none)")
YES = ("1", "1.0", "true", "yes", "ja", "conv", "conversion", "converted", "won", "gewonnen", "y", "t")
NO_TOUCH = "(no touch)"
FEW = 30
GERMAN_MODELS = {
    "first": "erster", "last": "letzter", "last non direct": "letzter nicht direkt", "linear": "linear", "position": "Position", "w shaped": "W-Form",
    "time decay": "Zeitverfall", "own": "eigene Gewichte", "shapley": "Shapley", "markov1": "Markov 1", "markov2": "Markov 2", "markov3": "Markov 3",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """How a table of paths is read, and which models are wanted.

    Attributes
    ----------
    path, separator : column with the path as text, and what stands between its touches (blanks around it do
    not count). conversions, value, nulls : columns with the number of conversions, their value in all, and
    the paths that ended in
        nothing; without `conversions` every row is one conversion.
    columns, outcome : wide form: columns of touches as a pattern (``T_*``) or a list, and the column that
    says whether
        the row converted (conv, won, 1, true, yes, ja; anything else is no).
    account : column; rows of the same account are drawn together.
    models : names of :data:`etappe.analyses.maths.credit.MODELS`, "own", or "all".
    direct : name of the direct channel (last non-direct); recognised by itself where it is called "direct".
    half_life : touches after which a touch counts half (time decay).
    own : shares for the first touch, those between, and the last (model "own").
    draws : number of resamples; 0 leaves the intervals out.
    """

    path: str = "path"
    separator: str = " > "
    conversions: str | None = None
    value: str | None = None
    nulls: str | None = None
    columns: str | Sequence[str] | None = None
    outcome: str | None = None
    account: str | None = None
    models: Sequence[str] = ("all",)
    direct: str | None = None
    half_life: float = 7.0
    own: tuple[float, float, float] | None = None
    draws: int = 200
    seed: int = 0

    def chosen(self) -> list[str]:
        """The models asked for, "all" spelled out; NotFound for unknown ones."""
        names: list[str] = []
        for name in self.models:
            plain = name.strip().lower().replace("-", "_").replace(" ", "_")
            if plain == "all":
                names += [*credit.MODELS, *(["own"] if self.own else [])]
            elif plain in (*credit.MODELS, "own"):
                names.append(plain)
            else:
                raise unknown("model", name, [*credit.MODELS, "own", "all"])
        if "own" in names and self.own is None:
            raise QuestionFault("the model own needs its shares", "--own", "For example --own 40,20,40.")
        if self.own is not None and (min(self.own) < 0 or max(self.own) <= 0):
            raise QuestionFault("own shares must not be negative, and one must be more than 0", f"--own {self.own}")
        if self.half_life <= 0:
            raise QuestionFault("the half-life must be more than 0", f"--half-life {self.half_life}")
        return list(dict.fromkeys(names))


def attribute_file(path: Path, options: TableOptions | None = None) -> Result:
    """Attribution on a CSV (comma, semicolon or tab) or Parquet file of paths."""
    if not path.is_file():
        raise FileFault("there is no such file", str(path), "Name a CSV or Parquet file of paths.")
    chosen = options or TableOptions()
    single = [chosen.conversions, chosen.value, chosen.nulls, chosen.outcome, chosen.account]
    return _attribute(read_paths(path, None if chosen.columns is not None else chosen.path, [name for name in single if name]), chosen)


def attribute_table(table: pa.Table | ir.Table, options: TableOptions | None = None) -> Result:
    """Attribution on an Arrow or Ibis table of paths.

    Returns
    -------
    Result
        One row a channel and model. Conversions sum to all conversions, and value to the whole value to the
        cent; what converted without any touch stands under "(no touch)".
    """
    return _attribute(of_table(table if isinstance(table, pa.Table) else table.to_pyarrow()), options or TableOptions())


def _attribute(found: PathsRead, chosen: TableOptions) -> Result:
    models, rows, first = chosen.chosen(), found.count, found.first
    coded, conversions, value, nulls, caveats = _taken(found, chosen)
    account = _accounts(found.rows, chosen)
    del found
    pa.default_memory_pool().release_unused()  # what the texts took on their way to numbers
    touched = coded.path >= 0
    there = slice(None) if touched.all() else touched
    units = Units(coded.path[there], conversions[there], value[there], nulls[there], account[there] if account is not None else None)
    direct = next(
        (
            n
            for n, name in enumerate(coded.channels)
            if name == chosen.direct or (not chosen.direct and name.lower() in DIRECT)
        ),
        None,
    )
    if chosen.direct and direct is None:
        raise unknown("channel", chosen.direct, coded.channels)
    settings = credit.Options(direct, chosen.half_life, chosen.own, chosen.draws, chosen.seed)
    credits = credit.attribute(coded.paths, units, models, settings) if len(coded.paths) else []
    untouched = float(conversions[~touched].sum()), float(value[~touched].sum())
    made = _rows(credits, coded, units, untouched, chosen.value is not None)
    caveats += _caveats(float(conversions.sum()), coded, untouched[0], models)
    population = {
        "rows": rows, "conversions": float(conversions.sum()), "value": float(value.sum()),
        "nulls": float(nulls.sum()), "distinct_paths": len(coded.paths), "channels": len(coded.channels),
    }  # fmt: skip
    return Result(
        "attribute", RECIPE, COLUMNS, made, population, as_of=dt.datetime.now(dt.UTC), caveats=tuple(caveats),
        evidence=first, drawing=drawing(made),
        title=said("Attribution of a table of paths", "Attribution einer Tabelle von Wegen"),
    )  # fmt: skip


def _taken(found: PathsRead, options: TableOptions) -> tuple[Coded, Floats, Floats, Floats, list[str]]:
    """Paths, conversions, value and nulls of each row. All faults of the table at once."""
    faults: list[Fault] = []
    rows, names = found.rows, found.names
    wide = _wide(names, options)
    single = [options.conversions, options.value, options.nulls, options.outcome, options.account]
    needed = [name for name in [*([] if wide else [options.path]), *single] if name]
    faults += [unknown("column", name, names) for name in needed if name not in names]
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    caveats: list[str] = []
    numbers: dict[str, Floats] = {}
    for role in ("conversions", "value", "nulls"):
        name = getattr(options, role)
        if name:
            numbers[role] = _numbers(rows[name], name, caveats, faults)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    blank = np.zeros(found.count)
    conversions = numbers.get("conversions", np.ones(found.count))
    nulls = numbers.get("nulls", blank)
    if options.outcome:
        hit = _converted(rows[options.outcome])
        conversions, nulls = np.where(hit, conversions, 0.0), np.where(hit, nulls, np.maximum(nulls, 1.0))
    value = numbers.get("value", blank)
    idle = (conversions <= 0) & (value != 0)
    if idle.any():
        caveats.append(said("The value of {n} rows without a conversion is left out.",
            "Der Wert von {n} Zeilen ohne Conversion fehlt.", n=int(idle.sum())))  # fmt: skip
        value = np.where(idle, 0.0, value)
    coded = from_columns(rows, wide) if wide else from_texts(found.texts(options.path), options.separator)
    return coded, conversions, value, nulls, caveats


def _wide(names: list[str], options: TableOptions) -> list[str]:
    if options.columns is None:
        return []
    patterns = options.columns.split(",") if isinstance(options.columns, str) else list(options.columns)
    found = [name for name in names if any(fnmatch.fnmatchcase(name, pattern.strip()) for pattern in patterns)]
    found = [name for name in found if name != options.outcome]
    if not found:
        raise unknown("column", ",".join(patterns), names)
    return found


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _numbers(column: Any, name: str, caveats: list[str], faults: list[Fault]) -> Floats:
    texts = column.combine_chunks()
    try:
        numbers = pc.cast(texts, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        at, cell = next((at, cell) for at, cell in enumerate(texts.to_pylist()) if cell is not None and not _is_number(cell))
        faults.append(QuestionFault(f"column {name!r} is not a column of numbers: {str(cell)!r}", f"{name}, row {at + 1} below the header",
            "Write numbers with a decimal point and without thousands signs, or name another column."))  # fmt: skip
        return np.zeros(len(texts))
    values = pc.fill_null(numbers, np.nan).to_numpy(zero_copy_only=False)
    empty = ~np.isfinite(values)
    if empty.any():
        caveats.append(said("{n} rows have no number in {column}; they count as 0.",
            "{n} Zeilen haben keine Zahl in {column}; sie zählen als 0.", n=int(empty.sum()), column=repr(name)))  # fmt: skip
        values = np.where(empty, 0.0, values)
    if (values < 0).any():
        row = int(np.flatnonzero(values < 0)[0]) + 1
        told = f"column {name!r} has negative numbers in {int((values < 0).sum()):,} rows"
        faults.append(QuestionFault(told, f"row {row}", "Net them against the rows they belong to, or leave them out."))
    return np.asarray(values, float)


def _converted(column: Any) -> Any:
    texts = column.combine_chunks()
    if pa.types.is_boolean(texts.type):
        return pc.fill_null(texts, False).to_numpy(zero_copy_only=False)
    if pa.types.is_integer(texts.type) or pa.types.is_floating(texts.type):
        return pc.fill_null(pc.greater(texts, 0), False).to_numpy(zero_copy_only=False)
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(texts.cast(pa.string())))
    return pc.fill_null(pc.is_in(plain, pa.array(YES)), False).to_numpy(zero_copy_only=False)


def _accounts(rows: pa.Table, options: TableOptions) -> Ints | None:
    if not options.account:
        return None
    codes = rows[options.account].combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(codes, 0).to_numpy(), np.int64)


def _rows(
    credits: list[credit.Credit], coded: Coded, units: Units, untouched: tuple[float, float], valued: bool
) -> list[Row]:
    n = passing(coded.paths, units.path, units.conversions).round().astype(int)
    total = float(units.value.sum())
    rows: list[Row] = []
    for one in credits:
        value = whole_cents(total, one.value[0])
        for place in np.argsort(one.rank[0], kind="stable"):
            rows.append(_row(coded.channels[place], one, int(place), int(n[place]), value if valued else None))
        if untouched[0]:
            none = Figure(untouched[1], untouched[1], untouched[1], int(untouched[0])) if valued else _none(0)
            every = Figure(untouched[0], untouched[0], untouched[0], int(untouched[0]))
            rows.append({"channel": NO_TOUCH, "model": one.model, "conversions": every, "value": none})
    return rows


def _none(n: int) -> Figure:
    return Figure(None, n=n, why="no data")


def whole_cents(total: float, parts: Floats) -> Floats:
    """Parts that sum to the total to the cent; left as they are where the total is finer than cents."""
    return share_out(total, parts) if abs(total * 100 - round(total * 100)) < 1e-6 and parts.sum() > 0 else parts


def _row(channel: str, one: credit.Credit, place: int, n: int, value: Floats | None) -> Row:
    def interval(part: Floats, shown: float) -> Figure:
        low, high = part[1, place], part[2, place]
        if not np.isfinite(low):
            return Figure(shown, n=n)
        return Figure(shown, min(float(low), shown), max(float(high), shown), n)

    row: Row = {
        "channel": channel, "model": one.model, "conversions": interval(one.conversions, float(one.conversions[0, place])),
        "value": _none(n) if value is None else interval(one.value, float(value[place])),
        "removal_effect": None,
    }  # fmt: skip
    if one.removal_effect is not None:
        parts = [None if np.isnan(part) else float(part) for part in one.removal_effect[:, place]]
        row |= dict(zip(("removal_effect", "removal_effect_low", "removal_effect_high"), parts, strict=True))
    ranks = [None if np.isnan(part) else round(float(part)) for part in one.rank[:, place]]
    return row | dict(zip(("rank", "rank_low", "rank_high"), ranks, strict=True))


def _caveats(conversions: float, coded: Coded, untouched: float, models: list[str]) -> list[str]:
    notes: list[str] = []
    if not len(coded.path):
        notes.append(said("The table has no rows.", "Die Tabelle hat keine Zeilen."))
    elif not conversions:
        notes.append(said("No path converts, so there is nothing to give credit for.",
            "Kein Weg führt zu einer Conversion, also gibt es nichts gutzuschreiben."))  # fmt: skip
    elif conversions < FEW:
        notes.append(said("Only {n} conversions: ranks may change with every further one.",
            "Nur {n} Conversions: Die Ränge können sich mit jeder weiteren ändern.", n=round(conversions)))  # fmt: skip
    if untouched:
        notes.append(said("{n} conversions have no touch at all; they stand under {none}.",
            "{n} Conversions haben gar keinen Touchpoint; sie stehen unter {none}.", n=round(untouched), none=NO_TOUCH))  # fmt: skip
    if coded.folded:
        notes.append(said("The {n} rarest channels are shown together as (other).",
            "Die {n} seltensten Kanäle sind als (other) zusammengefasst.", n=coded.folded))  # fmt: skip
    if "w_shaped" in models:
        notes.append(said("A table of paths names no lead and no deal: w_shaped takes first, middle and last touch.",
            "Eine Tabelle von Wegen nennt weder Lead noch Verkaufschance: die W-Form nimmt ersten, mittleren und letzten Touchpoint."))  # fmt: skip
    if "time_decay" in models:
        notes.append(said("A table of paths has no times: the half-life of time_decay is counted in touches.",
            "Eine Tabelle von Wegen hat keine Zeiten: Die Halbwertszeit des Zeitverfalls zählt in Touchpoints."))  # fmt: skip
    return notes


def drawing(rows: list[Row]) -> dict[str, Any]:
    """Credit by channel and model: value, interval and rank in each cell, dark where a model gives much; a dot where ranks differ."""
    models = draw.ordered(rows, "model")
    total: dict[str, float] = {}
    places: dict[str, set[int]] = {}
    most: dict[str, float] = {}
    for row in rows:
        total[row["channel"]] = total.get(row["channel"], 0.0) + (row["conversions"].value or 0.0)
        most[row["model"]] = most.get(row["model"], 0.0) + (row["conversions"].value or 0.0)
        if row.get("rank"):
            places.setdefault(row["channel"], set()).add(row["rank"])
    top = sorted(total, key=lambda name: (-total[name], name))[:16]
    flat = [
        {"channel": row["channel"], "model": row["model"].replace("_", " "), "conversions": row["conversions"], "place": row.get("rank"),
         "part": (row["conversions"].value or 0.0) / most[row["model"]] if most[row["model"]] else 0.0,
         "moves": len(places.get(row["channel"], ())) > 1}
        for row in rows if row["channel"] in top and row["conversions"].value is not None
    ]  # fmt: skip
    place: dict[str, Any] = {
        "y": {"field": "channel", "type": "nominal", "title": None, "sort": top, "axis": {"domain": False, "ticks": False}},
        "x": {"field": "model", "type": "nominal", "title": None, "sort": [name.replace("_", " ") for name in models],
              "axis": {"orient": "top", "labelAngle": -28, "domain": False, "ticks": False}},
    }  # fmt: skip
    ink = {"condition": {"test": "datum.part > 0.32", "value": "white"}, "value": draw.DARKEST}
    rounded = {"calculate": "datum.conversions >= 10 || datum.conversions < 0.05 ? format(datum.conversions, ',.0f') : format(datum.conversions, ',.1f')", "as": "written"}
    ends = {"calculate": "isValid(datum.conversions_low) ? format(datum.conversions_low, ',.0f') + '–' + format(datum.conversions_high, ',.0f') : ''", "as": "ends"}
    known = {"filter": "isValid(datum.conversions)"}
    tip = [{"field": name} for name in ("channel", "model", "conversions", "conversions_low", "conversions_high", "conversions_n", "place")]
    cells = {
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
        "encoding": {"color": {"field": "part", "type": "quantitative", "scale": {"range": draw.HEAT, "domain": [0, 0.6], "clamp": True}, "legend": None}, "tooltip": tip},
    }  # fmt: skip
    marks: list[tuple[dict[str, Any], str, int, int, dict[str, Any]]] = [
        (rounded, "written", -6, 0, {"fontWeight": 600}), (ends, "ends", 8, 0, {"fontSize": 10}),
        ({"calculate": "datum.moves ? '#' + datum.place : ''", "as": "rank"}, "rank", -6, 24, {"fontSize": 10}),
    ]  # fmt: skip
    texts = [
        {"transform": [known, how], "mark": look | {"type": "text", "dy": dy, "dx": dx}, "encoding": {"text": {"field": field}, "color": ink}}
        for how, field, dy, dx, look in marks
    ]
    return draw.the_first(draw.chart(
        "Credit by channel and model", flat,
        {"Credit by channel and model": "Zugerechnete Conversions je Kanal und Modell", **GERMAN_MODELS},
        width={"step": 74}, height={"step": 33}, encoding=place, layer=[cells, *texts],
    ), len(top), len(total))  # fmt: skip
