"""Lifecycle words of contacts and companies: they tell of today only, so they move only what is open."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.journeys.lookups import place_key
from etappe.journeys.making import Making
from etappe.journeys.stages import bare_column
from etappe.tables import cleaning, functions


def lifecycle_moves(evidence: Mapping[str, ir.Table], journeys: ir.Table, making: Making) -> ir.Table | None:
    """journey_no, at, stage_no, written, changed (never): what lifecycle words enter; None where no rule has any.

    An export has the word of today, not when it became so. It counts from the moment it was learned, for the open
    journey of the account, and never back.
    """
    words = {
        (model, word): place
        for model, each in enumerate(making.rules.stages.models)
        for place, stage in enumerate(each.stages, start=1)
        for word in stage.lifecycle
    }
    if not words:
        return None
    rows = [(model, word, place) for (model, word), place in words.items()]
    schema = {"model": "int64", "word": "string", "stage_no": "int64"}
    entries = ibis.memtable({name: [row[at] for row in rows] for at, name in enumerate(schema)}, schema=schema)
    said = making.keep(
        "lifecycle_words",
        ibis.union(_of_people(evidence["people"], making), _of_companies(evidence["accounts"], making)),
    )
    waiting = journeys.filter(journeys.outcome == "open").select("journey_no", "account_no", "model", "from_at")
    known = said.join(waiting, "account_no").join(entries, ["model", "word"])
    at = ibis.greatest(known.from_at, ibis.least(known.learned, making.now))
    return known.select("journey_no", "stage_no", "written", at=at, changed=ibis.literal(False)).select(
        "journey_no", "at", "stage_no", "written", "changed"
    )


def _of_people(people: ir.Table, making: Making) -> ir.Table:
    said = people.filter(people.lifecycle.notnull())
    key = place_key(cleaning.contact_kind(said.source), cleaning.contact(said.record_id))
    named = said.select(id_key=key, written="lifecycle", learned=functions.micros(said.learned_at))
    return _told(named.join(making.lookups.people, "id_key"))


def _of_companies(companies: ir.Table, making: Making) -> ir.Table:
    said = companies.filter(companies.lifecycle.notnull())
    key = place_key(cleaning.account_kind(said.source), cleaning.contact(said.record_id))
    named = said.select(place_key=key, written="lifecycle", learned=functions.micros(said.learned_at))
    return _told(named.join(making.lookups.places, "place_key"))


def _told(rows: ir.Table) -> ir.Table:
    known = rows.filter(rows.account_no.notnull())
    return known.select("account_no", "written", "learned", word=bare_column(known.written))
