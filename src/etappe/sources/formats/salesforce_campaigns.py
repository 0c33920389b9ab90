"""Salesforce: campaigns and their members.

A member is an event: somebody was put on a list, or answered. Being *at* a fair or in a webinar needs the campaign's
type, which stands in the file when `Campaign.Type` was exported with the members, and else in the file of campaigns.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats import _contacts as words
from etappe.sources.formats._facts import fact, living
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._salesforce import Cells, is_object, knows, spelled, timed
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_CAMPAIGN = spelled(
    "StartDate", "EndDate", "BudgetedCost", "ActualCost", "ExpectedResponse", "NumberSent", "NumberOfContacts", "NumberOfResponses",
    "ExpectedRevenue", "IsActive", "ParentId", "NumberOfLeads", "Type",
)  # fmt: skip


def _is_campaign(sample: Sample) -> float:
    if not knows(sample, "Id", "Name") or not fits(sample, never=spelled("StageName", "CampaignId", "Email")):
        return 0.0
    by_id = is_object(sample, "campaign")
    return (
        (0.9 if fits(sample, some=_CAMPAIGN[:16], least=3) else 0.0)
        if by_id is None
        else 0.97
        if by_id
        else 0.0
    )


def _is_member(sample: Sample) -> float:
    if not knows(sample, "CampaignId") or not fits(
        sample, some=spelled("ContactId", "LeadId", "LeadOrContactId")
    ):
        return 0.0
    never = spelled("StageName", "WhoId")
    return (
        0.96
        if fits(sample, some=spelled("HasResponded", "FirstRespondedDate", "Status"), never=never)
        else 0.0
    )


def _campaigns(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    ident, name, kind = c.ref("Id"), c.text("Name"), words.campaign_kind(c.text("Type"))
    deleted, start, cost = c.deleted(), c.moment("StartDate"), c.number("ActualCost")
    gone = ibis.literal(False) if deleted is None else deleted.fill_null(False)
    content = {
        "record_id": ident,
        "happened_at": start,
        "kind": ibis.literal("campaign"),
        "name": name,
        "campaign": c.first("Parent.Name", "ParentId"),
        "status": ibis.cases((gone, "deleted"), else_=c.text("Status")),
    }
    # Online campaigns have their costs in the exports of the advertising tools; a fair has them here alone.
    costs = {
        "record_id": ident,
        "happened_at": start,
        "day": start.date(),
        "platform": c.text("Type"),
        "campaign": name,
        "campaign_ref": ident,
        "cost": cost,
        "currency": c.text("CurrencyIsoCode"),
    }
    spent = kind.notnull() & (cost > 0) & start.notnull() & ~gone
    return [
        Mapped("content", content),
        Mapped("costs", costs, where=spent, primary=False),
        fact("campaign", ident, "label", name, where=~gone),
        fact("campaign", ident, "kind", kind, where=~gone),
        fact(
            "campaign", ident, "starts_at", start.strftime("%Y-%m-%dT%H:%M:%SZ"), where=~gone & kind.notnull()
        ),
    ]


def _members(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    person = ibis.coalesce(c.ref("ContactId"), c.ref("LeadOrContactId"), c.ref("LeadId"))
    status, responded = c.text("Status"), c.flag("HasResponded")
    kind = words.membership(words.campaign_kind(c.text("Campaign.Type")), status, responded)
    created, answered = c.moment("CreatedDate"), c.moment("FirstRespondedDate")
    answer = ibis.cases((answered.notnull(), timed(answered, created)), else_=created)
    visited = ibis.cases((kind == "list_change", answer), else_=words.at_event(answer, c.moment("Campaign.StartDate")))
    campaign = c.ref("CampaignId")
    columns: dict[str, ir.Value] = {
        "record_id": ibis.coalesce(c.ref("Id"), content_id(campaign, person)),
        "happened_at": visited,
        "kind": kind,
        "name": c.text("Campaign.Name"),
        "detail": status,
        "direction": ibis.cases((responded.fill_null(False) | (kind != "list_change"), "in"), else_="out"),
        "contact_ref": person,
        "email": c.email("Email", "Contact.Email", "Lead.Email"),
        "company_name": c.first("CompanyOrAccount", "Lead.Company", "Contact.Account.Name"),
        "account_ref": c.ref("AccountId", "Contact.AccountId"),
        "campaign": ibis.coalesce(c.text("Campaign.Name"), campaign),
    }
    return living("events", columns, c.deleted())


FORMATS = [
    Format("salesforce campaigns", "salesforce", "Campaigns of Salesforce, fairs and webinars among them: the object Campaign.", _is_campaign, _campaigns, zone="UTC"),
    Format("salesforce campaign members", "salesforce", "Who was in a campaign and answered: the object CampaignMember.", _is_member, _members, zone="UTC"),
]  # fmt: skip
