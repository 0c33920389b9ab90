"""Identity on markets whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from etappe.tables.engine import Engine
from tests.identity import market
from tests.identity.evidence import Answer


def pairwise(truth: Mapping[object, object], found: Mapping[object, object]) -> tuple[float, float]:
    """Precision and recall of the pairs that are one, over the things both know."""

    def pairs(groups: Counter[object]) -> float:
        return sum(count * (count - 1) / 2 for count in groups.values())

    things = truth.keys() & found.keys()
    both = pairs(Counter((truth[thing], found[thing]) for thing in things))
    of_found, of_truth = (
        pairs(Counter(found[thing] for thing in things)),
        pairs(Counter(truth[thing] for thing in things)),
    )
    return both / of_found, both / of_truth


def test_persons_and_accounts_of_a_market_are_found_as_they_are(engine: Engine) -> None:
    made = market.make()
    found = Answer(engine, made.rows)
    keys = {
        (row["kind"], row["value"]): row["person_id"] or (row["kind"], row["value"])
        for row in found.rows("person_keys")
    }
    precision, recall = pairwise(made.persons, keys)
    assert precision >= 0.99
    assert recall >= 0.95
    accounts = {(row["kind"], row["value"]): row["account_id"] for row in found.rows("account_keys")}
    precision, recall = pairwise(made.companies, accounts)
    assert precision >= 0.99
    assert recall >= 0.95
    _homes(made, found)


def _homes(made: market.Market, found: Answer) -> None:
    """Persons and company records of one company are in one account."""
    persons = {row["person_id"]: row["account_id"] for row in found.rows("persons")}
    keys = {(row["kind"], row["value"]): row["person_id"] for row in found.rows("person_keys")}
    truth: dict[object, object] = dict(made.companies)
    seen: dict[object, object] = {(row["kind"], row["value"]): row["account_id"] for row in found.rows("account_keys")}
    for identifier, person in made.persons.items():
        home = persons.get(keys[identifier])
        if home is not None:
            truth[identifier], seen[identifier] = made.homes[person], home
    precision, recall = pairwise(truth, seen)
    assert precision >= 0.99
    assert recall >= 0.95
