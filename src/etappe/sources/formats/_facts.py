"""Facts about records of other files, and what becomes of records that their system has deleted."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Mapped
from etappe.sources.raw import Raw
from etappe.sources.schema import EVIDENCE
from etappe.sources.values import content_id

DELETED = "deleted"


def fact(
    about: str, ref: ir.StringValue, field: str, value: ir.Value, *, where: ir.BooleanValue | None = None,
    primary: bool = False, happened_at: ir.Value | None = None, rows: ir.Table | None = None,
) -> Mapped:  # fmt: skip
    """One field of a record that stands in another file.

    A fact that is `primary` is what its record says, and is quarantined where one of its sides is empty; any other is
    a side remark, and is left out there.
    """
    text = value.cast("string")
    # A record may have several contacts; a thing has one label, and a new one is its new version.
    parts = [ibis.literal(about), ref, ibis.literal(field), *([text] if about in EVIDENCE else [])]
    columns: dict[str, ir.Value] = {
        "record_id": content_id(*parts),
        "about": ibis.literal(about),
        "ref": ref,
        "field": ibis.literal(field),
        "value": text,
    }
    if happened_at is not None:
        columns["happened_at"] = happened_at
    whole = ref.notnull() & text.notnull()
    if primary:
        problem = ibis.cases(
            (~whole, ibis.literal("one side of the link is empty")), else_=ibis.null("string")
        )
        return Mapped("facts", columns, where, True, rows, problem)
    return Mapped("facts", columns, whole if where is None else whole & where, False, rows)


def living(
    table: str, columns: dict[str, ir.Value], deleted: ir.BooleanValue | None, where: ir.BooleanValue | None = None, *,
    merged_into: ir.StringValue | None = None, **more: Any,
) -> list[Mapped]:  # fmt: skip
    """The records of a file that still exist in their system, and a fact for each that does not.

    A deleted record counts as read and leaves no row in `table`; the fact takes back what an earlier export had said.
    One that was merged into another (`merged_into`) becomes one of that record's `merged_refs` instead.
    """
    if deleted is None:
        return [Mapped(table, columns, where=where, **more)]
    every = ibis.literal(True) if where is None else where
    gone = deleted.fill_null(False)
    merged = gone & (ibis.literal(False) if merged_into is None else merged_into.notnull())
    ident, rows = columns["record_id"], more.get("rows")
    made = [
        Mapped(table, columns, where=every & ~gone, **more),
        fact(table, ident, DELETED, ibis.literal("true"), where=every & gone & ~merged, primary=True, rows=rows),
    ]
    if merged_into is not None:
        made.append(fact(table, merged_into, "merged_refs", ident, where=every & merged, primary=True, rows=rows))
    return made


def leave_out(raw: Raw, condition: ir.BooleanValue, words: str) -> None:
    """Says in the report how many records of a file are of no use here, so that they are not simply missing."""
    number = raw.engine.count(raw.table.filter(condition.fill_null(False)))
    if number:
        raw.notes.append(f"{number} {words}")
