"""etappe interview: from transcripts to cards with quotes."""

from __future__ import annotations

from pathlib import Path

from .test_command_map import Run, run  # noqa: F401

TEXT = """\
**Anna Müller:** Wie kam es dazu, Herr Kraus?

**Bernd Kraus:** [[trigger #Ausfall | Nach dem dritten Ausfall in einem Jahr.]] Da war Schluss.

**Anna Müller:** Was stand im Weg?

**Bernd Kraus:** Ich wusste bis zum Schluss nicht, was es kostet.
"""


def test_transcripts_are_imported_masked_coded_and_linked_to_cards(run: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "Interview Kraus 1.md"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "kaputt.docx").write_bytes(b"PK\x03\x04word/document.xml")
    done = run("interview", "import", str(path), str(tmp_path / "kaputt.docx"), "--persona", "it-lead", "--held-on", "2026-03-31", "--json", fails=2)["interviews"]
    assert [(row["interview"], row["passages"], bool(row["error"])) for row in done] == [("interview-1", 1, False), (None, None, True)]
    assert run("interview", "import", str(path), "--json")["interviews"][0]["made"] is False
    shown = run("interview", "show", "interview-1")
    assert "Kraus" not in shown
    assert "Müller" not in shown
    run("interview", "code", "interview-1", "nicht, was es kostet", "barrier #Preis unklar stage=preselection feeling=-1")
    rows = run("interview", "insights", "--json")
    assert {(row["what"], row["k"], row["n"]) for row in rows} == {("Ausfall", 1, 1), ("Preis unklar", 1, 1)}
    assert run("interview", "saturation", "--json")["more"] is None
    assert run("interview", "insights").splitlines()[0].split() == ["Thema", "Interviews", "Zitat", "von"]
    assert "1 von 1" in run("interview", "insights")
    assert run("interview", "saturation").splitlines()[0].split() == ["Interview", "neue", "Themen", "alle"]
    assert run("persona", "templates").splitlines()[0].split() == ["Vorlage", "Titel", "Satz"]
    run("map", "new", "m")
    run("map", "edit", "add", "m", "--stage", "preselection", "--lane", "pain_points", "--text", "Preis unklar", "--id", "k1")
    passage = next(row["quotes"][0]["ref"].split("#")[1] for row in rows if row["what"] == "Preis unklar")
    run("interview", "use", "interview-1", passage, "--map", "m", "--card", "k1")
    (link,) = run("map", "show", "m", "--json")["cards"]["k1"]["evidence"].values()
    assert (link["quote"], link["speaker"], link["said_on"]) == ("nicht, was es kostet", "Person A", "2026-03-31")
    assert run("map", "lint", "m", "--json")["errors"] == 0


def test_a_quote_that_nobody_said_and_a_code_that_is_none_are_refused(run: Run, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    run("interview", "import", str(tmp_path / "a.md"))
    assert "Copy them" in run("interview", "code", "a", "das hat niemand gesagt", "barrier", "--json", fails=1)["error"]["do_next"]
    assert "barrier" in run("interview", "code", "a", "Da war Schluss", "barier", "--json", fails=1)["error"]["do_next"]
