"""What attribution cannot see: won journeys without a tracked touch, without what came before sales, without consent,
and those whose buyers name another source themselves.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.analyses.analysis import Params, Tables
from etappe.analyses.answer import proportion
from etappe.analyses.population import in_period, journeys_of
from etappe.words.result import Recipe, Row

# Where a stated source would be seen, by words in it; the first that fits. German and English.
STATED = (
    (("messe", "fair", "trade show", "tradeshow"), ("fair",)),
    (("webinar",), ("webinar",)),
    (("empfehlung", "referral", "recommend", "word of mouth", "mundpropaganda"), ("recommendation", "referral site")),
    (("telefon", "phone", "call", "anruf"), ("inbound call", "outbound call")),
    (("partner", "händler", "reseller"), ("partner",)),
    (("linkedin", "xing", "facebook", "social"), ("organic social", "paid social")),
    (("bezahlte suche", "paid search", "adwords", "google ads", "sea"), ("paid search",)),
    (("google", "suche", "search", "seo"), ("organic search", "paid search")),
    (("mail", "newsletter"), ("email",)),
    (("website", "webseite", "homepage", "internet", "direkt", "direct", "web"),
     ("direct", "organic search", "paid search", "organic social", "paid social", "referral site", "display")),
)  # fmt: skip
COLUMNS = ("kind_of_spot", "source", "deals", "of", "share")
NO_TOUCH, SALES_FIRST, NO_CONSENT, UNSEEN = (
    "no tracked touch", "sales contact is the first touch", "events without consent", "stated source not on the path",
)  # fmt: skip


def blind_spots(tables: Tables, params: Params, won: int, without: float, sales_first: int, recipe: Recipe) -> list[Row]:
    """One row a blind spot; a row a source for what buyers state themselves."""
    rows = [
        _row(NO_TOUCH, None, round(without), won, recipe),
        _row(SALES_FIRST, None, sales_first, won, recipe),
        _consent(tables, params, recipe),
    ]
    stated = stated_sources(tables, params)
    unseen = sum(row["deals"] for row in stated)
    rows.append(_row(UNSEEN, None, unseen, sum(row["of"] for row in stated), recipe))
    return rows + [_row(UNSEEN, row["source"], row["deals"], row["of"], recipe) for row in stated]


def _row(spot: str, source: str | None, hits: int, n: int, recipe: Recipe) -> Row:
    return {"kind_of_spot": spot, "source": source, "deals": hits, "of": n, "share": proportion(hits, n, recipe)}


def _consent(tables: Tables, params: Params, recipe: Recipe) -> Row:
    """Events whose export says that there was no consent, of those that say anything about it."""
    events = in_period(tables.evidence["events"], "happened_at", params)
    events = events.filter(events.consent.notnull())
    found = tables.engine.rows(events.agg(n=events.count(), none=(~events.consent).ifelse(1, 0).sum()))[0]
    return _row(NO_CONSENT, None, int(found["none"] or 0), int(found["n"] or 0), recipe)


def stated_sources(tables: Tables, params: Params) -> list[Row]:
    """Won journeys by the source that their deal states, and how many of them have no touch of such a channel before the win."""
    journeys = journeys_of(tables, params, moment=None)
    won = in_period(journeys.filter(journeys.outcome == "won"), "ended_at", params).select("journey_id", won_at="ended_at")
    deals = tables.journey_deals.filter(tables.journey_deals.origin.notnull()).inner_join(won, "journey_id")
    stated = deals.group_by("journey_id").agg(source=deals.origin.min(), won_at=deals.won_at.max())
    expected = stated.mutate(places=_places(stated.source)).filter(lambda row: row.places.notnull())
    steps = tables.steps.select("journey_id", "channel", "happened_at").inner_join(expected, "journey_id")
    seen = steps.filter((steps.happened_at <= steps.won_at) & steps.places.contains(ibis.literal("|") + steps.channel + "|"))
    marked = expected.left_join(seen.select("journey_id", hit=ibis.literal(1)).distinct(), "journey_id")
    counted = marked.group_by("source").agg(of=marked.count(), deals=marked.hit.isnull().ifelse(1, 0).sum())
    rows = tables.engine.rows(counted.order_by([counted.of.desc(), counted.source]))
    return [{"source": row["source"], "deals": int(row["deals"]), "of": int(row["of"])} for row in rows]


def _places(source: ir.Value) -> ir.Value:
    """The channels in which a stated source would be seen, between bars; null for one that says nothing known."""
    text = source.lower()
    cases = []
    for words, channels in STATED:
        hit = text.contains(words[0])
        for word in words[1:]:
            hit = hit | text.contains(word)
        cases.append((hit, ibis.literal(f"|{'|'.join(channels)}|")))
    return ibis.cases(*cases, else_=ibis.null("string"))
