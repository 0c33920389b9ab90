"""Why identifiers are one person and records one company: each link with its rule, evidence and probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from etappe.identity.decisions import Decision, identifier, text_of
from etappe.identity.find import Tables, candidates, find_account, find_person, named
from etappe.identity.links import rule_words
from etappe.tables.engine import Engine
from etappe.tables.lookup import InEngine

__all__ = ["find_account", "find_person", "why_account", "why_person"]

MOST = 200  # rows of each kind that are shown

Row = dict[str, Any]


def why_account(
    engine: Engine, tables: Tables, text: str, decisions: Sequence[Decision] = (), language: str = "en"
) -> Row:
    """Why a company is what it is.

    Returns
    -------
    dict
        `account`; `identifiers` (company records, domains, names, each with the link that brought it); `persons`;
        `rejected` (considered, and why not); `ambiguous`; `held_apart`; `decisions`. For a domain or name that belongs
        to several companies: `ambiguous` with its candidates, and `rejected`.
    """
    doubted = candidates(InEngine(engine, tables), text)
    if doubted:
        return _undecided(engine, tables, text, doubted, decisions, language)
    account = find_account(InEngine(engine, tables), text)
    keys = tables["account_keys"]
    own = engine.rows(keys.filter(keys.account_id == account).select("kind", "value").order_by("kind", "value"))
    links = _touching(engine, tables["links"], [*own, {"kind": "account", "value": account}])
    links = [link for link in links if _of_company(link["left_kind"])]
    names = _names_of(engine, tables, links)
    items = {(row["kind"], row["value"]) for row in own}
    known = tables["resolved_accounts"]
    shared = keys.filter(keys.candidates.contains(account)).select("kind", "value", "candidates")
    return {
        "account": engine.rows(known.filter(known.account_id == account))[0],
        "identifiers": [_explained(item, links, names, language) for item in sorted(items)],
        "persons": _persons_of(engine, tables, account, language),
        "rejected": [_shown(link, names, language) for link in links if not link["accepted"]][:MOST],
        "ambiguous": [_ambiguous(row, names | _named(engine, tables, row)) for row in engine.rows(shared, MOST)],
        "held_apart": _held_at(engine, tables, [row["value"] for row in own if row["kind"] == "domain"]),
        "decisions": _decisions_on(items, decisions),
    }


def why_person(
    engine: Engine, tables: Tables, text: str, decisions: Sequence[Decision] = (), language: str = "en"
) -> Row:
    """Why a person's identifiers are one person, and why the person belongs to the account.

    Returns
    -------
    dict
        `person` (null for an identifier that is held apart); `identifiers`, each with the link that brought it;
        `account` (the reasons, the accepted one first); `rejected`; `held_apart`; `decisions`.
    """
    found = find_person(engine, tables, text)
    person = next((row["person_id"] for row in found if row["person_id"]), None)
    keys, persons = tables["person_keys"], tables["persons"]
    asked = [{"kind": row["kind"], "value": row["value"]} for row in found]
    if person is not None:
        own = keys.filter(keys.person_id == person).select("kind", "value").order_by("kind", "value")
        asked = engine.rows(own, MOST)
    links = _touching(engine, tables["links"], asked)
    names = _names_of(engine, tables, links)
    to_account = [link for link in links if _of_company(link["right_kind"]) and not _of_company(link["left_kind"])]
    between = [link for link in links if not _of_company(link["right_kind"])]
    items = {(row["kind"], row["value"]) for row in asked}
    others = {_other(link, items) for link in between if not link["accepted"]} - {None}
    return {
        "person": engine.rows(persons.filter(persons.person_id == person))[0] if person is not None else None,
        "identifiers": [_explained(item, between, names, language) for item in sorted(items)],
        "account": [_shown(link, names, language) for link in to_account if link["accepted"]],
        "rejected": [_shown(link, names, language) for link in links if not link["accepted"]][:MOST],
        "held_apart": _held(engine, keys, {*items, *(item for item in others if item)}),
        "decisions": _decisions_on(items, decisions),
    }


def _undecided(
    engine: Engine, tables: Tables, text: str, doubted: list[str], decisions: Sequence[Decision], language: str
) -> Row:
    keys = tables["account_keys"]
    rows = engine.rows(keys.filter(keys.account_id.isnull() & (keys.value == text.strip().lower())))
    links = _touching(engine, tables["links"], [{"kind": row["kind"], "value": row["value"]} for row in rows])
    names = {row["account_id"]: row["name"] for row in named(InEngine(engine, tables), doubted)}
    items = {(row["kind"], row["value"]) for row in rows}
    return {
        "account": None,
        "ambiguous": [_ambiguous(row, names) for row in rows],
        "candidates": [{**row, "records": _records(engine, keys, row["account_id"])} for row in named(InEngine(engine, tables), doubted)],
        "rejected": [_shown(link, names, language) for link in links if not link["accepted"]][:MOST],
        "decisions": _decisions_on(items, decisions),
    }


def _records(engine: Engine, keys: ir.Table, account: str) -> list[str]:
    """The company records of an account, as a decision names them."""
    own = keys.filter((keys.account_id == account) & keys.kind.startswith("account:"))
    return [text_of(row["kind"], row["value"]) for row in engine.rows(own.select("kind", "value").order_by("kind", "value"), MOST)]


def _touching(engine: Engine, links: ir.Table, items: Sequence[Row]) -> list[Row]:
    """The links at one of some identifiers, the accepted and the surest first."""
    values = sorted({row["value"] for row in items}) or [""]
    near = engine.rows(links.filter(links.left.isin(values) | links.right.isin(values)))
    wanted = {(row["kind"], row["value"]) for row in items}
    met = [
        link
        for link in near
        if (link["left_kind"], link["left"]) in wanted or (link["right_kind"], link["right"]) in wanted
    ]
    return sorted(met, key=_order)


def _order(link: Row) -> tuple[Any, ...]:
    ends = (link["left_kind"], link["left"], link["right_kind"], link["right"], link["rule"])
    return (not link["accepted"], -(link["probability"] or 0.0), -(link["seen"] or 0), ends)


def _explained(item: tuple[str, str], links: Sequence[Row], names: Row, language: str) -> Row:
    """An identifier with the surest accepted link at it; one that nothing ties stands alone."""
    at = [link for link in links if link["accepted"] and item in _ends(link)]
    row: Row = {"identifier": text_of(*item)}
    if not at:
        return {**row, "with": "", "rule": "", "evidence": "", "probability": None, "seen": None}
    shown = _shown(at[0], names, language)
    other = shown["right"] if (at[0]["left_kind"], at[0]["left"]) == item else shown["left"]
    return {**row, "with": other, **{key: shown[key] for key in ("rule", "evidence", "probability", "seen")}}


def _ends(link: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    return (link["left_kind"], link["left"]), (link["right_kind"], link["right"])


def _other(link: Row, items: set[tuple[str, str]]) -> tuple[str, str] | None:
    return next((end for end in _ends(link) if end not in items), None)


def _shown(link: Row, names: Row, language: str) -> Row:
    row = {
        "left": _end(link["left_kind"], link["left"], names),
        "right": _end(link["right_kind"], link["right"], names),
        "rule": rule_words(link["rule"], language),
        "evidence": link["evidence"],
        "probability": link["probability"],
        "seen": link["seen"],
    }
    return row if link["accepted"] else {**row, "reason": link["reason"]}


def _end(kind: str, value: str, names: Row) -> str:
    return names.get(value) or value if kind == "account" else text_of(kind, value)


def _names_of(engine: Engine, tables: Tables, links: Sequence[Row]) -> Row:
    """Account id → name, of the accounts that links name directly."""
    ids = {value for link in links for kind, value in _ends(link) if kind == "account"}
    return {row["account_id"]: row["name"] for row in named(InEngine(engine, tables), sorted(ids))}


def _named(engine: Engine, tables: Tables, row: Row) -> Row:
    return {found["account_id"]: found["name"] for found in named(InEngine(engine, tables), row["candidates"] or [])}


def _ambiguous(row: Row, names: Row) -> Row:
    listed = [names.get(account) or account for account in row["candidates"] or []]
    return {"identifier": text_of(row["kind"], row["value"]), "candidates": listed}


def _of_company(kind: str) -> bool:
    return kind.startswith("account") or kind in ("domain", "name")


def _persons_of(engine: Engine, tables: Tables, account: str, language: str) -> list[Row]:
    persons = tables["persons"]
    own = persons.filter((persons.account_id == account) & ~persons.anonymous.fill_null(False))
    picked = own.select("person_id", "name", "email", "account_rule", "account_probability").order_by(
        "email", "person_id"
    )
    rows = engine.rows(picked, MOST)
    visitors = engine.count(persons.filter((persons.account_id == account) & persons.anonymous.fill_null(False)))
    listed = [
        {
            "person": row["person_id"],
            "name": row["name"],
            "email": row["email"],
            "rule": rule_words(row["account_rule"] or "", language),
            "probability": row["account_probability"],
        }
        for row in rows
    ]
    if visitors:
        word = "Besucher" if language == "de" else "visitor" if visitors == 1 else "visitors"
        listed.append({"person": f"{visitors} {word}", "rule": rule_words("network", language)})
    return listed


def _held_at(engine: Engine, tables: Tables, hosts: Sequence[str]) -> list[Row]:
    """Addresses at some hosts that tie nobody."""
    keys = tables["person_keys"]
    if not hosts:
        return []
    at = ibis.or_(*[keys.value.endswith(f"@{host}") for host in hosts])
    rows = engine.rows(keys.filter((keys.kind == "email") & keys.held_apart.notnull() & at).order_by("value"), MOST)
    return [{"identifier": text_of(row["kind"], row["value"]), "reason": row["held_apart"]} for row in rows]


def _held(engine: Engine, keys: ir.Table, items: set[tuple[str, str]]) -> list[Row]:
    values = sorted({value for _, value in items}) or [""]
    rows = engine.rows(keys.filter(keys.held_apart.notnull() & keys.value.isin(values)).order_by("kind", "value"))
    return [
        {"identifier": text_of(row["kind"], row["value"]), "reason": row["held_apart"]}
        for row in rows
        if (row["kind"], row["value"]) in items
    ]


def _decisions_on(items: set[tuple[str, str]], decisions: Sequence[Decision]) -> list[Row]:
    """The decisions that name one of some identifiers."""
    found = []
    for decision in decisions:
        ends = [*decision.what, *([decision.into] if decision.into not in ("", "none") else [])]
        if items & {identifier(end) for end in ends}:
            found.append(decision.to_dict())
    return found
