"""How long a silence makes a journey dormant, as the data show it."""

import datetime as dt
from types import SimpleNamespace

import ibis
import pyarrow as pa
import pytest

from etappe.analyses.exposure import dormancy
from etappe.tables.duck import open_duck

DAY = 86_400
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def asleep_after(days):
    """Journeys that fell asleep after so many days of silence, one that was lost at once, and one of which nothing is known."""
    moment = pa.timestamp("us", "UTC")
    ended = [NOON + dt.timedelta(day, microseconds=3) for day in days] + [NOON, None]
    table = pa.table({
        "outcome": ["dormant"] * len(days) + ["lost", "dormant"], "ended_at": pa.array(ended, moment), "last_step_at": pa.array([NOON] * (len(days) + 1) + [None], moment),
    })  # fmt: skip
    with open_duck() as engine:
        return dormancy(SimpleNamespace(built={"journeys": ibis.memtable(table)}, engine=engine))


@pytest.mark.parametrize(("days", "found"), [([], 0), ([90], 90), (range(100, 120), 100), (range(100, 121), 101), (range(160, 100, -1), 103)])
def test_the_silence_is_the_shortest_that_a_twentieth_of_those_asleep_are_not_longer_than(days, found):
    assert asleep_after(list(days)) == found * DAY
