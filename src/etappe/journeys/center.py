"""The buying center: who took part in a journey, in which role, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.journeys.closely import guests_of
from etappe.journeys.contacts import key_of
from etappe.journeys.lookups import INTERNAL, place_key
from etappe.journeys.making import Making
from etappe.journeys.roles import Behaviour
from etappe.journeys.stages import bare_column
from etappe.tables import cleaning

_STEP = ("journey_no", "position", "at", "visit", "touchpoint")


def make_participants(events: ir.Table, placed: ir.Table, making: Making) -> ir.Table:
    """journey_no, position, at, visit, touchpoint, person_id, own: all who took part in steps that name participants.

    `own` is the person whom the step itself names. Own people are left out, and people of other companies.
    """
    several = events.filter(events.participants.notnull())
    guests = guests_of(several.select("source", "participants", key=key_of(several)), making)
    foreign = guests.filter(guests.standing != INTERNAL).select("key", guest="person_id", guest_account="account_no")
    met = making.keep(
        "meetings", placed.join(foreign, "key").select(*_STEP, "account_no", "person_id", "guest", "guest_account")
    )
    here = met.filter(met.guest_account.isnull() | (met.guest_account == met.account_no))
    here = here.filter(here.person_id.isnull() | (here.guest != here.person_id))
    own = met.filter(met.person_id.notnull())
    yes, no = ibis.literal(True), ibis.literal(False)
    both = ibis.union(here.select(*_STEP, person_id="guest", own=no), own.select(*_STEP, "person_id", own=yes))
    return making.keep("participants", both.distinct())


def make_center(placed: ir.Table, participants: ir.Table, crm: ir.Table, titles: ir.Table, making: Making) -> ir.Table:
    """journey_no, person_id, first, last, steps, entered_visit, role, role_source: one row a person of a journey."""
    alone = placed.filter(placed.person_id.notnull()).select(*_STEP, "person_id")
    taken = ibis.union(alone, participants.filter(~participants.own).select(*_STEP, "person_id"))
    behaviour = making.rules.roles.behaviour
    did = {
        f"did_{number}": taken.count(where=taken.touchpoint.isin(making.labels.numbers(rule.touchpoints)))
        for number, rule in enumerate(behaviour)
    }
    grouped = taken.group_by("journey_no", "person_id").agg(
        first=taken["at"].min(), last=taken["at"].max(), steps=taken.count(), first_position=taken.position.min(),
        entered_visit=taken.visit.min(), **did,
    )  # fmt: skip
    seen = making.keep("persons_in_journeys", grouped)
    order = [seen.first_position, seen.person_id]
    joined = seen.mutate(place=ibis.row_number().over(group_by=seen.journey_no, order_by=order))
    joined = joined.left_join(crm, ["journey_no", "person_id"]).left_join(titles, "person_id")
    by_deed = _by_behaviour(joined, behaviour)
    stated = ibis.coalesce(joined.crm_role, joined.stated_role)
    source = ibis.cases(
        (stated.notnull(), "crm"), (joined.title_role.notnull(), "title"), (by_deed.notnull(), "behaviour"),
        else_=ibis.null("string"),
    )  # fmt: skip
    kept = joined.select(
        "journey_no", "person_id", "first", "last", "steps", "entered_visit",
        role=ibis.coalesce(stated, joined.title_role, by_deed), role_source=source,
    )  # fmt: skip
    return making.keep("buying_center", kept)


def _by_behaviour(joined: ir.Table, behaviour: tuple[Behaviour, ...]) -> ir.StringValue:
    cases = []
    for number, rule in enumerate(behaviour):
        fits = joined.place == 0 if rule.first else joined[f"did_{number}"] >= rule.at_least
        cases.append((fits, ibis.literal(rule.role)))
    return ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")


def crm_roles(
    evidence: Mapping[str, ir.Table], tied: ir.Table, deals: ir.Table, journeys: ir.Table, making: Making
) -> ir.Table:
    """journey_no, person_id, crm_role: what the CRM says of a person's role on the deals of a journey."""
    stated = evidence["deal_roles"].filter(ibis._.role.notnull())
    by_id = place_key(cleaning.contact_kind(stated.source), cleaning.contact(stated.contact_ref))
    by_email = place_key(ibis.literal("email"), cleaning.email(stated.email))
    keyed = stated.select("source", "deal_ref", word=bare_column(stated.role), id_key=ibis.coalesce(by_id, by_email))
    keyed = making.keep("stated_roles", keyed).join(making.rules.roles.of_words(), "word")
    named = keyed.rename(crm_role="word_role").join(making.lookups.people, "id_key")
    placed = tied.join(deals.select("deal_id", "source", deal_ref="record_id"), "deal_id")
    placed = placed.join(journeys.select("account_no", "number", "journey_no"), ["account_no", "number"])
    met = named.filter(named.person_id.notnull()).join(placed, ["source", "deal_ref"])
    grouped = met.group_by("journey_no", "person_id").agg(crm_role=met.crm_role.min())
    return making.keep("crm_roles", grouped)


def title_roles(persons: ir.Table, making: Making) -> ir.Table:
    """person_id, stated_role, title_role: what the CRM says of a person at large, and what the job title says."""
    roles = making.rules.roles
    titles = persons.filter(persons.title.notnull()).select("title").distinct()
    spoken = making.keep("roles_of_titles", titles.mutate(title_role=roles.of_title(titles.title)))
    words = persons.filter(persons.stated_role.notnull())
    words = making.keep("stated_words", words.select("person_id", word=bare_column(words.stated_role)))
    stated = words.join(roles.of_words(), "word").select("person_id", stated_role="word_role")
    titled = persons.select("person_id", "title").join(spoken.filter(spoken.title_role.notnull()), "title")
    joined = titled.select("person_id", "title_role").outer_join(stated, "person_id")
    person = ibis.coalesce(joined.person_id, joined.person_id_right)
    return making.keep("title_roles", joined.select("title_role", "stated_role", person_id=person))
