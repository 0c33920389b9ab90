"""Claims: what is written can be read back, and the verdict follows the whole interval."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.errors import ClaimFault, Faults
from etappe.words.claim import FILTERS, MEASURES, SOURCES, Claim, Verdict, judge
from etappe.words.claim_language import parse
from etappe.words.claim_names import Vocabulary, settle
from etappe.words.claim_sentence import VERDICTS, sentence
from etappe.words.result import Figure, too_few

WRITTEN = (
    "coverage(webinar) in consideration >= 0.3",
    "dwell(decision) between 20 and 40 days",
    "feeling(demo) >= 0.5",
    "order(pricing page, sales call)",
    "conversion(consideration) >= 0.4",
    "mention(price unclear) >= 3 of interviews",
    'found("schwingungsmessung") <= 10',
    "milestone(demo request) in first_talks within 30 days >= 0.25",
    'content("Leitfaden, Teil 1") in preselection > 0.1',
    "coverage(webinar) >= 0.3 where tier = A, B and period = 2025-01..2025-12 with n >= 30 and age <= 90 days",
    "mention(price unclear) >= 30 % of reviews",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_claim_in_normal_form_is_printed_as_it_was_written(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Coverage( webinar )  IN consideration ≥ 30 %", "coverage(webinar) in consideration >= 0.3"),
        ("coverage(webinar) >= 0,3", "coverage(webinar) >= 0.3"),
        ("dwell(decision) <= 2 weeks", "dwell(decision) <= 14 days"),
        ("dwell(decision) <= 12", "dwell(decision) <= 12 days"),
        ("dwell(decision) < 36 hours", "dwell(decision) < 1.5 days"),
        ("found(schwingungsmessung) <= 10", 'found("schwingungsmessung") <= 10'),
        ("found(„Schwingung messen“) <= 10", 'found("Schwingung messen") <= 10'),
        ("order(a, b) > 0.5", "order(a, b)"),
        ("mention(price) >= 3", "mention(price) >= 3 of interviews"),
        ('coverage("pricing page") >= 0.1', "coverage(pricing page) >= 0.1"),
        ("coverage(a) in first talks >= 0.1", "coverage(a) in first talks >= 0.1"),
    ],
)
def test_other_spellings_come_out_in_normal_form(text: str, normal: str) -> None:
    assert str(parse(text)) == normal


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(lambda text: text.strip())


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Any claim that can be meant."""
    measure = MEASURES[draw(st.sampled_from(sorted(MEASURES)))]
    arguments = tuple(draw(st.lists(names, min_size=measure.least, max_size=measure.most)))
    percent = measure.name == "mention" and draw(st.booleans())
    unit = "share" if percent else measure.unit
    bound = {
        "share": st.floats(0, 1), "days": st.floats(0, 9999), "score": st.floats(-2, 2),
        "count": st.integers(0, 500).map(float), "position": st.floats(1, 100),
    }[unit]  # fmt: skip
    comparison = draw(st.sampled_from([">=", "<=", ">", "<", "between"]))
    bounds = tuple(sorted(draw(st.lists(bound, min_size=2, max_size=2, unique=True)))) if comparison == "between" else (draw(bound),)
    population = tuple(draw(st.dictionaries(st.sampled_from(FILTERS), st.lists(names, min_size=1, max_size=3).map(tuple), max_size=3)).items())
    return Claim(
        measure.name, arguments,
        draw(st.none() | names) if measure.in_stage else None,
        draw(st.none() | st.floats(0, 9999)) if measure.horizon else None,
        comparison, bounds, unit, draw(st.sampled_from(SOURCES)) if measure.name == "mention" else "", population,
        draw(st.none() | st.integers(1, 9999)), draw(st.none() | st.floats(0, 9999)),
    )  # fmt: skip


@given(claims())
def test_every_claim_can_be_read_back_from_what_it_prints(claim: Claim) -> None:
    again = parse(str(claim))
    assert again == claim
    assert str(again) == str(claim)


@given(st.text(max_size=60) | st.sampled_from(WRITTEN).flatmap(lambda text: st.integers(0, len(text)).map(lambda cut: text[:cut] + "§" + text[cut + 1 :])))
def test_any_text_is_read_or_refused_with_a_character_of_it(text: str) -> None:
    fault = None
    try:
        claim = parse(text)
    except ClaimFault as found:
        fault = found
    if fault is None:
        assert parse(str(claim)) == claim
    else:
        assert 0 <= fault.position <= len(text)
        assert fault.what
        assert fault.pointer().split("\n")[-1] == " " * fault.position + "^"


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("coverge(webinar) >= 0.3", 0, "`coverage`"),
        ("coverage(webinar) in x >= 30", 26, "`30 %`"),
        ("coverage(webinar) = 0.3", 18, ">="),
        ("coverage(webinar >= 0.3", 23, "`)`"),
        ("coverage(webinar) in x", 22, "comparison"),
        ("dwell(decision) in x <= 3 days", 16, "in"),
        ("dwell(decision) between 40 and 20 days", 24, "SMALLER"),
        ("coverage(webinar) >= 0.3 where teir = A", 31, "`tier`"),
        ("coverage(webinar) >= 0.3 with m >= 3", 30, "n"),
        ("feeling(demo) >= 3", 17, "-2"),
        ("mention(a) >= 2.5", 14, "30 %"),
        ("mention(a) >= 2 of intervews", 19, "`interviews`"),
        ('found("a) <= 3', 6, "quote"),
        ("dwell(a, b) <= 3 days", 9, "1 stage"),
        ("coverage(a) >= 0.3 tier = A", 19, "cannot stand"),
    ],
)
def test_a_fault_points_at_the_character_and_helps(text: str, place: int, word: str) -> None:
    with pytest.raises(ClaimFault) as caught:
        parse(text)
    assert caught.value.position == place
    assert word in caught.value.what + caught.value.do_next


def test_a_fault_of_a_claim_travels_between_processes() -> None:
    with pytest.raises(ClaimFault) as caught:
        parse("coverge(webinar) >= 0.3")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.what, again.position, again.to_dict()) == (caught.value.what, 0, caught.value.to_dict())


def test_names_are_settled_on_ids_in_either_language() -> None:
    vocabulary = Vocabulary({"research": ("Vorrecherche", "Research")}, {"pricing page": ("Preisseite", "Pricing page")})
    assert str(settle(parse("coverage(PREISSEITE) in vorrecherche >= 0.3"), vocabulary)) == "coverage(pricing page) in research >= 0.3"


def test_unknown_names_are_told_all_at_once_with_the_nearest() -> None:
    vocabulary = Vocabulary({"research": ("Vorrecherche",)}, {"pricing page": ("Preisseite",)})
    with pytest.raises(Faults) as caught:
        settle(parse("coverage(pricng page) in reserch >= 0.3"), vocabulary)
    assert [(fault.position, fault.do_next) for fault in caught.value.faults] == [  # type: ignore[attr-defined]
        (9, "Did you mean `pricing page`?"), (25, "Did you mean `research`?"),
    ]  # fmt: skip


# -- verdicts -----------------------------------------------------------------------------------------------------------

numbers = st.floats(-100, 100, allow_nan=False)


@given(claims(), numbers, numbers, numbers, st.integers(1, 500))
def test_the_verdict_follows_the_whole_interval(claim: Claim, first: float, second: float, inside: float, n: int) -> None:
    low, high = sorted((first, second))
    verdict = judge(claim, Figure((low + high) / 2, low, high, n))
    if claim.minimum_n is not None and n < claim.minimum_n:
        assert verdict is Verdict.TOO_FEW
        return
    point = min(max(inside, low), high)
    met = judge(claim, Figure(point, point, point, 10**6)) is Verdict.CONFIRMED
    if verdict is Verdict.CONFIRMED:
        assert met
    elif verdict is Verdict.CONTRADICTED:
        assert not met
    else:
        assert verdict is Verdict.UNDECIDED


@given(claims(), numbers, numbers, st.floats(0, 50))
def test_more_evidence_never_turns_a_verdict_round(claim: Claim, first: float, second: float, wider: float) -> None:
    low, high = sorted((first, second))
    n = 10**6
    narrow = judge(claim, Figure(low, low, high, n))
    wide = judge(claim, Figure(low, low - wider, high + wider, n))
    assert wide in (narrow, Verdict.UNDECIDED)


def test_an_interval_around_the_claimed_span_decides_nothing() -> None:
    claim = parse("dwell(decision) between 20 and 40 days")
    assert judge(claim, Figure(30, 10, 60, 50)) is Verdict.UNDECIDED
    assert judge(claim, Figure(30, 22, 38, 50)) is Verdict.CONFIRMED
    assert judge(claim, Figure(50, 41, 60, 50)) is Verdict.CONTRADICTED


def test_a_median_not_yet_reached_has_no_upper_bound() -> None:
    assert judge(parse("dwell(decision) <= 30 days"), Figure(None, 45, None, 50, "never reached")) is Verdict.CONTRADICTED
    assert judge(parse("dwell(decision) >= 30 days"), Figure(60, 45, None, 50)) is Verdict.CONFIRMED
    assert judge(parse("dwell(decision) <= 60 days"), Figure(60, 45, None, 50)) is Verdict.UNDECIDED


def test_no_data_too_few_and_out_of_date_come_before_the_interval() -> None:
    claim = parse("coverage(webinar) >= 0.3 with n >= 30 and age <= 90 days")
    good = Figure(0.5, 0.4, 0.6, 100)
    assert judge(claim, None) is Verdict.NO_DATA
    assert judge(claim, Figure(None, why="no data")) is Verdict.NO_DATA
    assert judge(claim, too_few(4)) is Verdict.TOO_FEW
    assert judge(claim, Figure(0.5, 0.4, 0.6, 29)) is Verdict.TOO_FEW
    assert judge(claim, good, age_days=91) is Verdict.OUT_OF_DATE
    assert judge(claim, good, age_days=90) is Verdict.CONFIRMED
    assert judge(claim, Figure(0.5, None, None, 100)) is Verdict.UNDECIDED
    assert judge(claim, Figure(0.5, math.nan, 0.6, 100)) is Verdict.UNDECIDED


@given(claims(), st.sampled_from(["de", "en"]))
def test_every_claim_has_a_sentence_that_names_its_arguments(claim: Claim, language: str) -> None:
    said = sentence(claim, language, label=lambda name: f"«{name}»")
    assert all(f"«{name}»" in said for name in claim.arguments)


def test_every_verdict_has_a_sign_of_its_own() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert len({sign for sign, _, _ in VERDICTS.values()}) == len(Verdict)


def test_a_share_is_written_one_way_in_a_language() -> None:
    claim = parse("coverage(webinar) >= 12.5 %")
    assert sentence(claim, "en").startswith("At least 12.5% of")
    assert sentence(claim, "de").startswith("Mindestens 12,5\u00a0% der")
