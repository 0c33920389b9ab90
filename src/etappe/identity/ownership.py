"""Whose a domain or a company's name is: one account's, several accounts' (ambiguous), or an account of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from etappe.identity import lists
from etappe.identity.accounts import LINK, Grouped
from etappe.identity.companies import Companies
from etappe.identity.names import coarse, company_likeness
from etappe.identity.overrides import Overrides
from etappe.tables.cleaning import short_id_of

SHARED_BY_MANY = 12
CANDIDATES_KEPT = 12
MAIN_SHARE = (
    0.8  # people of a domain whom the CRM ties to one account: from here on the domain is that account's
)
RIVAL_SHARE = 0.4  # from here on other accounts' people put a stated domain in doubt


@dataclass(slots=True)
class Owned:
    """Who owns what.

    Attributes
    ----------
    domains, names : dict
        Domain, or company name as written → accounts: one, or several where it is ambiguous.
    links : list
        Rows of `LINK`.
    titles : dict
        Account made here → its name.
    """

    domains: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: list[tuple[object, ...]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[str, str]] = field(default_factory=dict)

    def frame(self) -> pl.DataFrame:
        """The links as a frame."""
        return pl.DataFrame(self.links, schema=LINK, orient="row")


def decide(found: Companies, grouped: Grouped, decided: Overrides) -> Owned:
    """Gives every company domain and every company name its account or its candidates."""
    owned = Owned()
    account_of = {
        (kind, value): account
        for kind, value, account in grouped.records.select("kind", "value", "account_id").iter_rows()
    }
    keys = _keys_of_accounts(grouped)
    _domains(owned, found, grouped, account_of, keys)
    _decided(owned, decided, account_of, "domain")
    _names(owned, found, account_of, keys)
    _decided(owned, decided, account_of, "name")
    return owned


def _keys_of_accounts(grouped: Grouped) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    for account, key in grouped.records.select("account_id", "key").drop_nulls().iter_rows():
        keys.setdefault(account, set()).add(key)
    return keys


def _domains(
    owned: Owned,
    found: Companies,
    grouped: Grouped,
    account_of: dict[tuple[str, str], str],
    keys: dict[str, set[str]],
) -> None:
    stated: dict[str, Counter[str]] = {}
    records = (
        grouped.records.filter(~pl.col("bare"))
        .select("kind", "value", "account_id", "domains")
        .explode("domains")
        .drop_nulls("domains")
    )
    for kind, value, account, domain in records.iter_rows():
        stated.setdefault(domain, Counter())[account] += 1
        owned.links.append(
            ("domain", domain, kind, value, "stated domain", f"{kind} {value} names it", 0.97, True, None, 1)
        )
    people: dict[str, Counter[str]] = {}
    for kind, value, mail, seen in (
        found.said.drop_nulls(["value", "mail"]).select("kind", "value", "mail", "seen").iter_rows()
    ):
        people.setdefault(mail, Counter())[account_of[kind, value]] += seen
    seen_on = dict(
        found.hosts.filter(pl.col("use") == "company")
        .group_by("domain")
        .agg(pl.col("persons").sum())
        .iter_rows()
    )
    spoken = _spoken_names(found)
    by_key = _accounts_by_key(keys)
    for domain in sorted(set(seen_on) | set(stated) | set(people)):
        accounts, rule, likely = _owner(stated.get(domain, Counter()), people.get(domain, Counter()))
        if not accounts and seen_on.get(domain):
            accounts, rule, likely = _by_name(domain, spoken.get(domain), by_key, stated)
        if not accounts and seen_on.get(domain):
            account = short_id_of("a", "domain", domain)
            accounts, rule, likely = (account,), "domain of its own", 0.9
            owned.made[account] = ("domain", domain)
            owned.titles[account] = spoken[domain][0] if domain in spoken else domain
            if domain in spoken:
                keys.setdefault(account, set()).add(spoken[domain][1])
        if accounts:
            _own(owned, "domain", domain, accounts, rule, likely)


def _owner(stated: Counter[str], people: Counter[str]) -> tuple[tuple[str, ...], str, float]:
    """The account, or candidates, of a domain that records state and people write from."""
    total = sum(people.values())
    if stated:
        rivals = {account for account, seen in people.items() if account not in stated and seen >= 2}
        if sum(people[account] for account in rivals) > RIVAL_SHARE * total:
            return tuple(sorted({*stated, *rivals})), "stated domain", 0.5
        return tuple(sorted(stated)), "stated domain", 0.97
    if people:
        best, seen = min(people.items(), key=lambda item: (-item[1], item[0]))
        if seen >= MAIN_SHARE * total:
            return (best,), "domain of its people", 0.93
        return tuple(sorted(people)), "domain of its people", 0.5
    return (), "", 0.0


def _own(owned: Owned, kind: str, value: str, accounts: tuple[str, ...], rule: str, likely: float) -> None:
    """Writes down an owner, or the candidates: then nobody gets it silently."""
    target = owned.domains if kind == "domain" else owned.names
    target[value] = accounts if len(accounts) == 1 else accounts[:CANDIDATES_KEPT]
    if len(accounts) == 1:
        if rule != "stated domain":
            owned.links.append(
                (kind, value, "account", accounts[0], rule, _words(rule, value), likely, True, None, 1)
            )
        return
    reason = "shared by many accounts" if len(accounts) > SHARED_BY_MANY else "several accounts"
    for account in accounts[:CANDIDATES_KEPT]:
        owned.links.append(
            (
                kind,
                value,
                "account",
                account,
                rule,
                _words(rule, value),
                round(1 / len(accounts), 4),
                False,
                f"ambiguous: {reason}",
                1,
            )
        )


def _words(rule: str, value: str) -> str:
    return {
        "domain of its people": f"the CRM ties people who write from {value} to it",
        "domain of its own": f"people write from {value}, and no company record has it",
        "company name": f"people of {value} name this company",
    }.get(rule, value)


def _spoken_names(found: Companies) -> dict[str, tuple[str, str]]:
    """Domain → the company name (as written, and its key) that most people of that domain give."""
    named = (
        found.said.filter(~pl.col("web"))
        .drop_nulls(["mail", "key"])
        .filter(~pl.col("key").is_in(list(placeholders())))
    )
    by_key = named.group_by("mail", "key").agg(
        pl.col("seen").sum(), pl.col("name").sort_by("seen", "name", descending=[True, False]).first()
    )
    by_key = by_key.with_columns(share=pl.col("seen") / pl.col("seen").sum().over("mail")).filter(
        pl.col("share") > 0.5
    )
    return {mail: (name, key) for mail, key, name in by_key.select("mail", "key", "name").iter_rows()}


def placeholders() -> frozenset[str]:
    """What is written where a company has no name."""
    return frozenset(lists.lines("company_placeholders.txt"))


def _accounts_by_key(keys: dict[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for account, names in keys.items():
        for key in names:
            found.setdefault(coarse(key).replace(" ", ""), set()).add(account)
    return found


def _by_name(
    domain: str, spoken: tuple[str, str] | None, by_key: dict[str, set[str]], stated: dict[str, Counter[str]]
) -> tuple[tuple[str, ...], str, float]:
    """A domain without an owner belongs to the account whose name its people give, unless that account has another domain."""
    if spoken is None:
        return (), "", 0.0
    named = by_key.get(coarse(spoken[1]).replace(" ", ""), set())
    if len(named) != 1:
        return (), "", 0.0
    account = next(iter(named))
    theirs = {other for other, accounts in stated.items() if account in accounts}
    if theirs and not any(other.split(".")[0] == domain.split(".")[0] for other in theirs):
        return (), "", 0.0
    return (account,), "company name", 0.9


def _names(
    owned: Owned, found: Companies, account_of: dict[tuple[str, str], str], keys: dict[str, set[str]]
) -> None:
    """Company names as people, deals and events write them."""
    said = found.said.drop_nulls(["name", "key"]).filter(~pl.col("key").is_in(list(placeholders())))
    by_key = _accounts_by_key(keys)
    together: dict[str, Counter[str]] = {}
    for kind, value, name, mail, site, seen in said.select(
        "kind", "value", "name", "mail", "site", "seen"
    ).iter_rows():
        votes = together.setdefault(name, Counter())
        if value is not None:
            votes[account_of[kind, value]] += seen
        for domain in {mail, site} - {None}:
            accounts = owned.domains.get(domain, ())
            if len(accounts) == 1:
                votes[accounts[0]] += seen
    spoken = said.group_by("name").agg(pl.col("key").first(), web=pl.col("web").all()).sort("name")
    for name, key, web in spoken.iter_rows():
        accounts, rule, likely = _name_owner(key, together.get(name, Counter()), by_key, keys)
        if not accounts and not web:
            account = short_id_of("a", "name", coarse(key).replace(" ", ""))
            accounts, rule, likely = (account,), "name of its own", 0.7
            owned.made.setdefault(account, ("name", name))
            owned.titles.setdefault(account, name)
        if accounts:
            _own(owned, "name", name, accounts, rule, likely)


def _name_owner(
    key: str, votes: Counter[str], by_key: dict[str, set[str]], keys: dict[str, set[str]]
) -> tuple[tuple[str, ...], str, float]:
    fitting = Counter(
        {
            account: seen
            for account, seen in votes.items()
            if any(company_likeness(key, other) >= 0.85 for other in keys.get(account, {key}))
        }
    )
    named = by_key.get(coarse(key).replace(" ", ""), set())
    if fitting:
        best, seen = min(fitting.items(), key=lambda item: (-item[1], item[0]))
        if seen >= MAIN_SHARE * sum(fitting.values()):
            return (best,), "company name", 0.9
        return tuple(sorted(fitting)), "company name", 0.5
    if named:
        return tuple(sorted(named)), "company name", 0.85 if len(named) == 1 else 0.5
    return (), "", 0.0


def _decided(owned: Owned, decided: Overrides, account_of: dict[tuple[str, str], str], kind: str) -> None:
    """Decisions on domains and names: assigned, merged with a record, or split off."""
    target = owned.domains if kind == "domain" else owned.names
    for item, (into, decision) in decided.assigned.items():
        if item[0] == kind:
            _settle(owned, target, item, into, decision.words(), account_of)
    for one, two, decision in decided.together:
        for item, other in ((one, two), (two, one)):
            if item[0] == kind and other[0] != kind:
                _settle(owned, target, item, other, decision.words(), account_of)
    for chosen, _, decision in decided.apart:
        for item in chosen:
            if item[0] == kind:
                account = short_id_of("a", *item)
                owned.made[account], target[item[1]] = item, (account,)
                owned.titles[account] = item[1]
                owned.links.append(
                    (*item, "account", account, "decision", decision.words(), 1.0, True, None, 1)
                )


def _settle(
    owned: Owned,
    target: dict[str, tuple[str, ...]],
    item: tuple[str, str],
    into: tuple[str, str] | None,
    words: str,
    account_of: dict[tuple[str, str], str],
) -> None:
    account: str | None = None
    if into is not None:
        known = owned.domains.get(into[1], ()) if into[0] == "domain" else owned.names.get(into[1], ())
        account = account_of.get(into) or (known[0] if len(known) == 1 else None)
        if account is None:
            return
    target[item[1]] = (account,) if account else ()
    owned.links.append((*item, "account", account or "none", "decision", words, 1.0, True, None, 1))
