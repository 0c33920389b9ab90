"""The companies and the people of the market, a chunk at a time.

Truth only: what the exports make of names and addresses (typos, duplicates, second addresses) is decided in the files of
the exports. Account numbers and person numbers run over all chunks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from etappe.demo import model, names
from etappe.demo.clock import SLOTS, Array

SURNAMES, TRADES = len(names.SURNAMES), len(names.TRADES)
MOST = 10  # persons of one buying center


@dataclass(frozen=True)
class Accounts:
    """One row a company: numbers and codes as vectors, texts as Arrow arrays."""

    number: Array  # over all chunks, from 0
    name: pa.Array
    domain: pa.Array  # main domain
    domain2: pa.Array  # second domain or null
    shared_domain: Array  # two sister companies use it
    parent: Array  # place in the chunk, -1 for none
    country: Array
    place: Array
    industry: pa.Array
    employees: Array
    tier: Array  # 0 A, 1 B, 2 C
    fit: Array  # 0 to 1
    pace: Array
    activity: Array
    loyalty: Array
    first_slot: Array
    network: Array  # has a network with its own name
    recommended: Array  # heard of the vendor from a customer
    persons: Array  # number of persons
    first_person: Array  # place of the first person in the chunk

    @property
    def count(self) -> int:
        """Number of companies."""
        return len(self.number)


@dataclass(frozen=True)
class Persons:
    """One row a person."""

    number: Array
    account: Array  # place in the chunk
    place: Array  # place in the buying center
    first: pa.Array
    last: pa.Array
    email: pa.Array
    email2: pa.Array  # a second address, or null
    company_mail: Array  # the address is on a domain of the company
    woman: Array
    title: pa.Array
    english: Array
    role: pa.Array
    devices: Array  # number of devices, 1 to 3

    @property
    def count(self) -> int:
        """Number of persons."""
        return len(self.number)


def _company_names(base: int, count: int) -> tuple[list[str], list[str], Array, Array]:
    """Names without legal form, their slugs, trades, and the place that the name states (-1: none).

    No two accounts of the market share a name.
    """
    pairs = SURNAMES * TRADES
    numbers = np.arange(base, base + count)
    scrambled = (numbers % pairs) * 7919 % pairs
    surname, trade, block = scrambled % SURNAMES, scrambled // SURNAMES % TRADES, numbers // pairs
    titles, slugs = [], []
    for family, kind, more in zip(surname.tolist(), trade.tolist(), block.tolist(), strict=True):
        words = [names.SURNAMES[family], names.TRADES[kind][0]]
        if more:
            words.append(names.PLACES[(more - 1) % len(names.PLACES)][1] + ("" if more <= len(names.PLACES) else f" {more}"))
        titles.append(" ".join(words))
        slugs.append("-".join(names.slug(word) for word in words))
    return titles, slugs, trade, np.where(block > 0, (block - 1) % len(names.PLACES), -1)


def make_accounts(rng: np.random.Generator, base: int, count: int) -> Accounts:
    """`count` companies whose numbers begin at `base`."""
    titles, slugs, trade, place = _company_names(base, count)
    place = np.where(place < 0, rng.choice(len(names.PLACES), count), place)
    country = np.array([names.COUNTRIES.index(spot[0]) for spot in names.PLACES])[place]
    parent = np.full(count, -1)
    daughters = np.flatnonzero((rng.random(count) < 0.05) & (np.arange(count) % 2 == 1))
    parent[daughters] = daughters - 1
    shared = np.zeros(count, dtype=bool)
    shared[daughters] = rng.random(len(daughters)) < 0.25
    for daughter in daughters.tolist():
        more = names.SUBSIDIARIES[daughter % len(names.SUBSIDIARIES)]
        titles[daughter] = f"{titles[daughter - 1]} {more}"
        slugs[daughter] = slugs[daughter - 1] if shared[daughter] else f"{slugs[daughter - 1]}-{names.slug(more)}"
        country[daughter], place[daughter], trade[daughter] = country[daughter - 1], place[daughter - 1], trade[daughter - 1]
    shared[daughters - 1] |= shared[daughters]
    forms = [
        names.LEGAL_FORMS[names.COUNTRIES[land]][int(draw * len(names.LEGAL_FORMS[names.COUNTRIES[land]]))]
        for land, draw in zip(country.tolist(), rng.random(count).tolist(), strict=True)
    ]
    employees = np.exp(rng.normal(5.0, 1.1, count)).astype(np.int64) + 8
    fit = np.clip(rng.beta(3, 3, count) + np.where(trade < 12, 0.1, -0.05), 0.02, 0.98)
    two = (rng.random(count) < 0.08) & ~shared
    heads = np.clip(rng.poisson(2.2 + np.log10(employees), count) + 1, 3, MOST)
    early = rng.random(count)
    first = np.where(early < 0.30, rng.random(count) * 20, rng.random(count) ** 1.15 * (SLOTS - 6))
    return Accounts(
        number=np.arange(base, base + count),
        name=pa.array([f"{title} {form}" for title, form in zip(titles, forms, strict=True)]),
        domain=pa.array([f"{word}.example" for word in slugs]),
        domain2=pa.array([f"{word}-gruppe.example" if yes else None for word, yes in zip(slugs, two.tolist(), strict=True)], pa.string()),
        shared_domain=shared,
        parent=parent,
        country=country,
        place=place,
        industry=pa.array([names.TRADES[kind][1] for kind in trade.tolist()]),
        employees=employees,
        tier=np.where(fit > 0.62, 0, np.where(fit > 0.4, 1, 2)),
        fit=fit,
        pace=np.exp(rng.normal(0, 0.25, count)),
        activity=np.clip(np.exp(rng.normal(0, 0.3, count)) * (0.8 + 0.1 * np.log10(employees)), 0.4, 2.5),
        loyalty=rng.choice(3, count, p=model.LOYALTY_SHARE),
        first_slot=first.astype(np.int64),
        network=(rng.random(count) < 0.12 + 0.12 * np.log10(employees)) & ~shared,
        recommended=rng.random(count) < 0.06,
        persons=heads,
        first_person=np.concatenate([[0], np.cumsum(heads)[:-1]]),
    )  # fmt: skip


def make_persons(rng: np.random.Generator, accounts: Accounts, base: int) -> Persons:
    """The buying centers of the companies; person numbers begin at `base`."""
    owner = np.repeat(np.arange(accounts.count), accounts.persons)
    count = len(owner)
    place = np.arange(count) - accounts.first_person[owner]
    stride = rng.integers(1, SURNAMES // (2 * MOST), accounts.count)
    start = rng.integers(0, SURNAMES, accounts.count)
    sister = (accounts.parent >= 0) & accounts.shared_domain
    stride[sister], start[sister] = stride[accounts.parent[sister]], start[accounts.parent[sister]]
    family = (start[owner] + (place + MOST * sister[owner]) * stride[owner]) % SURNAMES
    given = np.where(
        rng.random(count) < 0.68, rng.integers(0, len(names.MEN), count), rng.integers(len(names.MEN), len(names.FIRST_NAMES), count)
    )
    english = rng.random(count) < 0.14
    woman = given >= len(names.MEN)
    first = np.array(names.FIRST_NAMES)[given]
    last = np.array(names.SURNAMES)[family]
    free = rng.random(count) < 0.045
    provider = (accounts.employees[owner] < 40) & (rng.random(count) < 0.10)
    email, second = _addresses(rng, accounts, owner, given, family, free, provider)
    return Persons(
        number=np.arange(base, base + count),
        account=owner,
        place=place,
        first=pa.array(first),
        last=pa.array(last),
        email=pa.array(email),
        email2=pa.array(second, pa.string()),
        company_mail=~(free | provider),
        woman=woman,
        title=pa.array(_titles(rng, place, woman, english)),
        english=english,
        role=pa.array(np.array(names.ROLES)[place]),
        devices=rng.choice([1, 2, 3], count, p=[0.45, 0.42, 0.13]),
    )


def _addresses(
    rng: np.random.Generator, accounts: Accounts, owner: Array, given: Array, family: Array, free: Array, provider: Array
) -> tuple[list[str], list[str | None]]:
    """Main and second addresses. Free-mail addresses carry a number that no real mailbox is likely to have."""
    given_slugs = [names.slug(name) for name in names.FIRST_NAMES]
    family_slugs = [names.slug(name) for name in names.SURNAMES]
    domains, seconds = accounts.domain.to_pylist(), accounts.domain2.to_pylist()
    pattern = rng.integers(0, 3, accounts.count)[owner]
    alias = rng.random(len(owner)) < 0.06
    digits = rng.integers(100_000, 999_999, len(owner))
    which = rng.integers(0, len(names.FREE_MAIL), len(owner))
    on_second = rng.random(len(owner)) < 0.35
    main: list[str] = []
    other: list[str | None] = []
    columns = (owner, given, family, pattern, free, provider, alias, digits, which, on_second)
    for company, one, two, form, is_free, is_provider, has_alias, digit, mailer, there in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        front, back = given_slugs[one], family_slugs[two]
        domain = seconds[company] if there and seconds[company] else domains[company]
        local = (f"{front}.{back}", f"{front[0]}.{back}", back)[form]
        if is_free:
            main.append(f"{front[0]}.{back}.{digit}@{names.FREE_MAIL[mailer]}")
        elif is_provider:
            main.append(f"{back}.{digit}@{names.PROVIDER_MAIL}")
        else:
            main.append(f"{local}@{domain}")
        short = f"{front[0]}{back}@{domain}"
        other.append(short if has_alias and not (is_free or is_provider) else None)
    return main, other


def _titles(rng: np.random.Generator, place: Array, woman: Array, english: Array) -> list[str]:
    draws = rng.random(len(place))
    out = []
    spelling = np.where(english, 2, woman.astype(np.int64))
    for spot, which, draw in zip(place.tolist(), spelling.tolist(), draws.tolist(), strict=True):
        choices = names.TITLES[names.ROLES[spot]][which]
        out.append(choices[int(draw * len(choices))])
    return out
