"""The kinds of lanes: one file each in `lanes/`, found, not listed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from etappe.maps.own_files import own_files

FOLDER = Path(__file__).parent / "lanes"


@dataclass(frozen=True, slots=True)
class LaneKind:
    """A kind of lane: whose side it shows, its title, what it asks and an example, each in German and English."""

    id: str
    place: int
    side: str
    title: dict[str, str]
    asks: dict[str, str]
    example: dict[str, str]


@cache
def lane_kinds() -> dict[str, LaneKind]:
    """All kinds by id, in the order a map shows them."""
    found = [LaneKind(name, **content) for name, content in own_files(FOLDER).items()]
    return {kind.id: kind for kind in sorted(found, key=lambda kind: kind.place)}
