"""Who may see and do what. All rules of permission are here and nowhere else.

Every route of the server names one *right*; a right names the least role that has it, and whether the guests of a map
have it on that map. What a person may see of it is decided by two more questions: `personal` (names and addresses, or
pseudonyms) and `opened` (which lanes of the map a guest sees).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from etappe.errors import AccessFault, SignInFault
from etappe.maps.changes import Add, Change, Feel, Move, Remark, Remove, Set, Several
from etappe.maps.document import Document

Role = Literal["viewer", "editor", "admin"]
ROLES: Final[tuple[Role, ...]] = ("viewer", "editor", "admin")

Can = Literal["view", "comment", "edit"]
CANS: Final[tuple[Can, ...]] = ("view", "comment", "edit")

SCOPES: Final[Mapping[str, Role]] = {"read": "viewer", "write": "editor", "admin": "admin"}
"""What a token lets its user be, at most; never more than the user is."""

LEAST_GROUP: Final = 5
"""Guests see figures of groups of this size and more only."""

READING: Final = frozenset({"enter", "see", "see map"})
"""The rights of a token whose scope is to read: a viewer comments, a script that reads does not."""

HIDDEN_FROM_LANES: Final = ("criteria", "competitors")
"""Parts of a map that guests with some lanes alone do not see."""


@dataclass(frozen=True, slots=True)
class Right:
    """The least role that has a right (None: everybody, signed in or not) and the least a guest link has to open for it."""

    role: Role | None
    guest: Can | None = None


RIGHTS: Final[Mapping[str, Right]] = {
    "enter": Right(None),  # sign in, fill in a survey's form
    "see": Right("viewer"),  # analyses, accounts, lists of documents
    "see map": Right("viewer", "view"),
    "comment map": Right("viewer", "comment"),
    "edit map": Right("editor", "edit"),
    "edit": Right("editor"),  # maps, personas, segments, interviews, surveys, reviews
    "feed": Right("editor"),  # import, mappings, quarantine, rules, identity decisions, builds
    "share": Right("editor"),  # guest links
    "manage": Right("admin"),  # people, tokens, settings, audit log
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a guest link opens: one map, what may be done there, and in which lanes (none named: all)."""

    id: str
    map: str
    can: Can
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who asks: a user with a role, or a guest with a grant. `personal`: may see names and addresses; `reads`: by a token that reads only."""

    name: str
    shown: str
    role: Role | None = None
    personal: bool = False
    grant: Grant | None = None
    language: str = ""
    reads: bool = False


def may(who: Who | None, right: str, map: str = "") -> bool:
    """Whether somebody (None: nobody is signed in) has a right, on a map where the right is about one."""
    asked = RIGHTS[right]
    if asked.role is None:
        return True
    if who is None or (who.reads and right not in READING):
        return False
    if who.role is not None:
        return ROLES.index(who.role) >= ROLES.index(asked.role)
    grant = who.grant
    return grant is not None and asked.guest is not None and grant.map == map and CANS.index(grant.can) >= CANS.index(asked.guest)


def demand(who: Who | None, right: str, map: str = "") -> None:
    """Refuses where somebody has not a right.

    Raises
    ------
    SignInFault, AccessFault
    """
    if may(who, right, map):
        return
    if who is None:
        raise SignInFault("Nobody is signed in.", "", "Sign in, or open the link that `etappe serve` printed.")
    if who.reads:
        raise AccessFault("This token reads only.", "", "Make one with the scope `write`.")
    least = RIGHTS[right].role
    raise AccessFault(f"This needs the role {least}." if who.role else "The link you came by does not open this.", "", "Ask an admin of this workspace.")


def role_of_token(role: Role, scope: str) -> Role:
    """The role a token gives: that of its scope, never more than its user has."""
    return min(role, SCOPES[scope], key=ROLES.index)


def may_change(who: Who, document: Document, change: Change) -> None:
    """Refuses a change of a map that somebody may not make there. Guests change cards and the curve in their lanes, or comment.

    A guest writes no claim: it would be a question to the evidence, of any population, and its figure the answer. Nobody
    comments in the place of somebody else's comment.

    Raises
    ------
    AccessFault
    """
    parts = _flat(change)
    if all(isinstance(part, Remark) for part in parts):
        demand(who, "comment map", document.id)
    else:
        demand(who, "edit map", document.id)
    comments = document.collection("comments")
    for part in parts:
        if isinstance(part, Remark) and part.id in comments and comments[part.id].author != part.author:
            raise AccessFault("There is a comment of somebody else in this place.", part.id, "Send yours under a new id.")
    if who.grant is None:
        return
    for part in parts:
        if not _open_to(who.grant, document, part):
            raise AccessFault(f"Your link does not open this: {part.words()}.", document.id, "Ask who gave you the link.")
        if _claims(part, document):
            raise AccessFault("Guests write no claims: what a card claims is asked of the evidence.", document.id, "Say it in the card's text, or in a comment.")


def opened(grant: Grant, plain: dict[str, Any]) -> dict[str, Any]:
    """What a guest sees of a map: the opened lanes, their cards and the comments on what is seen; no feeling of fewer than five."""
    plain = {**plain, "feelings": {id: point for id, point in plain.get("feelings", {}).items() if (point.get("n") or LEAST_GROUP) >= LEAST_GROUP}}
    if not grant.lanes:
        return plain
    cards = {id: card for id, card in plain.get("cards", {}).items() if card.get("lane") in grant.lanes}
    lanes = {id: lane for id, lane in plain.get("lanes", {}).items() if id in grant.lanes}
    hidden = set(plain.get("cards", {})) - set(cards)
    comments = {id: item for id, item in plain.get("comments", {}).items() if item.get("on") not in hidden}
    feelings = plain.get("feelings", {}) if any(lane.get("kind") == "feelings" for lane in lanes.values()) else {}
    return {**plain, "cards": cards, "lanes": lanes, "comments": comments, "feelings": feelings, **{name: {} for name in HIDDEN_FROM_LANES}}


def sees(grant: Grant | None, document: Document, change: Change) -> bool:
    """Whether somebody with this grant (None: a user) is told of a change. Measured feelings a guest loads, without those of few."""
    if grant is None:
        return True
    parts = _flat(change)
    if any(isinstance(part, Feel) and part.how == "measured" for part in parts):
        return False
    return not grant.lanes or all(_open_to(grant, document, part, seeing=True) for part in parts)


def suppressed(value: Any) -> Any:
    """An answer for guests: figures of fewer than five, and shares of fewer than five, are left out."""
    if isinstance(value, Mapping):
        n = value.get("n")
        if "value" in value and isinstance(n, (int, float)) and n < LEAST_GROUP:
            return {**{name: None for name in value if name in ("low", "high")}, "value": None, "why": "too few", "n": 0}
        return {name: suppressed(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [suppressed(inner) for inner in value]
    return value


def _flat(change: Change) -> list[Change]:
    return [part for inner in change.changes for part in _flat(inner)] if isinstance(change, Several) else [change]


def _claims(part: Change, document: Document) -> bool:
    """Whether a change gives a card another claim."""
    if isinstance(part, Set):
        return part.path[:1] == ("claim",) and not part.absent and bool(part.value)
    if not isinstance(part, Add) or not part.thing.get("claim"):
        return False
    there = document.collection("cards").get(str(part.thing.get("id")))
    return there is None or there.claim != part.thing["claim"]


def _open_to(grant: Grant, document: Document, part: Change, *, seeing: bool = False) -> bool:
    inside: Callable[[Iterable[str]], bool] = lambda lanes: not grant.lanes or all(lane in grant.lanes for lane in lanes)  # noqa: E731
    cards = document.collection("cards")
    if isinstance(part, Remark):
        return not part.about or part.about not in cards or inside([cards[part.about].lane])
    if isinstance(part, Feel):
        return inside([lane.id for lane in document.collection("lanes").values() if lane.kind == "feelings"])
    collection = getattr(part, "collection", "cards")
    if seeing and collection == "lanes":
        return inside([str(part.thing.get("id")) if isinstance(part, Add) else getattr(part, "id", "")])
    if seeing and collection == "comments":
        return False  # by its id alone it cannot be told what it was about
    if seeing and collection != "cards":
        return collection not in HIDDEN_FROM_LANES
    if getattr(part, "collection", "") != "cards" or not isinstance(part, (Add, Set, Move, Remove)):
        return False
    id = str(part.thing.get("id")) if isinstance(part, Add) else part.id
    lanes = [cards[id].lane] if id in cards else []
    if isinstance(part, Add):
        lanes.append(str(part.thing.get("lane", "")))
    elif isinstance(part, Move) and "lane" in part.to:
        lanes.append(part.to["lane"])
    elif isinstance(part, Set) and part.path == ("lane",):
        lanes.append(str(part.value))
    return inside(lanes)
