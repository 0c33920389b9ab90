"""The latent journeys: what each company really does, slot by slot, all companies of a chunk at once.

In a slot a company that is in a journey first makes its entry step if it changed stage, then its other touches, then the
hazards decide whether it moves on, goes back, rests, or leaves. An entry step lies in the first quarter of its slot and all
other touches behind it, so a touch is never before the step that opened its stage.
"""

from __future__ import annotations

import numpy as np

from etappe.demo import catalog
from etappe.demo.accounts import Accounts
from etappe.demo.clock import SLOTS, slot_of
from etappe.demo.state import Latent, Market
from etappe.demo.steps import begin, enter, everyday
from etappe.demo.turns import move

_FAIR_SLOTS = {int(slot_of(fair.first)): number for number, fair in enumerate(catalog.FAIRS)}
_WEBINAR_SLOTS = {slot: number for number, (slot, _) in enumerate(catalog.WEBINARS)}


def simulate(accounts: Accounts, rng: np.random.Generator) -> Latent:
    """Runs the market over all slots."""
    market = Market(accounts, rng)
    for slot in range(SLOTS):
        begin(market, slot)
        active = np.flatnonzero((market.stage >= 0) & (market.resume <= slot))
        free = enter(market, slot, active, _FAIR_SLOTS.get(slot, -1), _WEBINAR_SLOTS.get(slot, -1))
        everyday(market, slot, free, _WEBINAR_SLOTS.get(slot, -1))
        move(market, slot, active, _FAIR_SLOTS.get(slot + 1, -1), slot + 1 in _WEBINAR_SLOTS)
    return market.close()
