"""etappe's own surveys: the answers that its forms have collected, a line an answer, as `etappe survey deliver` writes them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample


def _recognise(sample: Sample) -> float:
    return 1.0 if sample.has("etappe_answer", "etappe_survey", "response_id", "question_ref") else 0.0


def _map(raw: Raw) -> list[Mapped]:
    v = raw.values
    happened = v.moment("answered_at", zone="UTC")
    shared: dict[str, ir.Value] = {
        "happened_at": happened,
        "email": v.email("email"),
        "contact_ref": v.text("contact_ref"),
        "company_name": v.text("company"),
    }
    feedback: dict[str, ir.Value] = {
        **shared,
        "record_id": v.text("etappe_answer"),
        "survey": v.text("etappe_survey"),
        "response_id": v.text("response_id"),
        "question": v.text("question"),
        "question_ref": v.text("question_ref"),
        "instrument": v.text("instrument"),
        "value": v.number("value"),
        "low": v.number("low"),
        "high": v.number("high"),
        "text": v.text("text"),
        "touchpoint": v.text("touchpoint"),
        "finished": ibis.literal(True),
        "language": v.text("language"),
    }
    event: dict[str, ir.Value] = {
        **shared,
        "record_id": v.text("response_id"),
        "kind": ibis.literal("survey_answer"),
        "name": v.text("etappe_survey"),
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
    }
    # An anonymous form belongs to nobody's journey: its answers are feedback, and no event.
    known = (v.text("first") == "1") & ibis.or_(*(shared[name].notnull() for name in ("email", "contact_ref", "company_name")))
    return [Mapped("feedback", feedback), Mapped("events", event, where=known, primary=False)]


FORMATS = [
    Format(
        "etappe survey answers", "etappe", "Answers that the forms of `etappe survey` have collected.", _recognise, _map, zone="UTC",
    )
]  # fmt: skip
