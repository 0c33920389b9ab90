"""Several currencies: converted by the user's rates, by the day they hold, else kept apart."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from etappe.analyses import analysis
from etappe.analyses.money import Rates
from etappe.errors import Fault, Faults
from etappe.tables.engine import open_engine

from .make import make
from .test_bad_input import two_currencies, with_columns


def test_with_a_rate_table_all_values_are_in_one_currency_and_sum_to_the_cent():
    rates = Rates.parse("into: EUR\nrates: {CHF: {2024-01-01: 1.05, 2025-06-01: 1.10}}")
    with open_engine(threads=1) as engine:
        apart = two_currencies(make(150)).into(engine)
        tables = dataclasses.replace(apart, rates=rates)
        answer = analysis.find("attribution").ask(tables, model="linear,first", draws=0)
        rows = [row for row in engine.rows(apart.journeys) if row["outcome"] == "won"]
    turn = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    worth = [row["won_value"] * (1 if row["currency"] == "EUR" else 1.05 if row["ended_at"] < turn else 1.10) for row in rows]
    assert answer.population["value"] == pytest.approx(sum(worth))
    for model in ("linear", "first"):
        assert round(sum(row["value"].value for row in answer.rows if row["model"] == model) * 100) == round(sum(worth) * 100)
    assert [words for words in answer.caveats if "currenc" in words] == ["Amounts in CHF are converted into EUR by rules/currencies.yaml."]


def test_a_journey_with_deals_in_two_currencies_is_summed_deal_by_deal():
    made = make(80)
    deals = made.tables["journey_deals"]
    twin = with_columns(deals, currency="CHF", amount=100.0)
    both = dataclasses.replace(made, tables={
        **made.tables, "journey_deals": __import__("pyarrow").concat_tables([deals, twin]), "journeys": with_columns(made.tables["journeys"], currency="mixed"),
    })  # fmt: skip
    with open_engine(threads=1) as engine:
        tables = both.into(engine)
        assert analysis.find("attribution").ask(tables, model="first", draws=0).population["currency"] == "mixed"
        known = dataclasses.replace(tables, rates=Rates("EUR", {"CHF": [(dt.date.min, 2.0)]}))
        rows = {row["journey_id"]: row for row in engine.rows(known.journeys)}
        for row in engine.rows(engine.from_arrow("d", deals)):
            assert rows[row["journey_id"]]["deal_value"] == pytest.approx(row["amount"] + 200)
            assert rows[row["journey_id"]]["currency"] == "EUR"
        unknown = dataclasses.replace(tables, rates=Rates("EUR", {"USD": [(dt.date.min, 2.0)]}))
        assert {row["currency"] for row in engine.rows(unknown.journeys)} == {"mixed"}


def test_costs_are_converted_too():
    made = make(80)
    swiss = dataclasses.replace(made, evidence={**made.evidence, "costs": with_columns(made.evidence["costs"], currency="CHF")})
    with open_engine(threads=1) as engine:
        tables = swiss.into(engine)
        without = analysis.find("attribution").ask(tables, model="linear", draws=0)
        answer = analysis.find("attribution").ask(dataclasses.replace(tables, rates=Rates("EUR", {"CHF": [(dt.date.min, 2.0)]})), model="linear", draws=0)
    assert all(row.get("cost") is None for row in without.rows)
    assert "Costs in CHF are converted into EUR by rules/currencies.yaml." in answer.caveats
    total = float(np.sum(made.evidence["costs"]["cost"].to_numpy()))
    assert sum(row.get("cost") or 0 for row in answer.rows) == pytest.approx(2 * total, abs=0.02)


def test_rates_that_cannot_be_read_are_told_all_at_once():
    assert not Rates.parse("")
    assert not Rates.parse("into: EUR\nrates: {}")
    with pytest.raises(Faults) as told:
        Rates.parse("rates: {CHF: much, US: 1.0, GBP: -1, JPY: {gestern: 2}}")
    assert len(told.value.faults) == 4
    assert all(fault.do_next for fault in told.value.faults)
    for text in ("[1, 2]", "currencies: {CHF: 1}", "rates: [CHF]", "into: EUR\n rates: x"):
        with pytest.raises(Fault):
            Rates.parse(text)
