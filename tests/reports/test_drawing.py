"""Shapes and texts on their way out: safe, complete, never too wide."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from etappe.reports.drawing.clean import tidy
from etappe.reports.drawing.measure import PRINT, SCREEN
from etappe.reports.drawing.scene import Circle, Path, Rect, Scene, Text, glyph, hatch, plain
from etappe.reports.drawing.svg import escape, inline_svg, svg_file

ANY = st.text(st.characters(), max_size=80)
SVG = "{http://www.w3.org/2000/svg}"


@given(ANY)
def test_tidy_text_is_one_line_that_xml_and_json_accept(text: str) -> None:
    clean = tidy(text)
    assert "\n" not in clean
    assert tidy(clean) == clean
    assert ET.fromstring(f"<a b='{escape(text)}'>{escape(text)}</a>").text in (clean, clean if clean else None)
    assert json.loads(json.dumps(clean).encode()) == clean


@given(ANY)
def test_a_word_on_a_drawing_comes_out_of_the_svg_as_it_went_in(text: str) -> None:
    scene = Scene(100, 50, about=text)
    scene.add(Text(1, 10, text, 7.0, tip=text), Rect(0, 0, 5, 5, "ink", tip=text), Circle(5, 5, 2, "ink", tip=text))
    tree = ET.fromstring(svg_file(scene, "de"))
    spans = tree.findall(f".//{SVG}tspan")
    assert [span.text or "" for span in spans] == [tidy(text)]
    assert "<script" not in inline_svg(scene).lower()


@given(ANY, st.floats(0, 300), st.sampled_from([PRINT, SCREEN]))
def test_a_clipped_text_fits(text: str, room: float, measure: type(PRINT)) -> None:  # type: ignore[valid-type]
    clipped = measure.clip(text, room, 7.0)
    assert measure.width(clipped, 7.0) <= room
    assert clipped == text or clipped == "" or clipped.endswith("…")
    assert all(measure.width(part, 7.0) <= room for part in measure.wrap(text, room, 7.0, most=3))


@given(st.floats(-10, 500), st.floats(-10, 500), st.floats(0, 300), st.floats(0, 300))
def test_a_hatch_stays_inside_its_rectangle(x: float, y: float, w: float, h: float) -> None:
    for points in hatch(x, y, w, h).lines:
        assert all(x - 1e-6 <= px <= x + w + 1e-6 and y - 1e-6 <= py <= y + h + 1e-6 for px, py in points)


def test_a_scene_is_the_same_as_svg_and_as_data() -> None:
    scene = Scene(100, 50)
    scene.add(Rect(1, 1, 2, 2, "page"), glyph("check", 5, 5, 3, "accent"), Path((((0, 0), (1, 1)),), stroke="line"))
    scene.behind(Circle(1, 1, 1, "ink"))
    assert [shape["k"] for shape in plain(scene)["shapes"]] == ["c", "r", "p", "p"]
    tags = [child.tag.removeprefix(SVG) for child in ET.fromstring(svg_file(scene, "en"))]
    assert tags == ["title", "rect", "circle", "rect", "path", "path"]


def test_outcomes_are_told_apart_by_shape_alone() -> None:
    shapes = {str(glyph(name, 0, 0, 3, "ink")) for name in ("check", "cross", "bars", "arrow")}
    assert len(shapes) == 4
