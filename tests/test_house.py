"""The house keeps its own rules: floors, front door, start-up, no stray print, no place or host of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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


def test_no_file_names_a_place_or_host_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    told = re.compile("|".join(f"{host}[.]{end}" for host, end in (("npmjs", "org"), ("npmjs", "com"), ("pypi", "org"), ("pythonhosted", "org"))) + r"|(?<![\w.])/(?:home|Users|root|work)/\w")
    found = []
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in (".png", ".woff2"):
            found += [f"{name}: {match.group()}" for match in told.finditer(path.read_text(encoding="utf-8", errors="replace"))]
    assert found == []


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


def test_what_runs_in_the_house_may_be_used_and_changed_freely() -> None:
    free = re.compile(r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Zlib|HPND|OFL|CC0|Unlicense)\b")
    told = {"certifi", "psycopg", "psycopg-binary"}  # their licences and why: docs/decisions.md
    bound = {name: licence for name, licence in _licences("etappe").items() if name not in told and not (free.search(licence) and not re.search(r"\b[AL]?GPL", licence))}
    assert bound == {}


def _licences(root: str) -> dict[str, str]:
    """The licences of a distribution and of everything that it and its extras need, as far as it is installed here."""
    found: dict[str, str] = {}
    waiting, met = [(root, extra) for extra in ("", *(metadata.metadata(root).get_all("Provides-Extra") or []))], set()
    while waiting:
        name, extra = waiting.pop()
        key = (re.sub(r"[-_.]+", "-", name).lower(), extra)
        if key in met:
            continue
        met.add(key)
        try:
            told = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        classifiers = [item for item in told.metadata.get_all("Classifier") or [] if item.startswith("License")]
        found[key[0]] = told.metadata.get("License-Expression") or " ".join(classifiers) or (told.metadata.get("License") or "")[:100]
        for needed in map(Requirement, told.requires or []):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name, more) for more in ("", *needed.extras)]
    return found
