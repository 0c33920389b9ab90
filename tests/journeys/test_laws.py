"""Laws that hold for any market: nothing is lost, nothing is double, and time is tiled."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter, defaultdict

import pyarrow as pa
import pytest

from etappe.words.kinds import JOURNEY_KINDS, OUTCOMES, ROLES
from tests.journeys.conftest import Built
from tests.journeys.market import AS_OF, Row

DAY = dt.timedelta(days=1)


def by_journey(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["journey_id"]].append(row)
    return found


def test_every_event_is_exactly_one_of_step_internal_unresolved(drawn: Built) -> None:
    received = Counter(row["source"] for row in drawn.market.events)
    placed = Counter(row["source"] for row in drawn.rows["steps"])
    lost = Counter(row["source"] for row in drawn.rows["unresolved"])
    own = Counter({row["source"]: row["n"] for row in drawn.rows["internal"]})
    assert received == placed + lost + own
    names = [(row["source"], row["record_id"]) for name in ("steps", "unresolved") for row in drawn.rows[name]]
    assert len(names) == len(set(names))
    assert own.total() > 0
    assert lost.total() > 0


def test_every_deal_is_among_the_journeys_deals_once_and_the_values_add_up(drawn: Built) -> None:
    deals = drawn.rows["journey_deals"]
    assert Counter(row["deal_id"] for row in deals) == Counter(f"crm:{row['record_id']}" for row in drawn.market.deals)
    assert all(row["journey_id"] for row in deals if row["account_id"] and row["opened_at"] <= AS_OF)
    won = sum(row["amount"] for row in deals if row["status"] == "won")
    assert sum(row["won_value"] for row in drawn.rows["journeys"]) == pytest.approx(won)
    listed = [deal for row in drawn.rows["journeys"] for deal in row["deal_ids"]]
    assert sorted(listed) == sorted(row["deal_id"] for row in deals if row["journey_id"])


def test_stage_visits_tile_the_journeys_time_without_gap_or_overlap(drawn: Built) -> None:
    visits = by_journey(drawn.rows["stage_visits"])
    assert set(visits) == {row["journey_id"] for row in drawn.rows["journeys"]}
    for journey in drawn.rows["journeys"]:
        stays = sorted(visits[journey["journey_id"]], key=lambda row: row["visit_no"])
        assert [row["visit_no"] for row in stays] == list(range(1, len(stays) + 1))
        assert stays[0]["entered_at"] == journey["started_at"]
        assert stays[-1]["left_at"] == journey["ended_at"]
        assert [row["left_at"] for row in stays[:-1]] == [row["entered_at"] for row in stays[1:]]
        assert all(one["stage"] != two["stage"] for one, two in itertools.pairwise(stays))
        assert sum(row["days"] for row in stays) == pytest.approx(journey["days"])


def test_back_moves_are_the_visits_that_go_back(drawn: Built) -> None:
    visits = by_journey(drawn.rows["stage_visits"])
    for journey in drawn.rows["journeys"]:
        stays = sorted(visits[journey["journey_id"]], key=lambda row: row["visit_no"])
        falls = [two["stage_no"] < one["stage_no"] for one, two in itertools.pairwise(stays)]
        assert [row["back"] for row in stays] == [False, *falls]
        assert journey["back_moves"] == sum(falls)
        assert journey["furthest_no"] == max(row["stage_no"] for row in stays)
        assert journey["stage"] == stays[-1]["stage"]
    assert any(row["back_moves"] for row in drawn.rows["journeys"])


def test_each_step_lies_in_its_journey_and_in_the_visit_it_names(drawn: Built) -> None:
    visits = {(row["journey_id"], row["visit_no"]): row for row in drawn.rows["stage_visits"]}
    for step in drawn.rows["steps"]:
        visit = visits[step["journey_id"], step["visit_no"]]
        assert (step["stage"], step["stage_no"]) == (visit["stage"], visit["stage_no"])
        assert visit["entered_at"] <= step["happened_at"]
        assert visit["left_at"] is None or step["happened_at"] <= visit["left_at"]


def test_steps_are_numbered_in_order_of_time_and_know_their_neighbours(drawn: Built) -> None:
    for journey_id, steps in by_journey(drawn.rows["steps"]).items():
        assert [row["seq"] for row in steps] == list(range(1, len(steps) + 1)), journey_id
        assert steps == sorted(steps, key=lambda row: row["happened_at"])
        names = [row["touchpoint"] for row in steps]
        assert [row["previous_touchpoint"] for row in steps] == [None, *names[:-1]]
        assert [row["next_touchpoint"] for row in steps] == [*names[1:], None]
        waits = [(two["happened_at"] - one["happened_at"]) / DAY for one, two in itertools.pairwise(steps)]
        assert [row["wait_before"] for row in steps][1:] == pytest.approx(waits)
        assert [row["wait_after"] for row in steps][:-1] == pytest.approx(waits)


def test_the_table_of_steps_is_sorted_by_account_and_time(drawn: Built) -> None:
    order = [(row["account_id"], row["happened_at"]) for row in drawn.rows["steps"]]
    assert order == sorted(order)


def test_journeys_of_an_account_follow_each_other_and_only_the_last_may_be_open(drawn: Built) -> None:
    accounts: dict[str, list[Row]] = defaultdict(list)
    for row in drawn.rows["journeys"]:
        accounts[row["account_id"]].append(row)
    for rows in accounts.values():
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert all(row["ended_at"] and row["outcome"] != "open" for row in rows[:-1])
        assert all(one["ended_at"] <= two["started_at"] for one, two in itertools.pairwise(rows))
        assert rows[0]["kind"] == "first_purchase"
    assert {row["outcome"] for row in drawn.rows["journeys"]} == set(OUTCOMES)
    assert {row["kind"] for row in drawn.rows["journeys"]} == set(JOURNEY_KINDS)


def test_open_journeys_have_no_end_and_all_others_have_one(drawn: Built) -> None:
    for row in drawn.rows["journeys"]:
        assert (row["ended_at"] is None) == (row["outcome"] == "open")
        assert row["ended_at"] is None or row["ended_at"] <= AS_OF


def test_a_dormant_journey_was_silent_for_longer_than_the_limit(drawn: Built) -> None:
    steps = by_journey(drawn.rows["steps"])
    silent = {"marketing email", "note", "call attempt"}
    for row in drawn.rows["journeys"]:
        if row["outcome"] == "dormant":
            live = [
                step["happened_at"] for step in steps.get(row["journey_id"], []) if step["touchpoint"] not in silent
            ]
            assert not live or row["ended_at"] - max(live) >= 180 * DAY


def test_no_sign_of_life_lies_inside_a_pause(drawn: Built) -> None:
    steps = by_journey(drawn.rows["steps"])
    silent = {"marketing email", "note", "call attempt"}
    assert drawn.rows["pauses"]
    for pause in drawn.rows["pauses"]:
        assert pause["days"] > 45
        until = pause["ended_at"] or AS_OF
        live = [row for row in steps.get(pause["journey_id"], []) if row["touchpoint"] not in silent]
        assert not [row for row in live if pause["started_at"] < row["happened_at"] < until]
    counted = Counter(row["journey_id"] for row in drawn.rows["pauses"])
    assert all(row["pauses"] == counted[row["journey_id"]] for row in drawn.rows["journeys"])


def test_journeys_count_their_steps_and_persons(drawn: Built) -> None:
    steps, center = by_journey(drawn.rows["steps"]), by_journey(drawn.rows["buying_center"])
    for row in drawn.rows["journeys"]:
        own = steps.get(row["journey_id"], [])
        assert row["steps"] == len(own)
        assert row["persons"] == len(center.get(row["journey_id"], []))
        path = [step["touchpoint"] for step in own if step["touchpoint"] != step["previous_touchpoint"]]
        assert row["path"] == path
        assert row["first_sales_at"] == min((step["happened_at"] for step in own if step["sales"]), default=None)


def test_the_buying_center_has_everybody_who_took_a_step_once_and_the_role_is_on_the_step(drawn: Built) -> None:
    center = {(row["journey_id"], row["person_id"]): row for row in drawn.rows["buying_center"]}
    assert len(center) == len(drawn.rows["buying_center"])
    taken = {(row["journey_id"], row["seq"], row["person_id"]) for row in drawn.rows["steps"] if row["person_id"]}
    taken |= {(row["journey_id"], row["seq"], row["person_id"]) for row in drawn.rows["participants"]}
    assert Counter((journey, person) for journey, _, person in taken) == {
        key: row["steps"] for key, row in center.items()
    }
    assert {row["role"] for row in center.values()} <= {None, *ROLES}
    for step in drawn.rows["steps"]:
        if step["person_id"]:
            assert step["role"] == center[step["journey_id"], step["person_id"]]["role"]


def test_the_order_of_rows_and_the_number_of_files_change_nothing(drawn: Built) -> None:
    dice = random.Random(3)
    evidence = drawn.market.evidence()
    shuffled = {}
    for name, table in evidence.items():
        order = list(range(table.num_rows))
        dice.shuffle(order)
        parts = [pa.array(part, pa.int64()) for part in (order[len(order) // 3 :], order[: len(order) // 3])]
        shuffled[name] = pa.concat_tables([table.take(part) for part in parts])
    again = drawn.market.build(evidence=shuffled)
    for name, rows in drawn.rows.items():
        assert sorted(map(repr, again[name].to_pylist())) == sorted(map(repr, rows)), name
