"""What works beside the engine has room: the engine takes less meanwhile, and all of it again after."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.tables.duck import DuckEngine
from etappe.tables.engine import leaving_memory, open_engine


def limit(engine: DuckEngine) -> float:
    """What the engine may take, in GiB."""
    number, unit = engine.run("SELECT current_setting('memory_limit')")[0][0].split(" ")
    return float(number) * {"MiB": 2**-10, "GiB": 1.0}[unit]


@pytest.mark.parametrize(("memory", "meanwhile"), [("16GiB", 8.0), ("6GiB", 5e9 / 2**30), ("2GiB", 2.0), ("200MiB", 200 / 1024)])
def test_an_engine_leaves_half_of_its_memory_unless_too_little_would_be_left(tmp_path: Path, memory: str, meanwhile: float) -> None:
    with open_engine(tmp_path / "scratch", memory) as engine:
        assert isinstance(engine, DuckEngine)
        whole = limit(engine)
        with leaving_memory(engine):
            assert limit(engine) == pytest.approx(meanwhile, abs=0.06)
        assert limit(engine) == pytest.approx(whole, abs=0.06)
        with pytest.raises(ZeroDivisionError), leaving_memory(engine):
            1 / 0  # noqa: B018
        assert limit(engine) == pytest.approx(whole, abs=0.06)
