"""The answers that everybody asks first, told when a build is made and kept beside it: asking them again waits for nothing.

What they are made of is the build alone, so they stay true for as long as the build is there and etappe's analyses are the
same. Options that only say how much is shown (`--keep` of the moves) are answered with a part of the whole, which is kept too.
Any filter, and any other question, is computed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import etappe
from etappe.words.kept_result import kept_text, told_again
from etappe.words.result import Result
from etappe.workspace.swapping import swap_in

if TYPE_CHECKING:
    from etappe.analyses.analysis import Analysis

BEFOREHAND: Final = ("paths", "stages", "variants")  # such questions read tables of the build, no evidence and no rules
_CODE: Final = ("analyses", "analyses/maths", "journeys", "tables", "words")  # folders of etappe


def kept(build: Path, name: str, params: Mapping[str, Any]) -> Result | None:
    """The answer kept beside a build, or a part of it; None where there is none, and where something special is asked."""
    given = _given(params)
    if name not in BEFOREHAND:
        return None
    return _part(build, name, given) if given else _told(_place(build, name))


def keep(build: Path, name: str, params: Mapping[str, Any], result: Result) -> None:
    """Keeps an answer beside its build, unless it depends on more than the build; what cannot be written is computed each time."""
    given = _given(params)
    if name not in BEFOREHAND:
        return
    if not given:
        _write(_place(build, name), result)
    elif (found := _of_whole(name, given)) and not result.caveats and len(result) <= found.whole["limit"]:  # all that there is
        _write(_place(build, name, "whole"), result)


def tell_beforehand(build: Path, ask: Callable[..., Result]) -> None:
    """Asks those questions and keeps their answers. Whatever goes wrong is told to those who ask: a build stands without."""
    from etappe.analyses import analysis

    for name in BEFOREHAND:
        whole = analysis.find(name).whole
        for given in ({}, whole) if whole else ({},):
            with suppress(Exception):
                keep(build, name, given, ask(name, **given))


def _of_whole(name: str, given: Mapping[str, Any]) -> Analysis | None:
    """The analysis, where all that is asked for is how much is shown."""
    from etappe.analyses import analysis

    found = analysis.find(name)
    return found if found.part and given.keys() <= found.whole.keys() else None


def _part(build: Path, name: str, given: Mapping[str, Any]) -> Result | None:
    """What is shown of the whole answer, where nothing else is asked."""
    place = _place(build, name, "whole")
    if not place.exists():  # of most questions there is none
        return None
    if (found := _of_whole(name, given)) is None or found.part is None:
        return None
    params, whole = found.params.parse(given), _told(place)
    return None if whole is None else found.part(whole, params)


def _told(place: Path) -> Result | None:
    try:
        return told_again(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(place: Path, result: Result) -> None:
    if not result.population.get("journeys"):  # why there are none may lie in the evidence
        return
    with suppress(OSError, TypeError, ValueError):
        place.parent.mkdir(exist_ok=True)
        swap_in(place, kept_text(replace(result, sql="")))  # its query names files where they lay while the build was made


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for in particular; in which language it is answered makes no difference."""
    return {option: value for option, value in params.items() if option != "language" and (value or (value == 0 and value is not False))}


def _place(build: Path, name: str, what: str = "answer") -> Path:
    """Where the answer lies, as this version of etappe and of what makes answers gives it."""
    files = (entry for folder in _CODE for entry in os.scandir(Path(etappe.__path__[0]) / folder) if entry.name.endswith(".py"))
    changed = max(entry.stat().st_mtime_ns for entry in files)
    return build / "_views" / f"{what}-{name}-{etappe.__version__}-{changed}.json"
