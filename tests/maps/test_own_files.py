"""The package's own YAML says the same, whichever reader is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import etappe.maps
from etappe.maps import own_files
from etappe.maps.template import ways

HERE = Path(etappe.maps.__path__[0])


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_read_as_the_reader_in_python_reads_it(path: Path) -> None:
    assert own_files.own_file(path) == yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_files_of_a_folder_go_by_their_names() -> None:
    assert own_files.own_files(HERE)["ways"] == ways()
