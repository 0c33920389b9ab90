"""The room's front door: from evidence and identities to journeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import ibis.expr.types as ir

from etappe.errors import ConservationFault
from etappe.journeys import rows
from etappe.journeys.center import crm_roles, make_center, make_participants, title_roles
from etappe.journeys.clock import micros
from etappe.journeys.contacts import make_contacts, number_events
from etappe.journeys.cuts import make_ends, make_episodes, make_signs
from etappe.journeys.deals import make_deals, stage_entries
from etappe.journeys.kinds import make_kinds, tie_deals
from etappe.journeys.labels import Labels, label_events
from etappe.journeys.lookups import make_lookups
from etappe.journeys.making import Making
from etappe.journeys.moved import count_moves
from etappe.journeys.pauses import make_pauses
from etappe.journeys.placed import between_journeys, place_contacts
from etappe.journeys.rules import JourneyRules
from etappe.journeys.steps import count_by_source, write_steps, write_unresolved
from etappe.journeys.summary import make_paths, sum_deals, sum_steps
from etappe.journeys.visits import make_visits
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine, two_at_a_time
from etappe.tables.handles import with_handles

Tables = Mapping[str, ir.Table]


@dataclass(frozen=True)
class Begun:
    """What can be said of the events before it is known whose they are: what each is, and each as a narrow row."""

    labels: Labels
    events: ir.Table


def begin(evidence: Tables, engine: Engine, rules: JourneyRules) -> Begun:
    """The part of the work that needs no identities; `evidence` as for `build_journeys`."""
    events = _table(evidence, "events", engine)
    labels = label_events(events, rules, engine)
    return Begun(labels, engine.keep("numbered_events", number_events(events, labels, rules), on_disk=True))


def build_journeys(
    evidence: Tables, identity: Tables, engine: Engine, rules: JourneyRules, as_of: dt.datetime, begun: Begun | None = None,
    written: Callable[[ir.Table], ir.Table] | None = None,
) -> dict[str, ir.Table]:  # fmt: skip
    """Makes journeys of events.

    Parameters
    ----------
    evidence : mapping of name to table
        Tables of sources.schema.EVIDENCE, current versions only; missing ones count as empty. `events` is read four
        times, wide columns once, so it should be files or a kept table, not a long query. Beside them may be `handles`
        (see `tables.handles`).
    identity : mapping of name to table
        The tables of identity.schema.
    engine : Engine
    rules : JourneyRules
    as_of : datetime
        Events after it are unresolved; journeys that have not ended by then are open.
    begun : Begun, optional
        What `begin` made of the same evidence and rules, where that was done already.
    written : function, optional
        Writes the steps and returns them as they are read from there: done while tables with a row a journey are
        computed, which are too small to keep two cores busy.

    Returns
    -------
    dict of str to table
        The tables of schema.BUILT, and of schema.SHORTCUTS the moves. `steps` (unless `written`) and `unresolved`, which
        have a row an event, and the moves are *not computed yet*: write each once with `engine.write_parquet`, then
        read the file.

    Raises
    ------
    ConservationFault
        If an event would be missing or double.
    """
    known = {name: _table(evidence, name, engine) for name in EVIDENCE}
    handles = with_handles(evidence, known["events"], engine)["handles"]
    begun = begun or begin(known, engine, rules)
    making = Making(engine, rules, micros(as_of), make_lookups(identity, engine), begun.labels)
    deals = make_deals(known, making)
    contacts = make_contacts(begun.events, handles, deals, making)
    engine.drop(begun.events)
    return _journeys(known, identity, deals, contacts, making, written or _as_it_is)


def _as_it_is(steps: ir.Table) -> ir.Table:
    """The steps, not computed yet."""
    return steps


def _table(evidence: Tables, name: str, engine: Engine) -> ir.Table:
    found = evidence.get(name)
    return engine.from_arrow(name, EVIDENCE[name].arrow.empty_table()) if found is None else found


def _journeys(
    evidence: Tables, identity: Tables, deals: ir.Table, contacts: ir.Table, making: Making,
    written: Callable[[ir.Table], ir.Table],
) -> dict[str, ir.Table]:  # fmt: skip
    entries = stage_entries(evidence, deals, making)
    ends = make_ends(deals, making)
    signs = make_signs(contacts, deals, entries, ends, making)
    episodes = make_episodes(signs, ends, deals, making)
    tied = tie_deals(deals, episodes, making)
    journeys = make_kinds(episodes, deals, tied, making)
    visits = making.keep(
        "named_visits", rows.with_stage(make_visits(evidence, journeys, contacts, entries, making), making)
    )
    placed = place_contacts(contacts, visits, making)
    between = between_journeys(contacts, visits, making)
    counts = making.keep("counts", count_by_source(contacts, between))
    _check_counts(making.engine, evidence["events"], counts, placed)
    journeys = making.keep("journeys_with_ids", _with_ids(journeys, sum_steps(placed, making), making))
    participants = make_participants(evidence["events"], placed, making)
    crm = crm_roles(evidence, tied, deals, journeys, making)
    center = make_center(placed, participants, crm, title_roles(identity["persons"], making), making)
    built: dict[str, ir.Table] = {}

    def steps(_own: Engine) -> None:
        built["steps"] = written(write_steps(evidence["events"], placed, visits, center, journeys, making))

    def by_journey(own: Engine) -> None:
        beside = replace(making, engine=own)
        pauses = make_pauses(signs, journeys, visits, contacts, entries, beside)
        journey_deals = beside.keep("journey_deals", rows.deal_rows(deals, tied, journeys, beside))
        parts = rows.journey_parts(visits, center, pauses, beside)
        parts |= {"deals": sum_deals(journey_deals, beside), "paths": make_paths(placed, beside)}
        small = {
            "participants": rows.participant_rows(participants, center, journeys),
            "journeys": rows.journey_rows(journeys, parts, beside),
            "stage_visits": rows.visit_rows(visits, journeys, beside),
            "pauses": rows.pause_rows(pauses, journeys, beside),
            "buying_center": rows.center_rows(center, visits, journeys),
            "internal": counts.select("source", n="internal"),
        }
        built.update({name: beside.keep(name, table) for name, table in small.items()}, journey_deals=journey_deals)

    two_at_a_time(making.engine, [steps, by_journey])
    later = {"unresolved": write_unresolved(contacts, between, making), **count_moves(placed, journeys, making)}
    return {**built, **later}


def _with_ids(journeys: ir.Table, sums: ir.Table, making: Making) -> ir.Table:
    accounts = making.lookups.accounts.select("account_no", "account_id")
    joined = journeys.left_join(sums, "journey_no").left_join(accounts, "account_no")
    names = [name for name in sums.columns if name != "journey_no"]
    journey_id = joined.account_id + "-" + joined.number.cast("string")
    return joined.select(*journeys.columns, *names, "account_id", journey_id=journey_id)


def _check_counts(engine: Engine, events: ir.Table, counts: ir.Table, placed: ir.Table) -> None:
    """Every event once, and as many steps placed as are left when all others are taken away."""
    total = engine.rows(counts.agg(events=counts.events.sum().fill_null(0), steps=counts.steps.sum().fill_null(0)))[0]
    for received, there, words in (
        (engine.count(events), int(total["events"]), "events were received, {} were decided on"),
        (int(total["steps"]), engine.count(placed), "events should be steps, {} are"),
    ):
        if received != there:
            raise ConservationFault(
                f"{received} {words.format(there)}.", "build of the journeys",
                "Please report this, with the counts that `etappe status --json` shows.",
            )  # fmt: skip
