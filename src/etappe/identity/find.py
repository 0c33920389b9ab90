"""Finds a company or a person by what a human types: id, domain, address, name with or without legal form, misspelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from etappe.errors import Fault, NotFound, QuestionFault
from etappe.identity import decisions
from etappe.identity.domains import registrable
from etappe.identity.names import company_key, company_likeness
from etappe.tables.engine import Engine

NEAREST = 5
SURE = 0.93  # likeness from which a name counts as the one that was meant

Tables = Mapping[str, ir.Table]


def find_account(engine: Engine, tables: Tables, text: str) -> str:
    """The id of the account that is meant by a text.

    Parameters
    ----------
    tables : mapping
        The tables that left this room (`account_keys`, `resolved_accounts`).
    text : str
        Account id, domain, web address, e-mail address, id of a company record, or name.

    Raises
    ------
    NotFound
        With the nearest names.
    QuestionFault
        When several companies are meant.
    """
    asked = text.strip()
    found = _by_id(engine, tables, asked) or _by_key(engine, tables, asked) or _by_name(engine, tables, asked)
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(
            f"{row['name']} ({row['domain'] or row['account_id']})" for row in named(engine, tables, found)
        )
        raise QuestionFault(f"Several companies are meant by “{asked}”.", asked, f"Name one of: {listed}.")
    raise _nothing("company", asked, [row["name"] for row in _nearest(engine, tables, asked)])


def candidates(engine: Engine, tables: Tables, text: str) -> list[str]:
    """The accounts among which an ambiguous domain or name cannot decide; empty where it is not ambiguous."""
    keys = tables["account_keys"]
    values = _spellings(text.strip())
    rows = engine.rows(keys.filter(keys.value.isin(values) & keys.account_id.isnull()).select("candidates"))
    return sorted({account for row in rows for account in row["candidates"] or []})


def named(engine: Engine, tables: Tables, accounts: list[str]) -> list[dict[str, Any]]:
    """account_id, name, domain of some accounts, in the order of their names."""
    known = tables["resolved_accounts"]
    rows = engine.rows(known.filter(known.account_id.isin(accounts or [""])).select("account_id", "name", "domain"))
    return sorted(rows, key=lambda row: (row["name"] or "", row["account_id"]))


def _by_id(engine: Engine, tables: Tables, text: str) -> list[str]:
    known = tables["resolved_accounts"]
    return [row["account_id"] for row in engine.rows(known.filter(known.account_id == text).select("account_id"))]


def _spellings(text: str) -> list[str]:
    """How a domain or name may stand in `account_keys`."""
    lower = " ".join(text.lower().split())
    host = lower.rpartition("@")[2].partition("://")[2] or lower.rpartition("@")[2]
    host = host.partition("/")[0].removeprefix("www.")
    hosts = [host, registrable(host)] if "." in host and " " not in host else []
    return list(dict.fromkeys([text, lower, *hosts]))


def _by_key(engine: Engine, tables: Tables, text: str) -> list[str]:
    keys = tables["account_keys"]
    wanted = keys.value.isin(_spellings(text))
    if text.startswith("account:"):
        kind, value = decisions.identifier(text)
        wanted = (keys.kind == kind) & (keys.value == value)
    rows = engine.rows(keys.filter(wanted & keys.account_id.notnull()).select("kind", "account_id").distinct())
    return sorted({row["account_id"] for row in rows})


def _by_name(engine: Engine, tables: Tables, text: str) -> list[str]:
    """Companies with this name, whatever the legal form; else those whose name is nearly the same; else begins so."""
    known = tables["resolved_accounts"]
    exact = engine.rows(known.filter(known.name.lower() == " ".join(text.lower().split())).select("account_id"))
    if exact:
        return sorted(row["account_id"] for row in exact)
    key = company_key(text)
    near = _nearest(engine, tables, text, 25)
    same = [row["account_id"] for row in near if row["name"] and company_key(row["name"]) == key]
    like = [
        row["account_id"] for row in near if row["name"] and company_likeness(company_key(row["name"]), key) >= SURE
    ]
    begins = [row["account_id"] for row in near if row["name"] and company_key(row["name"]).startswith(f"{key} ")]
    return sorted(same or like or (begins if len(begins) == 1 else []))


def _nearest(engine: Engine, tables: Tables, text: str, count: int = NEAREST) -> list[dict[str, Any]]:
    """The companies whose names read most like a text, the likest first."""
    from rapidfuzz import fuzz, process, utils

    known = tables["resolved_accounts"].select("account_id", "name")
    rows = engine.to_arrow(known.filter(known.name.notnull()).order_by("account_id"))
    names, ids = rows["name"].to_pylist(), rows["account_id"].to_pylist()
    best = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=count, score_cutoff=55
    )
    return [{"account_id": ids[place], "name": name, "score": score} for name, score, place in best]


def find_person(engine: Engine, tables: Tables, text: str) -> list[dict[str, Any]]:
    """The rows of `person_keys` that are meant by a text: person id, e-mail address, any identifier, or a name.

    Raises
    ------
    NotFound
        With the nearest names.
    """
    asked = text.strip()
    keys, persons = tables["person_keys"], tables["persons"]
    wanted = keys.value.isin([asked, asked.lower()]) | (keys.person_id == asked)
    try:
        kind, value = decisions.identifier(asked)
        wanted = wanted | ((keys.kind == kind) & (keys.value == value))
    except Fault:
        pass
    found = engine.rows(keys.filter(wanted).select("kind", "value", "person_id", "held_apart"))
    if found:
        return found
    meant = persons.filter(persons.name.lower() == asked.lower()).select("person_id")
    found = engine.rows(keys.semi_join(meant, "person_id").select("kind", "value", "person_id", "held_apart"))
    if found:
        return found
    raise _nothing("person", asked, _nearest_persons(engine, persons, asked))


def _nearest_persons(engine: Engine, persons: ir.Table, text: str) -> list[str]:
    from rapidfuzz import fuzz, process, utils

    known = persons.filter(persons.email.notnull() | persons.name.notnull()).select("email", "name")
    rows = engine.to_arrow(known.limit(500_000))
    words = [word for column in ("email", "name") for word in rows[column].to_pylist() if word]
    best = process.extract(
        text, words, scorer=fuzz.ratio, processor=utils.default_process, limit=NEAREST, score_cutoff=55
    )
    return list(dict.fromkeys(word for word, _, _ in best))


def _nothing(thing: str, text: str, nearest: list[str]) -> NotFound:
    hint = (
        f"Nearest: {'; '.join(nearest)}." if nearest else f"`etappe status` shows how many there are of each {thing}."
    )
    if thing == "company" and not nearest:
        hint = "`etappe show journeys` lists the companies."
    return NotFound(f"There is no {thing} “{text}”.", text, hint)
