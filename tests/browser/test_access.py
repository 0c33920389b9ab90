"""Every view can be used by everybody: axe finds no violation, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import WEB, Visit

VIEWS = (
    "/overview", "/maps", "/maps/erstkauf", "/maps/erstkauf?view=evidence", "/maps/erstkauf?as=table", "/maps/erstkauf?as=curve", "/maps/erstkauf?as=matrix", "/segments", "/personas", "/personas/it-leitung", "/interviews", "/surveys", "/reviews",
    "/accounts", "/journeys", "/journeys?show=paths", "/blockers", "/attribution", "/content", "/searches", "/buying-centers", "/changes", "/sources", "/sources?tab=quarantine",
    "/sources?tab=rules", "/settings", "/settings?tab=people", "/settings?tab=audit", "/nowhere",
)  # fmt: skip
WAYS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 390, "language": "en"}}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_no_violation_on_any_view(visit: Callable[..., Visit], way: str) -> None:
    opened = visit(**WAYS[way])
    axe = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    found: list[str] = []
    for view in VIEWS:
        page = opened.go(view)
        page.wait_for_function("!document.querySelector('.waiting')", timeout=60_000)
        page.evaluate(axe)
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [f"{view}: {item['id']} ({item['help']}): {node['html'][:160]}" for item in result["violations"] for node in item["nodes"][:3]]
    assert found == [], "\n".join(sorted(set(found)))
