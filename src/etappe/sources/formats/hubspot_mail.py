"""HubSpot's marketing: the events of campaign mails, mailings, forms and what was sent through them.

An opening or click that HubSpot has filtered (robots, mail scanners, colleagues) is not the person's doing: it shows
that the mail arrived, and is kept as such, with a note.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import fact, leave_out
from etappe.sources.formats._objects import flat
from etappe.sources.formats._recognising import TABULAR, fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

FILTERED = "filtered by HubSpot: a robot, mail scanner or colleague, not the person"
_KINDS = {
    "SENT": ("email_sent", "out"), "PROCESSED": ("email_sent", "out"), "DELIVERED": ("email_delivered", "out"), "OPEN": ("email_open", "in"),
    "CLICK": ("email_click", "in"), "BOUNCE": ("email_bounce", "none"), "DROPPED": ("email_bounce", "none"),
    "SPAMREPORT": ("unsubscribe", "in"), "UNSUBSCRIBED": ("unsubscribe", "in"), "STATUSCHANGE": ("list_change", "in"),
    "FORWARD": ("email_open", "in"), "PRINT": ("email_open", "in"), "DEFERRED": ("email_sent", "out"),
}  # fmt: skip


def _is_event(sample: Sample) -> float:
    if sample.container not in (*TABULAR, "objects") or not sample.has("id", "type", "created", "recipient"):
        return 0.0
    return 0.96 if sample.has_any("emailCampaignId", "email_campaign_id", "filteredEvent", "filtered_event", "portalId", "portal_id") else 0.0


def _events(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    told = v.text("type")
    filtered = v.flag("filteredEvent", "filtered_event").fill_null(False) & ((told == "OPEN") | (told == "CLICK"))
    status = v.text("portalSubscriptionStatus", "portal_subscription_status")
    kind = ibis.cases(*[(told == word, kind) for word, (kind, _) in _KINDS.items()], else_="other")
    direction = ibis.cases(*[(told == word, way) for word, (_, way) in _KINDS.items()], else_="none")
    left = (told == "STATUSCHANGE") & (status == "UNSUBSCRIBED").fill_null(False)
    columns = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created"),
        "kind": ibis.cases((filtered, "email_delivered"), (left, "unsubscribe"), else_=kind),
        "name": v.text("subject"),
        "detail": told,
        "direction": ibis.cases((filtered, "out"), else_=direction),
        "email": v.email("recipient"),
        "url": v.text("url"),
        "medium": ibis.literal("email"),
        "origin": ibis.literal("hubspot"),
        "campaign": v.text("emailCampaignId", "email_campaign_id"),
        "note": ibis.cases((filtered, FILTERED), else_=ibis.null("string")),
    }
    return [Mapped("events", columns, rows=None if v.table is raw.table else v.table)]


# -- the warehouse's tables beside the events: what only some types of event have --------------------------------------


def _is_click(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "url", "user_agent"), ("browser", "location", "referer"), 2, never=("created", "recipient", "type")) else 0.0


def _is_letter(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "subject", "reply_to", "bcc"), never=("created", "recipient", "name")) else 0.0


def _is_bounce(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "category", "status", "response"), never=("created", "recipient", "name")) else 0.0


def _is_status(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "portal_subscription_status", "subscriptions"), never=("created", "recipient")) else 0.0


def _is_bare(sample: Sample) -> float:
    never = ("created", "recipient", "url", "name", "email", "type", "subject", "category")
    device = fits(sample, ("id", "browser", "location", "user_agent"), never=never) or fits(sample, ("id", "ip_address", "user_agent"), never=never)
    answer = fits(sample, ("id", "response"), ("smtp_id", "attempt"), never=never)
    return 0.9 if (device or answer) and len(sample.columns) <= 8 else 0.0


def _clicks(raw: Raw) -> list[Mapped]:
    return _about(raw, "url", "url")


def _letters(raw: Raw) -> list[Mapped]:
    return _about(raw, "name", "subject")


def _bounces(raw: Raw) -> list[Mapped]:
    return _about(raw, "text", "category")


def _statuses(raw: Raw) -> list[Mapped]:
    v = raw.values
    left = (v.text("portal_subscription_status") == "UNSUBSCRIBED").fill_null(False)
    leave_out(raw, ~left, "changes of subscription that were no unsubscription were left out")
    return [fact("events", v.text("id"), "kind", ibis.literal("unsubscribe"), where=left, primary=True)]


def _about(raw: Raw, field: str, column: str) -> list[Mapped]:
    """One field of mail events, from the table of one type of event."""
    value = raw.values.text(column)
    leave_out(raw, value.isnull(), f"rows have no {column} and were left out")
    return [fact("events", raw.values.text("id"), field, value, where=value.notnull(), primary=True)]


# -- mailings and forms ------------------------------------------------------------------------------------------------


def _is_mailing(sample: Sample) -> float:
    return 0.93 if fits(sample, ("id", "name", "subject"), ("app_id", "appId", "content_id", "contentId", "num_included", "numIncluded")) else 0.0


def _mailings(raw: Raw) -> list[Mapped]:
    v = raw.values
    ident = v.text("id")
    name = ibis.coalesce(v.text("name"), v.text("subject"), ident)
    content = {"record_id": ident, "kind": ibis.literal("mail"), "name": name, "status": v.text("type")}
    return [Mapped("content", content), fact("campaign", ident, "label", name)]


def _is_form(sample: Sample) -> float:
    return 0.93 if fits(sample, ("guid", "name"), ("submit_text", "submitText", "form_type", "formType", "css_class")) else 0.0


def _forms(raw: Raw) -> list[Mapped]:
    v = raw.values
    ident = v.text("guid")
    content = {"record_id": ident, "happened_at": v.moment("created_at", "createdAt"), "kind": ibis.literal("form"), "name": v.text("name"), "url": v.text("redirect")}
    return [Mapped("content", content), fact("content", ident, "label", v.text("name"))]


def _is_submission(sample: Sample) -> float:
    return 0.95 if fits(sample, ("form_id", "contact_id"), ("conversion_id", "page_url", "submitted_at")) else 0.0


def _submissions(raw: Raw) -> list[Mapped]:
    v = raw.values
    contact, form, moment = v.text("contact_id"), v.text("form_id"), v.moment("timestamp", "submitted_at")
    columns: dict[str, ir.Value] = {
        "record_id": ibis.coalesce(v.text("conversion_id"), content_id(contact, form, moment)),
        "happened_at": moment,
        "kind": ibis.literal("form"),
        "name": v.text("title"),
        "detail": ibis.literal("form submission"),
        "direction": ibis.literal("in"),
        "contact_ref": contact,
        "url": v.text("page_url"),
        "content": form,
    }
    return [Mapped("events", columns)]


FORMATS = [
    Format("hubspot email events", "hubspot", "What became of each campaign mail: the e-mail events API or the warehouse table email_event.", _is_event, _events, zone="UTC", bulk=True),
    Format("hubspot email clicks", "hubspot", "Links that were clicked: the warehouse table email_event_click.", _is_click, _clicks, zone="UTC"),
    Format("hubspot email subjects", "hubspot", "Subjects of mails: the warehouse tables email_event_sent and email_event_dropped.", _is_letter, _letters, zone="UTC"),
    Format("hubspot email bounces", "hubspot", "Why mails did not arrive: the warehouse table email_event_bounce.", _is_bounce, _bounces, zone="UTC"),
    Format("hubspot subscription changes", "hubspot", "Who opted out of mails: the warehouse table email_event_status_change.", _is_status, _statuses, zone="UTC"),
    Format("hubspot mailings", "hubspot", "Campaign mails: the warehouse table email_campaign or its API.", _is_mailing, _mailings, zone="UTC"),
    Format("hubspot forms", "hubspot", "Forms: the warehouse table form.", _is_form, _forms, zone="UTC"),
    Format("hubspot form submissions", "hubspot", "Forms that were sent: the warehouse table contact_form_submission.", _is_submission, _submissions, zone="UTC"),
    set_aside("hubspot email event details", "hubspot", "Browser and server answers of mail events.", _is_bare, "browser, place and server answers of mails add nothing to a journey"),
]  # fmt: skip
