"""What surveys say: scores by question, opportunity scores of pairs, and which questions may stand together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import ibis
import pytest

from etappe.analyses import needs, satisfaction
from etappe.analyses.measures.ask import Asking
from etappe.words.claim import Verdict, judge
from etappe.words.claim_language import parse
from etappe.words.question import item_of, low_is_good, shown_item


def company(name: str, *values: int, question: str = "Würden Sie uns empfehlen?", instrument: str = "nps", scale: tuple[int, int] = (0, 10), place: str | None = "use") -> dict:
    low, high = scale
    return {
        "instrument": instrument, "words": question.lower(), "question": question, "low": low, "high": high, "place": place, "cluster": name, "n": len(values), "total": sum(values),
        "net": sum(value >= 9 for value in values) - sum(value <= 6 for value in values), "top": sum(value >= high - 1 for value in values), "bottom": sum(value <= low + 1 for value in values),
    }  # fmt: skip


def test_nps_is_promoters_minus_detractors() -> None:
    """120 promoters, 50 passives and 30 detractors make 45 ± 10.3 where everybody is of another company."""
    rows = [company(f"a{number}", value) for number, value in enumerate([10] * 120 + [7] * 50 + [3] * 30)]
    (row,) = satisfaction.scored(rows, "stage", {})
    assert row["score"].value == pytest.approx(45)
    assert (row["score"].unit, row["score"].n) == ("points", 200)
    assert row["score"].high - row["score"].low == pytest.approx(20.6, abs=2)


def test_answers_of_one_company_are_not_so_many_witnesses() -> None:
    """Ten companies of twenty equal answers each say as much as ten answers."""
    many = [company(f"a{number}", *([10 if number % 2 else 3] * 20)) for number in range(10)]
    few = [company(f"a{number}", 10 if number % 2 else 3) for number in range(10)]
    wide, narrow = (satisfaction.scored(rows, "all", {})[0]["score"] for rows in (few, many))
    assert narrow.n == 200
    assert narrow.high - narrow.low == pytest.approx(wide.high - wide.low)


def test_only_one_question_on_one_scale_is_counted_together() -> None:
    rows = [company(f"a{n}", 5, question="Wie zufrieden sind Sie?", instrument="csat", scale=(1, 5)) for n in range(12)]
    rows += [company(f"b{n}", 5, question="wie zufrieden sind sie", instrument="csat", scale=(1, 5)) for n in range(12)]
    rows += [company(f"c{n}", 5, question="Wie zufrieden sind Sie?", instrument="csat", scale=(1, 7)) for n in range(12)]
    found = satisfaction.scored(rows, "stage", {})
    assert sorted((row["scale"], row["answers"]) for row in found) == [("1–5", 24), ("1–7", 12)]
    assert found[0]["score"].low < 1 == found[0]["score"].high, "all alike is no certainty"


def test_an_effort_question_is_turned_so_that_high_is_easy() -> None:
    question = "Wie hoch war der Aufwand für Sie?"
    assert low_is_good("ces", question)
    assert not low_is_good("ces", "Das ging mit wenig Aufwand.")
    rows = [company(f"a{n}", 1, question=question, instrument="ces", scale=(1, 5)) for n in range(12)]
    assert satisfaction.scored(rows, "all", {})[0]["score"].value == 5


def test_opportunity_is_ulwicks_example() -> None:
    """A. W. Ulwick's printed example: 200 of 270 find it important, 75 of 270 are satisfied, the score is 12.0."""
    given = [needs.Pair(f"r{n}", n < 200, n < 75) for n in range(270)]
    important, satisfied, chance = needs.scores(given)
    assert [round(figure.value or 0, 1) for figure in (important, satisfied, chance)] == [7.4, 2.8, 12.0]
    # Wilson's interval of 75 of 270, ten times: 2.28 to 3.34
    assert (satisfied.low, satisfied.high) == (pytest.approx(2.28, abs=0.15), pytest.approx(3.34, abs=0.15))
    assert needs.band_of(important, satisfied, chance) == "strongly underserved"


def test_more_satisfaction_than_importance_never_lowers_the_score() -> None:
    important, satisfied, chance = needs.scores([needs.Pair(f"r{n}", n < 5, n < 18) for n in range(20)])
    assert chance.value == important.value
    assert needs.band_of(important, satisfied, chance) == "overserved"


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("Wie wichtig ist Ihnen: Stillstand vorhersehen?", "Wie zufrieden sind Sie mit: Stillstand vorhersehen?", "Stillstand vorhersehen"),
        ("How important is it to foresee downtime?", "How satisfied are you with it today? [foresee downtime]", "foresee downtime"),
        ("Bitte bewerten Sie - Wichtigkeit - Lieferzeit", "Bitte bewerten Sie - Zufriedenheit - Lieferzeit", "Lieferzeit"),
    ],
)
def test_a_pair_is_told_by_its_item(one: str, other: str, shown: str) -> None:
    assert item_of(one) == item_of(other)
    assert shown_item(one) == shown


def test_only_those_count_who_answered_both() -> None:
    asked = {"importance": "Wie wichtig ist Ihnen [Preis]", "satisfaction": "Wie zufrieden sind Sie mit [Preis]"}
    rows = [{"survey": "s", "response": f"r{n}", "instrument": name, "question": asked[name], "value": 5.0, "low": 1.0, "high": 5.0, "cluster": f"r{n}"} for n in range(15) for name in asked if not (name == "satisfaction" and n >= 12)]
    (row,) = needs.scored(rows)
    assert (row["need"], row["respondents"]) == ("Preis", 12)


@pytest.mark.parametrize(("question", "verdict"), [("How much effort did it take?", Verdict.CONTRADICTED), ("The company made it easy for me", Verdict.CONFIRMED)])
def test_a_claim_about_feeling_does_not_stand_on_its_head_where_low_is_good(company, question: str, verdict: Verdict) -> None:
    """Answers near the top of the scale are good news of ease and bad news of effort."""
    feedback = company.evidence["feedback"]
    asked = feedback.filter(feedback.instrument == "nps").mutate(instrument=ibis.literal("ces"), question=ibis.literal(question), low=ibis.literal(1.0), high=ibis.literal(7.0), value=ibis.ifelse(feedback.value > 5, 7.0, 6.0))
    asking = Asking(replace(company, evidence={**company.evidence, "feedback": asked}))
    stage = Counter(asking.answers.rows["stage"].to_pylist()).most_common(1)[0][0]
    claim = parse(f"feeling({stage}) >= 0.5")
    found, _ = asking.ask(claim)
    assert found.figure is not None
    assert judge(claim, found.figure) == verdict
