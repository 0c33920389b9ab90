"""The kinds of documents there are."""

from __future__ import annotations

from typing import Final

from etappe.errors import MapFault
from etappe.maps.document import Document
from etappe.maps.interview import Interview
from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.maps.review import Review
from etappe.maps.segment import Segment
from etappe.maps.survey import Survey

KINDS: Final[dict[str, type[Document]]] = {kind.NAME: kind for kind in (Map, Persona, Segment, Interview, Survey, Review)}


def kind_of(name: str) -> type[Document]:
    """The type of a kind of document.

    Raises
    ------
    MapFault
        If there is no such kind.
    """
    if name not in KINDS:
        raise MapFault(f"There is no kind of document `{name}`.", "", f"There are: {', '.join(KINDS)}.")
    return KINDS[name]
