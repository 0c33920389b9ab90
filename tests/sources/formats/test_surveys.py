"""What a question measures is read off its words and answers."""

from __future__ import annotations

import pytest

from etappe.sources.formats._surveys import Question, guess, number_in


@pytest.mark.parametrize(
    ("text", "answers", "instrument", "scale"),
    [
        ("Würden Sie uns einem Kollegen weiterempfehlen?", ["0", "10", "7"], "nps", (0, 10)),
        ("How likely are you to recommend us?", ["9 - very likely", "3"], "nps", (0, 10)),
        ("Die Inbetriebnahme war einfach für mich. (1 = stimme gar nicht zu, 7 = stimme voll zu)", ["3", "2"], "ces", (1, 7)),
        ("Die Inbetriebnahme war einfach für mich.", ["7"], "ces", (1, 7)),
        ("How much effort did it take?", ["2", "5"], "ces", (1, 5)),
        ("Wie zufrieden sind Sie mit der Lösung? (1 bis 5)", ["2"], "csat", (1, 5)),
        ("How satisfied are you?", ["8", "2"], "csat", (1, 10)),
        ("Bitte bewerten Sie die Messe in Schulnoten", ["1", "2"], "rating", (1, 5)),
        ("Welche Branche?", ["Maschinenbau", "Maschinenbau", "Chemie"], "choice", (None, None)),
        ("Was hat Sie Zeit gekostet?", ["Die Montage der Sensoren an der Welle hat gedauert."], "text", (None, None)),
        ("Ihre Postleitzahl", ["80331"], "text", (None, None)),
        ("Anzahl der Anlagen", ["12", "3"], "other", (None, None)),
    ],
)  # fmt: skip
def test_words_and_answers_tell_the_instrument(
    text: str, answers: list[str], instrument: str, scale: tuple[float | None, float | None]
) -> None:
    (question,) = guess([Question("q", "q", text)], [{"q": answer} for answer in answers])
    assert (question.instrument, (question.low, question.high)) == (instrument, scale)


def test_satisfaction_is_half_of_a_pair_only_where_the_importance_of_the_same_is_asked() -> None:
    asked = [
        Question("a", "a", "Wie wichtig ist Ihnen [Lieferzeit]"),
        Question("b", "b", "Wie zufrieden sind Sie mit [Lieferzeit]"),
        Question("c", "c", "Wie zufrieden sind Sie mit [Preis]"),
    ]
    assert [question.instrument for question in guess(asked, [{"a": "5", "b": "2", "c": "3"}])] == [
        "importance",
        "satisfaction",
        "csat",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9", 9),
        ("10 - sehr wahrscheinlich", 10),
        ("sehr wahrscheinlich (10)", 10),
        ("Trifft zu: 4", 4),
        ("4,5", 4.5),
        ("vor 3 Jahren", None),
        ("Ja", None),
        ("", None),
    ],
)
def test_an_answers_number(text: str, number: float | None) -> None:
    assert number_in(text) == number
