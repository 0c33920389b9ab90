"""What the records of people say: their identifiers, their names, their company."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity.mentions import Evidence, frame_of, table
from etappe.identity.names import person_words
from etappe.identity.rules import IdentityRules
from etappe.tables import cleaning
from etappe.tables.engine import Engine


def records(evidence: Evidence, engine: Engine, rules: IdentityRules) -> pl.DataFrame:
    """One row a record of `people`: kind, value, name, its cleaned identifiers, its company, and what a profile needs."""
    rows = table(evidence, "people", engine)
    picked = rows.select(
        "source", "record_id", "first_name", "last_name", "title", "role", "language", "country", "opted_out",
        "internal", "happened_at", "learned_at",
        kind=cleaning.contact_kind(rows.source),
        value=cleaning.contact(rows.record_id),
        mail=cleaning.email(rows.email),
        mails=rows.emails.map(cleaning.email),
        user=cleaning.plain(rows.user_id),
        phone=cleaning.phone(rows.phone, rules.phone_country),
        board=cleaning.is_switchboard(rows.phone),
        cookie=cleaning.plain(rows.cookie),
        merged=rows.merged_refs.map(cleaning.contact),
        converted=cleaning.contact(rows.converted_ref),
        account_kind=cleaning.account_kind(rows.source),
        account_ref=cleaning.contact(rows.account_ref),
        title_of_company=rows.company_name.strip().nullif(""),
        company=cleaning.company(rows.company_name),
        site=cleaning.host(rows.domain),
    )  # fmt: skip
    # Versions that were learned at one moment stand in the order of their own times, whichever the engine hands over first.
    frame = frame_of(picked, engine).sort("kind", "value", "learned_at", "happened_at", "mail", "title_of_company", nulls_last=False)
    frame = frame.unique(["kind", "value"], keep="last", maintain_order=True)
    name = pl.concat_str("first_name", "last_name", separator=" ", ignore_nulls=True).str.strip_chars()
    return frame.with_columns(name=pl.when(name == "").then(None).otherwise(name))


_OF_PAIRS = ("mails", "user", "phone", "board", "cookie", "merged", "converted")


def identifiers(records: pl.DataFrame, engine: Engine) -> tuple[ir.Table, pl.DataFrame]:
    """What is on each record that names a person, in the engine, and the records without what only pairs are made of.

    There are as many as people, so that each is held once. `example` says which record it is.
    """
    named = records.select("kind", "value", "mail", *_OF_PAIRS, "happened_at", example=pl.concat_str("source", pl.lit("/"), "record_id"))
    return engine.from_arrow("people", named.to_arrow()), records.drop("source", "record_id", *_OF_PAIRS)


def pairs(people: ir.Table) -> ir.Table:
    """Each record with each identifier on it, and with itself alone (right is null); not computed yet.

    Columns of `links.PAIR`, and board: it is a switchboard's number. `people` are the `identifiers`.
    """
    parts = [
        _on(people, "record alone", ibis.null("string"), ibis.null("string")),
        _on(people, "contact record", ibis.literal("email"), people.mail),
        _on(people, "contact record", ibis.literal("user"), people.user),
        _on(people, "contact record", ibis.literal("phone"), people.phone, people.board.fill_null(False)),
        _on(people, "contact record", ibis.literal("cookie"), people.cookie),
        _on(people, "converted lead", people.kind, people.converted),
        _on(people, "further address", ibis.literal("email"), people.mails.unnest()),
        _on(people, "merged record", people.kind, people.merged.unnest()),
    ]
    alone, *others = parts
    return ibis.union(alone, *[part.filter(part.right.notnull()) for part in others])


def _on(people: ir.Table, rule: str, kind: ir.Value, right: ir.Value, board: ir.Value | bool = False) -> ir.Table:
    return people.select(
        "example",
        left_kind="kind",
        left="value",
        right_kind=kind,
        right=right,
        rule=ibis.literal(rule),
        seen=ibis.literal(1, "int64"),
        first_at="happened_at",
        last_at="happened_at",
        board=ibis.literal(board) if isinstance(board, bool) else board,
    )


def spoken_names(evidence: Evidence, engine: Engine) -> pl.DataFrame:
    """kind, value, name, seen: names that events and feedback give together with an e-mail address or a record."""
    parts = []
    for source in ("events", "feedback"):
        rows = table(evidence, source, engine)
        named = rows.filter(rows.person_name.notnull() & (rows.email.notnull() | rows.contact_ref.notnull()))
        counted = named.group_by("source", "contact_ref", "email", "person_name").agg(seen=named.count())
        parts.append(counted)
    every = ibis.union(*parts)
    ref = cleaning.contact(every.contact_ref)
    picked = every.select(
        "seen",
        kind=ibis.ifelse(ref.notnull(), cleaning.contact_kind(every.source), ibis.literal("email")),
        value=ibis.coalesce(ref, cleaning.email(every.email)),
        name=every.person_name,
    )
    frame = frame_of(picked, engine).drop_nulls(["kind", "value"])
    summed = frame.group_by("kind", "value", "name").agg(pl.col("seen").sum())
    return summed.sort("kind", "value", "seen", "name", descending=[False, False, True, False])


def words_of(names: pl.Series) -> pl.Series:
    """The telling words of each name in the order of the alphabet, as one text; null where there are none."""
    known = {name: " ".join(sorted(person_words(name))) or None for name in names.drop_nulls().unique()}
    return names.replace_strict(known, default=None, return_dtype=pl.String) if known else names.cast(pl.String)
