"""Who does it: which person of the buying center takes part in each touch, on which device, known by which id.

Makes one frame of all web sessions of a chunk: those of the companies, of strangers, and of the own people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids, model, names, touches
from etappe.demo.accounts import Accounts, Persons
from etappe.demo.book import Leaf
from etappe.demo.clock import SLOTS, Array
from etappe.demo.state import Latent

NOBODY = -1
SEATS = 4  # cookies kept for each person: three devices, and one that the company shares
LATE = np.int64(2**62)

_MEMBERS = np.array([(list(row) * 10)[:10] for row in model.MEMBERS])


@dataclass(frozen=True)
class Cast:
    """A chunk with everything the exports need: companies, persons, latent journeys, and who took part in what."""

    accounts: Accounts
    persons: Persons
    latent: Latent
    touches: Leaf  # + person, ms, number
    sessions: Leaf  # + person, ms, number, cookie, user, network, internal, identifies
    cookies: pa.Array  # text of a cookie code
    shared: Array  # per cookie code: several people use it
    users: pa.Array  # text of a user code
    mails: Leaf  # mail touches with what became of them
    journey_number: Array
    first_form: Array  # per person, ms; LATE where never
    first_list: Array  # fair or webinar
    first_mail: Array
    first_sales: Array
    deal_opened: Array  # per account
    contact: Array  # per person: a Salesforce contact
    lead: Array  # per person: a Salesforce lead
    record: Array  # per account: a Salesforce account


def choose(rng: np.random.Generator, accounts: Accounts, account: Array, stage: Array, member: Array) -> Array:
    """The person (place in the chunk) who takes part; `member` is a place in the buying center or -1."""
    draw = _MEMBERS[stage, rng.integers(0, 10, len(account))]
    place = np.where((member >= 0) & (rng.random(len(account)) < 0.85), member, draw)
    size = accounts.persons[account]
    place = np.where(place < size, place, np.where(place == 4, 2, place % 2))
    return accounts.first_person[account] + place


def make_cast(rng: np.random.Generator, accounts: Accounts, persons: Persons, latent: Latent) -> Cast:
    """Gives every touch and session its person, device and ids."""
    number = np.zeros(max(len(latent.journeys), 1), dtype=np.int64)
    number[latent.journeys["journey"]] = latent.journeys["number"]
    member = np.array([touch.member for touch in touches.TOUCHES])
    done = latent.touches
    done = done.with_(
        person=choose(rng, accounts, done["account"], done["stage"], member[done["kind"]]),
        ms=clock.moments(done["at"]),
        number=number[done["journey"]],
    )
    mails = _mail_fates(rng, done.where(done["kind"] == touches.MAIL))
    sessions, cookies, shared = _sessions(rng, accounts, persons, latent, mails, done, number)
    flags = _crm_flags(rng, accounts, persons, latent, done, sessions)
    users, user = _users(rng, accounts, persons, flags["contact"], sessions)
    return Cast(
        accounts, persons, latent, done, sessions.with_(user=user), cookies, shared, users, mails, number,
        **flags,
    )  # fmt: skip


def _mail_fates(rng: np.random.Generator, mails: Leaf) -> Leaf:
    luck = rng.random(len(mails))
    return mails.with_(
        bounced=luck < 0.012,
        opened=(luck > 0.55) & (luck <= 1.0),
        clicked=luck > 0.88,
        mailing=np.minimum(mails["at"] / SLOTS * len(catalog.NEWSLETTERS), len(catalog.NEWSLETTERS) - 1).astype(np.int64),
    )


def _sessions(
    rng: np.random.Generator, accounts: Accounts, persons: Persons, latent: Latent, mails: Leaf, done: Leaf, number: Array
) -> tuple[Leaf, pa.Array, Array]:
    """The frame of all web sessions, the texts of the cookie codes, and which of them several people use."""
    own = latent.sessions
    fixed = own["entry"] | (own["form"] > 0)
    member = np.where(fixed & (rng.random(len(own)) < 0.8), 0, NOBODY)
    person = choose(rng, accounts, own["account"], own["stage"], member)
    device = np.where(fixed & (rng.random(len(own)) < 0.85), 0, rng.integers(0, persons.devices[person]))
    shared = rng.random(accounts.count) < 0.02
    seat = np.where(
        shared[own["account"]] & (device > 0), accounts.first_person[own["account"]] * SEATS + SEATS - 1, person * SEATS + device
    )
    visits = own.with_(
        person=person, cookie=seat, ms=clock.moments(own["at"]), number=number[own["journey"]], identifies=own["form"] > 0
    )
    clicks = _click_sessions(mails.where(mails["clicked"]))
    noise = _strangers(rng, max(20, len(own) // 9), persons.count * SEATS)
    staff = _colleagues(rng, max(12, len(own) // 60), persons.count * SEATS + len(noise))
    stands = persons.count * SEATS + len(noise) + 2 * len(names.COLLEAGUES)
    kiosk = _kiosk_sessions(rng, done.where(done["kind"] == touches.FAIR_TALK), stands)
    parts = [visits, clicks, noise, staff, kiosk]
    frame = Leaf({name: np.concatenate([part[name] for part in parts]) for name in visits.columns})
    kind = np.concatenate([np.full(len(part), code) for code, part in enumerate(parts)])
    frame = frame.with_(internal=kind == 3, network=_networks(rng, accounts, frame, kind))
    frame = frame.where(np.argsort(frame["ms"], kind="stable"))
    code, resold = _resold(rng, frame, persons.count)
    several = np.zeros(stands + len(catalog.FAIRS), dtype=bool)
    several[SEATS - 1 : persons.count * SEATS : SEATS] = True
    several[stands:] = True
    several[resold] = True
    terminals = ids.uuids(np.random.default_rng(len(catalog.FAIRS)), len(catalog.FAIRS))
    return frame.with_(cookie=code), pa.concat_arrays([ids.uuids(rng, stands), terminals]), several


def _click_sessions(clicks: Leaf) -> Leaf:
    count = len(clicks)
    zero = np.zeros(count, dtype=np.int64)
    return Leaf(
        {
            "account": clicks["account"], "journey": clicks["journey"], "stage": clicks["stage"], "at": clicks["at"],
            "entry": zero.astype(bool), "channel": zero + model.EMAIL, "special": zero, "form": zero,
            "brand": zero.astype(bool), "person": clicks["person"], "cookie": clicks["person"] * SEATS,
            "ms": clicks["ms"] + 2_700_000 + 40_000, "number": clicks["number"], "identifies": zero.astype(bool) | True,
        }
    )  # fmt: skip


def _kiosk_sessions(rng: np.random.Generator, talks: Leaf, base: int) -> Leaf:
    """Visitors of a fair sign in at the terminal of the stand: one cookie a fair, for people of many companies."""
    talks = talks.where(rng.random(len(talks)) < 0.5)
    clicks = _click_sessions(talks)
    product = np.full(len(talks), catalog.PRODUCT)
    return clicks.with_(channel=product * 0 + model.DIRECT, special=product, cookie=base + talks["detail"].astype(np.int64))


def _resold(rng: np.random.Generator, frame: Leaf, persons: int) -> tuple[Array, Array]:
    """A few laptops go to somebody of another company: their cookie changes its owner in between."""
    code = frame["cookie"].copy()
    mine = (frame["person"] >= 0) & (code < persons * SEATS) & (code % SEATS == 0)
    first, last = np.full(persons * SEATS, LATE), np.zeros(persons * SEATS, dtype=np.int64)
    np.minimum.at(first, code[mine], frame["ms"][mine])
    np.maximum.at(last, code[mine], frame["ms"][mine])
    old = np.flatnonzero((last > 0) & (last < clock.START_MS + 300 * clock.DAY))
    new = np.flatnonzero((first < LATE) & (first > clock.START_MS + 400 * clock.DAY))
    count = min(len(old), len(new), max(1, persons // 2500))
    old, new = rng.choice(old, count, replace=False), rng.choice(new, count, replace=False)
    becomes = np.arange(max(int(code.max(initial=0)) + 1, persons * SEATS))
    becomes[new] = old
    return becomes[code], old


def _plain(rng: np.random.Generator, count: int, cookie: Array, identifies: Array) -> Leaf:
    at = rng.random(count) * (SLOTS - 0.05)
    zero = np.zeros(count, dtype=np.int64)
    stage = rng.choice([0, 0, 0, 1, 2], count)
    return Leaf(
        {
            "account": zero - 1, "journey": zero - 1, "stage": stage, "at": at, "entry": zero.astype(bool),
            "channel": (rng.random(count)[:, None] >= model.CHANNEL_MIX[stage]).sum(axis=1),
            "special": (rng.random(count)[:, None] >= model.SPECIAL_MIX[stage]).sum(axis=1),
            "form": zero, "brand": rng.random(count) < 0.1, "person": zero - 1, "cookie": cookie,
            "ms": clock.moments(at), "number": zero, "identifies": identifies,
        }
    )  # fmt: skip


def _strangers(rng: np.random.Generator, count: int, base: int) -> Leaf:
    """Visitors who belong to no company of the market: students, applicants, competitors, robots."""
    return _plain(rng, count, base + rng.integers(0, count, count), np.zeros(count, dtype=bool))


def _colleagues(rng: np.random.Generator, count: int, base: int) -> Leaf:
    """The own people on the own site; `person` is -2 minus their number."""
    who = rng.integers(0, len(names.COLLEAGUES), count)
    frame = _plain(rng, count, base + who * 2 + (rng.random(count) < 0.2), rng.random(count) < 0.5)
    return frame.with_(person=-2 - who, brand=np.zeros(count, dtype=bool))


def _networks(rng: np.random.Generator, accounts: Accounts, frame: Leaf, kind: Array) -> Array:
    """Network of each session: place of the company, then the providers, then the own office; -1 none."""
    count = len(kind)
    provider = accounts.count + rng.integers(0, len(names.PROVIDERS), count)
    company = frame["account"]
    at_work = (kind <= 1) & accounts.network[company] & (frame["cookie"] % SEATS == 0) & (rng.random(count) < 0.75)
    out = np.where(at_work, company, np.where(rng.random(count) < 0.7, provider, -1))
    office = (kind == 3) & (rng.random(count) < 0.85)
    return np.where(office, accounts.count + len(names.PROVIDERS), out)


def _users(
    rng: np.random.Generator, accounts: Accounts, persons: Persons, contact: Array, sessions: Leaf
) -> tuple[pa.Array, Array]:
    """Texts of user ids and the code of each session: set by a form or a click, kept by the cookies that remember."""
    count = persons.count
    by_id = contact & (rng.random(count) < 0.4)
    main = pc.if_else(pa.array(by_id), ids.salesforce("003", persons.number), persons.email)
    box = np.array(names.ROLE_MAILBOXES)[rng.integers(0, len(names.ROLE_MAILBOXES), count)]
    domain = accounts.domain.take(pa.array(persons.account))
    mailbox = pc.binary_join_element_wise(pa.array(box), domain, "@")
    other = pc.if_else(pc.is_valid(persons.email2), persons.email2, mailbox)
    staff = [f"{first.lower()}.{last.lower()}@{names.OWN_DOMAIN}" for first, last, _ in names.COLLEAGUES]
    texts = pa.concat_arrays([main.cast(pa.string()), other.cast(pa.string()), pa.array(staff)])
    person = sessions["person"]
    second = np.asarray(pc.is_valid(persons.email2))[np.maximum(person, 0)]
    draw = rng.random(len(person))
    other_used = (sessions["form"] > 0) & (draw < np.where(second, 0.45, 0.012)) & persons.company_mail[np.maximum(person, 0)]
    code = np.where(person >= 0, person + count * other_used, np.where(person <= -2, 2 * count - 2 - person, -1))
    keeps = rng.random(int(sessions["cookie"].max(initial=0)) + 1) < 0.6
    since = np.full(len(keeps), LATE)
    np.minimum.at(since, sessions["cookie"][sessions["identifies"]], sessions["ms"][sessions["identifies"]])
    remembered = keeps[sessions["cookie"]] & (sessions["ms"] > since[sessions["cookie"]])
    return texts, np.where(sessions["identifies"] | remembered, code, -1)


def _first(count: int, who: Array, when: Array) -> Array:
    out = np.full(count, LATE)
    np.minimum.at(out, who, when)
    return out


def _crm_flags(
    rng: np.random.Generator, accounts: Accounts, persons: Persons, latent: Latent, done: Leaf, sessions: Leaf
) -> dict[str, Array]:
    """Who stands in the CRM, and since when."""
    count = persons.count
    kind = done["kind"]
    sales = np.isin(kind, [touches.SALES_CALL, touches.CALL_IN, touches.SALES_MEETING, touches.LETTER, touches.WORKSHOP,
                           touches.ONSITE_DEMO, touches.TRIAL, touches.REFERENCE_VISIT, touches.PROCUREMENT,
                           touches.CONTRACT, touches.RECOMMENDATION])  # fmt: skip
    listed = np.isin(kind, [touches.FAIR_TALK, touches.WEBINAR, touches.ATTEMPT])
    served = np.isin(kind, [touches.PORTAL_VISIT, touches.TICKET])
    form = (sessions["form"] > 0) & (sessions["person"] >= 0)
    opened = _first(accounts.count, latent.deals["account"], clock.moments(latent.deals["at"]))
    first_form = _first(count, sessions["person"][form], sessions["ms"][form])
    first_list = _first(count, done["person"][listed], done["ms"][listed])
    first_sales = _first(count, done["person"][sales], done["ms"][sales])
    interested = np.minimum(first_form, first_list)
    portal = _first(count, done["person"][served], done["ms"][served]) < LATE
    has_deal = opened[persons.account] < LATE
    contact = (first_sales < LATE) | portal | (has_deal & (interested < LATE))
    created = np.minimum(first_sales, opened[persons.account])
    lead = (interested < LATE) & ((~contact) | (interested < created)) & ((rng.random(count) < 0.9) | (first_form == LATE))
    record = np.zeros(accounts.count, dtype=bool)
    record[persons.account[contact]] = True
    record |= (opened < LATE) | (rng.random(accounts.count) < 0.12)
    mailed = kind == touches.MAIL
    return {
        "first_form": first_form, "first_list": first_list, "first_sales": first_sales, "deal_opened": opened,
        "first_mail": _first(count, done["person"][mailed], done["ms"][mailed]),
        "contact": contact, "lead": lead, "record": record,
    }  # fmt: skip
