"""Which documents and tasks are past their date, read from the workspace's own file with the standard library alone.

Every status says it, and to open the store takes longer than all the rest of a status. A file of another version is not
read here: the store brings it up to date, or says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HEAD: Final = "0005"
"""The migration this code works with; `migrations/versions` has it as the last one."""

_REVIEW_VERSION: Final = 1  # of the reviews whose tasks are read below; an older one is brought up to date by the store


@dataclass(frozen=True, slots=True)
class Due:
    """A document whose review date is past, or a task that nobody has done by its date (`what` is "task")."""

    what: str
    id: str
    title: str
    owner: str
    on: dt.date
    map: str = ""
    review: str = ""
    card: str = ""


def due(path: Path, today: dt.date) -> list[Due] | None:
    """What was due before today, by kind and id; None where the store has to be asked.

    Parameters
    ----------
    path : Path
        `model.db` of a workspace. It is only read, but opened for writing: whoever may only read leaves SQLite's side files behind.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=15)) as connection:
            connection.execute("BEGIN")  # both questions see the same state
            if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(HEAD,)]:
                return None
            late = "SELECT kind, id, title, owner, review_by FROM documents WHERE NOT removed AND review_by < ? AND kind IN ('map', 'persona', 'segment') ORDER BY kind, id"
            documents = connection.execute(late, [today.isoformat()]).fetchall()
            reviews = connection.execute("SELECT id, body FROM documents WHERE NOT removed AND kind = 'review' ORDER BY id").fetchall()
    except sqlite3.Error:
        return None
    found = [Due(kind, id, title, owner, dt.date.fromisoformat(day)) for kind, id, title, owner, day in documents]
    for id, body in reviews:
        review = json.loads(body)
        if review.get("version") != _REVIEW_VERSION:
            return None
        found += _tasks(id, review, today)
    return found


def _tasks(id: str, review: dict[str, Any], today: dt.date) -> list[Due]:
    open_ = ((name, task) for name, task in review.get("tasks", {}).items() if task.get("due") and not task.get("done"))
    return [
        Due("task", name, task.get("text", ""), task.get("owner", ""), on, review.get("of", ""), id, task.get("card", ""))
        for name, task in open_ if (on := dt.date.fromisoformat(task["due"])) < today
    ]  # fmt: skip
