"""XML read element by element, never as a whole, and without the entities that make a small file explode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from etappe.errors import FileFault

_HEAD = 1 << 16


def elements(path: Path, *names: str) -> Iterator[ElementTree.Element]:
    """The elements of these names as they are completed, outermost last; namespaces are dropped. An element's content is freed when the caller asks for the next one that is not inside another wanted one.

    Raises
    ------
    FileFault
        If the file is no well-formed XML, or defines entities of its own.
    """
    with path.open("rb") as file:
        if b"<!ENTITY" in file.read(_HEAD):
            raise FileFault(
                "the XML defines entities of its own, which no export does",
                str(path),
                "check where the file comes from",
            )
    wanted, open_ = set(names), 0
    root: ElementTree.Element | None = None
    try:
        for what, element in ElementTree.iterparse(path, events=("start", "end")):
            if what == "start":
                element.tag = bare(element.tag)
                root = element if root is None else root
                open_ += element.tag in wanted
                continue
            if element.tag not in wanted:
                continue
            open_ -= 1
            yield element
            if not open_:
                element.clear()
                if root is not None and root is not element:
                    _forget(root)
    except ElementTree.ParseError as fault:
        raise FileFault(
            f"the XML is broken: {fault}", str(path), "export it again; a cut-off download often ends like this"
        ) from fault


def _forget(root: ElementTree.Element) -> None:
    """Drops what the root's children have already given; the last one may still be open."""
    for child in list(root)[:-1]:
        root.remove(child)


def bare(tag: str) -> str:
    """A name without its namespace or prefix."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]
