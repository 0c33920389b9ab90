"""A document that is written as text leaves pipes and devices what they are."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from etappe.workspace.workspace import init_workspace


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_an_export_into_a_pipe_is_read_at_its_other_end(tmp_path: Path) -> None:
    atlas = init_workspace(tmp_path / "workspace").atlas
    atlas.new_map("kauf", "anna", template="seven-phases")
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    atlas.export("map", "kauf", pipe)
    reader.join(10)
    assert pipe.is_fifo()
    assert read == [atlas.text("map", "kauf")]
