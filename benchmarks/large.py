"""A build that does not fit into memory: the evidence of the first workspace, multiplied, built, thrown away.

`python -m benchmarks.large multiply FOLDER COPIES` makes `FOLDER/large/workspace`. Each copy is a market of its own:
other ids, addresses, telephones, streets, cookies, domains and company names, so that persons, accounts and journeys
grow as events do. What is multiplied is evidence as imports left it; importing is measured on the exports themselves.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.machine import machine
from benchmarks.process import Took, step

PEAK = 16.0  # GiB, promised for 100 million events
MEMORY = "10GB"  # of the engine, half of it while frames of all people and companies lie beside it, which cannot spill
_SYLLABLES = ("berg", "stein", "feld", "mann", "hof", "bach", "burg", "dorf", "wald", "thal", "heim", "brueck")

# How each column that names something becomes that of another market. `own` is the sample company itself: it stays.
_MACROS = """
CREATE MACRO of_salesforce(x) AS regexp_matches(x, '^(00|a0)[0-9A-Za-z]{{13}}([A-Z0-5]{{3}})?$');
CREATE MACRO ref(x) AS CASE WHEN of_salesforce(x) THEN left(x, 6) || '{letter}' || substr(x, 8) ELSE x || '{letter}' END;
CREATE MACRO merged(x) AS CASE WHEN of_salesforce(x) THEN ref(x) ELSE x END;
CREATE MACRO mail(x) AS CASE WHEN x LIKE '%@{own}' THEN x WHEN x LIKE '%.example' THEN replace(x, '@', '@{syllable}-') ELSE replace(x, '@', '.{syllable}@') END;
CREATE MACRO host(x) AS CASE WHEN x LIKE '%{own}%' OR x NOT LIKE '%.example%' THEN x ELSE regexp_replace(x, '^((https?://)?(www[.])?)', '\\1{syllable}-') END;
CREATE MACRO line(x) AS left(x, 7) || translate(substr(x, 8), '0123456789', '{digits}');
CREATE MACRO phone(x) AS CASE WHEN regexp_matches(x, '[-/ ]0$') THEN line(left(x, length(x) - 2)) || right(x, 2) ELSE line(x) END;
CREATE MACRO street(x) AS '{syllable}-' || x;
CREATE MACRO firm(x) AS regexp_replace(x, '^([^ ]+)', '\\1{syllable}');
CREATE MACRO anyid(x) AS CASE WHEN contains(x, '@') THEN mail(x) ELSE ref(x) END;
CREATE MACRO guest(x) AS CASE WHEN starts_with(x, 'id:') THEN 'id:' || ref(substr(x, 4)) ELSE mail(x) END;
CREATE MACRO plain(x) AS x || '{letter}';
"""
_COLUMNS = {
    "record_id": "ref", "contact_ref": "ref", "account_ref": "ref", "deal_ref": "ref", "parent_ref": "ref", "converted_ref": "ref", "ref": "ref",
    "response_id": "plain", "session_id": "plain", "cookie": "plain", "phone": "phone", "street": "street", "user_id": "anyid", "email": "mail", "contact_email": "mail",
    "domain": "host", "company_name": "firm", "contact_refs": "list ref", "merged_refs": "list ref", "emails": "list mail", "domains": "list host",
    "participants": "list guest",
}  # fmt: skip
_OF_A_TABLE = {("accounts", "name"): "firm", ("facts", "value"): "merged"}  # a fact can be the record another was merged into


@dataclass(frozen=True)
class Large:
    """One run: how often the evidence was multiplied, and the build."""

    copies: int
    built: Took

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.built.peak < PEAK


def measure(folder: Path, millions: float) -> Large:
    """Multiplies the evidence of `folder/workspace` to about so many million events, builds it, and removes it."""
    build = folder / "workspace" / "builds" / (folder / "workspace" / "builds" / "current").read_text().strip()
    events = json.loads((build / "about.json").read_text(encoding="utf-8"))["events"]
    copies = max(round(millions * 1_000_000 / events), 1)
    print(f"… {copies} × {events:,} events", file=sys.stderr, flush=True)
    step("large", "multiply", folder, str(copies))
    try:
        print("… build of all of them", file=sys.stderr, flush=True)
        return Large(copies, step("builds", "etappe", folder / "large"))
    finally:
        shutil.rmtree(folder / "large" / "workspace", ignore_errors=True)


def text(made: Large) -> str:
    """This part of the page."""
    said, took = made.built.said, made.built
    lines = [
        f"## Build of {said['events'] / 1e6:.0f} million events", "",
        f"The evidence of the sample company above, {made.copies} times, each time as a market of its own "
        f"([`benchmarks/large.py`](../benchmarks/large.py)); `memory = \"{MEMORY}\"` in `etappe.toml`.", "", machine(), "",
        "| events | steps | journeys | persons | accounts | seconds | processor seconds | peak of memory | promised | kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        f"| {said['events']:,} | {said['steps']:,} | {said['journeys']:,} | {said['persons']:,} | {said['accounts']:,} | {took.seconds:,.0f} | {took.processor:,.0f} "
        f"| {took.peak:.2f} GiB | < {PEAK:.0f} GiB for 100 million | {'yes' if made.kept else '**no**'} |", "",
        f"Events a second: {said['events'] / took.seconds:,.0f}.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def multiply(folder: Path, copies: int) -> dict[str, object]:
    """Makes `folder/large/workspace`: the first workspace's evidence as it is, and further copies of it."""
    from etappe.sources.schema import EVIDENCE
    from etappe.tables.lake import Lake

    source, target = folder / "workspace", folder / "large" / "workspace"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("builds", "_staging", ".lock"), copy_function=os.link)
    settings = (source / "etappe.toml").read_text(encoding="utf-8")
    (target / "etappe.toml").unlink()
    (target / "etappe.toml").write_text(_with_memory(settings), encoding="utf-8")
    own = _own_domain(source)
    lake = Lake(target / "evidence", EVIDENCE)
    for name in EVIDENCE:
        _unlinked(target / "evidence" / name / "_delta_log")
    _unlinked(target / "evidence" / "imports" / "_delta_log")
    files = {name: lake.files(name) for name in EVIDENCE}
    moment = min(item.learned_at for item in lake.imports())
    for copy in range(1, copies):
        _copy(lake, files, moment, copy, own)
    return {"files": sum(map(len, files.values())) * copies}


def _copy(lake: object, files: dict[str, list[Path]], moment: dt.datetime, copy: int, own: str) -> None:
    """One more market, as one import."""
    from etappe.tables.lake import Import, Lake

    assert isinstance(lake, Lake)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = true")
    digits = "0123456789"[copy % 10 :] + "0123456789"[: copy % 10]
    names = {"digits": digits, "letter": "abcdefghijklmnopqrstuvwxyz"[copy], "syllable": _SYLLABLES[copy % len(_SYLLABLES)] + ("" if copy < len(_SYLLABLES) else "er"), "own": own}
    connection.execute(_MACROS.format(**names))
    counts = {}
    with lake.staging(moment) as staged, lake.lock():
        for table, paths in files.items():
            rows, added = 0, []
            for path in paths:
                written = staged.path(table)
                rows += _write(connection, path, written, table, staged.import_id)
                added.append(lake._adopt(table, written, staged, "new"))
            if added:
                lake.append(table, added)
            counts[table] = {"new": rows, "changed": 0, "same": 0}
        report = {"path": f"copy {copy}", "new": sum(count["new"] for count in counts.values()), "tables": counts, "imported_at": dt.datetime.now(dt.UTC).isoformat()}
        lake._write_ledger(Import(staged.import_id, staged.learned_at, f"copy {copy}", f"copy {copy}", report))


def _write(connection: duckdb.DuckDBPyConnection, path: Path, target: Path, table: str, import_id: str) -> int:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
    changes = [f"'{import_id}' AS import_id"]
    for column, *_ in described:
        how = _COLUMNS.get(column) or _OF_A_TABLE.get((table, column))
        if how and how.startswith("list "):
            changes.append(f'list_transform("{column}", lambda x: {how[5:]}(x)) AS "{column}"')
        elif how:
            changes.append(f'{how}("{column}") AS "{column}"')
    copied = connection.execute(
        f"COPY (SELECT * REPLACE ({', '.join(changes)}) FROM read_parquet('{path}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    ).fetchall()
    return int(copied[0][0])


def _with_memory(settings: str) -> str:
    """The settings with the engine's memory; every workspace has the line."""
    return re.sub(r"(?m)^memory = .*$", f'memory = "{MEMORY}"', settings)


def _own_domain(workspace: Path) -> str:
    import yaml

    rules = yaml.safe_load((workspace / "rules" / "identity.yaml").read_text(encoding="utf-8"))
    return str((rules.get("own_domains") or ["own.invalid"])[0])


def _unlinked(folder: Path) -> None:
    """Files that are written to must not be those of the first workspace."""
    for path in folder.glob("*") if folder.exists() else []:
        if path.is_file():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)


if __name__ == "__main__":
    print(json.dumps(multiply(Path(sys.argv[2]), int(sys.argv[3]))))
