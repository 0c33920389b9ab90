"""The review: a dated meeting over a map, with the numbers as they were known that day, what changed, decisions and tasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from etappe.maps.document import Comment, Document, Measured, Migration, Thing

HALF_A_YEAR: Final = dt.timedelta(days=182)


class Frozen(Thing):
    """One claim with its verdict and figure, as known on the day of the review; never changed afterwards."""

    ORDERED: ClassVar[bool] = False

    card: str = ""
    stage: str = ""
    lane: str = ""
    claim: str = ""
    verdict: str = ""
    figure: Measured | None = None


class Spot(Thing):
    """A blind spot, as known on the day of the review."""

    ORDERED: ClassVar[bool] = False

    stage: str = ""
    what: str = ""
    figure: Measured | None = None


class Decision(Thing):
    """What was decided."""

    TEXTS: ClassVar[tuple[str, ...]] = ("text",)

    text: str = ""
    by: str = ""


class Task(Thing):
    """What somebody will do until when."""

    TEXTS: ClassVar[tuple[str, ...]] = ("text",)

    text: str = ""
    owner: str = ""
    due: dt.date | None = None
    done: bool = False
    card: str = ""


class Review(Document):
    """A review of one map. `of` is the map, `map_revision` the state that was looked at, `before` the review before."""

    NAME: ClassVar[str] = "review"
    VERSION: ClassVar[int] = 1
    MIGRATIONS: ClassVar[dict[int, Migration]] = {}
    COLLECTIONS: ClassVar[dict[str, type[Thing]]] = {"claims": Frozen, "spots": Spot, "decisions": Decision, "tasks": Task, "comments": Comment}

    of: str = ""
    map_revision: int = 0
    before: str = ""
    as_of: dt.date | None = None
    started_on: dt.date | None = None
    closed_on: dt.date | None = None
    state: Literal["open", "closed"] = "open"
    attendees: tuple[str, ...] = ()
    minutes: str = ""
    agreement: Measured | None = None
    claims: dict[str, Frozen] = {}
    spots: dict[str, Spot] = {}
    decisions: dict[str, Decision] = {}
    tasks: dict[str, Task] = {}
    comments: dict[str, Comment] = {}


@dataclass(frozen=True, slots=True)
class Turned:
    """A claim that is judged otherwise than at the review before, or whose figure has certainly changed."""

    card: str
    claim: str
    before: str
    after: str
    figure_before: Measured | None
    figure_after: Measured | None

    def to_dict(self) -> dict[str, Any]:
        """The change as `--json` shows it."""
        figures = {name: value.plain() if value is not None else None for name, value in (("figure_before", self.figure_before), ("figure_after", self.figure_after))}
        return {"card": self.card, "claim": self.claim, "before": self.before, "after": self.after, **figures}


@dataclass(frozen=True, slots=True)
class Since:
    """What changed between two reviews of a map.

    Attributes
    ----------
    flips : list
        Claims with another verdict.
    moved : list
        Claims with the same verdict whose figure has certainly changed: the two 95 % intervals do not touch.
    added, gone : list of Frozen
        Claims that were not there before, or are not any more. A claim whose words changed is both.
    new_spots, closed_spots : list of Spot
    """

    flips: list[Turned]
    moved: list[Turned]
    added: list[Frozen]
    gone: list[Frozen]
    new_spots: list[Spot]
    closed_spots: list[Spot]

    def to_dict(self) -> dict[str, Any]:
        """All of it as `--json` shows it."""
        parts: dict[str, list[Any]] = {"added": self.added, "gone": self.gone, "new_spots": self.new_spots, "closed_spots": self.closed_spots}
        return {
            "flips": [item.to_dict() for item in self.flips], "moved": [item.to_dict() for item in self.moved],
            **{name: [item.plain() for item in items] for name, items in parts.items()},
        }  # fmt: skip


def since(before: Review, after: Review) -> Since:
    """What changed from one review to the next. Claims are the same where card and words are the same."""
    old = {(item.card, item.claim): item for item in before.sorted("claims")}
    new = {(item.card, item.claim): item for item in after.sorted("claims")}
    flips, moved = [], []
    for key, now in new.items():
        then = old.get(key)
        if then is None:
            continue
        turned = Turned(now.card, now.claim, then.verdict, now.verdict, then.figure, now.figure)
        if then.verdict != now.verdict:
            flips.append(turned)
        elif certain(then.figure, now.figure):
            moved.append(turned)
    spots, spotted = ({(item.stage, item.what.casefold()): item for item in review.sorted("spots")} for review in (before, after))
    return Since(
        flips, moved, [new[key] for key in new if key not in old], [old[key] for key in old if key not in new],
        [spotted[key] for key in spotted if key not in spots], [spots[key] for key in spots if key not in spotted],
    )  # fmt: skip


def certain(before: Measured | None, after: Measured | None) -> bool:
    """Whether a figure has certainly changed: both have intervals, and these do not touch. Stricter than a test at 5 %."""
    if before is None or after is None or None in (before.low, before.high, after.low, after.high):
        return False
    assert before.low is not None
    assert before.high is not None
    assert after.low is not None
    assert after.high is not None
    return before.high < after.low or after.high < before.low


def frozen(check: dict[str, Any]) -> dict[str, Any]:
    """The collections of a review from what `check --json` says: claims, spots, agreement."""
    claims = {
        f"k{number}": {"id": f"k{number}", **{name: str(item.get(name) or "") for name in ("card", "stage", "lane", "claim", "verdict")}, "figure": _measured(item.get("figure"), item.get("recipe"))}
        for number, item in enumerate(check.get("claims", ()), start=1)
    }
    spots = {
        f"s{number}": {"id": f"s{number}", "stage": str(item.get("stage") or ""), "what": str(item.get("touchpoint") or item.get("what") or ""), "figure": _measured(item.get("coverage") or item.get("figure"), None)}
        for number, item in enumerate(check.get("blind_spots", ()), start=1)
    }
    return {"claims": claims, "spots": spots, "agreement": _measured(check.get("agreement"), None), "as_of": str(check.get("as_of") or "")[:10] or None}


def _measured(figure: Any, recipe: Any) -> dict[str, Any] | None:
    if not isinstance(figure, dict):
        return None
    named = recipe.get("name", "") if isinstance(recipe, dict) else str(recipe or "")
    return {**{name: figure[name] for name in ("value", "low", "high", "n", "unit", "why") if figure.get(name) is not None}, "recipe": named}
