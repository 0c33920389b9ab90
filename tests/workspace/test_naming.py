"""A build keeps what the rules called things, so that they are told without reading the rules."""

from __future__ import annotations

from etappe.workspace import rules
from etappe.workspace.naming import names_of
from etappe.workspace.workspace import Workspace


def test_a_build_has_the_names_of_its_rules(built: Workspace) -> None:
    assert names_of(built.current()) == rules.names(built.folder)
