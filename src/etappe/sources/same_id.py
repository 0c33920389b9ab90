"""One id that a file gives to two different people: none of their records is taken in, for nobody can tell whose it is.

Who changes a record of theirs keeps what tells who they are: a name, or an address. So two records are two people where
their names have no word in common and their addresses differ too; without names, where both halves of the addresses do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from etappe.sources.quarantine import Bad
from etappe.tables.duck import DuckEngine
from etappe.tables.sifting import BROKEN

SAME_ID = "the same id stands for different people in this file"
_TOLD = 5


def mark_different_people(engine: DuckEngine, path: Path) -> None:
    """Makes the records of a staged file of people broken whose id is also somebody else's."""
    rows = engine.parquet([path])
    shared = _shared(rows)
    if not engine.count(shared):
        return
    marked = rows.left_join(shared.mutate(_shared=True), "record_id").drop("record_id_right")
    words = ibis.literal(f"{BROKEN}{SAME_ID}: ") + marked.record_id
    note = ibis.cases((marked["_shared"].notnull() & ~_broken(marked), words), else_=marked.note)
    beside = path.with_name(f"{path.stem}-marked.parquet")
    engine.write_parquet(marked.mutate(note=note).select(*rows.columns), beside)
    beside.replace(path)


def told(bad: Sequence[Bad]) -> list[str]:
    """What the file's report says: each id with its lines."""
    lines: dict[str, list[int | None]] = {}
    for entry in bad:
        if entry.kind == SAME_ID:
            lines.setdefault(entry.reason.removeprefix(f"{SAME_ID}: "), []).append(entry.line)
    said = [
        f"{ident} (lines {', '.join(str(line) for line in at)})" if None not in at else ident
        for ident, at in lines.items()
    ]
    more = f" and {len(said) - _TOLD} more" if len(said) > _TOLD else ""
    return (
        [
            f"{SAME_ID}: {', '.join(said[:_TOLD])}{more}; their records wait in quarantine until each has an id of its own"
        ]
        if said
        else []
    )


def _broken(rows: ir.Table) -> ir.BooleanValue:
    return rows.note.startswith(BROKEN).fill_null(False)


def _shared(rows: ir.Table) -> ir.Table:
    """The ids under which somebody stands who is not the one that stands there too (one a record is compared with)."""
    name = (
        (rows.first_name.fill_null("") + " " + rows.last_name.fill_null(""))
        .lower()
        .re_replace("[^[:alpha:]]+", " ")
        .strip()
    )
    person = rows.filter(~_broken(rows)).select("record_id", email=rows.email.lower(), name=name.nullif("")).distinct()
    told = person.filter(person.email.notnull() | person.name.notnull())
    one = told.group_by("record_id").aggregate(other=ibis.struct({"email": told.email, "name": told.name}).arbitrary())
    pair = told.join(one, "record_id")
    other = pair.other
    named = pair.name.notnull() & other["name"].notnull()
    strangers = pair.name.split(" ").intersect(other["name"].split(" ")).length() == 0
    elsewhere = (pair.email != other["email"]).fill_null(True)
    moved = (_local(pair.email) != _local(other["email"])) & (_host(pair.email) != _host(other["email"]))
    two = ibis.cases((named, strangers & elsewhere), else_=moved.fill_null(False))
    return pair.filter(two).select("record_id").distinct()


def _local(email: ir.StringValue) -> ir.StringValue:
    return email.split("@")[0]


def _host(email: ir.StringValue) -> ir.StringValue:
    return email.split("@")[-1]
