"""Lists of companies kept as segments, and how large the workspace's segments are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from etappe.errors import QuestionFault
from etappe.words.said import said
from etappe.workspace import answers
from etappe.workspace.groups import companies_of, rules_of

if TYPE_CHECKING:
    from etappe.tables.engine import Engine
    from etappe.tables.keep import Build
    from etappe.workspace.workspace import Workspace

_LIVING = ("tier", "industry", "country", "type")
_OTHERS = ("search", "owner", "kind", "outcome", "stage", "segment", "quiet")


def living_rule(asking: Mapping[str, Any]) -> dict[str, Any]:
    """The rule that finds what filters find, today and later.

    Raises
    ------
    QuestionFault
        If no filter is set, or one of them is not of the company itself.
    """
    other = [name for name in _OTHERS if asking.get(name)]
    rule = {name: [f"^{re.escape(value)}$" for value in asking[name]] for name in _LIVING if asking.get(name)}
    if other or not rule:
        what = said("These filters cannot be a rule: {names}.", "Diese Filter können keine Regel sein: {names}.", names=other) if other else said("No filter is set.", "Es ist kein Filter gesetzt.")
        raise QuestionFault(what, "living", said("Keep the companies themselves instead.", "Behalten Sie stattdessen die Unternehmen selbst."))
    return rule


def listed_rule(ws: Workspace, build: Build, ids: Sequence[str]) -> dict[str, Any]:
    """The rule that names companies: by their domain, else their name where it is no other's, so that it outlives a build.

    Raises
    ------
    QuestionFault
        If there is none of them.
    """
    wanted = sorted(set(ids))
    with ws._engine() as engine:
        accounts = answers.built(engine, build)["resolved_accounts"]
        rows = engine.rows(accounts.filter(accounts.account_id.isin(wanted)).select("account_id", "name", "domain")) if wanted else []
        nameless = sorted({row["name"] for row in rows if row["name"] and not row["domain"]})
        called = Counter(row["name"] for row in engine.rows(accounts.filter(accounts.name.isin(nameless)).select("name"))) if nameless else Counter()
    if not rows:
        raise QuestionFault(
            said("There is no company in this list.", "In dieser Liste ist kein Unternehmen."), "accounts",
            said("Take a filter away, then keep it again.", "Nehmen Sie einen Filter heraus, dann behalten Sie sie noch einmal."),
        )
    return {"accounts": sorted({str(row["domain"] or (row["name"] if called[row["name"]] == 1 else row["account_id"])) for row in rows})}


def sizes(ws: Workspace, engine: Engine, build: Build) -> dict[str, int]:
    """How many companies each segment with a rule has."""
    found = companies_of(answers.tables(ws.folder, engine, build), rules_of(ws.atlas, "segment"))
    return {name: engine.count(table) for name, table in found.items()}
