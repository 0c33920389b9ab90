"""The findings of a map that matter most: what the data contradict, what nobody had on the map, where time runs away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from etappe.reports.map.reading import VERDICT_COLOURS, ClaimView, Shown, StageView, verdict_word
from etappe.reports.map.rows import measured_days, planned_days
from etappe.reports.texts import Words

FIVE: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a sentence, and beneath it the figure with its range, n and what it is of."""

    title: str
    body: str
    verdict: str = ""
    colour: str = "ink"
    sign: str = "+"


def findings(shown: Shown, words: Words, most: int = FIVE) -> list[Finding]:
    """The findings in order of weight: contradicted claims by how many cases they rest on, stages that certainly take longer
    than planned, the most frequent blind spots, then the lowest measured feeling and what is confirmed.

    Never more than two of one kind before the others had their turn, so that a page of five shows the whole picture.
    """
    kinds = [_contradicted(shown, words), _late(shown, words), _blind(shown, words), _lowest(shown, words), _confirmed(shown, words)]
    chosen: list[Finding] = []
    for at in range(0, most, 2):
        for number, kind in enumerate(kinds):
            chosen += kind[at : at + (2 if number == 0 else 1)] if at == 0 else kind[(at if number == 0 else at // 2) :][: 2 if number == 0 else 1]
    return chosen[:most]


def _size(claim: ClaimView) -> int:
    return int((claim.figure or {}).get("n") or 0)


def _named(shown: Shown, claim: ClaimView) -> str:
    card = next((card.text for lane in shown.lanes for card in lane.cards if card.id == claim.card), "")
    return card or claim.sentence


def _contradicted(shown: Shown, words: Words) -> list[Finding]:
    found = sorted((claim for claim in shown.claims if claim.verdict == "contradicted"), key=lambda claim: (-_size(claim), claim.card))
    stages = {stage.id: stage.title for stage in shown.stages}
    return [
        Finding(
            words("f_contradicted", stage=stages.get(claim.stage, ""), card=_named(shown, claim)) if claim.stage in stages else _named(shown, claim),
            f"{words('f_claimed', claim=claim.sentence)} {words('f_measured', told=claim.told)}", claim.verdict, VERDICT_COLOURS["contradicted"],
        )
        for claim in found
    ]  # fmt: skip


def _late(shown: Shown, words: Words) -> list[Finding]:
    def over(stage: StageView) -> float:
        low = stage.measured.low if stage.measured is not None else None
        return (low or 0.0) - (stage.planned or 0.0) if stage.planned is not None and low is not None else 0.0

    claimed = {claim.stage for claim in shown.claims if claim.verdict == "contradicted" and claim.text.startswith("dwell")}
    late = sorted((stage for stage in shown.stages if over(stage) > 0 and stage.id not in claimed), key=lambda stage: -over(stage))
    return [
        Finding(words("f_late", stage=stage.title), words("f_late_body", planned=planned_days(stage.planned, words), measured=measured_days(stage.measured, words)), "", "contradicted", "!")
        for stage in late
    ]


_BODIES = {"quote": "f_blind_quote", "search": "f_blind_search"}


def _blind(shown: Shown, words: Words) -> list[Finding]:
    def part(told: str) -> float:
        digits = told.partition("%")[0].replace(",", ".").strip()
        return float(digits) if digits.replace(".", "", 1).isdigit() else 0.0

    found = sorted(shown.spots, key=lambda spot: (-part(spot.told), -spot.journeys, spot.title))
    return [
        Finding(words("f_blind", what=spot.title, stage=spot.stage_title) if spot.stage_title else words("f_blind_anywhere", what=spot.title), words(_BODIES.get(spot.kind, "f_blind_body"), told=spot.told))
        for spot in found
    ]


def _lowest(shown: Shown, words: Words) -> list[Finding]:
    from etappe.reports.map.figures import n_of, range_of, score

    points = sorted(((spot.value, spot, line) for line in shown.lines if line.how == "measured" for spot in line.spots if spot.high is not None and spot.high < 0), key=lambda item: item[0])
    made = []
    for _, spot, line in points:
        figure = {"low": spot.low, "high": spot.high, "n": spot.n}
        who = line.who.title if line.who else words("everybody")
        made.append(Finding(words("f_lowest", stage=spot.stage, who=who), words("f_lowest_body", value=score(spot.value, words), range=range_of(figure, "score", words), n=n_of(figure, words)), "", "contradicted", "!"))
    return made


def _confirmed(shown: Shown, words: Words) -> list[Finding]:
    found = sorted((claim for claim in shown.claims if claim.verdict == "confirmed"), key=lambda claim: (-_size(claim), claim.card))
    word = verdict_word("confirmed", shown.language)
    return [Finding(words("f_confirmed", card=_named(shown, claim)), f"{claim.sentence}: {word}. {words('f_measured', told=claim.told)}", "confirmed", VERDICT_COLOURS["confirmed"]) for claim in found]
