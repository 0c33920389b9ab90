"""The laws of tying identifiers to persons, on any little world of records, addresses, sign-ins and devices."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from etappe.identity.links import PAIR
from etappe.identity.mentions import RANKS
from etappe.identity.numbers import number
from etappe.identity.overrides import Overrides, overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties
from etappe.identity.ties import tie
from etappe.tables.engine import open_engine
from tests.identity.evidence import decided

Node = tuple[str, str]
Pair = tuple[Node, Node]
Names = Mapping[Node, frozenset[str]]
HELD = {"kind": pl.String, "value": pl.String, "reason": pl.String}
DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PEOPLE = ("max muster", "petra klein", "jörg huber", "aylin demir")
LAW = settings(max_examples=25, deadline=None)
NAMES = {("contact:crm", str(place)): frozenset(PEOPLE[place % 4].split()) for place in range(8)}

CONTACTS = st.sampled_from([("contact:crm", str(place)) for place in range(8)])
ADDRESSES = st.sampled_from([("email", f"{name}@firma.de") for name in ("m.muster", "p.klein", "jh", "x.y", "post.1")])
USERS = st.sampled_from([("user", f"u{place}") for place in range(4)])
COOKIES = st.sampled_from([("cookie", f"c{place}") for place in range(6)])
PHONES = st.sampled_from([("phone", f"+4971100000{place}") for place in range(3)])
PAIRS = st.lists(
    st.one_of(
        st.tuples(CONTACTS, ADDRESSES), st.tuples(CONTACTS, COOKIES), st.tuples(ADDRESSES, COOKIES),
        st.tuples(ADDRESSES, USERS), st.tuples(USERS, COOKIES), st.tuples(CONTACTS, PHONES), st.tuples(CONTACTS, CONTACTS),
    ).filter(lambda pair: pair[0] != pair[1]),
    max_size=25,
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What was tied, with the identifier behind each number."""

    ties: Ties
    spelled: dict[int, Node]


def counted(pairs: pl.DataFrame, held: pl.DataFrame, decisions: Overrides) -> World:
    """The world with its identifiers numbered, without an engine: by rank, kind and value."""
    forced = {item for one, two, _ in decisions.together for item in (one, two)}
    forced |= {item for items, origin, _ in decisions.apart for item in (*items, *([origin] if origin else []))}
    ends = {*pairs.select("left_kind", "left").iter_rows(), *pairs.select("right_kind", "right").iter_rows()}
    nodes = sorted((RANKS[kind.partition(":")[0]], kind, value) for kind, value in ends | forced)
    codes = {(kind, value): code for code, (_, kind, value) in enumerate(nodes)}
    kinds, rules = (tuple(sorted(set(names))) for names in ([kind for _, kind, _ in nodes], pairs["rule"]))
    edges = pairs.select(
        "seen", "first_at", "last_at",
        l=pl.Series([codes[end] for end in pairs.select("left_kind", "left").iter_rows()], dtype=pl.Int32),
        r=pl.Series([codes[end] for end in pairs.select("right_kind", "right").iter_rows()], dtype=pl.Int32),
        rule=pl.Series([rules.index(rule) for rule in pairs["rule"]], dtype=pl.Int16),
    ).sort("l", "r", "rule")  # fmt: skip
    ties = Ties(
        rank=np.array([rank for rank, _, _ in nodes], dtype=np.int8),
        kind=np.array([kinds.index(kind) for _, kind, _ in nodes], dtype=np.int16),
        kind_names=kinds,
        texts=pl.Series([value for rank, _, value in nodes if rank <= 1], dtype=pl.String),
        edges=edges,
        rule_names=rules,
        left=edges["l"].to_numpy(),
        right=edges["r"].to_numpy(),
        named={item: codes[item] for item in forced},
        label=np.full(len(nodes), -1, dtype=np.int64),
        held={codes[kind, value]: reason for kind, value, reason in held.iter_rows() if (kind, value) in codes},
    )
    return World(ties, {code: node for node, code in codes.items()})


def world(pairs: pl.DataFrame, held: pl.DataFrame, names: Names, decisions: Overrides) -> World:
    found = counted(pairs, held, decisions)
    spelled = [(*node, " ".join(sorted(words))) for node, words in names.items()]
    frame = pl.DataFrame(spelled, schema={"kind": pl.String, "value": pl.String, "words": pl.String}, orient="row")
    tie(found.ties, frame, IdentityRules(), decisions)
    return found


def tied(pairs: Sequence[Pair], held: Sequence[Node] = (), decisions: Overrides | None = None) -> World:
    rows = [(*left, *right, "same event", 1, DAY, DAY, "web") for left, right in dict.fromkeys(pairs)]
    holding = pl.DataFrame([(*node, "role mailbox") for node in held], schema=HELD, orient="row")
    return world(pl.DataFrame(rows, schema=PAIR, orient="row"), holding, NAMES, decisions or Overrides())


def persons(found: World) -> dict[Node, int]:
    """Identifier → person, of those that are not held apart."""
    return {node: int(found.ties.label[code]) for code, node in found.spelled.items() if code not in found.ties.held}


def groups(found: World) -> set[frozenset[Node]]:
    """The persons as sets of identifiers, whatever their numbers."""
    by_person: dict[int, set[Node]] = {}
    for node, person in persons(found).items():
        by_person.setdefault(person, set()).add(node)
    return {frozenset(members) for members in by_person.values()}


def held(found: World) -> set[Node]:
    return {found.spelled[code] for code in found.ties.held}


@LAW
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(pairs: list[Pair], shuffle: random.Random) -> None:
    mixed = list(pairs)
    shuffle.shuffle(mixed)
    assert groups(tied(pairs)) == groups(tied(mixed))
    assert held(tied(pairs)) == held(tied(mixed))


@LAW
@given(PAIRS)
def test_somebody_who_has_nothing_to_do_with_it_changes_nothing(pairs: list[Pair]) -> None:
    stranger = [
        (("contact:erp", "99"), ("email", "stranger@elsewhere.de")),
        (("email", "stranger@elsewhere.de"), ("cookie", "z")),
    ]
    before, after = groups(tied(pairs)), groups(tied([*pairs, *stranger]))
    assert after - before == {frozenset({*stranger[0], *stranger[1]})}
    assert before <= after


@LAW
@given(PAIRS)
def test_every_identifier_has_one_person_or_a_reason(pairs: list[Pair]) -> None:
    found = tied(pairs)
    mentioned = {node for pair in pairs for node in pair}
    assert {node for members in groups(found) for node in members} | held(found) == mentioned
    assert all(person >= 0 for person in persons(found).values())


@LAW
@given(PAIRS)
def test_no_person_has_two_names_that_contradict(pairs: list[Pair]) -> None:
    for members in groups(tied(pairs)):
        assert len({NAMES[node] for node in members if node in NAMES}) <= 1


@LAW
@given(PAIRS)
def test_a_device_or_sign_in_never_ties_two_persons(pairs: list[Pair]) -> None:
    """Taking all devices away leaves the same persons of records and addresses."""
    strong = [pair for pair in pairs if pair[0][0] == "contact:crm" or pair[0][0] == "email"]
    strong = [pair for pair in strong if pair[1][0] in ("contact:crm", "email")]
    alone = {node for pair in pairs for node in pair if node[0] in ("contact:crm", "email")}
    with_devices = {frozenset(node for node in members if node in alone) for members in groups(tied(pairs))} - {
        frozenset()
    }
    without = groups(tied(strong))
    for members in with_devices:
        named = [part for part in without if part & members]
        assert len(named) <= 1 or _alike(members)


def _alike(members: frozenset[Node]) -> bool:
    """Persons who share a device and a name are one; nothing else ties them."""
    names = {NAMES[node] for node in members if node in NAMES}
    return len(names) == 1


@LAW
@given(PAIRS, ADDRESSES)
def test_a_role_mailbox_ties_nobody(pairs: list[Pair], mailbox: Node) -> None:
    without = [pair for pair in pairs if mailbox not in pair]
    found = groups(tied(pairs, held=[mailbox]))
    expected = groups(tied(without))
    seen = {node for pair in without for node in pair}
    assert {frozenset(members & seen) for members in found if members & seen} == expected


def test_a_device_of_two_contacts_is_held_apart() -> None:
    one, two = ("contact:crm", "0"), ("contact:crm", "1")
    found = tied([(one, ("cookie", "c")), (two, ("cookie", "c"))])
    assert held(found) == {("cookie", "c")}
    assert persons(found)[one] != persons(found)[two]


def test_a_device_used_by_one_person_with_two_spellings_is_that_persons() -> None:
    one, two = ("email", "max.muster@firma.de"), ("email", "mmuster@firma.de")
    found = tied([(one, ("cookie", "c")), (two, ("cookie", "c"))])
    assert persons(found)[one] == persons(found)[two] == persons(found)["cookie", "c"]
    assert found.ties.added == [(0, 1, "like addresses on one device", 2)]


def test_an_id_that_moves_on_to_somebody_else_is_called_recycled() -> None:
    rows = [
        ("email", "max.muster@firma.de", "user", "17", "same event", 30, DAY, DAY + dt.timedelta(days=90), "portal"),
        (
            "email",
            "petra.klein@firma.de",
            "user",
            "17",
            "same event",
            30,
            DAY + dt.timedelta(days=200),
            DAY + dt.timedelta(days=300),
            "portal",
        ),
    ]
    found = world(pl.DataFrame(rows, schema=PAIR, orient="row"), pl.DataFrame(schema=HELD), {}, Overrides())
    assert set(found.ties.held.values()) == {"recycled id"}


def test_one_address_typed_once_on_a_colleagues_device_does_not_take_it_away() -> None:
    rows = [
        ("email", "max.muster@firma.de", "cookie", "c", "same event", 400, DAY, DAY + dt.timedelta(days=90), "web"),
        (
            "email",
            "petra.klein@firma.de",
            "cookie",
            "c",
            "same event",
            1,
            DAY + dt.timedelta(days=20),
            DAY + dt.timedelta(days=20),
            "web",
        ),
    ]
    found = persons(world(pl.DataFrame(rows, schema=PAIR, orient="row"), pl.DataFrame(schema=HELD), {}, Overrides()))
    assert found["cookie", "c"] == found["email", "max.muster@firma.de"]


def test_an_address_on_more_records_than_one_person_has_is_nobodys() -> None:
    pairs = [(("contact:erp", str(place)), ("email", "x.y@firma.de")) for place in range(20)]
    assert held(tied(pairs)) == {("email", "x.y@firma.de")}


def test_an_address_keeps_the_person_it_is_named_after() -> None:
    max_, petra, mail = ("contact:crm", "0"), ("contact:crm", "1"), ("email", "p.klein@firma.de")
    found = tied([(max_, mail), (petra, mail), (max_, ("email", "m.muster@firma.de"))])
    assert persons(found)[mail] == persons(found)[petra]
    assert persons(found)[mail] != persons(found)[max_]


@LAW
@given(PAIRS, st.data())
def test_a_humans_merge_wins_over_every_guard(pairs: list[Pair], data: st.DataObject) -> None:
    mentioned = sorted({node for pair in pairs for node in pair})
    if len(mentioned) < 2:
        return
    one, two = data.draw(st.lists(st.sampled_from(mentioned), min_size=2, max_size=2, unique=True))
    together, _ = overrides([decided("merge", [_text(one)], _text(two))])
    found = persons(tied(pairs, decisions=together))
    assert found[one] == found[two]


@LAW
@given(PAIRS, st.data())
def test_a_humans_split_wins_over_every_link(pairs: list[Pair], data: st.DataObject) -> None:
    mentioned = sorted({node for pair in pairs for node in pair})
    if len(mentioned) < 2:
        return
    one, two = data.draw(st.lists(st.sampled_from(mentioned), min_size=2, max_size=2, unique=True))
    apart, _ = overrides([decided("split", [_text(one)], _text(two))])
    found = persons(tied(pairs, decisions=apart))
    assert found.get(one, -1) != found.get(two, -2)


def test_a_humans_split_wins_over_one_name_on_one_telephone() -> None:
    one, two, phone = ("contact:crm", "1"), ("contact:crm", "5"), ("phone", "+49711000000")
    of_one, of_two = ("email", "p.klein@firma.de"), ("email", "x.y@firma.de")
    shared = [(one, phone), (two, phone), (one, of_one), (two, of_two)]
    assert persons(tied(shared))[one] == persons(tied(shared))[two]
    apart, _ = overrides([decided("split", [_text(one)], _text(two))])
    found = persons(tied(shared, decisions=apart))
    assert found[one] == found[of_one] != found[two] == found[of_two]
    apart, _ = overrides([decided("split", [_text(one)])])  # from everything
    found = persons(tied(shared, decisions=apart))
    assert found[one] not in (found[of_one], found[two])


def _text(node: Node) -> str:
    return node[1] if node[0] == "email" else f"{node[0]}:{node[1]}"


def test_ranks_name_every_kind_of_identifier_of_persons() -> None:
    assert list(RANKS) == ["contact", "email", "user", "phone", "cookie"]


@LAW
@given(PAIRS)
def test_what_a_human_split_from_something_is_another_person(pairs: list[Pair]) -> None:
    """Two records of one name on one address are one, until somebody splits them; whatever else ties them falls."""
    chosen, origin, mail = ("contact:crm", "0"), ("contact:crm", "4"), ("email", "x.y@firma.de")
    one = [(chosen, mail), (origin, mail)]
    assert len(groups(tied(one))) == 1
    decisions = Overrides()
    decisions.split([chosen], origin, decided("split", ["contact:crm:0"], "contact:crm:4"))
    sure = [pair for pair in pairs if pair[1][0] in ("contact:crm", "email")]
    found = persons(tied([*one, *sure], decisions=decisions))
    assert chosen not in found or origin not in found or found[chosen] != found[origin]


def test_the_engine_numbers_identifiers_by_rank_kind_and_value() -> None:
    """A pair of the evidence is not counted again for its likeness; what only a decision names has a number too."""
    record, mail, cookie = ("contact:crm", "0"), ("email", "x.y@firma.de"), ("cookie", "c")
    rows = [(*mail, *cookie, "same event", 2, DAY, DAY, "web"), (*record, *mail, "contact record", 1, DAY, None, "crm/0")]
    pairs = pl.DataFrame(rows, schema=PAIR, orient="row")
    like = (*mail, "email", "xy@firma.de", "same mailbox", 1, None, None, "x")
    further = pl.DataFrame([like, (*record, *mail, "same mailbox", 1, None, None, "x")], schema=PAIR, orient="row")
    held = pl.DataFrame([(*cookie, "placeholder"), ("email", "nobody@firma.de", "role")], schema=HELD, orient="row")
    decisions = Overrides()
    decisions.split([("phone", "+49711")], None, decided("split", "phone:+49711"))
    with open_engine(threads=1) as engine:
        tables = [engine.from_arrow(name, frame.to_arrow()) for name, frame in (("pairs", pairs), ("held", held))]
        numbered = number(tables[0], further, tables[1], decisions, engine)
        ties, spelled = numbered.ties(), numbered.spelled(range(5))
    plain = counted(pl.concat([pairs, further[:1]]), held, decisions)
    assert spelled == plain.spelled
    assert_frame_equal(ties.edges, plain.ties.edges, check_column_order=False)
    for name in ("rank", "kind", "left", "right"):
        assert getattr(ties, name).tolist() == getattr(plain.ties, name).tolist()
    assert (ties.kind_names, ties.rule_names, ties.named) == (plain.ties.kind_names, plain.ties.rule_names, plain.ties.named)
    assert (ties.texts.to_list(), ties.held) == (plain.ties.texts.to_list(), plain.ties.held)
