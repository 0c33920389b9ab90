"""What a line of the audit log was about: which thing, and what is said of it, in German and English.

The log keeps ids, since titles change: `claim buying c1`. What they are called is looked up when the log is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from etappe.words.audit_line import VALUES

Called = Callable[[str, str, str], str | None]
"""Kind of thing, id, language → what it is called; None where there is none (any more)."""

KINDS: Final = {
    "account": ("Unternehmen", "Company"), "map": ("Journey Map", "Journey map"), "persona": ("Persona", "Persona"), "segment": ("Segment", "Segment"), "survey": ("Umfrage", "Survey"),
    "interview": ("Interview", "Interview"), "review": ("Review", "Review"), "analysis": ("Auswertung", "Analysis"), "rules": ("Regeln", "Rules"), "mapping": ("Zuordnung", "Mapping"),
    "list": ("Liste", "List"), "source": ("Quelle", "Source"), "table": ("Tabelle", "Table"),
}  # fmt: skip
"""What kinds of things are called; German first."""

LISTS: Final = {
    "accounts": ("Unternehmen", "Companies"), "maps": ("Journey Maps", "Journey maps"), "personas": ("Personas", "Personas"), "segments": ("Segmente", "Segments"), "surveys": ("Umfragen", "Surveys"),
    "interviews": ("Interviews", "Interviews"), "reviews": ("Reviews", "Reviews"), "quarantine": ("Quarantäne", "Quarantine"), "sources": ("Quellen", "Sources"), "audit": ("Protokoll", "Audit log"),
    "insights": ("Erkenntnisse aus Interviews", "Insights of interviews"), "answers": ("Antworten auf eine Umfrage", "Answers to a survey"),
}  # fmt: skip
"""Lists that are exported; German first."""

RULES: Final = {
    "channels": ("Kanäle", "Channels"), "currencies": ("Währungen", "Currencies"), "identity": ("Wer ist wer", "Who is who"), "journeys": ("Journeys", "Journeys"), "playbook": ("Playbook", "Playbook"),
    "roles": ("Rollen", "Roles"), "segments": ("Segmente", "Segments"), "stages": ("Phasen", "Stages"), "touchpoints": ("Touchpoints", "Touchpoints"),
}  # fmt: skip
"""Files of rules, as the page calls them; German first."""

_OF: Final = {
    "saw account": "account", "saw why": "account", "saw answers": "survey", "invited to survey": "survey", "saw interview": "interview", "imported interviews": "interview", "started review": "review",
    "closed review": "review", "kept segment": "segment", "saved rules": "rules", "kept mapping": "mapping", "repaired records": "table", "invited guest": "map", "revoked guest": "map", "came in": "map",
    **{f"removed {kind}": kind for kind in ("map", "persona", "segment", "survey", "interview", "review")},
}  # fmt: skip
"""Of which kind the thing is that is kept after what was done."""

_FORMS: Final = (
    ("claim ", "map", ("Annahme einer Karte auf {}", "Claim of a card on {}")),
    ("blind spot ", "map", ("Blinder Fleck auf {}", "Blind spot of {}")),
    ("agreement ", "map", ("Übereinstimmung: {}", "Agreement: {}")),
    ("journey report ", "map", ("Bericht zu {}", "Report on {}")),
    ("personas of ", "map", ("Personas zu {}", "Personas of {}")),
    ("unresolved of ", "source", ("Nicht zugeordnete Ereignisse, {}", "Unresolved events, {}")),
    ("list of ", "list", ("{}", "{}")),
    *((f"{kind} ", kind, ("{}", "{}")) for kind in ("map", "persona", "survey", "review", "account")),
)
"""Beginnings of what is kept after records were seen or something was exported; anything else is an answer's name."""


@dataclass(frozen=True, slots=True)
class About:
    """The thing that a line is about (`kind` and `id`, both "" where it is none), and the words around its name."""

    kind: str
    id: str
    around: tuple[str, str] = ("{}", "{}")

    def told(self, language: str, called: Called) -> str:
        """In words: `Journey Map „Maschine kaufen“`."""
        place = 0 if language == "de" else 1
        if not self.kind:
            return self.around[place]
        name = called(self.kind, self.id, language) or (RULES if self.kind == "rules" else LISTS).get(self.id.removesuffix(".yaml"), (self.id, self.id))[place]
        quoted = f"„{name}“" if language == "de" else f"“{name}”"
        return self.around[place].format(f"{KINDS[self.kind][place]} {quoted}")


def about(what: str, kept: str) -> About:
    """Reads what a line was about: `about("saw rows", "claim buying c1")` is of the map `buying`."""
    if not kept or what == "changed settings":  # its details name them
        return About("", "", ("", ""))
    if what in _OF:
        return About(_OF[what], kept) if ", " not in kept else _plain(kept)
    if what in ("saw rows", "exported"):
        for beginning, kind, around in _FORMS:
            if kept.startswith(beginning):
                return About(kind, kept.removeprefix(beginning).split(" ")[0] if kind != "source" else kept.removeprefix(beginning), around)
        return About("list" if kept == "accounts" else "analysis", kept)
    if what == "saw quarantine":
        return About("", "", (f"Suche „{kept}“", f"Search “{kept}”"))
    if what == "started a build":
        return About("", "", (f"Stand {kept}", f"As of {kept}"))
    if what == "signed in" and kept == "oidc":
        return About("", "", ("mit dem Konto der Firma", "by the company's account"))
    pair = VALUES.get(kept) if what == "decided" else None
    return About("", "", pair) if pair else _plain(kept)


def _plain(kept: str) -> About:
    return About("", "", (kept, kept))
