"""A human's word on who is who, in identifiers that hold when the evidence grows; a company may be named as the answers name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etappe.errors import RulesFault
from etappe.identity.decisions import NOBODY, identifier, text_of
from etappe.identity.find import find_account
from etappe.tables.lookup import Lookup


def meant(known: Lookup | None, text: str) -> str:
    """The identifier that is meant: the text itself, or of a company's name or id its record, else its domain.

    Raises
    ------
    RulesFault
        For what is neither an identifier nor, by the build in use, a company.
    NotFound, QuestionFault
        For a name that no company has, with the nearest; for one that several have.
    """
    if text in ("", NOBODY):
        return text
    try:
        identifier(text)
        return text
    except RulesFault:
        if known is None:
            raise
    account = find_account(known, text)
    keys = known.rows("account_keys", ["kind", "value"], account_id=[account])
    return text_of(*min(((row["kind"], row["value"]) for row in keys), key=_surest))


def _surest(key: tuple[str, str]) -> tuple[int, str, str]:
    """Records of the CRM before domains, and these before names as they are written."""
    kind, value = key
    return (0 if kind.startswith("account:") else 1 if kind == "domain" else 2, kind, value)


def unheard_of(known: Lookup, texts: Sequence[str]) -> list[str]:
    """The identifiers that no record has, as far as the build in use knows: misspelled, or still to come."""
    return [text for text in texts if text not in ("", NOBODY) and not _has(known, *identifier(text))]


def _has(known: Lookup, kind: str, value: str) -> bool:
    where: dict[str, Any] = {"kind": [kind], "value": [value]}
    return any(known.rows(table, ["value"], **where) for table in ("person_keys", "account_keys"))
