"""Telling one table from another by its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etappe.sources.sniff import Sample

TABULAR = ("table", "workbook", "parquet")


def fits(
    sample: Sample,
    must: Iterable[str] = (),
    some: Iterable[str] = (),
    least: int = 1,
    never: Iterable[str] = (),
) -> bool:
    """Whether a table has all of `must`, at least `least` of `some` (if any are named) and none of `never`."""
    if sample.container not in TABULAR or not sample.has(*must) or sample.has_any(*never):
        return False
    wanted = {name.strip().lower() for name in some}
    return not wanted or len(wanted & sample.lowered) >= least


def only(sample: Sample, *names: str, ignore: str = r"^_fivetran_|^_sdc_|^_airbyte_|^_dlt_") -> bool:
    """Whether a table has all these columns and no others, housekeeping of the loader aside."""
    if sample.container not in TABULAR or sample.headerless:
        return False
    real = {name for name in sample.lowered if not re.match(ignore, name)}
    return real == {name.lower() for name in names}


def cells(sample: Sample, *names: str) -> list[str]:
    """The filled cells of the first of these columns that is there, in the first rows."""
    by_lower = {column.strip().lower(): column for column in sample.columns}
    column = next((by_lower[name.lower()] for name in names if name.lower() in by_lower), None)
    if column is None:
        return []
    found = (row.get(column) for row in sample.rows[:200])
    return [str(cell).strip() for cell in found if cell not in (None, "") and str(cell).strip()]
