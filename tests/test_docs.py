"""The reference pages are printed from the code and are current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_a_printed_page_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generate.PAGES[name](), "print it anew: make docs"


def test_every_system_that_is_read_has_a_page() -> None:
    from etappe.sources.format import formats

    pages = {path.stem for path in (ROOT / "docs" / "formats").glob("*.md")}
    assert {item.source for item in formats()} - pages == set()


def test_links_between_pages_lead_somewhere() -> None:
    dead = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)} → {target}")
    assert dead == []


def test_files_that_pages_name_are_there() -> None:
    folders = "|".join(["docs", "src", "tests", "benchmarks", "web", *(room.name for room in (ROOT / "src" / "etappe").iterdir() if room.is_dir())])
    dead = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(rf"`((?:{folders})/[\w./-]*\w)`", page.read_text(encoding="utf-8")):
            places = [base / f"{target}{ending}" for base in (ROOT, ROOT / "src" / "etappe") for ending in ("", ".py")]
            if not any(place.exists() for place in places):
                dead.append(f"{page.relative_to(ROOT)} → {target}")
    assert dead == []
