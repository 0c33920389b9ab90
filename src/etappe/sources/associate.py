"""Joins what came in other files: association tables fill the records they speak of, label tables name their ids.

A fact (`sources.schema.FACTS`) says one field of one record, or the label of a stage, pipeline, owner or campaign. A
field that a record has of its own is never overwritten; a list grows. What its system has deleted is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine

DELETED = "deleted"
_NONE = ibis.literal([], type="array<string>")
_BY_CONTACT = ("events",)  # further contacts of these become participants
# Which columns hold the ids that a label table names.
_LABELLED = {
    "stage": (("deals", "stage"), ("deal_stages", "stage")),
    "pipeline": (("deals", "pipeline"),),
    "owner": (("deals", "owner"), ("accounts", "owner"), ("people", "owner"), ("events", "owner"), ("deal_stages", "owner")),
    "campaign": (("events", "campaign"), ("costs", "campaign"), ("content", "campaign"), ("feedback", "survey"), ("deals", "campaign")),
    "content": (("events", "content"),),
}  # fmt: skip


def associate(evidence: Mapping[str, ir.Table], engine: Engine) -> dict[str, ir.Table]:
    """The evidence with facts joined in; where there are none, the very tables that were given.

    Joins are by source and id against the facts alone, which are few beside the events.
    """
    joined = dict(evidence)
    facts = evidence.get("facts")
    if facts is None:
        return joined
    kinds = engine.rows(facts.select("about", "field").distinct())
    fields: dict[str, list[str]] = {}
    for row in sorted(kinds, key=lambda row: (row["about"], row["field"])):
        fields.setdefault(row["about"], []).append(row["field"])
    for about, named in fields.items():
        if about in EVIDENCE and about in joined:
            joined[about] = _filled(joined[about], facts, about, named, engine)
        else:
            _label(joined, facts, about, named, engine)
    return joined


def _filled(table: ir.Table, facts: ir.Table, about: str, fields: list[str], engine: Engine) -> ir.Table:
    mine = facts.filter(facts.about == about)
    schema = EVIDENCE[about]
    known = [field for field in fields if field in schema]
    said: dict[str, Any] = {f"_{field}": mine.value.collect(where=mine.field == field) for field in known}
    said["_gone"] = (mine.field == DELETED).any()
    pivot = engine.keep(f"facts_of_{about}", mine.group_by("source", "ref").aggregate(**said))
    wide = table.left_join(pivot, [table.source == pivot.source, table.record_id == pivot.ref], rname="{name}_fact")
    wide = wide.filter(~wide["_gone"].fill_null(False)) if DELETED in fields else wide
    filled = {field: _field(wide, table, field) for field in known}
    if about in _BY_CONTACT and "contact_ref" in known:
        filled["participants"] = _with_others(wide, filled.get("participants", wide.participants))
    return wide.mutate(**filled).select(*table.columns)


def _field(wide: ir.Table, table: ir.Table, field: str) -> ir.Value:
    own, said = wide[field], wide[f"_{field}"].sort()
    if table[field].type().is_array():
        both = ibis.coalesce(own, _NONE).concat(ibis.coalesce(said, _NONE)).unique()
        return ibis.cases((both.length() > 0, both), else_=own)
    return ibis.coalesce(own, said[0].try_cast(table[field].type()))


def _with_others(wide: ir.Table, participants: ir.ArrayValue) -> ir.ArrayValue:
    first = ibis.coalesce(wide.contact_ref, wide["_contact_ref"].sort()[0])
    others = ibis.coalesce(wide["_contact_ref"], _NONE).filter(lambda ref: ref != first).map(lambda ref: ibis.literal("id:") + ref)
    both = ibis.coalesce(participants, _NONE).concat(others).unique()
    return ibis.cases((both.length() > 0, both), else_=ibis.null("array<string>"))


def _label(joined: dict[str, ir.Table], facts: ir.Table, about: str, fields: list[str], engine: Engine) -> None:
    mine = facts.filter(facts.about == about)
    said: dict[str, Any] = {f"_{field}": mine.value.max(where=mine.field == field) for field in fields}
    named = engine.keep(f"labels_of_{about}", mine.group_by("source", "ref").aggregate(**said))
    if about == "stage" and "status" in fields and "deals" in joined:
        joined["deals"] = _status(joined["deals"], named)
    if about == "campaign" and "kind" in fields and "events" in joined:
        joined["events"] = _kind(joined["events"], named, "starts_at" in fields)
    if "label" not in fields:
        return
    for name, column in _LABELLED.get(about, ()):
        if name in joined:
            joined[name] = _renamed(joined[name], named, column)


def _by(table: ir.Table, named: ir.Table, column: str) -> ir.Table:
    return table.left_join(named, [table.source == named.source, table[column] == named.ref], rname="{name}_label")


def _renamed(table: ir.Table, named: ir.Table, column: str) -> ir.Table:
    wide = _by(table, named, column)
    return wide.mutate(**{column: ibis.coalesce(wide["_label"], wide[column])}).select(*table.columns)


def _status(deals: ir.Table, named: ir.Table) -> ir.Table:
    """A stage that its pipeline calls won or lost closes the deal, where the deal's own record does not say."""
    wide = _by(deals, named, "stage")
    closed = (wide.status == "open") & wide["_status"].isin(("won", "lost"))
    return wide.mutate(status=ibis.cases((closed, wide["_status"]), else_=wide.status)).select(*deals.columns)


def _kind(events: ir.Table, named: ir.Table, dated: bool) -> ir.Table:
    """Who took part in a campaign that is a fair or webinar was there, on its day."""
    wide = _by(events, named, "campaign")
    there = ((wide.kind == "list_change") & (wide.direction == "in") & wide["_kind"].notnull()).fill_null(False)
    changed = {"kind": ibis.cases((there, wide["_kind"]), else_=wide.kind)}
    if dated:
        start = wide["_starts_at"].try_cast("timestamp('UTC')")
        changed["happened_at"] = ibis.cases((there, ibis.coalesce(start, wide.happened_at)), else_=wide.happened_at)
    return wide.mutate(**changed).select(*events.columns)
