"""A human's word on who is who: merge, split, assign. It wins over every rule, is dated and signed, survives rebuilds.

Decisions name identifiers, not person or account ids, so that they hold when the evidence grows:
`max@firma.de`, `firma.de`, `contact:salesforce:003…`, `account:hubspot:42`, `cookie:…`, `user:…`, `phone:+49…`,
`name:muster gmbh`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml

from etappe.errors import Fault, Faults, RulesFault

Kind = Literal["merge", "split", "assign"]
KINDS: Final = ("merge", "split", "assign")
NOBODY: Final = "none"

Identifier = tuple[str, str]

_SALESFORCE = re.compile(r"(00|a0)[0-9A-Za-z]{13}[A-Z0-5]{3}$")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Parameters
    ----------
    kind : str
        `merge`: all of `what` and `into` are one person, or one account. `split`: the identifiers of `what` belong
        together and to nothing that they were tied to (`into` may say what they were split from; it is a note).
        `assign`: the persons or domains of `what` belong to the account `into`; `none` ties them to no account.
    what : tuple of str
        Identifiers as text.
    into : str
        Identifier as text, `none`, or "".
    author, reason : str
    at : datetime
        When it was decided. Of two that contradict each other, the later wins.
    """

    kind: Kind
    what: tuple[str, ...]
    into: str
    author: str
    at: dt.datetime
    reason: str = ""

    def words(self) -> str:
        """The decision in words, as `why` shows it."""
        verb = {"merge": "merged", "split": "split off", "assign": "assigned"}[self.kind]
        because = f": {self.reason}" if self.reason else ""
        return f"{verb} by {self.author} on {self.at.date().isoformat()}{because}"

    def to_dict(self) -> dict[str, Any]:
        """The decision as one entry of `rules/decisions.yaml`."""
        entry: dict[str, Any] = {"decision": self.kind, "what": list(self.what)}
        if self.into:
            entry["into"] = self.into
        return {**entry, "author": self.author, "at": _moment(self.at), "reason": self.reason}


def identifier(text: str) -> Identifier:
    """Kind and value of an identifier written as text.

    Raises
    ------
    RulesFault
        When the text is no identifier.
    """
    text = text.strip()
    head, _, rest = text.partition(":")
    if head in ("contact", "account"):
        source, _, ref = rest.partition(":")
        if source and ref:
            return f"{head}:{source}", ref[:15] if _SALESFORCE.match(ref) else ref
    elif head in ("email", "cookie", "user", "phone", "domain", "name") and rest:
        return head, rest.lower() if head in ("email", "domain", "name") else rest
    elif "@" in text and "." in text.rsplit("@", 1)[1]:
        return "email", text.lower()
    elif "." in text and " " not in text and "/" not in text:
        return "domain", text.lower().removeprefix("www.")
    raise RulesFault(
        f"`{text}` is no identifier.",
        "",
        "Write an e-mail address, a domain, or kind:value, such as contact:salesforce:003….",
    )


def text_of(kind: str, value: str) -> str:
    """An identifier as text: e-mail addresses and domains bare, the others as kind:value."""
    return value if kind in ("email", "domain") else f"{kind}:{value}"


def of_account(item: Identifier) -> bool:
    """Whether an identifier is one of companies."""
    return item[0].startswith("account:") or item[0] in ("domain", "name")


def parse(text: str, where: str | Path = "rules/decisions.yaml") -> list[Decision]:
    """The decisions of a YAML list, in the order of their dates.

    Raises
    ------
    RulesFault, Faults
        All that cannot be read, each with file, line and column.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else str(where)
        raise RulesFault(
            f"This is not YAML: {getattr(fault, 'problem', fault)}.", place, "Mend the line, then run again."
        ) from None
    if content is None:
        return []
    if not isinstance(content, list) or not isinstance(node, yaml.SequenceNode):
        raise RulesFault(
            "The decisions are not a list.", f"{where}:1:1", "Begin every decision with `- decision: merge`."
        )
    found: list[Decision] = []
    faults: list[Fault] = []
    for entry, part in zip(content, node.value, strict=True):
        place = f"{where}:{part.start_mark.line + 1}:{part.start_mark.column + 1}"
        try:
            found.append(_decision(entry))
        except RulesFault as fault:
            faults.append(RulesFault(fault.what, place, fault.do_next))
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return sorted(found, key=lambda decision: decision.at)


def dump(decisions: Sequence[Decision]) -> str:
    """The decisions as YAML, ready to be appended to `rules/decisions.yaml`."""
    if not decisions:
        return ""
    return yaml.safe_dump(
        [decision.to_dict() for decision in decisions], allow_unicode=True, sort_keys=False, width=110
    )


def _decision(entry: Any) -> Decision:
    if not isinstance(entry, dict):
        raise RulesFault(
            "A decision is not a list of names with values.",
            "",
            "Write `decision`, `what`, `into`, `author`, `at`, `reason`.",
        )
    unknown = set(entry) - {"decision", "what", "into", "author", "at", "reason"}
    if unknown:
        raise RulesFault(
            f"A decision has no `{sorted(map(str, unknown))[0]}`.",
            "",
            "Known: decision, what, into, author, at, reason.",
        )
    kind = entry.get("decision")
    if kind not in KINDS:
        raise RulesFault(f"`decision` is `{kind}`.", "", f"It is one of: {', '.join(KINDS)}.")
    named = entry.get("what")
    what = tuple(str(item) for item in (named if isinstance(named, list) else [named] if named else []))
    into = str(entry.get("into") or "")
    made = Decision(
        cast(Kind, kind),
        what,
        into,
        str(entry.get("author") or "unknown"),
        _read_moment(entry.get("at")),
        str(entry.get("reason") or ""),
    )
    check(made)
    return made


def check(decision: Decision) -> None:
    """Raises RulesFault where a decision does not make sense."""
    if not decision.what:
        raise RulesFault("A decision names nothing in `what`.", "", "Name at least one identifier.")
    items = [identifier(item) for item in decision.what]
    target = None if decision.into in ("", NOBODY) else identifier(decision.into)
    if decision.kind == "assign":
        if any(item[0].startswith("account:") for item in items):
            raise RulesFault("`assign` takes no company records.", "", "Use `merge` to make two companies one.")
        if decision.into != NOBODY and (target is None or not of_account(target)):
            raise RulesFault("`assign` needs an account in `into`.", "", "Name a domain or account:source:id, or none.")
        return
    if decision.kind == "merge" and len(items) + (target is not None) < 2:
        raise RulesFault("`merge` needs two identifiers.", "", "Name the other one in `into`.")
    if len({of_account(item) for item in [*items, *([target] if target else [])]}) > 1:
        raise RulesFault(
            f"`{decision.kind}` mixes persons and companies.",
            "",
            "Use `assign` to tie a person to a company.",
        )


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a file, in the order of their dates; none where there is no file."""
    return parse(path.read_text(encoding="utf-8"), path) if path.exists() else []


def append_decision(path: Path, decision: Decision) -> None:
    """Adds a decision to a file that people edit too: what stands there stays as it is.

    Raises
    ------
    RulesFault
        When the decision does not make sense, or the file cannot be read; then nothing is written.
    """
    check(decision)
    read_decisions(path)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    joint = "" if not before or before.endswith("\n") else "\n"
    beside = path.with_name(path.name + ".new")
    beside.write_text(before + joint + dump([decision]), encoding="utf-8")
    beside.replace(path)


def _read_moment(value: Any) -> dt.datetime:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    if not isinstance(value, dt.datetime):
        raise RulesFault("A decision has no date in `at`.", "", "Write it like 2026-03-31 or 2026-03-31T10:00:00Z.")
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
