"""What a question may call things by: the ids of the rules, met by a journey or not, and the names that the screen shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from etappe.workspace import rules
from etappe.workspace.folder import Folder

if TYPE_CHECKING:
    from etappe.analyses.analysis import Tables

# option -> the lists whose words it takes
_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "kind": ("kind",), "outcome": ("outcome",), "role": ("role",), "stage": ("stage",), "entered": ("stage",), "touchpoint": ("touchpoint",),
    "start": ("touchpoint",), "goal": ("stage", "touchpoint"),
}  # fmt: skip


def with_words(found: Tables, folder: Folder, given: dict[str, Any]) -> tuple[Tables, dict[str, Any]]:
    """The tables with the stages and touchpoints of the rules, and the options with ids in place of names.

    A stage that no journey has reached yet is a stage: to ask for it is answered with nothing, and is no fault. A name
    is taken in German or English, in upper or lower case; what is no name stays as it is, for the question to judge.
    """
    asked = [name for name in _OPTIONS if given.get(name)]
    if not asked:
        return found, given
    from etappe.reports.vocabulary import listed

    names: dict[str, Mapping[str, tuple[str, ...]]] = {**listed()}
    for word, called in (rules.readable_names(folder) or {}).items():
        names[word] = {id: tuple(labels.values()) for id, labels in called.items()}
    known = {word: frozenset(names.get(word, {})) for word in ("stage", "touchpoint")}
    return replace(found, known=known), given | {name: _ids(given[name], [names.get(word, {}) for word in _OPTIONS[name]]) for name in asked}


def _ids(value: Any, lists: list[Mapping[str, tuple[str, ...]]]) -> Any:
    """One value, several with commas, or a list of them, with the ids of those that are names."""
    if not isinstance(value, str):
        return [one for item in value for one in _id(str(item), lists)]
    return ",".join(one for item in value.split(",") for one in _id(item.strip(), lists))


def _id(word: str, lists: list[Mapping[str, tuple[str, ...]]]) -> list[str]:
    called: dict[str, list[str]] = defaultdict(list)
    for words in lists:
        if word in words:
            return [word]
        for id, labels in words.items():
            for label in {text.casefold() for text in labels}:
                called[label].append(id)
    return called.get(word.casefold(), [word])
