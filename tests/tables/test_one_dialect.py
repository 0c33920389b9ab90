"""Only the dialect that is asked for is loaded, and whoever wants another one finds it as in Ibis itself."""

from __future__ import annotations

import subprocess
import sys

LOADED = "sorted({'athena', 'duckdb', 'pyspark', 'sqlite', 'trino'} & {name.rpartition('.')[2] for name in sys.modules if name.startswith('ibis.backends.sql.compilers.')})"


def said(code: str) -> str:
    return subprocess.run([sys.executable, "-W", "ignore", "-c", f"import sys\n{code}"], capture_output=True, text=True, check=True).stdout.strip()


def test_an_engine_loads_its_own_dialect_alone() -> None:
    assert said(f"from etappe.tables.duck import open_duck\nopen_duck().close()\nprint({LOADED})") == "['duckdb']"


def test_other_dialects_are_what_they_are_without_us() -> None:
    asked = """
import ibis
import ibis.backends.sql.compilers as sc
t = ibis.table({"a": "int64"}, name="t")
texts = [str(ibis.to_sql(t.mutate(b=t.a // 2), dialect=name)) for name in ("trino", "postgres", "duckdb", "pyspark")]
try:
    ibis.to_sql(t, dialect="klingon")
except ValueError as problem:
    texts.append(str(problem))
try:
    sc.nothing_of_this_name
except AttributeError as problem:
    texts.append(str(problem))
from ibis.backends.sql.compilers import TrinoCompiler, SQLiteCompiler
print(texts, TrinoCompiler.__name__, sorted(sc.__all__), sc.trino is sys.modules["ibis.backends.sql.compilers.trino"], "DruidCompiler" in dir(sc))
"""
    ours = said(f"from etappe.tables.duck import open_duck\nopen_duck().close()\n{asked}")
    assert ours == said(asked)
    assert "TrinoCompiler" in ours
