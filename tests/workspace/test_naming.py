"""A build keeps what the rules called things, so that they are told without reading the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.workspace import rules
from etappe.workspace.naming import names_of
from etappe.workspace.workspace import Workspace, init_workspace


def test_a_build_has_the_names_of_its_rules(built: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = rules.names(built.folder)
    monkeypatch.setattr(rules, "readable_names", lambda _folder: None)
    assert names_of(built.folder) == expected


def test_before_the_first_build_the_names_are_those_of_the_rules(tmp_path: Path) -> None:
    made = init_workspace(tmp_path / "new")
    assert names_of(made.folder) == rules.names(made.folder)
