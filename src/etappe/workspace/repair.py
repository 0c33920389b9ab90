"""The quarantine looked through and repaired: records mended by hand come in as a file of their own."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etappe.errors import NotFound, QuestionFault
from etappe.sources.quarantine import Quarantine
from etappe.words.german_faults import german

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace


def broken(
    workspace: Workspace, *, import_id: str = "", search: str = "", source: str = "", file: str = "", reason: str = "", start: int = 0, limit: int = 100
) -> dict[str, Any]:  # fmt: skip
    """Broken records with source, file, line, reason and cells; how many of which source and file, and for which reason.

    `source` is one of `sources`, `file` one of `files`, `reason` one of `reasons`; each list counts what the other conditions
    leave, so that another one can be chosen. A search looks into the file's name, the record, and its reason in German and English.
    """
    rows: list[dict[str, Any]] = []
    asked = {"sources": source, "files": file, "reasons": reason}
    counts: dict[str, Counter[str]] = {name: Counter() for name in asked}
    sources = {item.import_id: item.source for item in workspace.lake.imports()}
    total = 0
    in_german = lru_cache(maxsize=10_000)(german)
    for number, item in enumerate(_all(workspace)):
        why, shown = str(item["reason"]), _shown(str(item["file"]))
        kind = why.split(":", 1)[0]
        if (import_id and item["import_id"] != import_id) or (search and search.lower() not in f"{shown} {why} {in_german(why)} {item['text']}".lower()):
            continue
        has = {"sources": sources.get(item["import_id"], ""), "files": shown, "reasons": kind}
        missed = [name for name in asked if asked[name] not in ("", has[name])]
        for name in asked:
            counts[name][has[name]] += not set(missed) - {name}
        if missed:
            continue
        if start <= total < start + limit:
            rows.append({**item, "number": number, "source": has["sources"], "file": shown, "cells": _cells(item["text"])})
        total += 1
    found = {name: [{name[:-1]: value, "n": n} for value, n in counts[name].most_common(_CHOICES[name]) if n] for name in asked}
    return {"total": total, **found, "rows": rows}


_CHOICES = {"sources": 200, "files": 200, "reasons": 50}  # so many are offered to choose from


def _shown(file: str) -> str:
    """A file by its name and its place in an archive, without its folder."""
    outer, *inner = file.split(" › ")
    return " › ".join([Path(outer).name, *inner])


def repair(workspace: Workspace, table: str, source: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Takes mended records in: each is one row of an evidence table by its columns. The report of the import.

    A record that is still broken goes to the quarantine again, with its reason.
    """
    from etappe.sources.schema import EVIDENCE

    if table not in EVIDENCE:
        raise NotFound(f"there is no evidence table '{table}'", "table", f"it may be {', '.join(EVIDENCE)}")
    columns = [column.name for column in EVIDENCE[table].columns if column.name not in ("source", "learned_at", "import_id", "note")]
    used = [name for name in columns if any(str(row.get(name) or "").strip() for row in rows)]
    unknown = sorted({name for row in rows for name in row if name not in columns})
    if unknown or not used:
        raise QuestionFault(f"the table {table} has no column {', '.join(unknown) or 'that is filled'}", "rows", f"its columns are {', '.join(columns)}")
    folder = workspace.folder.root / "repairs"
    folder.mkdir(exist_ok=True)
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"
    target, mapped = folder / f"repair-{stamp}.csv", folder / f"repair-{stamp}.yaml"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(used)
        writer.writerows([[row.get(name, "") for name in used] for row in rows])
    lines = [f"source: {json.dumps(source)}", "tables:", f"  - table: {table}", "    columns:", *(f"      {name}: {json.dumps(name)}" for name in used)]
    mapped.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        report = workspace.import_(target, mapping=mapped, source=source)[0].to_dict()
    finally:
        target.unlink(missing_ok=True)
        mapped.unlink(missing_ok=True)
    return report


def _all(workspace: Workspace) -> Any:
    return Quarantine(workspace.folder.quarantine).read()


def _cells(text: str) -> dict[str, Any]:
    """The table a record was meant for, and its cells, where they are known."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if isinstance(found, dict) and len(found) == 1:
        table, cells = next(iter(found.items()))
        if isinstance(cells, dict):
            return {"table": table, "cells": cells}
    return {}
