"""`etappe show NAME --help`: every analysis tells its own options, without a workspace."""

from __future__ import annotations

import pytest

from etappe.analyses import analysis
from etappe.cli.main import main


@pytest.mark.parametrize("name", analysis.names())
def test_the_help_of_an_analysis_says_what_it_answers_and_names_each_of_its_options(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["show", name, "--help"])
    told = capsys.readouterr().out
    assert not left.value.code
    assert analysis.summaries()[name] in told
    for option in analysis.find(name).options:
        assert f"--{option.replace('_', '-')}:" in told
