"""The machine that was measured on, in a sentence: every part of the page says it, as parts are measured on their own days."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Processors, memory, versions, date, and how busy it was with other work."""
    try:
        model = next(line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30):.0f} GiB"
    except (OSError, StopIteration, ValueError):
        model, memory = platform.processor() or platform.machine(), "unknown memory"
    load = os.getloadavg()[2]
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "ibis-framework", "polars", "deltalake"))
    return (
        f"Machine: {os.cpu_count()} × {model}, {memory}, {platform.system()}; Python {platform.python_version()}, {versions}; {dt.date.today().isoformat()}. "
        f"Load of the machine in the last 15 minutes: {load:.1f}; where it is more than {os.cpu_count()}, others used it too and seconds are longer than they need be."
    )
