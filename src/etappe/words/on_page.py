"""Advice of the command line in the words of the page: whoever reads it there has no command line before them."""

from __future__ import annotations

import re
from typing import Final

from etappe.words.german_faults import german

ADVICE: Final = {
    "Look at `etappe map history`; undo with --force, or restore the card.": (
        "Sehen Sie im Verlauf nach, und stellen Sie die Karte daraus wieder her.", "Look at the history of the card, and restore it from there."),
    "That would go too: remove it by hand if it is meant to, or undo with --force.": (
        "Das wäre auch weg: Wenn es weg soll, löschen Sie es dort, wo es steht.", "That would go too: if it is meant to, delete it where it stands."),
    "See `etappe map history`; `etappe map restore` brings an earlier state back.": (
        "Unter „Versionen“ stellen Sie einen früheren Stand wieder her.", "“Versions” brings an earlier state back."),
    "Give a number of its history, or name one with `etappe map mark`.": ("Wählen Sie unter „Versionen“ eine aus.", "Choose one under “Versions”."),
    "See `etappe review tasks`.": ("Sehen Sie in den Aufgaben des Reviews nach.", "Look at the tasks of the review."),
    "Sign in, or open the link that `etappe serve` printed.": (
        "Melden Sie sich an, oder öffnen Sie den Link, der beim Start der Seite ausgegeben wurde.", "Sign in, or open the link that was printed when the page was started."),
    "import exports under Sources, then build: `etappe build`": (
        "Legen Sie unter „Quellen“ Exporte ab, dann bauen Sie dort auf.", "Import exports under Sources, then build there."),
}  # fmt: skip
"""What a fault advises, and what it advises on the page, in German and English."""

_MAKE: Final = re.compile(r"Make one with `etappe \w+ new [^`]*`\.")


def on_page(advice: str, language: str) -> str:
    """What to do next, in the words of the page and the language of its reader; other advice stays what it is."""
    if advice in ADVICE:
        return ADVICE[advice][0 if language == "de" else 1]
    if _MAKE.fullmatch(advice):
        return "Legen Sie auf der Seite eins an." if language == "de" else "Make one on the page."
    return german(advice) if language == "de" else advice
