"""What is taken away as a file is what the page shows: the filters in the address are those of the file."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit


@pytest.mark.parametrize(("view", "asked"), [
    ("/accounts?outcome=lost&search=GmbH", {"outcome": ["lost"], "search": ["GmbH"]}), ("/journeys?outcome=lost&kind=first_purchase", {"outcome": ["lost"], "kind": ["first_purchase"]}),
    ("/sources?tab=quarantine&search=2026", {"search": ["2026"]}), ("/settings?tab=audit&search=anna", {"search": ["anna"]}),
])  # fmt: skip
def test_a_file_holds_what_the_filters_of_the_page_leave(visit: Callable[..., Visit], view: str, asked: dict[str, list[str]]) -> None:
    page = visit().go(view)
    page.get_by_role("button", name="Export", exact=True).first.click()
    href = page.get_by_role("menuitem", name="CSV").get_attribute("href") or ""
    assert {name: values for name, values in parse_qs(urlsplit(href).query).items() if name in asked} == asked
    assert page.evaluate("href => fetch(href).then(answer => answer.status)", href) == 200


def test_a_list_of_companies_as_a_file_has_the_companies_of_the_list(visit: Callable[..., Visit]) -> None:
    page = visit().go("/accounts?outcome=lost")
    rows = page.locator("table.rows tbody tr")
    expect(rows.first).to_be_visible()
    page.get_by_role("button", name="Export", exact=True).click()
    href = page.get_by_role("menuitem", name="CSV").get_attribute("href") or ""
    lines = page.evaluate("href => fetch(href).then(answer => answer.text()).then(text => text.trim().split('\\n').length - 1)", href)
    lost, all_ = (page.evaluate("query => fetch('/api/v1/accounts?size=1' + query).then(answer => answer.json()).then(found => found.total)", query) for query in ("&outcome=lost", ""))
    assert lines == lost < all_
