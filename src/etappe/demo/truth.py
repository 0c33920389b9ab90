"""The truth beside the exports: who is who, what really happened, and which effects were at work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etappe.demo import catalog, clock, ids, model, touches
from etappe.demo.activities import Entered
from etappe.demo.cast import LATE, Cast
from etappe.demo.clock import SLOTS, Array
from etappe.demo.deals import Deals
from etappe.demo.ga4 import Magazine
from etappe.demo.hubspot import EVENT_KINDS, Mailed
from etappe.demo.matomo import Portal
from etappe.demo.out import vocabulary
from etappe.demo.snowplow import WHAT_KIND
from etappe.demo.state import DORMANT, KINDS, OUTCOMES, STILL_OPEN
from etappe.demo.voices import Voices
from etappe.demo.web import FORM, PING, Pages

PORTAL_HELP = [path for path, _ in catalog.PORTAL_PAGES].index("/support/artikel")
SILENCE = 180 * clock.DAY
HANDLES = ("crm link", "domain", "network", "shared domain", "company name", "none")
CRM, DOMAIN, NETWORK, SHARED_DOMAIN, NAME, NO_HANDLE = range(6)
MOMENT = pa.timestamp("us", "UTC")


def when(ms: Array) -> pa.Array:
    """Milliseconds as moments; 0 is null."""
    return pa.array(ms * 1000, pa.int64(), mask=ms <= 0).cast(pa.timestamp("us")).cast(MOMENT)


def account_ids(numbers: Array) -> pa.Array:
    """`A0000001`; null below zero."""
    return pc.if_else(pa.array(numbers >= 0), ids.numbered("A", np.maximum(numbers, 0), 7), None)


def person_ids(numbers: Array) -> pa.Array:
    """`P00000001`; null below zero."""
    return pc.if_else(pa.array(numbers >= 0), ids.numbered("P", np.maximum(numbers, 0), 8), None)


class Truth:
    """The tables of the truth, written chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """Adds rows to one table."""
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(
                self.folder / f"{name}.parquet", table.schema, compression="zstd",
                use_dictionary=[column for column in table.column_names if column not in ("record_id", "happened_at", "value")],
            )
        self._writers[name].write_table(table)
        self.rows[name] = self.rows.get(name, 0) + table.num_rows

    def close(self, effects: dict[str, Any]) -> None:
        """Finishes the tables and writes `effects.json`."""
        for writer in self._writers.values():
            writer.close()
        (self.folder / "effects.json").write_text(json.dumps(effects, ensure_ascii=False, indent=2) + "\n", "utf-8")


def person_handles(cast: Cast) -> Array:
    """By what the company of each person can be known, once the person is: places in `HANDLES`."""
    persons = cast.persons
    shared = cast.accounts.shared_domain[persons.account]
    mailed = np.zeros(persons.count, dtype=bool)
    mailed[cast.touches["person"][cast.touches["kind"] == touches.MAIL]] = True
    stated = cast.lead | mailed | (cast.first_form < LATE) | (cast.first_list < LATE)
    by_mail = np.where(persons.company_mail, np.where(shared, SHARED_DOMAIN, DOMAIN), np.where(stated, NAME, NO_HANDLE))
    return np.where(cast.contact, CRM, by_mail)


class EventRows:
    """Collects the events of one chunk; places in the chunk become ids at the end."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.parts: list[pa.Table] = []
        self.handles = person_handles(cast)
        self.signs = np.full((len(cast.latent.journeys), 2), (2**62, 0))  # first and last sign of life of a journey, ms

    def add(
        self, source: str, record: pa.Array, account: Array, person: Array, journey: Array, stage: Array, ms: Array,
        touchpoint: pa.Array, kind: pa.Array, silent: bool = False, internal: Array | None = None,
        named: Array | bool = True, network: Array | bool = False,
    ) -> None:  # fmt: skip
        """Adds events of one source; `named`: the export shows the person, `network`: it shows the company's network."""
        count, cast = len(account), self.cast
        if not count:
            return
        inside = journey >= 0
        safe = np.maximum(journey, 0)
        if not silent:
            np.minimum.at(self.signs[:, 0], journey[inside], ms[inside])
            np.maximum.at(self.signs[:, 1], journey[inside], ms[inside])
        number = np.where(inside, cast.journey_number[safe], 0)
        people = np.where(person >= 0, cast.persons.number[np.maximum(person, 0)], -1)
        companies = np.where(account >= 0, cast.accounts.number[np.maximum(account, 0)], -1)
        shown = np.where(np.asarray(named) & (person >= 0), self.handles[np.maximum(person, 0)], NO_HANDLE)
        handle = np.where((shown == NO_HANDLE) & np.asarray(network), NETWORK, shown)
        self.parts.append(
            pa.table(
                {
                    "source": _one(source, count),
                    "record_id": record.cast(pa.string()),
                    "happened_at": when(ms),
                    "person": person_ids(people),
                    "account": account_ids(companies),
                    "internal": pa.array(np.zeros(count, dtype=bool) if internal is None else internal),
                    "journey": pa.array(number, pa.int32(), mask=~inside),
                    "stage": vocabulary(model.STAGES, np.where(inside, stage, -1)),
                    "touchpoint": touchpoint,
                    "kind": kind,
                    "silent": _flag(silent, count),
                    "handle": vocabulary(HANDLES, handle),
                    "knowable": pa.array(handle <= NETWORK),
                }
            )
        )

    def touched(self, source: str, rows: Array, record: pa.Array, silent_kinds: tuple[int, ...] = touches.SILENT) -> None:
        """Adds events that were touches."""
        done = self.cast.touches.where(rows)
        for silent in (False, True):
            pick = np.flatnonzero(np.isin(done["kind"], silent_kinds) == silent)
            part = done.where(pick)
            self.add(
                source, record.take(pa.array(pick)), part["account"], part["person"], part["journey"], part["stage"], part["ms"],
                vocabulary([touch.touchpoint for touch in touches.TOUCHES], part["kind"]),
                vocabulary([touch.kind for touch in touches.TOUCHES], part["kind"]), silent,
            )  # fmt: skip

    def table(self) -> pa.Table:
        """All events of the chunk."""
        return pa.concat_tables(self.parts)


def _one(word: str, count: int) -> pa.Array:
    return pa.array([word]).take(pa.array(np.zeros(count, dtype=np.int32)))


def _flag(value: bool, count: int) -> pa.Array:
    return pa.array(np.full(count, value))


def web_events(rows: EventRows, pages: Pages, event_ids: pa.Array) -> None:
    """The events of the web site."""
    cast, sessions, session = rows.cast, pages.sessions, pages.session
    account, cookie = sessions["account"][session], sessions["cookie"][session]
    seen = np.zeros(len(cast.cookies), dtype=bool)
    seen[sessions["cookie"][sessions["user"] >= 0]] = True
    network = sessions["network"][session]
    at_home = (network >= 0) & (network < cast.accounts.count)
    words = [page.touchpoint for page in catalog.PAGES] + [form[2] for form in catalog.FORMS] + ["web event"]
    form = len(catalog.PAGES) + sessions["form"][session]
    touchpoint = np.where(pages.what == FORM, form, np.where(pages.what == PING, len(words) - 1, pages.page))
    rows.add(
        "snowplow", event_ids, account, np.maximum(sessions["person"][session], -1), sessions["journey"][session],
        sessions["stage"][session], pages.ms, vocabulary(words, touchpoint), vocabulary(tuple(WHAT_KIND.values()), pages.what),
        internal=sessions["internal"][session], named=seen[cookie] & (account >= 0), network=at_home,
    )  # fmt: skip


def form_events(rows: EventRows, pages: Pages, mailed: Mailed) -> None:
    """The same forms in HubSpot."""
    session = pages.session[mailed.form_rows]
    part = pages.sessions.where(session)
    rows.add(
        "hubspot", mailed.form_ids, part["account"], part["person"], part["journey"], part["stage"], pages.ms[mailed.form_rows] + 1200,
        vocabulary([form[2] for form in catalog.FORMS], part["form"]), _one("form", len(session)),
    )  # fmt: skip


def mail_events(rows: EventRows, mailed: Mailed) -> None:
    """Campaign mails: sent and arrived ones are silent, opened and clicked ones are signs of life."""
    mails = rows.cast.mails
    words = ("marketing email", "marketing email", "email bounce", "email open", "email click")
    for silent, codes in ((True, (0, 1, 2)), (False, (3, 4))):
        pick = np.flatnonzero(np.isin(mailed.kind, codes))
        mail = mailed.mail[pick]
        own, safe = mail < 0, np.maximum(mail, 0)

        def of(name: str, own: Array = own, safe: Array = safe) -> Array:
            return np.where(own, -1, mails[name][safe]) if len(mails) else np.full(len(own), -1)

        rows.add(
            "hubspot", mailed.ids.take(pa.array(pick)), of("account"), of("person"), of("journey"), of("stage"), mailed.ms[pick],
            vocabulary(words, mailed.kind[pick]), vocabulary(EVENT_KINDS, mailed.kind[pick]), silent, internal=own, named=~own,
        )  # fmt: skip


def portal_events(rows: EventRows, portal: Portal) -> None:
    """Actions in the service portal; the record id is visit and number of the action."""
    done = rows.cast.touches.where(portal.touch[portal.visit])
    visit = pc.utf8_ltrim(portal.visit_ids, "0").take(pa.array(portal.visit))
    record = pc.binary_join_element_wise(visit, pc.cast(pa.array(portal.action), pa.string()), "-")
    signed = np.zeros(rows.cast.persons.count, dtype=bool)
    signed[rows.cast.touches["person"][portal.touch[portal.signed_in]]] = True
    rows.add(
        "matomo", record, done["account"], done["person"], done["journey"], done["stage"], portal.ms,
        vocabulary(("other page", "documentation"), (portal.page == PORTAL_HELP).astype(np.int64)), _one("page_view", len(portal.visit)), named=signed[done["person"]],
    )  # fmt: skip


def magazine_events(rows: EventRows, magazine: Magazine) -> None:
    """Pages of the magazine; the export has no id of an event."""
    part = magazine.sessions.where(magazine.session)
    named = np.asarray(pc.is_valid(magazine.user))
    seen = np.zeros(len(rows.cast.cookies), dtype=bool)
    seen[magazine.sessions["cookie"][named]] = True
    rows.add(
        "ga4", pa.nulls(len(magazine.session), pa.string()), part["account"], part["person"], part["journey"], part["stage"], magazine.ms,
        _one("article", len(magazine.session)), _one("page_view", len(magazine.session)), internal=part["internal"],
        named=seen[part["cookie"]] & (part["account"] >= 0),
    )  # fmt: skip


def chunk_events(
    cast: Cast, pages: Pages, event_ids: pa.Array, mailed: Mailed, entered: Entered, voices: Voices, portal: Portal,
    magazine: Magazine, fairs: Array, webinars: Array,
) -> EventRows:  # fmt: skip
    """All events of a chunk."""
    rows = EventRows(cast)
    web_events(rows, pages, event_ids)
    form_events(rows, pages, mailed)
    mail_events(rows, mailed)
    rows.touched("salesforce", entered.task_rows, entered.task_ids)
    rows.touched("salesforce", entered.event_rows, entered.event_ids)
    rows.touched("salesforce", entered.member_rows, entered.member_ids)
    rows.touched("qualtrics", voices.answers, voices.answer_ids)
    rows.touched("zendesk", voices.tickets, voices.ticket_ids)
    rows.touched("trustpilot", voices.reviews, voices.review_ids)
    rows.touched("fairs", fairs, pa.nulls(len(fairs), pa.string()))
    rows.touched("webinars", webinars, pa.nulls(len(webinars), pa.string()))
    portal_events(rows, portal)
    magazine_events(rows, magazine)
    return rows


def journey_tables(truth: Truth, cast: Cast, deals: Deals, rows: EventRows) -> dict[str, int]:
    """Journeys, stays in stages, pauses and deals; returns the number of journeys by outcome."""
    latent, count = cast.latent, len(cast.latent.journeys)
    first, last = rows.signs[:, 0], rows.signs[:, 1]
    outcome, ended = np.full(count, STILL_OPEN), np.zeros(count, dtype=np.int64)
    ends = latent.journey_ends.where(latent.journey_ends["at"] < SLOTS)
    outcome[ends["journey"]] = ends["outcome"]
    ended[ends["journey"]] = clock.moments(ends["at"])
    gave_up = np.where(outcome == DORMANT, ended, 0)
    has_open = np.zeros(count, dtype=bool)
    has_open[deals.journey[~(deals.won | deals.lost) & (deals.opened < clock.AS_OF_MS)]] = True
    silent = (outcome >= DORMANT) & ~has_open & (last + SILENCE <= clock.AS_OF_MS)
    outcome = np.where(silent, DORMANT, np.where(outcome == DORMANT, STILL_OPEN, outcome))
    ended = np.where(silent, last + SILENCE, np.where(outcome == STILL_OPEN, 0, ended))
    kind = latent.journeys["kind"].astype(np.int64)
    kind[deals.journey[::-1]] = deals.kind[::-1]
    value = np.zeros(count)
    np.add.at(value, deals.journey[deals.won], deals.amount[deals.won])
    account = account_ids(cast.accounts.number[latent.journeys["account"]])
    number = latent.journeys["number"]
    real = pa.array(last > 0)
    truth.add(
        "journeys",
        pa.table(
            {
                "account": account, "number": pa.array(number, pa.int32()), "kind": vocabulary(KINDS, kind),
                "started_at": when(np.where(last > 0, first, 0)), "last_step_at": when(last), "ended_at": when(ended),
                "outcome": vocabulary(OUTCOMES, outcome), "value": pa.array(value), "gave_up_at": when(gave_up),
                "currency": vocabulary(("EUR", "CHF"), (cast.accounts.country[latent.journeys["account"]] == 2).astype(np.int64)),
            }
        ).filter(real),
    )  # fmt: skip
    _stages(truth, cast, outcome, ended)
    truth.add(
        "deals",
        pa.table(
            {
                "record_id": deals.ids, "account": account_ids(cast.accounts.number[deals.account]),
                "journey": pa.array(cast.journey_number[deals.journey], pa.int32()), "kind": vocabulary(KINDS, deals.kind),
                "opened_at": when(deals.opened), "closed_at": when(deals.closed),
                "status": vocabulary(("open", "won", "lost"), np.where(deals.won, 1, np.where(deals.lost, 2, 0))),
                "amount": pa.array(deals.amount), "currency": vocabulary(("EUR", "CHF"), deals.currency),
                "lost_reason": vocabulary(catalog.LOST_REASONS, np.where(deals.lost, deals.reason, -1)),
            }
        ).filter(pa.array(deals.opened < clock.AS_OF_MS)),
    )  # fmt: skip
    return {name: int((outcome[last > 0] == code).sum()) for code, name in enumerate(OUTCOMES)}


def _stages(truth: Truth, cast: Cast, outcome: Array, ended: Array) -> None:
    visits = cast.latent.visits
    entered = clock.moments(visits["at"])
    order = np.lexsort((entered, visits["journey"]))
    journey, entered, stage, back = visits["journey"][order], entered[order], visits["stage"][order], visits["back"][order]
    follows = np.concatenate([journey[1:] == journey[:-1], [False]]) if len(journey) else np.zeros(0, dtype=bool)
    left = np.where(follows, np.concatenate([entered[1:], [0]]), ended[journey]) if len(journey) else entered
    onward = np.where(follows, np.concatenate([stage[1:], [0]]), -1) if len(journey) else stage
    words = (*model.STAGES, *OUTCOMES)
    gone = np.where(outcome[journey] == STILL_OPEN, -1, len(model.STAGES) + outcome[journey])
    truth.add(
        "stages",
        pa.table(
            {
                "account": account_ids(cast.accounts.number[cast.latent.journeys["account"][journey]]),
                "journey": pa.array(cast.journey_number[journey], pa.int32()), "stage": vocabulary(model.STAGES, stage),
                "entered_at": when(entered), "left_at": when(left),
                "left_to": vocabulary(words, np.where(follows, onward, gone)), "back": pa.array(back),
            }
        ),
    )  # fmt: skip
    pauses = cast.latent.pauses
    truth.add(
        "pauses",
        pa.table(
            {
                "account": account_ids(cast.accounts.number[pauses["account"]]),
                "journey": pa.array(cast.journey_number[pauses["journey"]], pa.int32()), "stage": vocabulary(model.STAGES, pauses["stage"]),
                "from": when(clock.moments(pauses["at"] + 0.95)), "until": when(clock.moments(np.minimum(pauses["until"], SLOTS))),
            }
        ),
    )  # fmt: skip

