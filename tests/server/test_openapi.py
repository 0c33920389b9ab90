"""The description of the API that the page's client is made from is the one the server has."""

from __future__ import annotations

from pathlib import Path

from etappe.server.openapi import text

KEPT = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def test_the_kept_description_is_the_servers() -> None:
    mend = "the API has changed: `make openapi` writes web/openapi.json anew; then `npm run client` in web/ makes the client"
    assert KEPT.read_text(encoding="utf-8") == text(), mend


def test_every_answer_and_every_refusal_is_described() -> None:
    import json

    paths = json.loads(text())["paths"]
    for path, verbs in paths.items():
        for verb, described in verbs.items():
            assert described["operationId"], f"{verb} {path}"
            assert described["description"], f"{verb} {path} says nothing about itself"
            assert "$ref" in str(described["responses"]["401"]), f"{verb} {path}"
