"""Prints the description of the API: `python -m etappe.server.openapi web/openapi.json`, from which the page's client is made."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from etappe.server.app import make_app


def text() -> str:
    """The OpenAPI document, in an order that does not change by itself."""
    described = make_app(None).openapi()
    described["paths"] = dict(sorted(described["paths"].items()))
    described["info"]["version"] = "1"
    return json.dumps(described, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
