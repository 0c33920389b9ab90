"""The tables beneath an account's drawing: stages with days, people, deals, the steps, what is in no
journey.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from etappe.reports.account.folding import Fold, fold
from etappe.reports.account.lanes import ROLE_ORDER
from etappe.reports.account.reading import Journey, Person, Step, Story, people_of
from etappe.reports.document import Cell, Column, Sheet
from etappe.reports.drawing.clean import tidy
from etappe.reports.formats import MISSING, date, money, number, span
from etappe.reports.texts import Words
from etappe.reports.theme import OUTCOMES

MOST_ROWS: Final = 400


def title_of(journey: Journey, words: Words) -> str:
    """`Journey 2 · Erweiterung`."""
    kind = words.term("kind", journey.kind)
    return f"{words('journey_no', n=journey.number)} · {kind}" if kind else words("journey_no", n=journey.number)


def stages_sheet(story: Story, words: Words) -> Sheet | None:
    """A row for every stay in a stage, under a heading for each journey."""
    rows: list[tuple[Cell, ...] | str] = []
    for journey in story.journeys:
        if not journey.visits:
            continue
        rows.append(title_of(journey, words))
        for i, visit in enumerate(journey.visits):
            until = journey.visits[i + 1].start if i + 1 < len(journey.visits) else journey.end
            end = visit.end or until
            stay = visit.days if visit.days is not None else ((end or story.as_of) - visit.start) / dt.timedelta(days=1)
            inside = sum(
                1
                for s in journey.steps
                if s.at >= visit.start and (end is None or s.at < end or i + 1 == len(journey.visits))
            )
            rows.append(
                (
                    Cell(
                        f"{visit.number} {words.term('stage', visit.stage)}",
                        words("t_back") if visit.back else "",
                        strong=True,
                    ),
                    Cell(date(visit.start, words.language, story.zone)),
                    Cell(date(end, words.language, story.zone) if end else words("t_still_open")),
                    Cell(number(stay, words.language, 0 if stay >= 1 or stay == 0 else 1)),
                    Cell(number(inside, words.language, 0)),
                    Cell(_known("touchpoint", visit.entered_by or ("start" if i == 0 else ""), words)),
                    _after(visit.left_to, words),
                )
            )
    if not rows:
        return None
    columns = (
        Column(words("t_stage"), 2.2),
        Column(words("t_from"), 1.0),
        Column(words("t_to"), 1.0),
        Column(words("t_days"), 0.7, "right"),
        Column(words("t_steps"), 0.7, "right"),
        Column(words("t_entered_by"), 2.0),
        Column(words("t_left_to"), 1.8),
    )
    return Sheet(words("stages"), columns, tuple(rows))


def _after(left_to: str, words: Words) -> Cell:
    if left_to in OUTCOMES:
        shape, colour = OUTCOMES[left_to]
        return Cell(words.term("outcome", left_to), colour=colour, mark=shape)
    return Cell(words.term("stage", left_to) if left_to else words("t_still_open"))


def _known(kind: str, word: str, words: Words) -> str:
    return words.term(kind, word) if word else MISSING


def people_sheet(story: Story, words: Words) -> Sheet | None:
    """A row a person over all journeys: role, first and last contact, steps online and offline."""
    steps: dict[str, list[Step]] = {}
    people: dict[str, Person] = {}
    inside: dict[str, list[int]] = {}
    for journey in story.journeys:
        for key, person in people_of(story, journey).items():
            inside.setdefault(key, []).append(journey.number)
            if key not in people or person.role:
                people[key] = person
        for step in journey.steps:
            for key in step.persons:
                steps.setdefault(key, []).append(step)
    if not people:
        return None
    order = sorted(people.values(), key=lambda p: (ROLE_ORDER.index(p.role), steps[p.key][0].at, p.key))
    rows = tuple(_person_row(person, steps[person.key], inside[person.key], story, words) for person in order)
    columns = (
        Column(words("t_person"), 3.0),
        Column(words("t_role"), 1.8),
        Column(words("t_journey"), 0.8),
        Column(words("t_entered_stage"), 1.6),
        Column(words("t_first"), 1.0),
        Column(words("t_last"), 1.0),
        Column(words("t_steps"), 0.7, "right"),
        Column(words("t_online_offline"), 1.1, "right"),
    )
    return Sheet(words("people"), columns, rows)


def _person_row(person: Person, steps: list[Step], journeys: list[int], story: Story, words: Words) -> tuple[Cell, ...]:
    source = f"role_{person.role_source}"
    online = sum(step.online for step in steps)
    first = min(steps, key=lambda s: s.at)
    last = max(steps, key=lambda s: s.at)
    return (
        Cell(person.name or f"{words('unknown_person')} {person.key[-4:]}", person.title, strong=True),
        Cell(
            words.term("role", person.role),
            words(source) if person.role and words.known(source) else "",
            colour="ink" if person.role else "muted",
        ),
        Cell(", ".join(str(n) for n in journeys)),
        Cell(_known("stage", person.entered_stage or first.stage, words)),
        Cell(date(first.at, words.language, story.zone)),
        Cell(date(last.at, words.language, story.zone)),
        Cell(number(len(steps), words.language, 0)),
        Cell(f"{number(online, words.language, 0)} / {number(len(steps) - online, words.language, 0)}"),
    )


def deals_sheet(story: Story, words: Words) -> Sheet | None:
    """A row a deal."""
    rows = []
    for journey in story.journeys:
        for deal in journey.deals:
            shape, colour = OUTCOMES[deal.status]
            rows.append(
                (
                    Cell(deal.name or MISSING, strong=True),
                    Cell(str(journey.number)),
                    Cell(words.term("outcome", deal.status), colour=colour, mark=shape),
                    Cell(money(deal.amount, deal.currency, words.language)),
                    Cell(date(deal.start, words.language, story.zone)),
                    Cell(date(deal.end, words.language, story.zone)),
                    Cell(deal.owner or MISSING),
                    Cell(deal.reason or MISSING),
                )
            )
    if not rows:
        return None
    columns = (
        Column(words("t_deal"), 3.0),
        Column(words("t_journey"), 0.8),
        Column(words("t_status"), 1.2),
        Column(words("t_amount"), 1.1, "right"),
        Column(words("t_opened"), 1.0),
        Column(words("t_closed"), 1.0),
        Column(words("t_owner"), 1.5),
        Column(words("t_reason"), 1.8),
    )
    return Sheet(words("deals"), columns, tuple(rows))


def steps_sheet(story: Story, journey: Journey, words: Words) -> Sheet | None:
    """The steps of one journey, repeated ones folded."""
    if not journey.steps:
        return None
    folds, how = fold(journey.steps)
    rows: list[tuple[Cell, ...] | str] = []
    stage = None
    for line in folds[:MOST_ROWS]:
        if line.first.stage != stage and how == 0:
            stage = line.first.stage
            rows.append(words.term("stage", stage) or MISSING)
        rows.append(_step_row(line, story, words))
    note = words(f"fold_{how}")
    if len(folds) > MOST_ROWS:
        note += " " + words("list_cut", shown=MOST_ROWS, n=len(folds))
    columns = (
        Column(words("t_date"), 1.5),
        Column(words("t_touchpoint"), 1.7),
        Column(words("t_person"), 1.9),
        Column(words("t_channel"), 1.4),
        Column(words("t_what"), 3.2),
        Column(words("t_source"), 1.0),
        Column(words("t_count"), 0.6, "right"),
    )
    return Sheet(f"{words('steps_list')}: {title_of(journey, words)}", columns, tuple(rows), note, appendix=True)


def _step_row(line: Fold, story: Story, words: Words) -> tuple[Cell, ...]:
    step = line.first
    keys = list(dict.fromkeys(key for each in line.steps for key in each.persons))
    known = (story.people.get(key) for key in keys[:3])
    named = [
        person.name if person and person.name else f"{words('unknown_person')} {key[-4:]}"
        for key, person in zip(keys, known, strict=False)
    ]
    who = ", ".join(named) + (f" +{len(keys) - 3}" if len(keys) > 3 else "")
    kinds = [text for text in dict.fromkeys(s.what for s in line.steps) if text]
    what = kinds[0] if kinds else ""
    more = f"+{len(kinds) - 1}" if len(kinds) > 1 else ""
    shape = "offline" if not step.online and not step.sales else "sales" if step.sales else "online"
    return (
        Cell(span(step.at, line.last.at, words.language, story.zone)),
        Cell(
            words.term("touchpoint", step.touchpoint),
            words(f"legend_{shape}") if shape != "online" else "",
            strong=True,
        ),
        Cell(who or words("company_lane"), colour="ink" if who else "muted"),
        Cell(_known("channel", step.channel, words)),
        Cell(tidy(what, 160), more, colour="muted"),
        Cell(step.source, colour="muted"),
        Cell(number(len(line.steps), words.language, 0) if len(line.steps) > 1 else ""),
    )


def unresolved_sheet(story: Story, words: Words) -> Sheet | None:
    """What belongs to the account but is in no journey, counted by reason and source."""
    if not story.unresolved:
        return None
    counted: Counter[tuple[str, str]] = Counter()
    times: dict[tuple[str, str], list[str]] = {}
    for row in story.unresolved:
        key = (tidy(row.get("reason")) or MISSING, tidy(row.get("source")) or MISSING)
        many = row.get("events", row.get("n", 1))
        counted[key] += many if isinstance(many, int) and not isinstance(many, bool) else 1
        at = row.get("happened_at")
        if at is not None and date(at, words.language, story.zone) != MISSING:
            times.setdefault(key, []).append(at.isoformat() if isinstance(at, (dt.datetime, dt.date)) else str(at))
    rows = tuple(
        (
            Cell(words.term("reason", reason), strong=True),
            Cell(source),
            Cell(
                span(min(times[reason, source]), max(times[reason, source]), words.language, story.zone)
                if (reason, source) in times
                else MISSING
            ),
            Cell(number(n, words.language, 0)),
        )
        for (reason, source), n in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )
    columns = (
        Column(words("t_reason_why"), 3.0),
        Column(words("t_source"), 1.4),
        Column(words("t_date"), 2.0),
        Column(words("t_count"), 0.7, "right"),
    )
    return Sheet(words("unresolved"), columns, rows, words("unresolved_note"))
