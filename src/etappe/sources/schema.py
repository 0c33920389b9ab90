"""What leaves this room: the evidence tables.

Every row carries the same five columns (`KEPT`): where it is from, which record it is, when it happened, when it was
learned, by which import. References between records (`account_ref`, `contact_ref`, `deal_ref`, …) are the ids of the
*same source*; identity ties sources together. Texts are as they came, trimmed; "" does not occur, it is null.
"""

from __future__ import annotations

from etappe.tables.schema import DAY, FLAG, INTEGER, MOMENT, NUMBER, TEXT, TEXTS, Column, Table

KEPT = (
    Column("source", TEXT, "System the record came from: hubspot, salesforce, matomo, …", required=True),
    Column("record_id", TEXT, "Id of the record within its source and table; made from its content where it has none", required=True),
    Column("happened_at", MOMENT, "When it happened, UTC", required=False),
    Column("learned_at", MOMENT, "When etappe learned of it, UTC: the date of the import", required=True),
    Column("import_id", TEXT, "The import that brought it", required=True),
    Column("note", TEXT, "What the importer had to assume about this row (clock in the future, guessed zone, …)"),
)  # fmt: skip

EVENTS = Table(
    "events",
    "One contact between a person or company and the vendor a row",
    (
        *KEPT,
        Column("kind", TEXT, "Kind of event, one of words.kinds.EVENT_KINDS", required=True),
        Column("name", TEXT, "What a reader would call it: page title, subject, event name, activity"),
        Column("detail", TEXT, "The export's own type of the event (CLICK, Task:Call, ecommerceOrder, …)"),
        Column("direction", TEXT, "in: from the customer, out: from the vendor, none: neither or unknown"),
        Column("online", FLAG, "Took place online"),
        Column("email", TEXT, "E-mail address of the person, lower case", personal=True),
        Column("phone", TEXT, "Telephone number of the person, as it came", personal=True),
        Column("contact_ref", TEXT, "Id of the person's record in this source", personal=True),
        Column("cookie", TEXT, "First-party cookie, device or visitor id", personal=True),
        Column("user_id", TEXT, "Id of a signed-in user; may be an e-mail or the CRM id of another system", personal=True),
        Column("person_name", TEXT, "Name of the person, where the export has no other handle", personal=True),
        Column("account_ref", TEXT, "Id of the company's record in this source"),
        Column("company_name", TEXT, "Name of the company, where the export names it"),
        Column("domain", TEXT, "Company domain that the export or the network provider states"),
        Column("deal_ref", TEXT, "Id of the deal in this source"),
        Column("session_id", TEXT, "Visit or thread the event belongs to", personal=True),
        Column("url", TEXT, "Page or link"),
        Column("referrer", TEXT, "Page before"),
        Column("medium", TEXT, "utm_medium or the tool's own word for the kind of channel"),
        Column("origin", TEXT, "utm_source or the tool's own word for where it came from"),
        Column("campaign", TEXT, "Campaign name or id"),
        Column("content", TEXT, "Asset: mail, form, file, advertisement, webinar"),
        Column("term", TEXT, "Search term"),
        Column("participants", TEXTS, "E-mail addresses, else contact ids (`id:…`), of all who took part besides the person", personal=True),
        Column("owner", TEXT, "Colleague on the vendor's side: name, address or id, as it came"),
        Column("value", NUMBER, "Amount, rating or duration in minutes, by kind"),
        Column("currency", TEXT, "Currency of `value`, ISO 4217, where it is money"),
        Column("text", TEXT, "Free text: body, note, answer", personal=True),
        Column("consent", FLAG, "Consent to be tracked, where the export says it"),
    ),
)  # fmt: skip

PEOPLE = Table(
    "people",
    "One record of a person in one source a row (contact, lead, visitor profile)",
    (
        *KEPT,
        Column("email", TEXT, "Main e-mail address, lower case", personal=True),
        Column("emails", TEXTS, "Further e-mail addresses, lower case", personal=True),
        Column("phone", TEXT, "Telephone number as it came", personal=True),
        Column("cookie", TEXT, "Cookie or visitor id the source ties to the record", personal=True),
        Column("user_id", TEXT, "User id the source ties to the record (may belong to another system)", personal=True),
        Column("first_name", TEXT, "First name", personal=True),
        Column("last_name", TEXT, "Last name, or the whole name where it is not split", personal=True),
        Column("title", TEXT, "Job title as written"),
        Column("role", TEXT, "Buying role as the source states it"),
        Column("account_ref", TEXT, "Id of the company's record in this source"),
        Column("company_name", TEXT, "Name of the company as the record has it"),
        Column("domain", TEXT, "Company domain or website as the record has it"),
        Column("city", TEXT, "City"),
        Column("country", TEXT, "Country as written"),
        Column("language", TEXT, "Language code"),
        Column("lifecycle", TEXT, "Lifecycle or lead status as written"),
        Column("origin", TEXT, "Original source as written"),
        Column("owner", TEXT, "Colleague who owns the record"),
        Column("opted_out", FLAG, "Does not want to be contacted or tracked"),
        Column("consented", FLAG, "Gave consent, where the export says it"),
        Column("merged_refs", TEXTS, "Ids of records of this source that were merged into this one", personal=True),
        Column("converted_ref", TEXT, "Id of the contact record a lead was turned into", personal=True),
        Column("internal", FLAG, "The source says this is a colleague (user, agent)"),
        Column("attributes", TEXT, "All other columns of the record, as a JSON object", personal=True),
    ),
)  # fmt: skip

ACCOUNTS = Table(
    "accounts",
    "One record of a company in one source a row",
    (
        *KEPT,
        Column("name", TEXT, "Name as written"),
        Column("domain", TEXT, "Domain or website as written"),
        Column("domains", TEXTS, "Further domains the source ties to the company"),
        Column("parent_ref", TEXT, "Id of the parent company's record"),
        Column("merged_refs", TEXTS, "Ids of records of this source that were merged into this one"),
        Column("street", TEXT, "Street and number"),
        Column("postcode", TEXT, "Postal code"),
        Column("city", TEXT, "City"),
        Column("country", TEXT, "Country as written"),
        Column("phone", TEXT, "Telephone number"),
        Column("industry", TEXT, "Industry as written"),
        Column("employees", NUMBER, "Number of employees"),
        Column("revenue", NUMBER, "Yearly revenue"),
        Column("tier", TEXT, "Tier, rating or segment as written"),
        Column("type", TEXT, "Customer, prospect, partner, competitor, as written"),
        Column("lifecycle", TEXT, "Lifecycle stage as written"),
        Column("owner", TEXT, "Colleague who owns the record"),
        Column("attributes", TEXT, "All other columns of the record, as a JSON object"),
    ),
)  # fmt: skip

DEALS = Table(
    "deals",
    "One opportunity a row, in its last known state; `happened_at` is when it was opened",
    (
        *KEPT,
        Column("name", TEXT, "Name as written"),
        Column("account_ref", TEXT, "Id of the company's record in this source"),
        Column("company_name", TEXT, "Name of the company where there is no id"),
        Column("contact_refs", TEXTS, "Ids of contacts on the deal", personal=True),
        Column("contact_email", TEXT, "E-mail of the main contact where there is no id", personal=True),
        Column("amount", NUMBER, "Amount in `currency`"),
        Column("currency", TEXT, "ISO 4217; null where the export does not say"),
        Column("status", TEXT, "open, won or lost", required=True),
        Column("stage", TEXT, "Stage as written"),
        Column("pipeline", TEXT, "Pipeline as written"),
        Column("type", TEXT, "New business, renewal, upsell, … as written"),
        Column("closed_at", MOMENT, "When it was won or lost, UTC; null while open"),
        Column("expected_at", MOMENT, "Expected close date"),
        Column("lost_reason", TEXT, "Why it was lost, as written"),
        Column("campaign", TEXT, "Campaign the source credits"),
        Column("origin", TEXT, "Lead source as written"),
        Column("owner", TEXT, "Colleague who owns it"),
        Column("attributes", TEXT, "All other columns of the record, as a JSON object"),
    ),
)

DEAL_STAGES = Table(
    "deal_stages",
    "One entry of a deal into a stage a row; `happened_at` is the moment of entry",
    (
        *KEPT,
        Column("deal_ref", TEXT, "Id of the deal in this source", required=True),
        Column("stage", TEXT, "Stage as written", required=True),
        Column("amount", NUMBER, "Amount at that moment"),
        Column("probability", NUMBER, "Probability at that moment, 0 to 1"),
        Column("owner", TEXT, "Who moved it"),
    ),
)

DEAL_ROLES = Table(
    "deal_roles",
    "One person on one deal a row",
    (
        *KEPT,
        Column("deal_ref", TEXT, "Id of the deal in this source", required=True),
        Column("contact_ref", TEXT, "Id of the contact in this source", personal=True),
        Column("email", TEXT, "E-mail of the contact where there is no id", personal=True),
        Column("role", TEXT, "Role as written"),
        Column("main", FLAG, "Main contact"),
    ),
)

FEEDBACK = Table(
    "feedback",
    "One answer to one question, or one review, a row",
    (
        *KEPT,
        Column("survey", TEXT, "Survey, form or review site"),
        Column("response_id", TEXT, "The filled-in form the answer belongs to"),
        Column("question", TEXT, "Text of the question"),
        Column("question_ref", TEXT, "Code of the question"),
        Column("instrument", TEXT, "One of words.kinds.INSTRUMENTS"),
        Column("value", NUMBER, "Number given"),
        Column("low", NUMBER, "Lowest number of the scale, where known"),
        Column("high", NUMBER, "Highest number of the scale, where known"),
        Column("text", TEXT, "Text given", personal=True),
        Column("email", TEXT, "E-mail of the respondent", personal=True),
        Column("contact_ref", TEXT, "Reference to the respondent: a contact id of this or another source", personal=True),
        Column("person_name", TEXT, "Name of the respondent", personal=True),
        Column("account_ref", TEXT, "Reference to the company"),
        Column("company_name", TEXT, "Name of the company"),
        Column("touchpoint", TEXT, "Touchpoint asked about, where the survey names it"),
        Column("finished", FLAG, "The form was sent, not left half way"),
        Column("language", TEXT, "Language of the answer"),
    ),
)  # fmt: skip

CONTENT = Table(
    "content",
    "One piece of content a row: page, mail, asset, form, campaign",
    (
        *KEPT,
        Column("kind", TEXT, "page, mail, form, file, webinar, advertisement, campaign"),
        Column("name", TEXT, "Name as written"),
        Column("url", TEXT, "Address"),
        Column("campaign", TEXT, "Campaign it belongs to"),
        Column("status", TEXT, "Status as written"),
    ),
)

COSTS = Table(
    "costs",
    "What one campaign cost on one day, a row; `happened_at` is the start of that day",
    (
        *KEPT,
        Column("day", DAY, "Day in the account's zone", required=True),
        Column("platform", TEXT, "linkedin ads, google ads, …, or the channel itself: fair, webinar, …"),
        Column("campaign", TEXT, "Campaign name"),
        Column("campaign_ref", TEXT, "Campaign id"),
        Column("group", TEXT, "Ad group or campaign group"),
        Column("ad", TEXT, "Advertisement or creative"),
        Column("cost", NUMBER, "Money spent in `currency`"),
        Column("currency", TEXT, "ISO 4217; null where the export does not say"),
        Column("impressions", INTEGER, "Times shown"),
        Column("clicks", INTEGER, "Clicks"),
        Column("conversions", NUMBER, "Conversions as the platform counts them"),
    ),
)

SEARCHES = Table(
    "searches",
    "One search query or page on one day (or period) a row",
    (
        *KEPT,
        Column("day", DAY, "Day; for exports without days the last day of the export's period, else the import's"),
        Column("query", TEXT, "What was searched for"),
        Column("page", TEXT, "Page that was shown"),
        Column("country", TEXT, "Country"),
        Column("device", TEXT, "Device"),
        Column("clicks", INTEGER, "Clicks"),
        Column("impressions", INTEGER, "Times shown"),
        Column("position", NUMBER, "Mean position, 1 is first"),
    ),
)

INTERVIEWS = Table(
    "interviews",
    "One passage of one interview a row",
    (
        *KEPT,
        Column("interview", TEXT, "Interview it belongs to", required=True),
        Column("speaker", TEXT, "Who speaks", personal=True),
        Column("text", TEXT, "What was said", personal=True),
        Column("position", INTEGER, "Place in the text"),
    ),
)

FACTS = Table(
    "facts",
    "One field of one record that came in another file than the record itself (association tables, label tables) a row",
    (
        *KEPT,
        Column("about", TEXT, "events, deals, people, accounts, … (a field of that record), or stage, won stage, lost stage, pipeline, owner, campaign, content (a label)", required=True),
        Column("ref", TEXT, "record_id of the record, or id of the stage, pipeline, owner or campaign", required=True, personal=True),
        Column("field", TEXT, "Column of the record it fills (contact_ref, account_ref, url, …); `deleted` or `merged_into` of a record that is gone; `label`, `kind`, `starts_at` of what is labelled", required=True),
        Column("value", TEXT, "The value; several rows of one field: the first fills it, further contacts of an event become participants", personal=True),
    ),
)  # fmt: skip

EVIDENCE: dict[str, Table] = {
    table.name: table
    for table in (
        EVENTS, PEOPLE, ACCOUNTS, DEALS, DEAL_STAGES, DEAL_ROLES, FEEDBACK, CONTENT, COSTS, SEARCHES, INTERVIEWS,
        FACTS,
    )
}  # fmt: skip
