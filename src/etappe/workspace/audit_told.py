"""Lines of the audit log as a reader takes them: in words, with the titles of what they were about, and where that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from etappe.words.audit_about import About, about
from etappe.words.audit_line import DONE, detail, done
from etappe.workspace import answers

if TYPE_CHECKING:
    from etappe.tables.keep import Build
    from etappe.workspace.workspace import Workspace

DOCUMENTS: Final = ("map", "persona", "segment", "survey", "interview", "review")
SHOWN: Final = ("rules", "mapping", "source")
"""Kinds of things that a room shows whatever they are called."""
_NAMED: Final = 50
"""So many companies of a searched name are looked for."""


def told(ws: Workspace, build: Build | None, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, each with what was done, on what, and its details in both languages (`said`), and the thing it leads to (`to`: kind and id)."""
    things = [about(line["what"], line["about"]) for line in lines]
    names = _names(ws, build, things)

    def called(kind: str, id: str, language: str) -> str | None:
        pair = names.get((kind, id))
        return pair[0 if language == "de" else 1] if pair else None

    def said(line: dict[str, Any], thing: About, language: str) -> dict[str, str]:
        return {"what": done(line["what"], language), "about": thing.told(language, called), "detail": detail(line["detail"], language)}

    return [
        {**line, "said": {language: said(line, thing, language) for language in ("de", "en")}, "to": {"kind": thing.kind, "id": thing.id} if (thing.kind, thing.id) in names or thing.kind in SHOWN else None}
        for line, thing in zip(lines, things, strict=True)
    ]  # fmt: skip


def meant(ws: Workspace, build: Build | None, search: str) -> tuple[list[str], list[str]]:
    """What a reader may mean by searched words: kinds of lines as the log keeps them, and ids of things that are called so."""
    said = search.strip().lower()
    if not said:
        return [], []
    kinds = [kind for kind, pair in DONE.items() if any(said in words.lower() for words in pair)]
    things = [row.id for kind in DOCUMENTS for row in ws.atlas.listed(kind) if said in (row.title or "").lower()]
    if build is not None:
        with ws._engine() as engine:
            accounts = answers.built(engine, build)["resolved_accounts"]
            named = accounts.name.lower().contains(said) | accounts.domain.lower().contains(said)
            things += [row["account_id"] for row in engine.rows(accounts.filter(named).select("account_id").limit(_NAMED))]
    return kinds, things


def _names(ws: Workspace, build: Build | None, things: Sequence[About]) -> dict[tuple[str, str], tuple[str, str]]:
    """What the things are called, German first; those that are not there any more are missing."""
    wanted = {kind: {thing.id for thing in things if thing.kind == kind} for kind in {thing.kind for thing in things}}
    names: dict[tuple[str, str], tuple[str, str]] = {(kind, row.id): (row.title or row.id, row.title or row.id) for kind in DOCUMENTS if kind in wanted for row in ws.atlas.listed(kind)}
    if wanted.get("analysis"):  # analyses take their time to load, and few lines are about one
        from etappe.analyses import analysis

        names |= {("analysis", name): (analysis.find(name).title_de, analysis.find(name).title) for name in wanted["analysis"] & set(analysis.names())}
    if build is not None and wanted.get("account"):
        # In the build's files: the first request to a server may be this one, and loading an engine takes longer than all of it.
        rows = answers.looked_up(build).rows("resolved_accounts", ("account_id", "name", "domain"), account_id=sorted(wanted["account"]))
        called = ((row["account_id"], row["name"] or row["domain"]) for row in rows)
        names |= {("account", id): (name, name) for id, name in called if name}
    return names
