"""Reads rule files: YAML with the place of every word, and all faults of a file at once.

A rule file is written by hand, by people who are not programmers. So nothing is guessed and nothing is skipped: an
unknown word is a fault with file, line, column and the nearest word that is known.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from etappe.errors import Fault, RulesFault

# The parser in C says the same, with the same places, in an eighth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TRUE = frozenset({"true", "yes", "ja", "on"})
FALSE = frozenset({"false", "no", "nein", "off"})
# RE2 (DuckDB) knows neither looking around nor back-references; Java (Spark) would, but rules must mean the same on both.
_FOREIGN = re.compile(r"\(\?[=!<]|\\[1-9]")


@dataclass
class Page:
    """One rule file while it is read: its name, and the faults found so far (shared by all files of a folder)."""

    name: str
    faults: list[Fault] = field(default_factory=list)

    def root(self, text: str) -> yaml.Node | None:
        """The outermost node; None where the file is empty or no YAML (which is then a fault)."""
        try:
            return yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as wrong:
            mark = getattr(wrong, "problem_mark", None)
            place = f"{self.name}:{mark.line + 1}:{mark.column + 1}" if mark else self.name
            problem = getattr(wrong, "problem", None) or str(wrong)
            self.faults.append(
                RulesFault(f"The file is not YAML: {problem}.", place, "Mend the indentation or quote the text.")
            )
            return None

    def fault(self, node: yaml.Node, what: str, do_next: str = "") -> None:
        """Notes a fault at the place of a node; lines and columns count from 1."""
        place = f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        self.faults.append(RulesFault(what, place, do_next))

    def mapping(
        self, node: yaml.Node | None, known: Collection[str], required: Iterable[str] = ()
    ) -> dict[str, yaml.Node]:
        """The values of a mapping by key; unknown, repeated and missing keys are faults."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "Here a list of `word: value` is expected.", f"Known words: {', '.join(known)}.")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = str(key.value)
            if word not in known:
                self.fault(key, f"There is no rule word `{word}` here.", nearest(word, known))
            elif word in found:
                self.fault(key, f"`{word}` stands here twice.", "Leave one of them.")
            else:
                found[word] = value
        for word in required:
            if word not in found:
                self.fault(node, f"`{word}` is missing here.", f"Add `{word}: …`.")
        return found

    def names(self, node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
        """Keys and values of a mapping whose keys are free, such as names of roles."""
        if node is None:
            return []
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "Here a list of `name: value` is expected.")
            return []
        return list(node.value)

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        """The entries of a list; a single value counts as a list of one."""
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def text(self, node: yaml.Node | None) -> str:
        """A text; "" where there is none."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, "Here a text is expected.")
            return ""
        return str(node.value).strip()

    def texts(self, node: yaml.Node | None) -> list[str]:
        """One text or a list of texts."""
        return [text for item in self.items(node) if (text := self.text(item))]

    def word(self, node: yaml.Node, known: Collection[str], what: str) -> str:
        """A text that has to be one of `known`; `what` names the list ("kind of event")."""
        text = self.text(node)
        if text and text not in known:
            self.fault(node, f"There is no {what} `{text}`.", nearest(text, known))
        return text

    def words(self, node: yaml.Node | None, known: Collection[str], what: str) -> tuple[str, ...]:
        """One or several texts that have to be among `known`."""
        return tuple(text for item in self.items(node) if (text := self.word(item, known, what)))

    def flag(self, node: yaml.Node | None, default: bool | None = False) -> bool | None:
        """Yes or no, in English or German."""
        text = self.text(node).lower()
        if node is None or text in TRUE | FALSE:
            return default if node is None else text in TRUE
        self.fault(node, f"`{text}` is neither yes nor no.", "Write `true` or `false`.")
        return default

    def number(self, node: yaml.Node | None, default: float, least: float) -> float:
        """A number of at least `least`."""
        if node is None:
            return default
        text = self.text(node)
        try:
            value = float(text)
        except ValueError:
            self.fault(node, f"`{text}` is not a number.", f"Write a number of at least {least:g}.")
            return default
        if not value >= least or value == float("inf"):
            self.fault(
                node,
                f"{text} is too small or no number to count with.",
                f"Write a number of at least {least:g}.",
            )
            return default
        return value

    def pattern(self, node: yaml.Node) -> str:
        """One or several regular expressions as one; upper and lower case are the same, and it may stand anywhere."""
        good = []
        for item in self.items(node):
            text = self.text(item)
            try:
                re.compile(text)
            except re.error as wrong:
                self.fault(
                    item,
                    f"`{text}` cannot be read as a pattern: {wrong}.",
                    "Put a backslash before ( ) [ ] . * + ? that are meant as such.",
                )
                continue
            if _FOREIGN.search(text):
                self.fault(
                    item,
                    f"`{text}` looks around or back, which patterns here cannot.",
                    "Write it without (?= (?! (?< and \\1.",
                )
            elif text:
                good.append(text)
        return "|".join(good) if len(good) == 1 else "|".join(f"(?:{text})" for text in good)


def nearest(word: str, known: Collection[str]) -> str:
    """What to write instead: the nearest known word first, else all of them."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    shown = sorted(known)
    return f"Known: {', '.join(shown[:40])}{', …' if len(shown) > 40 else ''}."


@dataclass(frozen=True, slots=True)
class Label:
    """How a rule's thing is called on screen."""

    de: str
    en: str


LABEL_WORDS = ("de", "en")


def label(page: Page, given: Mapping[str, yaml.Node], fallback: str) -> Label:
    """The German and English label; the id where one is missing."""
    return Label(page.text(given.get("de")) or fallback, page.text(given.get("en")) or fallback)
