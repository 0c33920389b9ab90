"""The first question is answered when a build is made; asked again, the answer is the same as if it were computed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from etappe.errors import QuestionFault
from etappe.workspace import kept_answers
from etappe.workspace.workspace import Workspace, open_workspace


def kept_files(ws: Workspace) -> list[Path]:
    return sorted((ws.current().folder / "_views").glob("answer-*.json"))


@pytest.mark.parametrize("name", kept_answers.BEFOREHAND)
def test_what_a_build_told_beforehand_is_what_is_computed(own: Workspace, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.name.split("-")[1] for path in kept_files(own)] == ["paths", "stages", "variants"]
    told = own.show(name)
    with monkeypatch.context() as patch:
        patch.setattr(kept_answers, "kept", lambda *_: None)
        computed = own.show(name)
    assert told.to_dict() == computed.to_dict()
    for language in ("de", "en"):
        assert told.spoken(language).to_dict() == computed.spoken(language).to_dict()
    assert told._repr_html_() == computed._repr_html_()
    assert told.behind(20) == computed.behind(20)


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
