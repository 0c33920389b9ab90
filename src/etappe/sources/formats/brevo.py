"""Brevo: the events of campaign mails, as its webhooks send them (JSON or JSON lines).

One event carries its time several times over, in different zones: `ts_event` (and `ts_epoch`, in milliseconds) are UTC
and are used first; `date_event` is local to the account, `date` is Central European.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import flat
from etappe.sources.formats._recognising import TABULAR
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_KINDS = {
    "request": ("email_sent", "out"), "sent": ("email_sent", "out"), "delivered": ("email_delivered", "out"), "deferred": ("email_sent", "out"),
    "opened": ("email_open", "in"), "unique_opened": ("email_open", "in"), "open": ("email_open", "in"), "proxy_open": ("email_delivered", "out"),
    "unique_proxy_open": ("email_delivered", "out"), "click": ("email_click", "in"), "clicked": ("email_click", "in"), "hard_bounce": ("email_bounce", "none"),
    "soft_bounce": ("email_bounce", "none"), "blocked": ("email_bounce", "none"), "invalid_email": ("email_bounce", "none"), "spam": ("unsubscribe", "in"),
    "complaint": ("unsubscribe", "in"), "unsubscribe": ("unsubscribe", "in"), "unsubscribed": ("unsubscribe", "in"), "list_addition": ("list_change", "none"),
}  # fmt: skip
PROXY = "opened by a mail program's proxy, not by the person"


def _is_event(sample: Sample) -> float:
    if sample.container not in (*TABULAR, "objects") or not sample.has("event", "email"):
        return 0.0
    timed = sample.has_any("ts_event", "ts_epoch", "date_event", "ts_sent", "date_sent")
    return 0.94 if timed and sample.has_any("camp_id", "message-id", "campaign name", "list_id", "sending_ip", "segment_ids") else 0.0


def _events(raw: Raw) -> list[Mapped]:
    v = flat(raw)
    told, email = v.text("event").lower(), v.email("email")
    moment = ibis.coalesce(v.moment("ts_event", zone="UTC"), v.moment("ts_epoch", zone="UTC"), v.moment("date_event"), v.moment("ts", zone="UTC"), v.moment("date", zone="Europe/Paris"))
    kind = ibis.cases(*[(told == word, kind) for word, (kind, _) in _KINDS.items()], else_="other")
    url = v.text("URL", "link", "url")
    proxy = told.contains("proxy").fill_null(False)
    # The `id` of a webhook is its own, not the event's: the same opening sent twice is one.
    columns: dict[str, ir.Value] = {
        "record_id": content_id(told, email, moment, v.text("message-id", "camp_id"), url),
        "happened_at": moment,
        "kind": kind,
        "name": v.text("subject"),
        "detail": told,
        "direction": ibis.cases(*[(told == word, way) for word, (_, way) in _KINDS.items()], else_="none"),
        "email": email,
        "url": url,
        "medium": ibis.literal("email"),
        "origin": ibis.literal("brevo"),
        "campaign": ibis.coalesce(v.text("campaign name"), v.text("camp_id")),
        "note": ibis.cases((proxy, PROXY), else_=ibis.null("string")),
    }
    return [Mapped("events", columns, rows=None if v.table is raw.table else v.table)]


FORMATS = [Format("brevo email events", "brevo", "What became of mails: the events that Brevo's webhooks send.", _is_event, _events)]
