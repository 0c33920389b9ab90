"""Web sessions become pages: which page at which second, and the form that was sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from etappe.demo import catalog, ids, model
from etappe.demo.book import Leaf
from etappe.demo.cast import Cast
from etappe.demo.clock import Array

_QUERY_SHARE = np.array([query[3] for query in catalog.QUERIES])
_VENDOR = np.array([query[4] for query in catalog.QUERIES])
_PAGE_OF = {page.path: place for place, page in enumerate(catalog.PAGES)}
_QUERY_PAGE = np.array([_PAGE_OF[query[1]] for query in catalog.QUERIES])
_FORM_PAGE = np.array([_PAGE_OF[form[1]] if form[1] else 0 for form in catalog.FORMS])
_FIRST = np.array([catalog.span(group)[0] if group else 0 for group in catalog.SPECIALS])
_WIDTH = np.array([len(group) if group else 1 for group in catalog.SPECIALS])

# everyday pages: shares of home, articles, products, solutions, documentation, about, careers
_GROUPS = (catalog.HOME, catalog.ARTICLES, catalog.PRODUCTS, catalog.SOLUTIONS, catalog.DOCS, catalog.OTHERS[:1], catalog.CAREERS)
_EVERYDAY = np.cumsum(
    [[0.20, 0.66, 0, 0, 0.04, 0.06, 0.04], [0.16, 0.48, 0.16, 0.08, 0.05, 0.05, 0.02], [0.20, 0.35, 0.16, 0.06, 0.18, 0.05, 0.0],
     [0.16, 0.30, 0.0, 0.0, 0.50, 0.04, 0.0]],
    axis=1,
)  # fmt: skip
_EVERYDAY_OF = np.array([0, 1, 1, 2, 2, 2, 2, 3, 2, 2, 2, 2])
_GROUP_FIRST = np.array([catalog.span(group)[0] for group in _GROUPS])
_GROUP_WIDTH = np.array([len(group) for group in _GROUPS])

PAGE_VIEW, FORM, PING = range(3)


@dataclass(frozen=True)
class Pages:
    """One row a page view or form, in order of time; `session` is the place in `sessions`."""

    sessions: Leaf  # + query
    session: Array
    page: Array
    what: Array
    ms: Array
    position: Array
    before: Array  # page before in the session, -1 at its start
    session_ids: pa.Array


def make_pages(rng: np.random.Generator, cast: Cast) -> Pages:
    """The rows of the web site: all sessions but those of the brand site."""
    sessions = cast.sessions.where(~cast.sessions["brand"])
    sessions = sessions.with_(query=_queries(rng, sessions))
    length = 1 + np.minimum(rng.geometric(1 / (model.MEAN_PAGES - 0.6), len(sessions)) - 1, 11)
    has_form = sessions["form"] > 0
    rows = length + has_form
    session = np.repeat(np.arange(len(sessions)), rows)
    first = np.concatenate([[0], np.cumsum(rows)[:-1]]) if len(rows) else np.zeros(0, dtype=np.int64)
    position = np.arange(len(session)) - first[session]
    form_at = np.where(has_form, np.where(sessions["entry"], 1, length), -1)[session]
    what = np.where(position == form_at, FORM, PAGE_VIEW)
    seat = position - ((form_at >= 0) & (position > form_at))
    page = _which(rng, sessions, session, seat, length[session])
    page = np.where(what == FORM, _FORM_PAGE[sessions["form"][session]], page)
    dwell = np.where(position == 0, 0, np.clip(np.exp(rng.normal(3.9, 0.8, len(session))), 4, 900) * 1000).astype(np.int64)
    spent = np.cumsum(dwell)
    ms = sessions["ms"][session] + spent - spent[first[session]] if len(session) else spent
    pings = (rng.random(len(session)) < 0.03) & (what == PAGE_VIEW)
    extra = np.flatnonzero(pings)
    before = np.where(position > 0, np.concatenate([[-1], page[:-1]]), -1) if len(page) else page
    order = np.argsort(np.concatenate([ms, ms[extra] + 10_000]), kind="stable")

    def both(column: Array, more: Array | int) -> Array:
        return np.concatenate([column, np.broadcast_to(more, (len(extra),))])[order]

    return Pages(
        sessions, both(session, session[extra]), both(page, page[extra]), both(what, PING),
        np.concatenate([ms, ms[extra] + 10_000])[order], both(position, position[extra]), both(before, before[extra]),
        ids.uuids(rng, len(sessions)),
    )  # fmt: skip


def _queries(rng: np.random.Generator, sessions: Leaf) -> Array:
    """The search query of sessions that came by organic search; -1 else. Vendor words only where vendors are sought."""
    share = np.stack([np.where(_VENDOR, 0, _QUERY_SHARE), _QUERY_SHARE])
    table = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    seeks = ((sessions["stage"] >= model.SUPPLIER) & (sessions["stage"] != model.USE)).astype(np.int64)
    draw = (rng.random(len(sessions))[:, None] >= table[seeks]).sum(axis=1)
    return np.where(sessions["channel"] == model.SEARCH, np.minimum(draw, len(catalog.QUERIES) - 1), -1)


def _which(rng: np.random.Generator, sessions: Leaf, session: Array, seat: Array, length: Array) -> Array:
    """The page of each row."""
    stage = sessions["stage"][session]
    group = (rng.random(len(session))[:, None] >= _EVERYDAY[_EVERYDAY_OF[stage]]).sum(axis=1)
    group = np.minimum(group, len(_GROUPS) - 1)
    page = _GROUP_FIRST[group] + (rng.random(len(session)) * _GROUP_WIDTH[group]).astype(np.int64)
    query = sessions["query"][session]
    page = np.where((seat == 0) & (query >= 0), _QUERY_PAGE[np.maximum(query, 0)], page)
    special, entry, form = (sessions[name][session] for name in ("special", "entry", "form"))
    at = np.where(entry | (length == 1), 0, 1)
    shown = _FIRST[special] + (rng.random(len(session)) * _WIDTH[special]).astype(np.int64)
    page = np.where((special > 0) & (seat == at), shown, page)
    form_seat = np.where(entry, 0, length - 1)
    return np.where((form > 0) & (seat == form_seat), _FORM_PAGE[form], page)
