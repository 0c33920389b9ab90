"""One account's story: who, which journeys, stage by stage and step by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from etappe.errors import NotFound
from etappe.identity.schema import PERSONS
from etappe.tables.lookup import Lookup
from etappe.words.result import plain

Row = dict[str, Any]

_STRANGER: Row = dict.fromkeys(PERSONS.names)  # whom this company's own list of people does not have


def story(tables: Lookup, account_id: str) -> dict[str, Any]:
    """Everything known of one account as a plain dictionary, times as ISO text in UTC.

    Keys: account; persons, with the role they had last; journeys, each with stages, steps (with `participants` where
    there were several), pauses, deals, buying_center and first_sales_contact; unresolved.

    Every table is asked for this account alone; those with a row an event are sorted by account, so that only the part
    of the file that holds it is read.

    Raises
    ------
    NotFound
        If there is no such account in the build.
    """
    found = _of_account(tables, "resolved_accounts", account_id)
    if not found:
        raise NotFound(
            f"There is no account `{account_id}` in this build.",
            "account",
            "Look it up by name or domain: `etappe account NAME`.",
        )
    kept = {
        name: _of_account(tables, name, account_id)
        for name in (
            "journeys",
            "steps",
            "stage_visits",
            "pauses",
            "buying_center",
            "journey_deals",
            "unresolved",
            "persons",
        )
    }
    participants = _participants(tables, [row["journey_id"] for row in kept["journeys"]])
    parts = {
        name: _by_journey(kept[name]) for name in ("steps", "stage_visits", "pauses", "buying_center", "journey_deals")
    }
    journeys = [_journey(row, parts, participants) for row in sorted(kept["journeys"], key=lambda row: row["number"])]
    told = {
        "account": found[0],
        "persons": _persons(kept["persons"], kept["buying_center"]),
        "journeys": journeys,
        "deals_without_journey": [row for row in kept["journey_deals"] if row["journey_id"] is None],
        "unresolved": sorted(
            kept["unresolved"], key=lambda row: (str(row["happened_at"]), row["source"], row["record_id"])
        ),
    }
    shown: dict[str, Any] = plain(told)
    return shown


def _of_account(tables: Lookup, name: str, account_id: str) -> list[Row]:
    return tables.rows(name, account_id=[account_id])


def _participants(tables: Lookup, journeys: list[str]) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in tables.rows("participants", journey_id=journeys) if journeys else []:
        found[row["journey_id"], row["seq"]].append(row["person_id"])
    return found


def _by_journey(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["journey_id"]].append(row)
    return found


def _journey(
    journey: Row, parts: Mapping[str, Mapping[str, list[Row]]], participants: Mapping[tuple[str, int], list[str]]
) -> Row:
    own = {name: [_without_ids(row) for row in rows.get(journey["journey_id"], [])] for name, rows in parts.items()}
    steps = sorted(own["steps"], key=lambda row: row["seq"])
    for step in steps:
        if several := participants.get((journey["journey_id"], step["seq"])):
            step["participants"] = sorted(several)
    told = {name: value for name, value in journey.items() if name != "account_id"}
    told |= {
        "stages": sorted(own["stage_visits"], key=lambda row: row["visit_no"]),
        "step_count": journey["steps"],
        "steps": steps,
        "pause_count": journey["pauses"],
        "pauses": sorted(own["pauses"], key=lambda row: row["started_at"]),
        "deals": sorted(own["journey_deals"], key=lambda row: (str(row["opened_at"]), row["deal_id"])),
        "buying_center": sorted(own["buying_center"], key=lambda row: (row["first_at"], row["person_id"])),
        "first_sales_contact": _first_sales(steps),
    }
    return told


def _without_ids(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("account_id", "journey_id")}


def _first_sales(steps: Iterable[Row]) -> Row | None:
    """The first two-way contact with sales, as a short row; None where there was none."""
    first = next((step for step in steps if step["sales"]), None)
    if first is None:
        return None
    columns = ("seq", "touchpoint", "channel", "stage", "person_id", "role", "name", "source", "record_id")
    return {"at": first["happened_at"], **{name: first[name] for name in columns}}


def _persons(persons: Iterable[Row], center: Iterable[Row]) -> list[Row]:
    """The account's people, those seen first in front, with what they did over all journeys."""
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(center, key=lambda row: row["first_at"]):
        seen[row["person_id"]].append(row)
    told = []
    for person in persons:
        rows = seen.pop(person["person_id"], [])
        told.append({**person, **_deeds(rows)})
    # Participants whose own company is not known are people of the story, too.
    told += [{**_STRANGER, "person_id": person_id, **_deeds(rows)} for person_id, rows in seen.items()]
    return sorted(told, key=lambda row: (row["first_at"] is None, str(row["first_at"]), row["person_id"]))


def _deeds(rows: list[Row]) -> Row:
    last = next((row for row in reversed(rows) if row["role"]), None)
    return {
        "role": last["role"] if last else None,
        "role_source": last["role_source"] if last else None,
        "steps": sum(row["steps"] for row in rows),
        "first_at": rows[0]["first_at"] if rows else None,
        "last_at": max(row["last_at"] for row in rows) if rows else None,
    }
