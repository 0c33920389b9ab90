"""A real browser on a real server: the sample company, served on loopback, opened by its one-time link."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from etappe.server.page import INDEX
from etappe.workspace.workspace import open_workspace
from tests.browser.serving import Served, chromium, serving

WEB = Path(__file__).resolve().parents[2] / "web"


@pytest.fixture(scope="session")
def page_built() -> None:
    """The page, built into the package where it is not there yet."""
    with FileLock(WEB / ".building.lock"):
        if INDEX.is_file() and (WEB / "node_modules" / "axe-core").is_dir():
            return
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("the page is not built and there is no npm to build it")
        if not (WEB / "node_modules" / "axe-core").is_dir():
            subprocess.run([npm, "ci", "--silent"], cwd=WEB, check=True)
        if not INDEX.is_file():
            subprocess.run([npm, "run", "build", "--silent"], cwd=WEB, check=True)


@pytest.fixture(scope="session")
def served(company: Path, page_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample company, served; with one map that has hypotheses of which the data contradicts some."""
    root = tmp_path_factory.mktemp("browser") / "workspace"
    shutil.copytree(company / "workspace", root)
    workspace = open_workspace(root)
    workspace.atlas.new_map("erstkauf", "anna", title="Erstkauf, Leitung Instandhaltung", languages=["en"], examples=True)
    workspace.atlas.new_persona("it-leitung", "anna", title="IT-Leitung")
    with serving(workspace) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's where it is, else Playwright's own."""
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=chromium())
        except Error as fault:
            pytest.skip(f"there is no browser to test with: {fault.message.splitlines()[0]}")
        yield opened
        opened.close()


@dataclass
class Visit:
    """One person's browser, and what went wrong in it or left the machine."""

    context: BrowserContext
    page: Page
    address: str
    wrong: list[str]
    abroad: list[str]

    def go(self, path: str) -> Page:
        """Opens a room and waits until it has its data."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def visit(served: Served, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a browser that is signed in by a one-time link; at the end nothing went wrong in it, and nothing was asked abroad."""
    opened: list[Visit] = []

    def enter(link: str | None = None, language: str = "de", width: int = 1440, dark: bool = False) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="de-DE" if language == "de" else "en-GB", accept_downloads=True)
        context.add_init_script(f"localStorage.getItem('etappe.language') || localStorage.setItem('etappe.language', '{language}')")
        page = context.new_page()
        made = Visit(context, page, served.address, [], [])
        page.on("pageerror", lambda fault: made.wrong.append(str(fault)))
        page.on("console", lambda said: made.wrong.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None)
        page.on("request", lambda asked: None if asked.url.startswith((served.address, "blob:", "data:")) else made.abroad.append(asked.url))
        page.goto(link or served.link())
        opened.append(made)
        return made

    yield enter
    for one in opened:
        one.context.close()
        assert one.wrong == []
        assert one.abroad == []


def violations(page: Page, place: str = "") -> list[str]:
    """What axe finds once everything is there."""
    expect(page.locator(".waiting")).to_have_count(0, timeout=60_000)
    page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{place}: {item['id']} ({item['help']}): {node['html'][:160]}" for item in result["violations"] for node in item["nodes"][:3]]
