"""The dictionary of `account X --json`, read into what the drawing needs.

Steps are rows like `steps`, stages like `stage_visits`; times are ISO text or datetimes. What is missing
stays empty,
what has no date cannot be drawn and is counted in `undated`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import moment
from etappe.words.kinds import EVENT_KINDS, ROLES


@dataclass(frozen=True, slots=True)
class Step:
    """One event inside a journey; `persons` are all who took part."""

    at: dt.datetime
    seq: int
    stage: str
    touchpoint: str
    channel: str
    persons: tuple[str, ...]
    role: str
    online: bool
    own: bool
    sales: bool
    kind: str
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in one stage."""

    stage: str
    number: int
    start: dt.datetime
    end: dt.datetime | None
    days: float | None
    back: bool
    entered_by: str
    left_to: str


@dataclass(frozen=True, slots=True)
class Pause:
    """One time on ice."""

    start: dt.datetime
    end: dt.datetime | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal of a journey."""

    name: str
    start: dt.datetime | None
    end: dt.datetime | None
    status: str
    amount: float | None
    currency: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the account, as the buying center of one journey or the account as a whole sees them."""

    key: str
    name: str
    title: str
    role: str
    role_source: str
    entered_stage: str = ""


@dataclass(slots=True)
class Journey:
    """One buying episode with everything in it, in order of time."""

    number: int
    kind: str
    outcome: str
    start: dt.datetime | None
    end: dt.datetime | None
    first_sales: dt.datetime | None
    lost_reason: str
    steps: list[Step]
    visits: list[Visit]
    pauses: list[Pause]
    deals: list[Deal]
    roles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    undated: int = 0


@dataclass(slots=True)
class Story:
    """The account, its people and its journeys."""

    account: dict[str, str]
    people: dict[str, Person]
    journeys: list[Journey]
    unresolved: list[Mapping[str, Any]]
    zone: str
    as_of: dt.datetime


def read_story(story: Mapping[str, Any], as_of: Any = None) -> Story:
    """The story's dictionary in the shape of the drawing. `as_of` is the end of open bars; else the last
    date known.
    """
    zone = tidy(story.get("zone")) or "UTC"
    account = {str(k): tidy(v) for k, v in _mapping(story.get("account")).items() if not isinstance(v, (list, dict))}
    journeys = [_journey(row, i + 1, zone) for i, row in enumerate(_rows(story.get("journeys")))]
    journeys.sort(key=lambda j: (j.start is None, j.start or dt.datetime.max.replace(tzinfo=dt.UTC), j.number))
    people = {person.key: person for person in map(_person, _rows(story.get("persons"))) if person.key}
    until = moment(as_of, zone) or moment(story.get("as_of"), zone) or _latest(journeys)
    return Story(account, people, journeys, list(_rows(story.get("unresolved"))), zone, until)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def _latest(journeys: Iterable[Journey]) -> dt.datetime:
    times = [time for j in journeys for time in (j.start, j.end, *(step.at for step in j.steps)) if time]
    return max(times, default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))


def _float(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None


def _int(value: Any, default: int) -> int:
    found = _float(value)
    return default if found is None else int(found)


def _person(row: Mapping[str, Any]) -> Person:
    name = tidy(row.get("name")) or tidy(row.get("email"))
    role = tidy(row.get("role")) or tidy(row.get("stated_role"))
    return Person(
        tidy(row.get("person_id") or row.get("id")),
        name,
        tidy(row.get("title")),
        role if role in ROLES else "",
        tidy(row.get("role_source")),
        tidy(row.get("entered_stage")),
    )


def _journey(row: Mapping[str, Any], number: int, zone: str) -> Journey:
    together: dict[int, list[str]] = {}
    for part in _rows(row.get("participants")):
        together.setdefault(_int(part.get("seq"), -1), []).append(tidy(part.get("person_id")))
    rows = _rows(row.get("steps"))
    steps = [step for i, raw in enumerate(rows) if (step := _step(raw, i + 1, zone, together)) is not None]
    steps.sort(key=lambda step: (step.at, step.seq))
    visits = [v for i, raw in enumerate(_rows(row.get("stages"))) if (v := _visit(raw, i + 1, zone)) is not None]
    visits.sort(key=lambda visit: visit.start)
    roles: dict[str, tuple[str, str, str]] = {}
    for member in [*_rows(row.get("buying_center")), *_rows(row.get("persons"))]:
        known = (tidy(member.get("role")), tidy(member.get("role_source")), tidy(member.get("entered_stage")))
        roles.setdefault(tidy(member.get("person_id") or member.get("id")), known)
    start = moment(row.get("started_at"), zone) or min((step.at for step in steps), default=None)
    sales = row.get("first_sales_contact", row.get("first_sales_at"))
    if isinstance(sales, Mapping):
        sales = sales.get("at") or sales.get("happened_at")
    outcome = tidy(row.get("outcome"))
    return Journey(
        _int(row.get("number"), number),
        tidy(row.get("kind")),
        outcome or "open",
        start,
        moment(row.get("ended_at"), zone),
        moment(sales, zone),
        tidy(row.get("lost_reason")),
        steps,
        visits,
        [p for raw in _rows(row.get("pauses")) if (p := _pause(raw, zone)) is not None],
        [_deal(raw, zone) for raw in _rows(row.get("deals"))],
        roles,
        len(rows) - len(steps),
    )


def _step(row: Mapping[str, Any], number: int, zone: str, together: Mapping[int, list[str]]) -> Step | None:
    at = moment(row.get("happened_at") or row.get("at"), zone)
    if at is None:
        return None
    seq = _int(row.get("seq"), number)
    raw = row.get("participants") or row.get("persons") or together.get(seq) or ()
    listed = [raw] if isinstance(raw, str) or not isinstance(raw, Iterable) else list(raw)
    named = [tidy(p.get("person_id") or p.get("id")) if isinstance(p, Mapping) else tidy(p) for p in listed]
    persons = dict.fromkeys(key for key in (tidy(row.get("person_id")), *named) if key)
    kind = tidy(row.get("kind"))
    online = row.get("online")
    return Step(
        at,
        seq,
        tidy(row.get("stage")),
        tidy(row.get("touchpoint")) or kind or "other",
        tidy(row.get("channel")),
        tuple(persons),
        tidy(row.get("role")),
        bool(online) if online is not None else EVENT_KINDS.get(kind, ("", True))[1],
        tidy(row.get("direction")) == "out",
        bool(row.get("sales")),
        kind,
        _what(row),
        tidy(row.get("source")),
    )


def _what(row: Mapping[str, Any]) -> str:
    parts = dict.fromkeys(tidy(row.get(key), 400) for key in ("name", "content"))
    text = " · ".join(part for part in parts if part)
    return text or tidy(row.get("term"), 400) or tidy(row.get("campaign"), 400) or tidy(row.get("url"), 400)


def _visit(row: Mapping[str, Any], number: int, zone: str) -> Visit | None:
    start = moment(row.get("entered_at"), zone)
    if start is None:
        return None
    return Visit(
        tidy(row.get("stage")),
        _int(row.get("stage_no"), number),
        start,
        moment(row.get("left_at"), zone),
        _float(row.get("days")),
        bool(row.get("back")),
        tidy(row.get("entered_by")),
        tidy(row.get("left_to")),
    )


def _pause(row: Mapping[str, Any], zone: str) -> Pause | None:
    start = moment(row.get("started_at"), zone)
    return Pause(start, moment(row.get("ended_at"), zone), _float(row.get("days"))) if start else None


def _deal(row: Mapping[str, Any], zone: str) -> Deal:
    status = tidy(row.get("status"))
    return Deal(
        tidy(row.get("name")) or tidy(row.get("deal_id")),
        moment(row.get("opened_at"), zone),
        moment(row.get("closed_at"), zone),
        status if status in ("won", "lost") else "open",
        _float(row.get("amount")),
        tidy(row.get("currency"), 12),
        tidy(row.get("owner")),
        tidy(row.get("lost_reason")),
    )


def people_of(story: Story, journey: Journey) -> dict[str, Person]:
    """Who takes part in a journey, with the role they have in it: buying center, else the steps, else the
    account.
    """
    by_steps: dict[str, Counter[str]] = {}
    for step in journey.steps:
        for key in step.persons:
            by_steps.setdefault(key, Counter()).update([step.role] if step.role and key == step.persons[0] else [])
    people = {}
    for key, seen in by_steps.items():
        known = story.people.get(key, Person(key, "", "", "", ""))
        role, source, entered = journey.roles.get(key, ("", "", ""))
        usual = min(seen, key=lambda r: (-seen[r], r)) if seen else ""
        people[key] = Person(
            key,
            known.name,
            known.title,
            next((r for r in (role, usual, known.role) if r in ROLES), ""),
            source or known.role_source,
            entered or known.entered_stage,
        )
    return people
