"""Finds a company or a person by what a human types: id, domain, address, name with or without legal form, misspelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from etappe.errors import Fault, NotFound, QuestionFault
from etappe.identity.domains import registrable
from etappe.tables.lookup import Lookup

# What compares names and reads decisions is loaded where an id or a domain does not do: most companies are asked by theirs.
if TYPE_CHECKING:
    import ibis.expr.types as ir

    from etappe.tables.engine import Engine

NEAREST = 5
SURE = 0.93  # likeness from which a name counts as the one that was meant

Tables = Mapping[str, "ir.Table"]


def find_account(tables: Lookup, text: str) -> str:
    """The id of the account that is meant by a text.

    Parameters
    ----------
    tables : Lookup
        The tables that left this room (`account_keys`, `resolved_accounts`).
    text : str
        Account id (as answers show it of one without a name, too), domain, web address, e-mail address, id of a company record, or name.

    Raises
    ------
    NotFound
        With the nearest names.
    QuestionFault
        When several companies are meant.
    """
    asked = text.strip()
    found = _by_id(tables, asked.rpartition(") ")[2]) or _by_key(tables, asked) or _by_name(tables, asked)
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(
            f"{row['name'] or row['domain'] or row['account_id']} ({row['domain'] or row['account_id']})" for row in named(tables, found)
        )
        raise QuestionFault(f"Several companies are meant by “{asked}”.", asked, f"Name one of: {listed}.")
    raise _nothing("company", asked, [row["name"] for row in _nearest(_names(tables), asked)])


def candidates(tables: Lookup, text: str) -> list[str]:
    """The accounts among which an ambiguous domain or name cannot decide; empty where it is not ambiguous."""
    rows = tables.rows("account_keys", ["account_id", "candidates"], value=_spellings(text.strip()))
    return sorted({account for row in rows if row["account_id"] is None for account in row["candidates"] or []})


def named(tables: Lookup, accounts: list[str]) -> list[dict[str, Any]]:
    """account_id, name, domain of some accounts, in the order of their names."""
    rows = tables.rows("resolved_accounts", ["account_id", "name", "domain"], account_id=accounts)
    return sorted(rows, key=lambda row: (row["name"] or "", row["account_id"]))


def _by_id(tables: Lookup, text: str) -> list[str]:
    return [row["account_id"] for row in tables.rows("resolved_accounts", ["account_id"], account_id=[text])]


def _spellings(text: str) -> list[str]:
    """How a domain or name may stand in `account_keys`."""
    lower = " ".join(text.lower().split())
    host = lower.rpartition("@")[2].partition("://")[2] or lower.rpartition("@")[2]
    host = host.partition("/")[0].removeprefix("www.")
    hosts = [host, registrable(host)] if "." in host and " " not in host else []
    return list(dict.fromkeys([text, lower, *hosts]))


def _by_key(tables: Lookup, text: str) -> list[str]:
    wanted = {"value": _spellings(text)}
    if text.startswith("account:"):
        from etappe.identity.decisions import identifier

        kind, value = identifier(text)
        wanted = {"kind": [kind], "value": [value]}
    rows = tables.rows("account_keys", ["account_id"], **wanted)
    return sorted({row["account_id"] for row in rows if row["account_id"] is not None})


def _by_name(tables: Lookup, text: str) -> list[str]:
    """Companies with this name, whatever the legal form; else those whose name is nearly the same; else begins so."""
    known = _names(tables)
    exact = [row["account_id"] for row in known if row["name"].lower() == " ".join(text.lower().split())]
    if exact:
        return exact
    from etappe.identity.names import company_key, company_likeness

    key = company_key(text)
    near = _nearest(known, text, 25)
    same = [row["account_id"] for row in near if row["name"] and company_key(row["name"]) == key]
    like = [
        row["account_id"] for row in near if row["name"] and company_likeness(company_key(row["name"]), key) >= SURE
    ]
    begins = [row["account_id"] for row in near if row["name"] and company_key(row["name"]).startswith(f"{key} ")]
    return sorted(same or like or (begins if len(begins) == 1 else []))


def _names(tables: Lookup) -> list[dict[str, Any]]:
    """account_id and name of all companies that have one, in the order of the ids."""
    rows = tables.rows("resolved_accounts", ["account_id", "name"])
    return sorted((row for row in rows if row["name"] is not None), key=lambda row: str(row["account_id"]))


def _nearest(known: list[dict[str, Any]], text: str, count: int = NEAREST) -> list[dict[str, Any]]:
    """The companies whose names read most like a text, the likest first."""
    from rapidfuzz import fuzz, process, utils

    names = [row["name"] for row in known]
    best = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=count, score_cutoff=55
    )
    return [{**known[place], "score": score} for _, score, place in best]


def find_person(engine: Engine, tables: Tables, text: str) -> list[dict[str, Any]]:
    """The rows of `person_keys` that are meant by a text: person id, e-mail address, any identifier, or a name.

    Raises
    ------
    NotFound
        With the nearest names.
    """
    from etappe.identity.decisions import identifier

    asked = text.strip()
    keys, persons = tables["person_keys"], tables["persons"]
    wanted = keys.value.isin([asked, asked.lower()]) | (keys.person_id == asked)
    try:
        kind, value = identifier(asked)
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
