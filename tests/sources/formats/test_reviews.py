"""A review is feedback with its stars and an event of the day it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

TRUSTPILOT = (
    "Domain URL,Webshop Name,Business Unit Id,Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review User Email,Review Title,Review Content,Review Stars,Reference Id,Source Of Review\n"
    'www.example.com,Messwerk,5f0c,r1,2026-01-05 08:00:00,u1,Anna B,Anna@firma.example,Top,"Sehr gut, gerne\nwieder",5,003A,InvitationApi\n'
    "www.example.com,Messwerk,5f0c,r2,2026-01-06 08:00:00,u2,Jo,,,Naja,2,,Organic\n"
)


def test_trustpilots_export(read_text: Callable[..., Any]) -> None:
    read = read_text(TRUSTPILOT)
    assert read.format == "trustpilot reviews"
    event, answer = read.one("events", "r1"), read.one("feedback", "r1")
    assert (event["kind"], event["value"], event["email"], event["user_id"], event["name"]) == (
        "review",
        5.0,
        "anna@firma.example",
        "003A",
        "Top",
    )
    assert event["happened_at"].isoformat() == "2026-01-05T08:00:00+00:00"
    assert (answer["instrument"], answer["value"], answer["high"], answer["text"]) == (
        "rating",
        5.0,
        5.0,
        "Top\nSehr gut, gerne\nwieder",
    )
    assert read.one("feedback", "r2")["text"] == "Naja"
    assert read.primary == {"events"}


def test_trustpilots_interface(read_text: Callable[..., Any]) -> None:
    review = {
        "id": "r1",
        "stars": 4,
        "title": "Gut",
        "text": "Läuft.",
        "language": "de",
        "createdAt": "2026-01-05T08:00:00Z",
        "consumer": {"id": "u1", "displayName": "Anna B"},
        "isVerified": True,
    }
    read = read_text(json.dumps({"links": [], "reviews": [review, {**review, "id": "r2"}]}))
    row = read.one("feedback", "r1")
    assert (row["value"], row["person_name"], row["language"], row["text"]) == (4.0, "Anna B", "de", "Gut\nLäuft.")


def test_googles_stars_are_words(read_text: Callable[..., Any]) -> None:
    review = {
        "name": "accounts/1/locations/2/reviews/3",
        "reviewId": "g1",
        "reviewer": {"displayName": "Anna B"},
        "starRating": "FOUR",
        "comment": "Gut",
        "createTime": "2026-01-05T08:00:00.123456789Z",
    }
    hidden = {**review, "reviewId": "g2", "reviewer": {"displayName": "A Google user", "isAnonymous": True}}
    read = read_text(json.dumps({"reviews": [review, hidden], "averageRating": 4}))
    row = read.one("feedback", "g1")
    assert (row["value"], row["survey"], row["person_name"]) == (4.0, "Google", "Anna B")
    assert row["happened_at"].isoformat() == "2026-01-05T08:00:00.123456+00:00"
    assert "person_name" not in read.one("feedback", "g2")
