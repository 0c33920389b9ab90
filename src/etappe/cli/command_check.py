"""check: a map held against the evidence, claim by claim."""

from __future__ import annotations

from typing import Any

import typer

from etappe.cli.documents import JSON
from etappe.cli.main import app, workspace
from etappe.cli.output import number, print_json, print_table

_WORDS = {
    "de": {
        "as_of": "Stand", "journeys": "Journeys", "since": "seit", "before": "vorher", "spots": "Blinde Flecken", "none": "Keine blinden Flecken.", "more": "und {n} weitere: --all",
        "explains": "Die Map erklärt {figure} der beobachteten Schritte.", "holds": "Von {n} entschiedenen Annahmen halten {figure}.", "no_claims": "Auf der Map steht noch keine Annahme.",
        "add": "Aufnehmen:", "of": "der Journeys", "shown": "aller Einblendungen", "interviews": "der Interviews", "undecided": "Noch ist keine Annahme entschieden.",
    },
    "en": {
        "as_of": "as of", "journeys": "journeys", "since": "since", "before": "before", "spots": "Blind spots", "none": "No blind spots.", "more": "and {n} more: --all",
        "explains": "The map explains {figure} of the observed steps.", "holds": "Of {n} decided claims {figure} hold.", "no_claims": "The map claims nothing yet.",
        "add": "Add one:", "of": "of the journeys", "shown": "of all showings", "interviews": "of the interviews", "undecided": "No claim is decided yet.",
    },
}  # fmt: skip
_SHOWN = 12


@app.command()
def check(
    map: str = typer.Argument(..., help="The map."),
    as_of: str = typer.Option("", help="The evidence as it was known that day."),
    language: str = typer.Option("", help="de or en; else the map's."),
    rows: str = typer.Option("", "--rows", help="The rows behind the claims of this card."),
    every: bool = typer.Option(False, "--all", help="All blind spots."),
    as_json: bool = JSON,
) -> None:
    """A verdict for each claim of a map, blind spots, agreement; exit 1 if a claim is contradicted."""
    made = workspace().check(map, as_of=as_of or None)
    if rows:
        _print_rows(made, rows, as_json)
        return
    if as_json:
        print_json(made.to_dict())
    else:
        _print_check(made, "de" if (language or made.language) == "de" else "en", every)
    if made.contradicted:
        raise typer.Exit(1)


def _print_rows(made: Any, card: str, as_json: bool) -> None:
    from etappe.errors import NotFound
    from etappe.words.claim_language import nearest

    claims = [claim for claim in made.claims if claim.card == card]
    if not claims:
        known = [claim.card for claim in made.claims]
        raise NotFound(f"No claim stands on `{card}`.", made.map, nearest(card, known) if known else "The map claims nothing yet.")
    behind = [{"claim": claim.text, "rows": claim.behind(1000) if claim.behind else []} for claim in claims]
    if as_json:
        print_json(behind)
        return
    for item in behind:
        print_table(item["rows"], tuple(item["rows"][0]) if item["rows"] else (), item["claim"])


def _print_check(made: Any, language: str, every: bool) -> None:
    words = _WORDS[language]
    print(f"{made.title or made.map} · {words['as_of']} {day(made.as_of, language)} · {_german(f'{made.journeys:,}') if language == 'de' else f'{made.journeys:,}'} {words['journeys']}")
    for claim in made.claims:
        _print_claim(claim, language)
    print()
    print(words["explains"].format(figure=say(made.explained, language)))
    if not made.claims:
        print(words["no_claims"])
    elif made.holding.value is None:
        print(words["undecided"])
    else:
        print(words["holds"].format(n=made.holding.n, figure=say(made.holding, language, n=False)))
    _print_spots(made, language, every)


def _print_claim(claim: Any, language: str) -> None:
    from etappe.words.claim_sentence import VERDICTS
    from etappe.words.german_faults import german

    words, in_words = _WORDS[language], german if language == "de" else str
    sign, *names = VERDICTS[claim.verdict]
    said = claim.said.get(language) or claim.text
    print(f"\n{sign} {names[0] if language == 'de' else names[1]}: {said}  [{claim.card}]")
    parts = [say(claim.figure, language)] if claim.figure is not None else []
    if claim.since:
        parts.append(f"{words['since']} {day(claim.since, language)}" + (f" ({words['before']} {_verdict(claim.before, language)})" if claim.before else ""))
    if parts:
        print(f"    {' · '.join(parts)}")
    if claim.fault:
        for fault in getattr(claim.fault, "faults", None) or [claim.fault]:
            print(f"    ! {in_words(fault.what)} {in_words(fault.do_next)}".rstrip())
    for caveat in claim.told(language):
        print(f"    {caveat}")


def _verdict(name: str, language: str) -> str:
    from etappe.words.claim import Verdict
    from etappe.words.claim_sentence import VERDICTS

    return VERDICTS[Verdict(name)][1 if language == "de" else 2]


def _print_spots(made: Any, language: str, every: bool) -> None:
    words = _WORDS[language]
    if not made.blind_spots:
        print(f"\n{words['none']}")
        return
    shown = made.blind_spots if every else made.blind_spots[:_SHOWN]
    print(f"\n{words['spots']}")
    for spot in shown:
        of = {"search": "shown", "quote": "interviews"}.get(spot.kind, "of")
        place = f"{made.stages.get(spot.stage, spot.stage)}: " if spot.stage else ""
        print(f"  {place}{spot.card[language]} · {say(spot.coverage, language)} {words[of]}  [{spot.id}]")
    if len(shown) < len(made.blind_spots):
        print(f"  {words['more'].format(n=len(made.blind_spots) - len(shown))}")
    print(f"{words['add']} etappe map add-blind-spot {made.map} {shown[0].id}")


def day(moment: Any, language: str) -> str:
    """A day as the language writes it."""
    return f"{moment:%d.%m.%Y}" if language == "de" else f"{moment:%Y-%m-%d}"


def say(figure: Any, language: str, n: bool = True) -> str:
    """A figure in the language of the map: value, interval, n."""
    count = f", n {figure.n:,}" if n else ""
    if figure.value is None:
        why = {"too few": "zu wenige", "no data": "keine Daten", "never reached": "noch nicht erreicht"}.get(figure.why or "", figure.why or "") if language == "de" else figure.why
        text = f"{why}{count}"
    else:
        unit = {"days": " Tage" if language == "de" else " days"}.get(figure.unit, "")
        span = f" ({_bound(figure.low, figure.unit)}–{_bound(figure.high, figure.unit)})" if figure.low != figure.high else ""
        text = f"{number(figure.value, figure.unit)}{unit}{span}{count}"
    return _german(text).replace(" %", "\u00a0%") if language == "de" else text.replace(" %", "%")


def _bound(value: float | None, unit: str) -> str:
    return "…" if value is None else number(value, unit).removesuffix(" %")


def _german(text: str) -> str:
    """English separators of numbers, exchanged."""
    import re

    return re.sub(r"(?<=\d)[.,](?=\d)", lambda sign: "," if sign.group() == "." else ".", text)
