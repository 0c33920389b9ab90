"""What a persona's rule finds before it is kept: how many people, in how many companies, with which job titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import ibis

from etappe.analyses.answer import proportion
from etappe.analyses.measures.belonging import persons_of
from etappe.analyses.measures.persons import SIZE
from etappe.workspace import answers
from etappe.workspace.check import figure_of
from etappe.workspace.groups import rules_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.tables.engine import Engine
    from etappe.tables.keep import Build
    from etappe.workspace.workspace import Workspace

SHOWN: Final = 12
"""Job titles that are named."""


def found_by(ws: Workspace, engine: Engine, build: Build, rule: Mapping[str, Any], persona: str = "") -> dict[str, Any]:
    """What a rule finds today, in the shape of the API.

    Parameters
    ----------
    rule : mapping
        Fields of people to patterns, as a persona has them.
    persona : str
        The persona whose rule it is to be: people of the *other* personas are nobody's any more.

    Returns
    -------
    dict
        `persons`, `accounts` (counts), `share` of the known people (figure), `recipe`, `as_of`; `titles`, the most usual
        job titles of those it finds, and `others`, those of people whom no persona finds: `{title, persons}` each.

    Raises
    ------
    QuestionFault
        For a pattern that cannot be read.
    """
    tables = answers.tables(ws.folder, engine, build)
    persons = tables.built["persons"]
    known = persons.filter(~persons.internal.fill_null(False) & ~persons.anonymous.fill_null(False))
    mine = known.semi_join(persons_of(tables, rule), "person_id")
    theirs = [persons_of(tables, other) for name, other in rules_of(ws.atlas, "persona").items() if other and name != persona]
    nobody = known.anti_join(mine, "person_id")
    for members in theirs:
        nobody = nobody.anti_join(members, "person_id")
    counted = engine.rows(mine.agg(persons=mine.count(), accounts=mine.account_id.nunique()))[0]
    return {
        "persons": int(counted["persons"]), "accounts": int(counted["accounts"]), "share": figure_of(proportion(int(counted["persons"]), engine.count(known), SIZE)),
        "recipe": SIZE.in_both(), "as_of": build.as_of.date().isoformat(), "titles": _titles(engine, mine), "others": _titles(engine, nobody),
    }  # fmt: skip


def _titles(engine: Engine, persons: ir.Table) -> list[dict[str, Any]]:
    """The most usual job titles."""
    called = persons.filter(persons.title.notnull() & (persons.title != ""))
    counted = called.group_by(title=called.title).agg(persons=called.count()).order_by([ibis.desc("persons"), "title"]).limit(SHOWN)
    return [{"title": str(row["title"]), "persons": int(row["persons"])} for row in engine.rows(counted)]
