"""Names stay with those who may see them: what an interview says leaves its transcript without them, and who read it is in the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from etappe.server.here import Here
from etappe.workspace.audit import Wanted
from tests.server.conftest import enter

API = "/api/v1"
SAID = """Interviewer: Guten Tag, Frau Kräusler.

Petra Kräusler: Ich bin Petra Kräusler, petra@kraeusler.example, und die Preise waren mir unklar.

Interviewer: Warum?

Petra Kräusler: Weil sie auf der Seite nicht stehen.
"""
NAMES = ("Kräusler", "kraeusler.example")


@pytest.fixture
def named(role: Callable[[str], TestClient]) -> str:
    """An interview that keeps names, with a passage that has some."""
    admin = role("admin")
    made = admin.post(f"{API}/interviews/files", files=[("files", ("gespraech.txt", SAID.encode(), "text/plain"))], data={"names": "true"}).json()[0]["interview"]
    turns = admin.get(f"{API}/interviews/{made}/text").json()
    at = next(number for number, turn in enumerate(turns) if "unklar" in turn["text"])
    assert admin.post(f"{API}/interviews/{made}/codes", json={"turn": at, "start": 0, "end": len(turns[at]["text"]), "topics": ["preise"], "stage": "research"}).status_code == 201
    return str(made)


def test_what_an_interview_says_is_quoted_without_its_names(named: str, role: Callable[[str], TestClient], here: Here) -> None:
    viewer, editor = role("viewer"), role("editor")
    passage = next(iter(here.workspace.atlas.load("interview", named)[0].collection("passages")))
    card = next(iter(here.workspace.atlas.map("buying").cards))
    assert editor.post(f"{API}/interviews/{named}/use", json={"passage": passage, "map": "buying", "card": card}).status_code == 200
    assert editor.post(f"{API}/maps/buying/blind-spots", json={}).status_code == 200
    for path in ("/interviews/insights", "/maps/buying/check", "/maps/buying", "/maps/buying/export?format=html", "/personas/it-lead/page", "/maps/buying/history"):
        answer = viewer.get(f"{API}{path}")
        assert answer.status_code == 200, path
        assert not [name for name in NAMES if name in answer.text], path
    quotes = viewer.get(f"{API}/interviews/insights").json()["insights"][0]["quotes"]
    assert quotes[0]["speaker"] == "Person A"
    assert "Preise waren mir unklar" in quotes[0]["quote"]


def test_an_interview_with_names_is_not_opened_by_calling_it_masked(named: str, client: TestClient, here: Here) -> None:
    here.people.add("nora@firm.example", "editor", password="correct horse battery", personal=False)
    nora = enter(client, here.people.begin("nora@firm.example"))
    edit = {"changes": [{"do": "set", "path": ["masked"], "value": True}]}
    assert nora.post(f"{API}/interviews/{named}/edits", json=edit).status_code == 403
    assert nora.post(f"{API}/interviews/{named}/restore", json={"to": "1"}).status_code == 403
    assert nora.get(f"{API}/interviews/{named}/text").status_code == 403


@pytest.mark.parametrize(("path", "what"), [("/interviews/{named}", "saw interview"), ("/interviews/{named}/text", "saw interview"), ("/surveys/nps/results", "saw answers")])
def test_who_read_what_people_said_is_in_the_log(named: str, role: Callable[[str], TestClient], here: Here, path: str, what: str) -> None:
    admin = role("admin")
    admin.post(f"{API}/surveys", json={"id": "nps"})
    before = len(here.audit.lines(Wanted(what=what)))
    assert admin.get(f"{API}{path.replace('{named}', named)}").status_code == 200
    after = here.audit.lines(Wanted(what=what))
    assert len(after) == before + 1
    assert after[0]["who"] == "admin@firm.example"
