"""LinkedIn Ads: the Campaign Manager's CSV reports and the tables of the marketing interface."""

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

_DAY = ("Start Date (in UTC)", "Start Date", "Startdatum (UTC)", "Startdatum (in UTC)", "Startdatum", "Date", "Datum")
_SPENT = ("Total Spent", "Total Spent (EUR)", "Total Spent (USD)", "Total Spent (CHF)", "Spend", "Ausgaben insgesamt", "Gesamtausgaben", "Ausgegebener Gesamtbetrag", "Ausgaben")  # fmt: skip
_NAME = ("Campaign Name", "Kampagnenname", "Name der Kampagne")
_ID = ("Campaign ID", "Kampagnen-ID", "Kampagnen ID")
_GROUP = ("Campaign Group Name", "Kampagnengruppenname", "Name der Kampagnengruppe")
_SHOWN = ("Impressions", "Impressionen", "Anzeigenimpressionen")
_CLICKS = ("Clicks", "Klicks")


def _recognise(sample: Sample) -> float:
    if not fits(sample, some=_SPENT) or not fits(sample, some=_NAME) or not fits(sample, some=_SHOWN):
        return 0.0
    return 0.95 if sample.has_any(*_GROUP) or sample.has_any("Account Name", "Kontoname", "Name des Kontos") else 0.6


def _map(raw: Raw) -> list[Mapped]:
    v = raw.values
    day, at = day_of(raw, *_DAY)
    columns: dict[str, ir.Value] = {
        "campaign": filled(v.text(*_NAME)),
        "campaign_ref": _bare(v.text(*_ID)),
        "group": filled(v.text(*_GROUP)),
        "ad": filled(v.first("Creative Name", "Ad Name", "Anzeigenname", "Name der Anzeige", "Ad ID", "Anzeigen-ID")),
        "cost": v.number(*_SPENT),
        "currency": currency_of(raw, "Currency", "Währung", "Account Currency"),
        "impressions": v.integer(*_SHOWN),
        "clicks": v.integer(*_CLICKS),
        "conversions": v.number("Conversions", "Leads", "Konversionen"),
    }
    return costs("linkedin ads", day, at, columns, no_total(raw, v.text(*_NAME), v.text(*_ID)))


def _bare(ref: ir.StringValue) -> ir.StringValue:
    """An id without its `urn:li:sponsoredCampaign:`."""
    return filled(ref).re_replace("^urn:li:[A-Za-z]+:", "")


def _recognise_api(sample: Sample) -> float:
    spent = sample.has_any("cost_in_local_currency", "cost_in_usd")
    return 0.95 if fits(sample, ("campaign_id", "day", "impressions"), never=("creative_id",)) and spent else 0.0


def _map_api(raw: Raw) -> list[Mapped]:
    v = raw.values
    local = v.has("cost_in_local_currency")
    day, at = v.day("day"), v.text("day").substr(0, 10)
    columns: dict[str, ir.Value] = {
        "campaign_ref": _bare(v.text("campaign_id")),
        "cost": v.number("cost_in_local_currency", "cost_in_usd"),
        "currency": v.text("currency") if local else ibis.literal("USD"),
        "impressions": v.integer("impressions"),
        "clicks": v.integer("clicks"),
        "conversions": v.number("external_website_conversions", "one_click_leads"),
    }
    return costs("linkedin ads", day, at, columns)


def _recognise_campaigns(sample: Sample) -> float:
    return 0.9 if fits(sample, ("id", "name", "campaign_group_id", "account_id"), never=("campaign_id",)) else 0.0


def _map_campaigns(raw: Raw) -> list[Mapped]:
    v = raw.values
    changed = v.moment("last_modified_time", "last_modified_at", "created_time", zone="UTC")
    ref = _bare(v.text("id"))
    return [
        fact(
            "campaign", ref, "label", v.text("name"), where=newest(raw, ref, changed), primary=True, happened_at=changed
        )
    ]


def _recognise_creatives(sample: Sample) -> float:
    return (
        0.9
        if fits(
            sample,
            ("id", "campaign_id", "click_uri"),
            ("intended_status", "text_ad_landing_page", "spotlight_landing_page"),
            1,
        )
        else 0.0
    )


def _map_creatives(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [
        Mapped(
            "content",
            {
                "record_id": _bare(v.text("id")),
                "happened_at": v.moment("created_time", zone="UTC"),
                "kind": ibis.literal("advertisement"),
                "name": v.first("name", "title"),
                "url": v.first("click_uri", "text_ad_landing_page", "spotlight_landing_page"),
                "campaign": _bare(v.text("campaign_id")),
                "status": v.text("intended_status"),
            },
        )
    ]


def _recognise_again(sample: Sample) -> float:
    spent = sample.has_any("cost_in_local_currency", "cost_in_usd")
    finer = fits(sample, ("creative_id", "day")) or fits(sample, ("month",), ("member_country", "member_region"))
    return 0.95 if spent and finer else 0.0


def _recognise_labels(sample: Sample) -> float:
    group = fits(
        sample, ("id", "last_modified_time", "account_id", "name", "created_time"), never=("campaign_group_id",)
    )
    account = fits(sample, ("id", "last_modified_time", "created_time", "name", "currency", "version_tag"))
    return 0.9 if group or account else 0.0


FORMATS = [
    Format(
        "linkedin ads report", "linkedin_ads", "A report of LinkedIn's Campaign Manager (Export › Campaign performance, by day), as CSV or XLSX, German or English.",
        _recognise, _map, dates="mdy",
    ),
    Format("linkedin ads costs by day", "linkedin_ads", "The table ad_analytics_by_campaign of the marketing interface.", _recognise_api, _map_api, zone="UTC"),
    Format("linkedin ads campaigns", "linkedin_ads", "The table campaign_history: names of the campaigns.", _recognise_campaigns, _map_campaigns, zone="UTC"),
    Format("linkedin ads creatives", "linkedin_ads", "The table creative_history: advertisements and their landing pages.", _recognise_creatives, _map_creatives, zone="UTC"),
    set_aside(
        "linkedin ads costs, cut otherwise", "linkedin_ads", "Costs by creative, country or region of the marketing interface.", _recognise_again,
        "it has the money of ad_analytics_by_campaign a second time, cut in another way, and would be counted twice",
    ),
    set_aside("linkedin ads labels", "linkedin_ads", "Names of accounts and campaign groups.", _recognise_labels, "no figure asks for the names of accounts and campaign groups"),
]  # fmt: skip
