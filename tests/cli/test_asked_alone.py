"""A command answers the same whether it is made ready alone or among all others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from etappe.cli import main


@pytest.fixture(scope="module")
def names() -> list[str]:
    main._load_commands()
    return [*typer.main.get_command(main.app).commands]  # type: ignore[attr-defined]


def test_every_command_is_found_by_the_name_that_the_help_lists(names: list[str]) -> None:
    """Typer makes the names; whoever asks for one of them waits for no other."""
    for name in names:
        alone = typer.main.get_command(main._asked_alone(["-w", "somewhere", name, "--help"]))
        assert list(alone.commands) == [name]  # type: ignore[attr-defined]


def test_the_help_and_a_misspelt_word_know_all_commands(names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["-w", "somewhere"], ["stauts"], []):
        assert main._asked_alone(words) is main.app
    with pytest.raises(SystemExit) as ended:
        main.main(["stauts"])
    assert ended.value.code == 2
    assert "status" in capsys.readouterr().err


@pytest.mark.parametrize("heavy", ["pyarrow", "numpy", "ibis", "pandas", "deltalake"])
def test_an_account_is_told_without_what_takes_long_to_load(heavy: str) -> None:
    """All that `etappe account` imports before it opens the build."""
    code = f"import sys, etappe.workspace.workspace, etappe.workspace.answers, etappe.journeys.story, etappe.identity.find, etappe.tables.lookup; print({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.parametrize("heavy", ["pyarrow", "numpy", "ibis", "pandas"])
def test_the_ledger_is_read_without_what_takes_long_to_load(company: Path, heavy: str) -> None:
    """All that `etappe status` needs of the evidence."""
    evidence = str(company / "workspace" / "evidence")
    code = f"import sys; from pathlib import Path; from etappe.sources.schema import EVIDENCE; from etappe.tables.lake import Lake; assert Lake(Path({evidence!r}), EVIDENCE).imports(); print({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
