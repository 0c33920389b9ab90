"""The minutes of a review as Markdown, in German and English."""

from __future__ import annotations

from typing import Final

from etappe.maps.document import Measured
from etappe.maps.review import Review, Since, Turned
from etappe.words.claim import Verdict
from etappe.words.claim_sentence import VERDICTS

_TEXTS: Final = {
    "de": {
        "title": "Review von {name}", "as_of": "Zahlen mit Stand {day}", "people": "Dabei", "flips": "Anders beurteilt als beim letzten Mal", "moved": "Zahlen, die sich sicher geändert haben",
        "spots": "Neue blinde Flecken", "state": "Annahmen", "decisions": "Entscheidungen", "tasks": "Aufgaben", "minutes": "Notizen", "until": "bis", "done": "erledigt", "nothing": "Nichts.", "first": "Erstes Review dieser Map.",
    },
    "en": {
        "title": "Review of {name}", "as_of": "Figures as of {day}", "people": "Present", "flips": "Judged otherwise than last time", "moved": "Figures that have certainly changed",
        "spots": "New blind spots", "state": "Claims", "decisions": "Decisions", "tasks": "Tasks", "minutes": "Notes", "until": "by", "done": "done", "nothing": "Nothing.", "first": "First review of this map.",
    },
}  # fmt: skip


def minutes(review: Review, changed: Since | None, language: str = "de") -> str:
    """The minutes: what changed since the review before, verdicts as frozen, decisions, tasks, notes."""
    texts = _TEXTS["de" if language == "de" else "en"]
    lines = [f"# {texts['title'].format(name=review.of)}", "", f"{review.started_on or ''} · {texts['as_of'].format(day=review.as_of or '–')}"]
    lines += [f"{texts['people']}: {', '.join(review.attendees)}"] if review.attendees else []
    if changed is None:
        lines += ["", texts["first"]]
    else:
        lines += _part(texts["flips"], [_turned(item, language) for item in changed.flips], texts)
        lines += _part(texts["moved"], [_turned(item, language) for item in changed.moved], texts)
        lines += _part(texts["spots"], [f"{item.what} ({item.stage}) {_figure(item.figure, language)}" for item in changed.new_spots], texts)
    lines += _part(texts["state"], [f"{_verdict(item.verdict, language)}: `{item.claim}` ({item.card}) {_figure(item.figure, language)}" for item in review.sorted("claims")], texts)
    lines += _part(texts["decisions"], [item.text + (f" ({item.by})" if item.by else "") for item in review.sorted("decisions")], texts)
    tasks = [f"[{'x' if item.done else ' '}] {item.text}" + (f", {item.owner}" if item.owner else "") + (f", {texts['until']} {item.due}" if item.due else "") for item in review.sorted("tasks")]
    lines += _part(texts["tasks"], tasks, texts)
    lines += ["", f"## {texts['minutes']}", "", review.minutes] if review.minutes else []
    return "\n".join(lines).rstrip() + "\n"


def _part(title: str, items: list[str], texts: dict[str, str]) -> list[str]:
    return ["", f"## {title}", "", *([f"- {item.strip()}" for item in items] or [texts["nothing"]])]


def _turned(item: Turned, language: str) -> str:
    return f"`{item.claim}` ({item.card}): {_verdict(item.before, language)} → {_verdict(item.after, language)}, {_figure(item.figure_before, language)} → {_figure(item.figure_after, language)}"


def _verdict(verdict: str, language: str) -> str:
    sign, german, english = VERDICTS[Verdict(verdict)] if verdict in set(Verdict) else ("", verdict, verdict)
    return f"{sign} {german if language == 'de' else english}".strip()


def _figure(figure: Measured | None, language: str) -> str:
    if figure is None:
        return "–"
    if figure.value is None:
        return f"({figure.why or 'no data'}, n {figure.n})"
    share = figure.unit == "share"

    def shown(value: float) -> str:
        text = f"{value * 100:.0f}" if share else f"{value:.3g}"
        return text.replace(".", ",") if language == "de" else text

    span = f" ({shown(figure.low)}–{shown(figure.high)})" if figure.low is not None and figure.high is not None else ""
    return f"{shown(figure.value)}{span}{' %' if share else ''}, n {figure.n}"
