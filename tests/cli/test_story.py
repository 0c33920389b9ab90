"""`etappe account` tells a company's story in the words, dates and numbers of the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from etappe.cli.story import print_story

OWN = {"touchpoint": {"plant_tour": {"de": "Werksführung", "en": "Plant tour"}}}
STEP = {"stage": "first_talks", "touchpoint": "plant_tour", "channel": "fair", "name": "Halle 3"}
STORY: dict[str, Any] = {
    "account": {"name": "Muster Maschinenbau", "domain": "muster.example", "city": None, "country": "DE"},
    "persons": [
        {"person_id": "p1", "name": "Eva Lang", "title": "CTO", "role": "decider", "first_at": "2026-03-31T22:30:00+00:00", "last_at": "2026-04-02T08:00:00+00:00", "steps": 1200},
        {"person_id": "p2", "name": None, "title": None, "role": None, "first_at": "2026-04-02T08:00:00+00:00", "last_at": "2026-04-02T08:00:00+00:00", "steps": 1},
    ],
    "journeys": [
        {
            "kind": "first_purchase", "started_at": "2026-03-31T22:30:00+00:00", "ended_at": None, "outcome": "open",
            "first_sales_contact": {"at": "2026-03-31T22:30:00+00:00", "touchpoint": "plant_tour", "stage": "first_talks"},
            "stages": [{"stage": "first_talks", "entered_at": "2026-03-31T22:30:00+00:00", "left_at": None, "days": 1.5, "left_to": None, "entered_by": "plant_tour"}],
            "steps": [{**STEP, "happened_at": "2026-03-31T22:30:00+00:00", "person_id": "p1"}, {**STEP, "happened_at": "2026-04-02T08:00:00+00:00", "person_id": "p2"}],
        }
    ],
    "unresolved": [{}],
}  # fmt: skip

GERMAN = """\
Muster Maschinenbau · muster.example, DE

Personen
Person            Titel  Rolle            erster Kontakt  letzter Kontakt  Schritte
Eva Lang          CTO    Entscheider      01.04.2026      02.04.2026          1.200
Unbekannte Person        Rolle unbekannt  02.04.2026      02.04.2026              1

Journey 1 · Erstkauf · läuft seit 01.04.2026
Erster Vertriebskontakt 01.04.2026: Werksführung, Vorgespräche
Phase         von         bis    Tage  betreten durch
Vorgespräche  01.04.2026  läuft   1,5  Werksführung

Datum       Phase         Touchpoint    Kanal  Person    Inhalt
01.04.2026  Vorgespräche  Werksführung  Messe  Eva Lang  Halle 3
… 1 weiterer Schritt (--steps 2)

1 Kontakt seiner Personen gehört zu keiner Journey
"""


def test_a_story_is_told_in_the_readers_language_with_the_workspaces_own_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Days are those of the workspace's zone: half past ten at night in London is the next day in Berlin."""
    print_story(STORY, 1, "de", OWN, "Europe/Berlin")
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [" ".join(line.split()) for line in GERMAN.splitlines()]


def test_an_english_reader_meets_no_id(capsys: pytest.CaptureFixture[str]) -> None:
    print_story(STORY, 5, "en", OWN, "UTC")
    told = capsys.readouterr().out
    for word in ("Plant tour", "31\xa0Mar\xa02026", "1,200"):
        assert word in told
    assert not {"plant_tour", "first_talks", "first_purchase", "None"} & set(told.replace(",", " ").split())


@pytest.mark.parametrize(("domain", "called"), [(None, "(ohne Namen) a1b2"), ("muster.example", "muster.example")])
def test_a_company_without_a_name_is_called_as_answers_call_it(capsys: pytest.CaptureFixture[str], domain: str | None, called: str) -> None:
    print_story({**STORY, "account": {"account_id": "a1b2", "name": None, "domain": domain}}, 1, "de", OWN, "UTC")
    assert capsys.readouterr().out.startswith(called)
