"""Whose a domain or a company's name is: one account's, several accounts' (ambiguous), or an account of its own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

from etappe.identity import lists
from etappe.identity.accounts import Grouped
from etappe.identity.companies import OWNABLE, Companies
from etappe.identity.decisions import Decision, Identifier
from etappe.identity.links import LINK, RULES
from etappe.identity.names import coarse, company_likeness
from etappe.identity.overrides import Overrides
from etappe.tables.cleaning import short_id_of

CANDIDATES_KEPT = 12
FAMILY = 0.5  # likeness of names that differ by a word such as holding or Vertrieb
KIN_SHARE = 0.05  # of what is said at a domain: from here on a sister's name is not a slip
LONG_LABEL = 10  # a domain's name of this length is hardly that of two companies
_GROUP = re.compile(r"-(gruppe|group|online|web|mail|gmbh|ag|kg)$")
MAIN_SHARE = 0.8  # people of a domain whom the CRM ties to one account: from here on the domain is that account's
_NOBODY = Counter[str]()
RIVAL_SHARE = 0.4  # from here on other accounts' people put a stated domain in doubt


@dataclass(frozen=True, slots=True)
class Claim:
    """Who owns something: `accounts` (several: ambiguous), by which rule, on how many records."""

    accounts: tuple[str, ...] = ()
    rule: str = ""
    words: str = ""
    seen: int = 1


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
        Account that has no company record → its name.
    keys : dict
        Account → its names without legal form.
    """

    domains: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: list[tuple[object, ...]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)

    def sole(self, domain: str) -> bool:
        """Whether exactly one account owns a domain."""
        return len(self.domains.get(domain, ())) == 1

    def links_told(self) -> pl.DataFrame:
        """The links as a frame; they are forgotten here."""
        told = pl.DataFrame(self.links, schema=LINK, orient="row")
        self.links.clear()
        return told

    def settle(self, kind: str, value: str, claim: Claim) -> None:
        """Writes down an owner, or the candidates: then nobody gets it silently."""
        target = self.domains if kind == "domain" else self.names
        target[value] = claim.accounts[:CANDIDATES_KEPT]
        sole = len(claim.accounts) == 1
        likely = RULES[claim.rule][0] if sole else round(1 / len(claim.accounts), 4)
        reason = None if sole else f"ambiguous: {len(claim.accounts)} accounts have it"
        for account in claim.accounts[:CANDIDATES_KEPT]:
            link = (kind, value, "account", account, claim.rule, claim.words, likely, sole, reason, claim.seen)
            self.links.append(link)

    def found(self, kind: str, value: str, title: str, key: str | None) -> str:
        """Makes an account that has no company record."""
        account = short_id_of("a", kind, value)
        self.titles.setdefault(account, title)
        if key:
            self.keys.setdefault(account, set()).add(key)
        return account


def decide(found: Companies, grouped: Grouped, decided: Overrides) -> Owned:
    """Gives every company domain and every company name its account or its candidates."""
    account_of = grouped.account_of()
    owned = Owned()
    for account, key in grouped.records.select("account_id", "key").drop_nulls().iter_rows():
        owned.keys.setdefault(account, set()).add(key)
    _domains(owned, found, grouped, account_of)
    _decided(owned, decided, account_of, "domain")
    _names(owned, found, account_of)
    _decided(owned, decided, account_of, "name")
    # A company that no record has, only a name, is there only now.
    _tied(owned, [tie for tie in _ties(decided) if tie[1][0] == "name"], account_of, "domain")
    return owned


def placeholders() -> list[str]:
    """What is written where a company has no name, folded."""
    return list(lists.lines("company_placeholders.txt"))


def _domains(owned: Owned, found: Companies, grouped: Grouped, account_of: Mapping[tuple[str, str], str]) -> None:
    stated = _stated(owned, grouped)
    people: defaultdict[str, Counter[str]] = defaultdict(Counter)
    said = found.said.drop_nulls(["value", "mail"]).select("kind", "value", "mail", "seen")
    for kind, value, mail, seen in said.iter_rows():
        people[mail][account_of[kind, value]] += seen
    hosts = found.hosts.filter(pl.col("use").is_in(OWNABLE)).group_by("domain").agg(pl.col("persons").sum())
    persons_on = dict(hosts.iter_rows())
    spoken, by_key, kin = _spoken_names(found), _accounts_by_key(owned.keys), _names_without_link(found)
    homes: dict[str, set[str]] = {}
    for domain, accounts in stated.items():
        for account in accounts:
            homes.setdefault(account, set()).add(domain)
    # Domains that somebody owns come first; then short ones, so that muster.de is there before muster-gruppe.de.
    order = sorted(
        {*persons_on, *stated, *people}, key=lambda one: (one not in stated, one not in people, len(one), one)
    )
    labels: dict[str, set[str]] = {}
    for domain in order:
        claim = _owner(domain, stated.get(domain, _NOBODY), people.get(domain, _NOBODY))
        if len(claim.accounts) == 1 and domain in kin:
            claim = _with_kin(owned, claim, kin[domain], by_key)
        if not claim.accounts and persons_on.get(domain):
            claim = _by_name(domain, spoken.get(domain), by_key, homes)
        if not claim.accounts and persons_on.get(domain):
            claim = _by_label(owned, domain, labels)
        if not claim.accounts and persons_on.get(domain):
            title, key = spoken.get(domain, (domain, None))
            account = owned.found("domain", domain, title, key)
            owned.keys.setdefault(account, set()).add(domain.partition(".")[0].replace("-", " "))
            words = f"people write from {domain}, and no company record has it"
            claim = Claim((account,), "domain of its own", words, persons_on[domain])
        if claim.accounts:
            owned.settle("domain", domain, claim)
            labels.setdefault(domain.partition(".")[0], set()).add(domain)


def _by_label(owned: Owned, domain: str, labels: Mapping[str, set[str]]) -> Claim:
    """A domain nobody owns, named like exactly one that somebody owns: muster-gruppe.de, muster-maschinenbau.at."""
    label, _, suffix = domain.partition(".")
    stem = _GROUP.sub("", label)
    others = {other for other in labels.get(stem, ()) if other.partition(".")[2] == suffix} if stem != label else set()
    if not others and (len(label) >= LONG_LABEL or "-" in label):
        others = set(labels.get(label, ()))
    owners = {owned.domains[other] for other in others}
    if len(owners) != 1 or len(next(iter(owners))) != 1:
        return Claim()
    return Claim(next(iter(owners)), "like domain", f"named like {sorted(others)[0]}")


def _stated(owned: Owned, grouped: Grouped) -> dict[str, Counter[str]]:
    """Domain → accounts whose company records name it, with the number of these records."""
    stated: defaultdict[str, Counter[str]] = defaultdict(Counter)
    records = grouped.records.filter(~pl.col("bare")).select("kind", "value", "account_id", "domains")
    for kind, value, account, domain in records.explode("domains").drop_nulls("domains").iter_rows():
        stated[domain][account] += 1
        words = f"{kind.partition(':')[2]} record {value} names it"
        owned.links.append(("domain", domain, kind, value, "stated domain", words, 0.97, True, None, 1))
    return stated


def _owner(domain: str, stated: Counter[str], people: Counter[str]) -> Claim:
    """The account, or the candidates, of a domain that company records name or that their people write from."""
    total = sum(people.values())
    if stated:
        rivals = {account for account, seen in people.items() if account not in stated and seen >= 2}
        doubted = sum(people[account] for account in rivals) > RIVAL_SHARE * total
        accounts = tuple(sorted({*stated, *rivals} if doubted else stated))
        return Claim(accounts, "stated domain", f"company records name {domain}", sum(stated.values()))
    if people:
        best, seen = min(people.items(), key=lambda item: (-item[1], item[0]))
        accounts = (best,) if seen >= MAIN_SHARE * total else tuple(sorted(people))
        return Claim(accounts, "domain of its people", f"people whom the CRM ties to it write from {domain}", seen)
    return Claim()


def _names_without_link(found: Companies) -> dict[str, list[tuple[str, str, float]]]:
    """Domain → names that its people give and no CRM ties to a company: key, as written, share of what is said there."""
    said = found.said.filter(~pl.col("web")).drop_nulls(["mail", "key"])
    share = pl.col("seen").sum() / pl.col("total").first()
    counted = said.with_columns(total=pl.col("seen").sum().over("mail")).filter(pl.col("value").is_null())
    named = counted.group_by("mail", "key").agg(pl.col("title").min(), share=share).sort("mail", "key")
    rivals: dict[str, list[tuple[str, str, float]]] = {}
    for mail, key, title, part in named.filter(pl.col("share") >= KIN_SHARE).iter_rows():
        rivals.setdefault(mail, []).append((key, title, part))
    return rivals


def _with_kin(owned: Owned, claim: Claim, names: list[tuple[str, str, float]], by_key: Mapping[str, set[str]]) -> Claim:
    """A sister company that is in no CRM and writes from the owner's domain, puts the domain in doubt.

    "Muster Vertrieb" owns the domain, and some of its people say "Muster": likeness 0.5 means one family, two companies.
    """
    own = owned.keys.get(claim.accounts[0], set())
    sisters = set(claim.accounts)
    for key, title, _ in names:
        if own and max(company_likeness(key, other) for other in own) == FAMILY:
            sisters |= by_key.get(_closed(key)) or {owned.found("name", _closed(key), title, key)}
    return Claim(tuple(sorted(sisters)), claim.rule, claim.words, claim.seen)


def _spoken_names(found: Companies) -> dict[str, tuple[str, str]]:
    """Domain → the company name (as written, and its key) that most people of that domain give."""
    named = found.said.filter(~pl.col("web")).drop_nulls(["mail", "key"])
    named = named.filter(~pl.col("key").is_in(placeholders()))
    by_key = named.group_by("mail", "key").agg(
        pl.col("seen").sum(), title=pl.col("title").sort_by("seen", "title", descending=[True, False]).first()
    )
    main = by_key.filter(pl.col("seen") > 0.5 * pl.col("seen").sum().over("mail"))
    return {mail: (title, key) for mail, key, title in main.select("mail", "key", "title").iter_rows()}


@lru_cache(maxsize=200_000)
def _closed(key: str) -> str:
    return coarse(key).replace(" ", "")


def _accounts_by_key(keys: Mapping[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for account, names in keys.items():
        for key in names:
            found.setdefault(_closed(key), set()).add(account)
    return found


def _by_name(
    domain: str,
    spoken: tuple[str, str] | None,
    by_key: Mapping[str, set[str]],
    homes: Mapping[str, set[str]],
) -> Claim:
    """A domain nobody owns belongs to the account whose name its people give, unless that has quite another domain."""
    named = by_key.get(_closed(spoken[1]), set()) if spoken else set()
    if spoken is None or len(named) != 1:
        return Claim()
    account = next(iter(named))
    theirs = homes.get(account, set())
    if theirs and not any(_akin(domain, other) for other in theirs):
        return Claim()
    return Claim((account,), "company name", f"people of {domain} give the name {spoken[0]}")


def _akin(one: str, two: str) -> bool:
    """Domains of one name: under two top-level domains, or one the beginning of the other (muster, muster-gruppe)."""
    short, long = sorted((one.split(".")[0], two.split(".")[0]), key=len)
    return long == short or (len(short) >= 5 and long.startswith(f"{short}-"))


def _names(owned: Owned, found: Companies, account_of: Mapping[tuple[str, str], str]) -> None:
    """Company names as people, deals and events write them."""
    said = found.said.drop_nulls(["name", "key"]).filter(~pl.col("key").is_in(placeholders()))
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, value, name, mail, site, seen in said.select("kind", "value", "name", "mail", "site", "seen").iter_rows():
        counted = votes[name]
        if value is not None:
            counted[account_of[kind, value]] += seen
        for domain in {mail, site} - {None}:
            if owned.sole(domain):
                counted[owned.domains[domain][0]] += seen
    by_key = _accounts_by_key(owned.keys)
    spoken = said.group_by("name").agg(pl.col("key", "title").first(), pl.col("seen").sum(), web=pl.col("web").all())
    for name, key, title, seen, web in spoken.sort("name").iter_rows():
        claim = _name_owner(key, votes[name], by_key, owned.keys)
        if not claim.accounts and not web:
            account = owned.found("name", _closed(key), title, key)
            by_key.setdefault(_closed(key), set()).add(account)
            claim = Claim((account,), "name of its own", f"{title} is in no company record", seen)
        if claim.accounts:
            owned.settle("name", name, claim)


def _name_owner(key: str, votes: Counter[str], by_key: Mapping[str, set[str]], keys: Mapping[str, set[str]]) -> Claim:
    """The account with this name; of several, the one whose people or records the name stands with."""
    named = by_key.get(_closed(key), set())
    fitting = {account: seen for account, seen in votes.items() if _fits(key, keys.get(account), named, account)}
    if fitting:
        best, seen = min(fitting.items(), key=lambda item: (-item[1], item[0]))
        accounts = (best,) if seen >= MAIN_SHARE * sum(fitting.values()) else tuple(sorted(fitting))
        return Claim(accounts, "company name", "stands with its records or people", seen)
    return Claim(tuple(sorted(named)), "company name", "the name without legal form") if named else Claim()


def _fits(key: str, keys: set[str] | None, named: set[str], account: str) -> bool:
    """Whether a name can be that of an account: it bears it, bears one like it, or has none."""
    if account in named or not keys:
        return True
    return not named and any(company_likeness(key, other) >= 0.85 for other in keys)


def _decided(owned: Owned, decided: Overrides, account_of: Mapping[tuple[str, str], str], kind: str) -> None:
    """Decisions on domains and names: assigned, merged with a record, or split off."""
    target = owned.domains if kind == "domain" else owned.names
    for chosen, _, decision in decided.apart:
        for item in sorted(item for item in chosen if item[0] == kind):
            owned.settle(*item, Claim((owned.found(*item, item[1], None),), "decision", decision.words()))
    _tied(owned, _ties(decided), account_of, kind)
    for item, (nowhere, decision) in decided.assigned.items():
        if item[0] == kind and nowhere is None:
            target.pop(item[1], None)
            owned.links.append((*item, "account", "none", "decision", decision.words(), 1.0, True, None, 1))


def _ties(decided: Overrides) -> list[tuple[Identifier, Identifier, Decision]]:
    """What goes to whom by a decision: an identifier, what names the account, the decision."""
    ties = [(one, two, decision) for one, two, decision in decided.together]
    ties += [(two, one, decision) for one, two, decision in decided.together if one[0] not in ("domain", "name")]
    return ties + [(item, into, decision) for item, (into, decision) in decided.assigned.items() if into is not None]


def _tied(owned: Owned, ties: list[tuple[Identifier, Identifier, Decision]], account_of: Mapping[tuple[str, str], str], kind: str) -> None:
    for item, into, decision in ties:
        account = account_named(into, owned, account_of)
        if item[0] == kind and account is not None:
            owned.settle(*item, Claim((account,), "decision", decision.words()))


def account_named(item: tuple[str, str], owned: Owned, account_of: Mapping[tuple[str, str], str]) -> str | None:
    """The account a decision means by an identifier; None where it is unknown or ambiguous."""
    if item in account_of:
        return account_of[item]
    accounts = (owned.domains if item[0] == "domain" else owned.names).get(item[1], ())
    return accounts[0] if len(accounts) == 1 else None
