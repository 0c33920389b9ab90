"""The house keeps its own rules: floors, front door, start-up, no stray print, no place or host of a machine."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import etappe

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "etappe"


def test_the_front_door_has_what_it_names() -> None:
    assert sorted(etappe.__all__) == etappe.__all__
    assert all(getattr(etappe, name) is not None for name in etappe.__all__)


def test_help_imports_no_heavy_room() -> None:
    heavy = ("ibis", "duckdb", "pyarrow", "numpy", "polars", "pandas", "scipy", "deltalake", "altair", "splink", "sqlalchemy", "pydantic")
    code = f"import sys\nfrom etappe.cli import main\ntry:\n    main.main(['--help'])\nexcept SystemExit:\n    pass\nprint([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_only_the_doors_print() -> None:
    loud = []
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] == "cli" or path.name.startswith("print_"):
            continue
        calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        loud += [f"{path.name}:{call.lineno}" for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert loud == []


def test_there_is_no_attic() -> None:
    assert [path.name for path in SOURCE.rglob("*.py") if path.stem in ("utils", "util", "common", "helpers", "misc")] == []


def test_no_file_is_too_long_to_read_in_one_sitting() -> None:
    long = {str(path.relative_to(SOURCE)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    assert {name: lines for name, lines in long.items() if lines > 450} == {}


def test_settings_template_is_read_back_without_fault(tmp_path: Path) -> None:
    from etappe import settings

    path = tmp_path / "etappe.toml"
    path.write_text(settings.template("Muster & Söhne", "de", "2026-06-30"), encoding="utf-8")
    found = settings.load(path)
    assert (found.name, found.language, found.zone) == ("Muster & Söhne", "de", "Europe/Berlin")
    assert found.as_of is not None
    assert found.as_of.date().isoformat() == "2026-06-30"
