"""Which company records are one account."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl
import pytest

from etappe.identity import accounts, candidates, companies, matching, people, scored, trade
from etappe.identity.domains import DomainKinds
from etappe.identity.overrides import Overrides, overrides
from etappe.identity.rules import IdentityRules
from etappe.tables import scoring
from etappe.tables.engine import Engine, open_engine
from tests.identity import market
from tests.identity.evidence import decided, evidence
from tests.identity.test_market import pairwise

RULES = IdentityRules()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(tmp_path_factory.mktemp("scratch"), threads=1) as opened:
        yield opened


@cache
def nobody(engine: Engine) -> tuple[pl.DataFrame, trade.Trade]:
    """What persons and deals say where there are none."""
    return people.records({}, engine, RULES), trade.gather({}, engine)


def found(engine: Engine, rows: list[dict[str, Any]]) -> companies.Companies:
    persons, business = nobody(engine)
    return companies.gather(companies.read(evidence(engine, {"accounts": rows}), engine, persons, business), DomainKinds())


def one(engine: Engine, left: dict[str, Any], right: dict[str, Any], decisions: Overrides | None = None) -> bool:
    """Whether two company records are one account."""
    rows = [{"source": "crm", "record_id": "10", **left}, {"source": "crm", "record_id": "20", **right}]
    grouped = accounts.group(found(engine, rows), RULES, decisions or Overrides())
    return grouped.records["account_id"].n_unique() == 1


MUSTER = {"name": "Muster Maschinenbau GmbH", "domain": "muster.example", "city": "Ulm", "postcode": "89073"}


@pytest.mark.parametrize(
    "other",
    [
        {"name": "MUSTER MASCHINENBAU GmbH & Co. KG", "domain": "https://www.muster.example/de"},
        {"name": "Muster", "domain": "muster.example", "source": "erp"},
        {"name": "Muster Maschinenbau", "city": "Ulm"},
        {"name": "Muster Maschinenbau AG", "source": "erp"},
        {"name": "Muster Maschienenbau", "postcode": "89073"},
        {"record_id": "77", "merged_refs": ["10"], "name": "Ganz anders"},
    ],
)
def test_these_are_the_same_company(engine: Engine, other: dict[str, Any]) -> None:
    assert one(engine, MUSTER, other)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Muster Logistik GmbH", "domain": "muster.example"},
        {"name": "Muster Maschinenbau GmbH", "domain": "muster.example", "parent_ref": "10"},
        {"name": "Muster Maschinenbau GmbH", "domain": "muster.example", "city": "Kiel", "postcode": "24103"},
        {"name": "Muster Maschinenbau GmbH", "city": "Kiel", "domain": "anders.example", "source": "erp"},
        {"name": "Huber Maschinenbau GmbH", "city": "Ulm", "postcode": "89073"},
        {"name": "Muster Austria GmbH", "city": "Graz"},
        {"name": "Muster Maschinenbau 2 GmbH", "city": "Ulm"},
    ],
)
def test_these_are_two_companies(engine: Engine, other: dict[str, Any]) -> None:
    assert not one(engine, MUSTER, other)


def test_a_common_name_alone_is_not_enough(engine: Engine) -> None:
    assert not one(engine, {"name": "Müller GmbH", "source": "a"}, {"name": "Mueller AG", "source": "b"})


def test_a_human_merges_and_splits_whatever_the_rules_say(engine: Engine) -> None:
    other = {"name": "Muster Logistik GmbH", "domain": "muster.example"}
    merged = overrides([decided("merge", ["account:crm:20"], "account:crm:10")])[1]
    assert one(engine, MUSTER, other, merged)
    split = overrides([decided("split", ["account:crm:20"], "account:crm:10")])[1]
    assert not one(engine, MUSTER, {**MUSTER, "source": "crm"}, split)


def test_a_third_record_does_not_tie_two_that_must_stay_apart(engine: Engine) -> None:
    rows = [
        {**MUSTER, "source": "crm", "record_id": "10"},
        {**MUSTER, "source": "crm", "record_id": "20", "parent_ref": "10"},
        {"name": "Muster Maschinenbau", "domain": "muster.example", "source": "erp", "record_id": "30"},
    ]
    grouped = accounts.group(found(engine, rows), RULES, Overrides())
    account = grouped.account_of()
    assert account["account:crm", "10"] != account["account:crm", "20"]
    refused = grouped.links.filter(grouped.links["reason"].str.contains("must stay apart"))
    assert len(refused) == 1


def test_groups_have_a_largest_size(engine: Engine) -> None:
    rows = [{"name": "Muster Maschinenbau", "record_id": str(place), "source": f"s{place}"} for place in range(12)]
    grouped = accounts.group(found(engine, rows), IdentityRules(records_per_account=5), Overrides())
    assert grouped.records.group_by("account_id").len()["len"].max() <= 5


def test_the_scorer_finds_what_the_rules_leave_open_and_merges_hardly_more_wrongly(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, truth = market.company_records(500, 1)
    world = found(engine, rows)
    with_scorer = pairwise(truth, accounts.group(world, RULES, Overrides()).account_of())
    monkeypatch.setattr(scored, "settle", _reject_open)
    without = pairwise(truth, accounts.group(world, RULES, Overrides()).account_of())
    assert with_scorer[1] > without[1] + 0.01
    assert with_scorer[0] > without[0] - 0.02
    assert with_scorer[0] > 0.95


def test_records_compared_part_by_part_make_the_accounts_that_they_make_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, _ = market.company_records(500, 1)
    world = found(engine, rows)
    records = candidates.with_contacts(world.records, world.said)
    (whole,), at_once = list(candidates.pairs(records)), accounts.group(world, RULES, Overrides())
    monkeypatch.setattr(candidates, "AT_A_TIME", 100)
    parts = list(candidates.pairs(records))
    assert len(parts) > 10
    assert max(map(len, parts)) < len(whole) / 5
    assert pl.concat(parts).equals(whole)
    in_parts = accounts.group(world, RULES, Overrides())
    assert in_parts.records.equals(at_once.records)
    assert in_parts.links.equals(at_once.links)


def _reject_open(records: Any, compared: matching.Compared, rules: IdentityRules) -> matching.Compared:
    return matching.Compared(compared.of("accept", "reject", "hard"))


def test_scores_are_the_same_however_many_pairs_are_scored_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = market.company_records(200, 1)
    world = found(engine, rows)
    records = candidates.with_contacts(world.records, world.said)
    compared = matching.compare(records)
    at_once = scored.settle(records, compared, RULES).pairs
    monkeypatch.setattr(scoring, "AT_A_TIME", len(compared.of("open")) // 3)
    assert scored.settle(records, compared, RULES).pairs.equals(at_once)


def test_every_score_is_told_in_words(engine: Engine) -> None:
    rows = [
        {"name": "Kessler Papier", "city": "Ulm", "record_id": "1"},
        {"name": "Kesler Papier", "city": "Ulm", "record_id": "2"},
    ]
    links = accounts.group(found(engine, rows), RULES, Overrides()).links
    assert links["rule"].to_list() == ["scored match"]
    assert "a misspelled name (+" in links["evidence"][0]
    assert "the same place (+" in links["evidence"][0]
