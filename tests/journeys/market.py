"""A small market by hand: companies, people, events and deals, as evidence and identity would hand them over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from etappe.identity.schema import ACCOUNT_KEYS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.journeys.build import build_journeys
from etappe.journeys.rules import JourneyRules
from etappe.journeys.schema import BUILT
from etappe.sources.schema import DEAL_ROLES, DEAL_STAGES, DEALS, EVENTS
from etappe.tables.engine import Engine, open_engine
from etappe.tables.schema import Table

START = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
AS_OF = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
NOWHERE = ("gmail.com", "unknown")
Row = dict[str, Any]


def day(number: float) -> dt.datetime:
    """So many days after the start; a second past the hour, so that it is no mere date."""
    return START + dt.timedelta(days=number, seconds=1)


@dataclass
class Market:
    """Companies with people `<name>@<company>.example`; the own company is `own.example`."""

    events: list[Row] = field(default_factory=list)
    deals: list[Row] = field(default_factory=list)
    deal_stages: list[Row] = field(default_factory=list)
    deal_roles: list[Row] = field(default_factory=list)
    companies: dict[str, Row] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)
    ambiguous: list[str] = field(default_factory=list)

    def event(self, at: float | dt.datetime | None, kind: str, who: str | None, **more: Any) -> Row:
        when = at if isinstance(at, dt.datetime) or at is None else day(at)
        row = {"source": "crm", "record_id": f"e{len(self.events)}", "happened_at": when, "kind": kind, **more}
        if who:
            row["email"] = self.person(who)
        self.events.append(row)
        return row

    def page(self, at: float, path: str, who: str | None, **more: Any) -> Row:
        return self.event(at, "page_view", who, **{"source": "web", "url": f"https://www.own.example{path}", **more})

    def person(self, who: str, **about: Any) -> str:
        company = who.split("@")[1]
        if company not in NOWHERE:
            self.company(company)
        email = who if "." in company else f"{who}.example"
        self.people.setdefault(email, {"company": company}).update(about)
        return email

    def company(self, name: str, **about: Any) -> None:
        self.companies.setdefault(name, {"internal": name == "own"}).update(about)

    def deal(
        self, ref: str, company: str, opened: float, closed: float | None = None, status: str = "open", **more: Any
    ) -> Row:
        self.company(company)
        row = {"source": "crm", "record_id": ref, "happened_at": day(opened), "account_ref": f"c-{company}"}
        row |= {
            "closed_at": None if closed is None else day(closed),
            "status": status,
            "amount": 1000.0,
            "currency": "EUR",
        }
        self.deals.append(row | more)
        return self.deals[-1]

    def moves(self, ref: str, *stages: tuple[float, str]) -> None:
        for at, stage in stages:
            number = f"s{len(self.deal_stages)}"
            self.deal_stages.append(
                {"source": "crm", "record_id": number, "happened_at": day(at), "deal_ref": ref, "stage": stage}
            )

    def evidence(self) -> dict[str, pa.Table]:
        tables = {"events": EVENTS, "deals": DEALS, "deal_stages": DEAL_STAGES, "deal_roles": DEAL_ROLES}
        return {name: to_arrow(table, getattr(self, name)) for name, table in tables.items()}

    def identity(self) -> dict[str, pa.Table]:
        accounts = {name: f"a{name}" for name in self.companies}
        keys = [
            {"kind": kind, "value": value, "account_id": account}
            for name, account in accounts.items()
            for kind, value in (("account:crm", f"c-{name}"), ("domain", f"{name}.example"), ("name", name))
        ]
        keys += [{"kind": "domain", "value": domain, "candidates": ["a1", "a2"]} for domain in self.ambiguous]
        known = {email: about for email, about in self.people.items() if not about.get("held")}
        persons = [
            {"person_id": person_id(email), "account_id": accounts.get(about["company"]), "email": email}
            | {"internal": about["company"] == "own", "title": about.get("title"), "stated_role": about.get("role")}
            for email, about in known.items()
        ]
        emails = [
            {"kind": "email", "value": email, "person_id": person_id(email) if email in known else None}
            for email in self.people
        ]
        resolved = [{"account_id": accounts[name], "name": name, **about} for name, about in self.companies.items()]
        return {
            "person_keys": to_arrow(PERSON_KEYS, emails), "persons": to_arrow(PERSONS, persons),
            "account_keys": to_arrow(ACCOUNT_KEYS, keys), "resolved_accounts": to_arrow(RESOLVED_ACCOUNTS, resolved),
        }  # fmt: skip

    def build(
        self, rules: JourneyRules | None = None, as_of: dt.datetime = AS_OF, evidence: dict[str, pa.Table] | None = None
    ) -> dict[str, pa.Table]:
        """The built tables, checked against their schema."""
        with open_engine(threads=2) as engine:
            built = build_journeys(*self.open(engine, evidence), engine, rules or JourneyRules.load(), as_of)
            tables = {name: engine.to_arrow(built[name]) for name in BUILT}
        for name, table in BUILT.items():
            assert tables[name].schema.names == list(table.names), name
            assert [each.type for each in tables[name].schema] == [column.type for column in table.columns], name
        return tables

    def open(
        self, engine: Engine, evidence: dict[str, pa.Table] | None = None
    ) -> tuple[dict[str, ir.Table], dict[str, ir.Table]]:
        given = {name: engine.from_arrow(name, table) for name, table in (evidence or self.evidence()).items()}
        known = {name: engine.from_arrow(name, table) for name, table in self.identity().items()}
        return given, known


def person_id(email: str) -> str:
    return f"p{email.removesuffix('.example')}"


def to_arrow(table: Table, rows: list[Row]) -> pa.Table:
    missing = {"learned_at": AS_OF, "import_id": "i1"}
    columns = {
        column.name: pa.array([row.get(column.name, missing.get(column.name)) for row in rows], column.type)
        for column in table.columns
    }
    return pa.table(columns, schema=table.arrow)
