"""A claim as a sentence for the screen, in German and English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from etappe.words.claim import Claim, Verdict, number

Label = Callable[[str], str]

VERDICTS: Final[dict[Verdict, tuple[str, str, str]]] = {
    Verdict.CONFIRMED: ("✓", "bestätigt", "confirmed"),
    Verdict.CONTRADICTED: ("✕", "widerlegt", "contradicted"),
    Verdict.UNDECIDED: ("≈", "unentschieden", "undecided"),
    Verdict.TOO_FEW: ("⋯", "zu wenige", "too few"),
    Verdict.NO_DATA: ("○", "keine Daten", "no data"),
    Verdict.OUT_OF_DATE: ("⏱", "veraltet", "out of date"),
}
"""Sign, German and English of each verdict; the sign alone tells them apart in black and white."""

_BOUNDS: Final = {
    "de": {">=": "mindestens {0}", ">": "mehr als {0}", "<=": "höchstens {0}", "<": "weniger als {0}", "between": "zwischen {0} und {1}"},
    "en": {">=": "at least {0}", ">": "more than {0}", "<=": "at most {0}", "<": "less than {0}", "between": "between {0} and {1}"},
}
_PATTERNS: Final = {
    "de": {
        "coverage": "{amount} der Journeys{stage} berühren {names}",
        "dwell": "Die Phase {names} dauert im Median {amount}",
        "conversion": "{amount} der Journeys kommen aus {names} in die nächste Phase{within}",
        "order": "In {amount} der Journeys{stage} kommt {names}",
        "feeling": "Die Stimmung bei {names}{stage} liegt bei {amount}",
        "milestone": "{amount} der Journeys{stage} erreichen {names}{within}",
        "mention": "{amount}{of} erwähnen {names}",
        "content": "{amount} der Journeys{stage} nutzen {names}",
        "found": "Platz bei der Suche nach {names} im Mittel: {amount}",
    },
    "en": {
        "coverage": "{amount} of the journeys{stage} touch {names}",
        "dwell": "The stage {names} takes {amount} in the median",
        "conversion": "{amount} of the journeys go on from {names} to the next stage{within}",
        "order": "In {amount} of the journeys{stage} {names}",
        "feeling": "The feeling at {names}{stage} is {amount}",
        "milestone": "{amount} of the journeys{stage} reach {names}{within}",
        "mention": "{amount}{of} mention {names}",
        "content": "{amount} of the journeys{stage} use {names}",
        "found": "Place in the search for {names} on average: {amount}",
    },
}
_SOURCES: Final = {
    "de": {"interviews": "Interviews", "reviews": "Bewertungen", "answers": "Umfrageantworten", "tickets": "Support-Anfragen"},
    "en": {"interviews": "interviews", "reviews": "reviews", "answers": "survey answers", "tickets": "support tickets"},
}


def sentence(claim: Claim, language: str = "de", label: Label = str) -> str:
    """The claim in words; `label` turns ids of stages and touchpoints into what the screen calls them.

    >>> from etappe.words.claim_language import parse
    >>> sentence(parse("coverage(webinar) in consideration >= 0.3"), "en")
    'At least 30% of the journeys in consideration touch webinar'
    """
    german = language == "de"
    numbers = [_amount(value, claim, german) for value in claim.bounds]
    amount = _BOUNDS[language][claim.comparison].format(*numbers)
    if claim.unit == "days":
        amount += (" Tagen" if claim.comparison == "between" else " Tage") if german else " days"
    joint = {"order": " vor " if german else " comes before "}.get(claim.measure, " oder " if german else " or ")
    names = joint.join(label(name) for name in claim.arguments)
    within = f" innerhalb von {number(claim.within_days)} Tagen" if german and claim.within_days else ""
    within = f" within {number(claim.within_days)} days" if not german and claim.within_days else within
    said = _PATTERNS[language][claim.measure].format(
        amount=amount, names=names, within=within, of=_source(claim, language),
        stage=f" in {label(claim.stage)}" if claim.stage else "",
    )  # fmt: skip
    return said[0].upper() + said[1:]


def _source(claim: Claim, language: str) -> str:
    if not claim.of:
        return ""
    article = {"de": "der ", "en": "of the "}[language] if claim.unit == "share" else ""
    return f" {article}{_SOURCES[language][claim.of]}"


def _amount(value: float, claim: Claim, german: bool) -> str:
    if claim.unit != "share":
        return number(value).replace(".", ",") if german else number(value)
    text = number(value, percent=True)
    return f"{text.replace('.', ',')}\u00a0%" if german else f"{text}%"
