"""Money in one currency: amounts of different currencies are never added up."""

from __future__ import annotations

import ibis.expr.types as ir

from etappe.analyses.analysis import Tables
from etappe.words.said import said


def main_currency(tables: Tables, table: ir.Table, column: str = "currency") -> tuple[str | None, list[str]]:
    """The currency most rows are in, and a caveat for rows in others (which are left out of values)."""
    known = table.filter(table[column].notnull())
    counted = known.group_by(column).agg(n=known.count())
    rows = sorted(tables.engine.rows(counted), key=lambda row: (-row["n"], row[column]))
    if not rows:
        return None, []
    others = [row for row in rows[1:] if row[column]]
    if not others:
        return rows[0][column], []
    listed = [said("{n} in {currency}", "{n} in {currency}", n=row["n"], currency=row[column]) for row in others]
    return rows[0][column], [
        said("Values are in {currency}; amounts in other currencies are left out ({listed}).",
             "Werte sind in {currency}; Beträge in anderen Währungen fehlen ({listed}).", currency=rows[0][column], listed=listed)
    ]  # fmt: skip
