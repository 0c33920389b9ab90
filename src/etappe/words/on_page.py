"""Advice of the command line in the words of the page: whoever reads it there has no command line before them."""

from __future__ import annotations

import re
from typing import Final

ADVICE: Final = {
    "Look at `etappe map history`; undo with --force, or restore the card.": "Look at the history of the card, and restore it from there.",
    "See `etappe map history`; `etappe map restore` brings an earlier state back.": "“Versions” brings an earlier state back.",
    "Give a number of its history, or name one with `etappe map mark`.": "Choose one under “Versions”.",
    "See `etappe review tasks`.": "Look at the tasks of the review.",
    "Sign in, or open the link that `etappe serve` printed.": "Sign in, or open the link that was printed when the page was started.",
    "import exports under Sources, then build: `etappe build`": "Import exports under Sources, then build there.",
}
"""What a fault advises, and what it advises on the page."""

_MAKE: Final = re.compile(r"Make one with `etappe (\w+) new [^`]*`\.")


def on_page(advice: str) -> str:
    """What to do next, in the words of the page; other advice stays."""
    return ADVICE.get(advice) or _MAKE.sub(lambda found: f"Make a new {found[1]}, or choose one of the list.", advice)
