"""Kinds of touch outside the web site, with the stage they would enter by the default rules."""

from __future__ import annotations

from typing import Final, NamedTuple

from etappe.demo import model


class Touch(NamedTuple):
    """A kind of touch: touchpoint, event kind, channel, place in the buying center that usually takes part (-1: any)."""

    touchpoint: str
    kind: str
    channel: int
    member: int


TOUCHES: Final = (
    Touch("marketing email", "email_sent", model.EMAIL, -1),
    Touch("fair talk", "fair_visit", model.FAIR, 0),
    Touch("webinar", "webinar", model.WEBINAR, -1),
    Touch("sales call", "call", model.CALL, -1),
    Touch("sales call", "call", model.CALL_IN, -1),
    Touch("call attempt", "call", model.CALL, 0),
    Touch("sales meeting", "meeting", model.MEETING, -1),
    Touch("sales email", "email", model.EMAIL, -1),
    Touch("technical workshop", "meeting", model.MEETING, 1),
    Touch("on-site demo", "meeting", model.MEETING, 1),
    Touch("trial meeting", "meeting", model.MEETING, 1),
    Touch("reference visit", "meeting", model.MEETING, 2),
    Touch("procurement meeting", "meeting", model.MEETING, 4),
    Touch("contract review", "meeting", model.MEETING, 2),
    Touch("product use", "product_use", model.PORTAL, -1),
    Touch("support ticket", "ticket", model.SUPPORT, 1),
    Touch("survey answer", "survey_answer", model.SURVEY, -1),
    Touch("review", "review", model.REVIEW_SITE, -1),
    Touch("task", "task", model.RECOMMENDATION, 0),
)
(MAIL, FAIR_TALK, WEBINAR, SALES_CALL, CALL_IN, ATTEMPT, SALES_MEETING, LETTER, WORKSHOP, ONSITE_DEMO, TRIAL,
 REFERENCE_VISIT, PROCUREMENT, CONTRACT, PORTAL_VISIT, TICKET, SURVEY, REVIEW, RECOMMENDATION) = range(19)  # fmt: skip

# The vendor's own doing that nobody answered: it neither begins a journey nor keeps it alive.
SILENT: Final = (MAIL, ATTEMPT, RECOMMENDATION)
CALLS: Final = (SALES_CALL, CALL_IN, ATTEMPT)
MEETINGS: Final = (SALES_MEETING, WORKSHOP, ONSITE_DEMO, TRIAL, REFERENCE_VISIT, PROCUREMENT, CONTRACT)
