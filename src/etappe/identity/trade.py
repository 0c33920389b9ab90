"""What deals and events say of persons and companies together."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import polars as pl

from etappe.identity.mentions import Evidence, frame_of, handles, table
from etappe.tables import cleaning
from etappe.tables.engine import Engine


@dataclass(frozen=True, slots=True)
class Trade:
    """Deals, and what stands beside persons.

    Attributes
    ----------
    deals : frame
        kind, value (identifier of a person), at, account_kind, account_ref: people on deals and with roles on them,
        beside the deal's company.
    beside : frame
        kind, value (first identifier, may be null), account_kind, account_ref, title and company (name as written,
        lower case), mail_host, site_host, web, seen, at: which company events and feedback name.
    names : frame
        account_kind, account_ref, title, company, mail_host, seen: how deals name companies.
    roles : frame
        kind, value, role, at: buying roles as deals state them.
    """

    deals: pl.DataFrame
    beside: pl.DataFrame
    names: pl.DataFrame
    roles: pl.DataFrame


def gather(evidence: Evidence, engine: Engine) -> Trade:
    """Collects them."""
    deals = _deals(evidence, engine)
    roles = _roles(evidence, engine)
    refs = deals.explode("refs").drop_nulls("refs").with_columns(kind="contact_kind", value="refs")
    mails = deals.drop_nulls("mail").with_columns(kind=pl.lit("email"), value="mail")
    homes = deals.select("source", deal_ref="record_id", account_kind="account_kind", account_ref="account_ref")
    placed = roles.join(homes, on=["source", "deal_ref"], how="left", maintain_order="left")
    columns = ["kind", "value", "at", "account_kind", "account_ref"]
    people = pl.concat([part.select(columns) for part in (refs, mails, placed)]).drop_nulls("value").unique()
    named = deals.with_columns(mail_host=pl.col("mail").str.replace(r"^.*@", ""))
    counted = named.group_by("account_kind", "account_ref", "title", "company", "mail_host").agg(
        seen=pl.len().cast(pl.Int64)
    )
    return Trade(
        people, frame_of(_beside(evidence, engine), engine), counted, roles.select("kind", "value", "role", "at")
    )


def _deals(evidence: Evidence, engine: Engine) -> pl.DataFrame:
    deals = table(evidence, "deals", engine)
    picked = deals.select(
        "source",
        "record_id",
        at=deals.happened_at,
        contact_kind=cleaning.contact_kind(deals.source),
        refs=deals.contact_refs.map(cleaning.contact),
        mail=cleaning.email(deals.contact_email),
        account_kind=cleaning.account_kind(deals.source),
        account_ref=cleaning.contact(deals.account_ref),
        title=deals.company_name.strip().nullif(""),
        company=cleaning.company(deals.company_name),
    )
    return frame_of(picked, engine)


def _roles(evidence: Evidence, engine: Engine) -> pl.DataFrame:
    rows = table(evidence, "deal_roles", engine)
    ref = cleaning.contact(rows.contact_ref)
    picked = rows.select(
        "source",
        "deal_ref",
        "role",
        kind=ibis.ifelse(ref.notnull(), cleaning.contact_kind(rows.source), ibis.literal("email")),
        value=ibis.coalesce(ref, cleaning.email(rows.email)),
        at=rows.happened_at,
    )
    return frame_of(picked, engine).drop_nulls("value")


def _beside(evidence: Evidence, engine: Engine) -> ir.Table:
    """Companies that events and feedback name, each with the person beside it, counted.

    A company's name on an anonymous visit comes from the network's owner: it is marked `web` and names nobody's
    employer. A domain on a visit is the network's too, and is counted elsewhere.
    """
    named, feedback = handles(evidence, engine), table(evidence, "feedback", engine)
    nothing = ibis.null("string")
    answers = feedback.select(
        "source", "contact_ref", "email", "account_ref", "company_name", user_id=nothing, cookie=nothing, phone=nothing,
        domain=nothing, visit=ibis.literal(False), seen=ibis.literal(1, "int64"), last_at=feedback.happened_at,
    )  # fmt: skip
    both = ibis.union(named.select(*answers.columns), answers)
    both = both.mutate(
        domain=ibis.ifelse(both.visit, nothing, both.domain),
        web=both.visit & both.email.isnull() & both.contact_ref.isnull(),
    )
    said = both.filter(both.company_name.notnull() | both.account_ref.notnull() | both.domain.notnull())
    keys = [
        "source",
        "contact_ref",
        "email",
        "user_id",
        "cookie",
        "phone",
        "account_ref",
        "company_name",
        "domain",
        "web",
    ]
    counted = said.group_by(keys).agg(seen=said.seen.sum().cast("uint64").cast("int64"), at=said.last_at.max())
    kind, value = cleaning.event_identifier(counted)
    return counted.select(
        "web",
        "at",
        kind=kind,
        value=value,
        account_kind=cleaning.account_kind(counted.source),
        account_ref=cleaning.contact(counted.account_ref),
        title=counted.company_name.strip().nullif(""),
        company=cleaning.company(counted.company_name),
        mail_host=cleaning.email_host(cleaning.email(counted.email)),
        site_host=cleaning.host(counted.domain),
        seen=counted.seen.cast("int64"),
    )
