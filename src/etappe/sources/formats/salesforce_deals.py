"""Salesforce: opportunities, the history of their stages, and the people on them.

Stages come from OpportunityHistory (one row a change, all changes since the opportunity was made) or, where that was
not exported, from OpportunityFieldHistory (StageName only, since tracking was switched on) or from a warehouse table
that keeps old versions of the opportunity.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _deals
from etappe.sources.formats._facts import leave_out, living
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._salesforce import Cells, is_object, knows, spelled
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_DEAL = spelled(
    "CloseDate",
    "ForecastCategory",
    "Probability",
    "IsWon",
    "IsClosed",
    "AccountId",
    "LeadSource",
    "FiscalQuarter",
    "Amount",
    "OwnerId",
)
_VERSIONS = ("_fivetran_start", "_fivetran_end")


def _is_deal(sample: Sample) -> float:
    if not knows(sample, "Id", "StageName") or not fits(
        sample, never=(*spelled("OpportunityId"), *_VERSIONS)
    ):
        return 0.0
    by_id = is_object(sample, "opportunity")
    return (0.9 if fits(sample, some=_DEAL, least=3) else 0.0) if by_id is None else 0.97 if by_id else 0.0


def _is_history(sample: Sample) -> float:
    return (
        0.96
        if knows(sample, "OpportunityId", "StageName")
        and not fits(sample, some=spelled("ContactId", "PricebookEntryId"))
        else 0.0
    )


def _is_versions(sample: Sample) -> float:
    return 0.96 if fits(sample, ("id", "stage_name", *_VERSIONS), never=("opportunity_id",)) else 0.0


def _is_field_history(sample: Sample) -> float:
    return 0.96 if knows(sample, "Field", "OpportunityId", "NewValue") else 0.0


def _is_role(sample: Sample) -> float:
    if not knows(sample, "OpportunityId", "ContactId") or not fits(
        sample, never=spelled("StageName", "CampaignId", "AccountId")
    ):
        return 0.0
    return 0.96 if sample.has_any("Role", *spelled("IsPrimary")) else 0.0


def _status(c: Cells, stage: ir.StringValue) -> ir.StringValue:
    flags = _deals.by_flags(c.flag("IsWon"), c.flag("IsClosed"))
    category = c.first("ForecastCategoryName", "ForecastCategory").lower()
    omitted = ibis.cases(
        (category.isin(("omitted", "ausgeschlossen")) & (c.number("Probability") == 0), "lost"),
        else_=ibis.null("string"),
    )
    # The flags say "open" of a stage that is not closed, whatever it is called.
    return _deals.status(flags, _deals.outcome(stage), omitted)


def _deals_of(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    ident, stage, opened, close = (
        c.ref("Id"),
        c.text("StageName"),
        c.moment("CreatedDate"),
        c.moment("CloseDate"),
    )
    status, deleted = _status(c, stage), c.deleted()
    entered = c.moment("LastStageChangeDate", "LastStageChangeDate__c", "Stage_Changed_Date__c")
    is_open = status == "open"
    columns = {
        "record_id": ident,
        "happened_at": opened,
        "name": c.text("Name"),
        "account_ref": c.ref("AccountId"),
        "company_name": c.text("Account.Name"),
        "contact_refs": _listed(c.ref("ContactId", "Primary_Contact__c")),
        "amount": c.number("Amount"),
        "currency": c.text("CurrencyIsoCode", "Currency"),
        "status": status,
        "stage": stage,
        "pipeline": c.first("RecordType.Name", "RecordTypeId"),
        "type": c.text("Type"),
        "closed_at": ibis.cases((is_open, ibis.null("timestamp('UTC')")), else_=close),
        "expected_at": ibis.cases((is_open, close), else_=ibis.null("timestamp('UTC')")),
        "lost_reason": c.first(
            "Loss_Reason__c",
            "LossReason__c",
            "Lost_Reason__c",
            "Closed_Lost_Reason__c",
            "Reason_Lost__c",
            "Verlustgrund__c",
        ),
        "campaign": c.first("Campaign.Name", "CampaignId"),
        "origin": c.text("LeadSource"),
        "owner": c.first("Owner.Name", "OwnerId"),
    }
    columns["attributes"] = raw.values.rest()
    alive = None if deleted is None else ~deleted.fill_null(False)
    own = _deals.own_stage(
        ident, stage, entered, opened, columns["closed_at"], alive, amount=columns["amount"]
    )
    return [*living("deals", columns, deleted), own]


def _listed(ref: ir.StringValue) -> ir.ArrayValue:
    return ibis.cases((ref.notnull(), ibis.array([ref])), else_=ibis.null("array<string>"))


def _history(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    columns = _entry(c, c.ref("OpportunityId"), c.moment("CreatedDate"))
    columns["record_id"] = ibis.coalesce(
        c.ref("Id"), content_id(columns["deal_ref"], columns["stage"], columns["happened_at"])
    )
    columns["owner"] = c.first("CreatedBy.Name", "CreatedById")
    return living("deal_stages", columns, c.deleted(), problem=_incomplete(columns))


def _versions(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    columns = _entry(c, c.ref("id"), raw.values.moment("_fivetran_start"))
    columns["record_id"] = content_id(columns["deal_ref"], columns["stage"], columns["happened_at"])
    columns["owner"] = c.text("LastModifiedById")
    return living("deal_stages", columns, c.deleted(), problem=_incomplete(columns))


def _entry(c: Cells, deal: ir.StringValue, moment: ir.TimestampValue) -> dict[str, ir.Value]:
    return {
        "happened_at": moment,
        "deal_ref": deal,
        "stage": c.text("StageName"),
        "amount": c.number("Amount"),
        "probability": _deals.share(c.number("Probability")),
    }


def _field_history(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    of_stage = c.text("Field").lower().isin(("stagename", "stage_name", "opportunity.stagename"))
    leave_out(raw, ~of_stage.fill_null(False), "changes of other fields than the stage were left out")
    columns = {
        "record_id": c.ref("Id"),
        "happened_at": c.moment("CreatedDate"),
        "deal_ref": c.ref("OpportunityId"),
        "stage": c.text("NewValue"),
        "owner": c.first("CreatedBy.Name", "CreatedById"),
    }
    return living("deal_stages", columns, c.deleted(), of_stage, problem=_incomplete(columns))


def _incomplete(columns: dict[str, ir.Value]) -> ir.StringValue:
    missing = columns["deal_ref"].isnull() | columns["stage"].isnull()
    return ibis.cases((missing, "the record names no deal or no stage"), else_=ibis.null("string"))


def _roles(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    deal, contact = c.ref("OpportunityId"), c.ref("ContactId")
    columns = {
        "record_id": ibis.coalesce(c.ref("Id"), content_id(deal, contact, c.text("Role"))),
        "happened_at": c.moment("CreatedDate"),
        "deal_ref": deal,
        "contact_ref": contact,
        "email": c.email("Contact.Email"),
        "role": c.text("Role"),
        "main": c.flag("IsPrimary"),
    }
    problem = ibis.cases(
        (deal.isnull() | contact.isnull(), "the record names no deal or no contact"),
        else_=ibis.null("string"),
    )
    return living("deal_roles", columns, c.deleted(), problem=problem)


FORMATS = [
    Format("salesforce opportunities", "salesforce", "Deals of Salesforce: the object Opportunity.", _is_deal, _deals_of, zone="UTC"),
    Format("salesforce opportunity history", "salesforce", "Stage changes of deals: the object OpportunityHistory.", _is_history, _history, zone="UTC"),
    Format("salesforce opportunity versions", "salesforce", "Opportunities with their older versions (Fivetran's history mode).", _is_versions, _versions, zone="UTC"),
    Format("salesforce opportunity field history", "salesforce", "Tracked changes of deals: the object OpportunityFieldHistory, of which the stage is read.", _is_field_history, _field_history, zone="UTC"),
    Format("salesforce opportunity contact roles", "salesforce", "Who takes part in a deal and as what: the object OpportunityContactRole.", _is_role, _roles, zone="UTC"),
]  # fmt: skip
