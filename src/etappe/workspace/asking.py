"""One build opened for the questions of maps: with the workspace's personas, segments, coded quotes and labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from etappe.analyses.measures.ask import Asking
from etappe.analyses.measures.feeling import Quote
from etappe.journeys.reading import Label
from etappe.journeys.rules import JourneyRules
from etappe.maps.interview import Interview
from etappe.maps.persona import Persona
from etappe.maps.segment import Segment
from etappe.words.claim_names import Vocabulary
from etappe.workspace import answers
from etappe.workspace.atlas import Atlas
from etappe.workspace.interviews import Interviews

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Evidence:
    """What maps are held against: the build, ready to be asked, and what stands in the workspace beside it."""

    asking: Asking
    rules: JourneyRules
    vocabulary: Vocabulary
    interviews: list[Interview]
    language: str

    @property
    def as_of(self) -> dt.datetime:
        """The state of knowledge."""
        return self.asking.tables.as_of

    @cached_property
    def silent(self) -> frozenset[str]:
        """Touchpoints that are the vendor's own doing, which nobody answered."""
        return frozenset(self.rules.touchpoints.where(lambda touchpoint: touchpoint.silent))

    def touchpoint(self, name: str) -> dict[str, str]:
        """What the screen calls a touchpoint."""
        return _both(self.rules.touchpoints.label(name))

    def role(self, name: str) -> dict[str, str]:
        """What the screen calls a buying role."""
        return _both(self.rules.roles.label(name))


def _both(label: Label) -> dict[str, str]:
    return {"de": label.de, "en": label.en}


@contextmanager
def evidence(ws: Workspace, as_of: dt.datetime | None = None) -> Iterator[Evidence]:
    """Opens the current build, or the one as of a day, for questions of maps.

    Raises
    ------
    WorkspaceFault
        If nothing is built yet.
    """
    with ws.opened(as_of) as (engine, build):
        rules = JourneyRules.load(ws.folder.rules)
        interviews = _held(Interviews(ws.atlas), build.as_of)
        asking = Asking(
            answers.tables(ws.folder, engine, build), {item.id: item.rule for item in _all(ws.atlas, Persona)},
            {item.id: item.rule for item in _all(ws.atlas, Segment)}, _quotes(interviews), ws.atlas.vocabulary().touchpoints,
        )  # fmt: skip
        yield Evidence(asking, rules, _vocabulary(ws.atlas, asking), interviews, ws.settings.language)


def _all(atlas: Atlas, kind: type[Persona] | type[Segment]) -> list[Persona | Segment]:
    return [atlas.store.load(kind, row.id) for row in atlas.listed(kind.NAME)]


def _held(room: Interviews, as_of: dt.datetime) -> list[Interview]:
    """The interviews held by then; those without a date count."""
    return [item for item in room.all() if item.held_on is None or item.held_on <= as_of.date()]


def _quotes(interviews: list[Interview]) -> list[Quote]:
    """Coded passages that carry a feeling."""
    return [
        Quote(
            item.id, passage.feeling, passage.stage, passage.touchpoint, tuple({*item.personas, *((passage.persona,) if passage.persona else ())}), item.segments,
            float((item.held_on - dt.date(1970, 1, 1)).days) if item.held_on else None, passage.quote,
        )
        for item in interviews for passage in item.passages.values() if passage.feeling is not None
    ]  # fmt: skip


def _vocabulary(atlas: Atlas, asking: Asking) -> Vocabulary:
    """The names of the rules, and those that came with the records of process logs."""
    known = atlas.vocabulary()
    found = {name: () for name in asking.observed.touches.names if name not in known.touchpoints}
    return Vocabulary({**dict.fromkeys(asking.observed.stages, ()), **known.stages}, {**known.touchpoints, **found})
