"""The memory of verdicts: since when a claim is judged as it is, and how before."""

from __future__ import annotations

from dataclasses import replace

from etappe.maps.verdict_log import VerdictLog, key_of
from etappe.workspace.atlas import Atlas
from etappe.workspace.check import Check


def remembered(atlas: Atlas, made: Check, note: bool = True) -> Check:
    """The check with `since` and `before` of each claim; with `note` what changed is written down first."""
    log = VerdictLog(atlas.store.database)
    day = made.as_of.date()
    name = made.map
    if note:
        log.note(name, {(claim.card, claim.text): claim.verdict.value for claim in made.claims}, day)
    known = log.of(name)
    claims = []
    for claim in made.claims:
        turns = [turn for turn in known.get((claim.card, key_of(claim.text)), []) if turn.on <= day]
        if turns and turns[-1].verdict == claim.verdict.value:
            before = turns[-2].verdict if len(turns) > 1 else None
            claims.append(replace(claim, since=turns[-1].on, before=before))
        else:
            claims.append(claim)
    return replace(made, claims=claims)
