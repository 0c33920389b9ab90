"""What a document may not become, by whichever way it is edited."""

from __future__ import annotations

import pytest

from etappe.errors import Fault, Faults
from etappe.maps.changes import Add, Change, Remove, Set, Several
from etappe.maps.database import sqlite_url
from etappe.maps.responses import Responses
from etappe.maps.review import Review
from etappe.maps.store import Store
from etappe.maps.survey import Survey

SURVEY = Survey.load(
    {
        "id": "s", "title": "Nach dem Besuch", "access": "public", "anonymous": True, "state": "open",
        "questions": {
            "nps": {"id": "nps", "text": "Würden Sie uns empfehlen?", "instrument": "nps", "translations": {"en": {"text": "Would you recommend us?"}}},
            "how": {"id": "how", "text": "Wie kamen Sie zu uns?", "instrument": "choice", "options": ["Messe", "Suche"]},
            "why": {"id": "why", "text": "Warum?"},
        },
    }
)  # fmt: skip
REVIEW = Review.load(
    {
        "id": "m-1", "of": "m", "map_revision": 3, "started_on": "2026-06-30", "attendees": ["Anna"],
        "claims": {"c1": {"id": "c1", "claim": "coverage(article) >= 0.4", "verdict": "confirmed"}},
        "tasks": {"t1": {"id": "t1", "text": "Nachfragen"}}, "decisions": {"d1": {"id": "d1", "text": "Messe bleibt"}},
    }
)  # fmt: skip


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(sqlite_url(tmp_path_factory.mktemp("laws") / "model.db"))
    made.create(SURVEY, "anna")
    made.create(REVIEW, "anna")
    return made


def question(id: str, field: str, value: object) -> Set:
    return Set(collection="questions", id=id, path=(field,), value=value)


def refused(store: Store, kind: str, id: str, change: Change) -> str:
    before = store.loaded(kind, id)
    with pytest.raises((Fault, Faults)) as told:
        store.apply(kind, id, change, "anna")
    assert store.loaded(kind, id) == before
    return str(told.value)


@pytest.mark.parametrize(
    "change",
    [
        question("nps", "text", "Wie zufrieden sind Sie?"), question("nps", "instrument", "rating"), question("nps", "low_label", "ja"), question("how", "options", ["Messe", "Suche", "Brief"]),
        Remove(collection="questions", id="nps"), Set(collection="questions", id="nps", path=("translations", "en", "text"), value="How satisfied are you?"),
    ],
)  # fmt: skip
def test_what_was_asked_stays_as_it_was_answered(store: Store, change: Change) -> None:
    Responses(store.database).submit(SURVEY, {"nps": "9", "how": "Messe"})
    assert "answered already" in refused(store, "survey", "s", change)


def test_a_question_that_nobody_answered_is_changed_and_so_is_what_is_around_an_answered_one(store: Store) -> None:
    Responses(store.database).submit(SURVEY, {"nps": "9"})
    changes = (
        question("why", "text", "Warum genau?"), Remove(collection="questions", id="how"), question("nps", "required", True), question("nps", "stage", "decision"),
        Set(collection="questions", id="nps", path=("translations", "fr", "text"), value="Nous recommanderiez-vous ?"), Add(collection="questions", thing={"id": "new", "text": "Sonst noch etwas?"}),
        Set(path=("intro",), value="Zwei Minuten"),
    )  # fmt: skip
    found = store.apply("survey", "s", Several(changes=changes), "anna").document
    assert sorted(found.collection("questions")) == ["new", "nps", "why"]


def test_all_that_was_answered_and_is_to_be_changed_is_told_at_once(store: Store) -> None:
    Responses(store.database).submit(SURVEY, {"nps": "9", "how": "Messe"})
    with pytest.raises(Faults) as told:
        store.apply("survey", "s", Several(changes=(question("nps", "text", "a"), question("how", "text", "b"))), "anna")
    assert len(told.value.faults) == 2


def test_who_was_promised_to_stay_anonymous_stays_so(store: Store) -> None:
    named = Set(path=("anonymous",), value=False)
    store.apply("survey", "s", named, "anna")  # nobody was asked yet
    store.apply("survey", "s", Set(path=("anonymous",), value=True), "anna")
    Responses(store.database).invite("s", 1)
    assert "anonymous" in refused(store, "survey", "s", named)


def test_answers_to_one_survey_bind_no_other(store: Store) -> None:
    store.create(Survey.load({**SURVEY.plain(), "id": "other"}), "anna")
    Responses(store.database).submit(SURVEY, {"nps": "9"})
    store.apply("survey", "other", question("nps", "text", "Wie zufrieden sind Sie?"), "anna")


def test_the_numbers_of_a_review_are_never_changed(store: Store) -> None:
    for change in (
        Set(collection="claims", id="c1", path=("verdict",), value="contradicted"), Remove(collection="claims", id="c1"), Add(collection="spots", thing={"id": "b", "what": "Messe"}), Set(path=("of",), value="x"),
    ):  # fmt: skip
        assert "its day" in refused(store, "review", "m-1", change)


def test_of_a_closed_review_only_tasks_go_on(store: Store) -> None:
    store.apply("review", "m-1", Set(collection="decisions", id="d1", path=("text",), value="Messe bleibt bis 2027"), "anna")
    store.apply("review", "m-1", Several(changes=(Set(path=("state",), value="closed"), Set(path=("closed_on",), value="2026-06-30"))), "anna")
    for change in (Set(collection="decisions", id="d1", path=("text",), value="Messe fällt weg"), Remove(collection="decisions", id="d1"), Set(path=("minutes",), value="anders"), Set(path=("title",), value="anders"), Set(path=("state",), value="open"), Remove(collection="tasks", id="t1")):
        assert "closed" in refused(store, "review", "m-1", change)
    done = store.apply("review", "m-1", Set(collection="tasks", id="t1", path=("done",), value=True), "anna").document
    assert done.collection("tasks")["t1"].plain()["done"] is True


def test_a_review_closed_too_early_is_opened_again_by_who_closed_it(store: Store) -> None:
    store.apply("review", "m-1", Several(changes=(Set(path=("state",), value="closed"), Set(path=("closed_on",), value="2026-06-30"))), "anna")
    assert store.undo("review", "m-1", "anna").document.plain().get("state", "open") == "open"


def test_what_was_taken_off_the_list_is_listed_there_and_comes_back(store: Store) -> None:
    store.remove("survey", "s")
    assert ([row.id for row in store.listed("survey")], [row.id for row in store.listed("survey", removed=True)]) == ([], ["s"])
    store.restore("survey", "s", store.listed("survey", removed=True)[0].revision, "anna")
    assert ([row.id for row in store.listed("survey")], store.listed("survey", removed=True)) == (["s"], [])
