"""The memory of verdicts: since when a claim is judged as it is, and how before; since when a blind spot is seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from etappe.maps.verdict_log import Turn, VerdictLog, key_of
from etappe.workspace.atlas import Atlas
from etappe.workspace.blind_spots import BlindSpot
from etappe.workspace.check import Check

_SPOT = "~"
"""Stands for the card in the memory of blind spots: they are on none."""
_SEEN, _GONE = "seen", "gone"


def remembered(atlas: Atlas, made: Check, note: bool = True) -> Check:
    """The check with `since` and `before` of each claim; with `note` what changed is written down first."""
    log = VerdictLog(atlas.store.database)
    day = made.as_of.date()
    name = made.map
    if note:
        log.note(name, {(claim.card, claim.text): claim.verdict.value for claim in made.claims}, day)
        log.note(name, _spots(log, made), day)
    known = log.of(name)
    claims = []
    for claim in made.claims:
        turns = [turn for turn in known.get((claim.card, key_of(claim.text)), []) if turn.on <= day]
        if turns and turns[-1].verdict == claim.verdict.value:
            before = turns[-2].verdict if len(turns) > 1 else None
            claims.append(replace(claim, since=turns[-1].on, before=before))
        else:
            claims.append(claim)
    return replace(made, claims=claims, blind_spots=_dated(made, known, day))


def _spots(log: VerdictLog, made: Check) -> dict[tuple[str, str], str]:
    """What is to be remembered of blind spots: those that are there, and those that no longer are."""
    gone = {(_SPOT, id): _GONE for (card, id) in log.of(made.map) if card == _SPOT}
    return gone | {(_SPOT, key_of(spot.id)): _SEEN for spot in made.blind_spots}


def _dated(made: Check, known: dict[tuple[str, str], list[Turn]], day: dt.date) -> list[BlindSpot]:
    """The blind spots with the day they were first seen, where that is after the map's first check: those are new."""
    turns = {id: [turn for turn in found if turn.on <= day] for (card, id), found in known.items() if card == _SPOT}
    first = min((turn.on for found in turns.values() for turn in found), default=day)
    since = {id: found[-1].on for id, found in turns.items() if found and found[-1].verdict == _SEEN and found[-1].on > first}
    return [replace(spot, since=since.get(key_of(spot.id))) for spot in made.blind_spots]
