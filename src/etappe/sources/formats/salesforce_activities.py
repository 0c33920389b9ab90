"""Salesforce: tasks (calls, e-mails, to-dos), events (meetings), cases, and who took part in them.

A task that is not completed is a plan, not a contact: it becomes a `note`, whatever its type; so does a meeting that was
cancelled and a colleague's copy of a shared one. The id in WhoId
is a contact's or a lead's, the one in WhatId an account's or an opportunity's: its first three letters say which.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats._facts import fact, leave_out, living
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._salesforce import Cells, is_object, knows, spelled, starts, timed
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_TASK = spelled(
    "TaskSubtype",
    "CallType",
    "CallDurationInSeconds",
    "CallDisposition",
    "CompletedDateTime",
    "WhoId",
    "WhatId",
    "ActivityDate",
    "Priority",
    "Status",
)
_EVENT = spelled(
    "StartDateTime",
    "EndDateTime",
    "ActivityDateTime",
    "DurationInMinutes",
    "EventSubtype",
    "ShowAs",
    "IsAllDayEvent",
)
_CASE = spelled(
    "CaseNumber",
    "SuppliedEmail",
    "SuppliedName",
    "Origin",
    "ContactId",
    "AccountId",
    "ClosedDate",
    "IsClosed",
    "IsEscalated",
)


def _is_task(sample: Sample) -> float:
    if not fits(sample, ("Subject",), _TASK, 3, never=(*_EVENT[:8], *spelled("CaseNumber"))):
        return 0.0
    by_id = is_object(sample, "task")
    return (
        (0.9 if fits(sample, some=spelled("WhoId", "WhatId")) else 0.0)
        if by_id is None
        else 0.97
        if by_id
        else 0.0
    )


def _is_event(sample: Sample) -> float:
    if not fits(sample, ("Subject",), _EVENT, 2) or not fits(
        sample, some=spelled("WhoId", "WhatId", "OwnerId")
    ):
        return 0.0
    by_id = is_object(sample, "event")
    return 0.9 if by_id is None else 0.97 if by_id else 0.0


def _is_case(sample: Sample) -> float:
    if not (knows(sample, "CaseNumber") and fits(sample, ("Subject",), _CASE, 3)):
        return 0.0
    return 0.96


def _is_relation(sample: Sample) -> float:
    return 0.96 if knows(sample, "RelationId") and fits(sample, some=spelled("EventId", "TaskId")) else 0.0


def _who(c: Cells) -> dict[str, ir.Value]:
    """The customer's side of an activity."""
    who, what = c.ref("WhoId"), c.ref("WhatId")
    return {
        "contact_ref": who,
        "person_name": c.text("Who.Name"),
        "email": c.email("Who.Email"),
        "account_ref": ibis.coalesce(c.ref("AccountId"), starts(what, "account")),
        "company_name": c.text("Account.Name"),
        "deal_ref": starts(what, "opportunity"),
        "campaign": starts(what, "campaign"),
        "owner": c.first("Owner.Name", "OwnerId"),
        "text": c.text("Description"),
    }


def _done(c: Cells) -> ir.BooleanValue:
    """Whether a task was carried out; yes, where the file has no word on it."""
    state = c.text("Status").lower()
    finished = state.re_search(
        r"complete|abgeschlossen|erledigt|done|closed|geschlossen|fertig|terminé|completad"
    )
    return ibis.coalesce(
        c.flag("IsClosed"), finished, c.moment("CompletedDateTime").notnull(), ibis.literal(True)
    )


def _task_kind(c: Cells) -> ir.StringValue:
    subtype, kind, subject = c.text("TaskSubtype"), c.text("Type"), c.text("Subject")
    is_call = (
        c.text("CallType").notnull()
        | c.text("CallDisposition").notnull()
        | (c.number("CallDurationInSeconds") > 0)
    )
    by_subject = words.kind_of(
        subject.lower().re_extract(
            r"^\W*(?:out(?:bound|going)|in(?:bound|coming)|aus-?gehend\w*|ein-?gehend\w*|logged|erster?)?\s*(\S+)",
            1,
        ),
        "task",
    )
    by_type = words.kind_of(kind, by_subject)
    typed = ibis.cases(
        (kind.lower().isin(("other", "sonstiges", "andere", "task", "aufgabe")), by_subject), else_=by_type
    )
    return ibis.cases(
        (subtype == "ListEmail", "email_sent"),
        (subtype == "Email", "email"),
        ((subtype == "Call") | is_call.fill_null(False), "call"),
        (subtype.lower().contains("linkedin"), "social"),
        (subject.lower().re_search("^\\W*(empfehlung|weiterempfehlung|recommend|referral)"), "referral"),
        else_=typed,
    )


def _tasks(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    done, kind, subject = _done(c), _task_kind(c), c.text("Subject")
    moment = timed(c.moment("ActivityDate"), c.moment("CompletedDateTime"), c.moment("CreatedDate"))
    told = words.direction_of(c.text("CallType"))
    marked = ibis.cases(
        (subject.lower().re_search(r"^\W*(<<|\[in\]|inbound|eingehend|received|empfangen)"), "in"),
        else_=ibis.null("string"),
    )
    outward = ibis.cases((kind.isin(("email", "email_sent", "letter")), "out"), (kind == "referral", "in"), else_="none")
    seconds = c.number("CallDurationInSeconds")
    label = ibis.coalesce(c.text("CallDisposition"), c.text("CallType"))
    columns = {
        "record_id": c.ref("Id"),
        "happened_at": moment,
        "kind": ibis.cases((done, kind), else_="note"),
        "name": subject,
        "detail": _joined(ibis.coalesce(c.text("Type"), c.text("TaskSubtype"), ibis.literal("Task")), label),
        "direction": ibis.cases(
            (~done, "none"), (told != "none", told), else_=ibis.coalesce(marked, outward)
        ),
        "value": ibis.cases((seconds > 0, seconds / 60), else_=ibis.null("float64")),
        "note": ibis.cases((~done, words.PLANNED), else_=ibis.null("string")),
    }
    return living("events", _who(c) | columns, c.deleted())


def _joined(one: ir.StringValue, two: ir.StringValue) -> ir.StringValue:
    return ibis.cases((two.notnull(), one + ": " + two), else_=one)


def _events(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    kind = words.kind_of(ibis.coalesce(c.text("Type"), c.text("EventSubtype")), "meeting")
    kind = ibis.cases((kind.isin(("call", "webinar", "fair_visit", "event_visit")), kind), else_="meeting")
    copy = c.flag("IsChild").fill_null(False)
    missed = c.flag("No_Show__c").fill_null(False) | c.text("Subject").lower().re_search(
        r"^\W*(canceled|cancelled|abgesagt|no[ -]show)"
    ).fill_null(False)
    note = ibis.cases(
        (copy, "a colleague's copy of a shared meeting"), (missed, words.CANCELLED), else_=ibis.null("string")
    )
    columns = {
        "record_id": c.ref("Id"),
        "happened_at": ibis.coalesce(
            c.moment("StartDateTime"),
            c.moment("ActivityDateTime"),
            c.moment("ActivityDate"),
            c.moment("CreatedDate"),
        ),
        "kind": ibis.cases((copy | missed, "note"), else_=kind),
        "name": c.text("Subject"),
        "detail": _joined(ibis.literal("Event"), c.text("Type")),
        "direction": ibis.literal("none"),
        "online": words.held_online(c.text("Location")),
        "participants": words.addresses_in(c.text("Description")),
        "value": c.number("DurationInMinutes"),
        "note": note,
    }
    return living("events", _who(c) | columns, c.deleted())


def _cases(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    columns = {
        "record_id": c.ref("Id") if c.has("Id") else c.text("CaseNumber"),
        "happened_at": c.moment("CreatedDate"),
        "kind": ibis.literal("ticket"),
        "name": c.text("Subject"),
        "detail": ibis.coalesce(c.text("Type"), c.text("Reason"), ibis.literal("Case")),
        "direction": ibis.literal("in"),
        "contact_ref": c.ref("ContactId"),
        "account_ref": c.ref("AccountId"),
        "company_name": c.first("Account.Name", "SuppliedCompany"),
        "email": c.email("SuppliedEmail", "ContactEmail"),
        "phone": c.first("SuppliedPhone", "ContactPhone"),
        "person_name": c.text("SuppliedName"),
        "medium": c.text("Origin"),
        "owner": c.first("Owner.Name", "OwnerId"),
        "text": c.text("Description"),
    }
    return living("events", columns, c.deleted())


def _relations(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    activity, other = c.ref("EventId", "TaskId"), c.ref("RelationId")
    field = ibis.cases(
        (other.startswith("003") | other.startswith("00Q"), "contact_ref"),
        (other.startswith("001"), "account_ref"),
        (other.startswith("006"), "deal_ref"),
        else_=ibis.null("string"),
    )
    leave_out(
        raw,
        field.isnull() & other.notnull(),
        "links of activities to colleagues and other objects were left out",
    )
    return [
        fact(
            "events",
            activity,
            name,
            other,
            where=(field == name).fill_null(other.isnull() if name == "contact_ref" else False),
            primary=True,
        )
        for name in ("contact_ref", "account_ref", "deal_ref")
    ]


FORMATS = [
    Format("salesforce tasks", "salesforce", "Calls, e-mails, letters and to-dos logged in Salesforce: the object Task.", _is_task, _tasks, zone="UTC"),
    Format("salesforce events", "salesforce", "Meetings in Salesforce's calendar: the object Event.", _is_event, _events, zone="UTC"),
    Format("salesforce cases", "salesforce", "Support requests: the object Case.", _is_case, _cases, zone="UTC"),
    Format("salesforce activity relations", "salesforce", "Further contacts of a task or event: the objects TaskRelation and EventRelation.", _is_relation, _relations, zone="UTC"),
]  # fmt: skip
