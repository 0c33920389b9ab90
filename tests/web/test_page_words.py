"""What the page shares with print comes from one place: a difference is told with the way to mend it."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"


def test_the_page_has_the_colours_and_words_of_the_house() -> None:
    spec = importlib.util.spec_from_file_location("generate", WEB / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for path, text in generate.files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is not what the sources say: run `python web/generate.py`"


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    named = [name for name, package in lock["packages"].items() if "resolved" in package]
    assert not named, "run npm with web/.npmrc, which leaves the addresses out of the lock"
    assert "registry" not in (WEB / ".npmrc").read_text(encoding="utf-8").replace("registry-resolved", "")


def test_the_page_brings_no_code_of_others_and_asks_nobody_else() -> None:
    for path in [*(WEB / "src").rglob("*.ts*"), *(WEB / "src").rglob("*.css"), WEB / "index.html"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/)", re.sub(r"^\s*(//|\*).*$", "", text, flags=re.M)), f"{path} names an address outside"
        assert max(map(len, text.splitlines()), default=0) < 2000, f"{path} looks minified"
