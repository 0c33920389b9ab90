"""What comes out of the stories told by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.journeys.conftest import Built
from tests.journeys.market import day


def kinds_and_outcomes(told: Built, company: str) -> list[tuple[str, str]]:
    return [(row["kind"], row["outcome"]) for row in told.of("journeys", company)]


def test_a_first_purchase_goes_through_its_stages_and_back_when_the_deal_goes_back(told: Built) -> None:
    visits = [row for row in told.of("stage_visits", "alfa") if row["journey_id"] == "aalfa-1"]
    assert [(row["stage"], row["entered_at"], row["back"], row["entered_by"]) for row in visits] == [
        ("research", day(0), False, None),
        ("supplier_search", day(3), False, "product page"),
        ("preselection", day(5), False, "pricing page"),
        ("first_talks", day(8), False, "Qualification"),
        ("request_for_proposal", day(20), False, "Angebot"),
        ("first_talks", day(40), True, "Qualification"),
        ("decision", day(50), False, "Negotiation/Review"),
    ]
    assert visits[-1]["left_to"] == "won"
    assert visits[-1]["left_at"] == day(60)


def test_each_step_carries_the_stage_after_it_and_its_neighbours(told: Built) -> None:
    steps = [row for row in told.of("steps", "alfa") if row["journey_id"] == "aalfa-1"]
    assert [(row["seq"], row["touchpoint"], row["stage"], row["sales"]) for row in steps] == [
        (1, "article", "research", False),
        (2, "product page", "supplier_search", False),
        (3, "pricing page", "preselection", False),
        (4, "sales call", "first_talks", True),
        (5, "technical workshop", "request_for_proposal", True),
    ]
    assert [row["previous_touchpoint"] for row in steps] == [
        None,
        "article",
        "product page",
        "pricing page",
        "sales call",
    ]
    assert [row["wait_after"] for row in steps] == [3.0, 2.0, 3.0, 17.0, None]


def test_a_journey_adds_up_its_steps_persons_deals_and_first_sales_contact(told: Built) -> None:
    first, second = told.of("journeys", "alfa")
    assert (first["kind"], first["outcome"], first["steps"], first["persons"], first["back_moves"]) == (
        "first_purchase",
        "won",
        5,
        2,
        1,
    )
    assert (first["won_value"], first["currency"], first["deal_ids"]) == (1000.0, "EUR", ["crm:d-alfa"])
    assert first["first_sales_at"] == day(8)
    assert first["path"] == ["article", "product page", "pricing page", "sales call", "technical workshop"]
    assert (second["kind"], second["outcome"], second["started_at"]) == ("repurchase", "dormant", day(60))
    assert second["ended_at"] == day(200 + 180)


def test_the_journey_of_a_customer_begins_with_the_win_and_its_first_silence_is_a_pause(told: Built) -> None:
    (pause,) = told.of("pauses", "alfa")
    assert (pause["journey_id"], pause["started_at"], pause["ended_at"]) == ("aalfa-2", day(60), day(200))
    assert (pause["stage"], pause["revived_by"]) == ("use", "support ticket")


def test_roles_come_from_titles_and_own_people_are_no_participants(told: Built) -> None:
    center = {row["person_id"]: row for row in told.of("buying_center", "alfa") if row["journey_id"] == "aalfa-1"}
    assert set(center) == {"peva@alfa", "pben@alfa"}
    assert (center["pben@alfa"]["role"], center["pben@alfa"]["role_source"]) == ("buyer", "title")
    assert (center["pben@alfa"]["steps"], center["pben@alfa"]["entered_stage"]) == (2, "preselection")
    several = [
        row["person_id"] for row in told.rows["participants"] if row["journey_id"] == "aalfa-1" and row["seq"] == 5
    ]
    assert sorted(several) == ["pben@alfa", "peva@alfa"]


def test_a_role_says_whether_it_is_from_the_crm_the_title_or_the_behaviour(told: Built) -> None:
    roles = {row["person_id"]: (row["role"], row["role_source"]) for row in told.of("buying_center", "omicron")}
    assert roles == {
        "pdeal@omicron": ("decider", "crm"),
        "pcard@omicron": ("user", "crm"),
        "ptitle@omicron": ("decider", "title"),
        "pfirst@omicron": ("initiator", "behaviour"),
        "preader@omicron": ("user", "behaviour"),
        "pguest@omicron": (None, None),
    }


def test_a_lost_deal_ends_the_journey_and_who_never_bought_stays_a_first_purchase(told: Built) -> None:
    assert kinds_and_outcomes(told, "beta") == [("first_purchase", "lost"), ("first_purchase", "dormant")]
    first, second = told.of("journeys", "beta")
    assert (first["ended_at"], first["lost_reason"], second["started_at"]) == (day(30), "Preis", day(100))


def test_a_lost_deal_ends_nothing_while_another_is_open(told: Built) -> None:
    assert kinds_and_outcomes(told, "gamma") == [("first_purchase", "won")]
    assert told.of("journeys", "gamma")[0]["deal_ids"] == ["crm:d-gamma-1", "crm:d-gamma-2"]


def test_deals_closed_within_the_window_end_one_journey_which_is_won_if_any_is(told: Built) -> None:
    (journey,) = told.of("journeys", "delta")
    assert (journey["outcome"], journey["ended_at"]) == ("won", day(44))
    assert (journey["won_value"], journey["deal_value"], journey["currency"]) == (700.0, 750.0, "mixed")


def test_silence_ends_a_journey_only_without_an_open_deal(told: Built) -> None:
    assert kinds_and_outcomes(told, "epsilon") == [("first_purchase", "dormant"), ("first_purchase", "dormant")]
    assert [row["ended_at"] for row in told.of("journeys", "epsilon")] == [day(190), day(390)]
    assert kinds_and_outcomes(told, "zeta") == [("first_purchase", "open")]
    pauses = told.of("pauses", "zeta")
    assert [(row["started_at"], row["revived_by"]) for row in pauses] == [(day(10), "sales call"), (day(220), None)]
    assert pauses[1]["ended_at"] is None


def test_a_lost_renewal_makes_the_next_journey_a_win_back(told: Built) -> None:
    assert kinds_and_outcomes(told, "eta") == [
        ("first_purchase", "won"), ("renewal", "lost"), ("win_back", "won"), ("expansion", "won"), ("repurchase", "dormant"),
    ]  # fmt: skip


def test_deals_without_any_event_still_make_journeys(told: Built) -> None:
    first, second = told.of("journeys", "theta")
    assert (first["steps"], first["won_value"], first["outcome"]) == (0, 400.0, "won")
    assert (second["kind"], second["outcome"], second["deal_ids"]) == ("repurchase", "open", ["crm:d-theta-2"])


def test_mails_that_nobody_answers_keep_no_journey_alive(told: Built) -> None:
    (journey,) = told.of("journeys", "iota")
    assert (journey["outcome"], journey["ended_at"], journey["last_step_at"]) == ("dormant", day(180), day(175))
    late = told.of("unresolved", "iota")
    assert {row["reason"] for row in late} == {"between journeys"}
    assert journey["steps"] + len(late) == 60


def test_what_is_done_on_the_day_of_a_close_date_belongs_to_the_journey_it_ends(told: Built) -> None:
    first, second = told.of("journeys", "kappa")
    assert (first["steps"], second["steps"]) == (2, 1)
    assert first["last_step_at"] == dt.datetime(2025, 3, 1, 15, 5, 3, tzinfo=dt.UTC)


def test_an_attempt_to_call_begins_no_journey(told: Built) -> None:
    assert [row["reason"] for row in told.of("unresolved", "lambda_")] == ["between journeys"]
    assert told.of("journeys", "lambda_")[0]["first_sales_at"] == day(2)


def test_a_deal_that_is_opened_late_moves_nothing_back_but_one_that_sales_move_does(told: Built) -> None:
    visits = [(row["stage"], row["entered_at"], row["back"]) for row in told.of("stage_visits", "lambda_")]
    assert visits == [("research", day(1), False), ("shortlist", day(2), False), ("request_for_proposal", day(4), True)]


def test_pages_have_the_channel_by_which_their_visit_began(told: Built) -> None:
    channels = [row["channel"] for row in told.of("steps", "mu")]
    assert channels == ["paid search", "paid search", "paid search", "direct"]


def test_a_company_is_found_by_mailbox_record_deal_participant_name_and_domain(told: Built) -> None:
    steps = told.of("steps", "nu")
    assert [row["happened_at"] for row in steps] == [day(number) for number in range(7)]
    assert [row["person_id"] for row in steps] == [None, None, None, "peva@nu", None, None, "peva@nu"]


@pytest.mark.parametrize(
    "reason", ["no date", "after as_of", "ambiguous company", "no identifier", "free-mail address", "no company known"]
)
def test_what_is_in_no_journey_says_why(told: Built, reason: str) -> None:
    (row,) = [row for row in told.rows["unresolved"] if row["record_id"] == reason]
    assert row["reason"] == reason


def test_events_of_own_people_are_counted_apart(told: Built) -> None:
    assert {row["source"]: row["n"] for row in told.rows["internal"]}["crm"] == 1
    assert not [row for name in ("steps", "unresolved") for row in told.rows[name] if row["record_id"] == "internal"]
