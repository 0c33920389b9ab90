"""The magazine, a second site of the brand: GA4's BigQuery export as JSON lines, integers as strings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids, model
from etappe.demo.book import Leaf
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.matomo import _join
from etappe.demo.out import Folder, stamp, vocabulary

_SOURCES = {model.SEARCH: ("organic", "google"), model.PAID_SEARCH: ("cpc", "google"), model.PAID_SOCIAL: ("paid-social", "linkedin"),
            model.SOCIAL: ("social", "linkedin.com"), model.EMAIL: ("email", "hubspot"), model.REFERRAL: ("referral", "instandhaltung-portal.example")}  # fmt: skip


@dataclass(frozen=True)
class Magazine:
    """Events of the magazine: session, moment, page; the client id of each session."""

    sessions: Leaf
    session: Array
    ms: Array
    page: Array
    client: pa.Array  # one a session
    user: pa.Array


def write_ga4(rng: np.random.Generator, folder: Folder, cast: Cast, number: int) -> Magazine:
    """Writes the sessions of the magazine of one chunk."""
    sessions = cast.sessions.where(cast.sessions["brand"])
    count = len(sessions)
    length = 1 + np.minimum(rng.geometric(0.5, count) - 1, 5)
    session = np.repeat(np.arange(count), length)
    place = np.arange(len(session)) - (np.cumsum(length) - length)[session]
    ms = sessions["ms"][session] + place * 47_000
    page = rng.integers(0, len(catalog.BRAND_PAGES), len(session))
    people = cast.contact[np.maximum(sessions["person"], 0)] & (sessions["person"] >= 0) & (rng.random(count) < 0.35)
    user = pc.if_else(pa.array(people), ids.salesforce("003", cast.persons.number).take(pa.array(np.maximum(sessions["person"], 0))), None)
    head = ids.numbered("", 1_100_000_000 + (int(cast.accounts.number[0]) * 997 + sessions["cookie"]) % 800_000_000, 10)
    client = _join(head, ".", ids.numbered("", 1_704_000_000 + sessions["cookie"] % 9_000_000, 10)) if count else pa.array([], pa.string())
    magazine = Magazine(sessions, session, ms, page, client, user)
    name = f"ga4/events_{number + 1:04d}.jsonl"
    lines = _lines(magazine, place)
    with folder.place(name).open("wb") as sink:
        order = np.argsort(ms, kind="stable")
        sink.write("\n".join(lines.take(pa.array(order)).to_pylist()).encode())
        sink.write(b"\n")
        if number == 0:
            sink.write(b'{"event_date":"20250101","event_timestamp":"kaputt"\n')
    folder.note(name, len(session), **({"broken_line": 1} if number == 0 else {}))
    return magazine


def _lines(magazine: Magazine, place: Array) -> pa.Array:
    session, ms = magazine.session, magazine.ms
    if not len(session):
        return pa.array([], pa.string())
    pages = pa.array(magazine.page)
    urls = pa.array([catalog.BRAND_SITE + page.path for page in catalog.BRAND_PAGES])
    titles = pa.array([page.title for page in catalog.BRAND_PAGES])
    began = pc.cast(pa.array(magazine.sessions["ms"][session] // 1000), pa.string())
    channel = magazine.sessions["channel"][session]
    code = np.full(len(model.CHANNELS), -1)
    for row, key in enumerate(_SOURCES):
        code[key] = row
    medium = pc.fill_null(vocabulary([m for m, _ in _SOURCES.values()], code[channel]), "(none)")
    source = pc.fill_null(vocabulary([s for _, s in _SOURCES.values()], code[channel]), "(direct)")
    user = magazine.user.take(pa.array(session))
    quoted = pc.if_else(pc.is_valid(user), _join('"', pc.fill_null(user, ""), '"'), pa.scalar("null"))
    micros = pc.cast(pa.array(ms * 1000 + place), pa.string())
    empty = '"int_value":null,"float_value":null,"double_value":null}}'
    return _join(
        '{"event_date":"', stamp(clock.to_local(ms), "%Y%m%d"), '","event_timestamp":"', micros,
        '","event_name":"page_view","event_params":[{"key":"ga_session_id","value":{"string_value":null,"int_value":"', began,
        '","float_value":null,"double_value":null}},{"key":"page_location","value":{"string_value":"', urls.take(pages), '",' + empty
        + ',{"key":"page_title","value":{"string_value":"', titles.take(pages), '",' + empty
        + ',{"key":"medium","value":{"string_value":"', medium, '",' + empty + ',{"key":"source","value":{"string_value":"', source, '",' + empty
        + '],"event_previous_timestamp":null,"event_value_in_usd":null,"event_bundle_sequence_id":"', pc.cast(pa.array(place + 1), pa.string()),
        '","user_id":', quoted, ',"user_pseudo_id":"', magazine.client.take(pa.array(session)),
        '","privacy_info":{"analytics_storage":"Yes","ads_storage":"No","uses_transient_token":"No"},"user_properties":[],'
        '"device":{"category":"desktop","operating_system":"Windows","language":"de-de","web_info":{"browser":"Chrome","browser_version":"124.0",'
        '"hostname":"www.schwingungsmagazin.example"}},"geo":{"continent":"Europe","country":"Germany","city":"(not set)"},'
        '"traffic_source":{"name":"(direct)","medium":"(none)","source":"(direct)"},"collected_traffic_source":{"manual_medium":"', medium,
        '","manual_source":"', source, '"},"stream_id":"4711","platform":"WEB","ecommerce":null,"items":[]}',
    )  # fmt: skip
