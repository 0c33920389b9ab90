"""Of single deals: what each touch before them is credited with, model by model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from etappe.analyses.analysis import Tables
from etappe.analyses.maths import credit
from etappe.analyses.maths.bounds import Floats
from etappe.analyses.population import named_accounts
from etappe.analyses.touch_paths import DAY_SECONDS, TouchPaths
from etappe.words.result import Row

HEAD = ("account", "journey_id", "happened_at", "days_before_goal", "channel")


def deal_credits(
    tables: Tables, found: TouchPaths, models: Sequence[str], effects: dict[str, Floats], options: credit.Options, limit: int
) -> list[Row]:
    """One touch of one deal a row, the latest deals first, with its share of the deal by each model.

    Shares of a deal sum to 1. Markov chains know channels, not touches: a deal is shared in proportion to the removal
    effects of the channels on its path.
    """
    paths, units = found.coded.paths, found.units
    hit = np.flatnonzero(units.conversions > 0)
    if not len(hit):
        return []
    latest = hit[np.lexsort((hit, -found.at[hit]))][: max(limit, 0)]
    shares = {name: _shares(name, found, effects, options) for name in models}
    names = _names(tables, [found.journey[int(k)].as_py() for k in latest])
    rows: list[Row] = []
    assert paths.age is not None
    for k in latest:
        journey = found.journey[int(k)].as_py()
        for place in range(paths.start[k], paths.start[k + 1]):
            age = float(paths.age[place])
            when = dt.datetime.fromtimestamp(found.at[k] - age * DAY_SECONDS, dt.UTC)
            part = {name: round(float(shares[name][place] * units.conversions[k]), 4) for name in models}
            head = {"account": names.get(journey), "journey_id": journey, "happened_at": when.replace(microsecond=0)}
            rows.append({**head, "days_before_goal": round(age, 1), "channel": found.coded.channels[paths.touch[place]], **part})
    return rows


def _shares(name: str, found: TouchPaths, effects: dict[str, Floats], options: credit.Options) -> Floats:
    paths = found.coded.paths
    if name not in effects:
        return credit.rule(name, paths, options)
    weight = np.maximum(effects[name][paths.touch], 0.0)
    whole = np.add.reduceat(weight, paths.start[:-1])
    even = np.repeat(1.0 / paths.length, paths.length)
    whole = np.repeat(whole, paths.length)
    return np.divide(weight, whole, out=even, where=whole > 0)


def _names(tables: Tables, journeys: list[str]) -> dict[str, str]:
    """Name of the account of each journey."""
    wanted = tables.built["journeys"].filter(tables.built["journeys"].journey_id.isin(journeys)).select("journey_id", "account_id")
    accounts = named_accounts(tables)
    return {row["journey_id"]: row["account"] for row in tables.engine.rows(wanted.left_join(accounts, "account_id"))}
