"""What a user has to know of each system that is read: its name, where its export is found, what to watch for."""

from __future__ import annotations

# source -> (name, where to get the export, traps)
SYSTEMS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "brevo": (
        "Brevo",
        ("The events of the marketing webhook, kept as JSON lines.",),
        ("Times are written in several zones: `ts_event` is UTC and is used.",),
    ),
    "connector": ("Tables of a connector", ("A warehouse that a connector (Fivetran, Stitch, Airbyte, dlt) fills: its tables as CSV.",), ("The tables of a system are read as that system's; these are what it keeps beside them.",)),
    "dynamics": (
        "Microsoft Dynamics 365",
        ("*Export to Excel* of a list (accounts, contacts, opportunities), or tables of a connector.",),
        ("The first columns, `(Do Not Modify) …`, hold the record's id: leave them in.",),
    ),
    "etappe": ("etappe's own surveys", ("`etappe survey` collects answers by a form that etappe serves.",), ()),
    "freshdesk": (
        "Freshdesk",
        ("Admin › Account › Export data, or the API's `tickets`, `contacts`, `companies` and `conversations` as JSON.",),
        ("Status and priority are numbers (2 open, 3 pending, 4 resolved, 5 closed).", "Private notes are the team's own and no contact with the customer."),
    ),
    "ga4": (
        "Google Analytics 4",
        ("Link the property to BigQuery, then export `events_YYYYMMDD` as newline-delimited JSON or Parquet.",),
        (
            "The reports of the GA4 page hold sums and no visitors: they are recognised and refused in words.",
            "Late events rewrite a day's table for up to three days: import it again, what is known stays one record.",
            "`traffic_source` is the user's first source, not the session's; `collected_traffic_source` is used.",
            "`user_pseudo_id` is empty without consent.",
        ),
    ),
    "google_ads": (
        "Google Ads",
        ("Reports › campaign report by day, downloaded as CSV or *Excel .csv* (UTF-16, tabs); German and English headings.", "Warehouse tables of a connector (`campaign_stats`, `campaign_history`, …)."),
        ("Totals rows (`Total: Campaigns`, `Gesamt: Konto`) are no records.", "`cost_micros` is divided by a million.", "A report without days has costs for its whole period, dated at its end."),
    ),
    "google_reviews": ("Google reviews", ("The Business Profile API's `accounts.locations.reviews` as JSON.",), ("`starRating` is a word (ONE … FIVE).", "Reviews rarely carry an address: most stay unresolved, and are counted so.")),
    "hubspot": (
        "HubSpot",
        (
            "In the page: Contacts, Companies, Deals or an activity › Export view, as CSV or XLSX, in any language that HubSpot writes headings in German or English.",
            "Tick *include associated records* so that contacts and deals carry the ids of their companies.",
            "Marketing e-mail events: the e-mail events API or a connector's table `email_event`.",
            "Warehouse tables of a connector, and objects of the CRM API v3.",
        ),
        (
            "Dates of the page's exports are in the account's time zone without saying so: set `[sources.hubspot] zone` in `etappe.toml` if it is not the workspace's.",
            "E-mail events name the recipient's address, not a contact id.",
            "Events that HubSpot has filtered as a bot's are kept and marked.",
            "Merged contacts and companies keep their old ids (`hs_merged_object_ids`).",
            "Tables without a reading (lists of teams, settings) are told as such: nothing of the journey is in them.",
        ),
    ),
    "limesurvey": (
        "LimeSurvey",
        ("Responses › Export › CSV; headings as code, full text or *code & text*, answers short or long; German and English.",),
        ("A response without `submitdate` was left half way: its answers are kept and marked as unfinished.",),
    ),
    "linkedin_ads": (
        "LinkedIn Ads",
        ("Campaign Manager › Export › campaign performance by day, CSV.", "Warehouse tables of a connector."),
        ("Title lines stand before the heading.", "Days are months first (M/D/YYYY).", "Ids may be written as `urn:li:sponsoredCampaign:N`."),
    ),
    "attendees": (
        "Lists of attendees",
        ("The list of a trade fair's lead scanner, a webinar tool or an event page, as CSV or XLSX, German or English headings (Firma, Ansprechpartner, E-Mail, Messe, Datum …).", "pretixLEAD's leads as JSON."),
        ("Who registered and did not come is told apart from who was there.", "A list without a date takes the day of the event from its title lines, else the row waits in the quarantine."),
    ),
    "mailchimp": (
        "Mailchimp",
        ("Audience › Export, and the tables `member`, `campaign`, `campaign_recipient_activity`, `unsubscribe` of a connector.",),
        ("A member's id is the MD5 of the address.",),
    ),
    "marketo": ("Marketo", ("Leads and activities by bulk export or a connector (`lead`, `activity_…`, `merge_leads`).",), ("Some files begin with a byte-order mark, others do not.", "Merged leads keep their old ids.")),
    "matomo": (
        "Matomo",
        ("Visitors › Visits log › Export as JSON or XML (`Live.getLastVisitsDetails`), or the API of that name.",),
        (
            "The CSV has visits alone, without what was done in them.",
            "Reports with sums (visits summary, contents) are refused in words: no journey is in them.",
            "A user id that appears in mid visit stands on the whole visit; a new one opens a new visit.",
        ),
    ),
    "mautic": ("Mautic", ("The tables `leads`, `page_hits`, `email_stats`, `lead_event_log` as CSV.",), ("Times are UTC without saying so.", "`lead_id` is empty until a visitor is known.")),
    "ocel": (
        "OCEL process logs",
        ("Object-centric event logs 1.0 and 2.0 as JSON, XML, SQLite or the flat table with `ocel:` columns.",),
        ("The object type whose name speaks of a company is the account; where none does, one type stands for it and the report says which.", "Ids such as `e1` are the log's own: give each further log a name of its own with `--source NAME`, else it replaces what has the same ids, and the report says so."),
    ),
    "pipedrive": (
        "Pipedrive",
        ("Settings › Export data (deals, people, organizations, activities, notes) as CSV or XLSX.", "Objects of the API v2 as JSON, with `dealflow` for the stage history."),
        ("The page's export names linked records instead of giving ids, and has no stage history.", "Several addresses stand in one cell, separated by commas."),
    ),
    "plausible": ("Plausible", ("–",), ("Plausible counts visits without telling visitors apart: its tables are recognised and refused in words.",)),
    "posthog": ("PostHog", ("Batch export as JSON lines.",), ("`$create_alias` ties an old id to a new one.", "Events of groups carry a made-up person.")),
    "qualtrics": (
        "Qualtrics",
        ("Data & Analysis › Export data › CSV (three header rows, the second in the account's language), the legacy form with two, or tables of a connector.",),
        ("Put the CRM's id into the external reference: it ties answers to contacts.", "Answers with line breaks are read as one cell.", "Scales are read from the question: 0–10 with *recommend* or *empfehlen* is NPS."),
    ),
    "salesforce": (
        "Salesforce",
        (
            "Setup › Data Export, Data Loader or Bulk API: Account, Contact, Lead, Opportunity, OpportunityHistory (or OpportunityFieldHistory), OpportunityContactRole, Campaign, CampaignMember, Task, Event, User, Case.",
            "Warehouse tables of a connector, in snake_case.",
        ),
        (
            "Ids of 15 and 18 characters are the same record.",
            "`WhoId` is a contact or a lead; a lead that was converted is the contact it became.",
            "Deleted records are left out; what was merged away belongs to its survivor (`MasterRecordId`).",
            "Without OpportunityHistory a deal has the stage of its record alone.",
            "Report exports differ by language and have footers: export objects instead.",
        ),
    ),
    "search_console": (
        "Google Search Console",
        ("Performance › Export (ZIP or CSV: queries, pages), German or English.", "The API's rows by day, query and page."),
        ("The page's files have no days: they count for the export's day.", "Google leaves rare queries out."),
    ),
    "segment": (
        "Segment and RudderStack",
        ("The raw calls (identify, track, page, screen, group, alias) as JSON lines, from a warehouse or an S3 destination; batches too.",),
        ("RudderStack puts traits into `context.traits`.", "`group` is the company, `alias` ties two ids."),
    ),
    "snowplow": (
        "Snowplow",
        ("`atomic.events` from the warehouse as CSV or Parquet, all columns or some (`event_id`, `collector_tstamp` and a user or cookie id at least).", "The enriched stream's files: 131 columns, tabs, no heading."),
        ("The same `event_id` twice is one event; with other content it is a later version.", "Page pings are kept as time on the page.", "Bots that name themselves are marked."),
    ),
    "trustpilot": ("Trustpilot", ("Business page › Reviews › Export, CSV or XLSX; the API's JSON.",), ("Without the reviewer's address a review finds no company, and is counted so.",)),
    "typeform": ("Typeform", ("Results › Responses › Download CSV.",), ("Each question is a column; hidden fields are columns too.",)),
    "xes": (
        "XES process logs",
        ("XES 1.0 and 2.0 (`.xes`, `.xes.gz`), and the flat table with `case:concept:name`.",),
        ("Each case is an account of its own, each event a step of kind `activity`, so that a process log alone gives journeys.",),
    ),
    "zendesk": (
        "Zendesk",
        ("Reports › Export › tickets as CSV, the API's JSON, or tables of a connector (`ticket`, `ticket_comment`, `user`, `organization`, `domain_name`).",),
        ("Agents are own people.", "`domain_name` ties domains to organizations: export it too."),
    ),
}
