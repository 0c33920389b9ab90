"""Salesforce: accounts, contacts, leads and users, as API or Bulk CSV and as warehouse tables.

A lead is a person (`converted_ref` ties it to the contact it became). A record that was merged away is marked deleted
and names its survivor in MasterRecordId: the survivor gets it among its `merged_refs`.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import fact, living
from etappe.sources.formats._recognising import cells, fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.formats._salesforce import Cells, is_object, spelled
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_ACCOUNT = spelled(
    "BillingCity", "BillingCountry", "BillingStreet", "BillingPostalCode", "ParentId", "MasterRecordId", "OwnerId", "RecordTypeId",
    "NumberOfEmployees", "AnnualRevenue", "AccountSource", "LastModifiedById", "SystemModstamp", "LastActivityDate", "AccountNumber",
    "TickerSymbol", "Owner.Name", "Parent.Name",
)  # fmt: skip
_CONTACT = spelled(
    "AccountId", "Account.Name", "MailingCity", "MailingCountry", "MailingStreet", "ReportsToId", "HasOptedOutOfEmail", "LeadSource",
    "IsEmailBounced", "MasterRecordId", "OwnerId", "SystemModstamp", "Department", "LastActivityDate", "MobilePhone",
)  # fmt: skip
_LEAD = spelled(
    "IsConverted",
    "ConvertedContactId",
    "ConvertedAccountId",
    "ConvertedDate",
    "ConvertedOpportunityId",
    "Status",
    "LeadSource",
    "IsUnreadByOwner",
)
_USER = spelled(
    "ProfileId",
    "UserRoleId",
    "TimeZoneSidKey",
    "LocaleSidKey",
    "LanguageLocaleKey",
    "EmailEncodingKey",
    "UserType",
    "FederationIdentifier",
)
_OTHERS = spelled("StageName", "WhoId", "WhatId", "OpportunityId", "CampaignId", "CaseNumber", "OrderNumber")


def _is_account(sample: Sample) -> float:
    if not fits(
        sample,
        ("Id", "Name"),
        never=(*_OTHERS, *spelled("LastName", "Email", "AccountId", "StartDate", "ProductCode")),
    ):
        return 0.0
    return _by_id_or_columns(sample, "account", fits(sample, some=_ACCOUNT, least=4))


def _is_contact(sample: Sample) -> float:
    if not fits(sample, ("Id",), spelled("LastName", "Name", "Email"), never=(*_OTHERS, *_LEAD[:10], *_USER)):
        return 0.0
    return _by_id_or_columns(
        sample,
        "contact",
        fits(sample, some=_CONTACT, least=4) and fits(sample, some=spelled("LastName", "FirstName")),
    )


def _is_lead(sample: Sample) -> float:
    if not fits(
        sample, ("Id",), spelled("Company", "IsConverted", "ConvertedContactId", "LastName"), never=_OTHERS
    ):
        return 0.0
    return _by_id_or_columns(sample, "lead", sample.has("Company") and fits(sample, some=_LEAD, least=3))


def _is_user(sample: Sample) -> float:
    if not fits(sample, ("Id",), spelled("Email", "Username", "Name"), never=_OTHERS):
        return 0.0
    return _by_id_or_columns(sample, "user", sample.has("Username") and fits(sample, some=_USER, least=2))


_ASIDE = {"801", "802", "00k", "01t", "00E", "012", "01u", "01s", "02i", "800", "0Q0", "0QL", "00G", "00O", "00e"}


def _is_aside(sample: Sample) -> float:
    """Objects that say nothing of a journey, by the prefix of their ids, and tables of older versions of records."""
    found = {cell[:3] for cell in cells(sample, "Id") if len(cell) in (15, 18)}
    known = bool(found) and found <= _ASIDE
    roles = fits(sample, ("id", "parent_role_id", "rollup_description"))
    return 0.96 if (known and fits(sample)) or roles or _is_older(sample) else 0.0


def _newest(recognise: Callable[[Sample], float]) -> Callable[[Sample], float]:
    """For tables that hold each record once: those of all versions have fewer columns, and would take some away."""
    return lambda sample: 0.0 if sample.has("_fivetran_start", "_fivetran_end") else recognise(sample)


def _is_older(sample: Sample) -> bool:
    older = fits(sample, ("id", "_fivetran_start", "_fivetran_end"), never=("stage_name",))
    return older and bool(_is_account(sample) or _is_contact(sample) or _is_lead(sample))


def _by_id_or_columns(sample: Sample, kind: str, columns: bool) -> float:
    """The prefix of the ids is surest; the columns decide where there are no rows or the ids were scrambled."""
    by_id = is_object(sample, kind)
    if by_id is None:
        return 0.9 if columns else 0.0
    return 0.97 if by_id else 0.0


def _accounts(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    master, deleted = c.ref("MasterRecordId"), c.deleted()
    columns = {
        "record_id": c.ref("Id"),
        "happened_at": c.moment("CreatedDate"),
        "name": c.text("Name"),
        "domain": c.text("Website"),
        "parent_ref": c.ref("ParentId"),
        "street": c.first("BillingStreet", "ShippingStreet"),
        "postcode": c.first("BillingPostalCode", "ShippingPostalCode"),
        "city": c.first("BillingCity", "ShippingCity"),
        "country": c.first("BillingCountry", "BillingCountryCode", "ShippingCountry"),
        "phone": c.text("Phone"),
        "industry": c.text("Industry"),
        "employees": c.number("NumberOfEmployees"),
        "revenue": c.number("AnnualRevenue"),
        "tier": c.first("Rating", "CustomerPriority__c", "Tier__c", "Segment__c"),
        "type": c.text("Type"),
        "owner": c.first("Owner.Name", "OwnerId"),
        "attributes": raw.values.rest(),
    }
    return living("accounts", columns, deleted, merged_into=master)


def _contacts(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    master, deleted = c.ref("MasterRecordId"), c.deleted()
    columns = _person(c) | {
        "record_id": c.ref("Id"),
        "phone": c.first("Phone", "MobilePhone", "OtherPhone"),
        "account_ref": c.ref("AccountId"),
        "company_name": c.text("Account.Name"),
        "domain": c.text("Account.Website"),
        "city": c.first("MailingCity", "OtherCity"),
        "country": c.first("MailingCountry", "MailingCountryCode", "OtherCountry"),
        "role": c.first("BuyingRole__c", "Buying_Role__c", "Role__c"),
        "lifecycle": c.first("Contact_Status__c", "Status__c", "Contact_Stage__c", "Lifecycle_Stage__c"),
    }
    columns["attributes"] = raw.values.rest()
    return living("people", columns, deleted, merged_into=master)


def _leads(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    master, deleted = c.ref("MasterRecordId"), c.deleted()
    columns = _person(c) | {
        "record_id": c.ref("Id"),
        "phone": c.first("Phone", "MobilePhone"),
        "account_ref": c.ref("ConvertedAccountId"),
        "company_name": c.text("Company"),
        "domain": c.text("Website"),
        "city": c.text("City"),
        "country": c.first("Country", "CountryCode"),
        "role": c.first("BuyingRole__c", "Buying_Role__c", "Role__c"),
        "lifecycle": c.text("Status"),
        "converted_ref": c.ref("ConvertedContactId"),
    }
    columns["attributes"] = raw.values.rest()
    return living("people", columns, deleted, merged_into=master)


def _person(c: Cells) -> dict[str, ir.Value]:
    """What contacts and leads have in common."""
    return {
        "happened_at": c.moment("CreatedDate"),
        "email": c.email("Email"),
        "first_name": c.text("FirstName"),
        "last_name": c.first("LastName", "Name"),
        "title": c.text("Title"),
        "language": c.first("Language__c", "Languages__c", "Preferred_Language__c"),
        "origin": c.text("LeadSource"),
        "owner": c.first("Owner.Name", "OwnerId"),
        "opted_out": c.flag("HasOptedOutOfEmail"),
        "consented": c.flag("Gdpr_Opt_In_Explicit__c", "Email_Opt_In_Explicit__c", "Marketing_Consent__c"),
    }


def _users(raw: Raw) -> list[Mapped]:
    c = Cells(raw)
    ident, email = c.ref("Id"), c.email("Email")
    name = ibis.coalesce(
        c.text("Name"), c.text("FirstName") + " " + c.text("LastName"), c.text("LastName"), email
    )
    columns = {
        "record_id": ident,
        "happened_at": c.moment("CreatedDate"),
        "email": email,
        "first_name": c.text("FirstName"),
        "last_name": c.first("LastName", "Name"),
        "title": c.text("Title"),
    }
    # A login to the customer portal belongs to a customer, not to a colleague.
    outside = c.text("ContactId").notnull() | c.text("UserType").isin(
        ("CspLitePortal", "PowerCustomerSuccess", "CustomerSuccess", "PowerPartner", "Guest")
    )
    columns["internal"] = ~outside.fill_null(False)
    return [Mapped("people", columns), fact("owner", ident, "label", name)]


FORMATS = [
    Format("salesforce accounts", "salesforce", "Companies of Salesforce: the object Account, as API, Bulk or Data Loader CSV or as a warehouse table.", _newest(_is_account), _accounts, zone="UTC"),
    Format("salesforce contacts", "salesforce", "People of Salesforce: the object Contact.", _newest(_is_contact), _contacts, zone="UTC"),
    Format("salesforce leads", "salesforce", "People of Salesforce that are not tied to a company yet: the object Lead.", _newest(_is_lead), _leads, zone="UTC"),
    set_aside("salesforce side tables", "salesforce", "Salesforce objects and older versions of records that add nothing to a journey.", _is_aside, "products, orders, roles and older versions of accounts, contacts and leads add nothing to a journey: import the objects themselves"),
    Format("salesforce users", "salesforce", "Colleagues with a Salesforce login: the object User. They are never prospects, and their names replace owner ids.", _is_user, _users, zone="UTC"),
]  # fmt: skip
