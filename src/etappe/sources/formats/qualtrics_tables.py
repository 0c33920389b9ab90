"""Qualtrics: the tables that connectors draw from the interface (responses, answers, contacts, invitations)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._facts import fact
from etappe.sources.formats._recognising import fits
from etappe.sources.formats._refuse import set_aside
from etappe.sources.formats._surveys import Question, guess
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample
from etappe.sources.values import content_id

_SCORED = ("nps", "csat", "ces", "rating", "importance")


def _recognise_responses(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "survey_id", "recorded_date", "distribution_channel")) else 0.0


def _map_responses(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [
        Mapped(
            "events",
            {
                "record_id": v.text("id"),
                "happened_at": v.moment("end_date", "recorded_date", zone="UTC"),
                "kind": ibis.literal("survey_answer"),
                "name": v.text("survey_id"),
                "detail": ibis.cases((v.flag("finished") == False, "unfinished"), else_=v.text("distribution_channel")),  # noqa: E712
                "direction": ibis.literal("in"),
                "online": ibis.literal(True),
                "email": v.email("recipient_email"),
                "user_id": v.first("external_data_reference", "ext_ref"),
                "campaign": v.text("survey_id"),
            },
        )
    ]


def _recognise_answers(sample: Sample) -> float:
    return 0.95 if fits(sample, ("response_id", "question_id", "question", "value")) else 0.0


def _map_answers(raw: Raw) -> list[Mapped]:
    """Answers name their response alone: who gave them, and when, stands in the table of responses."""
    v = raw.values
    texts = {str(row.get("question") or "") for row in raw.sample.rows}
    measured = {
        question.text: question
        for text in texts
        for question in guess(
            [Question("value", text, text)], [row for row in raw.sample.rows if row.get("question") == text]
        )
        if question.instrument in _SCORED
    }

    def of(attribute: str, kind: str) -> ir.Value:
        known = [
            (v.text("question") == text, getattr(question, attribute)) for text, question in sorted(measured.items())
        ]
        nothing = ibis.null(kind)
        return ibis.cases(*known, else_=nothing) if known else nothing

    part = ibis.coalesce(v.text("sub_question_key"), v.text("question_option_key"), "")
    value = v.number("value", sure=False)
    return [
        Mapped(
            "feedback",
            {
                "record_id": content_id(v.text("response_id"), v.text("question_id"), part, v.text("loop_id")),
                "response_id": v.text("response_id"),
                "question": ibis.coalesce(v.text("question") + " - " + v.text("sub_question_text"), v.text("question")),
                "question_ref": v.text("question_id"),
                "instrument": ibis.coalesce(
                    of("instrument", "string"), ibis.cases((value.isnull(), "text"), else_="choice")
                ),
                "low": of("low", "float64"),
                "high": of("high", "float64"),
                "value": value,
                "text": ibis.coalesce(
                    v.text("text"), ibis.cases((value.isnull(), v.text("value")), else_=ibis.null("string"))
                ),
            },
            where=ibis.coalesce(v.text("value"), v.text("text")).notnull(),
        )
    ]


def _recognise_contacts(sample: Sample) -> float:
    directory = fits(sample, ("id", "directory_id", "email", "ext_ref"))
    core = fits(sample, ("id", "mailing_list_id", "email", "external_data_reference"))
    return 0.95 if directory or core else 0.0


def _map_contacts(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [
        Mapped(
            "people",
            {
                "record_id": v.text("id"),
                "happened_at": v.moment("creation_date", zone="UTC"),
                "email": v.email("email"),
                "phone": v.text("phone"),
                "user_id": v.text("ext_ref", "external_data_reference"),
                "first_name": v.text("first_name"),
                "last_name": v.text("last_name"),
                "language": v.text("language"),
                "opted_out": v.flag("directory_unsubscribed", "unsubscribed"),
            },
        )
    ]


def _recognise_invitations(sample: Sample) -> float:
    return 0.95 if fits(sample, ("contact_id", "distribution_id", "sent_at", "survey_link")) else 0.0


def _map_invitations(raw: Raw) -> list[Mapped]:
    v = raw.values
    ref = v.text("distribution_id") + ":" + v.text("contact_id")
    sent, opened = v.moment("sent_at", zone="UTC"), v.moment("opened_at", zone="UTC")
    common: dict[str, ir.Value] = {
        "name": ibis.literal("survey invitation"),
        "online": ibis.literal(True),
        "contact_ref": v.text("contact_id"),
        "campaign": v.text("distribution_id"),
        "url": v.text("survey_link"),
        "detail": v.text("status"),
    }
    out = common | {
        "record_id": ref + ":sent",
        "happened_at": sent,
        "kind": ibis.literal("email_sent"),
        "direction": ibis.literal("out"),
    }
    in_ = common | {
        "record_id": ref + ":opened",
        "happened_at": opened,
        "kind": ibis.literal("email_open"),
        "direction": ibis.literal("in"),
    }
    # An invitation to one person; the opening is drawn besides and is no record of its own.
    return [
        Mapped("events", out, v.text("sent_at").notnull()),
        Mapped("events", in_, v.text("opened_at").notnull(), primary=False),
    ]


def _recognise_users(sample: Sample) -> float:
    return 0.95 if fits(sample, ("id", "division_id", "email", "response_count_auditable")) else 0.0


def _map_users(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [
        Mapped(
            "people",
            {
                "record_id": v.text("id"),
                "email": v.email("email"),
                "first_name": v.text("first_name"),
                "last_name": v.text("last_name"),
                "internal": ibis.literal(True),
            },
        )
    ]


def _recognise_surveys(sample: Sample) -> float:
    named = sample.has_any("survey_name", "name") or any(name.endswith("survey_name") for name in sample.lowered)
    return 0.95 if fits(sample, ("id", "brand_id", "last_modified", "option_back_button")) and named else 0.0


def _map_surveys(raw: Raw) -> list[Mapped]:
    v = raw.values
    return [fact("campaign", v.text("id"), "label", v.text("survey_name", "name"), primary=True)]


_ASIDE = (
    ("survey_id", "block_locking"), ("block_id", "question_id", "survey_id"), ("contact_lookup_id", "mailing_list_id", "unsubscribed"),
    ("library_id", "folder", "category"), ("deduplication_criteria_email",), ("directory_id", "last_modified_date", "owner_id"),
    ("survey_link_survey_id", "request_type"), ("survey_id", "question_text", "data_export_tag"), ("question_id", "survey_id", "recode_value"),
    ("question_id", "survey_id", "choice_data_export_tag"), ("import_id", "key", "response_id", "value"), ("survey_id", "version_number", "was_published"),
)  # fmt: skip


def _recognise_aside(sample: Sample) -> float:
    return 0.9 if any(fits(sample, names) for names in _ASIDE) else 0.0


FORMATS = [
    Format("qualtrics table survey_response", "qualtrics", "Responses, from a connector.", _recognise_responses, _map_responses, zone="UTC"),
    Format("qualtrics table question_response", "qualtrics", "Answers, from a connector.", _recognise_answers, _map_answers, zone="UTC"),
    Format("qualtrics table contact", "qualtrics", "Contacts of the directory (directory_contact, core_contact), from a connector.", _recognise_contacts, _map_contacts, zone="UTC"),
    Format("qualtrics table distribution_contact", "qualtrics", "Invitations, from a connector.", _recognise_invitations, _map_invitations, zone="UTC"),
    Format("qualtrics table user", "qualtrics", "Users of Qualtrics, who are colleagues, from a connector.", _recognise_users, _map_users, zone="UTC"),
    Format("qualtrics table survey", "qualtrics", "Names of the surveys, from a connector.", _recognise_surveys, _map_surveys, zone="UTC"),
    set_aside("qualtrics tables of set-up", "qualtrics", "Blocks, options, versions, lists and directories, from a connector.", _recognise_aside, "it says how surveys are built, not who answered what"),
]  # fmt: skip
