"""Every sentence of a fault that a reader of the page can meet exists in German."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from etappe.words.german_faults import SENTENCES, german

SOURCE = Path(__file__).parents[2] / "src" / "etappe"
MET = (
    *(str(path.relative_to(SOURCE)) for folder in ("server", "server/routes") for path in sorted((SOURCE / folder).glob("*.py")) if path.name not in ("serve.py", "oidc.py")),
    *(f"workspace/{name}.py" for name in ("access", "people", "guests", "views", "groups", "companies", "interviews", "surveys", "reviews", "rule_files", "settings_file", "incoming", "adding")),
    *(f"maps/{name}.py" for name in ("store", "edits", "changes", "coding", "transcript", "docx")),
    "words/claim_language.py", "words/claim_names.py", "settings.py",
    *(str(path.relative_to(SOURCE)) for folder in ("sources", "sources/formats", "identity") for path in sorted((SOURCE / folder).glob("*.py"))),
    *(f"workspace/{name}.py" for name in ("answers", "folder", "forget", "pipeline", "workspace")), "tables/lake.py", "tables/keep.py", "tables/csvfile.py",
    *(f"workspace/{name}.py" for name in ("prints", "atlas")), "reports/report.py", "reports/map/document.py", "reports/map/report.py",
    *(f"analyses/{name}.py" for name in ("money", "paths_file", "paths_table", "playbook_rules")), *(f"cli/{path.name}" for path in sorted((SOURCE / "cli").glob("*.py"))),
    *(f"maps/{name}.py" for name in ("database", "reading", "yaml_file", "workbook/read")), "server/serve.py",
)  # fmt: skip


def _template(node: ast.expr) -> str | None:
    """The sentence as the table writes it; None where it is put together elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
    return None


def _sentences(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name == "refused":
                found += [_template(part) for part in node.args[4:6]]
            elif name == "fault" and path.name == "mapping_file.py":
                found += [text for text in map(_template, node.args[1:3]) if text and not text.startswith("1 '")]  # put together of two
            elif name.endswith("Fault") or name == "NotFound":
                found += [_template(part) for at, part in enumerate(node.args[:3]) if at != 1]
            elif name == "fault" and path.name.startswith("claim"):
                found += [_template(part) for part in node.args[:2]]
    return [text for text in found if text and " " in text]


def _reasons(path: Path) -> list[str]:
    """Why records wait in the quarantine: words of a case of a query."""
    cases = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cases"]
    literals = [part for case in cases for node in case.args if isinstance(node, ast.Tuple) for part in ast.walk(node.elts[1])]
    found = [str(part.value) for part in literals if isinstance(part, ast.Constant)]
    return [text + "1" if text.endswith(": ") else text for text in found if re.match(r"the (record|row|activity|clock) ", text)]


def _advice(path: Path) -> list[str]:
    """Sentences that a function or a constant hands to a fault."""
    given = [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, (ast.Return, ast.Assign)) and node.value is not None]
    return [text for text in map(_template, given) if text and re.match(r"(run `|export )", text)]


@pytest.mark.parametrize("place", MET)
def test_every_sentence_that_the_page_can_show_exists_in_german(place: str) -> None:
    path = SOURCE / place
    said = [*_sentences(path), *_reasons(path), *_advice(path)]
    missing = [text for text in said if german(text) == text and text != "de or en"]
    assert missing == [], "add them to words/german_faults.py"


def test_german_sentences_keep_the_values_of_the_english_ones() -> None:
    assert german("there is no segment 'nope'") == "Segment nope gibt es nicht."
    assert german("The map `a` has no guest link `b c`.") == "Die Map `a` hat keinen Gastlink `b c`."
    assert german("Wait 5 seconds, then try again.\nTry {}.") == "Warten Sie 5 Sekunden, dann versuchen Sie es noch einmal.\nTry {}."
    for english, told in SENTENCES.items():
        values = english.count("{}")
        assert values <= told.count("{}") + sum(told.count(f"{{{at}}}") for at in range(3)) or "{" not in told, english
        told.format(*range(values))


def test_numbers_are_written_as_german_writes_them() -> None:
    assert german("the archive would unpack to 0.6 GB in 1,200 files, 1,031 times its size").startswith("Das Archiv würde entpackt 0,6 GB in 1.200 Dateien, das 1.031-Fache")
    assert "3.11" in german("This map is of version 3.11; this etappe knows versions up to 3.10."), "a version is no number"


def test_what_a_mapping_file_calls_unknown_is_said_in_german() -> None:
    assert german("the word of a table 'tabel' is not known") == "„tabel“ ist hier kein bekanntes Wort (eine Tabelle)."
    assert german("the `kind` of events, 'foo' is not known") == "„foo“ ist kein Wert von `kind` in der Tabelle events."
    assert german("the column of costs, 'channel' is not known") == "Die Tabelle costs hat keine Spalte „channel“.", "what stands in the file is no word to turn"


def test_notes_of_an_import_name_tables_and_lines_in_german() -> None:
    assert german("2 of the people: a date before 1971 or more than three years ahead was left out").startswith("2 Personen: Ein Datum vor 1971")
    told = german("the same id stands for different people in this file: 9 (lines 2, 3); their records wait in quarantine until each has an id of its own")
    assert "9 (Zeilen 2, 3)" in told


def test_what_is_to_be_typed_is_not_translated() -> None:
    assert german("After `tier` a = is missing.") == "Nach `tier` fehlt ein =."
    assert german("Write `where owner = …`.") == "Schreiben Sie `where owner = …`."


def test_every_finding_of_lint_exists_in_german() -> None:
    calls = [node for node in ast.walk(ast.parse((SOURCE / "maps/lint.py").read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    found = [node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr in ("error", "warning")]
    sentences = [text for node in found for text in map(_template, node.args[2:]) if text and " " in text]
    assert len(sentences) > 20
    assert [text for text in sentences if german(text) == text] == [], "add them to words/german_lint.py"
