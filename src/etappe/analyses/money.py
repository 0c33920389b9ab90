"""Money in one currency: converted by the user's rates, else kept apart; amounts of different currencies are never added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.errors import Fault, Faults, RulesFault
from etappe.words.said import said

MIXED = "mixed"


@dataclass(frozen=True)
class Rates:
    """What one unit of each currency is worth in the currency `into`, by the day from which that holds."""

    into: str = "EUR"
    worth: Mapping[str, list[tuple[dt.date, float]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.worth)

    def factor(self, currency: ir.Value, day: ir.Value) -> ir.Value:
        """What one unit was worth on a day; null where the currency has no rate. Days before the first rate take the first."""
        cases: list[tuple[Any, Any]] = [(currency == self.into, ibis.literal(1.0))]
        for name, steps in self.worth.items():
            for since, rate in reversed(steps[1:]):
                cases.append(((currency == name) & (day >= ibis.literal(since)), ibis.literal(rate)))
            cases.append((currency == name, ibis.literal(steps[0][1])))
        return ibis.cases(*cases, else_=ibis.null("float64"))

    @classmethod
    def parse(cls, text: str, where: str | Path = "rules/currencies.yaml") -> Rates:
        """Rates from YAML text; all faults at once, as RulesFault with what to write instead."""
        import yaml

        try:
            content = yaml.safe_load(text) or {}
        except yaml.YAMLError as wrong:
            raise RulesFault(f"This is not YAML: {getattr(wrong, 'problem', wrong)}.", str(where), "Mend the line.") from None
        faults: list[Fault] = []
        if not isinstance(content, dict) or not set(content) <= {"into", "rates"} or not isinstance(content.get("rates") or {}, dict):
            raise RulesFault("The rates are not `into` and `rates`.", str(where), said("Write `into: EUR` and below it `rates: {CHF: 1.05}`.", "Schreiben Sie `into: EUR` und darunter `rates: {CHF: 1.05}`."))
        into = str(content.get("into", "EUR")).upper()
        worth = {}
        for name, given in (content.get("rates") or {}).items():
            steps = given if isinstance(given, dict) else {dt.date.min: given}
            good = all(isinstance(day, dt.date) and _is_rate(rate) for day, rate in steps.items()) and steps
            if not (isinstance(name, str) and len(name) == 3 and name.isalpha()):
                faults.append(RulesFault(f"`{name}` is not a currency such as CHF.", str(where), "Write its three letters."))
            elif not good:
                wants = said("Write a number above 0, or days with numbers: {2024-01-01: 0.91}.", "Schreiben Sie eine Zahl über 0, oder Tage mit Zahlen: {2024-01-01: 0.91}.")
                faults.append(RulesFault(f"The rate of {name} is not a number, nor numbers by day.", str(where), wants))
            else:
                worth[name.upper()] = sorted((day, float(rate)) for day, rate in steps.items())
        if faults:
            raise faults[0] if len(faults) == 1 else Faults(faults)
        return cls(into, worth)


def _is_rate(rate: Any) -> bool:
    return isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 < rate < 1e9


def converted(table: ir.Table, rates: Rates, amount: str, day: ir.Value) -> ir.Table:
    """The table with the amounts of a column in `rates.into` where their currency has a rate; others stay as they are."""
    factor = rates.factor(table.currency, day)
    return table.mutate(
        **{amount: (table[amount] * factor).fill_null(table[amount])}, currency=factor.notnull().ifelse(rates.into, table.currency)
    )


def converted_journeys(journeys: ir.Table, deals: ir.Table, rates: Rates, as_of: dt.datetime) -> ir.Table:
    """Journeys with their values in one currency; those with deals in several are summed deal by deal."""
    day = journeys.ended_at.fill_null(ibis.timestamp(as_of)).date()
    factor = rates.factor(journeys.currency, day)
    single = {name: (journeys[name] * factor).fill_null(journeys[name]) for name in ("won_value", "deal_value")}
    once = journeys.mutate(**single, currency=factor.notnull().ifelse(rates.into, journeys.currency))
    several = deals.semi_join(journeys.filter(journeys.currency == MIXED), "journey_id")
    money = several.amount * rates.factor(several.currency, several.closed_at.fill_null(ibis.timestamp(as_of)).date())
    summed = several.mutate(money=money).group_by("journey_id").agg(
        deal_sum=lambda t: t.money.sum(), won_sum=lambda t: (t.status == "won").ifelse(t.money, 0.0).sum(),
        unknown=lambda t: (t.money.isnull() & t.amount.notnull()).ifelse(1, 0).sum(),
    )  # fmt: skip
    joined = once.left_join(summed.filter(summed.unknown == 0), "journey_id")
    known = joined.deal_sum.notnull()
    return joined.mutate(
        won_value=known.ifelse(joined.won_sum.fill_null(0.0), joined.won_value), deal_value=known.ifelse(joined.deal_sum, joined.deal_value),
        currency=known.ifelse(rates.into, joined.currency),
    ).select(*journeys.columns)  # fmt: skip


def converted_by(engine: Any, before: ir.Table, rates: Rates, what: tuple[str, str]) -> list[str]:
    """A caveat where amounts were converted: from which currencies, into which; `before` has them as they came, `what` names them."""
    names = [name for name in rates.worth if name != rates.into]
    if not names:
        return []
    found = sorted(row["currency"] for row in engine.rows(before.filter(before.currency.isin(names)).select("currency").distinct()))
    if not found:
        return []
    return [
        said(
            "{what} in {names} are converted into {into} by rules/currencies.yaml.", "{what} in {names} sind nach rules/currencies.yaml in {into} umgerechnet.",
            what=said(*what), names=found, into=rates.into,
        )
    ]  # fmt: skip


def main_currency(engine: Any, table: ir.Table, column: str = "currency") -> tuple[str | None, list[str]]:
    """The currency most rows are in, and a caveat for rows in others (which are left out of values)."""
    known = table.filter(table[column].notnull())
    counted = known.group_by(column).agg(n=known.count())
    return most_of({row[column]: row["n"] for row in engine.rows(counted)})


def most_of(counts: Mapping[str, int]) -> tuple[str | None, list[str]]:
    """`main_currency` of how many amounts are in each currency."""
    rows = sorted(counts.items(), key=lambda row: (row[0] == MIXED, -row[1], row[0]))
    if not rows:
        return None, []
    others = [row for row in rows[1:] if row[0]]
    if not others:
        return rows[0][0], []
    listed = [said("{n} in {currency}", "{n} in {currency}", n=n, currency=currency) for currency, n in others]
    return rows[0][0], [
        said(
            "Values are in {currency}; amounts in other currencies are left out ({listed}). Rates in rules/currencies.yaml convert them.",
            "Werte sind in {currency}; Beträge in anderen Währungen fehlen ({listed}). Kurse in rules/currencies.yaml rechnen sie um.",
            currency=rows[0][0], listed=listed,
        )
    ]  # fmt: skip
