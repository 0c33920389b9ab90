"""The workspace's reviews: numbers frozen, differences told, tasks handed out, the next date set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from etappe.errors import MapFault, NotFound
from etappe.maps.changes import Add, Set, Several
from etappe.maps.document import new_id
from etappe.maps.map import Map
from etappe.maps.order import between
from etappe.maps.review import HALF_A_YEAR, Review, Since, Task, frozen, since
from etappe.maps.store import Applied
from etappe.workspace.atlas import Atlas


@dataclass(frozen=True)
class Reviews:
    """Reviews of one workspace's maps."""

    atlas: Atlas

    def load(self, name: str) -> Review:
        """One review."""
        found = self.atlas.load("review", name)[0]
        assert isinstance(found, Review)
        return found

    def of(self, map_name: str) -> list[Review]:
        """All reviews of a map, oldest first."""
        every = [self.load(row.id) for row in self.atlas.listed("review")]
        return sorted((item for item in every if item.of == map_name), key=lambda item: (item.started_on or dt.date.min, item.id))

    def start(self, map_name: str, author: str, check: dict[str, Any] | None = None, *, attendees: tuple[str, ...] = ()) -> Review:
        """Starts a review: freezes what `check` says (in the shape of `check --json`) with the state of the map.

        Raises
        ------
        MapFault
            If one is open already.
        """
        looked_at, revision = self.atlas.load("map", map_name)
        earlier = self.of(map_name)
        if earlier and earlier[-1].state == "open":
            raise MapFault(f"A review of `{map_name}` is open already: `{earlier[-1].id}`.", "", f"Close it: etappe review close {map_name}")
        made = Review.load({
            "id": f"{map_name[:68]}-{len(earlier) + 1}", "title": looked_at.title or map_name, "of": map_name, "map_revision": revision, "before": earlier[-1].id if earlier else "",
            "started_on": self.atlas.today(), "language": self.atlas.settings.language, "owner": author, "attendees": attendees,
            "as_of": self.atlas.today(), **{name: value for name, value in frozen(check or {}).items() if value},
        })  # fmt: skip
        self.atlas.store.create(made, author)
        self.atlas.store.mark("map", map_name, f"review {made.started_on} {made.id}", author)
        return made

    def since(self, review: Review) -> Since | None:
        """What changed since the review before; None for the first one."""
        return since(self.load(review.before), review) if review.before else None

    def stale(self, review: Review) -> list[str]:
        """Cards of the map that nobody has touched since the review before, and that claim something or are overdue."""
        document = self.atlas.map(review.of)
        edits = self.atlas.history("map", review.of)
        then = self.load(review.before).map_revision if review.before else 0
        touched = {address[1] for edit in edits if edit.revision > max(then, 1) for address in edit.change.touches() if len(address) > 1}
        overdue = {card.id for card in document.cards.values() if card.review_by is not None and card.review_by < self.atlas.today()}
        return sorted(overdue | {card.id for card in document.cards.values() if review.before and card.id not in touched and card.claim})

    def decide(self, name: str, text: str, author: str, *, by: str = "") -> Applied:
        """Notes a decision."""
        return self._add(name, "decisions", {"text": text, "by": by}, author)

    def task(self, name: str, text: str, author: str, *, owner: str = "", due: dt.date | None = None, card: str = "") -> Applied:
        """Hands out a task."""
        return self._add(name, "tasks", {"text": text, "owner": owner, "due": due.isoformat() if due else None, "card": card}, author)

    def close(self, map_name: str, author: str, *, notes: str = "", next_on: dt.date | None = None) -> Review:
        """Closes the open review of a map and sets the map's next review date, half a year ahead unless said otherwise.

        Raises
        ------
        MapFault
            If none is open.
        """
        review = self._open(map_name)
        changes = [Set(path=("state",), value="closed"), Set(path=("closed_on",), value=self.atlas.today().isoformat())]
        changes += [Set(path=("minutes",), value=notes)] if notes else []
        done = self.atlas.apply("review", review.id, Several(changes=tuple(changes), summary="closed the review"), author)
        upcoming = next_on or self.atlas.today() + HALF_A_YEAR
        self.atlas.apply("map", map_name, Set(path=("review_by",), value=upcoming.isoformat()), author, note=f"review {review.id}")
        assert isinstance(done.document, Review)
        return done.document

    def tasks(self) -> list[dict[str, Any]]:
        """The open tasks of all reviews, the most overdue first."""
        every = [(self.load(row.id), row.id) for row in self.atlas.listed("review")]
        rows = [
            {"task": task.id, "text": task.text, "owner": task.owner, "due": task.due, "overdue": task.due is not None and task.due < self.atlas.today(), "map": review.of, "review": id, "card": task.card}
            for review, id in every for task in review.sorted("tasks") if not task.done
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row["due"] is None, str(row["due"]), row["task"]))

    def finish(self, name: str, task: str, author: str) -> Applied:
        """Marks a task as done."""
        if task not in self.load(name).tasks:
            raise MapFault(f"There is no task `{task}` in the review `{name}`.", "", "See `etappe review tasks`.")
        return self.atlas.apply("review", name, Set(collection="tasks", id=task, path=("done",), value=True), author)

    def text(self, name: str, language: str = "") -> str:
        """The minutes as Markdown."""
        from etappe.reports.review import minutes
        from etappe.workspace import rules

        review = self.load(name)
        return minutes(review, self.since(review), self.looked_at(review), language or review.language, rules.readable_names(self.atlas.folder), self.carried(review))

    def carried(self, review: Review) -> list[Task]:
        """The tasks of earlier reviews of the map that are still open, in their order."""
        every = self.of(review.of)
        earlier = every[: [one.id for one in every].index(review.id)]
        return [task for one in earlier for task in one.sorted("tasks") if not task.done]

    def looked_at(self, review: Review) -> Map | None:
        """The map as it was when its review began; None where it is gone."""
        try:
            return self.atlas.map(f"{review.of}@{review.map_revision}" if review.map_revision else review.of)
        except NotFound:
            return None

    def _open(self, map_name: str) -> Review:
        earlier = self.of(map_name)
        if not earlier or earlier[-1].state != "open":
            raise MapFault(f"No review of `{map_name}` is open.", "", f"Start one: etappe review start {map_name}")
        return earlier[-1]

    def _add(self, name: str, collection: str, fields: dict[str, Any], author: str) -> Applied:
        review = self.load(name)
        orders = [thing.order for thing in review.collection(collection).values()]
        thing = {"id": new_id(collection[0]), "order": between(max(orders, default=None), None), **{key: value for key, value in fields.items() if value}}
        return self.atlas.apply("review", name, Add(collection=collection, thing=thing), author)
