"""A small market by hand: companies, people, events and deals, as evidence and identity would hand them over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from etappe.identity.schema import ACCOUNT_KEYS, PERSON_KEYS, PERSONS, RESOLVED_ACCOUNTS
from etappe.journeys.build import build_journeys
from etappe.journeys.rules import JourneyRules
from etappe.journeys.schema import BUILT
from etappe.sources.schema import DEAL_ROLES, DEAL_STAGES, DEALS, EVENTS
from etappe.tables.engine import open_engine
from etappe.tables.schema import Table

START = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
AS_OF = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
Row = dict[str, Any]


def day(number: float, seconds: int = 1) -> dt.datetime:
    """So many days after the start; a second past the hour, so that it is no mere date."""
    return START + dt.timedelta(days=number, seconds=seconds)


@dataclass
class Market:
    """Companies `a…`, each with people `<name>@<company>.example`; the own company is `own.example`."""

    events: list[Row] = field(default_factory=list)
    deals: list[Row] = field(default_factory=list)
    deal_stages: list[Row] = field(default_factory=list)
    deal_roles: list[Row] = field(default_factory=list)
    companies: dict[str, Row] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)

    def event(
        self, at: float | dt.datetime | None, kind: str, who: str | None = "eva@alfa", **more: Any
    ) -> Row:
        when = at if isinstance(at, dt.datetime) or at is None else day(at)
        row = {
            "source": "crm",
            "record_id": f"e{len(self.events)}",
            "happened_at": when,
            "kind": kind,
            **more,
        }
        if who:
            row["email"] = self.person(who)
        self.events.append(row)
        return row

    def page(self, at: float, path: str, who: str = "eva@alfa", **more: Any) -> Row:
        return self.event(
            at,
            "page_view",
            who,
            source=more.pop("source", "web"),
            url=f"https://www.own.example{path}",
            **more,
        )

    def person(self, who: str, **about: Any) -> str:
        company = who.split("@")[1]
        if company not in ("gmail.com", "unknown"):
            self.companies.setdefault(company, {"internal": company == "own"})
        email = who if "." in company else f"{who}.example"
        self.people.setdefault(email, {"company": company}).update(about)
        return email

    def deal(
        self,
        ref: str,
        opened: float,
        closed: float | None = None,
        status: str = "open",
        company: str = "alfa",
        amount: float = 1000.0,
        **more: Any,
    ) -> Row:
        self.companies.setdefault(company, {"internal": False})
        row = {
            "source": "crm", "record_id": ref, "happened_at": day(opened), "closed_at": None if closed is None else day(closed), "status": status,
            "account_ref": f"c-{company}", "amount": amount, "currency": "EUR", **more,
        }  # fmt: skip
        self.deals.append(row)
        return row

    def moves(self, ref: str, *stages: tuple[float, str]) -> None:
        for at, stage in stages:
            self.deal_stages.append(
                {
                    "source": "crm",
                    "record_id": f"s{len(self.deal_stages)}",
                    "happened_at": day(at),
                    "deal_ref": ref,
                    "stage": stage,
                }
            )

    def evidence(self) -> dict[str, pa.Table]:
        tables = {"events": EVENTS, "deals": DEALS, "deal_stages": DEAL_STAGES, "deal_roles": DEAL_ROLES}
        return {name: _arrow(table, getattr(self, name)) for name, table in tables.items()}

    def identity(self) -> dict[str, pa.Table]:
        accounts = {name: f"a{name}" for name in self.companies}
        keys = [
            {"kind": kind, "value": value, "account_id": accounts[name]}
            for name in accounts
            for kind, value in (("account:crm", f"c-{name}"), ("domain", f"{name}.example"), ("name", name))
        ]
        persons = [
            {
                "person_id": f"p{email}"[:40],
                "account_id": accounts.get(about["company"]),
                "email": email,
                "internal": about["company"] == "own",
                "title": about.get("title"),
                "stated_role": about.get("role"),
            }
            for email, about in self.people.items()
            if not about.get("held")
        ]
        person_keys = [
            {"kind": "email", "value": email, "person_id": None if about.get("held") else f"p{email}"[:40]}
            for email, about in self.people.items()
        ]
        resolved = [
            {"account_id": accounts[name], "name": name, **about} for name, about in self.companies.items()
        ]
        return {
            "person_keys": _arrow(PERSON_KEYS, person_keys), "persons": _arrow(PERSONS, persons),
            "account_keys": _arrow(ACCOUNT_KEYS, keys), "resolved_accounts": _arrow(RESOLVED_ACCOUNTS, resolved),
        }  # fmt: skip

    def build(
        self,
        rules: JourneyRules | None = None,
        as_of: dt.datetime = AS_OF,
        evidence: dict[str, pa.Table] | None = None,
    ) -> dict[str, list[Row]]:
        """The built tables as rows, checked against their schema."""
        with open_engine(threads=2) as engine:
            given = {
                name: engine.from_arrow(name, table) for name, table in (evidence or self.evidence()).items()
            }
            known = {name: engine.from_arrow(name, table) for name, table in self.identity().items()}
            built = build_journeys(given, known, engine, rules or JourneyRules.load(), as_of)
            arrow = {name: engine.to_arrow(table) for name, table in built.items()}
        for name, table in BUILT.items():
            assert arrow[name].schema.names == list(table.names), name
            assert [field.type for field in arrow[name].schema] == [
                column.type for column in table.columns
            ], (name, arrow[name].schema)
        return {name: table.to_pylist() for name, table in arrow.items()}


def _arrow(table: Table, rows: list[Row]) -> pa.Table:
    missing = {"learned_at": AS_OF, "import_id": "i1"}
    columns = {
        column.name: pa.array([row.get(column.name, missing.get(column.name)) for row in rows], column.type)
        for column in table.columns
    }
    return pa.table(columns, schema=table.arrow)
