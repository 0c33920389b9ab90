"""The paragraphs of a Word file: a ZIP with `word/document.xml`, read without trust."""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.etree import ElementTree

from etappe.errors import MapFault

_MOST: Final = 200_000_000  # of unpacked XML: a long interview has 2 MB
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def is_docx(raw: bytes) -> bool:
    """Whether the content is a ZIP that says it is a Word file (also a damaged one)."""
    return raw[:2] == b"PK" and (b"word/" in raw[:4000] or b"word/document.xml" in raw[-70_000:] or b"[Content_Types].xml" in raw[:200])


def paragraphs(raw: bytes, where: str = "") -> list[str]:
    """The paragraphs in order; a line break inside one begins a line of its own.

    Raises
    ------
    MapFault
        If the file is damaged, protected, unpacks without end, or is another kind of Office file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if "word/document.xml" not in packed.namelist():
                raise MapFault("This is an Office file, but no Word document.", where, "Save it as DOCX or text.")
            if packed.getinfo("word/document.xml").file_size > _MOST:
                raise MapFault("The Word file unpacks to more than 200 MB.", where, "Is it the right file?")
            with packed.open("word/document.xml") as content:
                text = content.read(_MOST + 1)
        if len(text) > _MOST or b"<!DOCTYPE" in text[:2000]:
            raise MapFault("The Word file is not what it says it is.", where, "Save it anew from Word, or as text.")
        body = ElementTree.fromstring(text)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, ElementTree.ParseError) as error:
        raise MapFault(f"The Word file is broken: {error}.", where, "Open it in Word and save it anew, or save it as text.") from None
    return [line for paragraph in body.iter(f"{_W}p") for line in _lines(paragraph)]


def _lines(paragraph: ElementTree.Element) -> list[str]:
    parts: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
    return "".join(parts).split("\n")
