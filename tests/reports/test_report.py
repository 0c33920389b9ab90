"""Reports as files: complete or not there, safe whatever a name contains, nothing fetched from outside."""

from __future__ import annotations

import contextlib
import html.parser
import os
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import Fault
from etappe.reports.pdf import breakable, to_pages
from etappe.reports.report import FORMATS, save, write_account, write_result
from etappe.reports.story import account_document

from . import make


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> Any:
    return request.param


class Page(html.parser.HTMLParser):
    """Collects the tags with their attributes, and the text outside of style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "col"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def inflated(pdf: bytes) -> Iterator[bytes]:
    """The streams of a PDF, unpacked, and what stands between them."""
    yield pdf
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(found.group(1))


@pytest.mark.parametrize("story", [make.story, make.nasty, make.small])
def test_the_html_is_well_formed_and_needs_nothing_from_outside(tmp_path: Path, story: Any, language: str) -> None:
    text = write_account(story(), tmp_path / "a.html", language, make.AS_OF).read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "iframe", "img", "link", "object", "embed", "a", "form", "image", "use", "foreignobject"}
    )
    for _, attributes in page.tags:
        assert not {
            name
            for name in attributes
            if name.startswith("on") or name in ("href", "src", "xlink:href", "srcset", "action")
        }
        assert not any(
            re.search(r"url\(|https?:", value or "")
            for name, value in attributes.items()
            if name in ("style", "fill", "stroke", "class")
        )
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style
    assert not re.search(r"@import|url\(|https?:|expression", style.group(1))
    assert dict(page.tags)["html"] == {"lang": language}


def test_names_come_out_of_html_and_svg_as_text_and_never_as_markup(tmp_path: Path) -> None:
    page = Page(write_account(make.nasty(), tmp_path / "a.html").read_text("utf-8"))
    words = "\n".join(page.words)
    assert "<script>alert(1)</script>" in words
    assert '#import "x": *' in words
    assert "Ä" * 200 in words
    assert "\u202e" not in words
    tree = ET.parse(write_account(make.nasty(), tmp_path / "a.svg"))
    said = [span.text or "" for span in tree.iter("{http://www.w3.org/2000/svg}tspan")]
    assert "$x^2$ _a_ *b*" in said
    assert not list(tree.iter("{http://www.w3.org/2000/svg}script"))


@pytest.mark.parametrize("story", [make.story, make.huge])
def test_svg_is_valid_and_nothing_in_it_is_under_seven_points(tmp_path: Path, story: Any, language: str) -> None:
    path = write_account(story(), tmp_path / "a.svg", language, make.AS_OF)
    root = ET.parse(path).getroot()
    assert float((root.get("width") or "").removesuffix("pt")) == float((root.get("viewBox") or "").split()[2])
    assert min(float(node.get("font-size") or 99) for node in root.iter() if node.tag.endswith("text")) >= 7
    assert "http" not in path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_the_same_story_gives_the_same_bytes(tmp_path: Path) -> None:
    for ending in (".svg", ".html", ".pdf", ".png"):
        one, two = (write_account(make.story(), tmp_path / f"{n}{ending}", "de", make.AS_OF).read_bytes() for n in "ab")
        assert one == two, ending


def test_pdf_and_png_are_what_they_say(tmp_path: Path, language: str) -> None:
    pdf = write_account(make.story(), tmp_path / "a.pdf", language, make.AS_OF).read_bytes()
    assert pdf.startswith(b"%PDF-")
    inside = b"".join(inflated(pdf))
    assert f"/Lang ({language})".encode() in inside or f"({language})".encode() in inside
    assert b"Hollerbach Pumpen GmbH" in inside
    png = write_account(make.story(), tmp_path / "a.png", language, make.AS_OF).read_bytes()
    wide, high = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert (wide > 2000, high > wide * 0.5) == (True, True)


@pytest.mark.parametrize(("story", "pages"), [(make.small, 1), (make.story, 5), (make.nasty, 7)])
def test_a_story_takes_as_many_pages_as_it_needs(story: Any, pages: int) -> None:
    assert abs(len(to_pages(account_document(story(), "de", make.AS_OF), 20)) - pages) <= 1


@pytest.mark.slow
def test_a_crowded_account_prints_on_at_most_forty_pages() -> None:
    assert len(to_pages(account_document(make.huge(), "de", make.AS_OF), 20)) <= 40


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("result", [make.stages_result, make.wide_result])
def test_results_are_written_in_every_format(tmp_path: Path, ending: str, result: Any, language: str) -> None:
    assert write_result(result(), tmp_path / f"r{ending.upper()}", language).stat().st_size > 5000


def test_an_unknown_ending_or_language_is_a_fault_that_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        write_account(make.small(), tmp_path / "a.docx")
    assert ".pdf, .png, .svg, .html" in fault.value.do_next
    with pytest.raises(Fault):
        write_result(make.stages_result(), tmp_path / "a.pdf", "fr")
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_half_way_leaves_the_old_one_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.svg"
    path.write_text("old")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(Fault, match="No space left"):
        write_account(make.small(), path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]
    assert path.read_text() == "old"


def test_who_may_read_a_report_is_what_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        save(b"names of people", tmp_path / "new" / "story.html")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "story.html").stat().st_mode & 0o777 == 0o600


def test_long_words_may_break_and_keep_their_letters() -> None:
    text = "k.lindqvist@hollerbach-pumpen-und-armaturen.example " + "x" * 90 + " kurz"
    assert breakable(text).replace("\u200b", "") == text
    assert max(len(piece) for piece in re.split("[\u200b ]", breakable(text))) <= 32
    assert breakable("kurze Wörter bleiben ganz") == "kurze Wörter bleiben ganz"


def test_the_program_starts_without_the_typesetter() -> None:
    import subprocess
    import sys

    code = "import sys, etappe.reports.report, etappe.reports.stages, etappe.reports.html; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
