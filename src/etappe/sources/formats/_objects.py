"""Fields of JSON objects as cells: the same look at a record whether it came as JSON, JSON lines or XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from etappe.sources.raw import Raw
from etappe.sources.values import Values
from etappe.tables import functions as fn

BATCH = 5_000
SCHEMA = pa.schema([("json", pa.string())])


class Fields:
    """The fields of one JSON column; paths are written `a.b`."""

    def __init__(self, cell: ir.Value) -> None:
        self.cell = cell if cell.type().is_json() else cell.cast("json")

    def text(self, *paths: str) -> ir.StringValue:
        """The first of these fields that is filled, trimmed; "" is null."""
        found = [fn.json_text(self.cell, _path(path)).strip().nullif("") for path in paths]
        return found[0] if len(found) == 1 else ibis.coalesce(*found)

    def number(self, *paths: str) -> ir.FloatingValue:
        """A number; null where it is none."""
        return self.text(*paths).try_cast("float64")

    def flag(self, *paths: str) -> ir.BooleanValue:
        """True or false as JSON or as text."""
        cell = self.text(*paths).lower()
        return ibis.cases(
            (cell.isin(("true", "1", "yes")), True),
            (cell.isin(("false", "0", "no")), False),
            else_=ibis.null("boolean"),
        )

    def email(self, *paths: str) -> ir.StringValue:
        """An e-mail address in lower case; null where there is no @ in it."""
        cell = self.text(*paths).lower()
        return ibis.cases((cell.contains("@"), cell), else_=ibis.null("string"))

    def at(self, path: str) -> ir.Value:
        """The JSON value at a path."""
        return fn.json_at(self.cell, _path(path))

    def list(self, path: str) -> ir.ArrayValue:
        """All values at a path with a wildcard (`items[*]`)."""
        return fn.json_list(self.cell, _path(path))

    def texts(self, path: str) -> ir.ArrayValue:
        """A list of texts at a path with a wildcard; null where it is empty."""
        found = fn.json_texts(self.cell, _path(path)).filter(lambda item: item != "")
        return ibis.cases((found.length() > 0, found), else_=ibis.null("array<string>"))


def _path(path: str) -> str:
    """A path in the engine's words; names may hold any sign (`$set.email`), `[*]` stands for all items of a list."""
    if path.startswith("$."):
        return path
    parts = (f'"{part.removesuffix("[*]")}"' + ("[*]" if part.endswith("[*]") else "") for part in path.split("."))
    return "$." + ".".join(parts)


def batches(records: Iterator[Any]) -> Iterator[pa.RecordBatch]:
    """Objects (dicts) as record batches with the one column `json`."""
    import json

    part: list[str] = []
    for record in records:
        part.append(json.dumps(record, ensure_ascii=False))
        if len(part) >= BATCH:
            yield pa.RecordBatch.from_arrays([pa.array(part, pa.string())], schema=SCHEMA)
            part = []
    if part:
        yield pa.RecordBatch.from_arrays([pa.array(part, pa.string())], schema=SCHEMA)


def flat(raw: Raw, *names: str) -> Values:
    """The top fields of JSON objects as columns, so that a format reads a table and JSON lines alike."""
    if raw.sample.container != "objects":
        return raw.values
    fields = Fields(raw.table.json)
    wanted = [name for name in raw.sample.columns if not names or name.lower() in names]
    return raw.values.on(raw.table.select(**{name: fields.text(f'$."{name}"') for name in wanted}))
