"""What a browser loads before it enters a room: the shell, and no room."""

from __future__ import annotations

from benchmarks.screen import MOST_BYTES, first_load
from etappe.server.page import INDEX


def test_the_shell_is_small_and_no_room_comes_with_it(page_built: None) -> None:
    assert first_load()["shell"] <= MOST_BYTES
    text = INDEX.read_text(encoding="utf-8")
    rooms = sorted(path.name for path in (INDEX.parent / "assets").glob("*Room-*.js"))
    assert len(rooms) > 10
    assert [name for name in rooms if name in text] == []
    drawing = [path.name for path in (INDEX.parent / "assets").glob("draw-*.js")]
    assert drawing, "what draws charts is a part of its own"
    assert drawing[0] not in text
