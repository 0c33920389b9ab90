"""Joins what came in other files: association tables fill the records they speak of, label tables name their ids.

A fact (`sources.schema.FACTS`) says one field of one record, or the label of a stage, pipeline, owner or campaign. A
field that a record has of its own is never overwritten; a list grows. What its system has deleted since it was last
exported is left out, and so is a deal that was merged into another, which takes over its stages, people and events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.sources.formats._contacts import at_event, membership
from etappe.sources.formats._deals import OWN, STAGES
from etappe.sources.formats._facts import DELETED
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine

_NONE = ibis.literal([], type="array<string>")
# Which columns hold the ids that a label table names, by table.
_LABELLED: dict[str, dict[str, str]] = {
    "events": {"campaign": "campaign", "owner": "owner", "content": "content"},
    "deals": {"stage": "stage", "pipeline": "pipeline", "owner": "owner", "campaign": "campaign"},
    "deal_stages": {"stage": "stage", "owner": "owner"},
    "accounts": {"owner": "owner"},
    "people": {"owner": "owner"},
    "costs": {"campaign": "campaign"},
    "content": {"campaign": "campaign"},
    "feedback": {"survey": "campaign"},
}
_MERGED = "merged_into"
_OF_DEALS = ("events", "deal_stages", "deal_roles")  # the tables that name deals

Said = dict[str, list[str]]


def associate(evidence: Mapping[str, ir.Table], engine: Engine) -> dict[str, ir.Table]:
    """The evidence with facts joined in; where there are none, the very tables that were given.

    Joins are by source and id against the facts alone, which are few beside the events.

    Parameters
    ----------
    evidence : mapping of name to table
        As in sources.schema.EVIDENCE, current versions only.
    engine : Engine
        Keeps the facts, pivoted: a row a record or label.
    """
    joined = dict(evidence)
    facts = evidence.get("facts")
    said: Said = {}
    if facts is not None:
        for row in sorted(engine.rows(facts.select("about", "field").distinct()), key=lambda row: (row["about"], row["field"])):
            said.setdefault(row["about"], []).append(row["field"])
    if facts is not None and said:
        for name in [name for name in said if name in EVIDENCE and name in joined]:
            joined[name] = _filled(joined[name], facts, name, said[name], engine)
        if _MERGED in said.get("deals", ()):
            _follow_merges(joined, facts, engine)
        _name_ids(joined, _labels(facts, said, engine))
    if "deal_stages" in joined:
        joined["deal_stages"] = _histories(joined["deal_stages"], engine)
    return joined


# -- fields of records -------------------------------------------------------------------------------------------------


def _filled(table: ir.Table, facts: ir.Table, about: str, fields: list[str], engine: Engine) -> ir.Table:
    mine = facts.filter(facts.about == about)
    many = {field: table[field].type().is_array() or (about, field) == ("events", "contact_ref") for field in fields if field in EVIDENCE[about]}
    said: dict[str, Any] = {f"_{field}": _pick(mine, field, several) for field, several in many.items()}
    said["_gone_at"] = mine.learned_at.max(where=mine.field == DELETED)
    said["_gone"] = (mine.field == DELETED).any() | (mine.field == _MERGED).any()
    pivot = engine.keep(f"facts_of_{about}", mine.group_by("source", "ref").aggregate(**said))
    wide = table.left_join(pivot, [table.source == pivot.source, table.record_id == pivot.ref], rname="{name}_fact")
    if DELETED in fields or _MERGED in fields:
        # A record that was exported again after it had been deleted was taken back from the bin.
        back = (wide["_gone_at"] < wide.learned_at).fill_null(False)
        wide = wide.filter(~wide["_gone"].fill_null(False) | back)
    filled = {field: _field(wide, table, field) for field in many}
    if about == "events":
        filled |= _of_event(wide, filled, many)
    return wide.mutate(**filled).select(*table.columns)


def _pick(mine: ir.Table, field: str, several: bool) -> ir.Value:
    told = mine.field == field
    return mine.value.collect(where=told) if several else mine.value.min(where=told)


def _field(wide: ir.Table, table: ir.Table, field: str) -> ir.Value:
    own, said = wide[field], wide[f"_{field}"]
    if table[field].type().is_array():
        # One fact may name several at once ("a;b").
        both = ibis.coalesce(own, _NONE).concat(ibis.coalesce(said.join(";").split(";"), _NONE)).unique().sort()
        return ibis.cases((said.notnull(), both), else_=own)
    first = said.sort()[0] if said.type().is_array() else said
    return ibis.coalesce(own, first if own.type().is_string() else first.try_cast(own.type()))


def _of_event(wide: ir.Table, filled: dict[str, ir.Value], many: dict[str, bool]) -> dict[str, ir.Value]:
    """Further contacts take part; a kind that another file knows better (an unsubscription) replaces the event's."""
    made: dict[str, ir.Value] = {}
    if "contact_ref" in many:
        first, own = filled["contact_ref"], filled.get("participants", wide.participants)
        others = ibis.coalesce(wide["_contact_ref"], _NONE).filter(lambda ref: ref != first).map(lambda ref: ibis.literal("id:") + ref)
        both = ibis.coalesce(own, _NONE).concat(others).unique().sort()
        made["participants"] = ibis.cases((others.length() > 0, both), else_=own)
    if "kind" in many:
        made["kind"] = ibis.coalesce(wide["_kind"], wide.kind)
    return made


def _follow_merges(joined: dict[str, ir.Table], facts: ir.Table, engine: Engine) -> None:
    """What named a deal that was merged into another names the other."""
    merged = facts.filter((facts.about == "deals") & (facts.field == _MERGED))
    heirs = engine.keep("merged_deals", merged.group_by("source", "ref").aggregate(heir=merged.value.min()))
    for name in _OF_DEALS:
        if name in joined:
            table = joined[name]
            wide = table.left_join(heirs, [table.source == heirs.source, table.deal_ref == heirs.ref], rname="{name}_heir")
            joined[name] = wide.mutate(deal_ref=ibis.coalesce(wide.heir, wide.deal_ref)).select(*table.columns)


# -- labels ------------------------------------------------------------------------------------------------------------


def _labels(facts: ir.Table, said: Said, engine: Engine) -> dict[str, ir.Table]:
    """A row an id that has a label, by what the ids are of; the newest label counts."""
    kinds = {about: "stage" if about in STAGES else about for about in said if about not in EVIDENCE}
    made = {}
    for kind in sorted(set(kinds.values())):
        mine = facts.filter(facts.about.isin([about for about, of in kinds.items() if of == kind]))
        columns: dict[str, Any] = {f"_{field}": mine.value.argmax(mine.learned_at.fill_null(_LONG_AGO), where=mine.field == field) for field in ("label", "kind", "starts_at", "status")}
        columns["_about"] = mine.about.argmax(mine.learned_at.fill_null(_LONG_AGO))
        made[kind] = engine.keep(f"labels_of_{kind}", mine.group_by("source", "ref").aggregate(**columns))
    return made


_LONG_AGO = ibis.timestamp("1970-01-01 00:00:00+00:00").cast("timestamp('UTC')")


def _name_ids(joined: dict[str, ir.Table], labels: Mapping[str, ir.Table]) -> None:
    for name, columns in _LABELLED.items():
        for column, kind in columns.items():
            if name in joined and kind in labels:
                joined[name] = _named(joined[name], labels[kind], name, column)


def _named(table: ir.Table, labels: ir.Table, name: str, column: str) -> ir.Table:
    """The label in place of the id, and what else the label's file says of the record that has it."""
    wide = table.left_join(labels, [table.source == labels.source, table[column] == labels.ref], rname="{name}_label")
    changed: dict[str, ir.Value] = {column: ibis.coalesce(wide["_label"], wide[column])}
    if (name, column) == ("deals", "stage"):
        changed |= _closed(wide)
    if (name, column) == ("events", "campaign"):
        changed |= _visited(wide)
    return wide.mutate(**changed).select(*table.columns)


def _closed(wide: ir.Table) -> dict[str, ir.Value]:
    """A stage that its pipeline calls won or lost closes the deal, where the deal's own record does not say."""
    told = ibis.coalesce(wide["_status"], *[ibis.cases((wide["_about"] == about, status), else_=ibis.null("string")) for about, status in STAGES.items()])
    closes = ((wide.status == "open") & told.isin(("won", "lost"))).fill_null(False)
    return {
        "status": ibis.cases((closes, told), else_=wide.status),
        "closed_at": ibis.cases((closes, ibis.coalesce(wide.closed_at, wide.expected_at)), else_=wide.closed_at),
        "expected_at": ibis.cases((closes, ibis.null("timestamp('UTC')")), else_=wide.expected_at),
    }


def _visited(wide: ir.Table) -> dict[str, ir.Value]:
    """Whoever took part in a campaign that is a fair, an event or a webinar was there, on its day."""
    member = ((wide.kind == "list_change") & wide["_kind"].notnull()).fill_null(False)
    kind = ibis.cases((member, membership(wide["_kind"], wide.detail, wide.direction == "in")), else_=wide.kind)
    there = member & (kind != "list_change")
    start = wide["_starts_at"].try_cast("timestamp('UTC')")
    day = ibis.cases((wide.happened_at.isnull(), start), else_=at_event(wide.happened_at, start))
    return {"kind": kind, "happened_at": ibis.cases((there, day), else_=wide.happened_at)}


# -- stages ------------------------------------------------------------------------------------------------------------


def _histories(stages: ir.Table, engine: Engine) -> ir.Table:
    """Without the stages that were read off deals themselves, where the same deal has a history."""
    own = stages.record_id.endswith(OWN)
    if not engine.rows(stages.filter(own).select("record_id").limit(1)):
        return stages
    told = engine.keep("deals_with_history", stages.filter(~own).select("source", "deal_ref").distinct())
    kept = stages.mutate(_own=own)
    known = kept.left_join(told.mutate(_told=True), ["source", "deal_ref"], rname="{name}_told")
    return known.filter(~(known["_own"] & known["_told"].fill_null(False))).select(*stages.columns)
