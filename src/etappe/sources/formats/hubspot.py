"""HubSpot: contacts, companies and deals, from the page's exports (English or German), warehouse tables and the API.

The page writes times in the account's zone without saying which; warehouses and the API write UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats import _deals
from etappe.sources.formats._facts import living
from etappe.sources.formats._hubspot import Cells, column, has, head, is_api, objects
from etappe.sources.formats._recognising import fits
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_ACTIVITY = ("Call outcome", "Meeting outcome", "Task Status", "Email subject", "Note body", "Activity date", "Aktivitätsdatum", "Aufgabenstatus")


# -- which object it is ------------------------------------------------------------------------------------------------


def _is_page(sample: Sample) -> bool:
    """The page's exports begin with the record's id under one of its labels; warehouses call it `id`."""
    return has(sample, "id") and not sample.has_any("id", *_ACTIVITY)


# Labels of ids that no other system writes so: with one of them the view's few columns are enough.
_OWN_IDS = ("Record ID", "Datensatz-ID", "hs_object_id")


def _own_id(sample: Sample) -> bool:
    return any(name.strip().startswith(_OWN_IDS) for name in sample.columns)


def _contacts_page(sample: Sample) -> float:
    own = sum(column(sample, name) is not None for name in ("lifecycle", "lead status", "owner", "associated company", "company ids", "origin", "created", "job"))
    if not (_is_page(sample) and (has(sample, "email") or has(sample, "first", "last"))) or has(sample, "deal"):
        return 0.0
    named = has(sample, "email") and (has(sample, "first") or has(sample, "last"))
    return 0.93 if own >= 2 or (named and _own_id(sample)) else 0.0


def _companies_page(sample: Sample) -> float:
    if not (_is_page(sample) and has(sample, "name")) or has(sample, "deal") or has(sample, "email") or has(sample, "first"):
        return 0.0
    own = sum(column(sample, name) is not None for name in ("domain", "owner", "industry", "lifecycle", "created", "lead status"))
    return 0.92 if own >= 2 or (own and _own_id(sample)) else 0.0


def _deals_page(sample: Sample) -> float:
    return 0.94 if _is_page(sample) and has(sample, "deal") and (has(sample, "stage") or has(sample, "pipeline")) else 0.0


def _contacts_table(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id",), ("property_email", "property_firstname", "properties_email", "property_lastname")) else 0.0


def _companies_table(sample: Sample) -> float:
    never = ("property_email", "property_firstname", "property_dealname", "property_subject", "property_hs_pipeline_stage")
    return 0.95 if fits(sample, ("id",), ("property_name", "property_domain", "properties_name", "properties_domain"), never=never) else 0.0


def _deals_table(sample: Sample) -> float:
    names = ("property_dealname", "deal_pipeline_stage_id", "property_dealstage", "properties_dealname", "properties_dealstage")
    return 0.95 if fits(sample, some=names) and fits(sample, some=("deal_id", "id")) else 0.0


def _contacts_api(sample: Sample) -> float:
    return 0.95 if is_api(sample, "email") and not is_api(sample, "dealname") else 0.0


def _companies_api(sample: Sample) -> float:
    named = is_api(sample, "domain") or (is_api(sample, "name") and not is_api(sample, "hs_pipeline_stage"))
    return 0.94 if named and not is_api(sample, "email") and not is_api(sample, "dealname") else 0.0


def _deals_api(sample: Sample) -> float:
    return 0.95 if is_api(sample, "dealname") or is_api(sample, "dealstage") else 0.0


# -- what it says ------------------------------------------------------------------------------------------------------


def _contacts(c: Cells) -> list[Mapped]:
    companies = c.texts("company ids")
    basis = c.text("legal basis").lower()
    columns = {
        "record_id": _ident(c, "id"),
        "happened_at": c.moment("created"),
        "email": c.email("email"),
        "emails": _lower(c.texts("emails")),
        "phone": c.text("phone", "mobile"),
        "user_id": c.text("foreign"),
        "first_name": c.text("first"),
        "last_name": c.text("last"),
        "title": c.text("job"),
        "role": c.text("role"),
        "account_ref": head(companies),
        "company_name": c.text("associated company", "company"),
        "domain": c.text("website"),
        "city": c.text("city"),
        "country": c.text("country"),
        "language": c.text("language"),
        "lifecycle": c.text("lifecycle", "lead status"),
        "origin": c.text("origin"),
        "owner": c.text("owner"),
        "opted_out": c.flag("opted out"),
        "consented": ibis.cases((basis.re_search("consent|einwilligung"), True), else_=ibis.null("boolean")),
        "merged_refs": _bare(c.texts("merged")),
    }
    columns["attributes"] = c.values.rest()
    return living("people", columns, c.deleted(), rows=c.rows)


def _ident(c: Cells, *names: str) -> ir.StringValue:
    """The record's id; a spreadsheet that had the file open may have made it 12,345."""
    return c.values.text("deal_id", *names) if c.values.has("deal_id") else c.values.first(*(name for name in ("id", *c.of("id")) if c.values.has(name)))


def _lower(items: ir.ArrayValue) -> ir.ArrayValue:
    return items.map(lambda item: item.lower())


def _bare(items: ir.ArrayValue) -> ir.ArrayValue:
    """Ids without the time of merging (`123:1572480000000`)."""
    return items.map(lambda item: item.re_replace(":.*$", ""))


def _companies(c: Cells) -> list[Mapped]:
    columns = {
        "record_id": _ident(c, "id"),
        "happened_at": c.moment("created"),
        "name": c.text("name"),
        "domain": c.text("domain"),
        "domains": _lower(c.texts("domains")),
        "parent_ref": c.text("parent"),
        "merged_refs": _bare(c.texts("merged")),
        "street": c.text("street"),
        "postcode": c.text("postcode"),
        "city": c.text("city"),
        "country": c.text("country"),
        "phone": c.text("phone"),
        "industry": c.text("industry"),
        "employees": c.number("employees"),
        "revenue": c.number("revenue"),
        "tier": c.text("tier"),
        "type": c.text("type"),
        "lifecycle": c.text("lifecycle", "lead status"),
        "owner": c.text("owner"),
    }
    columns["attributes"] = c.values.rest()
    return living("accounts", columns, c.deleted(), rows=c.rows)


def _deals_of(c: Cells) -> list[Mapped]:
    ident, stage, opened, close = _ident(c, "id"), c.text("stage"), c.moment("created"), c.moment("closed")
    entered = _entries(c)
    won = c.flag("won")
    over = ibis.coalesce(c.flag("over"), won | c.flag("lost"))
    status = _deals.status(_deals.by_flags(won, over), _deals.outcome(stage))
    contacts, people = c.texts("contact ids"), c.text("contacts")
    is_open = status == "open"
    columns = {
        "record_id": ident,
        "happened_at": opened,
        "name": c.text("deal"),
        "account_ref": head(c.texts("company ids")),
        "company_name": c.text("associated company"),
        "contact_refs": contacts,
        "contact_email": ibis.cases((contacts.isnull(), words.address_in(people)), else_=ibis.null("string")),
        "amount": c.number("amount"),
        "currency": c.text("currency"),
        "status": status,
        "stage": stage,
        "pipeline": c.text("pipeline"),
        "type": c.text("deal type"),
        "closed_at": ibis.cases((is_open, ibis.null("timestamp('UTC')")), else_=close),
        "expected_at": ibis.cases((is_open, close), else_=ibis.null("timestamp('UTC')")),
        "lost_reason": c.text("lost reason"),
        "campaign": c.text("campaign"),
        "origin": c.text("origin"),
        "owner": c.text("owner"),
    }
    now = c.moment("entered")
    columns["attributes"] = c.values.rest()
    deleted = c.deleted()
    alive = None if deleted is None else ~deleted
    own = _deals.own_stage(ident, stage, now, opened, columns["closed_at"], alive, c.rows, amount=columns["amount"])
    return [*living("deals", columns, deleted, rows=c.rows), own, *_dated(ident, entered, alive, c.rows)]


_ENTERED = re.compile(r"^(?:date entered|datum des eintritts in|eintrittsdatum)\W+(.+?)\W*(?:\((.+)\))?\W*$", re.IGNORECASE)


def _entries(c: Cells) -> dict[str, ir.TimestampValue]:
    """Stages whose moment of entry has a column of its own (`Date entered "Appointment Scheduled (Sales Pipeline)"`)."""
    found: dict[str, ir.TimestampValue] = {}
    for name in c.values.table.columns:
        label = _ENTERED.match(name)
        internal = re.match(r"^(?:property_|properties_)?hs_(?:v2_)?date_entered_(.+)$", name)
        stage = label[1].strip("\"'“”„« »") if label else internal[1] if internal else ""
        if stage and not re.match(r"(the )?current stage|(die )?aktuelle phase|current_stage", stage, re.IGNORECASE):
            found[stage] = c.values.moment(name)
    return found


def _dated(deal: ir.StringValue, entries: dict[str, ir.TimestampValue], alive: ir.BooleanValue | None, rows: ir.Table | None) -> list[Mapped]:
    made = []
    for stage, moment in entries.items():
        columns = {"record_id": content_id(deal, ibis.literal(stage), moment), "deal_ref": deal, "stage": ibis.literal(stage), "happened_at": moment}
        made.append(Mapped("deal_stages", columns, where=moment.notnull() if alive is None else moment.notnull() & alive, primary=False, rows=rows))
    return made


_WORDS = {
    "contacts": ("People of HubSpot", _contacts, (_contacts_page, _contacts_table, _contacts_api)),
    "companies": ("Companies of HubSpot", _companies, (_companies_page, _companies_table, _companies_api)),
    "deals": ("Deals of HubSpot", _deals_of, (_deals_page, _deals_table, _deals_api)),
}


Mapping = Callable[[Cells], list[Mapped]]


def _as_table(mapping: Mapping) -> Callable[[Raw], list[Mapped]]:
    return lambda raw: mapping(Cells(raw))


def _as_objects(mapping: Mapping) -> Callable[[Raw], list[Mapped]]:
    return lambda raw: mapping(Cells(raw, objects(raw)))


def _formats() -> list[Format]:
    made = []
    for kind, (what, mapping, (page, table, api)) in _WORDS.items():
        made += [
            Format(f"hubspot {kind}", "hubspot", f"{what}: CRM › {kind.title()} › Export, in English or German.", page, _as_table(mapping)),
            Format(f"hubspot {kind} (warehouse)", "hubspot", f"{what}: the warehouse table of a loader such as Fivetran or Airbyte.", table, _as_table(mapping), zone="UTC"),
            Format(f"hubspot {kind} (API)", "hubspot", f"{what}: the answer of the CRM API (/crm/v3/objects/{kind}), as JSON or JSON lines.", api, _as_objects(mapping), zone="UTC"),
        ]  # fmt: skip
    return made


FORMATS = _formats()
