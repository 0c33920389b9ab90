"""The laws of tying identifiers to persons, on any little world of records, addresses, sign-ins and devices."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.identity.links import PAIR
from etappe.identity.mentions import RANKS
from etappe.identity.overrides import Overrides, overrides
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties
from etappe.identity.ties import tie
from tests.identity.evidence import decided

Node = tuple[str, str]
Pair = tuple[Node, Node]
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


def tied(pairs: Sequence[Pair], held: Sequence[Node] = (), decisions: Overrides | None = None) -> Ties:
    rows = [(*left, *right, "same event", 1, DAY, DAY, "web") for left, right in dict.fromkeys(pairs)]
    holding = pl.DataFrame(
        [(*node, "role mailbox") for node in held],
        schema={"kind": pl.String, "value": pl.String, "reason": pl.String}, orient="row",
    )  # fmt: skip
    frame = pl.DataFrame(rows, schema=PAIR, orient="row")
    return tie(frame, holding, NAMES, IdentityRules(), decisions or Overrides())


def persons(ties: Ties) -> dict[Node, int]:
    """Identifier → person, of those that are not held apart."""
    rows = ties.nodes.select("code", "kind", "value").iter_rows()
    return {(kind, value): int(ties.label[code]) for code, kind, value in rows if code not in ties.held}


def groups(ties: Ties) -> set[frozenset[Node]]:
    """The persons as sets of identifiers, whatever their numbers."""
    by_person: dict[int, set[Node]] = {}
    for node, person in persons(ties).items():
        by_person.setdefault(person, set()).add(node)
    return {frozenset(members) for members in by_person.values()}


def held(ties: Ties) -> set[Node]:
    return {(ties.kind_of(code), ties.value_of(code)) for code in ties.held}


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
    ties = tied(pairs)
    mentioned = {node for pair in pairs for node in pair}
    assert {node for members in groups(ties) for node in members} | held(ties) == mentioned
    assert all(person >= 0 for person in persons(ties).values())


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
    ties = tied([(one, ("cookie", "c")), (two, ("cookie", "c"))])
    assert held(ties) == {("cookie", "c")}
    assert persons(ties)[one] != persons(ties)[two]


def test_a_device_used_by_one_person_with_two_spellings_is_that_persons() -> None:
    one, two = ("email", "max.muster@firma.de"), ("email", "mmuster@firma.de")
    ties = tied([(one, ("cookie", "c")), (two, ("cookie", "c"))])
    assert persons(ties)[one] == persons(ties)[two] == persons(ties)["cookie", "c"]
    assert ties.added == [(0, 1, "like addresses on one device", 2)]


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
    none = pl.DataFrame(schema={"kind": pl.String, "value": pl.String, "reason": pl.String})
    ties = tie(pl.DataFrame(rows, schema=PAIR, orient="row"), none, {}, IdentityRules(), Overrides())
    assert set(ties.held.values()) == {"recycled id"}


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
    none = pl.DataFrame(schema={"kind": pl.String, "value": pl.String, "reason": pl.String})
    found = persons(tie(pl.DataFrame(rows, schema=PAIR, orient="row"), none, {}, IdentityRules(), Overrides()))
    assert found["cookie", "c"] == found["email", "max.muster@firma.de"]


def test_an_address_on_more_records_than_one_person_has_is_nobodys() -> None:
    pairs = [(("contact:erp", str(place)), ("email", "x.y@firma.de")) for place in range(20)]
    assert held(tied(pairs)) == {("email", "x.y@firma.de")}


def test_an_address_keeps_the_person_it_is_named_after() -> None:
    max_, petra, mail = ("contact:crm", "0"), ("contact:crm", "1"), ("email", "p.klein@firma.de")
    ties = tied([(max_, mail), (petra, mail), (max_, ("email", "m.muster@firma.de"))])
    assert persons(ties)[mail] == persons(ties)[petra]
    assert persons(ties)[mail] != persons(ties)[max_]


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


def _text(node: Node) -> str:
    return node[1] if node[0] == "email" else f"{node[0]}:{node[1]}"


def test_ranks_name_every_kind_of_identifier_of_persons() -> None:
    assert list(RANKS) == ["contact", "email", "user", "phone", "cookie"]
