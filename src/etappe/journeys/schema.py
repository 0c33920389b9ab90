"""What leaves this room: `steps` and `journeys`, the two tables that everything after reads, and their companions."""

from __future__ import annotations

from etappe.tables.schema import FLAG, INTEGER, MOMENT, NUMBER, TEXT, TEXTS, Column, Table
from etappe.words.kinds import ROLES

STEPS = Table(
    "steps",
    "One event inside a journey a row, sorted by account and time",
    (
        Column("account_id", TEXT, "The account", required=True),
        Column("journey_id", TEXT, "The journey", required=True),
        Column("seq", INTEGER, "Place in the journey, from 1", required=True),
        Column("happened_at", MOMENT, "When, UTC", required=True),
        Column("learned_at", MOMENT, "When etappe learned of it, UTC"),
        Column("stage", TEXT, "Stage the journey is in after this step", required=True),
        Column("stage_no", INTEGER, "Its place in the stage model, from 1", required=True),
        Column("visit_no", INTEGER, "How many times the journey has entered a stage so far, from 1: changes with each move", required=True),
        Column("touchpoint", TEXT, "Touchpoint by the rules", required=True),
        Column("channel", TEXT, "Channel by the rules", required=True),
        Column("kind", TEXT, "Kind of event, words.kinds.EVENT_KINDS"),
        Column("person_id", TEXT, "The person; null where only the company is known", personal=True),
        Column("role", TEXT, "Buying role of the person in this journey"),
        Column("persona", TEXT, "Persona the person belongs to, once there are personas"),
        Column("online", FLAG, "Took place online"),
        Column("direction", TEXT, "in, out or none"),
        Column("sales", FLAG, "A two-way contact with the sales side: call, meeting, personal e-mail"),
        Column("previous_touchpoint", TEXT, "Touchpoint of the step before in the journey"),
        Column("next_touchpoint", TEXT, "Touchpoint of the step after in the journey"),
        Column("wait_before", NUMBER, "Days since the step before"),
        Column("wait_after", NUMBER, "Days until the step after"),
        Column("deal_id", TEXT, "Deal the step names, as source:id"),
        Column("campaign", TEXT, "Campaign"),
        Column("content", TEXT, "Asset: page path, mail, file, form, webinar"),
        Column("name", TEXT, "What the record calls it"),
        Column("url", TEXT, "Page or link"),
        Column("term", TEXT, "Search term"),
        Column("value", NUMBER, "Amount, rating or minutes, by kind"),
        Column("source", TEXT, "System the record came from", required=True),
        Column("record_id", TEXT, "Id of the record within its source", required=True),
    ),
)  # fmt: skip

PARTICIPANTS = Table(
    "participants",
    "Who took part in a step of several persons; one row a person",
    (
        Column("journey_id", TEXT, "The journey", required=True),
        Column("seq", INTEGER, "Place of the step in the journey", required=True),
        Column("person_id", TEXT, "The person", required=True, personal=True),
        Column("role", TEXT, "Buying role in this journey"),
    ),
)

JOURNEYS = Table(
    "journeys",
    "One buying episode of one account a row",
    (
        Column("journey_id", TEXT, "Stable id: account and number", required=True),
        Column("account_id", TEXT, "The account", required=True),
        Column("number", INTEGER, "Which journey of the account, from 1", required=True),
        Column("kind", TEXT, "One of words.kinds.JOURNEY_KINDS", required=True),
        Column("started_at", MOMENT, "First step", required=True),
        Column("last_step_at", MOMENT, "Last step", required=True),
        Column("ended_at", MOMENT, "When it was won, lost or fell dormant; null while open"),
        Column("outcome", TEXT, "One of words.kinds.OUTCOMES", required=True),
        Column("days", NUMBER, "From start to end, or to `as_of` while open"),
        Column("steps", INTEGER, "Number of steps", required=True),
        Column("persons", INTEGER, "Number of persons seen"),
        Column("stage", TEXT, "Stage it is in, or ended in"),
        Column("furthest_stage", TEXT, "Furthest stage reached"),
        Column("furthest_no", INTEGER, "Its place in the stage model"),
        Column("back_moves", INTEGER, "Times it went back to an earlier stage"),
        Column("pauses", INTEGER, "Times it lay on ice"),
        Column("paused_days", NUMBER, "Days on ice in all"),
        Column("first_sales_at", MOMENT, "First contact with sales"),
        Column("deal_ids", TEXTS, "Deals of the journey, as source:id"),
        Column("won_value", NUMBER, "Amount won in `currency`, 0 where none"),
        Column("deal_value", NUMBER, "Amount of all its deals in `currency`"),
        Column("currency", TEXT, "ISO 4217; `mixed` where the deals have several"),
        Column("lost_reason", TEXT, "As written in the lost deal"),
        Column("owner", TEXT, "Owner of the (last) deal, else of the account"),
        Column("segment", TEXT, "Segment of the account, by the rules"),
        Column("tier", TEXT, "Tier of the account"),
        Column("industry", TEXT, "Industry of the account"),
        Column("country", TEXT, "Country of the account"),
        Column("path", TEXTS, "Touchpoints in order, repeated ones next to each other once, at most 500"),
        Column("path_hash", INTEGER, "Hash of the whole path, for counting variants"),
    ),
)

STAGE_VISITS = Table(
    "stage_visits",
    "One stay of one journey in one stage a row; a stage may be entered again",
    (
        Column("journey_id", TEXT, "The journey", required=True),
        Column("account_id", TEXT, "The account", required=True),
        Column("visit_no", INTEGER, "From 1, in order of time", required=True),
        Column("stage", TEXT, "The stage", required=True),
        Column("stage_no", INTEGER, "Its place in the stage model", required=True),
        Column("entered_at", MOMENT, "When it was entered", required=True),
        Column("left_at", MOMENT, "When the next stage was entered or the journey ended; null while open"),
        Column("days", NUMBER, "Days in the stage, to `as_of` while open"),
        Column("left_to", TEXT, "Next stage, or won, lost, dormant; null while open"),
        Column("back", FLAG, "Entered from a later stage"),
        Column("entered_by", TEXT, "Touchpoint or deal stage that made it enter"),
    ),
)

PAUSES = Table(
    "pauses",
    "One time on ice a row: no step for longer than the pause limit",
    (
        Column("journey_id", TEXT, "The journey", required=True),
        Column("account_id", TEXT, "The account", required=True),
        Column("stage", TEXT, "Stage it lay in"),
        Column("started_at", MOMENT, "Last step before", required=True),
        Column("ended_at", MOMENT, "First step after; null while it lasts"),
        Column("days", NUMBER, "Days without a step"),
        Column("revived_by", TEXT, "Touchpoint of the first step after"),
    ),
)

BUYING_CENTER = Table(
    "buying_center",
    "One person in one journey a row",
    (
        Column("journey_id", TEXT, "The journey", required=True),
        Column("account_id", TEXT, "The account", required=True),
        Column("person_id", TEXT, "The person", required=True, personal=True),
        Column("role", TEXT, "One of words.kinds.ROLES; null where unknown"),
        Column("role_source", TEXT, "crm, title or behaviour"),
        Column("first_at", MOMENT, "First step"),
        Column("last_at", MOMENT, "Last step"),
        Column("steps", INTEGER, "Steps taken part in"),
        Column("entered_stage", TEXT, "Stage the journey was in when the person came in"),
    ),
)

JOURNEY_DEALS = Table(
    "journey_deals",
    "One deal, tied to its account and journey, a row",
    (
        Column("deal_id", TEXT, "source:id", required=True),
        Column("account_id", TEXT, "The account; null where unresolved"),
        Column("journey_id", TEXT, "The journey; null where unresolved"),
        Column("name", TEXT, "Name as written"),
        Column("opened_at", MOMENT, "When it was opened"),
        Column("closed_at", MOMENT, "When it was won or lost"),
        Column("status", TEXT, "open, won, lost"),
        Column("amount", NUMBER, "Amount in `currency`"),
        Column("currency", TEXT, "ISO 4217"),
        Column("stage", TEXT, "Stage as written"),
        Column("type", TEXT, "Type as written"),
        Column("lost_reason", TEXT, "As written"),
        Column("owner", TEXT, "Owner"),
        Column("origin", TEXT, "Lead source as written"),
    ),
)

UNRESOLVED = Table(
    "unresolved",
    "One event that is in no journey a row, with the reason",
    (
        Column("source", TEXT, "System", required=True),
        Column("record_id", TEXT, "Record", required=True),
        Column("happened_at", MOMENT, "When"),
        Column(
            "reason",
            TEXT,
            "no date, after as_of, ambiguous company, no identifier, free-mail address, identifier of several people, no company known, between journeys",
            required=True,
        ),
        Column("account_id", TEXT, "The account where known"),
        Column("person_id", TEXT, "The person where known", personal=True),
        Column("touchpoint", TEXT, "Touchpoint by the rules"),
        Column("channel", TEXT, "Channel by the rules"),
    ),
)

INTERNAL = Table(
    "internal",
    "Events of the own people, counted; one source a row",
    (
        Column("source", TEXT, "System", required=True),
        Column("n", INTEGER, "Number of events", required=True),
    ),
)

BUILT: dict[str, Table] = {
    table.name: table
    for table in (
        STEPS, PARTICIPANTS, JOURNEYS, STAGE_VISITS, PAUSES, BUYING_CENTER, JOURNEY_DEALS, UNRESOLVED, INTERNAL,
    )
}  # fmt: skip

STAGE_EXITS = Table(
    "stage_exits",
    "One journey's way out of one stage a row, from its first entry: forward, won, lost, asleep, or not yet",
    (
        Column("journey_id", TEXT, "The journey", required=True),
        Column("account_id", TEXT, "The account", required=True),
        Column("kind", TEXT, "Kind of the journey", required=True),
        Column("stage", TEXT, "The stage", required=True),
        Column("stage_no", INTEGER, "Its place in the stage model", required=True),
        Column("entered_at", MOMENT, "When it was first entered", required=True),
        Column("next_stage", TEXT, "First later stage that was reached, or won, lost, dormant; null while open"),
        Column("hours", INTEGER, "Whole hours until then, to `as_of` while open", required=True),
        Column("stays", INTEGER, "Stays of the journey in this stage that have ended", required=True),
        Column("backs", INTEGER, "Those of them that ended with a step back", required=True),
    ),
)

MOVES = Table(
    "moves",
    "How often one touchpoint followed another, by kind and outcome of the journey",
    (
        Column("kind", TEXT, "Kind of the journey", required=True),
        Column("outcome", TEXT, "Outcome of the journey", required=True),
        Column("source", TEXT, "Touchpoint, or (start)", required=True),
        Column("target", TEXT, "The touchpoint that came next, or (end)", required=True),
        Column("n", INTEGER, "How often", required=True),
        Column("journeys", INTEGER, "In how many journeys", required=True),
    ),
)

MOVE_WAITS = Table(
    "move_waits",
    "After how long one touchpoint followed another",
    (
        Column("source", TEXT, "Touchpoint, or (start)", required=True),
        Column("target", TEXT, "The touchpoint that came next, or (end)", required=True),
        Column("seconds", INTEGER, "Seconds between, to three digits; -1 where there is no time between", required=True),
        Column("n", INTEGER, "How often", required=True),
    ),
)

_WAY = (
    Column("kind", TEXT, "Kind of event, words.kinds.EVENT_KINDS"),
    Column("direction", TEXT, "in, out or none"),
    Column("sales", FLAG, "A two-way contact with the sales side"),
)

STAYS = Table(
    "stays",
    "The stays in stages with a number each, by which the tables below name them",
    (
        Column("stay", INTEGER, "Number of the stay in this build, from 0", required=True),
        Column("journey", INTEGER, "Number of its journey in this build, from 0", required=True),
        *(STAGE_VISITS[name] for name in ("journey_id", "account_id", "visit_no", "stage", "stage_no", "entered_at", "left_at", "left_to")),
    ),
)

TOUCH_WAYS = Table(
    "touch_ways",
    "The ways in which touchpoints are met with a number each, by which the tables below name them",
    (
        Column("way", INTEGER, "Number of the way in this build, from 0", required=True),
        *(STEPS[name] for name in ("touchpoint", "channel")),
        *_WAY,
    ),
)

USE_WAYS = Table(
    "use_ways",
    "The ways in which content is used with a number each",
    (
        Column("way", INTEGER, "Number of the way in this build, from 0", required=True),
        Column("content", TEXT, "Asset, or the path of a page without a name", required=True),
        *_WAY,
    ),
)

NUMBERED_STEPS = Table(
    "numbered_steps",
    "The steps as numbers, in order of journey and time",
    (
        Column("stay", INTEGER, "Number of the stay", required=True),
        Column("seq", INTEGER, "Place in the journey, from 1", required=True),
        Column("way", INTEGER, "Number of the way, in touch_ways", required=True),
        Column("happened_at", MOMENT, "When, UTC", required=True),
        Column("online", FLAG, "Took place online", required=True),
        Column("ends", FLAG, "The last step of its journey", required=True),
    ),
)

TOUCHES = Table(
    "touches",
    "One touchpoint that a stay met in one way a row: how often, and when",
    (
        Column("stay", INTEGER, "Number of the stay", required=True),
        Column("way", INTEGER, "Number of the way, in touch_ways", required=True),
        Column("steps", INTEGER, "Number of steps", required=True),
        Column("online", INTEGER, "Those of them that took place online", required=True),
        Column("first_at", MOMENT, "The first of them", required=True),
        Column("last_at", MOMENT, "The last of them", required=True),
        Column("first_seq", INTEGER, "Place of the first in the journey, from 1", required=True),
        Column("ends", INTEGER, "1 where the last step of the journey is among them, else 0", required=True),
    ),
)

USES = Table(
    "uses",
    "One piece of content that a stay used in one way a row: how often, and when",
    (
        Column("stay", INTEGER, "Number of the stay", required=True),
        Column("way", INTEGER, "Number of the way, in use_ways", required=True),
        Column("steps", INTEGER, "Number of steps", required=True),
        Column("first_at", MOMENT, "The first of them", required=True),
        Column("last_at", MOMENT, "The last of them", required=True),
    ),
)

VISIT_DAYS = Table(
    "visit_days",
    "The last own act of an account before six hours of silence a row, as it was seen when it happened",
    (
        Column("stay", INTEGER, "Number of the stay", required=True),
        Column("seq", INTEGER, "Place of the act in the journey, from 1", required=True),
        Column("happened_at", MOMENT, "When, UTC", required=True),
        Column("again", FLAG, "The next own act is in the same stay", required=True),
        Column("known", FLAG, "Somebody of the account had made itself known by then", required=True),
    ),
)

LONG_WAITS = Table(
    "long_waits",
    "An own act of an account after two weeks or more without any step a row",
    (
        Column("stay", INTEGER, "Number of the stay", required=True),
        *_WAY,
        Column("happened_at", MOMENT, "When, UTC", required=True),
        Column("days", NUMBER, "Days since the step before", required=True),
    ),
)

PAUSES_AROUND = Table(
    "pauses_around",
    "One time on ice a row, with what came before it and before its end",
    (
        *(PAUSES[name] for name in ("journey_id", "account_id", "stage", "started_at", "ended_at", "revived_by")),
        Column("fell_after", TEXT, "Touchpoint of the last step before"),
        Column("vendor_before", TEXT, "The vendor's own last act in the two weeks before its end"),
    ),
)

CENTER_STATES = Table(
    "center_states",
    "Who had come to a won or open journey by the time it left a stage for the last time, or by now, a row",
    (
        *(JOURNEYS[name] for name in ("journey_id", "kind")),
        *(STAGE_VISITS[name] for name in ("stage", "stage_no")),
        Column("outcome", TEXT, "won or open", required=True),
        Column("people", INTEGER, "Persons in the buying center by then", required=True),
        *(Column(role, INTEGER, f"1 where one of them is {role}, else 0", required=True) for role in ROLES),
    ),
)

VOICES = Table(
    "voices",
    "One step in which somebody writes or says something a row: an answer, review, ticket, chat or call",
    tuple(STEPS[name] for name in ("source", "record_id", "kind", "journey_id", "account_id", "stage", "touchpoint", "person_id", "role", "name")),
)

# Counted beforehand from the tables above; where one is missing it is computed when it is asked for.
SHORTCUTS: dict[str, Table] = {
    table.name: table for table in (STAGE_EXITS, MOVES, MOVE_WAITS, STAYS, TOUCH_WAYS, USE_WAYS, NUMBERED_STEPS, TOUCHES, USES, VISIT_DAYS, LONG_WAITS, PAUSES_AROUND, CENTER_STATES, VOICES)
}
