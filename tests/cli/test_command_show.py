"""`etappe show NAME --help`: every analysis tells its own options, without a workspace."""

from __future__ import annotations

import pytest

from etappe.analyses import analysis
from etappe.cli import answer
from etappe.cli.main import main
from etappe.words.result import Figure, Recipe, Result


@pytest.mark.parametrize("name", analysis.names())
def test_the_help_of_an_analysis_says_what_it_answers_and_names_each_of_its_options(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["show", name, "--help"])
    told = capsys.readouterr().out
    assert not left.value.code
    assert analysis.summaries()[name] in told
    for option in analysis.find(name).options:
        assert f"--{option.replace('_', '-')}:" in told


@pytest.mark.parametrize(("counts", "said"), [((264, 264), "n 264)"), ((20, 264), "n from 20 to 264, each in --json)")])
def test_one_n_of_all_figures_is_said_once(capsys: pytest.CaptureFixture[str], counts: tuple[int, int], said: str) -> None:
    rows = [{"stage": str(n), "share": Figure(0.5, 0.4, 0.6, n)} for n in counts]
    answer.print_result(Result("stages", Recipe("stages", 1, "how"), ("stage", "share"), rows), "en")
    assert said in " ".join(capsys.readouterr().out.split())
