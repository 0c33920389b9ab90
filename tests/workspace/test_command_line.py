"""The contract of the command line, as scripts rely on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import etappe
from etappe.cli.main import main
from etappe.workspace.workspace import Workspace, init_workspace


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    """Exit code, stdout (parsed where it is JSON) and stderr of one command."""
    with pytest.raises(SystemExit) as left:
        main(list(words))
    out, err = capsys.readouterr()
    return int(left.value.code or 0), json.loads(out) if "--json" in words and out else out, err


def test_init_import_build_status(capsys: pytest.CaptureFixture[str], tmp_path: Path, company: Path) -> None:
    where = str(tmp_path / "acme")
    assert run(capsys, "init", where)[0] == 0
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "leer.csv").write_text("")
    (exports / "seite.csv").write_text("<!DOCTYPE html><html><body>Bitte anmelden</body></html>")
    (exports / "a.csv").write_bytes((company / "raw" / "salesforce" / "Account.csv").read_bytes())
    code, imported, _ = run(capsys, "-w", where, "import", str(exports), "--json")
    assert code == 2, "a file could not be read at all, the others were imported"
    by_name = {Path(item["path"]).name: item for item in imported["files"]}
    assert {"path", "format", "read", "new", "changed", "same", "quarantined", "tables"} <= set(by_name["a.csv"])
    assert by_name["a.csv"]["new"] > 0
    assert "empty" in by_name["leer.csv"]["error"]["what"]
    assert "web page" in by_name["seite.csv"]["error"]["what"]
    assert Path(imported["quarantine"]).parent == tmp_path / "acme"
    code, again, _ = run(capsys, "import", str(exports / "a.csv"), "-w", where, "--json")
    assert (code, again["files"][0]["new"], again["files"][0]["same"]) == (0, 0, by_name["a.csv"]["new"])
    code, made, _ = run(capsys, "-w", where, "build", "--json")
    assert code == 0
    assert set(made) == {"as_of", "seconds", "events", "steps", "internal", "unresolved", "duplicates", "persons", "accounts", "journeys", "outcomes", "conservation"}
    assert set(made["outcomes"]) == {"won", "lost", "dormant", "open"}
    assert run(capsys, "-w", where, "status", "--json")[1]["sources"][0]["source"] == "salesforce"


def test_show_has_the_shape_that_scripts_rely_on(capsys: pytest.CaptureFixture[str], built: Workspace) -> None:
    where = str(built.folder.root)
    code, shown, _ = run(capsys, "-w", where, "show", "stages", "--json")
    assert code == 0
    assert set(shown) == {"analysis", "title", "question", "headline", "recipe", "population", "period", "as_of", "rows", "caveats"}
    assert all(set(one) == {"words", "value"} for one in shown["headline"])
    assert set(shown["recipe"]) == {"name", "version", "words"}
    assert set(shown["period"]) == {"from", "to"}
    figures = [value for row in shown["rows"] for value in row.values() if isinstance(value, dict)]
    assert figures
    assert all(set(figure) - {"unit"} == ({"value", "low", "high", "n"} if figure["value"] is not None else {"value", "why", "n"}) for figure in figures)
    lost = run(capsys, "-w", where, "show", "journeys", "--outcome", "lost", "--stage", "decision", "--json")[1]
    assert {(row["outcome"], row["stage"]) for row in lost["rows"]} == {("lost", "decision")}


def test_a_question_takes_the_names_that_the_screen_shows_and_stages_that_nobody_has_reached(
    capsys: pytest.CaptureFixture[str], own: Workspace
) -> None:
    where = str(own.folder.root)
    by_id = run(capsys, "-w", where, "show", "journeys", "--outcome", "lost", "--stage", "decision", "--kind", "first_purchase,renewal", "--json")[1]
    by_name = run(capsys, "-w", where, "show", "journeys", "--outcome", "Verloren", "--stage", "Entscheidung", "--kind", "erstkauf, Renewal", "--json")[1]
    assert by_id["rows"]
    assert by_name == by_id
    stages = own.folder.rules / "stages.yaml"
    stages.write_text(stages.read_text(encoding="utf-8").replace("      - id: decision\n", "      - id: signing\n        de: Unterschrift\n        en: Signing\n      - id: decision\n", 1), encoding="utf-8")
    for question in (["journeys", "--stage", "signing"], ["journeys", "--entered", "Unterschrift"], ["attribution", "--goal", "signing", "--draws", "0"]):
        code, shown, err = run(capsys, "-w", where, "show", *question, "--json")
        assert (code, err) == (0, "")
        assert not any(row.get("journey_id") for row in shown["rows"])
    code, _, err = run(capsys, "-w", where, "show", "journeys", "--stage", "signign")
    assert code
    assert "signing" in err


def test_numbers_as_of_a_day_before_anything_was_known_say_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, company: Path) -> None:
    where = str(tmp_path / "late")
    run(capsys, "init", where)
    run(capsys, "-w", where, "import", str(company / "raw" / "salesforce" / "Task.csv"))
    early = run(capsys, "-w", where, "show", "stages", "--as-of", "2020-01-01", "--language", "en", "--json")[1]
    assert early["rows"] == []
    assert "2020-01-01" in early["caveats"][0]
    assert "--learned-at" in early["caveats"][0]
    run(capsys, "-w", where, "build")
    now = run(capsys, "-w", where, "show", "journeys", "--min-days", "99999", "--language", "en", "--json")[1]
    assert not any("--learned-at" in caveat for caveat in now["caveats"])


def test_a_population_names_no_filter_twice(capsys: pytest.CaptureFixture[str], built: Workspace) -> None:
    _, told, _ = run(capsys, "-w", str(built.folder.root), "show", "before-sales", "--start", "Preisseite")
    (line,) = [line for line in told.splitlines() if line.startswith("Grundgesamtheit")]
    assert line.count("Preisseite") == 1


def test_from_and_to_are_the_period_with_both_ends_in_it(capsys: pytest.CaptureFixture[str], built: Workspace) -> None:
    where = str(built.folder.root)
    either = [["--from", "2025-01", "--to", "2025-12"], ["--period", "2025-01..2025-12"]]
    first, second = (run(capsys, "-w", where, "show", "stages", *words, "--json")[1] for words in either)
    assert first == second
    assert first["period"] == {"from": "2025-01-01", "to": "2026-01-01"}
    assert run(capsys, "-w", where, "show", "stages", "--to", "2025-06-30", "--json")[1]["period"] == {"from": None, "to": "2025-07-01"}


def test_help_begins_with_what_is_needed_first_and_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out.split("Commands:")[1].splitlines()
    assert [line.split()[0] for line in listed if line.strip()][:4] == ["init", "import", "build", "status"]
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"etappe {etappe.__version__}\n")


def test_account_why_and_report(capsys: pytest.CaptureFixture[str], built: Workspace, tmp_path: Path) -> None:
    where = str(built.folder.root)
    name = run(capsys, "-w", where, "show", "journeys", "--outcome", "won", "--limit", "1", "--json")[1]["rows"][0]["account"]
    code, story, _ = run(capsys, "-w", where, "account", name, "--json")
    assert code == 0
    assert {"account", "persons", "journeys", "unresolved"} <= set(story)
    assert {"kind", "started_at", "ended_at", "outcome", "stages", "steps", "first_sales_contact"} <= set(story["journeys"][0])
    assert run(capsys, "-w", where, "why", "--account", story["account"]["domain"], "--json")[1]["account"]["name"] == story["account"]["name"]
    for ending in ("pdf", "png", "svg", "html"):
        target = tmp_path / f"story.{ending}"
        assert run(capsys, "-w", where, "report", "account", name, "-o", str(target))[0] == 0
        assert target.stat().st_size > 5_000
    code, _, err = run(capsys, "-w", where, "account", "Nirgendwo Unbekannt Zwei", "--json")
    fault = json.loads(err)["error"]
    assert code == 1
    assert set(fault) >= {"code", "what", "where", "do_next"}
    assert fault["do_next"]


def test_errors_say_what_where_and_what_now(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETAPPE_WORKSPACE", raising=False)
    code, _, err = run(capsys, "status")
    assert code == 1
    assert "no etappe workspace" in err
    assert "etappe init" in err
    assert run(capsys, "nonsense")[0] == 2
    assert run(capsys, "-w", str(tmp_path / "none"), "build", "--json")[0] == 1


def test_status_opens_no_database_where_there_are_no_documents(tmp_path: Path) -> None:
    init_workspace(tmp_path / "acme")
    code = f"import sys\nfrom etappe.workspace.workspace import open_workspace\nopen_workspace({str(tmp_path / 'acme')!r}).status()\nsys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    assert not (tmp_path / "acme" / "model.db").exists()


def test_status_says_what_to_do_next_and_what_keeps_records_out_of_the_journeys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = str(init_workspace(tmp_path / "acme").folder.root)
    with pytest.raises(SystemExit):
        main(["-w", where, "status"])
    assert "etappe import" in capsys.readouterr().out
    deals = tmp_path / "deals.csv"
    deals.write_text("Record ID,Deal Name,Deal Stage,Pipeline,Amount,Create Date\n1,X,Closed Won,P,5,2025-01-01 10:00\n2,Y,New,P,5,2025-01-01 10:00\n")
    run(capsys, "-w", where, "import", str(deals), "--json")
    run(capsys, "-w", where, "build", "--json")
    assert "am Tag dieses Builds (01.01.2001) war noch nichts bekannt" in run(capsys, "-w", where, "build", "--as-of", "2001-01-01")[1]
    assert "also gibt es keine Journey" in run(capsys, "-w", where, "build")[1]
    hints = " ".join(run(capsys, "-w", where, "status", "--json")[1]["hints"])
    assert "2 of 2 deals belong to no known company" in hints
    assert "so there is no journey" in hints


def test_the_records_behind_an_answer_name_the_company_in_the_workspaces_language(capsys: pytest.CaptureFixture[str], built: Workspace) -> None:
    where = str(built.folder.root)
    heading, first, *_ = run(capsys, "-w", where, "show", "journeys", "--outcome", "won", "--limit", "1", "--rows")[1].splitlines()
    named = run(capsys, "-w", where, "show", "journeys", "--outcome", "won", "--limit", "1", "--json")[1]["rows"][0]["account"]
    assert heading.split()[0] == "Unternehmen"
    assert first.startswith(named[:39])
    assert not any(word in heading for word in ("account", "touchpoint", "happened"))


def test_a_decision_takes_the_names_that_answers_show_and_tells_what_nobody_has(capsys: pytest.CaptureFixture[str], own: Workspace) -> None:
    where = str(own.folder.root)
    row = own.show("journeys", kind="first_purchase", limit=1).rows[0]
    for called in (row["account_id"], row["account"]):
        code, made, _ = run(capsys, "-w", where, "identity", "assign", "someone@muster.example", "--to", called, "--author", "Anna", "--json")
        assert code == 0
        into = made["decision"]["into"]
        assert into.startswith("account:salesforce:")
        assert own.account(into)["account"]["account_id"] == row["account_id"]
        assert (made["decision"]["author"], made["unheard_of"]) == ("Anna", ["someone@muster.example"])
    assert run(capsys, "-w", where, "identity", "split", "contact:salesforce:none", "--json")[1]["unheard_of"] == ["contact:salesforce:none"]
    code, _, err = run(capsys, "-w", where, "identity", "assign", "someone@muster.example", "--to", "Xyzzy Wombat")
    assert code
    assert "Xyzzy Wombat" in err
