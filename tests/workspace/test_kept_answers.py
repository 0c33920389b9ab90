"""The first question is answered when a build is made; asked again, the answer is the same as if it were computed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etappe.errors import QuestionFault
from etappe.workspace import answers, kept_answers
from etappe.workspace.workspace import Workspace, open_workspace


def kept_files(ws: Workspace) -> list[Path]:
    return sorted((ws.current().folder / "_views").glob("answer-*.json"))


@pytest.mark.parametrize("name", kept_answers.BEFOREHAND)
def test_what_a_build_told_beforehand_is_what_is_computed(own: Workspace, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.name.split("-")[1] for path in kept_files(own)] == ["paths", "stages", "variants"]
    assert [path.name for path in (own.folder.builds).rglob("_views/*-paths-*.json") if "_making" in path.read_text(encoding="utf-8")] == [], "where the build was made is gone"
    told = own.show(name)
    with monkeypatch.context() as patch:
        patch.setattr(kept_answers, "kept", lambda *_: None)
        computed = own.show(name)
    assert told.to_dict() == computed.to_dict()
    for language in ("de", "en"):
        assert told.spoken(language).to_dict() == computed.spoken(language).to_dict()
    assert told._repr_html_() == computed._repr_html_()
    # Each engine counts its tables on.
    assert len({re.sub(r"_\d+\b", "", str(answer.sql)) for answer in (told, computed)}) == 1
    assert told.behind(20) == computed.behind(20)


HOW_MUCH = [
    {"keep": 1.0, "limit": 100_000}, {"keep": 0.3}, {"keep": "0.95", "language": "de"}, {"keep": 0.0}, {"least": 0.2}, {"least": 0.05, "keep": 0.99}, {"limit": 7}, {"limit": 0},
    {"limit": -3}, {"keep": 1e-9}, {"keep": 2.0, "least": 0.9}, {"least": 1.1}, {"keep": -1.0},
]  # fmt: skip


@pytest.mark.parametrize("shown", HOW_MUCH, ids=str)
def test_how_much_of_the_graph_is_shown_is_a_part_of_the_whole_that_the_build_keeps(built: Workspace, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(answers, "show", lambda *_: pytest.fail("it was computed"))
        told = built.show("paths", **shown)
    with monkeypatch.context() as patch:
        patch.setattr(kept_answers, "kept", lambda *_: None)
        computed = built.show("paths", **shown)
    for language in ("de", "en"):
        assert told.spoken(language).to_dict() == computed.spoken(language).to_dict()
    assert told.drawing == computed.drawing
    assert (told.brief, told.holds) == (computed.brief, computed.holds)
    if shown == {"keep": 0.3}:
        first = {name: told.rows[0][name] for name in ("from", "to")}
        assert told.behind(20, first) == computed.behind(20, first) != []


def test_a_move_that_just_enough_journeys_make_is_shown(built: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = built.paths(keep=1.0, limit=100_000)
    all_of_them = whole.population["journeys"]
    many = next(row["journeys"] for row in whole.rows if row["journeys"] < all_of_them and row["journeys"] / all_of_them * all_of_them == row["journeys"])
    told = built.paths(keep=1.0, limit=100_000, least=many / all_of_them)
    assert min(row["journeys"] for row in told.rows) == many
    with monkeypatch.context() as patch:
        patch.setattr(kept_answers, "kept", lambda *_: None)
        assert built.paths(keep=1.0, limit=100_000, least=many / all_of_them).to_dict() == told.to_dict()


def test_a_build_without_the_whole_computes_a_part_and_keeps_what_shows_all(own: Workspace) -> None:
    (file,) = (own.current().folder / "_views").glob("whole-paths-*.json")
    before = own.paths(keep=0.5).to_dict()
    file.unlink()
    assert own.paths(keep=0.5).to_dict() == before
    assert not file.exists()
    own.paths(keep=1.0, limit=100_000)
    assert file.exists()
    assert own.paths(keep=0.5).to_dict() == before


def test_a_filter_beside_how_much_is_shown_is_computed(built: Workspace) -> None:
    whole, some = built.paths(keep=0.5), built.paths(keep=0.5, kind="first_purchase")
    assert 0 < some.population["journeys"] < whole.population["journeys"]
    assert built.paths(keep=0.5, of="stages").rows[0]["to"] not in {row["to"] for row in whole.rows}
    with pytest.raises(QuestionFault):
        built.paths(keep="much")


def test_a_row_that_was_told_beforehand_opens_the_records_behind_it(own: Workspace) -> None:
    told = own.stages()
    assert told.rows[0]["journeys"] == len(told.behind(10**6, {"stage": told.rows[0]["stage"]})) > 0


def test_a_filter_is_never_answered_from_what_was_kept(built: Workspace) -> None:
    whole, some = built.stages(), built.stages(kind="first_purchase")
    assert some.population["journeys"] < whole.population["journeys"]
    assert some.population["filters"]
    assert built.show("stages", language="en", rows=False).to_dict() == whole.to_dict()
    with pytest.raises(QuestionFault):
        built.stages(period="nonsense")


def test_another_code_or_a_broken_file_is_computed_anew(own: Workspace) -> None:
    before = own.stages().to_dict()
    (file,) = (path for path in kept_files(own) if path.name.startswith("answer-stages-"))
    file.write_text(file.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert own.stages().to_dict() == before
    file.write_text("[]", encoding="utf-8")
    assert own.stages().to_dict() == before
    file.rename(file.with_name("answer-stages-0.0.0-1.json"))
    assert own.stages().to_dict() == before
    assert file.exists(), "it is kept again"


def test_a_new_build_knows_nothing_of_the_old_answer(own: Workspace) -> None:
    first = own.stages().as_of
    own.build(as_of="2026-01-31")
    assert own.show("stages", as_of="2026-01-31").as_of != first
    assert own.stages().as_of == first


def test_what_was_kept_is_told_without_an_engine(built: Workspace) -> None:
    code = f"import sys; from etappe.workspace.workspace import open_workspace; print(len(open_workspace({str(built.folder.root)!r}).show('stages')), [name for name in ('ibis', 'duckdb', 'numpy', 'pyarrow', 'yaml') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"{len(open_workspace(built.folder.root).stages())} []"


def test_the_very_next_stage_can_be_asked_for_within_a_period(built: Workspace) -> None:
    """`--to` is an option of `stages` and the end of a period: what begins as a date is the end."""
    assert "skipped" in built.stages(to="next").columns
    both = built.show("stages", **{"from": "2025-01", "to": "2025-12"})
    assert "skipped" not in both.columns
    assert both.period.end is not None
    assert built.show("stages", **{"from": "2025-01", "to": "next"}).period.start is not None
