"""A workspace's identity rules and human decisions, read from and appended to their text files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import Fault
from etappe.workspace.folder import Folder

# What reads the text is loaded where it is read: most answers are told from the build alone.
if TYPE_CHECKING:
    from etappe.analyses.money import Rates
    from etappe.identity.decisions import Decision
    from etappe.identity.rules import IdentityRules


def templates() -> list[Path]:
    """The rule files that a new workspace starts from."""
    from etappe.analyses.playbook_rules import QUESTION_TEMPLATES
    from etappe.identity.rules import TEMPLATE
    from etappe.journeys.rules import TEMPLATES

    return [TEMPLATE, *sorted(TEMPLATES.glob("*.yaml")), *sorted(QUESTION_TEMPLATES.glob("*.yaml"))]


def rates(folder: Folder) -> Rates:
    """`rules/currencies.yaml`; no rates where there is none."""
    from etappe.analyses.money import Rates

    path = folder.rules / "currencies.yaml"
    return Rates.parse(path.read_text(encoding="utf-8-sig"), path) if path.exists() else Rates()


def playbook(folder: Folder) -> tuple[str, ...]:
    """The sentences of `rules/playbook.yaml`; none where there is none."""
    from etappe.analyses.playbook_rules import read_sentences

    path = folder.rules / "playbook.yaml"
    return read_sentences(path.read_text(encoding="utf-8-sig"), path) if path.exists() else ()


def identity_rules(folder: Folder) -> IdentityRules:
    """`rules/identity.yaml`, or the defaults where there is none."""
    from etappe.identity.rules import IdentityRules

    path = folder.rules / "identity.yaml"
    return IdentityRules.parse(path.read_text(encoding="utf-8"), path) if path.exists() else IdentityRules()


def names(folder: Folder) -> dict[str, dict[str, dict[str, str]]]:
    """What the rules call touchpoints, stages and channels, German and English: list → id → language → name."""
    from etappe.journeys.rules import JourneyRules

    return JourneyRules.load(folder.rules).names


def readable_names(folder: Folder) -> dict[str, dict[str, dict[str, str]]] | None:
    """The same; None, and so the house's own names, where the rules cannot be read: a document is shown all the same."""
    try:
        return names(folder)
    except Fault:
        return None


def human_decisions(folder: Folder) -> list[Decision]:
    """`rules/decisions.yaml`, the oldest first; none where there is none."""
    from etappe.identity.decisions import read_decisions

    return read_decisions(folder.rules / "decisions.yaml")


def decide(folder: Folder, kind: str, what: Sequence[str], into: str, author: str, reason: str) -> dict[str, Any]:
    """Checks one decision and appends it; what stands in the file, comments too, stays as it is."""
    from etappe.identity.decisions import Decision, append_decision

    made = Decision(kind, tuple(what), into, author, dt.datetime.now(dt.UTC), reason)  # type: ignore[arg-type]
    path = folder.rules / "decisions.yaml"
    append_decision(path, made)
    return {"file": str(path), "decision": made.to_dict()}
