"""Which identifiers the evidence mentions, and which of them it mentions together.

Everything with a row an event is grouped in the engine; what comes out has a row a distinct identifier or pair.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.identity.rules import IdentityRules
from etappe.sources.schema import EVIDENCE
from etappe.tables import cleaning
from etappe.tables.engine import Engine

Evidence = Mapping[str, ir.Table]

# Order of kinds: a lower one is surer to be one person. Ids are made from the lowest identifier of a person.
RANKS = {"contact": 0, "email": 1, "user": 2, "phone": 3, "cookie": 4}

SHORTEST_FOREIGN_ID = 6  # a shorter id could belong to any system


def kind_rank(kind: ir.StringValue) -> ir.IntegerValue:
    """The rank of a kind of identifier of persons, in `RANKS`."""
    known = [(kind.startswith(name), ibis.literal(rank)) for name, rank in RANKS.items()]
    return ibis.cases(*known, else_=ibis.literal(9))


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the evidence mentions.

    Attributes
    ----------
    single : table
        kind, value, seen, first_at, last_at: every identifier of persons once.
    pairs : table
        left_kind, left, right_kind, right, rule, seen, first_at, last_at, example: distinct pairs on one record; the
        left one has the lower rank.
    switchboards : table
        value: telephone numbers that were written with the extension 0.
    """

    single: ir.Table
    pairs: ir.Table
    switchboards: ir.Table


def table(evidence: Evidence, name: str, engine: Engine) -> ir.Table:
    """An evidence table, empty where the workspace has none."""
    found = evidence.get(name)
    return engine.from_arrow(name, EVIDENCE[name].arrow.empty_table()) if found is None else found


def gather(evidence: Evidence, engine: Engine, rules: IdentityRules) -> Mentions:
    """All identifiers of persons, and the distinct pairs that occur on one record, with counts, first and last time."""
    people = table(evidence, "people", engine)
    on_records = engine.keep("identifiers_on_people", _on_people(people, rules))
    raw = engine.keep("raw_identifier_sets", ibis.union(*_raw_sets(evidence, engine)))
    sets = engine.keep("identifier_sets", _cleaned(raw, rules))
    lone = [on_records, _centers(on_records), *_of_deals(table(evidence, "deals", engine))]
    lone += [*_of_participants(table(evidence, "events", engine)), *(_column(sets, name) for name in RANKS)]
    single = engine.keep("identifiers_seen", _distinct_single(ibis.union(*[_narrow(part) for part in lone])))
    single = engine.keep(
        "identifiers", _distinct_single(ibis.union(_narrow(single), _narrow(_emails_of_users(single))))
    )
    single = single.mutate(seen=single.seen.cast("int64"))
    together = [
        *(_pair(sets, one, two) for one, two in itertools.combinations(RANKS, 2)),
        _record_pairs(on_records),
    ]
    together += [_users_as_emails(single), *_foreign_ids(single, people)]
    pairs = engine.keep("identifier_pairs", _distinct_pairs(ibis.union(*[_wide(part) for part in together])))
    return Mentions(single, _wide(pairs), engine.keep("switchboards", _switchboards(raw, people, rules)))


def _raw_sets(evidence: Evidence, engine: Engine) -> list[ir.Table]:
    """Distinct sets of identifiers that stand on one row of events, feedback or deal roles, as they came."""
    names = ("contact_ref", "email", "user_id", "phone", "cookie")
    parts = []
    for source, rule in (
        ("events", "same event"),
        ("feedback", "survey answer"),
        ("deal_roles", "deal role"),
    ):
        rows = table(evidence, source, engine)
        rows = rows.mutate(**{name: ibis.null("string") for name in names if name not in rows.columns})
        rows = rows.filter(ibis.or_(*[rows[name].notnull() for name in names]))
        grouped = rows.group_by("source", *names).agg(
            seen=rows.count(), first_at=rows.happened_at.min(), last_at=rows.happened_at.max()
        )
        parts.append(grouped.mutate(rule=ibis.literal(rule)))
    return parts


def _cleaned(raw: ir.Table, rules: IdentityRules) -> ir.Table:
    """The sets with their identifiers cleaned: one column a kind."""
    return raw.select(
        "rule",
        "seen",
        "first_at",
        "last_at",
        contact_kind=cleaning.contact_kind(raw.source),
        contact=cleaning.contact(raw.contact_ref),
        email=cleaning.email(raw.email),
        user=cleaning.plain(raw.user_id),
        phone=cleaning.phone(raw.phone, rules.phone_country),
        cookie=cleaning.plain(raw.cookie),
        example=raw.source,
    )


def _kind(sets: ir.Table, name: str) -> ir.StringValue:
    return sets.contact_kind if name == "contact" else ibis.literal(name)


def _column(sets: ir.Table, name: str) -> ir.Table:
    named = sets.filter(sets[name].notnull())
    return named.select("seen", "first_at", "last_at", kind=_kind(named, name), value=named[name])


def _pair(sets: ir.Table, one: str, two: str) -> ir.Table:
    both = sets.filter(sets[one].notnull() & sets[two].notnull())
    return both.select(
        "rule",
        "seen",
        "first_at",
        "last_at",
        "example",
        left_kind=_kind(both, one),
        left=both[one],
        right_kind=_kind(both, two),
        right=both[two],
    ).select(PAIR)


PAIR = ["left_kind", "left", "right_kind", "right", "rule", "seen", "first_at", "last_at", "example"]


def _on_people(people: ir.Table, rules: IdentityRules) -> ir.Table:
    """One row an identifier on a record of `people`, beside the record itself (`center`)."""
    center = people.mutate(
        center_kind=cleaning.contact_kind(people.source),
        center=cleaning.contact(people.record_id),
        example=people.source + "/" + people.record_id,
        seen=ibis.literal(1, "int64"),
        first_at=people.happened_at,
        last_at=people.happened_at,
    )
    kept = ["center_kind", "center", "example", "seen", "first_at", "last_at"]
    parts = []
    for rule, kind, value in (
        ("contact record", ibis.literal("email"), cleaning.email(center.email)),
        ("contact record", ibis.literal("user"), cleaning.plain(center.user_id)),
        ("contact record", ibis.literal("phone"), cleaning.phone(center.phone, rules.phone_country)),
        ("contact record", ibis.literal("cookie"), cleaning.plain(center.cookie)),
        ("converted lead", center.center_kind, cleaning.contact(center.converted_ref)),
        ("record alone", center.center_kind, center.center),
    ):
        parts.append(center.select(*kept, kind=kind, value=value, rule=ibis.literal(rule)))
    for column, rule in (("emails", "further address"), ("merged_refs", "merged record")):
        many = center.filter(center[column].notnull()).select(*kept, each=center[column].unnest())
        kind, value = (
            (ibis.literal("email"), cleaning.email(many.each))
            if column == "emails"
            else (many.center_kind, cleaning.contact(many.each))
        )
        parts.append(many.select(*kept, kind=kind, value=value, rule=ibis.literal(rule)))
    every = ibis.union(*parts)
    return every.filter(every.value.notnull())


def _centers(on_records: ir.Table) -> ir.Table:
    alone = on_records.filter(on_records.rule == "record alone")
    return alone.mutate(kind=alone.center_kind, value=alone.center)


def _record_pairs(on_records: ir.Table) -> ir.Table:
    renamed = on_records.filter(on_records.rule != "record alone")
    renamed = renamed.mutate(seen=renamed.seen.cast("int64"))
    return renamed.mutate(
        left_kind=renamed.center_kind, left=renamed.center, right_kind=renamed.kind, right=renamed.value
    ).select(PAIR)


def _of_deals(deals: ir.Table) -> list[ir.Table]:
    times = {"seen": ibis.literal(1, "int64"), "first_at": deals.happened_at, "last_at": deals.happened_at}
    many = deals.filter(deals.contact_refs.notnull())
    many = many.select(kind=cleaning.contact_kind(many.source), each=many.contact_refs.unnest(), at=many.happened_at)
    refs = many.select(
        kind="kind",
        value=cleaning.contact(many.each),
        seen=ibis.literal(1, "int64"),
        first_at=many.at,
        last_at=many.at,
    )
    return [
        deals.select(kind=ibis.literal("email"), value=cleaning.email(deals.contact_email), **times),
        refs,
    ]


def _of_participants(events: ir.Table) -> list[ir.Table]:
    """Everybody who is named as a further participant: e-mail addresses, or `id:` and a contact id."""
    named = events.filter(events.participants.notnull())
    each = named.select("source", "happened_at", each=named.participants.unnest())
    is_id = each.each.startswith("id:")
    value = ibis.ifelse(is_id, cleaning.contact(each.each.substr(3)), cleaning.email(each.each))
    kind = ibis.ifelse(is_id, cleaning.contact_kind(each.source), ibis.literal("email"))
    return [
        each.select(
            kind=kind,
            value=value,
            seen=ibis.literal(1, "int64"),
            first_at=each.happened_at,
            last_at=each.happened_at,
        )
    ]


def _narrow(part: ir.Table) -> ir.Table:
    """The columns of a mention; a count that the engine kept in a smaller type is widened."""
    named = part.filter(part.value.notnull())
    return named.select("kind", "value", "first_at", "last_at", seen=named.seen.cast("int64"))


def _wide(pairs: ir.Table) -> ir.Table:
    """The engine counts in types of its own size; unions want one."""
    return pairs.mutate(seen=pairs.seen.cast("int64"))


def _distinct_single(rows: ir.Table) -> ir.Table:
    return rows.group_by("kind", "value").agg(
        seen=rows.seen.sum().cast("int64"), first_at=rows.first_at.min(), last_at=rows.last_at.max()
    )


def _distinct_pairs(pairs: ir.Table) -> ir.Table:
    proper = pairs.filter((pairs.left_kind != pairs.right_kind) | (pairs.left != pairs.right))
    return proper.group_by(PAIR[:5]).agg(
        seen=proper.seen.sum(),
        first_at=proper.first_at.min(),
        last_at=proper.last_at.max(),
        example=proper.example.min(),
    )


def _emails_of_users(single: ir.Table) -> ir.Table:
    """The addresses among user ids, as addresses; `seen` is counted with the user id."""
    users = single.filter(single.kind == "user")
    named = users.select(
        kind=ibis.literal("email"),
        value=cleaning.email(users.value),
        seen=ibis.literal(0, "int64"),
        first_at="first_at",
        last_at="last_at",
    )
    return named.filter(named.value.notnull())


def _users_as_emails(single: ir.Table) -> ir.Table:
    users = single.filter((single.kind == "user") & cleaning.email(single.value).notnull())
    return users.select(
        left_kind=ibis.literal("email"),
        left=cleaning.email(users.value),
        right_kind="kind",
        right="value",
        rule=ibis.literal("user id is an address"),
        seen="seen",
        first_at="first_at",
        last_at="last_at",
        example=ibis.literal("user id"),
    ).select(PAIR)


def _foreign_ids(single: ir.Table, people: ir.Table) -> list[ir.Table]:
    """User ids and contact references that are the id of a person's record in exactly one other system."""
    records = people.select(
        record_kind=cleaning.contact_kind(people.source), record=cleaning.contact(people.record_id)
    ).distinct()
    homes = records.group_by("record").agg(homes=records.count(), home=records.record_kind.min())
    known = homes.filter((homes.homes == 1) & (homes.record.length() >= SHORTEST_FOREIGN_ID))
    strays = single.filter((single.kind == "user") | single.kind.startswith("contact:"))
    strays = strays.mutate(ref=cleaning.contact(strays.value))
    met = strays.join(known, strays.ref == known.record)
    met = met.filter(met.home != met.kind)
    return [
        met.select(
            left_kind="home",
            left="record",
            right_kind="kind",
            right="value",
            rule=ibis.literal("id of another system"),
            seen="seen",
            first_at="first_at",
            last_at="last_at",
            example=met.kind,
        ).select(PAIR)
    ]


def _switchboards(raw: ir.Table, people: ir.Table, rules: IdentityRules) -> ir.Table:
    """German firms give the extension 0 to the switchboard: 0711 1234-0 is nobody's own number."""
    written = ibis.union(raw.select("phone"), people.select("phone"))
    ending = written.filter(written.phone.strip().re_search("[-/ ]0$"))
    return ending.select(value=cleaning.phone(ending.phone, rules.phone_country)).distinct()
