"""The buying center: who took part in a journey, in which role, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from etappe.journeys.labels import Labels
from etappe.journeys.lookups import Lookups
from etappe.journeys.roles import Behaviour
from etappe.journeys.rules import JourneyRules
from etappe.journeys.stages import bare_column
from etappe.tables import cleaning
from etappe.tables.engine import Engine


def make_participants(placed: ir.Table, guests: ir.Table, engine: Engine) -> ir.Table:
    """journey_no, position, person_id, at, visit, touchpoint: all who took part in steps that name participants."""
    foreign = guests.filter(~guests.internal).select(
        guest_key="key", guest="person_id", guest_account="account_no"
    )
    met = placed.join(foreign, [("key", "guest_key")])
    met = met.filter(met.guest_account.isnull() | (met.guest_account == met.account_no))
    own = placed.semi_join(foreign, [("key", "guest_key")])
    columns = ["journey_no", "position", "at", "visit", "touchpoint"]
    both = ibis.union(
        met.select(*columns, person_id="guest"),
        own.filter(own.person_id.notnull()).select(*columns, person_id="person_id"),
    )
    return engine.keep("participants", both.distinct())


def make_center(
    placed: ir.Table,
    participants: ir.Table,
    visits: ir.Table,
    crm: ir.Table,
    titles: ir.Table,
    labels: Labels,
    rules: JourneyRules,
    engine: Engine,
) -> ir.Table:
    """journey_no, person_id, first, last, steps, entered_visit, role, role_source: one row a person of a journey."""
    alone = placed.filter(placed.person_id.notnull()).select(
        "journey_no", "position", "at", "visit", "touchpoint", "person_id"
    )
    extra = participants.anti_join(alone, ["journey_no", "position", "person_id"]).select(alone.columns)
    taken = ibis.union(alone, extra)
    seen = engine.keep(
        "persons_in_journeys",
        taken.group_by("journey_no", "person_id").agg(
            first=taken["at"].min(), last=taken["at"].max(), steps=taken.count(), first_position=taken.position.min(), entered_visit=taken.visit.min(),
            **{f"did_{number}": taken.count(where=taken.touchpoint.isin(labels.numbers(rule.touchpoints) or [-1])) for number, rule in enumerate(rules.roles.behaviour)},
        ),
    )  # fmt: skip
    ranked = seen.mutate(
        place=ibis.row_number().over(group_by=seen.journey_no, order_by=[seen.first_position, seen.person_id])
    )
    joined = ranked.left_join(crm.rename(crm_role="role"), ["journey_no", "person_id"]).left_join(
        titles.rename(of_title="person_id"), [("person_id", "of_title")]
    )
    behaviour = _behaviour(joined, rules.roles.behaviour)
    role = ibis.coalesce(joined.crm_role, joined.stated_role, joined.title_role, behaviour)
    source = ibis.cases(
        (joined.crm_role.notnull() | joined.stated_role.notnull(), "crm"), (joined.title_role.notnull(), "title"),
        (behaviour.notnull(), "behaviour"), else_=ibis.null("string"),
    )  # fmt: skip
    return engine.keep(
        "buying_center",
        joined.select(
            "journey_no",
            "person_id",
            "first",
            "last",
            "steps",
            "entered_visit",
            role=role,
            role_source=source,
        ),
    )


def _behaviour(joined: ir.Table, behaviour: tuple[Behaviour, ...]) -> ir.StringValue:
    cases = []
    for number, rule in enumerate(behaviour):
        fits = joined.place == 0 if rule.first else joined[f"did_{number}"] >= rule.at_least
        cases.append((fits, ibis.literal(rule.role)))
    return ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")


def crm_roles(
    evidence: Mapping[str, ir.Table],
    tied: ir.Table,
    deals: ir.Table,
    journeys: ir.Table,
    lookups: Lookups,
    rules: JourneyRules,
    engine: Engine,
) -> ir.Table:
    """journey_no, person_id, role: what the CRM says of a person's role on the deals of a journey."""
    stated = evidence["deal_roles"].filter(ibis._.role.notnull())
    by_id = stated.contact_ref.notnull()
    keyed = stated.select(
        "source", "deal_ref", role=rules.roles.of_words(bare_column(stated.role)),
        kind=ibis.ifelse(by_id, cleaning.contact_kind(stated.source), ibis.literal("email")),
        value=ibis.ifelse(by_id, cleaning.contact(stated.contact_ref), cleaning.email(stated.email)),
    )  # fmt: skip
    named = keyed.filter(keyed.role.notnull()).join(lookups.people, [("kind", "key_kind"), ("value", "key")])
    placed = tied.join(deals.select("deal_id", "source", "record_id"), "deal_id").join(
        journeys.select("account_no", "number", "journey_no"), ["account_no", "number"]
    )
    met = named.filter(named.person_id.notnull()).join(
        placed, [("source", "source"), ("deal_ref", "record_id")]
    )
    return engine.keep("crm_roles", met.group_by("journey_no", "person_id").agg(role=met.role.min()))


def title_roles(persons: ir.Table, rules: JourneyRules, engine: Engine) -> ir.Table:
    """person_id, stated_role, title_role: what the CRM says of a person at large, and what the job title says."""
    titles = persons.filter(persons.title.notnull()).select("title").distinct()
    spoken = engine.keep(
        "roles_of_titles", titles.select("title", title_role=rules.roles.of_title(titles.title))
    )
    joined = persons.left_join(spoken, "title")
    stated = rules.roles.of_words(bare_column(joined.stated_role))
    return engine.keep(
        "title_roles",
        joined.select("person_id", stated_role=stated, title_role="title_role").filter(
            ibis._.stated_role.notnull() | ibis._.title_role.notnull()
        ),
    )
