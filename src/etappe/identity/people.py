"""What the records of people say: their identifiers, their names, their company."""

from __future__ import annotations

import ibis
import polars as pl

from etappe.identity.links import PAIR
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


def pairs(records: pl.DataFrame) -> pl.DataFrame:
    """Each record with each identifier on it, in the columns of `links.PAIR`, and with itself alone (right is null)."""
    # Only what a pair is made of: records have thirty columns, and there are as many as people.
    center = records.select(
        "kind", "mail", "user", "phone", "cookie", "converted", "mails", "merged", "board",
        left_kind="kind", left="value", example=pl.concat_str("source", pl.lit("/"), "record_id"),
        seen=pl.lit(1, pl.Int64), first_at="happened_at", last_at="happened_at",
    )  # fmt: skip
    parts = [
        _on(center, "contact record", pl.lit("email"), "mail"),
        _on(center, "contact record", pl.lit("user"), "user"),
        _on(center, "contact record", pl.lit("phone"), "phone"),
        _on(center, "contact record", pl.lit("cookie"), "cookie"),
        _on(center, "converted lead", pl.col("kind"), "converted"),
        _on(center.drop_nulls("mails").explode("mails"), "further address", pl.lit("email"), "mails"),
        _on(center.drop_nulls("merged").explode("merged"), "merged record", pl.col("kind"), "merged"),
    ]
    alone = center.with_columns(
        rule=pl.lit("record alone"), right_kind=pl.lit(None), right=pl.lit(None), board=pl.lit(False)
    )
    columns = [pl.col(name).cast(kind) for name, kind in PAIR.items()]
    return pl.concat([part.select(*columns, "board") for part in (alone, *parts)])


def _on(center: pl.DataFrame, rule: str, kind: pl.Expr, column: str) -> pl.DataFrame:
    board = pl.col("board").fill_null(False) if column == "phone" else pl.lit(False)
    named = center.drop_nulls(column)
    ends = ("left_kind", "left", "example", "seen", "first_at", "last_at")
    return named.select(*ends, rule=pl.lit(rule), right_kind=kind, right=pl.col(column), board=board)


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
