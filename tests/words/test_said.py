"""Sentences in two languages."""

import doctest
import pickle

from etappe.words import said as room
from etappe.words.result import Query, Recipe, Result
from etappe.words.said import said, spoken


def test_the_examples_of_the_docstring_hold():
    assert doctest.testmod(room).failed == 0


def test_numbers_dates_and_words_are_said_as_each_language_does():
    import datetime as dt

    text = said("{n} of {day}: {x}", "{n} vom {day}: {x}", n=12345, day=dt.date(2026, 3, 1), x=[said("one", "eins"), "use"])
    assert text == "12,345 of 2026-03-01: one, use"
    assert spoken(text, "de", {"use": "Nutzung"}.get) == "12.345 vom 01.03.2026: eins, Nutzung"
    assert spoken(pickle.loads(pickle.dumps(text)), "de") == "12.345 vom 01.03.2026: eins, use"
    assert spoken("as it is", "de") == "as it is"


def test_an_answer_speaks_either_language_and_its_rows_and_query_can_be_called():
    answer = Result(
        "stages", Recipe("stages", 1, said("share", "Anteil")), ("a",), [{"a": 1}], caveats=(said("few", "wenige"),), sql="SELECT 1",
        evidence=lambda limit: [{"b": n} for n in range(5)][:limit], title=said("Stages", "Phasen"),
    )  # fmt: skip
    german = answer.spoken("de")
    assert (german.title, german.recipe.words, german.caveats) == ("Phasen", "Anteil", ("wenige",))
    assert german.to_dict()["rows"] == answer.to_dict()["rows"]
    assert answer.rows == [{"a": 1}]
    assert answer.rows(2) == german.rows(2) == [{"b": 0}, {"b": 1}]
    assert answer.sql() == answer.sql == "SELECT 1"


def test_a_query_is_written_when_it_is_read_and_once_for_all_who_read_it():
    written: list[str] = []
    answer = Result("stages", Recipe("stages", 1, "share"), (), [], sql=Query(lambda: written.append("SELECT 1") or written[-1]))
    german = answer.spoken("de")
    assert not written
    assert "SELECT" in german.sql
    assert answer.sql() == str(german.sql) == "SELECT 1"
    assert len(written) == 1
