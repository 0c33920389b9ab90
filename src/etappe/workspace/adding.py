"""Blind spots taken onto the map: one step, one edit, a card each, marked as data (or interview) with its figure."""

from __future__ import annotations

from collections.abc import Sequence

from etappe.errors import NotFound
from etappe.maps.changes import Add, Change, Several
from etappe.maps.map import Map
from etappe.maps.order import between
from etappe.words.claim_language import nearest
from etappe.workspace.asking import Evidence
from etappe.workspace.blind_spots import LANES, BlindSpot
from etappe.workspace.drafting import card_of, lane_of, new_lane


def chosen(spots: Sequence[BlindSpot], ids: Sequence[str]) -> list[BlindSpot]:
    """The blind spots of these ids.

    Raises
    ------
    NotFound
        For an id that is none (any more), with the nearest.
    """
    known = {spot.id: spot for spot in spots}
    for id in ids:
        if id not in known:
            raise NotFound(f"There is no blind spot `{id}` (any more).", "", nearest(id, known) if known else "The map speaks of all that is frequent.")
    return [known[id] for id in dict.fromkeys(ids)]


def cards_for(document: Map, spots: Sequence[BlindSpot], found: Evidence) -> Several:
    """The change that adds a card for each blind spot, at the end of its cell; lanes that are missing are made."""
    changes: list[Change] = []
    after = document
    for spot in spots:
        lane = lane_of(after, LANES[spot.kind])
        if lane is None:
            made = new_lane(after, LANES[spot.kind])
            changes.append(made)
            after, lane = made.on(after), str(made.thing["id"])
        stage = spot.stage if spot.stage in after.stages else after.sorted("stages")[0].id
        orders = [card.order for card in after.cards.values() if (card.stage, card.lane) == (stage, lane)]
        fields = {"touchpoint": spot.what} if spot.kind == "touchpoint" else {"role": spot.what} if spot.kind == "role" else {}
        evidence = {quote["ref"]: {name: value for name, value in quote.items() if value} for quote in spot.quotes}
        order = between(max(orders, default=None), None)
        thing = card_of(after, _free(after, f"spot-{spot.id.replace('.', '-')}"), stage, lane, order, spot.card, spot.coverage, spot.recipe, found, fields)
        thing |= {"evidence": evidence, "provenance": "interview"} if evidence else {}
        add = Add(collection="cards", thing=thing)
        changes.append(add)
        after = add.on(after)
    return Several(changes=tuple(changes), summary=f"added {len(spots)} blind spot{'s' if len(spots) != 1 else ''}")


def _free(document: Map, id: str) -> str:
    name = id[:110]
    return next(tried for number in range(1, len(document.cards) + 2) if (tried := name if number == 1 else f"{name}-{number}") not in document.cards)
