"""Advice of the command line in the words of the page: whoever reads it there has no command line before them."""

from __future__ import annotations

import re
from typing import Final

from etappe.words.german_faults import german

_BUILD: Final = ("Bauen Sie unter „Quellen“ neu auf.", "Build anew under “Sources”.")
_IMPORT: Final = ("Legen Sie unter „Quellen“ Exporte ab, dann bauen Sie dort auf.", "Import exports under “Sources”, then build there.")
_VERSIONS: Final = ("Wählen Sie unter „Versionen“ eine aus.", "Choose one under “Versions”.")
_COMPANIES: Final = ("Suchen Sie unter „Unternehmen“ nach Name oder Domain.", "Look it up by name or domain under “Accounts”.")
_REPORT: Final = ("Bitte melden Sie das.", "Please report this.")

ADVICE: Final = {
    "Look at `etappe map history`; undo with --force, or restore the card.": (
        "Sehen Sie im Verlauf nach, und stellen Sie die Karte daraus wieder her.", "Look at the history of the card, and restore it from there."),
    "That would go too: remove it by hand if it is meant to, or undo with --force.": (
        "Das wäre auch weg: Wenn es weg soll, löschen Sie es dort, wo es steht.", "That would go too: if it is meant to, delete it where it stands."),
    "See `etappe map history`; `etappe map restore` brings an earlier state back.": (
        "Unter „Versionen“ stellen Sie einen früheren Stand wieder her.", "“Versions” brings an earlier state back."),
    "Give a number of its history, or name one with `etappe map mark`.": _VERSIONS,
    "See `etappe review tasks`.": ("Sehen Sie in den Aufgaben des Reviews nach.", "Look at the tasks of the review."),
    "Sign in, or open the link that `etappe serve` printed.": (
        "Melden Sie sich an, oder öffnen Sie den Link, der beim Start der Seite ausgegeben wurde.", "Sign in, or open the link that was printed when the page was started."),
    "Make a new one: `etappe people link`, or start `etappe serve` again.": (
        "Lassen Sie sich einen neuen geben, wo die Seite gestartet wurde.", "Have a new one made where the page was started."),
    "import exports under Sources, then build: `etappe build`": _IMPORT,
    "import exports first: `etappe import FOLDER`": _IMPORT,
    "run `etappe build`": _BUILD, "Run `etappe build`.": _BUILD,
    "Look it up by name or domain: `etappe account NAME`.": _COMPANIES, "`etappe show journeys` lists the companies.": _COMPANIES,
    "make one: POST /builds with this as_of, or `etappe build --as-of`": ("Bauen Sie für diesen Tag auf, oder wählen Sie einen anderen.", "Build for that day, or choose another one."),
    "Add one: `etappe people add NAME`.": ("Fügen Sie es unter „Einstellungen“, „Personen und Rollen“ hinzu.", "Add one under “Settings”, “People and roles”."),
    "Copy them from `etappe interview show`.": ("Markieren Sie sie im Interview.", "Mark them in the interview."),
    "name one of them, an entry of an archive as the report of `etappe import` does": ("Laden Sie eine davon hoch.", "Upload one of them."),
    'name the company: `etappe report account "NAME" -o story.pdf`': _COMPANIES,
    "write a first guess with `etappe import FILE --suggest`": ("Lassen Sie sich unter „Quellen“ eine Zuordnung vorschlagen.", "Have a mapping suggested under “Sources”."),
    "say which with `--format`": ("Lassen Sie sich unter „Quellen“ eine Zuordnung vorschlagen.", "Have a mapping suggested under “Sources”."),
    "the last good build stays in use; please report this with the output of `etappe status --json`": (
        "Der letzte gute Aufbau bleibt in Gebrauch. Bitte melden Sie das.", "The last good build stays in use. Please report this."),
    "Please report this, with the counts that `etappe status --json` shows.": _REPORT,
    "There are none yet: make one with `etappe persona new NAME`.": ("Es gibt noch keine: Legen Sie unter „Personas“ eine an.", "There are none yet: make one under “Personas”."),
    "There are none yet: make one with `etappe segment new NAME`, or a rule in rules/segments.yaml.": (
        "Es gibt noch keins: Legen Sie unter „Segmente“ eins an.", "There are none yet: make one under “Segments”."),
}  # fmt: skip
"""What a fault advises, and what it advises on the page, in German and English."""

_FORMS: Final = tuple((re.compile(form), told) for form, told in (
    (r"Make one with `etappe \w+ new [^`]*`\.", ("Legen Sie auf der Seite eins an.", "Make one on the page.")),
    (r"`etappe status` shows how many there are of each .*", ("Unter „Quellen“ steht, was eingelesen ist.", "“Sources” shows what was brought in.")),
    (r"say `rule` in it: etappe persona export .*", ("Sagen Sie auf der Seite der Persona, wer dazugehört.", "Say on the page of the persona who belongs.")),
    (r"run `etappe import .*", ("Lassen Sie sich unter „Quellen“ eine Zuordnung vorschlagen.", "Have a mapping suggested under “Sources”.")),
    (r"Bring its answers in: `etappe survey deliver`.*", (
        "Die Antworten zählen nach dem nächsten Aufbau; bis dahin stehen sie unter „Umfragen“.", "Its answers count after the next build; until then see them under “Surveys”.")),
    (r"Import one: `etappe survey .*", ("Legen Sie unter „Umfragen“ eine an, oder legen Sie Antworten unter „Quellen“ ab.", "Make one under “Surveys”, or bring answers in under “Sources”.")),
))  # fmt: skip


def on_page(advice: str, language: str) -> str:
    """What to do next, in the words of the page and the language of its reader; other advice stays what it is."""
    told = ADVICE.get(advice) or next((told for form, told in _FORMS if form.fullmatch(advice)), None)
    if told:
        return told[0 if language == "de" else 1]
    return german(advice) if language == "de" else advice


def place_on_page(where: str) -> str:
    """Where something is wrong; an option of the command line is no place on the page."""
    return "" if where.startswith("--") else where
