"""What every analysis does with data nobody would wish for: a clear word, never a wrong number, never a crash."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from etappe.analyses import analysis
from etappe.errors import Fault
from etappe.tables.engine import open_engine
from etappe.words.result import Figure

from .make import AS_OF, make

NAMES = analysis.names()
# answers that list what there is, or compare, and need not warn of what is missing elsewhere
MONEY = ("attribution", "changes", "blockers")


def with_columns(table: pa.Table, **columns) -> pa.Table:
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        array = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array([values] * table.num_rows)
        table = table.set_column(place, table.schema.field(place), array.cast(table.schema.field(place).type))
    return table


def changed(made, **tables):
    """The company with some of its tables replaced by functions of them."""
    known = {**made.tables, **made.evidence}
    new = {name: change(known[name]) for name, change in tables.items()}
    own = {name: new.get(name, table) for name, table in made.tables.items()}
    evidence = {name: new.get(name, table) for name, table in made.evidence.items()}
    return dataclasses.replace(made, tables=own, evidence=evidence)


def no_deals(made):
    return changed(
        made, journey_deals=lambda t: t.slice(0, 0),
        journeys=lambda t: with_columns(t, won_value=0.0, deal_value=0.0, currency=pa.nulls(t.num_rows, pa.string()), deal_ids=pa.array([[]] * t.num_rows, pa.list_(pa.string()))),
    )  # fmt: skip


def no_costs(made):
    return changed(made, costs=lambda t: t.slice(0, 0))


def one_channel(made):
    return changed(made, steps=lambda t: with_columns(t, channel="fair"))


def all_open(made):
    cut = AS_OF.replace(year=AS_OF.year - 1)  # as known a year earlier, and nobody had left yet

    def still(table):
        return table.filter(pc.less(table["started_at"], pa.scalar(cut, table["started_at"].type)))

    return changed(
        made,
        journeys=lambda t: with_columns(t, outcome="open", ended_at=pa.nulls(t.num_rows, pa.timestamp("us", tz="UTC")), won_value=0.0),
        stage_visits=lambda t: with_columns(t.filter(pc.equal(t["visit_no"], 1)), left_at=pa.nulls(pc.sum(pc.equal(t["visit_no"], 1)).as_py(), pa.timestamp("us", tz="UTC")), left_to=pa.nulls(pc.sum(pc.equal(t["visit_no"], 1)).as_py(), pa.string())),
        journey_deals=lambda t: with_columns(t, status="open", closed_at=pa.nulls(t.num_rows, pa.timestamp("us", tz="UTC"))),
        pauses=still,
    )  # fmt: skip


def many_touchpoints(made):
    def numbered(table):
        names = pa.array([f"touchpoint {k % 100_000}" for k in range(table.num_rows)])
        after = pa.concat_arrays([names.slice(1), pa.nulls(1, pa.string())])
        follows = pc.is_valid(table["next_touchpoint"])
        return with_columns(table, touchpoint=names, channel=names, content=names, next_touchpoint=pc.if_else(follows, after, pa.scalar(None, pa.string())))

    def repeated(table):
        return pa.concat_tables([table] * -(-100_000 // max(table.num_rows, 1)))

    return changed(made, steps=lambda t: numbered(repeated(t)))


def long_path(made):
    def grown(table):
        first = table.slice(0, 1)
        n = 50_000
        zero = first["happened_at"][0].as_py().timestamp() * 1e6
        at = pa.array((zero + np.arange(n) * 6e7).astype(np.int64)).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
        some = with_columns(
            first.take(pa.array(np.zeros(n, int))), seq=pa.array(np.arange(n) + 1), happened_at=at, next_touchpoint="article", previous_touchpoint="article",
            touchpoint=pa.array(np.array(["article", "home page", "webinar"])[np.arange(n) % 3]), channel=pa.array(np.array(["fair", "direct"])[np.arange(n) % 2]),
        )  # fmt: skip
        others = table.filter(pc.not_equal(table["journey_id"], first["journey_id"][0]))
        return pa.concat_tables([some, others])

    return changed(made, steps=grown)


def negative_costs(made):
    return changed(made, costs=lambda t: with_columns(t, cost=pc.negate(t["cost"])))


def two_currencies(made):
    def some(table):
        return pa.array(np.where(np.arange(table.num_rows) % 3 == 0, "CHF", "EUR"))

    return changed(made, journeys=lambda t: with_columns(t, currency=some(t)), journey_deals=lambda t: with_columns(t, currency=some(t)))


CASES = {
    "no deals": (no_deals, ("attribution", "buying-center"), {"buying-center": {"deals": True}}),
    "no costs": (no_costs, ("attribution", "channels"), {}),
    "one channel only": (one_channel, ("attribution", "channels"), {}),
    "all journeys open": (all_open, ("attribution", "blockers", "compare", "durations", "stages", "buying-center"), {}),
    "100,000 touchpoints": (many_touchpoints, ("attribution",), {"attribution": {"by": "touchpoint", "draws": 5}}),
    "a path of 50,000 steps": (long_path, (), {}),
    "negative costs": (negative_costs, ("attribution", "channels"), {}),
    "two currencies": (two_currencies, MONEY, {"blockers": {"all": True}}),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    spoil, told, given = CASES[request.param]
    with open_engine(threads=2) as engine:
        yield request.param, spoil(make(100)).into(engine), told, given


@pytest.mark.parametrize("name", NAMES)
def test_bad_data_is_answered_with_words_and_without_a_wrong_number(name, case):
    words, tables, told, given = case
    quick = {"draws": 10, "model": "linear,shapley,markov1"} if name == "attribution" else {}
    answer = analysis.find(name).ask(tables, **quick | given.get(name, {}))
    for row in answer.rows:
        for column, value in row.items():
            if not isinstance(value, Figure):
                continue
            if value.value is None:
                assert value.why, (column, row)
                continue
            assert np.isfinite(value.value), (column, row)
            assert value.unit != "share" or -1e-9 <= value.value <= 1 + 1e-9 or column == "difference", (column, row)
    if name in told:
        assert answer.caveats, f"{name} says nothing about: {words}"
    assert answer.to_json()


@pytest.mark.parametrize("name", NAMES)
def test_a_period_with_no_data_is_told(name, company):
    answer = analysis.find(name).ask(company, since="1999-01", until="1999-03")
    figures = [value for row in answer.rows for value in row.values() if isinstance(value, Figure)]
    assert all(figure.value is None or figure.n == 0 for figure in figures)
    assert answer.caveats
    assert answer.behind(5) == [], "nothing happened, so no record stands behind it"


def test_a_stage_nobody_reaches_is_told_with_those_there_are(company):
    for name, given in (("journeys", {"stage": "mars"}), ("journeys", {"entered": "mars"}), ("attribution", {"goal": "mars"}), ("playbook", {"rules": "sales call before mars"})):
        with pytest.raises(Fault) as told:
            analysis.find(name).ask(company, **given)
        assert told.value.do_next


def test_negative_costs_are_taken_off_and_give_no_return():
    with open_engine(threads=1) as engine:
        answer = analysis.find("attribution").ask(negative_costs(make(150)).into(engine), model="linear", draws=0)
    spent = [row for row in answer.rows if row.get("cost") is not None]
    assert spent
    assert all(row["cost"] < 0 and row["return"].value is None for row in spent)
    assert all(row["cost_per_deal"].value is None for row in spent)
    assert any("negative" in words for words in answer.caveats)


def test_values_of_two_currencies_are_kept_apart_and_said():
    with open_engine(threads=1) as engine:
        tables = two_currencies(make(150)).into(engine)
        answer = analysis.find("attribution").ask(tables, model="linear", draws=0)
        rows = engine.rows(tables.journeys)
    euros = sum(row["won_value"] for row in rows if row["outcome"] == "won" and row["currency"] == "EUR")
    assert answer.population["currency"] == "EUR"
    assert sum(row["value"].value for row in answer.rows) == pytest.approx(euros)
    assert any("CHF" in words for words in answer.caveats)


def test_money_beside_no_row_is_said_and_a_platform_may_be_called_like_its_channel():
    """What a fair cost is as much a cost as a click; and what no touch is known of is told, not dropped."""
    made = make(150)
    fair, search = (changed(made, costs=lambda t, name=name: with_columns(t, platform=pa.array([name] * len(t)))) for name in ("fair", "Organic Search"))
    nowhere = changed(made, costs=lambda t: with_columns(t, platform=pa.array(["Plakate"] * len(t))))
    whole = round(sum(cost for cost in made.evidence["costs"]["cost"].to_pylist() if cost))
    with open_engine(threads=1) as engine:
        told = analysis.find("attribution").ask(nowhere.into(engine), model="linear", draws=0).caveats
        beside = [{row["channel"] for row in analysis.find("attribution").ask(one.into(engine), model="linear", draws=0).rows if row["cost"]} for one in (fair, search)]
    assert any(f"{whole:,} EUR stand in no row" in text for text in told)
    assert beside == [{"fair"}, {"organic search"}], "not paid search, whose words are in its name"
