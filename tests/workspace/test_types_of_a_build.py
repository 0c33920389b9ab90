"""The tables of a build are typed as their schemas say: whoever opens the files reads whole numbers as such."""

from __future__ import annotations

import pyarrow.parquet as pq

from etappe.identity import schema as identity
from etappe.journeys import schema as journeys
from etappe.tables.schema import Table


def test_every_table_of_a_build_has_the_types_of_its_schema(built):
    of_persons = [table for table in vars(identity).values() if isinstance(table, Table)]
    tables = {table.name: table for table in (*of_persons, *journeys.BUILT.values(), *journeys.SHORTCUTS.values())}
    found = {path.stem: pq.read_schema(path) for path in built.current().folder.glob("*.parquet")}
    assert set(found) == set(tables)
    wrong = [
        (name, field.name, str(field.type), str(found[name].field(field.name).type))
        for name, table in tables.items()
        for field in table.arrow
        if field.type.id != found[name].field(field.name).type.id
    ]
    assert not wrong
