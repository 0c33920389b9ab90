"""Commands speak the workspace's language; what scripts read stays English."""

from __future__ import annotations

import json
import re

import pytest

from etappe.cli.main import main
from etappe.cli.speech import Speech
from etappe.words.result import Figure
from etappe.words.said import said
from etappe.workspace.workspace import Workspace

ENGLISH = re.compile(r"\b(the|of|and|is|are|with|records|wait|last|built|events|rule|where|next|remembered|nothing|file)\b")


@pytest.mark.parametrize(
    "words",
    [["status"], ["build"], ["why", "--account", "NAME"], ["identity", "assign", "nobody@nowhere.example", "--to", "NAME"], ["forget", "nobody@nowhere.example", "--yes"], ["account", "Quatsch"], ["retire"]],
)  # fmt: skip
def test_a_german_workspace_hears_no_english(own: Workspace, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name = own.show("journeys", rows=True).behind(1)[0]["account"]
    with pytest.raises(SystemExit):
        main(["-w", str(own.folder.root), *[name if word == "NAME" else word for word in words]])
    told = capsys.readouterr()
    said_ = re.sub(r"`[^`]*`|/\S+", "", told.out + told.err)
    assert said_.strip()
    assert ENGLISH.findall(said_) == []


def test_scripts_read_the_same_in_every_language(own: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    def told(language: str) -> str:
        text = own.folder.settings.read_text(encoding="utf-8")
        own.folder.settings.write_text(re.sub('language = "[a-z]+"', f'language = "{language}"', text), encoding="utf-8")
        out = []
        for words in (["status", "--json"], ["why", "--account", "Quatsch", "--json"], ["forget", "nobody@nowhere.example", "--yes", "--json"]):
            with pytest.raises(SystemExit):
                main(["-w", str(own.folder.root), *words])
            heard = capsys.readouterr()
            out.append(json.loads(heard.out or heard.err))
        return json.dumps(out)

    assert told("de") == told("en")


def test_cells_are_written_as_the_language_does() -> None:
    de, en = Speech("de"), Speech("en")
    assert [de.cell(value) for value in (1234, 0.5, True, None, "2026-03-31", ["a", "b"], Figure(0.5, 0.4, 0.6, 9, unit="share"))] == ["1.234", "0,50", "ja", "", "31.03.2026", "a, b", "50 % (40–60)"]
    assert [en.cell(value) for value in (1234, True, "2026-03-31")] == ["1234", "yes", "2026-03-31"]
    assert de.of(said("{n} files", "{n} Dateien", n=1200)) == "1.200 Dateien"
    assert de.of("check the path") == "Prüfen Sie den Pfad."
    assert de.of("Muster AG") == "Muster AG"
