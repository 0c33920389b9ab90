"""Evidence written by hand: rows with only what matters, in the shape of the evidence tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from etappe.identity.decisions import Decision
from etappe.identity.resolve import resolve
from etappe.identity.rules import IdentityRules
from etappe.sources.schema import EVIDENCE
from etappe.tables.engine import Engine

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """An evidence table; what a row does not say is made up or empty."""
    whole = [
        {"source": "crm", "record_id": str(place), "learned_at": DAY, "happened_at": DAY, "import_id": "i", **row}
        for place, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(whole, schema=EVIDENCE[name].arrow)


def evidence(engine: Engine, rows: Rows) -> dict[str, ir.Table]:
    """Evidence tables in an engine."""
    return {name: engine.from_arrow(name, table(name, found)) for name, found in rows.items()}


class Answer:
    """What identity makes of some rows, with questions that read well in a test."""

    def __init__(
        self, engine: Engine, rows: Rows, rules: IdentityRules | None = None, decisions: Sequence[Decision] = ()
    ) -> None:
        self.engine = engine
        self.tables = resolve(evidence(engine, rows), engine, rules, decisions)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """All rows of a table."""
        return self.engine.rows(self.tables[name])

    def frame(self, name: str) -> pl.DataFrame:
        """A table as a frame."""
        found = pl.from_arrow(self.engine.to_arrow(self.tables[name]))
        assert isinstance(found, pl.DataFrame)
        return found

    def person(self, kind: str, value: str) -> str | None:
        """The person behind an identifier."""
        return self._key("person_keys", kind, value)["person_id"]

    def held(self, kind: str, value: str) -> str | None:
        """Why an identifier is held apart."""
        return self._key("person_keys", kind, value)["held_apart"]

    def account(self, kind: str, value: str) -> str | None:
        """The account of a company record, domain or name."""
        return self._key("account_keys", kind, value)["account_id"]

    def home(self, kind: str, value: str) -> str | None:
        """The account of the person behind an identifier."""
        return self.about(kind, value)["account_id"]

    def about(self, kind: str, value: str) -> dict[str, Any]:
        """The person behind an identifier."""
        person = self.person(kind, value)
        return next(row for row in self.rows("persons") if row["person_id"] == person)

    def _key(self, name: str, kind: str, value: str) -> dict[str, Any]:
        found = [row for row in self.rows(name) if (row["kind"], row["value"]) == (kind, value)]
        assert len(found) == 1, f"{kind} {value} stands {len(found)} times in {name}"
        return found[0]


def decided(kind: str, what: Sequence[str], into: str = "", day: int = 1) -> Decision:
    """A human's decision of some day in March."""
    return Decision(kind, tuple(what), into, "Anna", dt.datetime(2026, 3, day, tzinfo=dt.UTC), "I know them")  # type: ignore[arg-type]
