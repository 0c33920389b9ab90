"""The bulk of the events: the web site as Snowplow writes it into `atomic.events`, some columns of it as CSV."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, ids, model, names
from etappe.demo.book import Leaf
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.out import Csv, Folder, vocabulary
from etappe.demo.web import FORM, PAGE_VIEW, PING, Pages

_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
)
_CPC = {model.PAID_SEARCH: ("cpc", "google"), model.PAID_SOCIAL: ("paid-social", "linkedin"), model.EMAIL: ("email", "hubspot")}
_GOOGLE = [c for c, campaign in enumerate(catalog.CAMPAIGNS) if campaign.platform == "google"]
_LINKEDIN = [c for c, campaign in enumerate(catalog.CAMPAIGNS) if campaign.platform == "linkedin"]
_TERMS = ("schwingungsmessung", "condition monitoring anbieter", "messwerk")


def campaigns(rng: np.random.Generator, sessions: Leaf) -> Array:
    """Place of the paid campaign in the catalog for each session; -1 where none paid."""
    stage, channel = sessions["stage"], sessions["channel"]
    draw = rng.random(len(sessions))
    google = np.where((stage == model.RESEARCH) | (draw < 0.3), _GOOGLE[0], np.where(draw < 0.85, _GOOGLE[1], _GOOGLE[2]))
    linkedin = np.where(draw < 0.5, _LINKEDIN[0], np.where((draw < 0.8) | (stage < 2), _LINKEDIN[1], _LINKEDIN[2]))
    return np.where(channel == model.PAID_SEARCH, google, np.where(channel == model.PAID_SOCIAL, linkedin, -1))


def write_snowplow(rng: np.random.Generator, folder: Folder, cast: Cast, pages: Pages, paid: Array, number: int) -> pa.Array:
    """Writes one file of events; returns the event ids in the order of `pages`."""
    event_ids = ids.uuids(rng, len(pages.ms))
    table = _table(cast, pages, paid, event_ids)
    twice = table.take(pa.array(np.sort(rng.choice(table.num_rows, max(1, table.num_rows // 250), replace=False))))
    late = pc.add(twice["collector_tstamp"], pa.scalar(1500, pa.duration("ms")))
    twice = twice.set_column(twice.column_names.index("collector_tstamp"), "collector_tstamp", late)
    file = folder.csv(f"snowplow/events-{number + 1:04d}.csv")
    file.write(pa.concat_tables([table, twice]))
    file.rows -= twice.num_rows
    file.dirt["duplicate"] = twice.num_rows
    if number == 0:
        _soil(rng, file, table)
    return event_ids


def _soil(rng: np.random.Generator, file: Csv, table: pa.Table) -> None:
    fresh = ids.uuids(rng, 5).to_pylist()
    known = table.slice(int(np.argmax(np.asarray(pc.is_valid(table["user_id"])))), 1)
    wrong = {"collector_tstamp": "kein Datum", "derived_tstamp": "kein Datum"}
    file.soil_like(
        known,
        {
            "bad date": {"event_id": fresh[0], **wrong},
            "future clock": {"event_id": fresh[1], **dict.fromkeys(wrong, "2099-01-01 00:00:00.000")},
            "1970 clock": {"event_id": fresh[2], **dict.fromkeys(wrong, "1970-01-01 00:00:00.000")},
        },
    )


def _table(cast: Cast, pages: Pages, paid: Array, event_ids: pa.Array) -> pa.Table:
    sessions, session = pages.sessions, pages.session
    count = len(session)
    channel = sessions["channel"][session]
    landing = pages.position == 0
    medium = np.full(len(model.CHANNELS) + 1, -1)
    for place, code in enumerate(_CPC):
        medium[code] = place
    tagged = medium[channel]
    campaign = np.where(tagged >= 0, paid[session], -1)
    moment = pa.array(pages.ms, pa.int64()).cast(pa.timestamp("ms"))
    urls, url = _urls(pages, paid, landing, channel)
    referrers, referrer = _referrers(pages, landing, channel)
    form = np.where(pages.what == FORM, sessions["form"][session], -1)
    networks, domains = _networks(cast)
    network = sessions["network"][session]
    country = np.where(sessions["account"] >= 0, cast.accounts.country[np.maximum(sessions["account"], 0)], 0)[session]
    agent = (sessions["cookie"] * 7 % 13 % len(_AGENTS))[session]
    event = vocabulary(("page_view", "struct", "page_ping"), pages.what)
    return pa.table(
        {
            "app_id": _same("website", count),
            "platform": _same("web", count),
            "collector_tstamp": moment,
            "derived_tstamp": moment,
            "event": event,
            "event_id": event_ids,
            "user_id": cast.users.take(_code(sessions["user"][session])),
            "domain_userid": cast.cookies.take(pa.array(sessions["cookie"][session])),
            "domain_sessionid": pages.session_ids.take(pa.array(session)),
            "domain_sessionidx": pa.array(_session_numbers(sessions)[session]),
            "geo_country": vocabulary(names.COUNTRIES, country),
            "ip_organization": networks.take(_code(network)),
            "ip_domain": domains.take(_code(network)),
            "page_url": urls.take(pa.array(url)),
            "page_title": vocabulary([page.title for page in catalog.PAGES], pages.page),
            "page_referrer": referrers.take(_code(referrer)),
            "refr_medium": vocabulary(("search", "social", "unknown", "internal"), _refr_medium(channel, landing)),
            "refr_source": vocabulary(("Google", "Bing", "LinkedIn"), _refr_source(channel, landing, session)),
            "mkt_medium": vocabulary([m for m, _ in _CPC.values()], np.where(landing, tagged, -1)),
            "mkt_source": vocabulary([s for _, s in _CPC.values()], np.where(landing, tagged, -1)),
            "mkt_term": vocabulary(_TERMS, np.where(landing & (channel == model.PAID_SEARCH), campaign - _GOOGLE[0], -1)),
            "mkt_content": _nulls(count),
            "mkt_campaign": vocabulary(
                [c.utm for c in catalog.CAMPAIGNS] + ["newsletter"],
                np.where(landing, np.where(channel == model.EMAIL, len(catalog.CAMPAIGNS), campaign), -1),
            ),
            "se_category": vocabulary(("form",), np.where(form >= 0, 0, -1)),
            "se_action": vocabulary(("submit",), np.where(form >= 0, 0, -1)),
            "se_label": vocabulary([form[0] for form in catalog.FORMS], form),
            "se_property": _nulls(count),
            "se_value": _nulls(count),
            "useragent": vocabulary(_AGENTS, agent),
            "br_lang": vocabulary(("de-DE", "en-US"), (agent == 1) * (session % 5 == 0)),
            "event_name": vocabulary(("page_view", "event", "page_ping"), pages.what),
        }
    )


def _same(word: str, count: int) -> pa.Array:
    return pa.array([word]).take(pa.array(np.zeros(count, dtype=np.int32)))


def _nulls(count: int) -> pa.Array:
    return pa.nulls(count, pa.string())


def _code(codes: Array) -> pa.Array:
    return pa.array(codes, pa.int32(), mask=codes < 0)


def _session_numbers(sessions: Leaf) -> Array:
    """Which session of its cookie each session is, from 1; sessions lie in order of time."""
    order = np.argsort(sessions["cookie"], kind="stable")
    cookie = sessions["cookie"][order]
    starts = np.concatenate([[True], cookie[1:] != cookie[:-1]]) if len(cookie) else np.zeros(0, dtype=bool)
    run = np.arange(len(cookie)) - np.maximum.accumulate(np.where(starts, np.arange(len(cookie)), 0))
    out = np.empty(len(cookie), dtype=np.int64)
    out[order] = run + 1
    return out


def _urls(pages: Pages, paid: Array, landing: Array, channel: Array) -> tuple[pa.Array, Array]:
    """Addresses with the campaign's parameters on landing pages."""
    tags = [""]
    tags += [f"?utm_source={c.platform}&utm_medium={'cpc' if c.platform == 'google' else 'paid-social'}&utm_campaign={c.utm}"
             for c in catalog.CAMPAIGNS]  # fmt: skip
    tags.append("?utm_source=hubspot&utm_medium=email&utm_campaign=newsletter")
    texts = [catalog.SITE + page.path + tag for tag in tags for page in catalog.PAGES]
    campaign = np.where(channel == model.EMAIL, len(tags) - 1, paid[pages.session] + 1)
    return pa.array(texts), pages.page + np.where(landing, campaign, 0) * len(catalog.PAGES)


def _referrers(pages: Pages, landing: Array, channel: Array) -> tuple[pa.Array, Array]:
    outside = ["https://www.google.com/", "https://www.bing.com/", "https://www.linkedin.com/", *catalog.REFERRERS,
               *catalog.REVIEW_SITES, *catalog.PARTNER_SITES]  # fmt: skip
    texts = outside + [catalog.SITE + page.path for page in catalog.PAGES]
    session = pages.session
    odd = session % 2
    first = np.select(
        [np.isin(channel, [model.SEARCH, model.PAID_SEARCH]), np.isin(channel, [model.PAID_SOCIAL, model.SOCIAL]),
         channel == model.REFERRAL, channel == model.REVIEW_SITE, channel == model.PARTNER_SITE],
        [(session % 9 == 0).astype(np.int64), np.full(len(session), 2), 3 + odd, 5 + odd, 7 + odd],
        default=-1,
    )  # fmt: skip
    return pa.array(texts), np.where(landing, first, len(outside) + np.maximum(pages.before, 0))


def _refr_medium(channel: Array, landing: Array) -> Array:
    first = np.select(
        [np.isin(channel, [model.SEARCH, model.PAID_SEARCH]), np.isin(channel, [model.PAID_SOCIAL, model.SOCIAL]),
         np.isin(channel, [model.REFERRAL, model.REVIEW_SITE, model.PARTNER_SITE])],
        [0, 1, 2], default=-1,
    )  # fmt: skip
    return np.where(landing, first, 3)


def _refr_source(channel: Array, landing: Array, session: Array) -> Array:
    first = np.select(
        [np.isin(channel, [model.SEARCH, model.PAID_SEARCH]), np.isin(channel, [model.PAID_SOCIAL, model.SOCIAL])],
        [(session % 9 == 0).astype(np.int64), np.full(len(session), 2)], default=-1,
    )  # fmt: skip
    return np.where(landing, first, -1)


def _networks(cast: Cast) -> tuple[pa.Array, pa.Array]:
    more = [*names.PROVIDERS, (names.OWN_COMPANY, names.OWN_DOMAIN)]
    organisations = pa.concat_arrays([cast.accounts.name.cast(pa.string()), pa.array([m[0] for m in more])])
    return organisations, pa.concat_arrays([cast.accounts.domain.cast(pa.string()), pa.array([m[1] for m in more])])


WHAT_KIND = {PAGE_VIEW: "page_view", FORM: "form", PING: "web_event"}
