"""Builds the page into the package when a wheel is made from the sources; a wheel that has it needs no Node.js to serve it."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

from hatch_jupyter_builder.utils import run

WEB = Path(__file__).parent / "web"
PAGE = Path(__file__).parent / "src" / "etappe" / "server" / "page" / "index.html"


def build(target_name: str, version: str) -> None:
    """Runs npm where it is; without it the package answers by its commands and its API, and says that the page is missing."""
    if version == "editable" or target_name != "wheel" or not (WEB / "package.json").exists():
        return
    if shutil.which("npm") is None:
        warnings.warn("Node.js is not here: this wheel has no page. Install Node.js 20 or newer, then build it again.", stacklevel=2)
        return
    run(["npm", "ci", "--no-audit", "--no-fund"], cwd=str(WEB))
    run(["npm", "run", "build"], cwd=str(WEB))
    if not PAGE.is_file():
        raise RuntimeError(f"npm has built no page at {PAGE}")
