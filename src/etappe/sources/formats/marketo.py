"""Marketo: leads and activities, from warehouse tables (one a type of activity), bulk extracts and the REST API.

All activities have a number for their type, wherever they come from. Changes of data, scores and programs are no
contacts with anybody and are left out; merged and deleted leads become facts.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import DELETED, fact
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._recognising import TABULAR, fits, only
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import cleaned

# Standard types of activity: kind, direction, word.
_TYPES: dict[int, tuple[str, str, str]] = {
    1: ("page_view", "in", "Visit Webpage"), 2: ("form", "in", "Fill Out Form"), 3: ("web_event", "in", "Click Link"), 6: ("email_sent", "out", "Send Email"),
    7: ("email_delivered", "out", "Email Delivered"), 8: ("email_bounce", "none", "Email Bounced"), 9: ("unsubscribe", "in", "Unsubscribe Email"),
    10: ("email_open", "in", "Open Email"), 11: ("email_click", "in", "Click Email"), 24: ("list_change", "none", "Add to List"),
    25: ("list_change", "none", "Remove from List"), 27: ("email_bounce", "none", "Email Bounced Soft"), 39: ("email", "out", "Send Sales Email"),
    40: ("email_open", "in", "Open Sales Email"), 41: ("email_click", "in", "Click Sales Email"), 45: ("email", "in", "Receive Sales Email"),
    46: ("web_event", "in", "Interesting Moment"), 104: ("list_change", "in", "Change Status in Progression"), 110: ("webinar", "in", "Attend Event"),
    145: ("video", "in", "Watch Video"), 155: ("video", "in", "Engage with Video"),
}  # fmt: skip
_MERGED, _GONE = (32,), (29, 37)
_CAMEL = {"lead_id": "leadId", "activity_date": "activityDate", "activity_type_id": "activityTypeId", "campaign_id": "campaignId", "id": "marketoGUID",
          "primary_attribute_value": "primaryAttributeValue", "primary_attribute_value_id": "primaryAttributeValueId"}  # fmt: skip


def _is_activity(sample: Sample) -> float:
    return 0.96 if sample.container in TABULAR and (sample.has("lead_id", "activity_date", "activity_type_id") or sample.has("leadId", "activityDate", "activityTypeId")) else 0.0


def _is_activity_api(sample: Sample) -> float:
    return 0.96 if sample.container == "objects" and sample.has("leadId", "activityDate", "activityTypeId") else 0.0


def _columns(raw: Raw) -> ir.Table:
    """Activities as one table under the warehouse's names, whichever way they came; `attributes` is JSON text."""
    if raw.sample.container == "objects":
        f = Fields(raw.table.json)
        made = {name: f.text(camel, name) for name, camel in _CAMEL.items()}
        made["id"] = f.text("marketoGUID", "id")
        return raw.engine.view("activities", cleaned(raw.table.select(**made, attributes=f.at("attributes").cast("string"))))
    v = raw.values
    made = {name: v.text(name, camel) for name, camel in _CAMEL.items()}
    made["id"] = v.text("id", "marketoGUID")
    further = ("link", "webpage_url", "referrer_url", "merge_ids", "client_ip_address", "action_result", "details", "email", "query_parameters")
    return raw.engine.view("activities", raw.table.select(**made, **{name: v.text(name) for name in further}, attributes=v.text("attributes")))


def _activities(raw: Raw) -> list[Mapped]:
    rows = _columns(raw)
    v = raw.values.on(rows)
    v.clean = True
    kind = rows.activity_type_id.try_cast("int64")
    # `isin` of many values becomes a join; a pattern does not.
    event = rows.activity_type_id.re_search(f"^({'|'.join(map(str, _TYPES))})$").fill_null(False)
    merged, gone = kind.isin(_MERGED).fill_null(False), kind.isin(_GONE).fill_null(False)
    number = raw.engine.count(rows.filter(~(event | merged | gone)))
    if number:
        raw.notes.append(f"{number} activities are changes of data, scores or programs and were left out")
    primary = rows.primary_attribute_value
    mail = kind.between(6, 11) | (kind == 27)
    columns = {
        "record_id": rows.id,
        "happened_at": v.moment("activity_date", zone="UTC"),
        "kind": ibis.cases(*[(kind == number, what[0]) for number, what in _TYPES.items()], else_="other"),
        "name": primary,
        "detail": ibis.cases(*[(kind == number, what[2]) for number, what in _TYPES.items()], else_=ibis.null("string")),
        "direction": ibis.cases(*[(kind == number, what[1]) for number, what in _TYPES.items()], else_="none"),
        "contact_ref": rows.lead_id,
        "url": ibis.coalesce(_attribute(rows, "webpage_url", "Webpage URL"), _attribute(rows, "link", "Link"), ibis.cases((kind == 1, primary), else_=ibis.null("string"))),
        "referrer": _attribute(rows, "referrer_url", "Referrer URL"),
        "medium": ibis.cases((mail, "email"), else_=ibis.null("string")),
        "origin": ibis.cases((mail, "marketo"), else_=ibis.null("string")),
        "campaign": rows.campaign_id,
        "content": ibis.cases((mail | (kind == 2), ibis.coalesce(primary, rows.primary_attribute_value_id)), else_=ibis.null("string")),
    }
    into = ibis.coalesce(_attribute(rows, "merge_ids", "Merge IDs"), "").re_replace(r"[\[\]\s\"']", "").replace(",", ";").nullif("")
    return [
        Mapped("events", columns, event, rows=rows),
        fact("people", rows.lead_id, "merged_refs", into, where=merged, primary=True, rows=rows),
        fact("people", rows.lead_id, DELETED, ibis.literal("true"), where=gone, primary=True, rows=rows),
    ]


def _attribute(rows: ir.Table, column: str, name: str) -> ir.StringValue:
    """A further attribute: a column of the warehouse, a key of a bulk extract, or an item of the API's list."""
    listed = rows.attributes.re_extract(rf'"name":\s*"{name}",\s*"value":\s*"?([^"}}]*)"?', 1).nullif("")
    keyed = rows.attributes.re_extract(rf'"{name}":\s*"?([^",}}]*)"?', 1).nullif("")
    found = ibis.coalesce(listed, keyed)
    return ibis.coalesce(rows[column], found) if column in rows.columns else found


_LEAD = ("lead_source", "unsubscribed", "unsubscribed_reason", "lead_score", "lead_partition_id", "sfdc_type", "sfdc_lead_id", "sfdc_contact_id", "cookies", "original_source_type",
         "original_referrer", "anonymous_ip", "inferred_company", "mkto_name", "acquisition_program_id", "email_invalid", "leadSource", "leadScore", "emailInvalid", "sfdcType", "mktoName")  # fmt: skip


def _is_lead(sample: Sample) -> float:
    named = fits(sample, ("id", "email"), ("first_name", "firstName"), never=("account_id", "owner_id", "is_converted", "role_id", "organization_id"))
    if named and fits(sample, some=_LEAD, least=2):
        return 0.9
    # The loader's table has no more columns when no more fields were chosen.
    return 0.55 if only(sample, "id", "created_at", "updated_at", "email", "first_name", "last_name") else 0.0


def _leads(raw: Raw) -> list[Mapped]:
    v = raw.values
    for name in ("updated_at", "updatedAt", "_fivetran_synced"):
        v.raw(name)
    columns = {
        "record_id": v.text("id"),
        "happened_at": v.moment("created_at", "createdAt"),
        "email": v.email("email"),
        "phone": v.first("phone", "mobile_phone", "mobilePhone"),
        "user_id": v.first("sfdc_contact_id", "sfdcContactId", "sfdc_lead_id", "sfdcLeadId"),
        "cookie": v.text("cookies"),
        "first_name": v.text("first_name", "firstName"),
        "last_name": v.text("last_name", "lastName"),
        "title": v.text("title", "job_title"),
        "company_name": v.text("company", "inferred_company"),
        "domain": v.text("website"),
        "city": v.text("city"),
        "country": v.text("country"),
        "lifecycle": v.text("lead_status", "leadStatus"),
        "origin": v.text("lead_source", "leadSource", "original_source_type"),
        "opted_out": v.flag("unsubscribed"),
    }
    columns["attributes"] = v.rest()
    return [Mapped("people", columns)]


def _is_campaign(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "name", "workspace_name"), ("flow_id", "smart_list_id", "is_requestable", "program_id")) else 0.0


def _is_program(sample: Sample) -> float:
    return 0.93 if fits(sample, ("id", "name", "channel", "workspace"), ("sfdc_id", "start_date", "status"), never=("subject",)) else 0.0


def _is_template(sample: Sample) -> float:
    return 0.94 if fits(sample, ("id", "name", "subject"), ("publish_to_msi", "operational", "web_view"), 2) else 0.0


def _contents(kind: str, prefix: str) -> Callable[[Raw], list[Mapped]]:
    def mapping(raw: Raw) -> list[Mapped]:
        v = raw.values
        ident, name = v.text("id"), v.text("name")
        content = {
            "record_id": ibis.literal(prefix) + ident,
            "happened_at": v.moment("start_date", "created_at"),
            "kind": ibis.literal(kind),
            "name": ibis.coalesce(v.text("subject") if kind == "mail" else name, name),
            "url": v.text("url"),
            "status": v.text("status"),
        }
        labels = [fact("campaign", ident, "label", name)] if prefix == "" else []
        return [Mapped("content", content), *labels]

    return mapping


def _is_aside(sample: Sample) -> float:
    return 0.9 if fits(sample, ("restname", "soapname")) else 0.0


FORMATS = [
    Format("marketo activities", "marketo", "What leads did: the warehouse tables activity_…, or a bulk extract of activities.", _is_activity, _activities, zone="UTC"),
    Format("marketo activities (API)", "marketo", "What leads did: the answer of /rest/v1/activities.json.", _is_activity_api, _activities, zone="UTC"),
    Format("marketo leads", "marketo", "People of Marketo: the warehouse table lead, or a bulk extract of leads.", _is_lead, _leads, zone="UTC"),
    Format("marketo campaigns", "marketo", "What smart campaigns are called: the warehouse table campaign.", _is_campaign, _contents("campaign", ""), zone="UTC"),
    Format("marketo programs", "marketo", "Programs: the warehouse table program.", _is_program, _contents("campaign", "program:"), zone="UTC"),
    Format("marketo emails", "marketo", "Mails: the warehouse table email_template_history.", _is_template, _contents("mail", "mail:"), zone="UTC"),
    set_aside("marketo side tables", "marketo", "Descriptions of Marketo's fields.", _is_aside, "it describes fields, not people"),
]  # fmt: skip
