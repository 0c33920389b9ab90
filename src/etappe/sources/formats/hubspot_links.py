"""HubSpot's warehouse tables beside the records: who belongs to what, histories, merges, labels, colleagues."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _deals
from etappe.sources.formats._facts import fact, leave_out, living
from etappe.sources.formats._recognising import TABULAR, fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import Values, content_id

_IDS = ("contact_id", "company_id", "deal_id", "ticket_id", "engagement_id")
# What the ids beside a record's own say about it: (ids in the table) to (about, own id, field, other id).
_LINKS: Mapping[frozenset[str], tuple[str, str, str, str]] = {
    frozenset(("engagement_id", "contact_id")): ("events", "engagement_id", "contact_ref", "contact_id"),
    frozenset(("engagement_id", "company_id")): ("events", "engagement_id", "account_ref", "company_id"),
    frozenset(("engagement_id", "deal_id")): ("events", "engagement_id", "deal_ref", "deal_id"),
    frozenset(("ticket_id", "contact_id")): ("events", "ticket_id", "contact_ref", "contact_id"),
    frozenset(("ticket_id", "company_id")): ("events", "ticket_id", "account_ref", "company_id"),
    frozenset(("ticket_id", "deal_id")): ("events", "ticket_id", "deal_ref", "deal_id"),
    frozenset(("deal_id", "company_id")): ("deals", "deal_id", "account_ref", "company_id"),
    frozenset(("contact_id", "company_id")): ("people", "contact_id", "account_ref", "company_id"),
}
_LINK_ONLY = ("category", "type_id", "association_type", "association_type_id", "label", "type_label", "engagement_type", "is_primary")


def _pair(sample: Sample) -> frozenset[str]:
    """The two ids of an association table; empty where it is none: it has nothing else of its own."""
    if sample.container not in TABULAR or sample.headerless:
        return frozenset()
    found = frozenset(name for name in _IDS if sample.has(name))
    others = {name for name in sample.lowered if name not in found and not name.startswith(("_fivetran", "_airbyte", "_sdc", "_dlt"))}
    return found if len(found) == 2 and others <= set(_LINK_ONLY) and (others or sample.has("_fivetran_synced")) else frozenset()


def _is_link(sample: Sample) -> float:
    return 0.93 if _pair(sample) in _LINKS else 0.0


def _links(raw: Raw) -> list[Mapped]:
    v = raw.values
    about, own, field, other = _LINKS[_pair(raw.sample)]
    ref = ibis.literal("ticket:") + v.text(own) if own == "ticket_id" else v.text(own)
    return _alive(raw, v, fact(about, ref, field, v.text(other), primary=True))


def _alive(raw: Raw, v: Values, mapped: Mapped) -> list[Mapped]:
    """Without the rows that the loader marks as deleted: associations are taken back often, and then never were."""
    if not v.has("_fivetran_deleted"):
        return [mapped]
    gone = v.flag("_fivetran_deleted").fill_null(False)
    leave_out(raw, gone, "rows were deleted in HubSpot and were left out")
    return [Mapped(mapped.table, mapped.columns, ~gone if mapped.where is None else mapped.where & ~gone, mapped.primary, None, mapped.problem)]


def _is_deal_contact(sample: Sample) -> float:
    return 0.93 if _pair(sample) == {"deal_id", "contact_id"} else 0.0


def _deal_contacts(raw: Raw) -> list[Mapped]:
    v = raw.values
    deal, contact = v.text("deal_id"), v.text("contact_id")
    columns = {"record_id": content_id(deal, contact), "deal_ref": deal, "contact_ref": contact, "role": v.text("label", "type_label"), "main": v.flag("is_primary")}
    problem = ibis.cases((deal.isnull() | contact.isnull(), "one side of the link is empty"), else_=ibis.null("string"))
    return _alive(raw, v, Mapped("deal_roles", columns, problem=problem))


def _is_stage_history(sample: Sample) -> float:
    return 0.95 if fits(sample, ("deal_id", "value", "date_entered")) else 0.0


def _stage_history(raw: Raw) -> list[Mapped]:
    return _entries(raw, raw.values.moment("date_entered"))


def _entries(raw: Raw, moment: ir.TimestampValue, where: ir.BooleanValue | None = None) -> list[Mapped]:
    v = raw.values
    deal, stage = v.text("deal_id"), v.text("value")
    columns = {"record_id": content_id(deal, stage, moment), "happened_at": moment, "deal_ref": deal, "stage": stage, "owner": v.text("source_id")}
    problem = ibis.cases((deal.isnull() | stage.isnull(), "the record names no deal or no stage"), else_=ibis.null("string"))
    return [Mapped("deal_stages", columns, where, problem=problem)]


def _is_deal_history(sample: Sample) -> float:
    return 0.95 if fits(sample, ("deal_id", "name", "value"), ("timestamp", "timestamp_instant", "_fivetran_start")) else 0.0


def _deal_history(raw: Raw) -> list[Mapped]:
    v = raw.values
    of_stage = v.text("name").lower().isin(("dealstage", "property_dealstage")).fill_null(False)
    leave_out(raw, ~of_stage, "changes of other properties than the stage were left out")
    moment = ibis.coalesce(v.moment("timestamp"), v.moment("timestamp_instant"), v.moment("_fivetran_start"))
    return _entries(raw, moment, of_stage & v.text("value").notnull())


def _is_merge(sample: Sample) -> float:
    return 0.95 if fits(sample, ("vid_to_merge",), ("canonical_vid", "contact_id")) else 0.0


def _merges(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [fact("people", v.first("canonical_vid", "contact_id"), "merged_refs", v.text("vid_to_merge"), primary=True, happened_at=v.moment("timestamp"))]


def _is_merged_deal(sample: Sample) -> float:
    return 0.95 if fits(sample, ("deal_id", "merged_deal_id")) else 0.0


def _merged_deals(raw: Raw) -> list[Mapped]:
    return [fact("deals", raw.values.text("merged_deal_id"), "merged_into", raw.values.text("deal_id"), primary=True)]


def _is_owner(sample: Sample) -> float:
    return 0.93 if fits(sample, ("owner_id", "email"), ("active_user_id", "first_name", "last_name", "firstName"), never=("id", "deal_id", "contact_id")) else 0.0


def _is_user(sample: Sample) -> float:
    return 0.93 if fits(sample, ("id", "email", "role_id"), ("primary_team_id", "super_admin", "primary_team", "first_name")) else 0.0


def _colleagues(column: str, prefix: str) -> Callable[[Raw], list[Mapped]]:
    def mapping(raw: Raw) -> list[Mapped]:
        v = raw.values
        ident, email = v.text(column), v.email("email")
        first, last = v.text("first_name", "firstName"), v.text("last_name", "lastName")
        name = ibis.coalesce(first + " " + last, last, email)
        columns = {
            "record_id": ibis.literal(prefix) + ident,
            "happened_at": v.moment("created_at", "createdAt"),
            "email": email,
            "first_name": first,
            "last_name": last,
            "internal": ibis.literal(True),
        }
        return [Mapped("people", columns), fact("owner", ident, "label", name)]

    return mapping


def _is_stage(sample: Sample) -> float:
    return 0.95 if fits(sample, ("stage_id", "label", "pipeline_id"), ("probability", "closed_won", "display_order"), never=("ticket_state",)) else 0.0


def _stages(raw: Raw) -> list[Mapped]:
    v = raw.values
    ident = v.text("stage_id")
    flags = _deals.by_flags(v.flag("closed_won"), v.flag("is_closed"))
    # Closed stages are known by their flags; the probability says it where there are none.
    told = ibis.coalesce(flags, _deals.by_probability(v.number("probability")), _deals.outcome(v.text("label")), ibis.literal("open"))
    label = ibis.coalesce(v.text("label"), ident)
    return [fact(about, ident, "label", label, where=told == outcome, primary=True) for about, outcome in _deals.STAGES.items()]


def _is_pipeline(sample: Sample) -> float:
    return 0.93 if fits(sample, ("pipeline_id", "label"), ("display_order", "active"), never=("stage_id", "object_type_id")) else 0.0


def _pipelines(raw: Raw) -> list[Mapped]:
    return [fact("pipeline", raw.values.text("pipeline_id"), "label", raw.values.text("label"), primary=True)]


def _is_list(sample: Sample) -> float:
    return 0.93 if fits(sample, ("id", "name"), ("list_version", "processing_type", "filters_updated_at", "meta_data_processing", "portal_id"), 2, never=("guid",)) else 0.0


def _lists(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [fact("campaign", ibis.literal("list:") + v.text("id"), "label", ibis.coalesce(v.text("name"), v.text("id")), primary=True)]


def _is_member(sample: Sample) -> float:
    return 0.95 if fits(sample, ("contact_id", "contact_list_id")) else 0.0


def _members(raw: Raw) -> list[Mapped]:
    v = raw.values
    contact, listed, added = v.text("contact_id"), v.text("contact_list_id"), v.moment("added_at", "timestamp")
    columns = {
        "record_id": ibis.literal("list:") + content_id(contact, listed, added),
        "happened_at": added,
        "kind": ibis.literal("list_change"),
        "detail": ibis.literal("list member"),
        "direction": ibis.literal("none"),
        "contact_ref": contact,
        "campaign": ibis.literal("list:") + listed,
    }
    # Having left the list later does not undo having joined it.
    return living("events", columns, None)


def _is_aside(sample: Sample) -> float:
    known = (
        fits(sample, ("name", "value", "source"), ("contact_id", "company_id", "ticket_id"))
        or fits(sample, ("ticket_id", "engagement_id"))
        or fits(sample, ("owner_id", "team_id"))
        or fits(sample, ("user_id", "team_id"))
        or fits(sample, ("hubspot_object", "label"))
        or fits(sample, ("pipeline_id", "label", "object_type_id"))
        or fits(sample, ("stage_id", "label", "ticket_state"))
        or fits(sample, ("id", "name", "requires_billing_write"))
        or (fits(sample, ("id", "type", "portal_id"), never=("timestamp", "created", "recipient", "email")) and len(sample.columns) < 8)
    )
    return 0.9 if known else 0.0


_ABOUT = "the table adds nothing to a journey (settings, teams, ticket stages, histories of other properties, ids alone)"
FORMATS = [
    Format("hubspot associations", "hubspot", "Who belongs to what: the warehouse tables engagement_contact, deal_company, ticket_contact, contact_company, …", _is_link, _links, zone="UTC"),
    Format("hubspot deal contacts", "hubspot", "The people on deals: the warehouse table deal_contact.", _is_deal_contact, _deal_contacts, zone="UTC"),
    Format("hubspot deal stages", "hubspot", "Stage changes of deals: the warehouse table deal_stage.", _is_stage_history, _stage_history, zone="UTC"),
    Format("hubspot deal property history", "hubspot", "Changes of deals, of which the stage is read: the warehouse table deal_property_history.", _is_deal_history, _deal_history, zone="UTC"),
    Format("hubspot merged contacts", "hubspot", "Contacts that became one: the warehouse table contact_merge_audit.", _is_merge, _merges, zone="UTC"),
    Format("hubspot merged deals", "hubspot", "Deals that became one: the warehouse table merged_deal.", _is_merged_deal, _merged_deals, zone="UTC"),
    Format("hubspot owners", "hubspot", "Colleagues who own records: the warehouse table owner.", _is_owner, _colleagues("owner_id", "owner:"), zone="UTC"),
    Format("hubspot users", "hubspot", "Colleagues with a login: the warehouse table users.", _is_user, _colleagues("id", "user:"), zone="UTC"),
    Format("hubspot deal pipeline stages", "hubspot", "What the stages of deals are called, and which are won or lost: the warehouse table deal_pipeline_stage.", _is_stage, _stages, zone="UTC"),
    Format("hubspot deal pipelines", "hubspot", "What the pipelines are called: the warehouse table deal_pipeline.", _is_pipeline, _pipelines, zone="UTC"),
    Format("hubspot lists", "hubspot", "What the lists are called: the warehouse table contact_list.", _is_list, _lists, zone="UTC"),
    Format("hubspot list members", "hubspot", "Who was put on which list: the warehouse table contact_list_member.", _is_member, _members, zone="UTC"),
    set_aside("hubspot side tables", "hubspot", "Tables of HubSpot's warehouse schema that add nothing to a journey.", _is_aside, _ABOUT),
]  # fmt: skip
