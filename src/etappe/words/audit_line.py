"""A line of the audit log in words: what was done, on what, and its details, in German and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DONE: Final = {
    "saw account": ("Unternehmen angesehen", "saw a company"),
    "saw why": ("Zuordnung eines Unternehmens angesehen", "saw why a company is one"),
    "saw rows": ("Datensätze angesehen", "saw records"),
    "saw answers": ("Antworten angesehen", "saw answers"),
    "saw interview": ("Interview gelesen", "read an interview"),
    "saw quarantine": ("Quarantäne angesehen", "saw the quarantine"),
    "exported": ("exportiert", "exported"),
    "decided": ("über Unternehmen entschieden", "decided on companies"),
    "invited to survey": ("zu einer Umfrage eingeladen", "invited to a survey"),
    "imported interviews": ("Interviews eingelesen", "brought in interviews"),
    "renamed topic": ("Thema umbenannt", "renamed a topic"),
    "started review": ("Review begonnen", "started a review"),
    "closed review": ("Review abgeschlossen", "closed a review"),
    "saved rules": ("Regeln gespeichert", "saved rules"),
    "changed settings": ("Einstellungen geändert", "changed settings"),
    "kept segment": ("Segment gespeichert", "kept a segment"),
    "uploaded": ("Dateien hochgeladen", "uploaded files"),
    "imported": ("Dateien eingelesen", "brought in files"),
    "kept mapping": ("Zuordnung gespeichert", "kept a mapping"),
    "repaired records": ("Datensätze repariert", "repaired records"),
    "started a build": ("Aufbau gestartet", "started a build"),
    "added person": ("Person hinzugefügt", "added a person"),
    "changed person": ("Person geändert", "changed a person"),
    "changed own password": ("eigenes Passwort geändert", "changed their own password"),
    "removed person": ("Person entfernt", "removed a person"),
    "made token": ("Token erzeugt", "made a token"),
    "removed token": ("Token entfernt", "removed a token"),
    "made a one-time link": ("Link zur Anmeldung erzeugt", "made a one-time link"),
    "invited guest": ("Gast eingeladen", "invited a guest"),
    "revoked guest": ("Einladung eines Gasts beendet", "ended a guest's link"),
    "signed in": ("angemeldet", "signed in"),
    "sign-in refused": ("Anmeldung abgelehnt", "sign-in refused"),
    "came in": ("als Gast gekommen", "came in as a guest"),
    "removed map": ("Map von der Liste genommen", "took a map off the list"),
    "removed persona": ("Persona von der Liste genommen", "took a persona off the list"),
    "removed segment": ("Segment von der Liste genommen", "took a segment off the list"),
    "removed survey": ("Umfrage von der Liste genommen", "took a survey off the list"),
    "removed interview": ("Interview von der Liste genommen", "took an interview off the list"),
    "removed review": ("Review von der Liste genommen", "took a review off the list"),
}
"""What a line tells, as the log keeps it; German first."""

DETAILS: Final = {
    "format": ("Format", "Format"), "rows": ("Datensätze", "Records"), "filters": ("Filter", "Filters"), "personal": ("mit Namen", "With names"), "names": ("mit Namen", "With names"),
    "things": ("was", "What"), "into": ("zu", "Into"), "reason": ("Grund", "Reason"), "question": ("Frage", "Question"), "tag": ("Stand", "Version"), "settings": ("Einstellungen", "Settings"),
    "retention": ("Aufbewahrung", "Retention"), "figure": ("Zahl", "Figure"), "companies": ("Unternehmen", "Companies"), "interviews": ("Interviews", "Interviews"), "mapping": ("Zuordnung", "Mapping"), "role": ("Rolle", "Role"),
    "fields": ("geändert", "Changed"), "password": ("Passwort", "Password"), "scope": ("darf", "May"), "user": ("für", "For"), "can": ("darf", "May"), "lanes": ("Zeilen", "Lanes"),
    "days": ("Tage gültig", "Days valid"), "link": ("Link", "Link"), "count": ("Anzahl", "Number"), "shown": ("gezeigt als", "Shown as"), "disabled": ("gesperrt", "Disabled"),
}  # fmt: skip
"""What the details of a line are called; German first."""

VALUES: Final = {
    True: ("ja", "yes"), False: ("nein", "no"), "viewer": ("liest", "viewer"), "editor": ("bearbeitet", "editor"), "admin": ("verwaltet", "admin"), "read": ("lesen", "read"), "write": ("schreiben", "write"),
    "view": ("ansehen", "view"), "comment": ("kommentieren", "comment"), "edit": ("bearbeiten", "edit"), "merge": ("zusammenlegen", "merge"), "split": ("trennen", "split"),
}  # fmt: skip
"""Values of details that are words of the house; German first."""


def done(what: str, language: str) -> str:
    """What was done: `done("saw account", "de")` is `Unternehmen angesehen`; an unknown word stays."""
    return _said(DONE, what, language)


def detail(details: Mapping[str, Any] | None, language: str) -> str:
    """The details of a line in words, without those that say nothing.

    >>> detail({"format": "csv", "rows": 12, "filters": {}}, "en")
    'Format: csv · Records: 12'
    """
    parts = ((name, _value(value, language)) for name, value in (details or {}).items())
    return " · ".join(f"{_said(DETAILS, name, language)}: {said}" for name, said in parts if said)


def _value(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_said(DETAILS, str(name), language)} {_value(inner, language)}" for name, inner in value.items() if _value(inner, language))
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(one, language) for one in value)
    if value is None or value == "":
        return ""
    return _said(VALUES, value, language) if isinstance(value, (bool, str)) else str(value)


def _said(words: Mapping[Any, tuple[str, str]], word: Any, language: str) -> str:
    pair = words.get(word)
    return pair[0 if language == "de" else 1] if pair else str(word)
