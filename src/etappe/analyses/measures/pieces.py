"""The pieces of content that are used in a stage, with their coverage: pages by their path, files and webinars by their name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from etappe.analyses.measures.cases import cases_of
from etappe.analyses.measures.found import share_of
from etappe.analyses.measures.observed import DAY, Observed
from etappe.analyses.measures.touching import decided
from etappe.analyses.measures.using import CONTENT
from etappe.tables.functions import micros
from etappe.words.result import Figure

KINDS = ("page_view", "download", "video", "webinar")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of content in a stage: how the evidence knows it, its title, and the share of journeys that use it."""

    stage: str
    content: str
    title: str
    figure: Figure


def pieces(observed: Observed, population: Any, stages: Collection[str], most: int = 4) -> list[Piece]:
    """The most used pieces of each stage."""
    steps = observed.tables.built["steps"]
    path = steps.url.re_extract("^[a-zA-Z]+://[^/?#]*([^?#]*)", 1).re_replace("(.)/+$", "\\1").nullif("")
    used = steps.filter(steps.kind.isin(KINDS)).mutate(thing=ibis.coalesce(steps.content, path))
    used = used.filter(used.thing.notnull() & ~used.thing.isin(["/", "/de", "/en"]))
    counted = used.group_by("stage", "thing").agg(n=used.journey_id.nunique(), title=used.name.max())
    ranked = counted.mutate(place=ibis.row_number().over(group_by="stage", order_by=[counted.n.desc(), counted.thing]))
    top = observed.tables.engine.keep("pieces", ranked.filter((ranked.place < most * 2) & ranked.stage.isin(list(stages)) & (ranked.n >= CONTENT.minimum_n)))
    first = used.semi_join(top, ["stage", "thing"]).group_by("journey_id", "stage", "thing").agg(at=micros(ibis._.happened_at).min())
    rows = observed.tables.engine.to_arrow(first.inner_join(observed.numbered.select("journey_id", "no"), "journey_id").select("no", "stage", "thing", "at"))
    journey, at = rows["no"].to_numpy(), rows["at"].to_numpy() / DAY
    stage, thing = (np.asarray(rows[name].to_pylist(), object) for name in ("stage", "thing"))
    found = []
    for row in observed.tables.engine.rows(top):
        cases = cases_of(observed, row["stage"], population)
        if not len(cases):
            continue
        here = (stage == row["stage"]) & (thing == row["thing"])
        seen = np.full(observed.size, np.inf)
        np.minimum.at(seen, journey[here], at[here])
        figure = share_of(*decided(cases, seen[cases.journey], np.isfinite(seen[cases.journey])), CONTENT)
        found.append(Piece(row["stage"], row["thing"], row["title"] or row["thing"], figure))
    observed.tables.engine.drop(top)
    found.sort(key=lambda piece: -(piece.figure.value or 0.0))
    return [piece for piece in found if piece.figure.value is not None and sum(other.stage == piece.stage for other in found[: found.index(piece)]) < most]
