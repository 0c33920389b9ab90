from __future__ import annotations

import json

import pytest

from etappe.reports.theme import LIGHT, SERIES, SMALLEST, TYPE, VERDICTS, colours, stage_tint, theme


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = ("ink", "muted", "accent", "contradicted", "undecided")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_colour_reads_on_paper_on_surfaces_and_on_its_tint(mode: str, text: str) -> None:
    shown = colours(mode)  # type: ignore[arg-type]
    grounds = ["page", "surface", "band-even", "band-odd", *([f"{text}-tint"] if f"{text}-tint" in shown else [])]
    assert {
        ground: round(contrast(shown[text], shown[ground]), 2)
        for ground in grounds
        if contrast(shown[text], shown[ground]) < 4.5
    } == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_ink_reads_on_every_stage_and_paper_reads_on_every_filled_mark(mode: str) -> None:
    shown = colours(mode)  # type: ignore[arg-type]
    assert min(contrast(shown["ink"], shown[f"stage-{i}"]) for i in range(1, 10)) >= 4.5
    assert min(contrast(shown["page"], shown[fill]) for fill in ("accent", "muted", "ink")) >= 4.5


def test_light_and_dark_have_the_same_tokens_and_the_theme_is_json() -> None:
    assert set(colours("light")) == set(colours("dark")) >= set(LIGHT)
    assert json.loads(json.dumps(theme())) == theme()


def test_nothing_is_set_under_seven_points() -> None:
    assert min(TYPE.values()) >= SMALLEST == 7.0


def test_verdicts_and_series_differ_without_colour_too() -> None:
    assert len({shape for shape, *_ in VERDICTS.values()}) == len(VERDICTS)
    assert len({(dash, marker) for _, dash, marker in SERIES}) == len(SERIES) == len({c for c, *_ in SERIES})


def test_later_stages_are_darker_on_paper() -> None:
    shown = colours("light")
    tints = [luminance(shown[stage_tint(n, 7)]) for n in range(1, 8)]
    assert tints == sorted(tints, reverse=True)
    assert stage_tint(99, 7) == stage_tint(7, 7)
