"""One company's story in a terminal: its people, then each journey with its stages and first steps, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from etappe.cli.fitting import Column
from etappe.cli.output import print_columns, print_strong, print_wrapped
from etappe.reports.formats import date, number
from etappe.reports.texts import Words
from etappe.words.kinds import NO_NAME

if TYPE_CHECKING:
    from etappe.reports.theme import Language
    from etappe.reports.vocabulary import Names

Row = Mapping[str, Any]


def print_story(story: Row, most: int, language: Language, names: Names | None, zone: str) -> None:
    """Prints what `Workspace.account` has told, of each journey `most` steps; dates are those of the zone."""
    told = _Told(Words(language, names), zone)
    found = story["account"]
    place = ", ".join(str(found[name]) for name in ("domain", "city", "country", "industry", "tier") if found.get(name))
    name = found["name"] or found["domain"] or f"{told.words.any_term(NO_NAME.strip())} {found['account_id']}"
    print_strong(f"{name} · {place}" if place else str(name))
    people = {person["person_id"]: told.person(person) for person in story["persons"]}
    told.people(story["persons"])
    for number_, journey in enumerate(story["journeys"], 1):
        told.journey(number_, journey)
        told.steps(journey["steps"], most, people)
    if not story["journeys"]:
        print(f"\n{told.words('no_journey')}")
    if story["unresolved"]:
        print(f"\n{told.words('story_unresolved', n=len(story['unresolved']))}")


class _Told:
    """The parts of a story in one language and zone."""

    def __init__(self, words: Words, zone: str) -> None:
        self.words, self._zone = words, zone

    def person(self, person: Row) -> str:
        return str(person["name"] or self.words("unknown_person"))

    def people(self, persons: Sequence[Row]) -> None:
        if not persons:
            return
        print(f"\n{self.words('people')}")
        self._table(
            persons,
            ("t_person", self.person),
            ("story_title", lambda row: row["title"]),
            ("t_role", lambda row: self.words.term("role", row["role"] or "")),
            ("t_first", lambda row: self._day(row["first_at"])),
            ("t_last", lambda row: self._day(row["last_at"])),
            ("t_steps", lambda row: row["steps"]),
        )

    def journey(self, number_: int, journey: Row) -> None:
        words, began, ended = self.words, self._day(journey["started_at"]), self._day(journey["ended_at"])
        kind, outcome = words.term("kind", journey["kind"]), words.term("outcome", journey["outcome"])
        span = f"{began} – {ended}: {outcome}" if ended else words("until_now", date=began)
        print()
        print_strong(f"{words('journey_no', n=number_)} · {kind} · {span}")
        first = journey["first_sales_contact"]
        if first:
            met = f"{words.term('touchpoint', first['touchpoint'])}, {words.term('stage', first['stage'])}"
            print_wrapped(f"{words('first_sales', date=self._day(first['at']))}: {met}", "  ")
        self._table(
            journey["stages"],
            ("t_stage", lambda row: words.term("stage", row["stage"])),
            ("t_from", lambda row: self._day(row["entered_at"])),
            ("t_to", lambda row: self._day(row["left_at"]) or words("t_still_open")),
            ("t_days", lambda row: None if row["days"] is None else float(row["days"])),
            ("t_left_to", lambda row: self._after(row["left_to"])),
            ("t_entered_by", lambda row: words.term("touchpoint", row["entered_by"]) if row["entered_by"] else ""),
        )

    def steps(self, steps: Sequence[Row], most: int, people: Mapping[str, str]) -> None:
        words = self.words
        print()
        self._table(
            steps[:most],
            ("t_date", lambda row: self._day(row["happened_at"])),
            ("t_stage", lambda row: words.term("stage", row["stage"])),
            ("t_touchpoint", lambda row: words.term("touchpoint", row["touchpoint"])),
            ("t_channel", lambda row: words.term("channel", row["channel"]) if row["channel"] else ""),
            ("t_person", lambda row: people.get(row["person_id"], "")),
            ("t_what", lambda row: row["name"]),
        )
        if len(steps) > most:
            print(f"… {words('story_more_steps', n=len(steps) - most)} (--steps {len(steps)})")

    def _day(self, at: Any) -> str:
        return date(at, self.words.language, self._zone) if at else ""

    def _after(self, left_to: str | None) -> str:
        if not left_to:
            return ""
        ends = left_to in ("won", "lost", "dormant", "open")
        return self.words.term("outcome" if ends else "stage", left_to)

    def _table(self, rows: Sequence[Row], *columns: tuple[str, Any]) -> None:
        shown = []
        for head, of in columns:
            cells = [of(row) for row in rows]
            texts = tuple("" if cell is None else number(cell, self.words.language, 0 if isinstance(cell, int) else 1) if isinstance(cell, (int, float)) else str(cell) for cell in cells)
            shown.append(Column(self.words(head), texts, any(isinstance(cell, (int, float)) for cell in cells)))
        left = print_columns([column for column in shown if any(column.cells)])
        if left:
            print_wrapped(self.words("columns_left", names=", ".join(left)), "  ")
