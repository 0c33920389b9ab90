"""What a document may not become, whoever edits it and by whichever way: asked of every write, within it.

A review keeps the numbers of its day, and what was decided, once it is closed. A survey that was answered keeps what was
asked: a figure is of one question, not of two that share a name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from etappe.errors import Fault, MapFault
from etappe.maps.database import INVITATIONS, RESPONSES
from etappe.maps.document import Document, all_of
from etappe.maps.review import Review
from etappe.maps.survey import Question, Survey

_FROZEN: Final = ("claims", "spots", "of", "map_revision", "as_of", "started_on", "agreement")
_GOING_ON: Final = {"done", "due", "owner"}  # of a task, after its review was closed


def check(connection: sa.Connection, before: Document, after: Document, *, taken_back: bool = False) -> None:
    """Refuses a change of a document that would make something else of what was measured or agreed.

    `taken_back`: somebody undoes their own edit, such as having closed a review too early.

    Raises
    ------
    MapFault, Faults
        All that stands against it.
    """
    law = _LAWS.get(type(before))
    faults = law(connection, before, after, taken_back) if law else []
    if faults:
        raise all_of(faults)


def _review(_connection: sa.Connection, before: Any, after: Any, taken_back: bool) -> list[Fault]:
    """Tasks are ticked off after the review; what was seen and decided is not changed."""
    where = f"review {before.id}"
    if before.started_on is not None and any(getattr(before, name) != getattr(after, name) for name in _FROZEN):
        return [MapFault("The numbers of a review are those of its day and are not changed.", where, "Start a new review to see today's.")]
    if before.state == "closed" and not taken_back and _agreed(before) != _agreed(after):
        return [MapFault("This review is closed: what it decided stays as it is.", where, "Start a new review. Tasks can still be ticked off, put off and handed on.")]
    if after.state == "closed" and after.closed_on is None:
        return [MapFault("A review that is closed has the day on which it was.", where, f"Close it: etappe review close {before.of}")]
    return []


def _agreed(review: Review) -> dict[str, Any]:
    """All of a review but what goes on after it: remarks, and what becomes of its tasks."""
    kept = review.model_copy(update={"comments": {}}).plain()
    return {**kept, "tasks": {id: {name: value for name, value in task.items() if name not in _GOING_ON} for id, task in kept.get("tasks", {}).items()}}


def _survey(connection: sa.Connection, before: Any, after: Any, _taken_back: bool) -> list[Fault]:
    where = f"survey {before.id}"
    changed = [question for question in before.sorted("questions") if _asked(question) != _asked(after.questions.get(question.id), question)]
    promised = before.anonymous and not after.anonymous
    if not changed and not promised:
        return []
    answered: dict[str, int] = {}
    for (text,) in connection.execute(sa.select(RESPONSES.c.answers).where(RESPONSES.c.survey == before.id)):
        for id in json.loads(text):
            answered[id] = answered.get(id, 0) + 1
    faults: list[Fault] = [
        MapFault(
            f"The question “{_short(question.text)}” was answered already ({answered[question.id]} ×): what was asked is not changed any more.", where,
            "Duplicate the survey and ask anew, or add a question.",
        )
        for question in changed if question.id in answered
    ]  # fmt: skip
    invited = promised and connection.execute(sa.select(INVITATIONS.c.token).where(INVITATIONS.c.survey == before.id).limit(1)).first() is not None
    if promised and (answered or invited):
        faults.append(MapFault("Whoever was invited was promised to stay anonymous.", where, "Duplicate the survey and ask by name there."))
    return faults


def _asked(question: Question | None, first: Question | None = None) -> tuple[Any, ...] | None:
    """What somebody who answers has in sight, and what makes a figure of it; of translations, those that were there at `first`."""
    if question is None:
        return None
    there = (first or question).translations
    told = tuple(question.say(field, language) for language in ("", *sorted(there)) for field in question.TEXTS)
    return (question.instrument, question.scale(), question.direction, question.options, question.outcome, told)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


_LAWS: Final[dict[type[Document], Callable[[sa.Connection, Any, Any, bool], list[Fault]]]] = {Review: _review, Survey: _survey}
