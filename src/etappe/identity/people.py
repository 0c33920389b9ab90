"""What the records of people say of their identifiers: names, mailboxes that several read, values that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity import lists
from etappe.identity.companies import frame_of
from etappe.identity.mentions import Evidence, table
from etappe.identity.names import person_words
from etappe.identity.rules import IdentityRules
from etappe.tables import cleaning
from etappe.tables.engine import Engine

ROLE_MAILBOX = "role mailbox"
SWITCHBOARD = "switchboard number"
PLACEHOLDER = "placeholder, names nobody"


def held_by_itself(single: ir.Table, switchboards: ir.Table, rules: IdentityRules) -> ir.Table:
    """kind, value, reason: identifiers that tie nobody by what they are, wherever they occur."""
    roles = "|".join(
        sorted(
            map(re.escape, lists.words("role_mailboxes.txt") | set(rules.role_mailboxes)),
            key=lambda word: (-len(word), word),
        )
    )
    long = "|".join(word for word in roles.split("|") if len(word.replace("\\", "")) > 3)
    pattern = f"^(({roles})[0-9]*|({long})[-._+][^@]*)@"
    nobody = list(lists.lines("placeholders.txt"))
    excepted = rules.not_role_mailboxes or [""]
    address = ibis.ifelse(single.kind.isin(["email", "user"]), cleaning.email(single.value), ibis.null("string"))
    role = (address.re_search(pattern) & ~address.isin(excepted)).fill_null(False)
    placeholder = single.value.lower().isin(nobody) | single.value.re_search("^[0x.-]*$")
    board = (single.kind == "phone") & single.value.isin(switchboards.value)
    reason = ibis.cases(
        (placeholder, PLACEHOLDER), (role, ROLE_MAILBOX), (board, SWITCHBOARD), else_=ibis.null("string")
    )
    judged = single.select("kind", "value", reason=reason)
    return judged.filter(judged.reason.notnull())


def records(evidence: Evidence, engine: Engine) -> pl.DataFrame:
    """One row a record of `people`: kind, value, name, words (of the name), and what the profile needs."""
    rows = table(evidence, "people", engine)
    picked = rows.select(
        "source",
        "email",
        "first_name",
        "last_name",
        "title",
        "role",
        "language",
        "country",
        "opted_out",
        "internal",
        "city",
        "lifecycle",
        "happened_at",
        "learned_at",
        kind=cleaning.contact_kind(rows.source),
        value=cleaning.contact(rows.record_id),
        account_kind=cleaning.account_kind(rows.source),
        account_ref=cleaning.contact(rows.account_ref),
        company=cleaning.company(rows.company_name),
        site=cleaning.host(rows.domain),
        mail=cleaning.email(rows.email),
    )
    frame = frame_of(picked, engine)
    frame = frame.sort("kind", "value", "learned_at").unique(["kind", "value"], keep="last", maintain_order=True)
    name = pl.concat_str("first_name", "last_name", separator=" ", ignore_nulls=True).str.strip_chars()
    return frame.with_columns(name=pl.when(name == "").then(None).otherwise(name))


def spoken_names(evidence: Evidence, engine: Engine) -> pl.DataFrame:
    """kind, value, name, seen: names that events and feedback give together with an e-mail address or a record."""
    parts = []
    for source in ("events", "feedback"):
        rows = table(evidence, source, engine)
        named = rows.filter(rows.person_name.notnull() & (rows.email.notnull() | rows.contact_ref.notnull()))
        mail, ref = cleaning.email(named.email), cleaning.contact(named.contact_ref)
        picked = named.select(
            kind=ibis.ifelse(ref.notnull(), cleaning.contact_kind(named.source), ibis.literal("email")),
            value=ibis.coalesce(ref, mail),
            name=named.person_name,
        )
        parts.append(picked.group_by("kind", "value", "name").agg(seen=picked.count()))
    frame = frame_of(ibis.union(*parts), engine)
    return (
        frame.group_by("kind", "value", "name")
        .agg(pl.col("seen").sum())
        .sort("kind", "value", "seen", "name", descending=[False, False, True, False])
    )


def name_words(names: Iterable[str | None]) -> list[frozenset[str]]:
    """The telling words of each name."""
    return [person_words(name) if name else frozenset() for name in names]
