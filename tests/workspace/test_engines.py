"""Spark says what DuckDB says: over the sample company, on a standalone cluster of a master and two workers."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from etappe.analyses import analysis
from etappe.errors import SettingsFault
from etappe.tables.duck import open_duck
from etappe.tables.keep import Builds
from etappe.workspace import answers
from etappe.workspace.workspace import Workspace, open_workspace

pytestmark = pytest.mark.slow

# Small data is answered soonest by a Java that compiles little, in few tasks. No answer hangs on it.
_DEFAULTS = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.memory 700m
spark.sql.shuffle.partitions 2
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.ui.enabled false
"""


@dataclass
class Cluster:
    """A master and its workers on loopback, each a process of ours."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, workers: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"spark://127.0.0.1:{port}"
        log = self._run("master.Master", "--port", str(port))
        for number in range(workers):
            self._run("worker.Worker", "--cores", "1", "--memory", "800m", "--work-dir", str(self.folder / f"work{number}"), self.address)
        deadline = time.monotonic() + 120
        while log.read_text(errors="replace").count("Registering worker") < workers:
            assert time.monotonic() < deadline, log.read_text(errors="replace")[-2000:]
            time.sleep(0.2)

    def _run(self, role: str, *arguments: str) -> Path:
        import pyspark

        home = Path(pyspark.__file__).parent
        log = self.folder / f"{len(self.processes)}.log"
        command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", "--webui-port", "0", *arguments]
        environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m"}
        with log.open("wb") as out:
            self.processes.append(subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT))
        return log

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that lives as long as this file's tests; nothing it started outlives it."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    from etappe.tables.spark import stop_spark

    folder = tmp_path_factory.mktemp("spark")
    (folder / "spark-defaults.conf").write_text(_DEFAULTS)
    started = Cluster(folder)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        environment.setenv("SPARK_LOCAL_DIRS", str(folder / "local"))
        try:
            started.start(workers=2)
            yield started
        finally:
            stop_spark()
            started.stop()
    assert all(process.poll() is not None for process in started.processes)


@pytest.fixture(scope="module")
def on_spark(cluster: Cluster, company: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample company's workspace, its engine a cluster, built by it."""
    root = tmp_path_factory.mktemp("on_spark") / "workspace"
    shutil.copytree(company / "workspace", root, ignore=shutil.ignore_patterns("builds"))
    written = (root / "etappe.toml").read_text(encoding="utf-8")
    (root / "etappe.toml").write_text(written.replace('engine = "duckdb"', f'engine = "{cluster.address}"'), encoding="utf-8")
    ws = open_workspace(root)
    assert ws.settings.engine == cluster.address
    ws.build()
    return ws


def test_a_build_on_a_cluster_has_the_same_rows(on_spark: Workspace, company: Path) -> None:
    one, two = (_tables(folder) for folder in (company / "workspace", on_spark.folder.root))
    assert set(one) == set(two)
    for name in one:
        assert one[name] == two[name], f"{name} differs"
    assert any(len(rows) > 10_000 for rows in one.values())


def test_every_answer_of_a_cluster_is_the_same_to_the_ninth_place(on_spark: Workspace, company: Path) -> None:
    here, there = Builds(company / "workspace" / "builds").current(), Builds(on_spark.folder.builds).current()
    assert here is not None
    assert there is not None
    plain = open_workspace(company / "workspace")
    differing = {}
    with open_duck(threads=1) as duck, answers.engine_of(on_spark.folder, on_spark.settings) as spark:
        assert "spark" in type(spark).__name__.lower()
        for name in answers.names():
            one = analysis.find(name).ask(answers.tables(plain.folder, duck, here))
            two = analysis.find(name).ask(answers.tables(on_spark.folder, spark, there))
            found = _differences(_said(one), _said(two))
            found += _differences(_sorted(one.behind(2_000_000)), _sorted(two.behind(2_000_000)))
            if found:
                differing[name] = found[:3]
    assert differing == {}


def test_files_a_cluster_wrote_are_read_by_the_engine_of_one_machine(on_spark: Workspace) -> None:
    build = Builds(on_spark.folder.builds).current()
    assert build is not None
    assert (build.folder / "steps.parquet").is_dir()
    with open_duck(threads=1) as duck:
        steps = build.table(duck, "steps")
        assert duck.count(steps) > 10_000
    assert not list(on_spark.folder.builds.glob("_making-*")), "nothing is left over"


def test_a_master_that_is_not_there_is_told_as_a_setting(tmp_path: Path) -> None:
    (tmp_path / "etappe.toml").write_text('[build]\nengine = "sparc://host:7077"\n', encoding="utf-8")
    from etappe.settings import load

    with pytest.raises(SettingsFault, match="there is no engine 'sparc://host:7077'") as told:
        load(tmp_path / "etappe.toml")
    assert "local-cluster" in told.value.do_next


def _tables(root: Path) -> dict[str, list[str]]:
    """All tables of a build, rows as text in order of that text; numbers to nine places."""
    build = Builds(root / "builds").current()
    assert build is not None
    with open_duck(threads=1) as duck:
        names = sorted(path.stem for path in build.folder.glob("*.parquet"))
        return {name: _sorted(duck.rows(build.table(duck, name))) for name in names}


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps({name: _rounded(value) for name, value in row.items()}, sort_keys=True, default=str) for row in rows)


def _rounded(value: Any) -> Any:
    """A number to nine places; a whole one is the same in a column of doubles as in one of whole numbers."""
    if not isinstance(value, float):
        return value
    short = float(f"{value:.9g}")
    return int(short) if short.is_integer() else short


def _said(result: Any) -> dict[str, Any]:
    """What a reader gets, but for the query, which is each engine's own."""
    said = json.loads(result.to_json())
    return {name: part for name, part in said.items() if not re.fullmatch("sql|query", name)}


def _differences(one: Any, two: Any, place: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict) and set(one) == set(two):
        return [each for name in one for each in _differences(one[name], two[name], f"{place}.{name}")]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return [each for number, (left, right) in enumerate(zip(one, two, strict=True)) for each in _differences(left, right, f"{place}[{number}]")]
    numbers = isinstance(one, int | float) and isinstance(two, int | float)
    same = math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9) if numbers else one == two
    return [] if same else [f"{place}: {one!r} here, {two!r} there"]
