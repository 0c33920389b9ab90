"""Pipedrive: the answers of its API (version 2, and 1 where it differs), as JSON or JSON lines.

Times are UTC. The flow of a deal (`/deals/{id}/flow`, or the stream dealflow of a connector) has its stages.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats import _deals
from etappe.sources.formats._facts import fact, leave_out, living
from etappe.sources.formats._objects import Fields
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id


def _has(*keys: str, never: tuple[str, ...] = ()) -> Callable[[Sample], float]:
    def recognise(sample: Sample) -> float:
        return 0.93 if sample.container == "objects" and sample.has(*keys) and not sample.has_any(*never) else 0.0

    return recognise


class _Cells:
    """Fields of the objects, laid out once as columns."""

    def __init__(self, raw: Raw, **paths: tuple[str, ...]) -> None:
        fields = Fields(raw.table.json)
        self.rows = raw.engine.view("pipedrive", raw.table.select(**{name: fields.text(*given) for name, given in paths.items()}, json=raw.table.json))
        self.values = raw.values.on(self.rows)
        self.values.clean = True
        self.fields = Fields(self.rows.json)

    def __getattr__(self, name: str) -> ir.StringValue:
        return self.rows[name]

    def moment(self, name: str) -> ir.TimestampValue:
        """A moment, UTC."""
        return self.values.moment(name, zone="UTC")

    def number(self, name: str) -> ir.FloatingValue:
        """A number, as JSON writes it."""
        return self.rows[name].try_cast("float64")


def _one(name: str) -> tuple[str, ...]:
    """An id, which version 1 wraps into an object."""
    return (f"{name}.value", f"{name}.id", name)


_TIMES = {"add_time": ("add_time",), "is_deleted": ("is_deleted",), "active_flag": ("active_flag",)}


def _gone(c: _Cells) -> ir.BooleanValue:
    return (c.is_deleted == "true").fill_null(False) | (c.active_flag == "false").fill_null(False)


def _persons(raw: Raw) -> list[Mapped]:
    c = _Cells(raw, id=("id",), name=("name",), first=("first_name",), last=("last_name",), org=_one("org_id"), org_name=("org_id.name", "org_name"), job=("job_title",), owner=_one("owner_id"), **_TIMES)
    emails = ibis.coalesce(c.fields.texts("emails[*].value"), c.fields.texts("email[*].value")).map(lambda item: item.lower())
    phones = ibis.coalesce(c.fields.texts("phones[*].value"), c.fields.texts("phone[*].value"))
    columns = {
        "record_id": c.id,
        "happened_at": c.moment("add_time"),
        "email": emails[0],
        "emails": ibis.cases((emails.length() > 1, emails[1:]), else_=ibis.null("array<string>")),
        "phone": phones[0],
        "first_name": c.first,
        "last_name": ibis.coalesce(c.last, c.name),
        "title": c.job,
        "account_ref": c.org,
        "company_name": c.org_name,
        "owner": c.owner,
    }
    return living("people", columns, _gone(c), rows=c.rows)


def _organizations(raw: Raw) -> list[Mapped]:
    paths = {"street": ("address.value", "address"), "city": ("address.locality", "address_locality"), "country": ("address.country", "address_country"), "postcode": ("address.postal_code", "address_postal_code")}
    c = _Cells(raw, id=("id",), name=("name",), website=("website", "domain"), industry=("industry",), employees=("employee_count", "people_count"), owner=_one("owner_id"), **paths, **_TIMES)
    columns = {
        "record_id": c.id,
        "happened_at": c.moment("add_time"),
        "name": c.name,
        "domain": c.website,
        "street": c.street,
        "postcode": c.postcode,
        "city": c.city,
        "country": c.country,
        "industry": c.industry,
        "owner": c.owner,
    }
    return living("accounts", columns, _gone(c), rows=c.rows)


def _deals_of(raw: Raw) -> list[Mapped]:
    plain = ("title", "value", "currency", "status", "stage_id", "pipeline_id", "lost_reason", "origin", "stage_change_time", "won_time", "lost_time", "close_time", "expected_close_date")
    c = _Cells(raw, id=("id",), person=_one("person_id"), org=_one("org_id"), org_name=("org_id.name", "org_name"), owner=_one("owner_id"), user=_one("user_id"), **{name: (name,) for name in plain}, **_TIMES)
    deleted = (c.status == "deleted").fill_null(False) | (c.is_deleted == "true").fill_null(False)
    status = ibis.cases((c.status == "won", "won"), (c.status == "lost", "lost"), else_="open")
    closed = ibis.coalesce(c.moment("won_time"), c.moment("lost_time"), c.moment("close_time"))
    closed = ibis.cases((status == "open", ibis.null("timestamp('UTC')")), else_=closed)
    opened = c.moment("add_time")
    columns = {
        "record_id": c.id,
        "happened_at": opened,
        "name": c.title,
        "account_ref": c.org,
        "company_name": c.org_name,
        "contact_refs": ibis.cases((c.person.notnull(), ibis.array([c.person])), else_=ibis.null("array<string>")),
        "amount": c.number("value"),
        "currency": c.currency,
        "status": status,
        "stage": c.stage_id,
        "pipeline": c.pipeline_id,
        "closed_at": closed,
        "expected_at": c.moment("expected_close_date"),
        "lost_reason": c.lost_reason,
        "origin": c.origin,
        "owner": ibis.coalesce(c.owner, c.user),
    }
    own = _deals.own_stage(c.id, c.stage_id, c.moment("stage_change_time"), opened, closed, ~deleted, c.rows, amount=columns["amount"])
    return [*living("deals", columns, deleted, rows=c.rows), own]


def _activities(raw: Raw) -> list[Mapped]:
    plain = ("type", "subject", "due_date", "due_time", "duration", "done", "deal_id", "note", "marked_as_done_time")
    c = _Cells(raw, id=("id",), person=("person_id",), org=("org_id",), org_name=("org_name",), owner=("owner_id", "user_id", "assigned_to_user_id"), place=("location.value", "location"), **{name: (name,) for name in plain}, **_TIMES)
    due = c.values.moment_of(ibis.cases((c.due_time.notnull(), c.due_date + " " + c.due_time), else_=c.due_date), "due_date", zone="UTC")
    done = c.done.isin(("true", "1"))
    kind = words.kind_of(c.type, "task")
    people = ibis.coalesce(c.fields.texts("participants[*].person_id"), ibis.literal([], type="array<string>"))
    others = people.filter(lambda item: item != ibis.coalesce(c.person, "")).map(lambda item: "id:" + item)
    guests = ibis.coalesce(c.fields.texts("attendees[*].email_address"), c.fields.texts("attendees[*].email"), ibis.literal([], type="array<string>"))
    both = others.concat(guests.map(lambda item: item.lower()))
    columns = {
        "record_id": c.id,
        "happened_at": ibis.coalesce(due, c.moment("marked_as_done_time"), c.moment("add_time")),
        "kind": ibis.cases((done, kind), else_="note"),
        "name": c.subject,
        "detail": c.type,
        "direction": ibis.literal("none"),
        "contact_ref": ibis.coalesce(c.person, people[0]),
        "account_ref": c.org,
        "company_name": c.org_name,
        "deal_ref": c.deal_id,
        "participants": ibis.cases((both.length() > 0, both), else_=ibis.null("array<string>")),
        "online": words.held_online(c.place),
        "owner": c.owner,
        "value": c.duration.re_extract(r"^(\d+):(\d\d)", 1).try_cast("float64") * 60 + c.duration.re_extract(r"^(\d+):(\d\d)", 2).try_cast("float64"),
        "text": c.note,
        "note": ibis.cases((done, ibis.null("string")), else_=words.PLANNED),
    }
    return living("events", columns, _gone(c), rows=c.rows)


def _notes(raw: Raw) -> list[Mapped]:
    plain = ("content", "person_id", "org_id", "deal_id", "user_id")
    c = _Cells(raw, id=("id",), **{name: (name,) for name in plain}, **_TIMES)
    columns = {
        "record_id": ibis.literal("note:") + c.id,
        "happened_at": c.moment("add_time"),
        "kind": ibis.literal("note"),
        "name": ibis.literal("Note"),
        "direction": ibis.literal("none"),
        "contact_ref": c.person_id,
        "account_ref": c.org_id,
        "deal_ref": c.deal_id,
        "owner": c.user_id,
        "text": c.content.re_replace("<[^>]+>", " ").strip(),
    }
    return living("events", columns, _gone(c), rows=c.rows)


def _flow(raw: Raw) -> list[Mapped]:
    plain = ("item_id", "field_key", "new_value", "log_time", "user_id")
    c = _Cells(raw, id=("id", "data.id"), **{name: (name, f"data.{name}") for name in plain})
    of_stage = (c.field_key == "stage_id").fill_null(False)
    leave_out(raw, Fields(raw.table.json).text("field_key", "data.field_key").fill_null("") != "stage_id", "changes of other fields than the stage were left out")
    moment = c.moment("log_time")
    columns = {
        "record_id": ibis.coalesce(ibis.literal("flow:") + c.id, content_id(c.item_id, c.new_value, moment)),
        "happened_at": moment,
        "deal_ref": c.item_id,
        "stage": c.new_value,
        "owner": c.user_id,
    }
    problem = ibis.cases((c.item_id.isnull() | c.new_value.isnull(), "the record names no deal or no stage"), else_=ibis.null("string"))
    return [Mapped("deal_stages", columns, of_stage, rows=c.rows, problem=problem)]


def _label(about: str) -> Callable[[Raw], list[Mapped]]:
    def mapping(raw: Raw) -> list[Mapped]:
        c = _Cells(raw, id=("id",), name=("name",))
        return [fact(about, c.id, "label", c.name, primary=True, rows=c.rows)]

    return mapping


def _users(raw: Raw) -> list[Mapped]:
    c = _Cells(raw, id=("id",), name=("name",), email=("email",))
    columns = {"record_id": ibis.literal("user:") + c.id, "email": c.email.lower(), "last_name": c.name, "internal": ibis.literal(True)}
    return [Mapped("people", columns, rows=c.rows), fact("owner", c.id, "label", ibis.coalesce(c.name, c.email), rows=c.rows)]


_API = "from Pipedrive's API, as JSON or JSON lines."
FORMATS = [
    Format("pipedrive people (API)", "pipedrive", f"People {_API}", lambda s: max(_has("id", "name", "emails", "org_id")(s), _has("id", "name", "email", "org_id", "phone")(s)), _persons, zone="UTC"),
    Format("pipedrive organizations (API)", "pipedrive", f"Companies {_API}", lambda s: 0.92 * bool(_has("id", "name", "address", "owner_id", "add_time", never=("org_id", "emails"))(s)), _organizations, zone="UTC"),
    Format("pipedrive deals (API)", "pipedrive", f"Deals {_API}", _has("id", "title", "stage_id", "pipeline_id", "status", "org_id"), _deals_of, zone="UTC"),
    Format("pipedrive activities (API)", "pipedrive", f"Calls, meetings and tasks {_API}", _has("id", "subject", "due_date", "done", "type"), _activities, zone="UTC"),
    Format("pipedrive notes (API)", "pipedrive", f"Notes {_API}", _has("id", "content", "deal_id", "org_id", "person_id"), _notes, zone="UTC"),
    Format("pipedrive deal flow (API)", "pipedrive", f"Stage changes of deals {_API}", lambda s: max(_has("item_id", "field_key", "new_value", "log_time")(s), _flow_of(s)), _flow, zone="UTC"),
    Format("pipedrive stages (API)", "pipedrive", f"Names of stages {_API}", _has("id", "name", "pipeline_id", "deal_probability"), _label("stage"), zone="UTC"),
    Format("pipedrive pipelines (API)", "pipedrive", f"Names of pipelines {_API}", _has("id", "name", "is_deal_probability_enabled"), _label("pipeline"), zone="UTC"),
    Format("pipedrive users (API)", "pipedrive", f"Colleagues with a login {_API}", _has("id", "name", "email", "timezone_name", "active_flag"), _users, zone="UTC"),
]  # fmt: skip


def _flow_of(sample: Sample) -> float:
    """The answer of /deals/{id}/flow wraps each change into `object` and `data`."""
    wrapped = sample.container == "objects" and sample.has("object", "data") and bool(sample.rows)
    return 0.93 if wrapped and any(row.get("object") == "dealChange" for row in sample.rows) else 0.0
