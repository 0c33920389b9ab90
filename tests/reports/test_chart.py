"""A result's own chart in the house's colours: same data, both languages, nothing loaded."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from etappe.analyses import paths_table
from etappe.reports.chart import chart_of, charts_of, config
from etappe.reports.document import Chart, Notes
from etappe.reports.pdf import to_pages
from etappe.reports.report import write_result
from etappe.reports.table import result_document
from etappe.reports.texts import Words
from etappe.reports.theme import SERIES, colours
from etappe.words.result import Period, Recipe, Result, too_few

from . import make

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "title": "Days",
    "data": {"values": [{"stage": "first_talks", "days": 1234.5}, {"stage": "<script>x</script>", "days": 3}]},
    "mark": "bar",
    "encoding": {
        "y": {"field": "stage", "type": "nominal", "title": "Stage"},
        "x": {"field": "days", "type": "quantitative", "title": "Days"},
    },
    "usermeta": {"words": {"de": {"Days": "Tage", "Stage": "Phase"}}},
}


def words_of(svg: str) -> set[str]:
    return {node.text or "" for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}


def with_chart(spec: dict[str, Any] = SPEC) -> Result:
    return dataclasses.replace(make.wide_result(4), drawing=spec)


def test_a_chart_speaks_the_language_of_the_report() -> None:
    german, english = (words_of(chart_of(SPEC, "t", Words(language), 700).light) for language in ("de", "en"))  # type: ignore[arg-type]
    assert {"Tage", "Phase", "Vorgespräche", "<script>x</script>", "1.200"} <= german
    assert {"Days", "Stage", "First talks", "1,200"} <= english


def test_a_chart_takes_its_colours_from_the_theme_and_is_drawn_for_the_dark_too() -> None:
    chart = chart_of(SPEC, "t", Words("de"), 700)
    assert colours("light")["accent"] in chart.light
    assert colours("dark")["accent"] in chart.dark
    assert config()["range"]["category"] == [colour for colour, _, _ in SERIES]
    assert set(re.findall(r'id="([^"]+)"', chart.light)).isdisjoint(re.findall(r'id="([^"]+)"', chart.dark))


@pytest.mark.parametrize("room", [700.0, 200.0, 120.0])
def test_a_chart_fits_its_room_and_stays_legible(room: float) -> None:
    wide = {**SPEC, "width": 600}
    chart = chart_of(wide, "t", Words("de"), room)
    assert chart.width <= room + 0.01
    natural = float(re.search(r'width="([\d.]+)"', chart.light).group(1))  # type: ignore[union-attr]
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', chart.light)]
    assert min(sizes) * chart.width / natural >= 6.9 or room < 200


def test_a_chart_loads_nothing_from_outside() -> None:
    spec = {**SPEC, "data": {"url": "https://example.invalid/secret.csv"}}
    shown = result_document(with_chart(spec), "de")
    assert not any(isinstance(block, Chart) and "secret" in block.light for block in shown.blocks)


def test_a_chart_that_cannot_be_set_is_said_and_the_table_stands() -> None:
    shown = result_document(with_chart({"mark": {"nonsense": True}, "encoding": 7}), "de")
    assert any(isinstance(block, Notes) and "Zeichnung" in block.title for block in shown.blocks)
    assert any(type(block).__name__ == "Sheet" for block in shown.blocks)


@pytest.mark.parametrize("ending", [".pdf", ".png", ".svg", ".html"])
def test_a_result_with_a_chart_is_written_in_every_format(tmp_path: Path, ending: str) -> None:
    path = write_result(with_chart(), tmp_path / f"r{ending}")
    if ending in (".svg", ".html"):
        text = path.read_text("utf-8")
        assert "Vorgespräche" in text
        assert "<script" not in text
    if ending == ".svg":
        ET.fromstring(text)


def test_a_chart_taller_than_a_page_is_left_to_the_table() -> None:
    tall = {**SPEC, "height": 3000}
    assert len(to_pages(result_document(with_chart(tall), "de"), 20)) <= len(
        to_pages(result_document(with_chart(), "de"), 20)
    )


@pytest.mark.parametrize("ending", ["pdf", "png", "svg", "html"])
def test_an_answer_of_too_few_is_printed_without_a_chart_that_has_nothing_to_draw(tmp_path: Path, ending: str) -> None:
    rows = [{"channel": channel, "model": model, "conversions": too_few(0)} for model in ("first", "last") for channel in ("email", "call")]
    result = Result("attribution", Recipe("attribution", 1, "credit", 5), ("channel", "model", "conversions"), rows, {}, Period(), None, (), "", None, paths_table.drawing(rows))
    assert charts_of(result.drawing or {}, "t", Words("de"), 700, 500) == []
    assert write_result(result, tmp_path / f"few.{ending}", "de").stat().st_size > 1_000


def test_a_stage_and_the_kinds_it_belongs_to_are_called_as_everywhere() -> None:
    spec = {**SPEC, "data": {"values": [{"stage": "decision (first_purchase, win_back)", "days": 3}]}}
    assert "Entscheidung (Erstkauf, Rückgewinnung)" in words_of(chart_of(spec, "t", Words("de"), 700).light)


def test_a_part_on_a_page_of_its_own_bears_its_own_title() -> None:
    plot = {name: SPEC[name] for name in ("data", "mark", "encoding")}
    costs = {"title": "Costs", "hconcat": [{**plot, "height": 200}]}
    spec = {**{name: SPEC[name] for name in ("$schema", "title")}, "vconcat": [{**plot, "height": 400}, costs], "usermeta": {"words": {"de": {"Costs": "Kosten"}}}}
    first, second = charts_of(spec, "t", Words("de"), 700, 400)
    assert "Kosten" in words_of(second.light)
    assert "Kosten" not in words_of(first.light)
