"""Mautic: contacts and what they did, as tables of its database or exports of them; times are UTC without saying so."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id

_CONTACT = ("points", "date_identified", "last_active", "preferred_profile_image", "stage_id", "is_published", "date_added", "attribution", "owner_id", "address1", "zipcode", "companyemail")


def _is_contact(sample: Sample) -> float:
    if not fits(sample, ("email",), ("firstname", "lastname"), never=("first_name", "lead_id", "property_email", "emailcampaignid")):
        return 0.0
    own = sum(sample.has(name) for name in _CONTACT)
    return 0.9 if sample.has("id") and own >= 2 else 0.6 if own >= 3 else 0.0


def _contacts(raw: Raw) -> list[Mapped]:
    v = raw.values
    email = v.email("email")
    columns = {
        "record_id": ibis.coalesce(v.text("id"), content_id(email)) if v.has("id") else content_id(email),
        "happened_at": v.moment("date_added", "date_identified"),
        "email": email,
        "phone": v.first("phone", "mobile"),
        "first_name": v.text("firstname"),
        "last_name": v.text("lastname"),
        "title": v.first("position", "jobtitle"),
        "company_name": v.text("company"),
        "domain": v.first("website", "companywebsite"),
        "city": v.text("city"),
        "country": v.text("country"),
        "language": v.text("preferred_locale"),
        "lifecycle": v.first("stage", "stage_id"),
        "owner": v.text("owner_id"),
    }
    v.raw("last_active")
    columns["attributes"] = v.rest()
    return [Mapped("people", columns)]


# What the log of contacts calls things: (bundle, object, action) to kind and direction.
_LOG = {
    ("page", "page", ""): ("page_view", "in"),
    ("asset", "asset", ""): ("download", "in"),
    ("form", "submission", ""): ("form", "in"),
    ("email", "email", "read"): ("email_open", "in"),
    ("email", "email", "sent"): ("email_sent", "out"),
    ("lead", "import", ""): ("list_change", "none"),
    ("lead", "segment", ""): ("list_change", "none"),
    ("core", "utmtags", ""): ("web_event", "in"),
    ("plugin", "webhook", ""): ("other", "none"),
}


def _is_log(sample: Sample) -> float:
    return 0.95 if fits(sample, ("lead_id", "bundle", "object", "action", "date_added")) else 0.0


def _log(raw: Raw) -> list[Mapped]:
    v = raw.values
    bundle, thing, action = v.text("bundle"), v.text("object"), v.text("action")
    known = [((bundle == key[0]) & (thing == key[1]) & ((action == key[2]) if key[2] else ibis.literal(True)), what) for key, what in _LOG.items()]
    columns = {
        "record_id": ibis.literal("log:") + v.text("id"),
        "happened_at": v.moment("date_added"),
        "kind": ibis.cases(*[(fit, what[0]) for fit, what in known], else_="other"),
        "name": ibis.coalesce(v.text("properties").re_extract(r'"(?:object_description|name|title)":\s*"([^"]+)"', 1).nullif(""), bundle + " " + action),
        "detail": bundle + ":" + ibis.coalesce(thing, "") + ":" + ibis.coalesce(action, ""),
        "direction": ibis.cases(*[(fit, what[1]) for fit, what in known], else_="none"),
        "contact_ref": v.text("lead_id"),
        "content": v.text("object_id"),
        "owner": v.text("user_name"),
    }
    return [Mapped("events", columns)]


def _is_hit(sample: Sample) -> float:
    return 0.95 if fits(sample, ("date_hit", "lead_id"), ("tracking_id", "url", "url_title", "redirect_id")) else 0.0


def _hits(raw: Raw) -> list[Mapped]:
    v = raw.values
    mailed = v.text("email_id").notnull() & v.text("redirect_id").notnull()
    source = v.text("source")
    columns = {
        "record_id": _hit_id(v),
        "happened_at": v.moment("date_hit"),
        "kind": ibis.cases((mailed, "email_click"), else_="page_view"),
        "name": v.text("url_title"),
        "detail": ibis.cases((source.notnull(), source), else_="page hit"),
        "direction": ibis.literal("in"),
        "contact_ref": v.text("lead_id"),
        "cookie": v.text("tracking_id"),
        "url": v.text("url"),
        "referrer": v.text("referer"),
        "medium": ibis.cases((mailed, "email"), else_=ibis.null("string")),
        "content": v.text("email_id"),
    }
    return [Mapped("events", columns)]


def _hit_id(v: Values) -> ir.StringValue:
    made = content_id(v.text("tracking_id"), v.text("lead_id"), v.text("date_hit"), v.text("url"))
    return ibis.literal("hit:") + (ibis.coalesce(v.text("id"), made) if v.has("id") else made)


def _is_stat(sample: Sample) -> float:
    return 0.95 if fits(sample, ("email_address", "date_sent"), ("tracking_hash", "is_read", "date_read", "open_count")) else 0.0


def _stats(raw: Raw) -> list[Mapped]:
    """A row a mail that was sent; its opening stands in the same row."""
    v = raw.values
    ident = ibis.coalesce(v.text("id"), content_id(v.text("email_id"), v.text("email_address"), v.text("date_sent"))) if v.has("id") else v.text("tracking_hash")
    failed, opened = v.flag("is_failed").fill_null(False), v.moment("date_read")
    shared: dict[str, ir.Value] = {
        "contact_ref": v.text("lead_id"),
        "email": v.email("email_address"),
        "medium": ibis.literal("email"),
        "origin": ibis.literal("mautic"),
        "content": v.text("email_id"),
    }
    sent = shared | {
        "record_id": ibis.literal("mail:") + ident,
        "happened_at": v.moment("date_sent"),
        "kind": ibis.cases((failed, "email_bounce"), else_="email_sent"),
        "detail": ibis.cases((failed, "failed"), else_="sent"),
        "direction": ibis.literal("out"),
    }
    read = shared | {
        "record_id": ibis.literal("open:") + ident,
        "happened_at": opened,
        "kind": ibis.literal("email_open"),
        "detail": ibis.literal("read"),
        "direction": ibis.literal("in"),
    }
    return [Mapped("events", sent), Mapped("events", read, where=opened.notnull(), primary=False)]


def _is_submission(sample: Sample) -> float:
    return 0.93 if fits(sample, ("form_id", "lead_id", "date_submitted")) else 0.0


def _submissions(raw: Raw) -> list[Mapped]:
    v = raw.values
    columns = {
        "record_id": ibis.literal("form:") + v.text("id"),
        "happened_at": v.moment("date_submitted"),
        "kind": ibis.literal("form"),
        "name": v.text("form_name", "name"),
        "detail": ibis.literal("form submission"),
        "direction": ibis.literal("in"),
        "contact_ref": v.text("lead_id"),
        "cookie": v.text("tracking_id"),
        "url": v.text("referer"),
        "content": v.text("form_id"),
    }
    return [Mapped("events", columns)]


def _is_download(sample: Sample) -> float:
    return 0.93 if fits(sample, ("asset_id", "date_download")) else 0.0


def _downloads(raw: Raw) -> list[Mapped]:
    v = raw.values
    columns = {
        "record_id": ibis.literal("asset:") + v.text("id"),
        "happened_at": v.moment("date_download"),
        "kind": ibis.literal("download"),
        "name": v.text("title", "asset_title"),
        "detail": ibis.literal("asset download"),
        "direction": ibis.literal("in"),
        "contact_ref": v.text("lead_id"),
        "cookie": v.text("tracking_id"),
        "referrer": v.text("referer"),
        "content": v.text("asset_id"),
    }
    return [Mapped("events", columns)]


def _is_optout(sample: Sample) -> float:
    return 0.93 if fits(sample, ("lead_id", "reason", "channel", "date_added"), never=("bundle",)) else 0.0


def _optouts(raw: Raw) -> list[Mapped]:
    v = raw.values
    # Reasons: 1 unsubscribed, 2 bounced, 3 put there by a colleague.
    reason = v.text("reason")
    columns = {
        "record_id": ibis.literal("dnc:") + v.text("id"),
        "happened_at": v.moment("date_added"),
        "kind": ibis.cases((reason == "2", "email_bounce"), else_="unsubscribe"),
        "detail": ibis.literal("do not contact: ") + v.text("channel"),
        "direction": ibis.cases((reason == "1", "in"), else_="none"),
        "contact_ref": v.text("lead_id"),
        "text": v.text("comments"),
    }
    return [Mapped("events", columns)]


def _is_points(sample: Sample) -> float:
    return 0.9 if fits(sample, ("lead_id", "delta", "event_name", "date_added")) else 0.0


FORMATS = [
    Format("mautic contacts", "mautic", "People of Mautic: Contacts › Export, or the database table leads.", _is_contact, _contacts, zone="UTC"),
    Format("mautic contact log", "mautic", "What Mautic logged of each contact: the database table lead_event_log.", _is_log, _log, zone="UTC"),
    Format("mautic page hits", "mautic", "Pages viewed and links of mails clicked: the database table page_hits.", _is_hit, _hits, zone="UTC", bulk=True),
    Format("mautic email stats", "mautic", "Mails sent and opened: the database table email_stats.", _is_stat, _stats, zone="UTC", bulk=True),
    Format("mautic form submissions", "mautic", "Forms that were sent: the database table form_submissions.", _is_submission, _submissions, zone="UTC"),
    Format("mautic downloads", "mautic", "Files that were downloaded: the database table asset_downloads.", _is_download, _downloads, zone="UTC"),
    Format("mautic opt-outs", "mautic", "Who may not be contacted: the database table lead_donotcontact.", _is_optout, _optouts, zone="UTC"),
    set_aside("mautic points", "mautic", "Mautic's log of points.", _is_points, "points are made from the very events that are read elsewhere"),
]  # fmt: skip
