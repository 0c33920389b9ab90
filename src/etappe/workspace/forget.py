"""`etappe forget`: a person out of evidence, builds, quarantine and logs, with a receipt that proves it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.errors import NotFound
from etappe.settings import Settings
from etappe.sources.schema import EVIDENCE
from etappe.tables import functions as fn
from etappe.tables.duck import DuckEngine, open_duck
from etappe.tables.erasure import Traces, erase
from etappe.tables.keep import Build, Builds
from etappe.tables.lake import Lake
from etappe.workspace import pipeline
from etappe.workspace.folder import Folder
from etappe.workspace.swapping import swap_in

_COLUMNS = {"email": "email", "cookie": "cookie", "user": "user_id", "phone": "phone"}


def forget(folder: Folder, settings: Settings, identifier: str) -> dict[str, Any]:
    """Erases the person with this identifier (an e-mail address, or any other identifier of theirs; a full name, of interviews).

    Returns the receipt: what was removed where, and the proof, a search of every file of the workspace for the
    person's addresses and ids after the erasure. The receipt names the person by a salted hash alone.

    Raises
    ------
    NotFound
        If nobody of this identifier is in the evidence, waits in the quarantine, or is spoken of in interviews, answers and maps.
    """
    lake = Lake(folder.evidence, EVIDENCE)
    lake.sweep()
    builds = Builds(folder.builds)
    current = builds.current()
    with open_duck(memory=settings.memory or None) as engine:
        traces, known = _traces(engine, lake, current, identifier.strip())
        if not known and _waits(folder, traces):  # nothing of this person was taken in
            known = [("email", traces.words[0])]
        if not known and _spoken_of(folder, settings, identifier.strip()):  # known from interviews, answers or maps alone
            known = [("email" if "@" in identifier else "name", identifier.strip())]
            traces = replace(traces, words=tuple(sorted({*traces.words, identifier.strip()})))
        if not known:
            raise NotFound(f"nobody with the identifier '{identifier}' is in the evidence, the quarantine, interviews, answers or maps", str(folder.root), "check the spelling with `etappe why --person`")
        removed = erase(lake, engine, traces)
    dropped = builds.clear()
    (folder.builds / "current").unlink(missing_ok=True)
    struck = _strike_logs(folder, traces)
    struck_maps = _strike_maps(folder, settings, traces)
    marks = _remember(folder, known)
    left = _search(folder, traces)
    rebuilt = None
    if current is not None and lake.imports():
        rebuilt = pipeline.build(folder, settings, None).about["as_of"]
        left += _search(folder, traces)
    receipt = {
        "forgotten": marks[0], "at": dt.datetime.now(dt.UTC).isoformat(), "identifiers": len(known),
        "tables": removed, "builds_removed": dropped, "logs_struck": struck, "maps_struck": struck_maps, "rebuilt_as_of": rebuilt,
        "proof": {"files_searched": _count_files(folder), "files_with_traces": sorted(set(left)), "clean": not left},
    }  # fmt: skip
    receipts = folder.root / "receipts"
    receipts.mkdir(exist_ok=True)
    path = receipts / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{marks[0][:12]}.json"
    path.write_text(json.dumps(receipt, indent=1), encoding="utf-8")
    return receipt | {"receipt": str(path)}


def _traces(engine: DuckEngine, lake: Lake, current: Build | None, identifier: str) -> tuple[Traces, list[tuple[str, str]]]:
    """All identifiers of the person, by the last build's links and by the records that carry the given one."""
    text = identifier.lower() if "@" in identifier else identifier
    known = {("email" if "@" in text else "user", text)}
    if current is not None and (current.folder / "person_keys.parquet").exists():
        keys = current.table(engine, "person_keys")
        person = engine.rows(keys.filter(keys.value == text).select("person_id").distinct())
        ids = [row["person_id"] for row in person if row["person_id"]]
        known |= {(row["kind"], row["value"]) for row in engine.rows(keys.filter(keys.person_id.isin(ids)).select("kind", "value"))} if ids else set()
    people = lake.read(engine, "people", current=False)
    emails = sorted({value for kind, value in known if kind == "email"})
    refs = {(kind.split(":", 1)[1], value) for kind, value in known if kind.startswith("contact:")}
    records = engine.rows(people.filter(people.email.lower().isin(emails) | people.record_id.isin(sorted({ref for _, ref in refs}) or ["\x00"])))
    names: set[str] = set()
    for row in records:
        if row["email"] in emails or (row["source"], row["record_id"]) in refs:
            refs.add((row["source"], row["record_id"]))
            names |= _names(row)
            known |= {(kind, row[column]) for kind, column in _COLUMNS.items() if row[column]}
    events = lake.read(engine, "events", current=False)
    held = engine.count(events.filter(events.email.isin(emails))) if emails else 0
    found = bool(records or held or len(known) > 1 or refs)
    by_column = {column: frozenset(value for kind, value in known if kind == key) for key, column in _COLUMNS.items()}
    by_column["contact_email"] = frozenset(emails)
    # Ids as long as a CRM's are unique in the world: other sources (a survey's external reference) speak of them too.
    worldwide = frozenset(ref for _, ref in refs if len(ref) >= 12)
    by_column["contact_ref"] = worldwide
    by_column["user_id"] = by_column.get("user_id", frozenset()) | worldwide
    by_source: dict[tuple[str, str], frozenset[str]] = {}
    for source, ref in refs:
        for column in ("contact_ref", "people.record_id"):
            by_source[(column, source)] = by_source.get((column, source), frozenset()) | {ref}
    identifiers = sorted(known | {(f"contact:{source}", ref) for source, ref in refs}) if found else []
    return Traces(by_column, by_source, tuple(sorted({*emails, *names}))), identifiers


def _names(row: dict[str, Any]) -> set[str]:
    first, last = row["first_name"], row["last_name"]
    return {f"{first} {last}", f"{last}, {first}"} if first and last else set()


def _remember(folder: Folder, known: list[tuple[str, str]]) -> list[str]:
    """Keeps salted hashes, so that the next import of an old export does not bring the person back."""
    kept: dict[str, Any] = json.loads(folder.forgotten.read_text(encoding="utf-8")) if folder.forgotten.exists() else {"salt": secrets.token_hex(16), "hashes": []}
    marks = [_mark(kept["salt"], value) for _, value in known]
    kept["hashes"] = sorted({*kept["hashes"], *marks})
    swap_in(folder.forgotten, json.dumps(kept))
    return marks


def _mark(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}{value.lower()}".encode()).hexdigest()


def filter_of(folder: Folder) -> Callable[[ir.Table, str], ir.BooleanValue | None] | None:
    """What an import leaves out: rows with an identifier that was erased; None where nobody was."""
    if not folder.forgotten.exists():
        return None
    kept = json.loads(folder.forgotten.read_text(encoding="utf-8"))
    salt, hashes = kept["salt"], kept["hashes"]
    columns = ("email", "cookie", "user_id", "phone", "contact_ref", "contact_email")

    def forgotten(rows: ir.Table, name: str) -> ir.BooleanValue | None:
        own = [*columns, "record_id"] if name == "people" else columns
        tests = [fn.sha256(ibis.literal(salt) + rows[column].lower()).isin(hashes) for column in own if column in rows.columns]
        if not tests:
            return None
        found = tests[0].fill_null(False)
        for test in tests[1:]:
            found = found | test.fill_null(False)
        return found

    return forgotten


def _waits(folder: Folder, traces: Traces) -> bool:
    """Whether a broken record in the quarantine names one of the person's addresses."""
    addresses = [word.encode().lower() for word in traces.words if "@" in word]
    return any(address in path.read_bytes().lower() for address in addresses for path in folder.quarantine.glob("*.jsonl"))


def _strike_logs(folder: Folder, traces: Traces) -> int:
    """Removes the lines of the quarantine, and of answers still to be delivered, that speak of the person; returns how many."""
    needles = [needle.encode().lower() for needle in _needles(traces)]
    struck = 0
    for path in [*folder.quarantine.glob("*.jsonl"), *folder.answers.glob("*.csv")]:
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(needle in line.lower() for needle in needles)]
        if len(kept) < len(lines):
            struck += len(lines) - len(kept)
            part = path.with_suffix(".part")
            part.write_bytes(b"".join(kept))
            part.replace(path)
    return struck


def _spoken_of(folder: Folder, settings: Settings, identifier: str) -> bool:
    """Whether interviews, answers of forms, maps or their logs have this address or full name."""
    from etappe.workspace.atlas import Atlas

    if "@" not in identifier and len(identifier.split()) < 2:
        return False  # a single word would be struck wherever it stands
    atlas = Atlas(folder, settings)
    try:
        return atlas.mentions([identifier]) > 0
    finally:
        atlas.close()


def _strike_maps(folder: Folder, settings: Settings, traces: Traces) -> int:
    """Strikes the person's words out of maps, interviews and their logs; returns how many rows were altered."""
    from etappe.workspace.atlas import Atlas

    atlas = Atlas(folder, settings)
    try:
        return atlas.erase(sorted({*traces.words, *_needles(traces)}))
    finally:
        atlas.close()


def _needles(traces: Traces) -> list[str]:
    return [word for word in traces.words if "@" in word] + [value for values in traces.by_column.values() for value in values if len(value) >= 8]


def _search(folder: Folder, traces: Traces) -> list[str]:
    """Files of the workspace that still hold one of the person's words: text files by their bytes, tables by their cells."""
    needles = sorted({needle.lower() for needle in _needles(traces)})
    if not needles:
        return []
    left = []
    with open_duck() as engine:
        for path in _files(folder):
            if path.suffix == ".parquet":
                if _in_table(engine, path, needles):
                    left.append(str(path.relative_to(folder.root)))
            elif any(needle.encode() in path.read_bytes().lower() for needle in needles):
                left.append(str(path.relative_to(folder.root)))
    return left


def _in_table(engine: DuckEngine, path: Path, needles: list[str]) -> bool:
    table = engine.parquet([path])
    tests = [table[name].lower().isin(needles) for name in table.columns if table[name].type().is_string()]
    tests += [table[name].map(lambda item: item.lower()).intersect(ibis.array(needles)).length() > 0 for name in table.columns if table[name].type().is_array() and table[name].type().value_type.is_string()]
    if not tests:
        return False
    found = tests[0].fill_null(False)
    for test in tests[1:]:
        found = found | test.fill_null(False)
    return engine.count(table.filter(found)) > 0


def _files(folder: Folder) -> list[Path]:
    places = (folder.evidence, folder.builds, folder.quarantine, folder.rules, folder.answers)
    model = [path for path in folder.root.glob(f"{folder.model.name}*") if path.is_file()]
    return [Path(base) / name for place in places for base, _, names in os.walk(place) for name in names if name != ".lock"] + model


def _count_files(folder: Folder) -> int:
    return len(_files(folder))
