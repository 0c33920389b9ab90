"""Exports broken at random: the first look and the import answer with a report or a fault of the house, never with anything else.

`ETAPPE_FUZZ_SECONDS` is the time that each of the two gets (a few seconds if it is not set). What was found to break is
kept by hypothesis and tried first in the next run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etappe.errors import FileFault
from etappe.sources.format import recognise
from etappe.sources.importer import Options, import_paths
from etappe.sources.mapping import suggest
from etappe.sources.mapping_file import parse
from etappe.sources.quarantine import Quarantine
from etappe.sources.schema import EVIDENCE
from etappe.sources.sniff import look
from etappe.tables.engine import open_engine
from etappe.tables.lake import Lake

SECONDS = float(os.environ.get("ETAPPE_FUZZ_SECONDS", "3"))
SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "sources" / "samples").iterdir())]
LONG = settings(
    max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip

INSERTED = st.sampled_from([b"\x00", b'"', b"'", b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"|", b"{", b"}", b"[", b"]", b"<", b">", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe4", b"\xc3", b"\\", b"=", b"1,234", b"#N/A", b"1E100", b"infinity", b"NaN", b"290000-12-31", b"-1e400", b"\\u0000", b"<!ENTITY a 'b'>"])  # fmt: skip
CHANGE = st.one_of(
    st.tuples(st.just("insert"), st.floats(0, 1), INSERTED),
    st.tuples(st.just("cut"), st.floats(0, 1), st.integers(1, 200)),
    st.tuples(st.just("end"), st.floats(0, 1), st.just(0)),
    st.tuples(st.just("double"), st.floats(0, 1), st.integers(1, 300)),
    st.tuples(st.just("byte"), st.floats(0, 1), st.integers(0, 255)),
    st.tuples(st.just("encode"), st.floats(0, 1), st.sampled_from(["utf-16", "cp1252", "utf-8-sig"])),
)


def changed(content: bytes, changes: list[tuple[str, float, object]]) -> bytes:
    """A file after what happens to files."""
    for what, at, how in changes:
        place = int(at * len(content))
        if what == "insert":
            content = content[:place] + how + content[place:]  # type: ignore[operator]
        elif what == "cut":
            content = content[:place] + content[place + int(how) :]  # type: ignore[call-overload]
        elif what == "end":
            content = content[:place]
        elif what == "double":
            content = content[:place] + content[place : place + int(how)] * 2 + content[place + int(how) :]  # type: ignore[call-overload]
        elif what == "byte" and content:
            content = content[:place] + bytes([int(how)]) + content[place + 1 :]  # type: ignore[call-overload]
        elif what == "encode":
            content = content.decode("utf-8", "replace").encode(str(how), "replace")
    return content


BROKEN = st.one_of(
    st.builds(changed, st.sampled_from(SEEDS), st.lists(CHANGE, min_size=1, max_size=5)),
    st.binary(max_size=300),
    st.text(st.sampled_from("ab1,;\t\"'\n\r<{[]}>:=. -äöü€"), max_size=300).map(str.encode),
)


class Box:
    """A time box: runs a test again and again with new examples until the time is over."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def over(self) -> bool:
        """Whether the time is over; examples that are left are passed over."""
        return time.monotonic() > self.end

    def fill(self, run: Callable[[], None]) -> None:
        """Runs it until the time is over."""
        while not self.over():
            run()


def test_the_first_look_ends_with_a_sample_or_a_fault(tmp_path: Path) -> None:
    path, box = tmp_path / "broken", Box(SECONDS)
    told: list[str] = []

    @LONG
    @given(BROKEN)
    def run(content: bytes) -> None:
        if box.over():
            return
        path.write_bytes(content)
        try:
            sample = look(path)
        except FileFault as fault:
            told.append(fault.what)
            return
        assert len(sample.columns) == len(set(sample.columns))
        assert all(0 <= score <= 1 for score, _ in recognise(sample))

    box.fill(run)
    assert all(told)


def test_a_first_mapping_can_always_be_read(tmp_path: Path) -> None:
    path, box = tmp_path / "broken", Box(SECONDS)

    @LONG
    @given(BROKEN)
    def run(content: bytes) -> None:
        if box.over():
            return
        path.write_bytes(content)
        try:
            guess = suggest(path)
        except FileFault:
            return
        assert parse(guess, path).tables

    box.fill(run)


def test_an_import_is_whole_or_not_at_all_and_counts_every_record(tmp_path: Path) -> None:
    path, box = tmp_path / "broken", Box(SECONDS)
    with open_engine(tmp_path / "engine", threads=1) as engine:
        lake, quarantine = Lake(tmp_path / "lake", EVIDENCE), Quarantine(tmp_path / "quarantine")

        @LONG
        @given(BROKEN)
        def run(content: bytes) -> None:
            if box.over():
                return
            path.write_bytes(content)
            before = lake.rows("events")
            for report in import_paths([path], lake, engine, quarantine, Options()):
                assert report.read == report.new + report.changed + report.same + report.quarantined
                if report.error is not None:
                    assert report.error["what"]
                    assert report.read == 0
                    assert lake.rows("events") == before

        box.fill(run)


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "source: x\ntables:\n - table: events\n   columns: {happened_at: {}}",
        "? [1]\n: x",
        "&a [*a]",
        "!!python/object:os.system {}",
        "source: {a: b}\ntables: 5",
    ],
)
def test_no_mapping_file_breaks_the_reader(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileFault):
        parse(text, tmp_path / "m.yaml")
