"""What commands say besides their tables, in the language of the workspace: both sentences stand where they are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from etappe.cli.fitting import Column
from etappe.cli.output import cell, print_columns, print_wrapped
from etappe.words.result import Figure
from etappe.words.said import said, spoken

if TYPE_CHECKING:
    from etappe.reports.theme import Language

_HEADS: Final[dict[str, str]] = {
    "source": "Quelle", "records": "Datensätze", "events": "Ereignisse", "first": "erstes", "last": "letztes", "imported": "importiert", "days_old": "Tage alt",
    "quarantined": "in Quarantäne", "matched": "zugeordnet", "file": "Datei", "format": "Format", "read": "gelesen", "new": "neu", "changed": "geändert", "same": "gleich",
    "table": "Tabelle", "removed": "entfernt", "altered": "geändert", "files": "Dateien", "identifier": "Kennung", "with": "mit", "rule": "Regel", "evidence": "Beleg",
    "probability": "Wahrscheinlichkeit", "seen": "gesehen", "person": "Person", "name": "Name", "email": "E-Mail", "reason": "Grund", "left": "eine Seite", "right": "andere Seite",
    "candidates": "Kandidaten", "records_of": "Datensätze", "decision": "Entscheidung", "what": "was", "into": "wohin", "author": "von", "at": "am", "domain": "Domain",
    "account": "Unternehmen", "account_id": "Kennung des Unternehmens", "person_id": "Kennung der Person", "domains": "Domains", "city": "Ort", "country": "Land", "industry": "Branche",
    "employees": "Beschäftigte", "revenue": "Umsatz", "tier": "Tier", "segment": "Segment", "type": "Typ", "owner": "Betreuer", "persons": "Personen", "internal": "intern", "title": "Titel",
    "language": "Sprache", "stated_role": "genannte Rolle", "opted_out": "abgemeldet", "anonymous": "ohne Namen", "identifiers": "Kennungen", "account_rule": "Regel des Unternehmens",
    "account_probability": "Wahrscheinlichkeit des Unternehmens", "first_known_at": "bekannt seit", "rejected": "verworfen", "ambiguous": "mehrdeutig", "held_apart": "auseinandergehalten",
    "decisions": "Entscheidungen", "parent_id": "Mutter", "parent_account_id": "Mutter", "from_stage": "von Phase", "to_stage": "nach Phase", "accounts": "Unternehmen", "deal_value": "Wert der Deals",
    "from": "von", "to": "nach", "question": "Frage", "words": "was es ist", "instrument": "Instrument", "figure": "Zahl", "id": "Kennung", "review_by": "Review bis", "revision": "Revision", "changed_at": "geändert am",
    "changed_by": "geändert von", "collection": "Sammlung", "field": "Feld", "before": "vorher", "after": "nachher", "edit": "Änderung", "note": "Notiz", "over": "überschrieben", "stage": "Phase", "lane": "Zeile", "shown": "Anzeigename",
    "path": "Datei", "interview": "Interview", "interviews": "Interviews", "made": "angelegt", "turns": "Redebeiträge", "words_said": "Wörter", "speakers": "Sprechende", "passages": "Stellen", "quote": "Zitat",
    "topic": "Thema", "ring": "Ring", "force": "Kraft", "persona": "Persona", "new_topics": "neue Themen", "all": "alle", "template": "Vorlage", "sentence": "Satz", "kind": "Art", "text": "Text",
    "provenance": "Herkunft", "claim": "Annahme", "role": "Rolle", "personal": "sieht Namen", "by": "Anmeldung", "disabled": "gesperrt",
}  # fmt: skip

_SENTENCES: Final = ("evidence", "reason")  # columns of the house's own sentences; all other texts are the data's


class Speech:
    """A language to speak in: "de", else English."""

    def __init__(self, language: str) -> None:
        self.language: Language = "de" if language == "de" else "en"

    def __call__(self, english: str, german: str, **values: Any) -> str:
        """A sentence, with values in braces; numbers and days are written as the language does."""
        return spoken(said(english, german, **values), self.language)

    def of(self, text: str) -> str:
        """A sentence that was made elsewhere, or a word of the data that a reader calls otherwise."""
        if self.language == "en":
            return text
        from etappe.words.german_faults import german

        told = spoken(text, "de", german)
        return german(told) if told == text else told

    def number(self, value: float) -> str:
        """A whole number."""
        return spoken(said("{n}", "{n}", n=value), self.language)

    def day(self, iso: Any) -> str:
        """A day from its ISO text; empty where there is none."""
        from etappe.reports.formats import date

        return date(str(iso), self.language) if iso else ""

    def head(self, name: str) -> str:
        """The heading of a column."""
        return _HEADS.get(name, name.replace("_", " ")) if self.language == "de" else name.replace("_", " ")

    def cell(self, value: Any) -> str:
        """A cell of a table as the language writes it."""
        if self.language == "en":
            return cell(value)
        if isinstance(value, bool):
            return "ja" if value else "nein"
        if isinstance(value, (list, tuple)):
            return ", ".join(self.cell(item) for item in value[:8]) + (" …" if len(value) > 8 else "")
        if isinstance(value, (int, float)):
            return _german_number(cell(float(value)))
        if isinstance(value, Figure) and value.value is None:
            from etappe.reports.texts import Words

            why, words = value.why or "no data", Words(self.language)
            return f"{words(why) if words.known(why) else why} (n {value.n})"
        text = cell(value)
        if isinstance(value, Figure):
            return _german_number(text)
        if len(text) == 10 and text[4] == text[7] == "-" and text[:4].isdigit():
            return self.day(text)
        return text

    def table(self, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
        """Rows as a table, with the headings and numbers of the language."""
        numeric = {name for name in names if any(isinstance(row.get(name), (int, float)) and not isinstance(row.get(name), bool) for row in rows)}
        shown = [Column(self.head(name), tuple(self._cell_of(name, row.get(name)) for row in rows), name in numeric) for name in names]
        if left := print_columns(shown):
            print_wrapped(f"… {', '.join(left)} (--json)")

    def _cell_of(self, name: str, value: Any) -> str:
        return self.of(value) if name in _SENTENCES and isinstance(value, str) else self.cell(value)


def _german_number(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))
