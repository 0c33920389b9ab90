"""Words for contacts between people and the vendor, by which CRM activities become kinds of event."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.tables import functions

PLANNED = "planned, not marked as done"
CANCELLED = "cancelled or missed, did not take place"

# Tried in this order; a word counts anywhere in the tool's own word for the type.
_KINDS = (
    ("webinar", r"webinar|web seminar|online-?seminar"),
    ("fair_visit", r"trade ?show|trade ?fair|\bfair\b|messe|exhibition|expo\b"),
    ("event_visit", r"conference|konferenz|seminar|workshop-event|roadshow|congress|kongress|hausmesse|field event|event visit|veranstaltung"),
    ("email_sent", r"list ?email|mass ?email|massen-?e-?mail|serien-?e?-?mail|newsletter"),
    ("email", r"e-?mail|\bmail\b"),
    ("chat", r"\bchat|whatsapp|wechat"),
    ("social", r"linked ?in|xing|social|facebook|twitter|instagram"),
    ("call", r"\bcall|anruf|telefon|phone|voicemail|rückruf|\bsms\b"),
    ("letter", r"letter|\bbrief|parcel|paket|postal|\bpost\b|\bfax\b"),
    ("meeting", r"meeting|besuch|termin|besprechung|\bdemo|präsentation|presentation|treffen|visit|appointment|lunch|mittagessen|vor ort|on-?site|workshop"),
    ("note", r"\bnote|notiz"),
    ("task", r"task|aufgabe|to-?do|follow-?up|wiedervorlage|deadline|frist"),
)  # fmt: skip


def kind_of(words: ir.StringValue, otherwise: str | ir.Value) -> ir.StringValue:
    """The kind of event by a tool's own word for the type of an activity; `otherwise` where no word is known."""
    plain = ibis.coalesce(words.lower(), "")
    return ibis.cases(*[(plain.re_search(pattern), kind) for kind, pattern in _KINDS], else_=otherwise)


def campaign_kind(words: ir.StringValue) -> ir.StringValue:
    """What taking part in a campaign of this type is: a webinar, a fair, another event; null for mailings and the rest."""
    plain = ibis.coalesce(words.lower(), "")
    chosen = [(kind, pattern) for kind, pattern in _KINDS if kind in ("webinar", "fair_visit", "event_visit")]
    return ibis.cases(
        *[(plain.re_search(pattern), kind) for kind, pattern in chosen],
        (plain == "event", "event_visit"),
        else_=ibis.null("string"),
    )


_ABSENT = r"no[ -]?show|not attend|nicht (erschienen|teilgenommen)|invit|eingeladen|\bsent\b|gesendet|declin|abgesagt|cancel|storn"
_SIGNED_UP = r"regist|angemeldet|anmeldung|sign(ed)?[ -]?up|zugesagt|accepted"
_THERE = r"attend|teilgenommen|teilnahme|besucht|visited|visitor|besucher|met at|gespräch|scanned|walk-?in|on-?demand|watched"


def membership(campaign: ir.StringValue, status: ir.StringValue, responded: ir.BooleanValue) -> ir.StringValue:
    """What being a member of a campaign is: the visit of its fair, webinar or event for those who were there, else a
    change of a list. Whoever has signed up for a webinar keeps its kind: the status says that it was no more than that."""
    plain = ibis.coalesce(status.lower(), "")
    signed = plain.re_search(_SIGNED_UP)
    there = ~plain.re_search(_ABSENT) & ~signed & (plain.re_search(_THERE) | responded.fill_null(False))
    took_part = campaign.notnull() & (there | (signed & (campaign == "webinar")))
    return ibis.cases((took_part, campaign), else_="list_change")


def at_event(day: ir.TimestampValue, start: ir.TimestampValue) -> ir.TimestampValue:
    """When a visit took place: on the day noted, if that lies in the week of the event, else on the event's first day
    (lists are often entered long after)."""
    near = (day >= start - ibis.interval(days=1)) & (day < start + ibis.interval(days=7))
    return ibis.cases((start.isnull() | near.fill_null(False), day), else_=start)


_ADDRESS = r"[a-z0-9._%+-]+@[a-z0-9-]+(?:[.][a-z0-9-]+)+"


def address_in(text: ir.StringValue) -> ir.StringValue:
    """The first e-mail address that stands in a text, lower case; null where there is none."""
    return functions.extract(text.lower(), _ADDRESS, 0).nullif("")


def addresses_in(text: ir.StringValue) -> ir.ArrayValue:
    """The e-mail addresses that stand in a free text, lower case; null where there are none."""
    found = functions.extract_all(text.lower(), _ADDRESS).unique().sort()
    return ibis.cases((found.length() > 0, found), else_=ibis.null("array<string>"))


def direction_of(words: ir.StringValue) -> ir.StringValue:
    """in, out or none by a tool's word (Inbound, INCOMING_EMAIL, Eingehend, Outbound, …)."""
    plain = ibis.coalesce(words.lower(), "")
    return ibis.cases(
        (plain.re_search(r"inbound|incoming|eingehend|received|empfangen|\bin\b"), "in"),
        (
            plain.re_search(
                r"outbound|outgoing|ausgehend|gesendet|\bsent\b|forwarded|weitergeleitet|\bout\b|^e-?mail$"
            ),
            "out",
        ),
        else_=ibis.literal("none"),
    )


def held_online(place: ir.StringValue) -> ir.BooleanValue:
    """Whether a meeting was held online, by its place; null where the place does not say."""
    plain = place.lower()
    return ibis.cases(
        (
            plain.re_search(
                r"https?://|zoom|teams|webex|google meet|hangout|gotomeeting|skype|online|video|remote|virtuell|virtual"
            ),
            True,
        ),
        (plain.notnull(), False),
        else_=ibis.null("boolean"),
    )
