"""The front door for journey reports: a file, its format by its ending."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from etappe.reports.journey import Told, journey_document
from etappe.reports.map.report import Asked
from etappe.reports.report import FORMATS, checked_ending, checked_language, save

ENDINGS = (".pdf", ".pptx", ".html")


def write_journey(asked: Asked, told: Sequence[Told], path: Path, client: str = "", who: str = "") -> Path:
    """Write the journey report as .pdf, .pptx or .html.

    Raises
    ------
    ReportFault
        For an unknown ending, or a folder that cannot be written.
    """
    ending = checked_ending(path, ENDINGS, "A journey report")
    checked_language(asked.language)
    if ending == ".pptx":
        from etappe.reports.journey_slides import journey_slides

        return save(journey_slides(asked, told, client, who), path)
    return save(FORMATS[ending](journey_document(asked, told, client, who)), path)
