"""Scores pairs of records by how much they agree (Fellegi and Sunter 1969, through Splink). Only this room names its engine.

The weights are authored, not trained, so that a score can be explained, is the same tomorrow, and does not change when
a record is added that has nothing to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

AT_A_TIME = 100_000  # pairs: the table that Splink makes of one has a column for each column of the records and each weight


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement.

    Parameters
    ----------
    words : str
        How it reads: "same place".
    condition : str
        SQL over `column_l` and `column_r`; "" for everything else (the last level).
    same, different : float
        Share of pairs at this level among pairs that are one thing, and among those that are two.
    """

    words: str
    condition: str
    same: float
    different: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One column that is compared, its levels from the highest agreement down; a missing value speaks neither way."""

    column: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Comparisons, and the share of all pairs of records that are one thing."""

    comparisons: tuple[Comparison, ...]
    prior: float


def score(records: pa.Table, pairs: pa.Table, model: Model, least: float = 0.0) -> list[dict[str, Any]]:
    """Scores given pairs; compares no others.

    Parameters
    ----------
    records : Arrow table
        `code` (integer) and the columns of the model.
    pairs : Arrow table
        `left`, `right`: codes.
    model : Model
    least : float
        Pairs of a lower probability are left out.

    Returns
    -------
    list of dict
        left, right, probability, and `words`: what agreed or disagreed, with its weight in bits, the heaviest first.
    """
    parts = (pairs.slice(start, AT_A_TIME) for start in range(0, pairs.num_rows, AT_A_TIME))
    scored = [_scored(row, model) for part in parts for row in _predicted(records, part, model, least)]
    return sorted(scored, key=lambda row: (row["left"], row["right"]))


def _predicted(records: pa.Table, pairs: pa.Table, model: Model, least: float) -> list[dict[str, Any]]:
    """What Splink says of some pairs, as likely as `least`; of records it gets those that stand in them."""
    import splink

    named = pa.chunked_array([*pairs["left"].chunks, *pairs["right"].chunks])
    with duckdb.connect() as connection:
        api = splink.DuckDBAPI(connection)
        linker = splink.Linker(api.register(records.filter(pc.is_in(records["code"], named))), _settings(model), log_level=None)
        blocked = pa.table(
            {
                "match_key": pa.array(["0"] * pairs.num_rows),
                "join_key_l": pairs["left"].cast(pa.int64()),
                "join_key_r": pairs["right"].cast(pa.int64()),
            }
        )
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        predicted = linker.inference.predict(warning_mode="never")
        found = connection.sql(f"SELECT * FROM {predicted.physical_name} WHERE match_probability >= {least}")
        return found.to_arrow_table().to_pylist()


def _settings(model: Model) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "code",
        "probability_two_random_records_match": model.prior,
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
        "blocking_rules_to_generate_predictions": ["l.code < r.code"],
        "comparisons": [_comparison(comparison) for comparison in model.comparisons],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    name = comparison.column
    missing = f"{name}_l IS NULL OR {name}_r IS NULL"
    levels: list[dict[str, Any]] = [{"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}]
    for level in comparison.levels:
        levels.append(
            {
                "sql_condition": level.condition or "ELSE",
                "label_for_charts": level.words,
                "m_probability": level.same,
                "u_probability": level.different,
            }
        )
    return {"output_column_name": name, "comparison_levels": levels}


def _scored(row: dict[str, Any], model: Model) -> dict[str, Any]:
    said: list[tuple[float, str]] = []
    for comparison in model.comparisons:
        reached = row[f"gamma_{comparison.column}"]
        if reached >= 0:
            level = comparison.levels[len(comparison.levels) - 1 - reached]
            said.append((row[f"mw_{comparison.column}"], level.words))
    said.sort(key=lambda part: (-abs(part[0]), part[1]))
    words = ", ".join(f"{text} ({weight:+.1f})" for weight, text in said)
    left, right = sorted((row["code_l"], row["code_r"]))
    return {"left": left, "right": right, "probability": row["match_probability"], "words": words}
