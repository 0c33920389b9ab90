"""The door of a team's server: password and company account, in the browser, and what a viewer then sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from etappe.maps.database import USERS
from etappe.server.oidc import Oidc
from tests.browser.conftest import WEB, Visit
from tests.browser.serving import Served

WORDS = "correct horse battery"


@pytest.fixture
def team(served: Served) -> Iterator[Served]:
    """The server with two accounts, for as long as the test runs."""
    served.here.people.add("admin@firm.example", "admin", password=WORDS)
    served.here.people.add("vera@firm.example", "viewer", password=WORDS, shown="Vera Viewer")
    yield served
    served.here.oidc = None
    for user in served.here.people.all():
        if user.name.endswith("@firm.example"):
            with served.here.people.database.writing() as connection:  # the last admin cannot be removed by anybody
                connection.execute(USERS.delete().where(USERS.c.name == user.name))


def test_a_viewer_signs_in_by_password_and_sees_no_names_and_no_way_to_change_anything(team: Served, visit: Callable[..., Visit]) -> None:
    opened = visit(link=f"{team.address}/maps/erstkauf")
    page = opened.page
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(one => one.id))") == []
    page.locator("input[name=name]").fill("vera@firm.example")
    page.locator("input[name=password]").fill("wrong words entirely")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Name oder Passwort stimmt nicht.")
    page.locator("input[name=password]").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Erstkauf")).to_be_visible()
    expect(page.get_by_role("button", name="Rückgängig")).to_be_disabled()
    page = opened.go("/accounts")
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    expect(page.get_by_role("button", name="Als Segment behalten")).to_have_count(0)
    page.get_by_role("button", name="Vera Viewer").click()
    page.get_by_role("menuitem", name="Abmelden").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()


def test_somebody_signs_in_with_the_company_account(team: Served, visit: Callable[..., Visit], provider: str) -> None:
    httpx.put(f"{provider}/users/vera-at-provider", json={"email": "vera@firm.example", "email_verified": True})
    team.here.oidc = Oidc(provider, "etappe", "secret", team.address)
    opened = visit(link=f"{team.address}/overview")
    opened.page.get_by_role("link", name="Mit dem Firmenkonto anmelden").click()
    opened.page.locator("input[name=sub]").fill("vera-at-provider")
    opened.page.locator("input[name=sub]").press("Enter")
    expect(opened.page.get_by_role("heading", level=1, name="Überblick")).to_be_visible(timeout=20_000)
    opened.abroad.clear()  # the provider's own pages, where the reader was sent


def test_a_password_is_changed_by_its_owner_and_by_an_admin_who_also_blocks_and_ends_guest_links(team: Served, visit: Callable[..., Visit]) -> None:
    vera = _signed_in(visit(link=f"{team.address}/overview"), "vera@firm.example", WORDS)
    vera.get_by_role("button", name="Vera Viewer").click()
    vera.get_by_role("menuitem", name="Passwort ändern").click()
    dialog = vera.get_by_role("dialog")
    dialog.get_by_label("Bisheriges Passwort").fill("wrong words entirely")
    dialog.get_by_label("Neues Passwort").fill("battery horse correct")
    dialog.get_by_role("button", name="Speichern").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Das ist nicht Ihr bisheriges Passwort.")
    dialog.get_by_label("Bisheriges Passwort").fill(WORDS)
    dialog.get_by_role("button", name="Speichern").click()
    expect(dialog.get_by_role("status")).to_contain_text("Ihr Passwort ist geändert.")
    vera.reload()
    expect(vera.get_by_role("button", name="Vera Viewer")).to_be_visible()

    secret = team.here.guests.invite("erstkauf", "view", "anna", title="Für Karl Kunde")[1]
    admin = _signed_in(visit(link=f"{team.address}/settings?tab=people"), "admin@firm.example", WORDS)
    admin.get_by_role("button", name="Menü: vera@firm.example").click()
    admin.get_by_role("menuitem", name="Neues Passwort setzen").click()
    admin.get_by_role("dialog").get_by_label("Neues Passwort").fill("staple battery horse")
    admin.get_by_role("dialog").get_by_role("button", name="Speichern").click()
    expect(admin.get_by_role("dialog")).to_have_count(0)
    vera.reload()
    expect(vera.get_by_role("heading", name="Anmelden")).to_be_visible()
    admin.get_by_role("button", name="Menü: vera@firm.example").click()
    admin.get_by_role("menuitem", name="Sperren").click()
    expect(admin.locator("tr", has_text="vera@firm.example")).to_contain_text("gesperrt")
    vera.locator("input[name=name]").fill("vera@firm.example")
    vera.locator("input[name=password]").fill("staple battery horse")
    vera.keyboard.press("Enter")
    expect(vera.get_by_role("alert")).to_contain_text("Name oder Passwort stimmt nicht.")

    admin.get_by_role("tab", name="Gastlinks").click()
    admin.locator("tr", has_text="Für Karl Kunde").get_by_role("button", name="Beenden").click()
    expect(admin.locator("summary", has_text="Abgelaufen oder beendet")).to_be_visible()
    assert httpx.get(f"{team.address}/s/guest/{secret}").status_code != 200


def _signed_in(opened: Visit, name: str, words: str) -> Page:
    opened.page.locator("input[name=name]").fill(name)
    opened.page.locator("input[name=password]").fill(words)
    opened.page.keyboard.press("Enter")
    expect(opened.page.get_by_role("heading", name="Anmelden")).to_have_count(0)
    return opened.page
