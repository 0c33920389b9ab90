"""The workspace's own personas and segments as groups of people and companies that any question may be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from etappe.errors import QuestionFault
from etappe.settings import Settings
from etappe.workspace import documents
from etappe.workspace.folder import Folder

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.analyses.analysis import Tables
    from etappe.workspace.atlas import Atlas


def with_groups(found: Tables, folder: Folder, settings: Settings, given: Mapping[str, Any]) -> Tables:
    """The tables with the persons of the personas, and the companies of the segments, that a question names."""
    by_persona = "persona" in given or given.get("matrix") == "persona"
    if not (by_persona or "segment" in given) or not documents.there_may_be(folder, settings):
        return with_members(found, {}, _names(given, "persona")) if by_persona else found
    from etappe.workspace.atlas import Atlas

    atlas = Atlas(folder, settings)
    try:
        if by_persona:
            found = with_members(found, rules_of(atlas, "persona"), _names(given, "persona"))
        if "segment" in given:
            found = replace(found, segments=companies_of(found, rules_of(atlas, "segment", _names(given, "segment"))))
        return found
    finally:
        atlas.close()


def with_members(found: Tables, rules: Mapping[str, Any], wanted: list[str]) -> Tables:
    """The tables with the persons of these personas (all that have a rule, where none is wanted).

    Raises
    ------
    NotFound, QuestionFault
        For a persona that does not exist, or has no rule.
    """
    from etappe.analyses.analysis import unknown
    from etappe.analyses.measures.belonging import persons_of

    for name in wanted:
        if name not in rules:
            raise unknown("persona", name, rules)
        if not rules[name]:
            raise QuestionFault(f"the persona {name!r} has no rule: nobody knows who belongs", "--persona", f"say `rule` in it: etappe persona export {name}")
    return replace(found, members={name: persons_of(found, rule) for name, rule in rules.items() if rule and (not wanted or name in wanted)})


def companies_of(found: Tables, rules: Mapping[str, Any]) -> dict[str, ir.Table]:
    """The companies of segments that have a rule: a table with `account_id` each."""
    from etappe.analyses.measures.belonging import accounts_of

    return {name: accounts_of(found, rule) for name, rule in rules.items() if rule}


def rules_of(atlas: Atlas, kind: str, wanted: list[str] | None = None) -> dict[str, Any]:
    """The rules of personas or segments by their ids; of those wanted alone, where any are named."""
    return {row.id: getattr(atlas.load(kind, row.id)[0], "rule", {}) for row in atlas.listed(kind) if wanted is None or row.id in wanted}


def choices(atlas: Atlas, kind: str) -> list[dict[str, str]]:
    """The personas or segments that a filter can offer: those with a rule, by title."""
    rules = rules_of(atlas, kind)
    return sorted(({"value": row.id, "title": row.title or row.id} for row in atlas.listed(kind) if rules.get(row.id)), key=lambda item: item["title"].lower())


def stamp(atlas: Atlas, given: Mapping[str, Any]) -> dict[str, int]:
    """The revisions of the personas and segments that a question depends on: an answer is kept for as long as they stay."""
    kinds = [kind for kind in ("persona", "segment") if kind in given or given.get("matrix") == kind]
    return {f"{kind} {row.id}": row.revision for kind in kinds for row in atlas.listed(kind)}


def _names(given: Mapping[str, Any], kind: str) -> list[str]:
    said = given.get(kind) or ()
    return [item.strip() for item in said.split(",")] if isinstance(said, str) else [str(item) for item in said]
