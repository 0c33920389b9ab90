"""Snowplow: the enriched events of the tracker, as atomic.events in a warehouse or as the enriched stream's TSV.

This is the format with the most rows, so every expression here is a plain look at a cell or a comparison; regular
expressions only touch the events that are not page views.
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._web import BOT, WEB_WORDS, kind_by_words, robot
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id
from etappe.tables import functions as fn

# The order of the enriched stream is fixed and has no header: columns are known by their place alone.
_PLACES = """
    app_id platform etl_tstamp collector_tstamp dvce_created_tstamp event event_id txn_id name_tracker v_tracker v_collector
    v_etl user_id user_ipaddress user_fingerprint domain_userid domain_sessionidx network_userid geo_country geo_region geo_city
    geo_zipcode geo_latitude geo_longitude geo_region_name ip_isp ip_organization ip_domain ip_netspeed page_url page_title
    page_referrer page_urlscheme page_urlhost page_urlport page_urlpath page_urlquery page_urlfragment refr_urlscheme
    refr_urlhost refr_urlport refr_urlpath refr_urlquery refr_urlfragment refr_medium refr_source refr_term mkt_medium
    mkt_source mkt_term mkt_content mkt_campaign contexts se_category se_action se_label se_property se_value unstruct_event
    tr_orderid tr_affiliation tr_total tr_tax tr_shipping tr_city tr_state tr_country ti_orderid ti_sku ti_name ti_category
    ti_price ti_quantity pp_xoffset_min pp_xoffset_max pp_yoffset_min pp_yoffset_max useragent br_name br_family br_version
    br_type br_renderengine br_lang br_features_pdf br_features_flash br_features_java br_features_director
    br_features_quicktime br_features_realplayer br_features_windowsmedia br_features_gears br_features_silverlight br_cookies
    br_colordepth br_viewwidth br_viewheight os_name os_family os_manufacturer os_timezone dvce_type dvce_ismobile
    dvce_screenwidth dvce_screenheight doc_charset doc_width doc_height tr_currency tr_total_base tr_tax_base tr_shipping_base
    ti_currency ti_price_base base_currency geo_timezone mkt_clickid mkt_network etl_tags dvce_sent_tstamp refr_domain_userid
    refr_device_tstamp derived_contexts domain_sessionid derived_tstamp event_vendor event_name event_format event_version
    event_fingerprint true_tstamp
"""
ENRICHED = tuple(_PLACES.split())
_TIMES = ("derived_tstamp", "true_tstamp", "collector_tstamp", "dvce_created_tstamp")
_IDS = ("domain_userid", "network_userid", "user_id", "domain_sessionid")
_TYPES = {
    "page_view",
    "page_ping",
    "struct",
    "unstruct",
    "transaction",
    "transaction_item",
    "pv",
    "pp",
    "se",
    "ue",
    "tr",
    "ti",
}


def _recognise(sample: Sample) -> float:
    if sample.container not in ("table", "parquet") or sample.headerless or not sample.has_any(*_TIMES):
        return 0.0
    if sample.has("event_id") and sample.has_any(*_IDS) and sample.has_any("event", "event_name", "page_url"):
        return 0.95
    return (
        0.8 if sample.has_any("domain_userid", "domain_sessionid") and sample.has_any("page_url", "event_name") else 0.0
    )


def _recognise_stream(sample: Sample) -> float:
    if (
        sample.container != "table"
        or not sample.headerless
        or sample.delimiter != "\t"
        or len(sample.columns) != len(ENRICHED)
    ):
        return 0.0
    cells = [list(row.values()) for row in sample.rows[:50]]
    fits = [len(row) > 6 and row[5] in _TYPES and re.match(r"\d{4}-\d\d-\d\d ", row[3]) is not None for row in cells]
    return 0.95 if fits and sum(fits) >= 0.9 * len(fits) else 0.0


def _field(v: Values, schema: str, *names: str) -> ir.StringValue:
    """A field of a self-describing event, from the stream's one JSON column or the warehouse's column of that schema."""
    found: list[ir.StringValue] = []
    for column in v.table.columns:
        lowered = column.lower()
        if lowered == "unstruct_event":
            cell = v.table[column].nullif("").try_cast("json")
            found += [fn.json_text(cell, f"$.data.data.{name}") for name in names]
        elif lowered.startswith("unstruct_event_") and schema in lowered:
            cell = v.table[column]
            if cell.type().is_struct():
                found += [cell[name].cast("string") for name in names if name in cell.type().names]
                continue
            text = (
                fn.json_text(cell.nullif("").try_cast("json"), f"$.{names[0]}")
                if cell.type().is_string()
                else ibis.null("string")
            )
            found.append(text)
            found += [
                fn.json_text(cell.nullif("").try_cast("json"), f"$.{name}")
                for name in names[1:]
                if cell.type().is_string()
            ]
    return ibis.coalesce(*found) if found else ibis.null("string")


def _map(raw: Raw) -> list[Mapped]:
    v, did = raw.values, _Did(raw.values)
    medium, source = _came_by(v)
    session = ibis.coalesce(v.text("domain_sessionid"), v.text("domain_userid") + ":" + v.text("domain_sessionidx"))
    columns: dict[str, ir.Value] = {
        "record_id": _record_id(v, did.what, did.page, session),
        "happened_at": v.moment_of(v.first(*_TIMES), "derived_tstamp"),
        "kind": did.kind(),
        "name": did.name(),
        "detail": ibis.cases((did.structured, _words(v.text("se_category"), v.text("se_action"))), else_=did.what),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "cookie": v.first("domain_userid", "network_userid"),
        "user_id": v.text("user_id"),
        "domain": _network(v),
        "session_id": session,
        "url": ibis.coalesce(did.target, did.page),
        "referrer": v.text("page_referrer"),
        "medium": medium,
        "origin": source,
        "campaign": v.text("mkt_campaign"),
        "content": ibis.coalesce(v.text("mkt_content"), _where(did.structured, v.text("se_property"))),
        "term": ibis.coalesce(did.searched, v.first("mkt_term", "refr_term")),
        "value": ibis.coalesce(v.number("se_value", sure=False), v.number("tr_total", sure=False)),
        "currency": v.text("tr_currency"),
        "note": _robots(v),
    }
    return [Mapped("events", columns)]


class _Did:
    """What the visitor did: a page view, a structured event, or one that describes itself."""

    def __init__(self, v: Values) -> None:
        self._values, event = v, v.text("event")
        self.page, self.what = v.text("page_url"), ibis.coalesce(v.text("event_name"), event)
        self.viewed, self.structured = self.what.isin(("page_view", "pv")), event.isin(("struct", "se"))
        self._clicked = self.what == "link_click"
        self.target = _where(self._clicked, _field(v, "link_click", "targetUrl", "target_url"))
        self.searched = _where(self.what == "site_search", _field(v, "site_search", "terms"))

    def kind(self) -> ir.StringValue:
        """The kind of event; a structured one is known by its own words."""
        v, what = self._values, self.what
        said = _words(v.text("se_category"), v.text("se_action"), v.text("se_label"))
        words = ibis.cases((self.structured, said), (self._clicked, self.target), else_=what)
        to_a_file = ibis.cases((self.target.re_search(WEB_WORDS["file"]), "download"), else_="web_event")
        return ibis.cases(
            (self.viewed, "page_view"),
            (what.isin(("page_ping", "pp", "focus_form", "change_form", "transaction_item", "ti")), "web_event"),
            (self._clicked, to_a_file),
            (what.isin(("transaction", "tr")), "purchase"),
            else_=kind_by_words(words),
        )

    def name(self) -> ir.StringValue:
        """What it was done to: the page, the label, the form, the link."""
        v = self._values
        return ibis.cases(
            (self.viewed, ibis.coalesce(v.text("page_title"), v.text("page_urlpath"))),
            (self.structured, ibis.coalesce(v.text("se_label"), v.text("se_action"))),
            else_=ibis.coalesce(_field(v, "submit_form", "formId", "form_id"), self.target, self.what),
        )


def _where(holds: ir.BooleanValue, text: ir.StringValue) -> ir.StringValue:
    return ibis.cases((holds, text), else_=ibis.null("string"))


def _record_id(v: Values, what: ir.StringValue, page: ir.StringValue, session: ir.StringValue) -> ir.StringValue:
    if v.has("event_id"):
        return v.text("event_id")
    return content_id(v.first(*_TIMES), what, page, session, v.text("user_id"), v.text("se_action"), v.text("se_label"))


def _words(*parts: ir.StringValue) -> ir.StringValue:
    joined = ibis.coalesce(parts[0], "")
    for part in parts[1:]:
        joined = joined + " " + ibis.coalesce(part, "")
    return joined


def _came_by(v: Values) -> tuple[ir.StringValue, ir.StringValue]:
    """Medium and source: the link's own marks, then the click id's network, then what the enrichment read off the page before.

    A page of the own site ("internal") is no way in; a site the enrichment does not know is a referral.
    """
    before = v.text("refr_medium")
    referred = ibis.cases(
        (before == "internal", ibis.null("string")),
        (before.isin(("unknown", "other")), "referral"),
        else_=before,
    )
    clicked = ibis.cases((v.text("mkt_clickid").notnull(), "cpc"), else_=ibis.null("string"))
    medium = ibis.coalesce(v.text("mkt_medium"), clicked, referred)
    return medium, ibis.coalesce(v.text("mkt_source"), v.text("mkt_network"), v.text("refr_source"))


def _network(v: Values) -> ir.StringValue:
    """The domain behind the visitor's address; an organisation counts only where it is written as a domain."""
    named = v.text("ip_organization")
    return ibis.coalesce(
        v.text("ip_domain"),
        ibis.cases((named.contains(".") & ~named.contains(" "), named), else_=ibis.null("string")),
    )


def _robots(v: Values) -> ir.StringValue:
    checked = v.name(
        "contexts_com_iab_snowplow_spiders_and_robots_1_0_0",
        "contexts_com_iab_snowplow_spiders_and_robots_1",
        "derived_contexts",
    )
    by_list = ibis.literal(False)
    if checked is not None and v.table[checked].type().is_string():
        cell = v.table[checked]
        by_list = cell.contains('"spiderOrRobot":true') | cell.contains('"spider_or_robot":true')
    return ibis.cases((robot(v.text("useragent")) | by_list.fill_null(False), BOT), else_=ibis.null("string"))


FORMATS = [
    Format(
        "snowplow events", "snowplow",
        "Events of the Snowplow tracker: atomic.events from the warehouse, as CSV or Parquet, with all columns or those you choose.",
        _recognise, _map, zone="UTC", bulk=True,
    ),
    Format(
        "snowplow enriched stream", "snowplow",
        "The enriched stream of Snowplow as it is written to files: 131 columns separated by tabs, without a header.",
        _recognise_stream, _map, columns=ENRICHED, zone="UTC", quoted=False, bulk=True,
    ),
]  # fmt: skip
