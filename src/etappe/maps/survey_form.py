"""The page on which a survey is filled in: plain HTML that works without JavaScript, in German and English."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final

from etappe.maps.responses import State
from etappe.maps.survey import SCALES, Question, Survey

TRAP: Final = "website"
"""A field that no human sees: filled in, the form was sent by a machine."""

STYLE: Final = (
    ":root{color-scheme:light dark;--ink:#182230;--soft:#475467;--line:#98a2b3;--ground:#fff;--accent:#0b7a75;--on:#fff;--fault:#b42318}"
    "@media(prefers-color-scheme:dark){:root{--ink:#f2f4f7;--soft:#b8c0cc;--line:#667085;--ground:#101419;--accent:#4fd1c5;--on:#101419;--fault:#f97066}}"
    "body{font:17px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--ground)}"
    "h1{font-size:1.5rem}fieldset{border:0;padding:0;margin:2rem 0;min-width:0}legend,.q{font-weight:600;padding:0;margin-bottom:.5rem;display:block}"
    ".scale{display:grid;grid-template-columns:repeat(var(--n),minmax(0,4rem));gap:.3rem}.ends{display:flex;justify-content:space-between;gap:1rem;max-width:calc(var(--n)*4.3rem);color:var(--soft);font-size:.9rem;margin-top:.3rem}"
    ".scale label{position:relative;border:1px solid var(--line);border-radius:6px;padding:.6rem 0;text-align:center;cursor:pointer}.scale input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}"
    ".scale label:has(:checked){background:var(--accent);border-color:var(--accent);color:var(--on);font-weight:600}.scale label:focus-within{outline:3px solid var(--accent);outline-offset:2px}"
    ".long{grid-template-columns:repeat(auto-fill,minmax(3rem,1fr))}"
    "textarea{width:100%;font:inherit;padding:.6rem;border:1px solid var(--line);border-radius:6px;box-sizing:border-box;background:transparent;color:inherit}.option{display:block;padding:.45rem 0}input{accent-color:var(--accent)}"
    ".fault{color:var(--fault);font-weight:600}button{font:inherit;font-weight:600;padding:.7rem 1.6rem;border:0;border-radius:6px;background:var(--accent);color:var(--on);cursor:pointer}button:disabled{opacity:.5;cursor:default}"
    ".trap{position:absolute;left:-9999px}small{color:var(--soft)}"
)

_TEXTS: Final = {
    "de": {
        "send": "Absenden", "required": "Pflichtfrage", "missing": "Bitte antworten Sie hier.", "number": "Bitte wählen Sie eine Zahl.", "option": "Bitte wählen Sie eine Antwort.",
        "long": "Bitte höchstens 10.000 Zeichen.", "closed": "Diese Umfrage ist beendet.", "used": "Über diesen Link wurde schon geantwortet.", "expired": "Dieser Link ist abgelaufen.",
        "unknown": "Diesen Link gibt es nicht.", "thanks": "Vielen Dank.", "leave": "Dieses Feld bitte leer lassen", "preview": "Vorschau: Von hier wird nichts abgeschickt.", "anonymous": "Ihre Antworten werden ohne Namen gespeichert.",
    },
    "en": {
        "send": "Send", "required": "required", "missing": "Please answer this question.", "number": "Please choose a number.", "option": "Please choose an answer.",
        "long": "Please write at most 10,000 characters.", "closed": "This survey has ended.", "used": "This link has been used already.", "expired": "This link has expired.",
        "unknown": "There is no such link.", "thanks": "Thank you.", "leave": "Please leave this field empty", "preview": "Preview: nothing is sent from here.", "anonymous": "Your answers are kept without your name.",
    },
}  # fmt: skip


def form(survey: Survey, language: str, action: str | None, *, given: Mapping[str, Any] | None = None, faults: Mapping[str, str] | None = None) -> str:
    """The form; `action` is where it is sent to (None: a preview, which is sent nowhere), `given` and `faults` what was answered and is wrong so far."""
    said, wrong, texts = given or {}, faults or {}, _texts(language)
    questions = "".join(_question(question, language, str(said.get(question.id, "")), wrong.get(question.id, "")) for question in survey.sorted("questions"))
    top = f'<p class="fault" role="alert">{texts["missing"]}</p>' if "" in wrong else ""
    note = f"<p><small>{texts['anonymous']}</small></p>" if survey.anonymous else ""
    trap = f'<p class="trap" aria-hidden="true"><label>{texts["leave"]} <input name="{TRAP}" tabindex="-1" autocomplete="off"></label></p>'
    send = f"<button>{texts['send']}</button>" if action is not None else f'<button disabled>{texts["send"]}</button><p><small>{texts["preview"]}</small></p>'
    body = f'<p>{_safe(survey.say("intro", language))}</p>{top}<form method="post" action="{_safe(action or "")}">{questions}{trap}{send}{note}</form>'
    return _page(survey.say("title", language), language, body)


def thanks(survey: Survey, language: str) -> str:
    """The page after sending."""
    return _page(survey.say("title", language), language, f"<p>{_safe(survey.say('thanks', language) or _texts(language)['thanks'])}</p>")


def refused(state: State, language: str) -> str:
    """The page where there is no form to fill in: closed, used, expired, unknown."""
    said = _texts(language)[state if state != "open" else "closed"]
    return _page(said, language, "")


def _page(title: str, language: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{"de" if language == "de" else "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{_safe(title)}</title><style>{STYLE}</style></head><body><main><h1>{_safe(title)}</h1>{body}</main></body></html>'
    )


def _question(question: Question, language: str, said: str, fault: str) -> str:
    texts = _texts(language)
    mark = f" <small>({texts['required']})</small>" if question.required else ""
    told = f'<p class="fault" role="alert">{texts[fault]}</p>' if fault else ""
    name, needed = _safe(question.id), " required" if question.required else ""
    title = _safe(question.say("text", language))
    if question.instrument in SCALES:
        low, high = question.scale()
        many = high - low + 1
        numbers = "".join(f'<label>{number} <input type="radio" name="{name}" value="{number}"{_checked(str(number) == said)}{needed}></label>' for number in range(low, high + 1))
        width = "" if many <= 11 else " long"
        ends = f'<div class="ends"><span>{_safe(question.say("low_label", language))}</span><span>{_safe(question.say("high_label", language))}</span></div>'
        return f'<fieldset><legend>{title}{mark}</legend>{told}<div style="--n:{min(many, 11)}"><div class="scale{width}">{numbers}</div>{ends}</div></fieldset>'
    if question.instrument == "choice":
        options = "".join(f'<label class="option"><input type="radio" name="{name}" value="{_safe(option)}"{_checked(option == said)}> {_safe(option)}</label>' for option in question.options)
        return f"<fieldset><legend>{title}{mark}</legend>{told}{options}</fieldset>"
    return f'<fieldset><label><span class="q">{title}{mark}</span>{told}<textarea name="{name}" rows="4" maxlength="10000">{_safe(said)}</textarea></label></fieldset>'


def _texts(language: str) -> dict[str, str]:
    return _TEXTS["de" if language == "de" else "en"]


def _checked(yes: bool) -> str:
    return " checked" if yes else ""


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
