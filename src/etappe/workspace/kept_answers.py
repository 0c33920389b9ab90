"""The answers that everybody asks first, told when a build is made and kept beside it: asking them again waits for nothing.

What they are made of is the build alone, so they stay true for as long as the build is there and etappe's analyses are the
same. Any filter, and any other question, is computed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import etappe
from etappe.words.kept_result import kept_text, told_again
from etappe.words.result import Result
from etappe.workspace.swapping import swap_in

BEFOREHAND: Final = ("paths", "stages", "variants")  # such questions read tables of the build, no evidence and no rules
_CODE: Final = ("analyses", "analyses/maths", "journeys", "tables", "words")  # folders of etappe


def kept(build: Path, name: str, params: Mapping[str, Any]) -> Result | None:
    """The answer kept beside a build; None where there is none, and where something special is asked."""
    if not _plain(name, params):
        return None
    try:
        return told_again(_place(build, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def keep(build: Path, name: str, params: Mapping[str, Any], result: Result) -> None:
    """Keeps an answer beside its build, unless it depends on more than the build; what cannot be written is computed each time."""
    if not _plain(name, params) or not result.population.get("journeys"):  # why there are none may lie in the evidence
        return
    with suppress(OSError, TypeError, ValueError):
        place = _place(build, name)
        place.parent.mkdir(exist_ok=True)
        swap_in(place, kept_text(result))


def tell_beforehand(build: Path, ask: Callable[[str], Result]) -> None:
    """Asks those questions and keeps their answers. Whatever goes wrong is told to those who ask: a build stands without."""
    for name in BEFOREHAND:
        with suppress(Exception):
            keep(build, name, {}, ask(name))


def _plain(name: str, params: Mapping[str, Any]) -> bool:
    """Whether the question is one of those, without filters; in which language it is answered makes no difference."""
    return name in BEFOREHAND and not any(value for option, value in params.items() if option != "language")


def _place(build: Path, name: str) -> Path:
    """Where the answer lies, as this version of etappe and of what makes answers gives it."""
    files = (entry for folder in _CODE for entry in os.scandir(Path(etappe.__path__[0]) / folder) if entry.name.endswith(".py"))
    changed = max(entry.stat().st_mtime_ns for entry in files)
    return build / "_views" / f"answer-{name}-{etappe.__version__}-{changed}.json"
