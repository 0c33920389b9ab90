"""The true parameters of the market: stages, hazards, effects. All rates are per slot of 3.5 days.

What stands here is the truth that a right analysis has to find again; `effects` prints it for `truth/effects.json`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from etappe.demo.catalog import (
    CALCULATOR,
    CASE,
    COMPARISON,
    PAPER,
    PARTNER,
    PRICE,
    PRODUCT,
    SOLUTION,
    SPECIAL_NAMES,
    WEBINAR_PAGE,
)
from etappe.demo.clock import SLOT_DAYS, Array

# First purchase and win-back: 0 to 6; existing customers: 7 to 11. IDLE: no journey runs.
STAGES: Final = (
    "research", "supplier_search", "preselection", "first_talks", "request_for_proposal", "shortlist", "decision",
    "use", "need", "talks", "offer", "decision",
)  # fmt: skip
RESEARCH, SUPPLIER, PRESELECTION, TALKS, PROPOSAL, SHORTLIST, DECISION = range(7)
USE, NEED, TALKS_AGAIN, OFFER, DECISION_AGAIN = range(7, 12)
IDLE: Final = -1

# Mean days in a stage before effects, and the share of the exits that leave for good.
MEAN_DAYS: Final = (30, 32, 44, 42, 46, 50, 42, 140, 34, 36, 36, 34)
END_SHARE: Final = (0.32, 0.25, 0.44, 0.26, 0.22, 0.22, 0.12, 0.18, 0.14, 0.12, 0.12, 0.08)
PROGRESS: Final = np.array([SLOT_DAYS / days * (1 - end) for days, end in zip(MEAN_DAYS, END_SHARE, strict=True)])
END: Final = np.array([SLOT_DAYS / days * end for days, end in zip(MEAN_DAYS, END_SHARE, strict=True)])
PAUSE: Final = np.array([0.010, 0.010, 0.012, 0.008, 0.008, 0.008, 0.004, 0.004, 0.004, 0.004, 0.004, 0.0])
BACK: Final = np.array([0, 0, 0, 0, 0.020, 0.025, 0.025, 0, 0, 0, 0, 0.02])
WIN_SHARE: Final = {"first": 0.66, "existing": 0.84}

# Channels: the first nine are those of web sessions.
CHANNELS: Final = (
    "organic search", "paid search", "paid social", "organic social", "email", "referral site", "review site",
    "partner", "direct", "fair", "webinar", "outbound call", "meeting", "inbound call", "product", "support", "survey", "recommendation",
)  # fmt: skip
(SEARCH, PAID_SEARCH, PAID_SOCIAL, SOCIAL, EMAIL, REFERRAL, REVIEW_SITE, PARTNER_SITE, DIRECT,
 FAIR, WEBINAR, CALL, MEETING, CALL_IN, PORTAL, SUPPORT, SURVEY, RECOMMENDATION) = range(18)  # fmt: skip

WINDOW: Final = 8  # slots (28 days) an exposure goes on working
CHANNEL_EFFECT: Final = {
    PAID_SEARCH: 1.10, PAID_SOCIAL: 1.05, EMAIL: 1.15, REFERRAL: 1.10, REVIEW_SITE: 1.30, PARTNER_SITE: 1.30,
    FAIR: 1.70, WEBINAR: 1.50, CALL: 1.25, MEETING: 1.40,
}  # fmt: skip
CONTENT_EFFECT: Final = {COMPARISON: 1.25, CASE: 1.35, CALCULATOR: 1.45, PAPER: 1.20}
BLOCKER: Final = 4.0  # hazard of ending, from two slots after the pricing page was seen in preselection
BLOCKER_GRACE: Final = 2

# Web sessions a slot, by stage
SESSIONS: Final = np.array([0.52, 0.62, 0.70, 0.40, 0.36, 0.32, 0.28, 0.10, 0.45, 0.30, 0.26, 0.22])
MAILS: Final = np.array([0.18, 0.20, 0.22, 0.16, 0.12, 0.12, 0.10, 0.14, 0.16, 0.12, 0.10, 0.08])
CALLS: Final = np.array([0, 0, 0, 0.17, 0.14, 0.14, 0.20, 0, 0, 0.18, 0.16, 0.16])
MEETINGS: Final = np.array([0, 0, 0, 0.07, 0.06, 0.07, 0.09, 0, 0, 0.06, 0.05, 0.05])
LETTERS: Final = np.array([0, 0, 0, 0.22, 0.25, 0.20, 0.25, 0, 0, 0.22, 0.22, 0.22])  # personal e-mails
ATTEMPTS: Final = np.array([0, 0.01, 0.03, 0.03, 0.02, 0.02, 0.02, 0, 0, 0.02, 0.02, 0.02])
PORTAL_VISITS: Final = np.array([0] * 7 + [0.40, 0.40, 0.35, 0.35, 0.35])
TICKETS: Final = np.array([0] * 7 + [0.07, 0.05, 0.04, 0.03, 0.03])
MEAN_PAGES: Final = 3.8

# Share of the channels a web session comes by (mails are drawn with the mails), per stage group
_EARLY = [0.42, 0.14, 0.14, 0.07, 0.0, 0.08, 0.0, 0.0, 0.15]
_SEEK = [0.34, 0.17, 0.10, 0.05, 0.0, 0.07, 0.05, 0.05, 0.17]
_LATE = [0.24, 0.06, 0.06, 0.04, 0.0, 0.04, 0.06, 0.03, 0.47]
CHANNEL_MIX: Final = np.cumsum(
    [_EARLY, _SEEK, _SEEK, _LATE, _LATE, _LATE, _LATE, [0.2, 0, 0.02, 0.05, 0, 0.02, 0, 0, 0.71], _SEEK, _LATE, _LATE, _LATE],
    axis=1,
)  # fmt: skip

# Share of the sessions of a stage that show something special, in the order of catalog.SPECIALS up to the partner page
_NOTHING = [1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
_SEEKING = [0.42, 0.34, 0.20, 0, 0, 0, 0, 0, 0, 0.04]
_CHOOSING = [0.38, 0.14, 0.08, 0.12, 0.05, 0.08, 0.03, 0.05, 0.04, 0.03]
_TALKING = [0.50, 0.14, 0.06, 0.08, 0.04, 0.09, 0.04, 0.03, 0.02, 0.0]
SPECIAL_MIX: Final = np.cumsum(
    [_NOTHING, _SEEKING, _CHOOSING, _TALKING, _TALKING, _TALKING, _TALKING, _NOTHING, _CHOOSING, _TALKING, _TALKING, _TALKING],
    axis=1,
)  # fmt: skip
# What a stage is entered by, where that is a page: (special, share)
ENTRY_PAGES: Final = {
    SUPPLIER: ((PRODUCT, 0.55), (SOLUTION, 0.39), (PARTNER, 0.06)),
    PRESELECTION: ((PRICE, 0.28), (COMPARISON, 0.18), (CASE, 0.24), (CALCULATOR, 0.08), (PAPER, 0.22)),
    NEED: ((PRODUCT, 0.45), (SOLUTION, 0.30), (PRICE, 0.25)),
}

# Members of the buying center who are active in a stage (places in names.ROLES; repeated = more often)
MEMBERS: Final = (
    (0, 0, 0, 1), (0, 0, 0, 1, 3), (0, 0, 0, 1, 3, 6), (0, 0, 0, 1, 2, 3, 6, 7), (0, 0, 0, 1, 2, 3, 4, 5, 7),
    (0, 0, 0, 1, 1, 2, 3, 4, 6, 8), (0, 0, 0, 2, 2, 3, 4, 4, 5, 9),
    (0, 1, 1, 1, 6, 8), (0, 0, 0, 1, 3, 6), (0, 0, 0, 1, 2, 4), (0, 0, 0, 2, 4, 4), (0, 0, 0, 2, 2, 4, 4, 5),
)  # fmt: skip

LOYALTY: Final = ("delighted", "lukewarm", "forgotten")
LOYALTY_SHARE: Final = (0.36, 0.38, 0.26)
NPS_MEAN: Final = (9.2, 7.4, 5.6)
DRIFT: Final = np.array([0.25, 0.9, 2.6])  # on the hazard of ending in `use`
CARE: Final = np.array([1.6, 1.0, 0.15])  # mails and surveys


def effects() -> dict[str, Any]:
    """The true effects, as `truth/effects.json` has them."""
    return {
        "unit": "hazard ratio on the progress to the next stage while the exposure works",
        "window_days": WINDOW * SLOT_DAYS,
        "channels": {name: CHANNEL_EFFECT.get(code, 1.0) for code, name in enumerate(CHANNELS[:14])},
        "content": {name: CONTENT_EFFECT.get(code, 1.0) for code, name in enumerate(SPECIAL_NAMES) if 0 < code <= WEBINAR_PAGE},
        "blocker": {
            "touchpoint": SPECIAL_NAMES[PRICE],
            "stage": STAGES[PRESELECTION],
            "hazard_ratio": BLOCKER,
            "on": "leaving for good while in the stage",
            "after_days": BLOCKER_GRACE * SLOT_DAYS,
        },
        "stages": {
            "first_purchase": dict(zip(STAGES[:7], MEAN_DAYS[:7], strict=True)),
            "existing": dict(zip(STAGES[7:], MEAN_DAYS[7:], strict=True)),
            "meaning": "mean days in the stage before effects, pauses left out",
        },
        "end_share": {
            "first_purchase": dict(zip(STAGES[:7], END_SHARE[:7], strict=True)),
            "existing": dict(zip(STAGES[7:], END_SHARE[7:], strict=True)),
        },
        "nps_mean": dict(zip(LOYALTY, NPS_MEAN, strict=True)),
        "loyalty_share": dict(zip(LOYALTY, LOYALTY_SHARE, strict=True)),
    }  # fmt: skip


def log_effects(table: dict[int, float], width: int) -> Array:
    """Logarithms of a table of effects as a vector of the codes."""
    out = np.zeros(width)
    for code, effect in table.items():
        out[code] = np.log(effect)
    return out
