"""Build, ours and the least possible: `python -m benchmarks.builds etappe|least DIR`.

`least` runs `least_build.sql` over the same evidence files.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb


def etappe(folder: Path) -> dict[str, object]:
    """Builds the workspace."""
    from etappe.workspace.workspace import open_workspace

    times: list[tuple[float, str]] = []
    began = time.perf_counter()
    made = open_workspace(folder / "workspace").build(progress=lambda words, _share: times.append((time.perf_counter() - began, words)))
    (folder / "build-times.txt").write_text("".join(f"{moment:8.2f} {words}\n" for moment, words in times), encoding="utf-8")
    return {name: made[name] for name in ("events", "steps", "internal", "unresolved", "persons", "accounts", "journeys")}


def least(folder: Path) -> dict[str, object]:
    """Runs the hand-written script, statement by statement; `{…}` in it are the folders."""
    script = (Path(__file__).parent / "least_build.sql").read_text(encoding="utf-8")
    target = folder / "least"
    target.mkdir(exist_ok=True)
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{target}/tmp'")
    said: dict[str, object] = {}
    times = []
    for statement in "\n".join(lines).split(";"):
        if not statement.strip():
            continue
        began = time.perf_counter()
        answer = connection.execute(statement.replace("{evidence}", str(folder / "workspace" / "evidence")).replace("{target}", str(target))).fetchall()
        times.append(f"{time.perf_counter() - began:8.2f} {' '.join(statement.split())[:90]}\n")
        if statement.strip().upper().startswith("SELECT"):
            said |= dict(zip([column[0] for column in connection.description or []], answer[0], strict=True))
    (folder / "least-times.txt").write_text("".join(times), encoding="utf-8")
    return said


if __name__ == "__main__":
    print(json.dumps({"etappe": etappe, "least": least}[sys.argv[1]](Path(sys.argv[2]))))
