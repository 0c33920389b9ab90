"""What is at stake behind a blocker: open journeys that are in its stage now and have met it, and their deals."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.exposure import family_of
from etappe.analyses.maths.bounds import Floats, Ints
from etappe.analyses.met import Met
from etappe.analyses.population import in_period
from etappe.tables.plain_arrays import numbers_of
from etappe.words.result import Row
from etappe.words.said import said


def add_stakes(tables: Tables, journeys: ir.Table, params: Params, met: Met, rows: list[Row], currency: str | None, absent: Collection[str]) -> None:
    """Open journeys that are in the stage now and have met the thing, with the value of their deals.

    Where none of them has a deal yet there is no value: nothing would be said to be at stake otherwise. `absent` are the
    sorts of which those without it are at stake, as with a missing role.
    """
    now = tables.engine.to_arrow(_now(tables, journeys, params, currency))
    names, place = _places(now)
    stay, value = numbers_of(now["stay"]).astype(np.int64), numbers_of(now["deal_value"], np.nan)
    shown = {(row["sort"], row["thing"]) for row in rows}
    met = met.some([code for code, name in met.names.items() if name in shown])
    row_of = np.full(1 + int(max(stay.max(initial=-1), met.stay.max(initial=-1))), -1)
    row_of[stay] = np.arange(len(stay))
    there = row_of[met.stay]
    what, there = met.what[there >= 0], there[there >= 0]
    things = 1 + max(met.names, default=0)
    every, of_thing = _stake(place, value, len(names)), _stake(place[there] * things + what, value[there], len(names) * things)
    codes = {name: code for code, name in met.names.items()}
    for row in rows:
        here = names.get((row["journey_kind"], row["stage"]))
        stake = of_thing[:, here * things + codes[row["sort"], row["thing"]]] if here is not None else np.zeros(3)
        if row["sort"] in absent and here is not None:  # at stake are those without the role
            stake = every[:, here] - stake
        open_now, deals, worth = stake.tolist()
        row["open_now"] = int(open_now)
        row["value_at_stake"] = round(worth, 2) if deals else None


def without_deals(rows: list[Row]) -> list[str]:
    """A word on the stages where no open journey has a deal."""
    stages = sorted({row["stage"] for row in rows if row["open_now"] and row["value_at_stake"] is None})
    if not stages:
        return []
    return [said("No open journey there has a deal yet, so no value is said to be at stake: {stages}.",
                 "Dort hat noch keine offene Journey eine Verkaufschance, daher steht kein Wert auf dem Spiel: {stages}.", stages=stages)]  # fmt: skip


def _now(tables: Tables, journeys: ir.Table, params: Params, currency: str | None) -> ir.Table:
    """Open journeys in the stage they are in now: stay, stage, family, deal_value (null without a deal)."""
    stays = in_period(tables.stays, "entered_at", params)
    stays = stays.filter(stays.left_at.isnull()).select("stay", "journey_id", "stage")
    still = journeys.filter(journeys.outcome == "open")
    value = (still.currency == (currency or "")).fill_null(False).ifelse(still.deal_value, ibis.null("float64"))
    still = still.select("journey_id", deal_value=value, family=family_of(still.kind))
    return stays.inner_join(still, "journey_id").drop("journey_id")


def _places(now: Any) -> tuple[dict[tuple[str, str], int], Ints]:
    """The families and stages in which journeys are now, numbered, and the number of each row."""
    family, stage = (now[name].combine_chunks().dictionary_encode() for name in ("family", "stage"))
    stages = stage.dictionary.to_pylist()
    names = {(one, other): i * len(stages) + k for i, one in enumerate(family.dictionary.to_pylist()) for k, other in enumerate(stages)}
    return names, numbers_of(family.indices).astype(np.int64) * len(stages) + numbers_of(stage.indices)


def _stake(place: Ints, value: Floats, places: int) -> Floats:
    """Open journeys, deals and their value, by place."""
    known = ~np.isnan(value)
    return np.stack([
        np.bincount(place, minlength=places), np.bincount(place[known], minlength=places),
        np.bincount(place[known], value[known], minlength=places),
    ])  # fmt: skip
