"""The room's front door: from evidence and identities to journeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.errors import ConservationFault
from etappe.journeys import rows
from etappe.journeys.center import crm_roles, make_center, make_participants, title_roles
from etappe.journeys.clock import micros
from etappe.journeys.contacts import guests_of, make_contacts, silent_numbers
from etappe.journeys.cuts import make_ends, make_episodes, make_signs
from etappe.journeys.deals import make_deals, stage_entries
from etappe.journeys.kinds import make_kinds, tie_deals
from etappe.journeys.labels import label_events
from etappe.journeys.lookups import make_lookups
from etappe.journeys.pauses import make_pauses
from etappe.journeys.placed import between_journeys, place_contacts
from etappe.journeys.rules import JourneyRules
from etappe.journeys.steps import count_by_source, write_steps, write_unresolved
from etappe.journeys.summary import make_paths, sum_deals, sum_steps
from etappe.journeys.visits import make_visits
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine


def build_journeys(
    evidence: Mapping[str, ir.Table],
    identity: Mapping[str, ir.Table],
    engine: Engine,
    rules: JourneyRules,
    as_of: dt.datetime,
) -> dict[str, ir.Table]:
    """Makes journeys of events.

    Parameters
    ----------
    evidence : mapping of name to table
        Tables of sources.schema.EVIDENCE, current versions only; missing ones count as empty. `events` is read three
        times (few columns, few columns, wide columns), so it should be files or a kept table, not a long query.
    identity : mapping of name to table
        The tables of identity.schema.
    engine : Engine
    rules : JourneyRules
    as_of : datetime
        Events after it are unresolved; journeys that have not ended by then are open.

    Returns
    -------
    dict of str to table
        The tables of schema.BUILT, and `counts`: source, events, steps, internal, unresolved. `steps` and `unresolved`
        have a row an event and are *not computed yet*: write each once with `engine.write_parquet`, then read the file.

    Raises
    ------
    ConservationFault
        If an event would be missing or double.
    """
    evidence = {name: evidence.get(name, None) for name in EVIDENCE}  # type: ignore[misc]
    evidence = {
        name: table if table is not None else engine.from_arrow(name, EVIDENCE[name].arrow.empty_table())
        for name, table in evidence.items()
    }
    now = micros(as_of)
    events = evidence["events"]
    lookups = make_lookups(identity, engine)
    labels = label_events(events, rules, engine)
    deals = make_deals(evidence, lookups, engine, now)
    guests = guests_of(events, lookups, engine)
    contacts = make_contacts(events, labels, lookups, guests, deals, rules, engine, now)
    entries = stage_entries(evidence, deals, engine)
    ends = make_ends(deals.filter(ibis.coalesce(deals.opened, now) <= now), rules.limits, engine)
    signs = make_signs(contacts, labels, rules, deals, entries, ends, engine, now)
    episodes = make_episodes(signs, ends, deals, rules.limits, engine, now)
    tied = tie_deals(deals.filter(deals.opened <= now), episodes, engine)
    journeys = make_kinds(episodes, deals, tied, rules.limits, engine)
    visits = make_visits(journeys, contacts, entries, labels, rules, engine)
    visits = engine.keep("named_visits", rows.with_stage(visits, rules.stages))
    placed = place_contacts(contacts, visits, engine)
    between = engine.keep(
        "between_journeys", between_journeys(contacts, visits, silent_numbers(labels, rules))
    )
    counts = engine.keep("counts", count_by_source(contacts, between))
    _check_counts(engine, counts, placed)
    journeys = engine.keep(
        "journeys_with_ids",
        _with_ids(
            journeys.left_join(sum_steps(placed, labels, rules, engine), "journey_no").drop(
                "journey_no_right"
            ),
            lookups.accounts,
        ),
    )
    participants = make_participants(placed, guests, engine)
    crm = crm_roles(evidence, tied, deals, journeys, lookups, rules, engine)
    titles = title_roles(identity["persons"], rules, engine)
    center = make_center(placed, participants, visits, crm, titles, labels, rules, engine)
    pauses = make_pauses(signs, journeys, visits, contacts, entries, labels, rules.limits, engine, now)
    journey_deals = engine.keep("journey_deals", rows.deal_rows(deals, tied, journeys, lookups.accounts))
    parts = rows.journey_parts(visits, center, pauses, rules.stages, now)
    parts |= {"deals": sum_deals(journey_deals, engine), "paths": make_paths(placed, labels, engine)}
    return {
        "steps": write_steps(events, placed, visits, center, journeys, labels, rules),
        "participants": engine.keep(
            "participant_rows", rows.participant_rows(participants, center, journeys)
        ),
        "journeys": engine.keep(
            "journeys", rows.journey_rows(journeys, parts, lookups.accounts, labels, rules, now)
        ),
        "stage_visits": engine.keep("stage_visits", rows.visit_rows(visits, journeys, rules.stages, now)),
        "pauses": engine.keep("pause_rows", rows.pause_rows(pauses, journeys, rules.stages, now)),
        "buying_center": engine.keep("center_rows", rows.center_rows(center, visits, journeys)),
        "journey_deals": journey_deals,
        "unresolved": write_unresolved(contacts, between, lookups.accounts, labels),
        "counts": counts,
    }


def _with_ids(journeys: ir.Table, accounts: ir.Table) -> ir.Table:
    named = journeys.left_join(accounts.select("account_no", "account_id"), "account_no")
    return named.mutate(journey_id=named.account_id + "-" + named.number.cast("string"))


def _check_counts(engine: Engine, counts: ir.Table, placed: ir.Table) -> None:
    """The steps that were placed have to be those that are left when all others are taken away."""
    left = engine.rows(counts.agg(steps=counts.steps.sum().fill_null(0)))[0]["steps"]
    there = engine.count(placed)
    if left != there:
        raise ConservationFault(
            f"{left} events should be steps, {there} are.",
            "build of the journeys",
            "Please report this with the counts of `etappe status --json`.",
        )
