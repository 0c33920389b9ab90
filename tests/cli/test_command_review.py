"""etappe review: started, discussed, closed, and half a year later compared."""

from __future__ import annotations

import json
from pathlib import Path

from .test_command_map import Run, run  # noqa: F401


def _check(path: Path, verdict: str, low: float, high: float) -> str:
    figure = {"value": (low + high) / 2, "low": low, "high": high, "n": 90, "unit": "share"}
    check = {"as_of": "2026-06-30T00:00:00Z", "claims": [{"card": "k1", "stage": "research", "lane": "actions", "claim": "coverage(article) in research >= 0.3", "verdict": verdict, "figure": figure, "recipe": "coverage"}], "blind_spots": []}
    path.write_text(json.dumps(check), encoding="utf-8")
    return str(path)


def test_a_review_freezes_tells_and_hands_out(run: Run, tmp_path: Path) -> None:  # noqa: F811
    run("map", "new", "m")
    run("map", "edit", "add", "m", "--stage", "research", "--lane", "actions", "--text", "Liest", "--id", "k1", "--claim", "coverage(article) in research >= 0.3")
    first = run("review", "start", "m", "--check", _check(tmp_path / "a.json", "confirmed", 0.4, 0.5), "--with", "anna", "--json")
    assert (first["review"], first["frozen"], first["since"]) == ("m-1", 1, None)
    assert "open already" in run("review", "start", "m", "--check", str(tmp_path / "a.json"), "--json", fails=1)["error"]["what"]
    run("review", "decide", "m-1", "Preisspanne zeigen", "--by", "anna")
    run("review", "task", "m-1", "Preisseite ändern", "--owner", "ben", "--due", "2026-01-31")
    (task,) = run("review", "tasks", "--json")
    assert (task["owner"], task["overdue"], task["map"]) == ("ben", True, "m")
    assert run("review", "close", "m", "--notes", "Kurz und gut.", "--json")["next"] == "2026-12-29"
    second = run("review", "start", "m", "--check", _check(tmp_path / "b.json", "contradicted", 0.1, 0.2), "--json")
    assert [(item["before"], item["after"]) for item in second["since"]["flips"]] == [("confirmed", "contradicted")]
    assert second["stale"] == ["k1"]
    run("review", "done", "m-1", task["task"])
    assert run("review", "tasks", "--json") == []
    run("review", "export", "m-1", "-o", str(tmp_path / "minutes.md"))
    text = (tmp_path / "minutes.md").read_text(encoding="utf-8")
    assert all(word in text for word in ("# Review: ", "| Preisspanne zeigen | anna |", "| Preisseite ändern", "| ben | 31.01.2026 | erledigt |", "Kurz und gut.", "| ✓ bestätigt |"))
    assert "# Review: " in run("review", "show", "m-2", "--language", "en")
    assert [row["field"] for row in run("map", "diff", "m@review 2026-06-30 m-1", "--json")["changes"]] == []


def test_a_review_that_is_not_open_cannot_be_closed(run: Run) -> None:  # noqa: F811
    run("map", "new", "m")
    assert "review start m" in run("review", "close", "m", "--json", fails=1)["error"]["do_next"]
