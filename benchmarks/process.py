"""Runs a step as a process of its own and says what it took: time, processor time, peak of memory, its answer."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Took:
    """What one process took.

    Attributes
    ----------
    seconds : float
        From its start to its end.
    processor : float
        Seconds of processor time, of all its threads.
    peak : float
        Most memory it ever held, in GiB.
    said : dict
        The last line it printed, where that is JSON.
    """

    seconds: float
    processor: float
    peak: float
    said: dict[str, Any] = field(default_factory=dict)


def step(module: str, *words: str | Path) -> Took:
    """Runs `python -m benchmarks.<module> words…`."""
    return run([sys.executable, "-m", f"benchmarks.{module}", *map(str, words)])


def run(command: Sequence[str], folder: Path = ROOT) -> Took:
    """Runs a command; what it prints as its last line is its answer.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().decode("utf-8", "replace").strip().splitlines()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") and lines[-1].endswith("}") else {}
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1 << 20), said)


def median(times: int, command: Sequence[str], folder: Path = ROOT) -> Took:
    """The middle one of several runs, by time."""
    took = sorted((run(command, folder) for _ in range(times)), key=lambda one: one.seconds)
    middle = took[len(took) // 2]
    return Took(statistics.median(one.seconds for one in took), middle.processor, max(one.peak for one in took), middle.said)
