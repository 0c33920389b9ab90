"""What leaves this room: persons, accounts and the links that made them.

An *identifier* is a pair of kind and value: `email`, `cookie`, `user`, `phone`, `contact:<source>` (id of a people
record), `account:<source>` (id of a company record), `domain`. Person and account ids are made from the smallest
identifier of their group, so that they stay the same from build to build while the evidence does.
"""

from __future__ import annotations

from etappe.tables.schema import FLAG, INTEGER, MOMENT, NUMBER, TEXT, TEXTS, Column, Table

PERSON_KEYS = Table(
    "person_keys",
    "Which person an identifier belongs to; each identifier once",
    (
        Column("kind", TEXT, "Kind of identifier: email, cookie, user, phone, contact:<source>", required=True),
        Column("value", TEXT, "The identifier, cleaned", required=True, personal=True),
        Column("person_id", TEXT, "The person; null where the identifier was held apart", personal=True),
        Column("held_apart", TEXT, "Why it ties nobody together: role mailbox, shared device, recycled id, too many people"),
    ),
)

PERSONS = Table(
    "persons",
    "One resolved person a row",
    (
        Column("person_id", TEXT, "Stable id", required=True, personal=True),
        Column("account_id", TEXT, "The person's account; null where unknown or ambiguous"),
        Column("name", TEXT, "Best known name", personal=True),
        Column("email", TEXT, "Best known e-mail address", personal=True),
        Column("title", TEXT, "Latest job title"),
        Column("stated_role", TEXT, "Buying role the CRM states, cleaned to words.kinds.ROLES"),
        Column("language", TEXT, "Language code"),
        Column("country", TEXT, "Country"),
        Column("internal", FLAG, "One of the own people"),
        Column("opted_out", FLAG, "Does not want to be contacted or tracked"),
        Column("anonymous", FLAG, "Known by cookie, user id or telephone alone: a visitor without a name"),
        Column("identifiers", INTEGER, "Number of identifiers tied together"),
        Column("account_rule", TEXT, "Rule that tied the person to the account: decision, crm link, domain, company name, network"),
        Column("account_probability", NUMBER, "0 to 1"),
        Column("first_known_at", MOMENT, "Earliest evidence"),
    ),
)  # fmt: skip

ACCOUNT_KEYS = Table(
    "account_keys",
    "Which account a company record or domain belongs to",
    (
        Column("kind", TEXT, "account:<source>, domain, or name", required=True),
        Column("value", TEXT, "The id, domain or cleaned name", required=True),
        Column("account_id", TEXT, "The account; null where ambiguous"),
        Column("candidates", TEXTS, "Accounts that came into question, where ambiguous"),
    ),
)

RESOLVED_ACCOUNTS = Table(
    "resolved_accounts",
    "One resolved company a row",
    (
        Column("account_id", TEXT, "Stable id", required=True),
        Column("name", TEXT, "Best known name"),
        Column("domain", TEXT, "Main domain"),
        Column("domains", TEXTS, "All domains"),
        Column("parent_id", TEXT, "Account of the parent company: linked, not merged"),
        Column("city", TEXT, "City"),
        Column("country", TEXT, "Country, ISO 3166 alpha-2 where recognised"),
        Column("industry", TEXT, "Industry as written"),
        Column("employees", NUMBER, "Number of employees"),
        Column("revenue", NUMBER, "Yearly revenue"),
        Column("tier", TEXT, "Tier as written"),
        Column("type", TEXT, "Customer, prospect, … as written"),
        Column("owner", TEXT, "Colleague who owns it"),
        Column("records", INTEGER, "Number of company records tied together"),
        Column("persons", INTEGER, "Number of persons"),
        Column("internal", FLAG, "The own company"),
    ),
)

LINKS = Table(
    "links",
    "Why two things are one: one link a row, those rejected too",
    (
        Column("left_kind", TEXT, "Kind of the left identifier", required=True),
        Column("left", TEXT, "Left identifier", required=True, personal=True),
        Column("right_kind", TEXT, "Kind of the right identifier", required=True),
        Column("right", TEXT, "Right identifier", required=True, personal=True),
        Column("rule", TEXT, "Rule that speaks for the link", required=True),
        Column("evidence", TEXT, "The record or comparison it rests on, in words", personal=True),
        Column("probability", NUMBER, "0 to 1"),
        Column("accepted", FLAG, "False: considered and rejected"),
        Column("reason", TEXT, "Why it was rejected"),
        Column("seen", INTEGER, "How many records say so"),
    ),
)
