"""The closed lists of the house: kinds of event, channels, roles, journeys and outcomes.

An unknown word from an export becomes `other` of its list and keeps its own text beside it; it never disappears.
"""

from __future__ import annotations

from typing import Final

# kind -> (reads as, takes place online, the vendor's own doing when no direction is given)
EVENT_KINDS: Final[dict[str, tuple[str, bool]]] = {
    "page_view": ("a page was viewed", True),
    "search": ("a search on the own site", True),
    "download": ("a file was downloaded", True),
    "video": ("a video was played", True),
    "form": ("a form was sent", True),
    "chat": ("a chat", True),
    "web_event": ("another event on the site", True),
    "product_use": ("the product was used", True),
    "sign_in": ("somebody signed in or was identified", True),
    "ad_view": ("an advertisement was shown", True),
    "ad_click": ("an advertisement was clicked", True),
    "social": ("a contact on a social network", True),
    "email_sent": ("an e-mail of a campaign was sent", True),
    "email_delivered": ("an e-mail of a campaign arrived", True),
    "email_open": ("an e-mail of a campaign was opened", True),
    "email_click": ("a link in an e-mail was clicked", True),
    "email_bounce": ("an e-mail did not arrive", True),
    "unsubscribe": ("somebody opted out", True),
    "list_change": ("somebody joined or left a list or campaign", True),
    "webinar": ("a webinar", True),
    "email": ("an e-mail between two persons", True),
    "call": ("a telephone call", False),
    "meeting": ("a meeting", False),
    "fair_visit": ("a visit at a trade fair", False),
    "event_visit": ("a visit at another event", False),
    "letter": ("a letter or parcel", False),
    "note": ("a note of a colleague", False),
    "task": ("a task of a colleague", False),
    "ticket": ("a support request", True),
    "ticket_reply": ("a reply in a support request", True),
    "review": ("a public review", True),
    "survey_answer": ("an answer to a survey", True),
    "referral": ("a recommendation", False),
    "purchase": ("an order or invoice", False),
    "activity": ("a step of a process log", False),
    "other": ("another event", False),
}

# Kinds of events whose company comes from the visitor's network, not from a person who said it.
WEB_KINDS: Final = (
    "page_view", "search", "download", "video", "web_event", "ad_view", "ad_click", "product_use", "sign_in", "chat",
    "form",
)  # fmt: skip

DIRECTIONS: Final = ("in", "out", "none")  # from the customer, from the vendor, neither or unknown

CHANNELS: Final = (
    "organic search", "paid search", "organic social", "paid social", "display", "email", "referral site", "direct",
    "partner", "fair", "event", "webinar", "outbound call", "inbound call", "meeting", "support", "product",
    "review site", "survey", "letter", "recommendation", "other",
)  # fmt: skip

ROLES: Final = ("initiator", "user", "influencer", "decider", "buyer", "gatekeeper")

JOURNEY_KINDS: Final = ("first_purchase", "repurchase", "expansion", "renewal", "win_back")

OUTCOMES: Final = ("won", "lost", "dormant", "open")

DEAL_STATUSES: Final = ("open", "won", "lost")

INSTRUMENTS: Final = ("nps", "csat", "ces", "rating", "importance", "satisfaction", "choice", "text", "other")

NO_NAME: Final = "(no name) "  # before the id of a company whose name nothing imported says
