import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.errors import Faults, RulesFault
from etappe.identity.decisions import Decision, append_decision, dump, identifier, parse, read_decisions, text_of
from etappe.identity.overrides import overrides
from tests.identity.evidence import decided

PERSONS = st.sampled_from(
    ["max@firma.de", "contact:salesforce:0031x00000AbCdE", "cookie:c1", "user:17", "phone:+4971112345"]
)
ACCOUNTS = st.sampled_from(["firma.de", "account:hubspot:42", "name:muster gmbh"])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
TIMES = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=dt.UTC)
)
DECISIONS = st.one_of(
    st.builds(Decision, st.just("merge"), st.tuples(PERSONS), PERSONS, WORDS.filter(bool), TIMES, WORDS),
    st.builds(Decision, st.just("split"), st.tuples(ACCOUNTS), st.just(""), WORDS.filter(bool), TIMES, WORDS),
    st.builds(
        Decision,
        st.just("assign"),
        st.tuples(PERSONS, PERSONS),
        ACCOUNTS | st.just("none"),
        WORDS.filter(bool),
        TIMES,
        WORDS,
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(DECISIONS, max_size=4))
def test_decisions_are_read_as_they_were_written(decisions: list[Decision]) -> None:
    assert parse(dump(decisions)) == sorted(decisions, key=lambda decision: decision.at)


@given(PERSONS | ACCOUNTS)
def test_an_identifier_is_read_as_it_is_shown(text: str) -> None:
    assert identifier(text_of(*identifier(text))) == identifier(text)


def test_a_salesforce_id_of_18_characters_is_the_one_of_15() -> None:
    assert identifier("contact:salesforce:0031x00000AbCdEFAA") == identifier("contact:salesforce:0031x00000AbCdE")


def test_a_file_that_people_edit_keeps_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(
        "# our decisions\n- decision: merge\n  what: a@b.de\n  into: c@b.de\n  author: Anna\n  at: 2026-03-01",
        encoding="utf-8",
    )
    append_decision(path, decided("assign", ["c@b.de"], "b.de", day=2))
    assert path.read_text(encoding="utf-8").startswith("# our decisions\n")
    assert [decision.kind for decision in read_decisions(path)] == ["merge", "assign"]


def test_a_decision_that_makes_no_sense_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    with pytest.raises(RulesFault, match="mixes persons and companies"):
        append_decision(path, decided("merge", ["max@firma.de"], "firma.de"))
    assert not path.exists()


def test_all_faults_of_the_file_are_told_at_once_each_with_its_line() -> None:
    text = (
        "- decision: join\n  what: a@b.de\n  at: 2026-01-01\n"
        "- decision: merge\n  what: [a@b.de, nonsense]\n  into: c@b.de\n  at: 2026-01-01\n"
        "- decision: assign\n  what: a@b.de\n  into: c@b.de\n  at: 2026-01-01\n"
        "- decision: split\n  what: a@b.de\n"
    )
    with pytest.raises(Faults) as raised:
        parse(text, "rules/decisions.yaml")
    assert [fault.where for fault in raised.value.faults] == [
        f"rules/decisions.yaml:{line}:3" for line in (1, 4, 8, 12)
    ]


def test_broken_yaml_is_told_with_its_place() -> None:
    with pytest.raises(RulesFault) as raised:
        parse("- decision: [merge\n", "rules/decisions.yaml")
    assert raised.value.where.startswith("rules/decisions.yaml:")


def test_the_later_of_two_decisions_wins() -> None:
    merge = decided("merge", ["a@b.de"], "c@b.de", day=1)
    split = decided("split", ["a@b.de"], "c@b.de", day=2)
    assert overrides([merge, split])[0].together == []
    assert overrides([split, decided("merge", ["a@b.de"], "c@b.de", day=3)])[0].apart == []
