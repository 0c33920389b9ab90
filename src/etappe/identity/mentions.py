"""Which identifiers the evidence mentions, and which of them it mentions together.

Everything with a row an event is grouped in the engine; what comes out has a row a distinct identifier or pair.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity import lists
from etappe.identity.links import PAIR
from etappe.identity.rules import IdentityRules
from etappe.sources.schema import EVIDENCE
from etappe.tables import cleaning
from etappe.tables.engine import Engine
from etappe.tables.handles import with_handles

Evidence = Mapping[str, ir.Table]

# Order of kinds: a lower one is surer to be one person. Ids are made from the lowest identifier of a person.
RANKS = {"contact": 0, "email": 1, "user": 2, "phone": 3, "cookie": 4}

SHORTEST_FOREIGN_ID = 6  # a shorter id could belong to any system
ROLE_MAILBOX = "role mailbox"
SWITCHBOARD = "switchboard number"
PLACEHOLDER = "placeholder, names nobody"

_SEEN = ("seen", "first_at", "last_at")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the evidence mentions.

    Attributes
    ----------
    single : table
        kind, value, seen, first_at, last_at, held: every identifier of persons once; `held` says why it ties nobody
        wherever it occurs (role mailbox, placeholder, switchboard), else null. Kept in the engine.
    sets : table
        Distinct sets of identifiers that stand on one row of events, feedback or deal roles. Kept in the engine.
    """

    single: ir.Table
    sets: ir.Table


def table(evidence: Evidence, name: str, engine: Engine) -> ir.Table:
    """An evidence table, empty where the workspace has none."""
    found = evidence.get(name)
    return engine.from_arrow(name, EVIDENCE[name].arrow.empty_table()) if found is None else found


def handles(evidence: Evidence, engine: Engine) -> ir.Table:
    """Whom the events name (see `tables.handles`)."""
    return with_handles(evidence, table(evidence, "events", engine), engine)["handles"]


def frame_of(rows: ir.Table, engine: Engine) -> pl.DataFrame:
    """A table of distinct things as a frame."""
    frame = pl.from_arrow(engine.to_arrow(rows))
    assert isinstance(frame, pl.DataFrame)
    return frame


def kind_rank(kind: ir.StringValue) -> ir.IntegerValue:
    """The rank of a kind of identifier of persons, in `RANKS`."""
    known = [(kind.startswith(name), ibis.literal(rank)) for name, rank in RANKS.items()]
    return ibis.cases(*known, else_=ibis.literal(9))


def gather(
    evidence: Evidence, engine: Engine, on_records: ir.Table, on_deals: pl.DataFrame, rules: IdentityRules
) -> Mentions:
    """All identifiers of persons, and the sets of them that occur together, with counts, first and last time.

    Parameters
    ----------
    on_records : table
        Columns of `links.PAIR` and board, from the records of people (see `people.pairs`); right is null for a record alone.
    on_deals : frame
        kind, value, at: identifiers named on deals.
    """
    sets = engine.keep("identifier_sets", _sets(evidence, engine, rules))
    named = on_deals.select("kind", "value", "at").drop_nulls("value")
    parts = [*_lone(on_records, engine.from_arrow("identifiers_on_deals", named.to_arrow()))]
    parts += [_participants(handles(evidence, engine))]
    parts += [_column(sets, name) for name in RANKS] + [_addresses_of_users(sets)]
    single = ibis.union(*[_narrow(part) for part in parts])
    single = single.group_by("kind", "value").agg(
        seen=single.seen.sum().cast("uint64").cast("int64"),  # both: the engine's sum is wider than it says
        first_at=single.first_at.min(),
        last_at=single.last_at.max(),
        board=single.board.any(),
    )
    return Mentions(engine.keep("identifiers", _with_held(single, rules)), sets)


def pairs(named: Mentions, people: ir.Table, on_records: ir.Table, engine: Engine) -> ir.Table:
    """The distinct pairs that occur on one record, in the columns of `links.PAIR`; the left one has the lower rank.

    Kept in the engine, which forgets the sets for it, and `people`, the records' identifiers that the pairs are made of.
    """
    single, sets = named.single, named.sets
    on_one = on_records.filter(on_records.right.notnull())
    kept = engine.keep("pairs_of_identifiers", _distinct([*_pairs_of_sets(sets), on_one, *_aliases(single, people)]))
    engine.drop(sets)
    engine.drop(people)
    return kept


def _sets(evidence: Evidence, engine: Engine, rules: IdentityRules) -> ir.Table:
    """Distinct sets of identifiers that stand on one row of events, feedback or deal roles, one cleaned column a kind."""
    names = ("contact_ref", "email", "user_id", "phone", "cookie")
    parts = []
    for source, rule in (("handles", "same event"), ("feedback", "survey answer"), ("deal_roles", "deal role")):
        rows = handles(evidence, engine) if source == "handles" else _counted(table(evidence, source, engine))
        rows = rows.mutate(**{name: ibis.null("string") for name in names if name not in rows.columns})
        rows = rows.filter(ibis.or_(*[rows[name].notnull() for name in names]))
        grouped = rows.group_by("source", *names).agg(
            seen=rows.seen.sum().cast("uint64").cast("int64"), first_at=rows.first_at.min(), last_at=rows.last_at.max()
        )
        parts.append(grouped.mutate(rule=ibis.literal(rule)))
    raw = ibis.union(*parts)
    return raw.select(
        "rule",
        *_SEEN,
        contact_kind=cleaning.contact_kind(raw.source),
        contact=cleaning.contact(raw.contact_ref),
        email=cleaning.email(raw.email),
        user=cleaning.plain(raw.user_id),
        phone=cleaning.phone(raw.phone, rules.phone_country),
        cookie=cleaning.plain(raw.cookie),
        board=cleaning.is_switchboard(raw.phone),
        example=raw.source,
    )


def _counted(rows: ir.Table) -> ir.Table:
    """Rows that were seen once each, with the columns that handles are counted in."""
    return rows.mutate(seen=ibis.literal(1, "int64"), first_at=rows.happened_at, last_at=rows.happened_at)


def _kind(sets: ir.Table, name: str) -> ir.StringValue:
    return sets.contact_kind if name == "contact" else ibis.literal(name)


def _column(sets: ir.Table, name: str) -> ir.Table:
    board = sets.board if name == "phone" else ibis.literal(False)
    return sets.select(*_SEEN, kind=_kind(sets, name), value=sets[name], board=board)


def _addresses_of_users(sets: ir.Table) -> ir.Table:
    """The addresses among user ids, as addresses; `seen` is counted with the user id."""
    never, false = ibis.literal(0), ibis.literal(False)
    return sets.select(
        "first_at", "last_at", seen=never, kind=ibis.literal("email"), value=cleaning.email(sets.user), board=false
    )


def _participants(handles: ir.Table) -> ir.Table:
    """Everybody who is named as a further participant: e-mail addresses, or `id:` and a contact id."""
    named = handles.filter(handles.participants.notnull())
    each = named.select("source", *_SEEN, each=named.participants.unnest())
    is_id = each.each.startswith("id:")
    return each.select(
        *_SEEN,
        kind=ibis.ifelse(is_id, cleaning.contact_kind(each.source), ibis.literal("email")),
        value=ibis.ifelse(is_id, cleaning.contact(each.each.substr(3)), cleaning.email(each.each)),
        board=ibis.literal(False),
    )


def _lone(on_records: ir.Table, on_deals: ir.Table) -> list[ir.Table]:
    """Records, what stands on them, and what stands on deals, as mentions."""
    false = ibis.literal(False)
    return [
        on_records.select(*_SEEN, kind="left_kind", value="left", board=false),
        on_records.filter(on_records.right.notnull()).select(*_SEEN, "board", kind="right_kind", value="right"),
        on_deals.select("kind", "value", seen=ibis.literal(1, "int64"), first_at="at", last_at="at", board=false),
    ]


def _narrow(part: ir.Table) -> ir.Table:
    """The columns of a mention; the engine counts in types of its own size, and unions want one."""
    named = part.filter(part.value.notnull())
    return named.select("kind", "value", "first_at", "last_at", "board", seen=named.seen.cast("int64"))


def _with_held(single: ir.Table, rules: IdentityRules) -> ir.Table:
    """Marks identifiers that tie nobody by what they are: role mailboxes, placeholders, switchboards."""
    words = lists.words("role_mailboxes.txt") | set(rules.role_mailboxes)
    roles = sorted(map(re.escape, words), key=lambda word: (-len(word), word))
    long = "|".join(word for word in roles if len(word.replace("\\", "")) > 3)
    pattern = f"^(({'|'.join(roles)})[0-9]*|({long})[-._+][^@]*)@"
    address = ibis.ifelse(single.kind.isin(["email", "user"]), cleaning.email(single.value), ibis.null("string"))
    role = address.re_search(pattern) & ~address.isin(rules.not_role_mailboxes or [""])
    listed = (single.value.length() <= 16) & single.value.lower().isin(lists.lines("placeholders.txt"))
    nobody = listed | (single.value.substr(0, 1).isin(["0", "x", ".", "-"]) & single.value.re_search("^[0x.-]*$"))
    free = ~single.kind.startswith("contact:")  # a record's id is what its source says, be it 1
    reason = ibis.cases(
        (nobody & free, PLACEHOLDER),
        (role.fill_null(False), ROLE_MAILBOX),
        (single.board, SWITCHBOARD),
        else_=ibis.null("string"),
    )
    return single.mutate(held=reason).drop("board")


def _pairs_of_sets(sets: ir.Table) -> list[ir.Table]:
    """All pairs of identifiers in one set."""
    parts = []
    for one, two in itertools.combinations(RANKS, 2):
        both = sets.filter(sets[one].notnull() & sets[two].notnull())
        kinds = {"left_kind": _kind(both, one), "right_kind": _kind(both, two)}
        parts.append(both.select("rule", "example", *_SEEN, **kinds, left=both[one], right=both[two]))
    return parts


def _aliases(single: ir.Table, people: ir.Table) -> list[ir.Table]:
    """User ids that are addresses; user ids and references that are the id of a record in exactly one other system."""
    homes = people.group_by(record=people.value).agg(homes=people.kind.nunique(), home=people.kind.min())
    known = homes.filter((homes.homes == 1) & (homes.record.length() >= SHORTEST_FOREIGN_ID)).select("record", "home")
    strays = single.filter((single.kind == "user") | single.kind.startswith("contact:"))
    users = single.filter(single.kind == "user")
    written = users.mutate(address=cleaning.email(users.value))
    ends = ("left_kind", "left", "right_kind", "right", "rule", "example")
    addresses = written.filter(written.address.notnull()).select(
        *_SEEN, left_kind=ibis.literal("email"), left="address", right_kind="kind", right="value",
        rule=ibis.literal("user id is an address"), example=ibis.literal("user id"),
    )  # fmt: skip
    met = strays.mutate(ref=cleaning.contact(strays.value)).join(known, [("ref", "record")])
    foreign = met.filter(met.home != met.kind).select(
        *_SEEN, left_kind="home", left="ref", right_kind="kind", right="value",
        rule=ibis.literal("id of another system"), example="kind",
    )  # fmt: skip
    return [part.select(*_SEEN, *ends) for part in (addresses, foreign)]


def _distinct(parts: Sequence[ir.Table]) -> ir.Table:
    """Each pair once, without those of an identifier with itself. Grouped in the engine: there are as many as visitors."""
    every = ibis.union(
        *[
            part.select(**{name: part[name].cast("int64") if name == "seen" else part[name] for name in PAIR})
            for part in parts
        ]
    )
    proper = every.filter((every.left_kind != every.right_kind) | (every.left != every.right))
    return proper.group_by("left_kind", "left", "right_kind", "right", "rule").agg(
        seen=proper.seen.sum().cast("uint64").cast("int64"),
        first_at=proper.first_at.min(),
        last_at=proper.last_at.max(),
        example=proper.example.min(),
    )
