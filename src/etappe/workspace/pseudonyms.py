"""Answers for those who may not see names and addresses: persons become numbers, the rest stays.

The same person has the same number within one answer, so that a story can still be followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

PERSON: Final = frozenset({"person_id", "person_ids", "persons_ids", "participants", "person"})
HIDDEN: Final = frozenset({
    "email", "phone", "first_name", "last_name", "person_name", "full_name", "contact_email", "contact_ref", "user_id", "cookie", "cookies", "session_id",
    "ip", "identifiers_seen", "text", "street", "speaker", "value_text",
})  # fmt: skip
"""Columns that name or address somebody, or hold free words."""
WEB: Final = frozenset({"page_view", "download", "video", "form", "web_event", "product_use", "ad_view", "ad_click", "email_sent", "email_open", "email_click", "webinar", "fair_visit", "event_visit"})
"""Kinds of events whose `name` is that of a page or an occasion, not a subject line."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def pseudonymous(answer: Any) -> Any:
    """The answer with persons numbered, addresses and free words left out."""
    return _masked(answer, {})


def about_people(columns: Iterable[str]) -> bool:
    """Whether some of these columns name or address somebody: whoever sees pseudonyms does not ask by them either."""
    return not (PERSON | HIDDEN).isdisjoint(columns)


def _masked(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _field(key, inner, value, known) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(inner, known) for inner in value]
    return _ADDRESS.sub("…", value) if isinstance(value, str) and "@" in value else value


def _field(key: str, value: Any, row: Mapping[str, Any], known: dict[str, str]) -> Any:
    if key in PERSON and (isinstance(value, str) or (isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value))):
        return _number(value, known) if isinstance(value, str) else [_number(item, known) for item in value]
    if key in HIDDEN:
        return None
    if key == "name" and "touchpoint" in row:
        return value if row.get("kind") in WEB else None
    if key == "name" and ("person_id" in row or "email" in row):
        return _number(str(row["person_id"]), known) if row.get("person_id") else None
    if key in ("url", "referrer") and isinstance(value, str):
        return value.partition("?")[0]
    return _masked(value, known)


def _number(person: str, known: dict[str, str]) -> str:
    return known.setdefault(person, f"P{len(known) + 1}")
