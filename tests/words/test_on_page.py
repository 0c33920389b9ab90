"""What a fault advises is done on the page, where it is read there: no word of the command line is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etappe.words.on_page import ADVICE, on_page, place_on_page
from tests.words.test_german_faults import MET, SOURCE, _advice, _sentences

COMMANDS_ONLY = (
    "cli/", "server/serve.py", "server/safety.py", "server/routes/session.py", "workspace/prints.py", "workspace/forget.py", "workspace/folder.py", "maps/database.py", "maps/workbook/read.py", "maps/reading.py",
    "maps/yaml_file.py", "tables/", "reports/", "identity/rules.py", "identity/overrides.py", "analyses/paths_table.py",
)  # fmt: skip
"""What is only asked for, or only goes wrong, on the command line or before a page is there."""
_TYPED = re.compile(r"`etappe |(^|\s|`)--[a-z]")


@pytest.mark.parametrize("place", [place for place in (*MET, "journeys/story.py", "journeys/build.py", "analyses/analysis.py", "workspace/groups.py") if not place.startswith(COMMANDS_ONLY)])
def test_no_advice_of_the_page_names_a_command(place: str) -> None:
    path = Path(SOURCE / place)
    said = [*_sentences(path), *_advice(path)]
    assert [text for text in said for language in ("de", "en") if _TYPED.search(on_page(text, language))] == [], "say the page's way in words/on_page.py"


def test_the_page_advises_in_both_languages() -> None:
    for pair in ADVICE.values():
        assert pair[0] != pair[1]
    assert on_page("Make one with `etappe map new kauf`.", "de") == "Legen Sie auf der Seite eins an."
    assert on_page("Write it so.", "en") == "Write it so."
    assert place_on_page("--period") == ""
    assert place_on_page("besuche.csv") == "besuche.csv"
