"""Something a document states: with where it comes from, what it claims, what it rests on and who looks after it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from etappe.maps.document import Evidence, Measured, Thing

Provenance = Literal["hypothesis", "interview", "survey", "data", "co-creation"]
Level = Annotated[int, Field(ge=1, le=5)]


class Statement(Thing):
    """A card of a map, a criterion of a buying center, a trait of a persona or segment.

    `claim` is text of the claim language, kept also where it cannot be read (lint says so). `evidence` is keyed by the
    address it links to, so that two people can link at once.
    """

    TEXTS: ClassVar[tuple[str, ...]] = ("text", "detail")

    text: str = ""
    detail: str = ""
    provenance: Provenance = "hypothesis"
    claim: str = ""
    evidence: dict[str, Evidence] = {}
    figure: Measured | None = None
    owner: str = ""
    review_by: dt.date | None = None

    @field_validator("evidence", mode="before")
    @classmethod
    def _links(cls, value: Any) -> Any:
        """A list of links, each an address or a mapping with `ref`, or the links by address."""
        if isinstance(value, list):
            links = [{"ref": link} if isinstance(link, str) else link for link in value]
            return {str(_ref(link)): link for link in links}
        return value


def _ref(link: Any) -> Any:
    return link.get("ref", "") if isinstance(link, dict) else getattr(link, "ref", "")
