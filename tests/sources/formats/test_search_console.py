"""Searches are read in German and English, from the page and from the interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DE = 'Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\nschwingungsmessung nachrüsten,42,1.234,"3,0 %","4,2"\nmesswerk,10,20,50 %,1\n'
DE_PAGES = "Häufigste Seiten;Klicks;Impressionen;Klickrate;Durchschnittliche Position\nhttps://www.example.com/preise;5;100;5 %;3,5\n"
EN = "Top queries,Clicks,Impressions,CTR,Position\nvibration sensor,42,1234,3.4%,4.2\n"


def test_german_and_english_downloads_read_the_same(read_text: Callable[..., Any]) -> None:
    german = {row["query"]: row for row in read_text(DE)["searches"]}
    row = german["schwingungsmessung nachrüsten"]
    assert (row["clicks"], row["impressions"], row["position"]) == (42, 1234, 4.2)
    (english,) = read_text("\ufeff" + EN)["searches"]
    assert (english["query"], english["clicks"], english["impressions"], english["position"]) == (
        "vibration sensor",
        42,
        1234,
        4.2,
    )


def test_pages_are_pages(read_text: Callable[..., Any]) -> None:
    (row,) = read_text(DE_PAGES)["searches"]
    assert (row["page"], row["position"]) == ("https://www.example.com/preise", 3.5)


def test_a_later_download_changes_the_same_searches(read_text: Callable[..., Any]) -> None:
    first, second = read_text(EN)["searches"], read_text(EN.replace("42", "50"))["searches"]
    assert first[0]["record_id"] == second[0]["record_id"]


@pytest.mark.parametrize("lines", [False, True])
def test_rows_of_the_interface_have_their_day(read_text: Callable[..., Any], lines: bool) -> None:
    row = {
        "site_url": "sc-domain:example.com",
        "search_type": "web",
        "date": "2026-01-05",
        "country": "deu",
        "device": "DESKTOP",
        "page": "https://www.example.com/",
        "query": "sensor",
        "clicks": 3,
        "impressions": 40,
        "ctr": 0.075,
        "position": 6.5,
    }
    other = {**row, "device": "MOBILE", "clicks": 1}
    text = (
        "".join(json.dumps(item) + "\n" for item in (row, other))
        if lines
        else ",".join(row) + "\n" + "".join(",".join(map(str, item.values())) + "\n" for item in (row, other))
    )
    read = read_text(text)
    assert read.format == "search console rows"
    assert not read.bad
    rows = sorted(read["searches"], key=lambda found: found["device"])
    assert [(str(found["day"]), found["device"], found["clicks"], found["position"]) for found in rows] == [
        ("2026-01-05", "DESKTOP", 3, 6.5),
        ("2026-01-05", "MOBILE", 1, 6.5),
    ]
    assert rows[0]["record_id"] != rows[1]["record_id"]


@pytest.mark.parametrize("head", ["Land", "Gerät", "Datum"])
def test_the_same_clicks_are_counted_once(read_text: Callable[..., Any], head: str) -> None:
    read = read_text(f'{head},Klicks,Impressionen,CTR,Position\n2026-01-05,42,1234,3 %,"4,2"\n')
    assert read.tables == {}
    assert "once more" in read.notes[-1]
