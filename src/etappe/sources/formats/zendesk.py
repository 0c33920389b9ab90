"""Zendesk: tickets as the page exports them (CSV, JSON) and the tables of connectors. Agents are colleagues."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import fact, living
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._recognising import fits, only
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_GOOD = r"(?i)^(good|gut|great|satisfied|positiv)"
_BAD = r"(?i)^(bad|schlecht|unsatisfied|negativ)"
_ID = ("Id", "ID")
_REQUESTER_MAIL = ("Requester email", "E-Mail des Anfragenden", "E-Mail-Adresse des Anfragenden", "Anfragender E-Mail")
_CREATED = ("Created at", "Erstellt am", "Erstellt")
_SUBJECT = ("Subject", "Betreff")


def _ticket(**columns: ir.Value) -> dict[str, ir.Value]:
    return {"kind": ibis.literal("ticket"), "direction": ibis.literal("in"), "online": ibis.literal(True), **columns}


def _satisfaction(
    score: ir.StringValue, ref: ir.StringValue, moment: ir.Value, text: ir.StringValue, **who: ir.Value
) -> Mapped:
    """Zendesk asks whether the support was good or bad: 1 or 0, no more."""
    value = ibis.cases((score.re_search(_GOOD), 1.0), (score.re_search(_BAD), 0.0), else_=ibis.null("float64"))
    columns: dict[str, ir.Value] = {
        "record_id": ref + ":satisfaction",
        "happened_at": moment,
        "survey": ibis.literal("zendesk satisfaction"),
        "response_id": ref,
        "question": ibis.literal("How would you rate the support you received?"),
        "instrument": ibis.literal("csat"),
        "value": value,
        "low": ibis.literal(0.0),
        "high": ibis.literal(1.0),
        "text": text,
        "finished": ibis.literal(True),
        **who,
    }
    return Mapped("feedback", columns, value.notnull(), primary=False)


def _recognise_csv(sample: Sample) -> float:
    if sample.has("Summation column", "Requester"):
        return 0.95
    some = (
        "Requester id",
        "Requester email",
        "Requester domain",
        "Assignee",
        "Ticket type",
        "Satisfaction Score",
        "Reopens",
        "First reply time in minutes",
    )
    english = fits(sample, ("Id", "Subject", "Status"), some, 3)
    german = fits(sample, ("Betreff", "Status"), _REQUESTER_MAIL, 1)
    return 0.9 if english or german else 0.0


def _map_csv(raw: Raw) -> list[Mapped]:
    v = raw.values
    ref, created = v.text(*_ID), v.moment(*_CREATED)
    email, person = v.email(*_REQUESTER_MAIL), v.text("Requester id", "Anfragender-ID")
    name, company = v.text("Requester", "Anfragender"), v.text("Organization", "Organisation")
    event = _ticket(
        record_id=ref,
        happened_at=created,
        name=v.text(*_SUBJECT),
        detail=v.text("Ticket type", "Tickettyp"),
        email=email,
        contact_ref=person,
        user_id=v.text("Requester external id"),
        person_name=name,
        company_name=company,
        domain=v.text("Requester domain"),
        session_id=ref,
        medium=v.text("Via"),
        owner=v.text("Assignee", "Mitarbeiter", "Zugewiesener Mitarbeiter"),
    )
    who: dict[str, ir.Value] = {
        "record_id": person,
        "email": email,
        "last_name": name,
        "company_name": company,
        "domain": v.text("Requester domain"),
    }
    rated = v.moment("Solved at", "Gelöst am", "Updated at", "Aktualisiert am", sure=False)
    scored = _satisfaction(
        v.text("Satisfaction Score", "Zufriedenheitsbewertung"),
        ref,
        ibis.coalesce(rated, created),
        ibis.null("string"),
        email=email,
        contact_ref=person,
        company_name=company,
    )
    return [Mapped("events", event), Mapped("people", who, person.notnull() & email.notnull(), primary=False), scored]


def _recognise_json(sample: Sample) -> float:
    if sample.container != "objects":
        return 0.0
    return (
        0.95
        if sample.has("id", "subject", "via", "created_at") and sample.has_any("requester_id", "requester")
        else 0.0
    )


def _map_json(raw: Raw) -> list[Mapped]:
    cell = Fields(raw.table.json)
    rows = raw.engine.view(
        "zendesk_tickets",
        raw.table.select(
            id=cell.text("id"),
            subject=cell.text("subject"),
            type=cell.text("type"),
            created_at=cell.text("created_at"),
            updated_at=cell.text("updated_at"),
            requester=cell.text("requester_id", "requester.id"),
            email=cell.email("requester.email"),
            person=cell.text("requester.name"),
            organization=cell.text("organization_id", "organization.id"),
            company=cell.text("organization.name"),
            channel=cell.text("via.channel"),
            status=cell.text("status"),
            owner=cell.text("assignee.name", "assignee_id"),
            body=cell.text("description"),
            score=cell.text("satisfaction_rating.score"),
            comment=cell.text("satisfaction_rating.comment"),
        ),
    )
    v = raw.values.on(rows)
    created = v.moment("created_at", zone="UTC")
    event = _ticket(
        record_id=rows.id, happened_at=created, name=rows.subject, detail=rows.type, email=rows.email, contact_ref=rows.requester,
        person_name=rows.person, account_ref=rows.organization, company_name=rows.company, session_id=rows.id, medium=rows.channel,
        owner=rows.owner, text=rows.body,
    )  # fmt: skip
    moment = ibis.coalesce(v.moment("updated_at", zone="UTC", sure=False), created)
    scored = _satisfaction(
        rows.score,
        rows.id,
        moment,
        rows.comment,
        email=rows.email,
        contact_ref=rows.requester,
        account_ref=rows.organization,
    )
    return [
        *living("events", event, rows.status == "deleted", rows=rows),
        Mapped("feedback", scored.columns, scored.where, primary=False, rows=rows),
    ]


def _recognise_tickets(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "requester_id", "submitter_id", "subject", "via_channel")) else 0.0


def _map_tickets(raw: Raw) -> list[Mapped]:
    v = raw.values
    event = _ticket(
        record_id=v.text("id"),
        happened_at=v.moment("created_at", zone="UTC"),
        name=v.text("subject"),
        detail=v.text("type"),
        contact_ref=v.text("requester_id"),
        account_ref=v.text("organization_id"),
        session_id=v.text("id"),
        medium=v.text("via_channel"),
        owner=v.text("assignee_id"),
        text=v.text("description"),
    )
    return living("events", event, v.text("status") == "deleted")


def _recognise_comments(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "ticket_id", "body", "public"), ("created", "created_at")) else 0.0


def _map_comments(raw: Raw) -> list[Mapped]:
    """What an agent wrote for colleagues alone is a note; whether a writer is an agent stands in the table of users."""
    v = raw.values
    inside = v.flag("public") == False  # noqa: E712
    return [
        Mapped(
            "events",
            {
                "record_id": "comment:" + v.text("id"),
                "happened_at": v.moment("created", "created_at", zone="UTC"),
                "kind": ibis.cases((inside, "note"), else_="ticket_reply"),
                "name": ibis.cases((inside, "note on a ticket"), else_="reply on a ticket"),
                "detail": ibis.literal("ticket_comment"),
                "direction": ibis.cases((inside, "none"), else_=ibis.null("string")),
                "online": ibis.literal(True),
                "contact_ref": v.text("user_id", "author_id"),
                "session_id": v.text("ticket_id"),
                "text": v.text("body"),
            },
        )
    ]


def _recognise_users(sample: Sample) -> float:
    return (
        0.95
        if fits(
            sample,
            ("id", "email", "role", "organization_id"),
            ("ticket_restriction", "only_private_comments", "restricted_agent", "moderator"),
            2,
        )
        else 0.0
    )


def _map_users(raw: Raw) -> list[Mapped]:
    v = raw.values
    person: dict[str, ir.Value] = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "email": v.email("email"),
        "phone": v.text("phone"),
        "user_id": v.text("external_id"),
        "last_name": v.text("name"),
        "account_ref": v.text("organization_id"),
        "language": v.text("locale"),
        "internal": v.text("role").isin(("agent", "admin")).fill_null(False),
    }
    return [Mapped("people", person)]


def _recognise_organizations(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "name", "external_id", "shared_tickets")) else 0.0


def _map_organizations(raw: Raw) -> list[Mapped]:
    v = raw.values
    company: dict[str, ir.Value] = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", zone="UTC"),
        "name": v.text("name"),
        "domain": v.text("domain"),
        "domains": v.texts("domain_names", separator=","),
    }
    return [Mapped("accounts", company)]


def _recognise_domains(sample: Sample) -> float:
    return 0.95 if fits(sample, ("organization_id", "domain_name")) else 0.0


def _map_domains(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [fact("accounts", v.text("organization_id"), "domains", v.text("domain_name"), primary=True)]


def _recognise_ratings(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "ticket_id", "score", "requester_id"), ("comment", "created_at")) else 0.0


def _map_ratings(raw: Raw) -> list[Mapped]:
    v = raw.values
    moment, ref = v.moment("updated_at", "created_at", zone="UTC"), v.text("ticket_id")
    scored = _satisfaction(v.text("score"), ref, moment, v.text("comment"), contact_ref=v.text("requester_id"))
    event: dict[str, ir.Value] = {
        "record_id": content_id(ref, ibis.literal("satisfaction")),
        "happened_at": moment,
        "kind": ibis.literal("survey_answer"),
        "name": ibis.literal("zendesk satisfaction"),
        "detail": v.text("score"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "contact_ref": v.text("requester_id"),
        "session_id": ref,
    }
    return [Mapped("feedback", scored.columns, scored.where), Mapped("events", event, scored.where, primary=False)]


_ASIDE = (
    ("actor_id", "change_description", "source_type"), ("brand_url", "subdomain"), ("daylight_offset", "time_zone"),
    ("end_time_utc", "start_time_utc"), ("schedule_id", "start_date", "end_date"), ("sla_policy_id", "metric", "target"), ("ticket_id", "sla_policy_id"), ("chat_id", "visitor_id"),
    ("chat_id", "chat_index"), ("field_name", "ticket_id", "updated"), ("end_user_visible", "display_name"), ("ticket_id", "schedule_id"), ("time_zone", "standard_offset"),
)  # fmt: skip
_TAGS = (
    ("organization_id", "tag"),
    ("ticket_id", "tag"),
    ("user_id", "tag"),
    ("id", "created_at", "name", "updated_at", "url"),
)


def _recognise_aside(sample: Sample) -> float:
    return 0.9 if any(fits(sample, names) for names in _ASIDE) or any(only(sample, *names) for names in _TAGS) else 0.0


_CONNECTOR = "from a connector."
FORMATS = [
    Format("zendesk tickets (CSV)", "zendesk", "Tickets exported from a view of Zendesk as CSV.", _recognise_csv, _map_csv),
    Format("zendesk tickets (JSON)", "zendesk", "Tickets exported from Zendesk as JSON lines, or from its interface.", _recognise_json, _map_json, zone="UTC"),
    Format("zendesk table ticket", "zendesk", f"Tickets, {_CONNECTOR}", _recognise_tickets, _map_tickets, zone="UTC"),
    Format("zendesk table ticket_comment", "zendesk", f"Replies and notes on tickets, {_CONNECTOR}", _recognise_comments, _map_comments, zone="UTC"),
    Format("zendesk table user", "zendesk", f"Requesters and agents, {_CONNECTOR}", _recognise_users, _map_users, zone="UTC"),
    Format("zendesk table organization", "zendesk", f"Organisations, {_CONNECTOR}", _recognise_organizations, _map_organizations, zone="UTC"),
    Format("zendesk table domain_name", "zendesk", f"The domains of organisations, {_CONNECTOR}", _recognise_domains, _map_domains),
    Format("zendesk table satisfaction_rating", "zendesk", f"Ratings of the support, {_CONNECTOR}", _recognise_ratings, _map_ratings, zone="UTC"),
    set_aside(
        "zendesk tables of set-up", "zendesk", f"Groups, brands, schedules, tags, service levels, field histories and chat transcripts, {_CONNECTOR}", _recognise_aside,
        "it says how the support works, not who asked for it; what was said in a chat stands in the ticket's comments",
    ),
]  # fmt: skip
