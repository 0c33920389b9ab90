"""One step of a tool, timed from after its import to its answer."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from typing import Any


def say(work: Callable[[], dict[str, Any]]) -> None:
    """Runs the step and prints its seconds and processor seconds, the most memory the process held (GiB), and its answer, as JSON."""
    began, worked = time.perf_counter(), time.process_time()
    answer = work()
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak, **answer}))
