"""Writes the sample company's exports for a number of events: `python -m benchmarks.company DIR EVENTS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from etappe.demo.market import write

EVENTS_AN_ACCOUNT = 118  # a little fewer than there are, so that a benchmark of ten million has ten million


def main(folder: Path, events: int) -> None:
    """Writes `folder/raw` and says what was written."""
    summary = write(folder, accounts=max(200, events // EVENTS_AN_ACCOUNT), seed=7)
    print(json.dumps({"accounts": summary.accounts, "events": summary.events, "files": summary.files, "bytes": summary.bytes, "seconds": summary.seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
