"""What companies do in one slot: begin journeys, make the step that opens a stage, and their everyday touches."""

from __future__ import annotations

import numpy as np

from etappe.demo import catalog, model, touches
from etappe.demo.clock import Array, slot_of
from etappe.demo.state import FIRST, HEARTBEAT, NEVER, REPURCHASE, WIN_BACK, Market

CRM_STAGES = (
    "", "", "", "Qualification", "Proposal/Price Quote", "Id. Decision Makers", "Negotiation/Review",
    "", "", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review",
)  # fmt: skip


WEBINAR_AT = 0.225  # where in its slot a webinar takes place
AT_WEBINAR = -2


def begin(market: Market, slot: int) -> None:
    """Starts the journeys that are due, and takes up those that lay on ice."""
    who = np.flatnonzero((market.stage == model.IDLE) & (market.wake == slot))
    if len(who):
        customer = market.bought[who] & ~market.gone[who]
        market.stage[who] = np.where(customer, model.USE, model.RESEARCH)
        market.number[who] += 1
        market.journey[who] = market.journeys.rows + np.arange(len(who))
        market.kind[who] = np.where(customer, REPURCHASE, np.where(market.bought[who], WIN_BACK, FIRST))
        market.deal[who], market.priced[who], market.wake[who] = -1, -1, NEVER
        market.resume[who] = slot
        market.entering[who], market.came_back[who] = True, False
        market.channel_seen[who], market.content_seen[who] = -NEVER, -NEVER
        market.journeys.add(
            len(who), account=who, journey=market.journey[who], number=market.number[who], kind=market.kind[who], at=slot
        )
    revived = np.flatnonzero((market.stage >= 0) & (market.resume == slot) & ~market.entering)
    _web(market, slot, revived, forms=False)


def enter(market: Market, slot: int, active: Array, fair: int, webinar: int) -> Array:
    """The step that opens a stage, for the companies that changed stage; returns who is free for everyday touches."""
    who = active[market.entering[active]]
    if not len(who):
        return active
    at = market.early(slot, len(who))
    stage = market.stage[who]
    shown = market.fair[who]
    if fair >= 0:
        days = slot_of(catalog.FAIRS[fair].first) + market.rng.random(len(who)) * 0.3
        at = np.where(shown >= 0, days, at)
    at = np.where(shown == AT_WEBINAR, slot + WEBINAR_AT + at % 1 * 0.02, at)
    market.webinar = webinar
    market.visits.add(
        len(who), account=who, journey=market.journey[who], stage=stage, at=at, back=market.came_back[who]
    )
    for code in np.unique(stage).tolist():
        here = stage == code
        back = market.came_back[who]
        quiet = _opens(market, who[here & ~back], at[here & ~back], code)
        _crm(market, who[here & ~back], at[here & ~back], code, quiet)
        _crm(market, who[here & back], at[here & back], code, np.ones((here & back).sum(), dtype=bool))
    market.entering[who] = False
    market.came_back[who] = False
    free = active[market.fair[active] == -1]
    market.fair[who] = -1
    return free


def _opens(market: Market, who: Array, at: Array, stage: int) -> Array:
    """Writes the opening step of one stage; True where only the CRM shows it."""
    draw = market.rng.random(len(who))
    quiet = np.zeros(len(who), dtype=bool)
    none = np.zeros(len(who), dtype=np.int64)
    channel = market.draw(model.CHANNEL_MIX, market.stage[who])
    if stage in (model.RESEARCH,):
        market.session(who, at, channel, none, none, entry=True)
    elif stage == model.USE:
        market.touch(who, at, touches.PORTAL_VISIT, entry=True)
    elif stage in model.ENTRY_PAGES:
        pages, shares = zip(*model.ENTRY_PAGES[stage], strict=True)
        special = np.array(pages)[np.searchsorted(np.cumsum(shares)[:-1], draw, side="right")]
        _enter_by_page(market, who, at, channel, special, stage)
    elif stage in (model.TALKS, model.TALKS_AGAIN):
        _open_talks(market, who, at, channel, draw)
    elif stage in (model.PROPOSAL, model.OFFER):
        form = draw < 0.40
        market.session(who[form], at[form], channel[form], none[form] + catalog.QUOTE_PAGE, none[form] + catalog.QUOTE_FORM, entry=True)
        workshop = (draw >= 0.40) & (draw < 0.80) & (stage == model.PROPOSAL)
        market.touch(who[workshop], at[workshop], touches.WORKSHOP, entry=True)
        quiet = ~(form | workshop)
    else:
        quiet = _meet(market, who, at, draw, stage)
    return quiet


def _enter_by_page(market: Market, who: Array, at: Array, channel: Array, special: Array, stage: int) -> None:
    webinar = (market.fair[who] == AT_WEBINAR) & (stage == model.PRESELECTION)
    market.touch(who[webinar], at[webinar], touches.WEBINAR, detail=market.webinar, entry=True)
    rest = ~webinar
    paper = special == catalog.PAPER
    form = np.where(paper & (market.rng.random(len(who)) < 0.7), catalog.PAPER_FORM, 0)
    market.session(who[rest], at[rest], channel[rest], special[rest], form[rest], entry=True)


def _open_talks(market: Market, who: Array, at: Array, channel: Array, draw: Array) -> None:
    fair = market.fair[who] >= 0
    market.touch(who[fair], at[fair], touches.FAIR_TALK, detail=market.fair[who[fair]], entry=True)
    reachable = market.known[who] & ~fair
    call, meet = reachable & (draw < 0.34), reachable & (draw >= 0.34) & (draw < 0.46)
    inbound = market.rng.random(len(who)) < 0.3
    market.touch(who[call & ~inbound], at[call & ~inbound], touches.SALES_CALL, entry=True)
    market.touch(who[call & inbound], at[call & inbound], touches.CALL_IN, entry=True)
    market.touch(who[meet], at[meet], touches.SALES_MEETING, entry=True)
    rest = ~(fair | call | meet)
    demo = market.rng.random(len(who)) < 0.45
    special = np.where(demo, catalog.DEMO_PAGE, catalog.CONTACT_PAGE)
    form = np.where(demo, catalog.DEMO_FORM, catalog.CONTACT_FORM)
    market.session(who[rest], at[rest], channel[rest], special[rest], form[rest], entry=True)


def _meet(market: Market, who: Array, at: Array, draw: Array, stage: int) -> Array:
    first, second, third = (
        (touches.ONSITE_DEMO, touches.TRIAL, touches.REFERENCE_VISIT)
        if stage == model.SHORTLIST
        else (touches.PROCUREMENT, touches.CONTRACT, touches.CONTRACT)
    )
    for kind, low, high in ((first, 0.0, 0.45), (second, 0.45, 0.68), (third, 0.68, 0.85)):
        here = (draw >= low) & (draw < high)
        market.touch(who[here], at[here], kind, entry=True)
    return draw >= 0.85


def _crm(market: Market, who: Array, at: Array, stage: int, quiet: Array) -> None:
    """Opens the deal where it is time and moves it, mostly a day or two late, at once where nothing else shows it."""
    if not CRM_STAGES[stage] or not len(who):
        return
    opens = (market.deal[who] < 0) & ((market.rng.random(len(who)) < 0.82) | (stage != model.TALKS))
    late = np.where(quiet, 0.0, 0.02 + market.rng.random(len(who)) ** 2 * 0.66)
    new = who[opens]
    market.deal[new] = market.deals.rows + np.arange(len(new))
    kind = np.where(market.stage[new] >= model.USE, market.wish[new], market.kind[new])
    market.kind[new] = kind
    market.deals.add(len(new), account=new, journey=market.journey[new], deal=market.deal[new], kind=kind, at=(at + late)[opens])
    forgotten = (market.rng.random(len(who)) < 0.04) & ~quiet & ~opens
    moved = (market.deal[who] >= 0) & ~forgotten
    market.deal_stages.add(int(moved.sum()), deal=market.deal[who[moved]], stage=stage, at=(at + late)[moved])


def everyday(market: Market, slot: int, active: Array, webinar: int) -> None:
    """All touches of a slot that open nothing."""
    if not len(active):
        return
    _web(market, slot, active, forms=True)
    stage = market.stage[active]
    luck = market.rng.random((8, len(active)))
    care = np.where(stage >= model.USE, model.CARE[market.accounts.loyalty[active]], 1.0)
    mailed = active[(luck[0] < model.MAILS[stage] * care) & market.known[active]]
    market.touch(mailed, market.later(slot, len(mailed)) - 0.05, touches.MAIL)
    for kind, rates, row in (
        (touches.ATTEMPT, model.ATTEMPTS, 1),
        (touches.SALES_CALL, model.CALLS, 2),
        (touches.SALES_MEETING, model.MEETINGS, 3),
        (touches.LETTER, model.LETTERS, 4),
        (touches.PORTAL_VISIT, model.PORTAL_VISITS, 5),
        (touches.TICKET, model.TICKETS, 6),
    ):
        here = active[(luck[row] < rates[stage]) & (market.known[active] | (stage >= model.TALKS))]
        market.touch(here, market.later(slot, len(here)), kind)
    _voices(market, slot, active, stage, luck[7])
    if webinar >= 0:
        here = active[(stage >= model.PRESELECTION) & (stage != model.USE) & (market.rng.random(len(active)) < 0.05)]
        market.touch(here, slot + WEBINAR_AT + market.rng.random(len(here)) * 0.004, touches.WEBINAR, detail=webinar)


def _voices(market: Market, slot: int, active: Array, stage: Array, luck: Array) -> None:
    """Surveys, reviews and recommendations of existing customers."""
    loyalty = market.accounts.loyalty[active]
    using = stage == model.USE
    asked = active[using & (luck < 0.035 * model.CARE[loyalty])]
    market.touch(asked, market.later(slot, len(asked)), touches.SURVEY, detail=market.rng.integers(0, 4, len(asked)))
    wrote = active[using & (luck > 1 - np.array([0.004, 0.001, 0.002])[loyalty])]
    market.touch(wrote, market.later(slot, len(wrote)), touches.REVIEW)
    told = active[using & (luck > 0.5) & (luck < 0.5 + np.array([0.006, 0.0005, 0.0])[loyalty])]
    market.touch(told, market.later(slot, len(told)), touches.RECOMMENDATION)


_FORM_SHARE = np.zeros((12, len(catalog.SPECIALS)))
_FORM_SHARE[:, :] = 0.05
_FORM_SHARE[:, catalog.PAPER] = 0.55
_FORM_SHARE[:, catalog.WEBINAR_PAGE] = 0.5


def _web(market: Market, slot: int, who: Array, forms: bool) -> None:
    """Web sessions of a slot. Without `forms` every company gets one: somebody comes back after a rest."""
    if not len(who):
        return
    if forms:
        rate = model.SESSIONS[market.stage[who]] * market.accounts.activity[who]
        times = np.minimum(market.rng.poisson(rate), 4)
        times = np.where(slot - market.last[who] >= HEARTBEAT, np.maximum(times, 1), times)
        who = np.repeat(who, times)
    stage = market.stage[who]
    channel = market.draw(model.CHANNEL_MIX, stage)
    special = market.draw(model.SPECIAL_MIX, stage)
    filled = market.rng.random(len(who)) < _FORM_SHARE[stage, special]
    form = np.where(special == catalog.PAPER, catalog.PAPER_FORM, np.where(special == catalog.WEBINAR_PAGE, catalog.WEBINAR_FORM, catalog.NEWSLETTER))
    asks = market.rng.random(len(who)) < 0.02
    form = np.where(asks & (stage >= model.TALKS) & (stage < model.USE), catalog.CONTACT_FORM, form)
    at = market.later(slot, len(who)) if forms else market.early(slot, len(who)) + 0.02
    market.session(who, at, channel, special, np.where(filled, form, 0))


