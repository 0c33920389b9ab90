"""The front door: an account's story or a result as a file, its format by its ending."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from etappe.errors import Fault
from etappe.reports.document import Document
from etappe.reports.theme import Language
from etappe.reports.vocabulary import Names
from etappe.words.result import Result


class ReportFault(Fault):
    """A report cannot be written as asked."""

    code = "report"


def _pdf(document: Document) -> bytes:
    from etappe.reports.pdf import to_pdf

    return to_pdf(document)


def _png(document: Document) -> bytes:
    from etappe.reports.pdf import to_png

    return to_png(document)


def _svg(document: Document) -> bytes:
    from etappe.reports.drawing.measure import SCREEN
    from etappe.reports.drawing.svg import svg_file
    from etappe.reports.poster import poster_scene

    return svg_file(poster_scene(document, SCREEN), document.language).encode()


def _html(document: Document) -> bytes:
    from etappe.reports.html import to_html

    return to_html(document).encode()


FORMATS: Final[dict[str, Callable[[Document], bytes]]] = {
    ".pdf": _pdf,
    ".png": _png,
    ".svg": _svg,
    ".html": _html,
}


def write_account(
    story: Mapping[str, Any],
    path: Path,
    language: str = "de",
    as_of: Any = None,
    conservation: Mapping[str, Any] | None = None,
) -> Path:
    """Draw one account's story into a file.

    Parameters
    ----------
    story : mapping
        The dictionary of `account X --json`.
    path : Path
        Ends in .pdf, .png, .svg or .html. An existing file is replaced at once, never half.
    language : "de" or "en"
    as_of : datetime, date or ISO text, optional
        The state of knowledge.
    conservation : mapping, optional
        The `conservation` of the build, or all that `build --json` says of it.

    Raises
    ------
    ReportFault
        For an unknown ending or language, or a folder that cannot be written.
    """
    from etappe.reports.story import account_document

    return write(account_document(story, _checked(path, language), as_of, conservation), path)


def write_result(result: Result, path: Path, language: str = "de", title: str = "", names: Names | None = None) -> Path:
    """Draw the result of an analysis into a file: the stage overview for `stages`, else a table.

    `title` replaces the name of the analysis; `names` say what the workspace calls its stages and
    touchpoints. Faults
    as in `write_account`.
    """
    from etappe.reports.stages import is_stages, stages_document
    from etappe.reports.table import result_document

    shown = _checked(path, language)
    make = stages_document if is_stages(result) else result_document
    return write(make(result, shown, title, names), path)


def write(document: Document, path: Path) -> Path:
    """Write a document beside `path` and swap it in."""
    return save(FORMATS[path.suffix.lower()](document), path)


def save(content: bytes, path: Path) -> Path:
    """Write a file beside `path` and swap it in; a fault says why it cannot be written.

    Who may read it is what the user's umask says: reports name people.
    """
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ReportFault(
            f"The report cannot be written: {error.strerror or error}.",
            str(path),
            "Choose another folder with -o.",
        ) from error
    return path


def _checked(path: Path, language: str) -> Language:
    checked_ending(path, FORMATS, "A report")
    return checked_language(language)


def checked_ending(path: Path, endings: Iterable[str], what: str) -> str:
    """The ending of a path in small letters, which says the format.

    Raises
    ------
    ReportFault
        If `what` ("A map") cannot be written so; it names the endings there are.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        raise ReportFault(f"{what} cannot be written as {path.suffix or 'no ending'}.", str(path), f"Choose an ending: {', '.join(endings)}.")
    return ending


def checked_language(language: str) -> Language:
    """A language there are texts in.

    Raises
    ------
    ReportFault
        For any other.
    """
    if language == "de":
        return "de"
    if language == "en":
        return "en"
    raise ReportFault(f"There are no texts in {language!r}.", "language", "Choose de or en.")
