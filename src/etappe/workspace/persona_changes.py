"""What changed about a persona since a day: its own words, verdicts of its maps, its size, revenue and win rate."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from etappe.analyses.measures.ask import Asking
from etappe.analyses.measures.persons import Size, revenue_of, size_of, win_rate
from etappe.maps.comparison import Row, compare
from etappe.maps.persona import Persona
from etappe.maps.verdict_log import VerdictLog, key_of
from etappe.tables.keep import Build, Builds
from etappe.words.result import Figure, plain
from etappe.workspace import answers
from etappe.workspace.asking import Evidence
from etappe.workspace.atlas import Atlas
from etappe.workspace.check import CheckedClaim, figure_of

Judged = Mapping[str, list[CheckedClaim]]
Now = tuple[Size, Figure, Figure]
_MONTHS: Final = 3


@dataclass(frozen=True)
class Then:
    """One figure of the persona then and now; `certain` where the two intervals do not touch."""

    name: str
    before: Figure
    after: Figure

    @property
    def certain(self) -> bool:
        """Whether the figure has certainly changed. Stricter than a test at 5 %."""
        ends = (self.before.low, self.before.high, self.after.low, self.after.high)
        low, high, new_low, new_high = (end if end is not None else float("nan") for end in ends)
        return high < new_low or new_high < low


@dataclass(frozen=True)
class Changes:
    """What changed about a persona since a day.

    Attributes
    ----------
    made_on : date, optional
        The day it was made, where that is later: it has no state to be compared with.
    words : list of Row
        Its document then and now.
    flips : list of dict
        Claims of its maps with another verdict than then: map, card, claim, sentence, before, after, on.
    then : date, optional
        The state of knowledge of the figures then: that of an earlier build that is still there. None where there is
        none; no build is made for it.
    persons : tuple of int, optional
        How many people belonged then and belong now, by the rule as it is now.
    figures : list of Then
        Share of the known people, share of revenue, win rate.
    """

    since: dt.date
    made_on: dt.date | None
    authors: tuple[str, ...]
    words: list[Row]
    flips: list[dict[str, Any]]
    then: dt.date | None
    persons: tuple[int, int] | None
    figures: list[Then]

    def to_dict(self) -> dict[str, Any]:
        """The changes as `persona show --json` gives them."""
        return {
            "since": plain(self.since), "made_on": plain(self.made_on), "authors": list(self.authors), "document": [plain(row.to_dict()) for row in self.words], "flips": self.flips,
            "then": plain(self.then), "persons": list(self.persons) if self.persons else None,
            "figures": [{"name": item.name, "before": figure_of(item.before), "after": figure_of(item.after), "certain": item.certain} for item in self.figures],
        }  # fmt: skip


def quarter_before(day: dt.date) -> dt.date:
    """The same day three months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - _MONTHS, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def changes(persona: Persona, atlas: Atlas, found: Evidence | None, judged: Judged, now: Now | None, since: dt.date | None = None) -> Changes:
    """What changed since a day, by default a quarter before the state of knowledge.

    `judged` are the claims of its maps as judged now, `now` its figures; None where nothing is built or it has no rule.
    """
    day = since or quarter_before(found.as_of.date() if found else atlas.today())
    edits = atlas.store.edits("persona", persona.id)
    earlier = [edit for edit in edits if edit.at.date() <= day]
    later = edits[len(earlier) :]
    words: list[Row] = []
    if earlier and later:
        words = compare(atlas.store.load(Persona, persona.id, earlier[-1].revision), persona)
    then, persons, figures = _figures(persona, atlas, found, now, day) if found and now else (None, None, [])
    return Changes(
        day, edits[0].at.date() if edits and not earlier else None, tuple(dict.fromkeys(edit.author for edit in later)), words,
        [flip for name, claims in judged.items() for flip in _flips(name, claims, VerdictLog(atlas.store.database), day)], then, persons, figures,
    )  # fmt: skip


def _flips(name: str, claims: list[CheckedClaim], log: VerdictLog, day: dt.date) -> list[dict[str, Any]]:
    """The claims that are still on the map and are judged otherwise than on that day, or than when first judged after it."""
    noted = log.of(name)
    flips = []
    for claim in claims:
        turns = noted.get((claim.card, key_of(claim.text)), [])
        known = [turn for turn in turns if turn.on <= day] or turns[:1]
        if known and turns[-1].verdict != known[-1].verdict:
            flips.append({
                "map": name, "card": claim.card, "claim": claim.text, "sentence": dict(claim.said), "before": known[-1].verdict, "after": turns[-1].verdict, "on": turns[-1].on.isoformat(),
            })  # fmt: skip
    return flips


def _figures(persona: Persona, atlas: Atlas, found: Evidence, now: Now, day: dt.date) -> tuple[dt.date | None, tuple[int, int] | None, list[Then]]:
    """Size, revenue and win rate then and now; nothing where no earlier build is there, or it knew of no journey."""
    build = _build_of(Builds(atlas.folder.builds), found, day)
    if build is None:
        return None, None, []
    rules = {persona.id: persona.rule}
    then = Asking(answers.tables(atlas.folder, found.asking.tables.engine, build.use()), rules, found.asking.segments)
    if not then.observed.size:  # nothing was known then: no figure of then is worth a comparison
        return None, None, []
    flags = then.populations.of((("persona", (persona.id,)),)).flags
    size = size_of(then.observed, then.populations, persona.id, rules)
    before = (size.share, revenue_of(then.observed, flags), win_rate(then.observed, flags))
    after = (now[0].share, *now[1:])
    return build.as_of.date(), (size.persons, now[0].persons), [Then(*row) for row in zip(("share", "revenue", "win_rate"), before, after, strict=True)]


def _build_of(builds: Builds, found: Evidence, day: dt.date) -> Build | None:
    """The build of the latest state of knowledge up to that day; else of the earliest after it, as long as that is before the present one."""
    there = sorted((build for build in builds.all() if build.as_of.date() < found.as_of.date()), key=lambda build: (build.as_of, build.folder.name))
    until = [build for build in there if build.as_of.date() <= day]
    return until[-1] if until else there[0] if there else None
