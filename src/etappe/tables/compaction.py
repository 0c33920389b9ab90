"""Many small files made into few: what daily imports leave behind, gathered without holding up a reader."""

from __future__ import annotations

import uuid

from etappe.tables.duck import DuckEngine
from etappe.tables.erasure import vacuum
from etappe.tables.lake import COMPACT, Lake, add_action, remove_action

SMALL = 64 << 20
FEWEST = 8


def compact(lake: Lake, engine: DuckEngine, least: int = FEWEST) -> dict[str, int]:
    """Gathers the small files of each table (first versions and later ones apart); returns files gathered per table.

    Rows keep their `learned_at`, so earlier states of knowledge stay readable. Old files are deleted at once.
    """
    done: dict[str, int] = {}
    with lake.lock():
        lake.take_back()
        for name in lake.tables:
            gathered = 0
            for kind in ("new", "changed"):
                files = [path for path in lake.files(name) if path.stem.endswith(kind) and path.stat().st_size < SMALL]
                if len(files) < least:
                    continue
                target = lake.folder / name / f"{COMPACT}_{uuid.uuid4().hex[:8]}-{kind}.parquet"
                engine.write_parquet(engine.parquet(files, lake.tables[name].arrow), target)
                lake.append(name, [*(remove_action(path) for path in files), add_action(target)])
                gathered += len(files)
            if gathered:
                vacuum(lake, name)
                done[name] = gathered
    return done
