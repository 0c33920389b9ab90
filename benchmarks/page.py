"""docs/benchmarks.md: parts that are measured and printed on their own, in a fixed order.

A part stands between two comments of its name. Putting a part leaves the others as they were printed last.
"""

from __future__ import annotations

import re

from benchmarks.process import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
ORDER = ("pipeline", "large", "analyses", "checks", "maps", "views", "views_large", "screen", "load", "peers")
_HEAD = """# Benchmarks

Printed by `make bench` (`python -m benchmarks`), part by part. Each step is a process of its own; the two sides of a ratio ran on the same files, one after the other.
"""


def put(name: str, text: str) -> None:
    """Puts a part (Markdown, from `##` down) onto the page, in the place of its last printing."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = dict(re.findall(r"<!-- part: (\w+) -->\n(.*?)<!-- end -->", page, re.DOTALL))
    parts[name] = text.strip() + "\n"
    ordered = sorted(parts, key=lambda part: (ORDER.index(part) if part in ORDER else len(ORDER), part))
    PAGE.write_text("\n".join([_HEAD, *(f"<!-- part: {part} -->\n{parts[part]}<!-- end -->\n" for part in ordered)]), encoding="utf-8")
