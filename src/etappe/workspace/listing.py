"""Lists of documents as rows for a spreadsheet: who looks after each, when it is due, who changed it last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

KINDS: Final = {"maps": "map", "personas": "persona", "segments": "segment", "surveys": "survey", "interviews": "interview", "reviews": "review"}

_HEADINGS: Final = {
    "id": ("Kennung", "Id"), "title": ("Titel", "Title"), "rule": ("Wer dazugehört", "Who belongs"), "owner": ("Betreut von", "Owner"), "review_by": ("Review bis", "Review by"),
    "revision": ("Version", "Revision"), "changed_at": ("Geändert am", "Changed at"), "changed_by": ("Geändert von", "Changed by"),
}  # fmt: skip


def headings(language: str) -> dict[str, str]:
    """What the columns are called, German or English, in their order."""
    return {name: pair[0 if language == "de" else 1] for name, pair in _HEADINGS.items()}


def listed(ws: Workspace, many: str) -> list[dict[str, Any]]:
    """All documents of a kind (`maps`, `personas`, …), one a row; who belongs to a persona or segment stands as its rule."""
    kind = KINDS[many]
    rows = []
    for row in ws.atlas.listed(kind):
        rule = getattr(ws.atlas.load(kind, row.id)[0], "rule", None)
        said = " · ".join(f"{name}: {', '.join(str(one) for one in wanted) if isinstance(wanted, (list, tuple)) else wanted}" for name, wanted in (rule or {}).items())
        rows.append({name: said if name == "rule" else getattr(row, name) for name in _HEADINGS})
    return rows


_HEADS: Final = {
    "number": ("Nr.", "No."), "import_id": ("Import", "Import"), "file": ("Datei", "File"), "line": ("Zeile", "Line"), "reason": ("Grund", "Reason"), "text": ("Text", "Text"),
    "at": ("Zeitpunkt", "When"), "who": ("Wer", "Who"), "what": ("Was", "What"), "about": ("Woran", "About"), "detail": ("Einzelheiten", "Detail"), "address": ("Adresse", "Address"),
    "k": ("Interviews damit", "Interviews with it"), "n": ("Interviews", "Interviews"), "share": ("Anteil", "Share"), "quote": ("Zitat", "Quote"), "speaker": ("Wer sagt es", "Speaker"), "ref": ("Beleg", "Reference"),
    "source": ("Quelle", "Source"), "files": ("Dateien", "Files"), "records": ("Datensätze", "Records"), "events": ("Ereignisse", "Events"), "matched": ("zugeordnet", "Matched"),
    "last": ("Neuestes", "Newest"), "days_old": ("Tage alt", "Days old"), "quarantined": ("in Quarantäne", "In quarantine"),
    "question": ("Frage", "Question"), "answer": ("Antwort", "Answer"), "company": ("Unternehmen", "Company"), "persona": ("Persona", "Persona"), "stage": ("Phase", "Stage"), "email": ("E-Mail", "E-mail"),
}  # fmt: skip

LISTS: Final[dict[str, tuple[str, ...]]] = {
    "quarantine": ("number", "source", "import_id", "file", "line", "reason", "text"),
    "sources": ("source", "files", "records", "events", "matched", "last", "days_old", "quarantined"),
    "audit": ("at", "who", "what", "about", "detail"),
    "insights": ("what", "k", "n", "share", "quote", "speaker", "ref"),
    "answers": ("at", "question", "answer", "text", "company", "persona", "stage", "email"),
}
"""The columns of the other lists of the page, in their order."""


def heads_of(name: str, language: str) -> dict[str, str]:
    """What the columns of one of `LISTS` are called, German or English."""
    return {column: _HEADS[column][0 if language == "de" else 1] for column in LISTS[name]}
