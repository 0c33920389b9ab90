"""The audit log in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import etappe
from etappe.words.audit_about import about
from etappe.words.audit_line import DETAILS, DONE, detail, done

SOURCE = Path(etappe.__file__).parent
NOTED = re.compile(r"""(?:asked\.note|audit\.note|_note)\((?:atlas, |[\w.\[\]:()]+, )?"([^"]+)"(.*)""")
PLACES = [SOURCE / "server", SOURCE / "cli" / "command_people.py"]


def noted() -> list[tuple[str, str]]:
    files = [path for place in PLACES for path in ([place] if place.is_file() else place.rglob("*.py"))]
    return [found.groups() for path in files for found in NOTED.finditer(path.read_text(encoding="utf-8"))]  # type: ignore[misc]


def test_whatever_the_log_is_told_has_words_in_both_languages() -> None:
    lines = noted()
    assert len(lines) > 30
    assert {what for what, _ in lines} - set(DONE) == set()
    assert {name for _, rest in lines for name in re.findall(r"[,(] ?(\w+)=", rest)} - set(DETAILS) - {"exclude_none"} == set()
    assert done("saw account", "de") != done("saw account", "en")


@pytest.mark.parametrize(("language", "said"), [("de", "Rolle: liest · Passwort: nein"), ("en", "Role: viewer · Password: no")])
def test_details_are_words_and_what_says_nothing_is_left_out(language: str, said: str) -> None:
    assert detail({"role": "viewer", "into": None, "filters": {}, "lanes": [], "password": False}, language) == said


def test_what_a_line_was_about_is_read_from_every_way_in_which_it_is_kept() -> None:
    kept = [found for path in PLACES[0].rglob("*.py") for found in re.findall(r"""note\("(saw rows|exported)", f"([a-z ]+) \{""", path.read_text(encoding="utf-8"))]
    assert len(kept) > 12
    for what, beginning in kept:
        read = about(what, f"{beginning} thing-1")
        assert (read.kind != "analysis", read.id) == (True, "thing-1"), f"{what} {beginning}"
    assert about("saw rows", "stages").kind == "analysis"
    assert about("decided", "merge").told("de", lambda *_: None) == "zusammenlegen"
    assert about("saved rules", "stages").told("de", lambda *_: None) == "Regeln „Phasen“"
    assert about("removed map", "buying").told("en", lambda *_: None) == "Journey map “buying”"


def test_details_within_details_are_told_too() -> None:
    assert detail({"filters": {"outcome": ["lost", "won"], "figure": "n"}, "rows": 3}, "en") == "Filters: outcome lost, won, Figure n · Records: 3"
    assert detail(None, "de") == ""
