"""Further reasons that records and addresses are one person: one mailbox, or one name in one company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from etappe.identity.alike import address_parts, addresses_alike
from etappe.identity.links import PAIR
from etappe.identity.tied import Words

_ONE_MAILBOX = ("gmail.com", "googlemail.com")
LONG_FAMILY_NAME = 4
LARGEST_GROUP = 12  # a name that more records and addresses of one company bear is a placeholder

Node = tuple[str, str]


def same_mailbox(addresses: Iterable[str]) -> pl.DataFrame:
    """Addresses that lead into one mailbox: max+news@x.de and max@x.de; m.ax@gmail.com and max@googlemail.com."""
    groups: dict[str, list[str]] = {}
    for address in sorted(addresses):
        groups.setdefault(_mailbox(address), []).append(address)
    rows = []
    for members in groups.values():
        rows += [_row(("email", members[0]), ("email", other), "same mailbox", "address") for other in members[1:]]
    return _frame(rows)


def _mailbox(address: str) -> str:
    local, _, host = address.partition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if host in _ONE_MAILBOX else f"{local}@{host}"


def same_name(named: Iterable[tuple[Node, str, Words, str | None]]) -> pl.DataFrame:
    """Records and addresses of one company that bear one full name.

    Parameters
    ----------
    named : iterable
        Node, account, words of the name, and its e-mail address where it has one.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[Node, str | None]]] = {}
    for node, account, words, address in named:
        if len(words) >= 2 and sum(len(word) > 1 for word in words) >= 2:
            groups.setdefault((account, tuple(sorted(words))), []).append((node, address))
    rows = []
    for (account, _), members in sorted(groups.items()):
        nodes = sorted({node for node, _ in members})
        if 2 <= len(nodes) <= LARGEST_GROUP and not _namesakes({address for _, address in members if address}):
            rows += [_row(nodes[0], other, "same name in one company", account) for other in nodes[1:]]
    return _frame(rows)


def _namesakes(addresses: set[str]) -> bool:
    """Two addresses at one domain that are not spellings of one: then the name is that of two persons."""
    ordered = sorted(addresses)
    for place, one in enumerate(ordered):
        for two in ordered[place + 1 :]:
            if address_parts(one)[2] == address_parts(two)[2] and not addresses_alike(one, two):
                return True
    return False


def same_address(addresses: Mapping[str, str]) -> pl.DataFrame:
    """One local part of two words at several domains of one account; `addresses` gives each address its account."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for address, account in addresses.items():
        words, digits, _ = address_parts(address)
        if len(words) >= 2 and min(len(words[0]), len(words[-1])) >= 3 and not digits:
            groups.setdefault((account, words), []).append(address)
    rows = []
    for (account, _), members in sorted(groups.items()):
        first, *others = sorted(members)
        rows += [_row(("email", first), ("email", other), "same address at two domains", account) for other in others]
    return _frame(rows)


def same_spelling(addresses: Iterable[str]) -> pl.DataFrame:
    """Two spellings of one name at one domain: thomas.eichner and teichner, when no third address could be meant.

    A company gives its people addresses of one pattern; an initial and family name in two patterns is one person with
    two mailboxes more often than two persons. Two first names written out are two persons.
    """
    groups: dict[tuple[str, str, str], set[str]] = {}
    for address in addresses:
        words, digits, domain = address_parts(address)
        for initial, family in _initials(words):
            if len(family) >= LONG_FAMILY_NAME and not digits:
                groups.setdefault((domain, initial, family), set()).add(address)
    rows = []
    for _, members in sorted(groups.items()):
        if len(members) == 2:
            one, two = sorted(members)
            if addresses_alike(one, two) and len(address_parts(one)[0]) != len(address_parts(two)[0]):
                rows.append(_row(("email", one), ("email", two), "like addresses at one domain", "address"))
    return _frame(rows)


def _initials(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Initial and family name that an address may spell."""
    if len(words) == 1:
        return [(words[0][:1], words[0][1:])]
    return [(words[0][0], words[-1])] if len(words) == 2 else []


def _row(one: Node, two: Node, rule: str, example: str) -> tuple[object, ...]:
    """A pair whose left side is the surer one: a record before an address, else in the order of the alphabet."""
    left, right = sorted((one, two), key=lambda node: (node[0] == "email", node))
    return (*left, *right, rule, 1, None, None, example)


def _frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PAIR, orient="row")
