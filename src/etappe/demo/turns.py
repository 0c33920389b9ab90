"""How a slot ends: companies move on, go back, rest, give up, buy."""

from __future__ import annotations

import numpy as np

from etappe.demo import catalog, model
from etappe.demo.clock import SLOTS, Array
from etappe.demo.state import (
    DORMANT,
    EXPANSION,
    LOST,
    NEVER,
    RENEWAL,
    REPURCHASE,
    WON,
    Market,
)


def hazards(market: Market, slot: int, active: Array) -> tuple[Array, Array]:
    """Hazards of moving on and of leaving, with every true effect in them."""
    stage = market.stage[active]
    fit = market.accounts.fit[active]
    seen = (slot - market.channel_seen[active] <= model.WINDOW) @ market.channel_log
    read = (slot - market.content_seen[active] <= model.WINDOW) @ market.content_log
    onward = model.PROGRESS[stage] * market.accounts.pace[active] * (0.75 + 0.5 * fit) * np.exp(seen + read)
    leave = model.END[stage] * (1.3 - 0.6 * fit)
    priced = market.priced[active]
    blocked = (stage == model.PRESELECTION) & (priced >= 0) & (slot - priced >= model.BLOCKER_GRACE)
    leave = leave * np.where(blocked, model.BLOCKER, 1.0)
    drift = np.where(stage == model.USE, model.DRIFT[market.accounts.loyalty[active]], 1.0)
    return onward, leave * drift


def move(market: Market, slot: int, active: Array, fair: int, webinar: bool) -> None:
    """Lets the hazards decide; changes show from the next slot on. `fair` and `webinar` take place in that slot."""
    if not len(active):
        return
    stage = market.stage[active]
    onward, leave = hazards(market, slot, active)
    rates = np.stack([onward, leave, model.BACK[stage] * (market.deal[active] >= 0), model.PAUSE[stage]])
    total = rates.sum(axis=0)
    happens = market.rng.random(len(active)) < 1 - np.exp(-total)
    choice = (market.rng.random(len(active)) * total >= np.cumsum(rates, axis=0)[:-1]).sum(axis=0)
    visits = np.full(len(active), False)
    if fair >= 0:
        visits = (stage < model.TALKS) & (market.rng.random(len(active)) < 0.07)
        at_fair = active[visits]
        market.fair[at_fair] = fair
        _go(market, at_fair, np.full(len(at_fair), model.TALKS))
    happens &= ~visits
    _onward(market, slot, active[happens & (choice == 0)], webinar)
    _leave(market, slot, active[happens & (choice == 1)])
    back = active[happens & (choice == 2)]
    _go(market, back, market.stage[back] - 1)
    market.came_back[back] = True
    _rest(market, slot, active[happens & (choice == 3)])


def _go(market: Market, who: Array, stage: Array) -> None:
    market.stage[who] = stage
    market.entering[who] = True


def _onward(market: Market, slot: int, who: Array, webinar: bool) -> None:
    stage = market.stage[who]
    ends = (stage == model.DECISION) | (stage == model.DECISION_AGAIN)
    _decide(market, slot, who[ends])
    who, stage = who[~ends], stage[~ends]
    if not len(who):
        return
    skips = (stage <= model.SUPPLIER) & (market.rng.random(len(who)) < 0.06)
    wants = who[stage == model.USE]
    market.wish[wants] = market.rng.choice([RENEWAL, EXPANSION, REPURCHASE], len(wants), p=[0.42, 0.34, 0.24])
    if webinar:
        joins = who[(stage == model.SUPPLIER) & ~skips & (market.rng.random(len(who)) < 0.6)]
        market.fair[joins] = -2
    _go(market, who, np.where(skips, model.TALKS, stage + 1))


def _decide(market: Market, slot: int, who: Array) -> None:
    """The company decides: signs, or says no."""
    old = market.stage[who] == model.DECISION_AGAIN
    share = np.where(old, model.WIN_SHARE["existing"], model.WIN_SHARE["first"]) * (0.8 + 0.4 * market.accounts.fit[who])
    wins = (market.rng.random(len(who)) < share) & (market.deal[who] >= 0)
    won = who[wins]
    at = slot + 1.35 + market.rng.random(len(won)) * 0.5
    _close(market, won, at, WON)
    market.bought[won], market.gone[won] = True, False
    market.wake[won] = slot + 3 + market.rng.integers(0, 4, len(won))
    _lose(market, slot, who[~wins])


def _close(market: Market, who: Array, at: Array, outcome: int) -> None:
    reason = market.rng.integers(0, len(catalog.LOST_REASONS), len(who))
    market.deal_ends.add(
        len(who), deal=market.deal[who], journey=market.journey[who], won=outcome == WON, at=at, reason=reason
    )
    market.journey_ends.add(len(who), journey=market.journey[who], outcome=outcome, at=at)
    market.stage[who], market.deal[who] = model.IDLE, -1


def _leave(market: Market, slot: int, who: Array) -> None:
    """The company gives up: its deal is lost some time later, without a deal it just falls silent."""
    deal = market.deal[who] >= 0
    _lose(market, slot, who[deal])
    quiet = who[~deal]
    market.journey_ends.add(len(quiet), journey=market.journey[quiet], outcome=DORMANT, at=slot + 0.98)
    customer = market.bought[quiet] & (market.stage[quiet] >= model.USE)
    market.gone[quiet[customer]] = True
    market.stage[quiet] = model.IDLE
    again = market.rng.random(len(quiet)) < 0.33
    market.wake[quiet] = np.where(again, slot + 56 + market.rng.integers(0, 90, len(quiet)), NEVER)


def _lose(market: Market, slot: int, who: Array) -> None:
    """Closes deals as lost up to a month after the company gave up; a few are never closed."""
    zombie = market.rng.random(len(who)) < 0.04
    renewal = (market.kind[who] == RENEWAL) & ~zombie
    old = market.stage[who] >= model.USE
    days = slot + 1.4 + market.rng.random(len(who)) ** 2 * 8
    days = np.where(days > SLOTS - 0.1, NEVER, days)
    market.stage[who[zombie]] = model.IDLE
    market.wake[who] = NEVER
    lost = who[~zombie]
    market.gone[who[renewal]] = True
    _close(market, lost, days[~zombie], LOST)
    closed = np.ceil(days).astype(np.int64)
    again = market.rng.random(len(who)) < np.where(renewal, 0.45, 0.4)
    wait = np.where(renewal, 30 + market.rng.integers(0, 60, len(who)), 6 + market.rng.integers(0, 80, len(who)))
    wake = np.where(again, closed + wait, NEVER)
    wake = np.where(old & ~renewal, closed + 2 + market.rng.integers(0, 6, len(who)), wake)
    market.wake[lost] = np.minimum(wake[~zombie], NEVER)


def _rest(market: Market, slot: int, who: Array) -> None:
    """The project is put on ice for two to four months."""
    length = 15 + market.rng.integers(0, 21, len(who))
    market.resume[who] = slot + 1 + length
    market.pauses.add(
        len(who), account=who, journey=market.journey[who], stage=market.stage[who], at=slot, until=market.resume[who]
    )
