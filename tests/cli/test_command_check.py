"""etappe check: the shape of its JSON, its exit code, and a German map's answer without an English word."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from etappe.cli.main import main
from etappe.workspace.workspace import open_workspace

CLAIMS = {
    "right": "coverage(article) in research >= 0.02", "wrong": "dwell(preselection) <= 1 days", "nameless": 'content("Nirgends") in research >= 0.1',
    "unknown": "feeling(demonstration) >= 0.5", "measureless": "coverge(article) >= 0.3",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "workspace"
    shutil.copytree(company / "workspace", folder)
    ws = open_workspace(folder)
    ws.atlas.new_map("kauf", "anna", template="seven-phases", language="de", journey=("first_purchase",))
    from etappe.maps.changes import Add

    for id, claim in CLAIMS.items():
        ws.atlas.apply("map", "kauf", Add(collection="cards", thing={"id": id, "stage": "research", "lane": "actions", "text": id, "claim": claim}), "anna")
    ws.atlas.close()
    return folder


def run(workspace: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(["-w", str(workspace), *words]))
    return int(ended.value.code or 0), capsys.readouterr().out


def test_a_contradicted_claim_fails_and_the_json_has_its_promised_shape(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(workspace, capsys, "check", "kauf", "--json")
    found = json.loads(text)
    assert code == 1
    assert {"map", "as_of", "agreement", "claims", "blind_spots"} <= found.keys()
    figure = {"value", "low", "high", "n"}
    assert figure <= found["agreement"].keys()
    claims = {claim["card"]: claim for claim in found["claims"]}
    assert all({"card", "stage", "lane", "claim", "verdict", "figure", "recipe", "population"} <= claim.keys() for claim in claims.values())
    assert {id: claims[id]["verdict"] for id in ("right", "wrong", "nameless")} == {"right": "confirmed", "wrong": "contradicted", "nameless": "no_data"}
    assert figure <= claims["wrong"]["figure"].keys()
    assert all({"stage", "touchpoint", "coverage", "journeys"} <= spot.keys() and figure <= spot["coverage"].keys() for spot in found["blind_spots"])


def test_a_german_map_is_answered_in_german(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = run(workspace, capsys, "check", "kauf", "--all")
    assert "Kein Inhalt heißt Nirgends." in text
    assert "Einen Touchpoint oder eine Phase „demonstration“ gibt es nicht." in text
    assert "Ein Maß „coverge“ gibt es nicht. Meinten Sie „coverage“?" in text
    for english in ("There is", "Did you mean", "Known:", "No ", " of ", "too few", "no data"):
        assert english not in text
    _, text = run(workspace, capsys, "check", "kauf", "--language", "en")
    assert "There is no measure `coverge`. Did you mean `coverage`?" in text
