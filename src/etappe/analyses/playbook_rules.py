"""The firm's own rules in sentences, read and checked against one journey at a time as tables of moments.

A rule names one or two *things* and what must hold between them::

    sales meeting within 5 days of demo request      A must follow each journey's first B in time
    decider met before request_for_proposal          A must come before B
    reference visit after on-site demo               A must come after B
    no product ad after contract review              A must not follow B
    sales call at least 2 times before stage decision
    demo request leads to sales meeting within 10 days

A thing is a touchpoint, ``stage NAME`` (or just the name of a stage), a role and ``met`` (``decider met``),
or an outcome (won, lost). Articles and "the" are left out; German words (innerhalb von 5 Tagen nach, vor,
nach, kein, mindestens 2 Mal) are understood too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from etappe.errors import Fault, Faults, RulesFault

QUESTION_TEMPLATES = Path(__file__).parent / "templates"
WITHIN, BEFORE, AFTER, NEVER = "within", "before", "after", "never"

_PATTERNS = (
    (
        re.compile(
            r"^(?P<b>.+?) (?:leads to|führt zu) (?P<a>.+?) (?:within|innerhalb von|binnen) (?P<n>\d+) (?:days?|tagen?)$"
        ),
        WITHIN,
    ),
    (
        re.compile(
            r"^(?P<a>.+?) (?:within|innerhalb von|binnen) (?P<n>\d+) (?:days?|tagen?) (?:of|after|nach) (?P<b>.+)$"
        ),
        WITHIN,
    ),
    (re.compile(r"^(?:no|never|kein(?:e|en)?) (?P<a>.+?) (?:after|nach) (?P<b>.+)$"), NEVER),
    (re.compile(r"^(?P<a>.+?) (?:at least|mindestens) (?P<k>\d+) (?:times|mal) (?:before|vor) (?P<b>.+)$"), BEFORE),
    (re.compile(r"^(?P<a>.+?) (?:before|vor) (?P<b>.+)$"), BEFORE),
    (re.compile(r"^(?P<a>.+?) (?:after|nach) (?P<b>.+)$"), AFTER),
)
_ARTICLES = re.compile(r"\b(?:the|a|an|first|der|die|das|den|dem|einem?r?|erste[rsn]?)\b\s*")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a rule is about: sort is touchpoint, stage, role or outcome."""

    sort: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `a` must stand to `b` as `relation` says; `days` for within, `times` for at least so many."""

    text: str
    relation: str
    a: Thing
    b: Thing
    days: float = 0.0
    times: int = 1


def parse_rules(
    lines: Iterable[str],
    touchpoints: Iterable[str],
    stages: Iterable[str],
    roles: Iterable[str],
    where: str = "playbook",
) -> list[Rule]:
    """Reads rules; all faults at once, each with its line.

    Things must be known touchpoints, stages, roles or outcomes.
    """
    known = {
        **{name.lower(): Thing("touchpoint", name) for name in touchpoints},
        **{name.lower().replace("_", " "): Thing("stage", name) for name in stages},
        **{name.lower(): Thing("stage", name) for name in stages},
        **{f"{role} met": Thing("role", role) for role in roles},
        **{f"{german} getroffen": Thing("role", role) for german, role in _GERMAN_ROLES.items() if role in set(roles)},
        **{name: Thing("outcome", name) for name in ("won", "lost")},
        "gewonnen": Thing("outcome", "won"), "verloren": Thing("outcome", "lost"),
    }  # fmt: skip
    rules, faults = [], list[Fault]()
    for number, line in enumerate(lines, 1):
        text = " ".join(line.split("#")[0].split()).strip(" .-")
        if text:
            try:
                rules.append(_parse(text, known, f"{where}:{number}"))
            except RulesFault as fault:
                faults.append(fault)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return rules


def read_sentences(text: str, where: str | Path = "rules/playbook.yaml") -> tuple[str, ...]:
    """The sentences of a playbook in YAML: a list under `rules`, or the list alone."""
    import yaml

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else str(where)
        raise RulesFault(f"This is not YAML: {getattr(wrong, 'problem', wrong)}.", place, "Mend the line.") from None
    rules = content.get("rules") if isinstance(content, dict) else content
    if rules is None:
        return ()
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        told = "Write `rules:` and below it one sentence a line, each after a `-`."
        raise RulesFault("The playbook is not a list of sentences.", str(where), told)
    return tuple(rules)


_GERMAN_ROLES = {
    "entscheider": "decider", "einkäufer": "buyer", "anwender": "user", "beeinflusser": "influencer", "initiator": "initiator",
}  # fmt: skip


def _parse(text: str, known: dict[str, Thing], where: str) -> Rule:
    plain = text.lower()
    for pattern, relation in _PATTERNS:
        found = pattern.match(plain)
        if found:
            parts = found.groupdict()
            a, b = (_thing(parts[side], known, where) for side in ("a", "b"))
            return Rule(text, relation, a, b, float(parts.get("n") or 0), int(parts.get("k") or 1))
    do_next = (
        "Write it like “sales meeting within 5 days of demo request” or “decider met before the proposal request”."
    )
    raise RulesFault(f"the rule {text!r} is not understood", where, do_next)


def _thing(text: str, known: dict[str, Thing], where: str) -> Thing:
    import difflib

    name = _ARTICLES.sub("", text.strip()).strip()
    stage = re.sub(r"^(stage|phase) ", "", name)
    if stage != name and stage in known:
        return known[stage]
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 3, 0.5)
    do_next = (
        f"Known and near: {', '.join(near)}" if near else "Use a touchpoint, “stage NAME”, “ROLE met”, won or lost."
    )
    raise RulesFault(f"nothing is called {name!r}", where, do_next)
