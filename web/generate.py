"""Writes what the page shares with print: colours as CSS, the theme, and the house's words, from the Python sources.

Run `python web/generate.py` after a change of `reports/theme.py` or `reports/vocabulary.py`; a test tells when it is due.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from etappe.analyses import analysis
from etappe.maps.lane_kinds import lane_kinds
from etappe.reports.headings import HEADINGS, VALUES
from etappe.reports.theme import theme
from etappe.reports.vocabulary import listed
from etappe.sources.mapping_guess import MAIN
from etappe.sources.mapping_words import HEADINGS as MEANINGS
from etappe.words.claim import COMPARISONS, MEASURES
from etappe.words.kinds import CHANNELS, EVENT_KINDS, JOURNEY_KINDS, OUTCOMES, ROLES

HERE = Path(__file__).parent / "src"


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        HERE / "theme" / "tokens.css": tokens(theme()),
        HERE / "theme" / "theme.json": _json(theme()),
        HERE / "words" / "terms.json": _json(terms()),
    }


def tokens(look: dict[str, Any]) -> str:
    """The colours as CSS variables, light and dark."""
    parts = ["/* Written by web/generate.py from reports/theme.py; change it there. */"]
    for mode, selector in (("light", ":root"), ("dark", '[data-mantine-color-scheme="dark"]')):
        rows = [f"  --{name}: {value};" for name, value in look["colours"][mode].items()]
        parts.append("\n".join([f"{selector} {{", f"  color-scheme: {mode};", *rows, "}"]))
    return "\n\n".join(parts) + "\n"


def terms() -> dict[str, Any]:
    """The closed lists and what a reader calls their words, German first."""
    return {
        "names": {kind: {word: list(pair) for word, pair in words.items()} for kind, words in listed().items()},
        "headings": {name: list(pair) for name, pair in HEADINGS.items()},
        "values": {word: list(pair) for word, pair in VALUES.items()},
        "lanes": [
            {"id": kind.id, "side": kind.side, "title": kind.title, "asks": kind.asks, "example": kind.example}
            for kind in lane_kinds().values()
        ],
        "analyses": {name: [found.title_de, found.title] for name in analysis.names() for found in [analysis.find(name)]},
        "measures": {name: {"takes": measure.takes, "unit": measure.unit} for name, measure in MEASURES.items()},
        "comparisons": list(COMPARISONS),
        "kinds": list(JOURNEY_KINDS),
        "outcomes": list(OUTCOMES),
        "roles": list(ROLES),
        "channels": list(CHANNELS),
        "events": list(EVENT_KINDS),
        "meanings": [meaning for meaning in MEANINGS if meaning not in ("birth", "case")],
        "tables": list(MAIN),
    }


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
