"""`etappe attribute PATHS.csv`: a bare table of paths, as its user has it on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etappe.cli.main import main

LONG = 'path;n;money;lost\nA > B > C;3;300,10;1\nA;0;0;5\nB > C;1;50,55;2\n A >B;2;20;0\n"";4;8;0\nC > C;0;0;3\n'


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    out, err = capsys.readouterr()
    return int(left.value.code or 0), json.loads(out) if "--json" in words and out else out, err


@pytest.fixture
def long(tmp_path: Path) -> str:
    (tmp_path / "paths.csv").write_text(LONG, encoding="utf-8")
    return str(tmp_path / "paths.csv")


def test_a_german_table_in_long_form_gives_every_model_with_its_interval(capsys: pytest.CaptureFixture[str], long: str) -> None:
    code, told, _ = run(capsys, "attribute", long, "--conversions", "n", "--value", "money", "--nulls", "lost", "--model", "all", "--json")
    assert code == 0
    assert told["analysis"] == "attribute"
    for row in told["rows"]:
        assert {"channel", "model", "conversions", "value", "removal_effect"} <= set(row)
        assert set(row["conversions"]) == set(row["value"]) == {"value", "low", "high", "n"}
        assert (row["removal_effect"] is not None) == (row["model"].startswith("markov") and row["channel"] != "(no touch)")
    for model in {row["model"] for row in told["rows"]}:
        mine = [row for row in told["rows"] if row["model"] == model]
        assert sum(row["conversions"]["value"] for row in mine) == pytest.approx(10)
        assert round(sum(row["value"]["value"] for row in mine) * 100) == 37865


@pytest.mark.shared
def test_a_table_in_wide_form_agrees_with_channelattribution(capsys: pytest.CaptureFixture[str], shared: Path) -> None:
    # ChannelAttribution 2.2.5 (Python), heuristic_models and markov_model of orders 1 to 3 run to convergence, on
    # dsearle90/MarkovAttribution sample/paths.csv; see tests/reference/test_published_attribution.py
    table = str(shared / "dsearle_paths" / "paths.csv")
    _, told, _ = run(capsys, "attribute", table, "--columns", "T_*", "--outcome", "conv_flag", "--model", "first,last,linear,markov1,markov2", "--json")
    rows = {(row["model"], row["channel"]): row for row in told["rows"]}
    names = ("EMAIL", "PROGRAMMATIC", "SEM", "SOCIAL", "YOUTUBE")
    assert [rows["first", name]["conversions"]["value"] for name in names] == [57, 49, 38, 101, 0]
    assert [rows["last", name]["conversions"]["value"] for name in names] == [54, 52, 75, 58, 6]
    assert rows["linear", "SOCIAL"]["conversions"]["value"] == pytest.approx(75.719048, abs=1e-6)
    assert [rows["markov1", name]["removal_effect"] for name in names] == pytest.approx([0.523636, 0.437149, 0.418850, 0.536221, 0.175969], abs=0.004)
    assert [rows["markov2", name]["removal_effect"] for name in names] == pytest.approx([0.604963, 0.466540, 0.425477, 0.613271, 0.194552], abs=0.004)


def test_words_come_in_german_and_english_and_keys_stay(capsys: pytest.CaptureFixture[str], long: str) -> None:
    both = [run(capsys, "attribute", long, "--conversions", "n", "--model", "w_shaped", "--language", name, "--json")[1] for name in ("de", "en")]
    assert both[0]["rows"] == both[1]["rows"]
    assert both[0]["recipe"]["words"] != both[1]["recipe"]["words"]
    assert both[0]["caveats"] != both[1]["caveats"]
    text = run(capsys, "attribute", long, "--conversions", "n", "--model", "own", "--own", "40/20/40", "--language", "de")[1]
    assert "Kanal" in text
    assert "eigene Gewichte" in text


def test_what_is_wrong_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str], long: str, tmp_path: Path) -> None:
    for words in (("nowhere.csv",), (long, "--path", "pfad"), (long, "--model", "markow"), (long, "--own", "half"), (long, "--conversions", "path")):
        code, _, err = run(capsys, "attribute", *words, "--json")
        assert code == 1
        assert json.loads(err)["error"]["do_next"]
    nothing = tmp_path / "nothing.csv"
    nothing.write_bytes(b"")
    code, _, err = run(capsys, "attribute", str(nothing), "--json")
    assert (code, json.loads(err)["error"]["what"]) == (1, "the file is empty")
    empty = tmp_path / "empty.csv"
    empty.write_text("path,n\n", encoding="utf-8")
    code, told, _ = run(capsys, "attribute", str(empty), "--conversions", "n", "--json")
    assert (code, told["rows"], len(told["caveats"]) > 0) == (0, [], True)


def test_a_cell_that_is_no_number_is_told_with_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "paths.csv"
    table.write_text("path,n,day\nA > B,3,2025-01-01\nB,many,2025-01-02\n")
    for column, cell, row in (("n", "many", 2), ("day", "2025-01-01", 1)):
        with pytest.raises(SystemExit) as left:
            main(["attribute", str(table), "--conversions", column, "--json"])
        fault = json.loads(capsys.readouterr().err)["error"]
        assert left.value.code == 1
        assert cell in fault["what"]
        assert fault["where"] == f"{column}, row {row} below the header"


def test_faults_and_tables_are_told_in_the_language_asked_for_else_the_workspaces(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, long: str, tmp_path: Path) -> None:
    assert run(capsys, "attribute", "nofile.csv", "--language", "de")[2].startswith("✕ Diese Datei gibt es nicht.")
    assert run(capsys, "attribute", "nofile.csv")[2].startswith("✕ there is no such file")
    run(capsys, "init", str(tmp_path / "w"), "--language", "de")
    monkeypatch.setenv("ETAPPE_WORKSPACE", str(tmp_path / "w"))
    _, told, _ = run(capsys, "attribute", long, "--conversions", "n", "--model", "linear", "--draws", "0")
    assert "Kanal" in told
    assert "channel" not in told
