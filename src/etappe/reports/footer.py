"""The line on every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import date
from etappe.reports.texts import Words


def footer_of(
    words: Words,
    as_of: dt.datetime | None,
    recipe: str,
    conservation: Mapping[str, Any] | None,
) -> str:
    """The line on every page: state of knowledge (a day of UTC everywhere), recipe, and whether nothing went missing."""
    parts = [words("as_of", date=date(as_of, words.language))] if as_of else []
    parts.append(recipe)
    if conservation is None:
        return " · ".join(parts)
    counts = {key: conservation.get(key) for key in ("events", "steps", "internal", "unresolved")}
    inner = conservation.get("conservation", conservation)
    if not inner.get("ok", False):
        failed = [tidy(c.get("words"), 120) for c in inner.get("checks", ()) if not c.get("ok", True)]
        parts.append(": ".join([words("not_conserved"), *failed[:1]]))
    elif all(isinstance(count, int) for count in counts.values()):
        parts.append(words("conserved", **counts))
    else:
        parts.append(words("conserved_short"))
    return " · ".join(parts)
