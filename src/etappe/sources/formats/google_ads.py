"""Google Ads: the reports downloaded from the page (UTF-16 with tabs, title lines and sums) and the tables of the interface."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._ads import costs, currency_of, day_of, filled, newest, no_total
from etappe.sources.formats._facts import fact
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_NAME = ("Campaign", "Kampagne", "Campaign name", "Kampagnenname")
_ID = ("Campaign ID", "Kampagnen-ID")
_DAY = ("Day", "Tag", "Date", "Datum")
_COST = ("Cost", "Kosten", "Cost (Converted currency)", "Kosten (umgerechnete Währung)")
_SHOWN = ("Impr.", "Impressions", "Impressionen")
_CLICKS = ("Clicks", "Klicks", "Interactions", "Interaktionen")


def _recognise(sample: Sample) -> float:
    parts = (_NAME, _COST, _SHOWN, _CLICKS)
    if sample.headerless or not all(fits(sample, some=names) for names in parts):
        return 0.0
    if sample.has_any("Campaign Group Name", "Kampagnengruppenname"):
        return 0.0
    return (
        0.95
        if sample.has_any("Impr.", *_ID, "Currency code", "Währungscode", "Campaign status", "Kampagnenstatus")
        else 0.5
    )


def _map(raw: Raw) -> list[Mapped]:
    v = raw.values
    day, at = day_of(raw, *_DAY)
    columns: dict[str, ir.Value] = {
        "campaign": filled(v.text(*_NAME)),
        "campaign_ref": filled(v.text(*_ID)),
        "group": filled(v.text("Ad group", "Anzeigengruppe")),
        "ad": filled(v.first("Ad name", "Anzeigenname", "Headline 1", "Anzeigentitel 1", "Ad ID", "Anzeigen-ID")),
        "cost": v.number(*_COST),
        "currency": currency_of(raw, "Currency code", "Währungscode", "Currency", "Währung"),
        "impressions": v.integer(*_SHOWN),
        "clicks": v.integer(*_CLICKS),
        "conversions": v.number("Conversions", "Conv."),
    }
    # A report cut by device or network has several rows a campaign and day.
    cut = [
        filled(v.text(*names))
        for names in (
            ("Device", "Gerät"),
            ("Network", "Netzwerk"),
            ("Network (with search partners)", "Werbenetzwerk (mit Suchpartnern)"),
        )
    ]
    record_id = content_id(at, columns["campaign_ref"], columns["campaign"], columns["group"], columns["ad"], *cut)
    return costs("google ads", day, at, columns, no_total(raw, v.text(*_NAME)), record_id)


def _recognise_api(sample: Sample) -> float:
    finer = (
        "ad_group",
        "ad_group_id",
        "base_ad_group",
        "ad_id",
        "keyword_ad_group_criterion",
        "ad_group_criterion_criterion_id",
        "search_term",
    )
    campaign = ("base_campaign", "campaign_id", "campaign.id")
    return (
        0.95
        if fits(sample, ("cost_micros",), campaign, never=finer) and sample.has_any("date", "segments.date")
        else 0.0
    )


def _map_api(raw: Raw) -> list[Mapped]:
    v = raw.values
    day, at = v.day("date", "segments.date"), v.text("date", "segments.date")
    ref = ibis.coalesce(v.first("campaign_id", "campaign.id"), v.text("base_campaign").re_replace("^.*/", ""))
    columns: dict[str, ir.Value] = {
        "campaign_ref": ref,
        "campaign": v.first("campaign_name", "campaign.name"),
        "cost": v.number("cost_micros", "metrics.cost_micros") / 1e6,
        "currency": v.first("currency_code", "customer.currency_code"),
        "impressions": v.integer("impressions", "metrics.impressions"),
        "clicks": v.integer("clicks", "metrics.clicks"),
        "conversions": v.number("conversions", "metrics.conversions"),
    }
    cut = (v.text("device"), v.text("ad_network_type"), v.text("customer_id"))
    return costs("google ads", day, at, columns, record_id=content_id(at, ref, *cut))


def _recognise_again(sample: Sample) -> float:
    if not fits(sample, ("cost_micros",)) or not sample.has_any("date") or sample.has("search_term"):
        return 0.0
    return 0.0 if _recognise_api(sample) else 0.9


def _recognise_campaigns(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "name", "customer_id", "advertising_channel_type")) else 0.0


def _map_campaigns(raw: Raw) -> list[Mapped]:
    v = raw.values
    changed = v.moment("updated_at", zone="UTC")
    last = newest(raw, v.text("id"), changed)
    return [fact("campaign", v.text("id"), "label", v.text("name"), where=last, primary=True, happened_at=changed)]


def _recognise_terms(sample: Sample) -> float:
    return 0.95 if fits(sample, ("search_term", "cost_micros", "campaign_id", "date")) else 0.0


def _map_terms(raw: Raw) -> list[Mapped]:
    v = raw.values
    day, term = v.day("date"), v.text("search_term")
    ids = (
        v.text("date"),
        term,
        v.text("campaign_id"),
        v.text("ad_group_id"),
        v.text("keyword_ad_group_criterion"),
        v.text("search_term_match_type"),
    )
    return [
        Mapped(
            "searches",
            {
                "record_id": content_id(*ids),
                "happened_at": day.cast("timestamp").cast("timestamp('UTC')"),
                "day": day,
                "query": term,
                "device": v.text("device"),
                "clicks": v.integer("clicks"),
                "impressions": v.integer("impressions"),
            },
        )
    ]


def _recognise_ads(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "ad_group_id", "final_urls", "updated_at")) else 0.0


def _map_ads(raw: Raw) -> list[Mapped]:
    v = raw.values
    first = v.text("final_urls").re_replace(r"[\[\]\"' ]", "").re_replace(",.*$", "").nullif("")
    changed = v.moment("updated_at", zone="UTC")
    return [
        Mapped(
            "content",
            {
                "record_id": v.text("id"),
                "happened_at": changed,
                "kind": ibis.literal("advertisement"),
                "name": ibis.coalesce(v.text("name"), v.text("id")),
                "url": first,
                "status": v.text("status"),
            },
            where=newest(raw, v.text("id"), changed),
        )
    ]


def _recognise_labels(sample: Sample) -> float:
    account = fits(sample, ("id", "currency_code", "auto_tagging_enabled"))
    group = fits(sample, ("id", "campaign_id", "campaign_name", "name", "updated_at"), never=("cost_micros",))
    keyword = fits(sample, ("id", "ad_group_id", "keyword_match_type", "keyword_text"))
    return 0.9 if account or group or keyword else 0.0


FORMATS = [
    Format(
        "google ads report", "google_ads", "A campaign report of Google Ads downloaded from the page (Download › .csv or Excel .csv), by day, German or English.",
        _recognise, _map,
    ),
    Format("google ads costs by day", "google_ads", "The table campaign_stats of the interface (cost_micros).", _recognise_api, _map_api),
    Format("google ads campaigns", "google_ads", "The table campaign_history: names of the campaigns.", _recognise_campaigns, _map_campaigns),
    Format("google ads search terms", "google_ads", "The table search_term_keyword_stats: what people searched for.", _recognise_terms, _map_terms),
    Format("google ads advertisements", "google_ads", "The table ad_history: advertisements and their landing pages.", _recognise_ads, _map_ads),
    set_aside(
        "google ads costs, cut otherwise", "google_ads", "Costs by account, ad group, advertisement or keyword of the interface.", _recognise_again,
        "it has the money of campaign_stats a second time, cut in another way, and would be counted twice",
    ),
    set_aside("google ads labels", "google_ads", "Accounts, ad groups and keywords.", _recognise_labels, "no figure asks for the names of accounts, ad groups and keywords"),
]  # fmt: skip
