"""Surveys: recipes agree with published examples, forms work without JavaScript, a one-time link works once."""

from __future__ import annotations

import datetime as dt
import html.parser
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etappe.errors import Faults, MapFault
from etappe.maps.responses import Responses
from etappe.maps.store import Store
from etappe.maps.survey import (
    SCALES,
    Question,
    Survey,
    comparable,
    figure_of,
    nps,
    opportunity,
    read_answers,
)
from etappe.maps.survey_form import TRAP, form, refused, thanks
from etappe.maps.template import new_survey, survey_templates
from etappe.maps.text import to_text

TODAY = dt.date(2026, 6, 30)


def question(**fields: object) -> Question:
    return Question.model_validate({"id": "q", "text": "Wie?", **fields})


def test_nps_agrees_with_the_published_example() -> None:
    """120 promoters, 50 passives, 30 detractors: 45, plus or minus 10.3."""
    figure = nps([10] * 120 + [7] * 50 + [3] * 30)
    assert (figure.value, figure.n) == (pytest.approx(45), 200)
    assert figure.high is not None
    assert figure.value is not None
    assert figure.high - figure.value == pytest.approx(10.3, abs=0.05)


def test_the_opportunity_score_agrees_with_ulwicks_worked_example() -> None:
    """200 of 270 find it important, 75 of 270 are satisfied: 12.04 (12.0 rounded as printed)."""
    figure = opportunity([5] * 200 + [3] * 70, [4] * 75 + [2] * 195)
    assert figure.value == pytest.approx(12.04, abs=0.005)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 12.04 < figure.high
    overserved = opportunity([2] * 50 + [5] * 50, [5] * 100)
    assert overserved.value == pytest.approx(5.0)


def test_csat_is_the_upper_two_and_ces_the_mean() -> None:
    answers = [5, 5, 4, 4, 4, 4, 3, 3, 2, 1]
    figure = figure_of(question(instrument="csat"), answers)
    assert (figure.value, figure.unit) == (0.6, "share")
    assert (figure.low, figure.high) == (pytest.approx(0.3127, abs=5e-4), pytest.approx(0.8318, abs=5e-4))
    assert figure_of(question(instrument="ces"), answers).value == 3.5
    assert figure_of(question(instrument="csat"), answers[:9]).why == "too few"
    assert figure_of(question(instrument="csat"), [*answers, 9, 0]).n == 10


def test_an_old_effort_question_where_low_is_good_is_turned() -> None:
    old = question(instrument="ces", low=1, high=5, direction="low")
    assert figure_of(old, [1] * 12).value == 5


def test_questions_are_comparable_only_where_words_and_scale_agree() -> None:
    one = question(instrument="csat", text="Wie zufrieden waren Sie?")
    assert comparable(one, question(instrument="csat", text="wie  zufrieden waren sie")) == []
    assert len(comparable(one, question(instrument="csat", text="Wie froh?", high=7))) == 2
    assert len(comparable(question(instrument="ces"), question(instrument="ces", direction="low"))) == 1
    assert comparable(one, question(instrument="ces", text="Wie zufrieden waren Sie?")) != []


@pytest.mark.parametrize("fields", [{"instrument": "nps", "high": 7}, {"instrument": "choice", "options": ["eins"]}, {"instrument": "csat", "low": 5, "high": 5}])
def test_a_scale_that_is_none_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((MapFault, Faults)):
        Survey.load({"id": "s", "questions": {"q": {"id": "q", **fields}}})


@given(st.sampled_from(sorted(SCALES)), st.lists(st.integers(0, 10), min_size=10, max_size=60))
def test_a_figure_lies_in_its_interval_and_on_its_scale(instrument: str, answers: list[int]) -> None:
    figure = figure_of(question(instrument=instrument), answers)
    if figure.value is not None:
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9


# -- forms ----------------------------------------------------------------------------------------------------------------


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names += [value or "" for key, value in attrs if key == "name" and tag in ("input", "textarea")]


@pytest.mark.parametrize("template", sorted(survey_templates()))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_template_gives_a_form_without_javascript_in_both_languages(template: str, language: str) -> None:
    survey = new_survey("s", template)
    page = form(survey, language, "/s/s")
    reader = _Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert set(reader.names) >= set(survey.questions)
    assert all(html.escape(item.say("text", language), quote=True) in page for item in survey.questions.values())
    assert f'lang="{language}"' in page
    assert "http" not in page


@given(st.text(max_size=40))
def test_words_of_others_never_become_part_of_the_page(said: str) -> None:
    survey = Survey.load({"id": "s", "title": said + "<script>", "intro": said, "questions": {"q": {"id": "q", "text": said, "instrument": "text"}, "c": {"id": "c", "instrument": "choice", "options": [said + "'\"<b>", "b"]}}})
    plain = Survey.load({"id": "s", "title": "T", "intro": "I", "questions": {"q": {"id": "q", "text": "t", "instrument": "text"}, "c": {"id": "c", "instrument": "choice", "options": ["a", "b"]}}})
    readers = []
    for item in (survey, plain):
        reader = _Reader()
        reader.feed(form(item, "de", "/s", given={"q": said}, faults={"q": "long"}) + thanks(item, "de") + refused("used", "de"))
        readers.append(reader.tags)
    assert readers[0] == readers[1]


def test_answers_are_checked_and_told_by_question() -> None:
    survey = new_survey("nps", "nps")
    assert read_answers(survey, {"recommend": "9", "why": " gut ", "other": "x"}) == ({"recommend": 9, "why": "gut"}, {})
    assert read_answers(survey, {"why": "gut"})[1] == {"recommend": "missing"}
    assert read_answers(survey, {"recommend": "11"})[1] == {"recommend": "number"}
    assert read_answers(survey, {"recommend": "9", "why": "x" * 10_001})[1] == {"why": "long"}
    assert TRAP not in survey.questions


# -- links ----------------------------------------------------------------------------------------------------------------


def opened(**fields: object) -> Survey:
    return new_survey("nps", "nps", state="open", **fields)


def test_a_one_time_link_works_once_also_for_two_at_once(store: Store) -> None:
    responses = Responses(store.database)
    (token,) = responses.invite("nps")
    assert responses.state(opened(), token, TODAY) == "open"
    kept: list[str] = []
    threads = [threading.Thread(target=lambda: kept.append(responses.submit(opened(), {"recommend": "9"}, token=token).id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([id for id in kept if id]) == 1
    assert responses.state(opened(), token, TODAY) == "used"
    assert responses.counts("nps") == {"links": 1, "used": 1, "responses": 1}


def test_a_link_that_is_unknown_expired_or_of_another_survey_opens_nothing(store: Store) -> None:
    responses = Responses(store.database)
    (token,) = responses.invite("nps", expires_on=dt.date(2026, 6, 1))
    assert responses.state(opened(), token, TODAY) == "expired"
    assert responses.state(opened(), "geraten", TODAY) == "unknown"
    assert responses.state(opened(), "", TODAY) == "unknown"
    assert responses.state(opened(access="public"), "", TODAY) == "open"
    (other,) = responses.invite("csat")
    assert responses.state(opened(), other, TODAY) == "unknown"
    assert responses.state(opened(closes_on="2026-01-01"), token, TODAY) == "closed"
    assert responses.state(new_survey("nps", "nps"), token, TODAY) == "closed"


def test_a_form_with_faults_uses_up_no_link_and_keeps_nothing(store: Store) -> None:
    responses = Responses(store.database)
    (token,) = responses.invite("nps")
    assert responses.submit(opened(), {"recommend": "99"}, token=token).faults == {"recommend": "number"}
    assert responses.submit(new_survey("t", "after-purchase", state="open", access="public"), {}).faults == {"": "missing"}
    assert responses.of() == []
    assert responses.state(opened(), token, TODAY) == "open"


def test_an_anonymous_survey_keeps_nothing_of_the_link(store: Store) -> None:
    responses = Responses(store.database)
    first, second = responses.invite("nps", 2, about={"contact_ref": "003x"})
    responses.submit(opened(), {"recommend": "9"}, token=first)
    responses.submit(opened(anonymous=False), {"recommend": "2"}, token=second)
    assert [item.about for item in responses.of("nps")] == [{}, {"contact_ref": "003x"}]
    responses.delivered([responses.of("nps")[0].id])
    assert [item.answers for item in responses.of("nps", undelivered=True)] == [{"recommend": 2}]


def test_a_survey_is_a_document_like_the_others(store: Store) -> None:
    store.create(opened(), "anna")
    assert store.load(Survey, "nps") == opened()
    assert "instrument: nps" in to_text(opened())
