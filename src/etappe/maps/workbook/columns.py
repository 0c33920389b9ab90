"""The sheets of a workbook and their columns: which field each is, and what it is called in German and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

from etappe.maps.lane_kinds import lane_kinds
from etappe.maps.statement import Provenance
from etappe.maps.workbook.plain_text import clean

Kind = str
"""text, number, date, flag, names, links, or the list whose words the cell takes: stage, place, lane, lane_kind, provenance, state, how."""

Words = dict[str, tuple[str, str]]

PROVENANCES: Final[Words] = {
    "hypothesis": ("Hypothese", "Hypothesis"), "interview": ("Interview", "Interview"), "survey": ("Umfrage", "Survey"),
    "data": ("Daten", "Data"), "co-creation": ("Co-Creation", "Co-creation"),
}  # fmt: skip
STATES: Final[Words] = {"open": ("offen", "open"), "planned": ("geplant", "planned"), "done": ("erledigt", "done"), "dropped": ("verworfen", "dropped")}
WAYS: Final[Words] = {"hand": ("von Hand", "by hand"), "measured": ("gemessen", "measured"), "target": ("Ziel", "target")}
assert set(PROVENANCES) == set(get_args(Provenance))


@dataclass(frozen=True, slots=True)
class Field:
    """One column: the field of the document, its headings, what its cells hold, and how wide it is shown."""

    name: str
    de: str
    en: str
    kind: Kind = "text"
    width: int = 14

    def heading(self, language: str) -> str:
        """The heading in a language."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a collection of the map, a row a thing."""

    collection: str
    de: str
    en: str
    fields: tuple[Field, ...]

    def title(self, language: str) -> str:
        """The name of the sheet in a language."""
        return self.de if language == "de" else self.en


_ID: Final = Field("id", "Kennung", "Id", width=12)
_OWNER: Final = (Field("owner", "Verantwortlich", "Owner", width=20), Field("review_by", "Review am", "Review by", "date", 12))
_SAYS: Final = (Field("provenance", "Herkunft", "Source", "provenance", 13), Field("claim", "Annahme", "Claim", width=44), Field("evidence", "Belege", "Evidence", "links", 30))

SHEETS: Final = (
    Sheet("cards", "Karten", "Cards", (
        _ID, Field("stage", "Phase", "Stage", "stage", 20), Field("step", "Schritt", "Step", "step", 16), Field("lane", "Zeile", "Lane", "lane", 20),
        Field("text", "Text", "Text", width=52), Field("detail", "Näheres", "Detail", width=40), *_SAYS,
        Field("touchpoint", "Touchpoint", "Touchpoint", width=18), Field("channel", "Kanal", "Channel", width=16), Field("role", "Rolle", "Role"),
        Field("personas", "Personas", "Personas", "names", 18), Field("until", "Reicht bis", "Reaches to", "place", 20),
        Field("moment_of_truth", "Moment der Wahrheit", "Moment of truth", "flag", 12), Field("effort", "Aufwand", "Effort", "number", 9),
        Field("effect", "Wirkung", "Effect", "number", 9), Field("state", "Stand", "State", "state", 11), Field("url", "Link", "Link", width=24), *_OWNER,
    )),
    Sheet("stages", "Phasen", "Stages", (
        _ID, Field("title", "Titel", "Title", width=26), Field("milestone", "Meilenstein", "Milestone", width=44),
        Field("milestone_claim", "Annahme", "Claim", width=40), Field("planned_days", "Geplante Tage", "Planned days", "number", 13),
    )),
    Sheet("steps", "Schritte", "Steps", (
        _ID, Field("stage", "Phase", "Stage", "stage", 20), Field("title", "Titel", "Title", width=26),
        Field("touchpoint", "Touchpoint", "Touchpoint", width=20), Field("planned_days", "Geplante Tage", "Planned days", "number", 13),
    )),
    Sheet("lanes", "Zeilen", "Lanes", (
        _ID, Field("kind", "Art", "Kind", "lane_kind", 22), Field("title", "Titel", "Title", width=26), Field("asks", "Frage", "Asks", width=50), Field("hidden", "Verborgen", "Hidden", "flag", 11),
    )),
    Sheet("feelings", "Stimmung", "Feelings", (
        Field("stage", "Phase", "Stage", "stage", 20), Field("step", "Schritt", "Step", "step", 16), Field("persona", "Persona", "Persona", width=20),
        Field("how", "Wie bekannt", "How known", "how", 12), Field("value", "Wert", "Value", "number", 9), Field("low", "von", "low", "number", 8),
        Field("high", "bis", "high", "number", 8), Field("n", "n", "n", "number", 8), Field("source", "Quelle", "Source", width=24), Field("as_of", "Stand", "As of", "date", 12),
    )),
    Sheet("competitors", "Anbieter", "Vendors", (_ID, Field("title", "Name", "Name", width=28))),
    Sheet("criteria", "Kriterien", "Criteria", (
        _ID, Field("text", "Kriterium", "Criterion", width=48), Field("detail", "Näheres", "Detail", width=36), Field("weight", "Gewicht", "Weight", "number", 10), *_SAYS, *_OWNER,
    )),
)  # fmt: skip
HEAD: Final = (
    Field("id", "Name", "Name"), Field("revision", "Fassung", "Revision", "number"), Field("title", "Titel", "Title"), Field("scenario", "Ausgangslage", "Scenario"),
    Field("expectation", "Erwartung", "Expectation"), Field("journey", "Art der Journey", "Kind of journey", "names"), Field("personas", "Personas", "Personas", "names"),
    Field("planned_days", "Geplante Tage", "Planned days", "number"), *_OWNER,
)  # fmt: skip
HEAD_SHEET: Final = ("Angaben", "About")
STANDING: Final = "standing:"


def choices(kind: Kind, document: Any, language: str) -> dict[str, str] | None:
    """The words that a cell of a kind takes, by what they stand for; None where it takes any."""
    fixed = {"provenance": PROVENANCES, "state": STATES, "how": WAYS}.get(kind)
    at = 0 if language == "de" else 1
    if fixed is not None:
        return {id: pair[at] for id, pair in fixed.items()}
    if kind == "lane_kind":
        return {id: found.title[language if language in found.title else "en"] for id, found in lane_kinds().items()}
    if kind in ("stage", "step", "lane", "place"):
        names = {"stage": ("stages",), "step": ("steps",), "lane": ("lanes",), "place": ("stages", "steps")}[kind]
        return labels(document, names)
    return None


def labels(document: Any, collections: tuple[str, ...]) -> dict[str, str]:
    """Titles by id; a title that is empty or not alone gives way to the id."""
    things = [thing for name in collections for thing in document.sorted(name)]
    titles = [clean(" ".join(str(thing.title).split())) for thing in things]
    plain = [title.casefold() for title in titles]
    ids = {thing.id.casefold() for thing in things}
    return {
        thing.id: title if title and plain.count(title.casefold()) == 1 and (title.casefold() not in ids or title.casefold() == thing.id.casefold()) and len(title) < 200 else thing.id
        for thing, title in zip(things, titles, strict=True)
    }
