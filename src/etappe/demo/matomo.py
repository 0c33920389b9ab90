"""The service portal of existing customers: visits as Matomo's Live.getLastVisitsDetails gives them as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import catalog, clock, ids, touches
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.out import Folder, stamp

SEATS = 2
GUEST = "gast"


@dataclass(frozen=True)
class Portal:
    """Visits and their actions: row of `cast.touches`, action number from 1, moment; ids and cookies."""

    visit: Array  # place of the visit, one row an action
    action: Array
    ms: Array
    page: Array
    touch: Array  # row of cast.touches, one a visit
    visit_ids: pa.Array
    visitor: pa.Array  # one a visit
    user: pa.Array  # one a visit, null where not signed in
    signed_in: Array


def _join(*parts: pa.Array | pa.Scalar | str) -> pa.Array:
    columns = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*columns, "")


class MatomoFile:
    """One JSON file of visits, a chunk of accounts each."""

    def write(self, rng: np.random.Generator, folder: Folder, cast: Cast, number: int) -> Portal:
        """Writes the visits of a chunk."""
        portal = _visits(rng, cast)
        name = f"matomo/besuche-{number + 1:04d}.json"
        with folder.place(name).open("wb") as sink:
            _write(sink, portal)
        folder.note(name, len(portal.touch))
        return portal


def _visits(rng: np.random.Generator, cast: Cast) -> Portal:
    touch = np.flatnonzero(cast.touches["kind"] == touches.PORTAL_VISIT)
    touch = touch[np.argsort(cast.touches["ms"][touch], kind="stable")]
    count = len(touch)
    person = cast.touches["person"][touch]
    actions = 1 + np.minimum(rng.poisson(1.4, count), 7)
    visit = np.repeat(np.arange(count), actions)
    first = np.cumsum(actions) - actions
    action = np.arange(len(visit)) - first[visit] + 1
    ms = cast.touches["ms"][touch][visit] // 1000 * 1000 + (action - 1) * rng.integers(15, 70, len(visit)) * 1000
    ms = np.maximum.accumulate(ms + visit * clock.DAY * 4000) - visit * clock.DAY * 4000 if count else ms
    seat = np.where(rng.random(count) < 0.8, 0, 1)
    cookies = ids.hex_text(rng, cast.persons.count * SEATS, 16)
    by_id = cast.contact & (rng.random(cast.persons.count) < 0.3)
    guest = rng.random(count) < 0.012  # an account that everybody in the plant knows the password of
    names = pc.if_else(pa.array(by_id), ids.salesforce("003", cast.persons.number), cast.persons.email.cast(pa.string()))
    signed_in = (rng.random(count) < 0.88) & ~guest
    user = pc.if_else(pa.array(signed_in), names.take(pa.array(person)), None)
    return Portal(
        visit, action, ms, rng.integers(0, len(catalog.PORTAL_PAGES), len(visit)), touch,
        ids.numbered("", 1_000_000 + int(cast.accounts.number[0]) * 1000 + np.arange(count), 10),
        cookies.take(pa.array(person * SEATS + seat)),
        pc.if_else(pa.array(guest), pa.scalar(GUEST), user), signed_in,
    )  # fmt: skip


def _write(sink: IO[bytes], portal: Portal) -> None:
    if not len(portal.touch):
        sink.write(b"[]\n")
        return
    urls = pa.array([catalog.PORTAL + path for path, _ in catalog.PORTAL_PAGES])
    titles = pa.array([title for _, title in catalog.PORTAL_PAGES])
    page = pa.array(portal.page)
    number = pc.cast(pa.array(portal.action), pa.string())
    seconds = pc.cast(pa.array(portal.ms // 1000), pa.string())
    action = _join(
        '{"type":"action","url":"', urls.take(page), '","pageTitle":"', titles.take(page), '","pageIdAction":"',
        pc.cast(pa.array(portal.page + 11), pa.string()), '","pageviewPosition":"', number, '","timeSpent":"30","timestamp":', seconds, "}",
    )  # fmt: skip
    counts = np.bincount(portal.visit, minlength=len(portal.touch))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    actions = pc.binary_join(pa.ListArray.from_arrays(offsets, action), ",")
    starts = portal.ms[np.cumsum(counts) - counts]
    ends = portal.ms[np.cumsum(counts) - 1]
    user = pc.if_else(pc.is_valid(portal.user), _join('"', pc.fill_null(portal.user, ""), '"'), pa.scalar("null"))
    visits = _join(
        '{"idSite":"2","idVisit":"', pc.utf8_ltrim(portal.visit_ids, "0"), '","visitIp":"192.0.2.0","visitorId":"', portal.visitor,
        '","userId":', user, ',"visitorType":"returning","referrerType":"direct","referrerName":"","languageCode":"de",'
        '"deviceType":"Desktop","country":"Germany","siteCurrency":"EUR","serverTimestamp":', pc.cast(pa.array(ends // 1000), pa.string()),
        ',"firstActionTimestamp":', pc.cast(pa.array(starts // 1000), pa.string()),
        ',"lastActionTimestamp":', pc.cast(pa.array(ends // 1000), pa.string()),
        ',"lastActionDateTime":"', stamp(ends, "%Y-%m-%d %H:%M:%S"), '","actions":"', pc.cast(pa.array(counts), pa.string()),
        '","actionDetails":[', actions, "]}",
    )  # fmt: skip
    sink.write(b"[\n")
    sink.write(",\n".join(visits.to_pylist()).encode())
    sink.write(b"\n]\n")
