"""What the rooms of personas, interviews and reviews ask of the server besides the documents themselves."""

from __future__ import annotations

from typing import Any, get_args

from fastapi.testclient import TestClient

from etappe.maps.persona import RULE_FIELDS
from etappe.server.routes.personas import RuleField


def test_a_list_of_reviews_or_interviews_says_when_how_and_of_what(local: TestClient) -> None:
    assert local.get("/api/v1/reviews").json() == []
    id = local.post("/api/v1/reviews", json={"map": "buying"}).json()["id"]
    day = local.get(f"/api/v1/reviews/{id}").json()["document"]["started_on"]
    assert [(row["day"], row["state"], row["of"]) for row in local.get("/api/v1/reviews").json()] == [(day, "open", "buying")]
    local.post(f"/api/v1/reviews/{id}/close", json={})
    assert [row["state"] for row in local.get("/api/v1/reviews").json()] == ["closed"]
    local.post("/api/v1/interviews/files", files=[("files", ("talk.txt", b"Anna: How was it?\nBo: We did not know the price.\n"))], data={"held_on": "2026-05-02", "decision": "lost"})
    assert [(row["day"], row["state"], row["passages"]) for row in local.get("/api/v1/interviews").json()] == [("2026-05-02", "lost", 0)]


def test_a_rule_of_a_persona_is_tried_before_it_is_kept(local: TestClient) -> None:
    def tried(rule: dict[str, list[str]], persona: str = "it-lead") -> Any:
        return local.post("/api/v1/personas/rule", json={"rule": rule, "persona": persona}).json()

    found = tried({"title": ["einkauf"]})
    assert found["share"]["n"] > found["persons"] >= found["accounts"] > 0
    assert found["share"]["low"] < found["persons"] / found["share"]["n"] < found["share"]["high"]
    assert len(found["titles"]) > 0
    assert all("einkauf" in row["title"].lower() for row in found["titles"])
    assert not any("einkauf" in row["title"].lower() for row in found["others"]), "those it finds are not left over"
    assert tried({"title": ["einkauf", "produktion"]})["persons"] > found["persons"], "of several patterns any"
    assert tried({"title": ["einkauf"], "language": ["^xx$"]})["persons"] == 0, "of several fields all"
    assert tried({})["persons"] == 0, "without a rule nobody belongs"
    local.post("/api/v1/personas/it-lead/edits", json={"changes": [{"do": "set", "path": ["rule", "title"], "value": ["einkauf"]}]})
    assert local.get("/api/v1/personas/it-lead/page").json()["size"]["persons"] == found["persons"], "kept, it finds as many"
    assert not any("einkauf" in row["title"].lower() for row in tried({"title": ["produktion"]}, "another")["others"]), "who belongs to another persona is not left over"
    broken = local.post("/api/v1/personas/rule", json={"rule": {"title": ["("]}})
    assert broken.status_code == 422
    assert local.post("/api/v1/personas/rule", json={"rule": {"shoes": ["42"]}}).status_code == 422


def test_a_pattern_that_the_engine_cannot_read_is_refused_in_words_and_one_with_counts_is_not(local: TestClient) -> None:
    def tried(pattern: str) -> tuple[int, str]:
        answer = local.post("/api/v1/personas/rule", json={"rule": {"title": [pattern]}}, headers={"Accept-Language": "en"})
        return answer.status_code, str(answer.json().get("error", {}).get("what", ""))

    for pattern in ("(?=a)", "(a)\\1", "x{1001}", "\\u0041", "a++", "(?<!x)y"):
        assert tried(pattern) == (422, f"The pattern `{pattern}` of the rule cannot be read: the engine does not know it."), pattern
    for pattern in ("(?:ein|ver)kauf", "e{1,2}", r"\bleit", "c\\+\\+"):
        assert tried(pattern)[0] == 200, pattern


def test_the_fields_of_a_rule_on_the_wire_are_those_of_personas() -> None:
    assert get_args(RuleField) == RULE_FIELDS


TALK = "Anna: How was it?\nBo: We did not know the price. It took weeks.\nAnna: And then?\n"


def _coded(local: TestClient, name: str, *topics: str) -> tuple[str, str]:
    """An interview with one coded passage: their ids."""
    told = local.post("/api/v1/interviews/files", files=[("files", (f"{name}.txt", f"{TALK}Bo: {name}.\n".encode()))], data={"interviewer": "Anna"}).json()[0]
    assert (told["turns"], told["speakers"], told["passages"], told["error"]) == (4, 2, 0, None)
    assert told["words"] > 10
    local.post(f"/api/v1/interviews/{told['interview']}/codes", json={"turn": 1, "start": 0, "end": 26, "topics": list(topics)})
    return told["interview"], next(iter(local.get(f"/api/v1/interviews/{told['interview']}").json()["document"]["passages"]))


def test_a_passage_supports_a_trait_and_a_card_and_says_so(local: TestClient) -> None:
    id, passage = _coded(local, "talk", "price")
    assert local.get(f"/api/v1/interviews/{id}/uses").json() == {}
    local.post("/api/v1/personas/it-lead/edits", json={"changes": [{"do": "add", "collection": "traits", "thing": {"id": "t1", "kind": "barrier", "text": "Unclear price"}}]})
    local.post("/api/v1/maps/buying/edits", json={"changes": [{"do": "add", "collection": "cards", "thing": {"id": "card1", "stage": "research", "lane": "actions", "text": "Asks for the price"}}]})
    for given in ({"persona": "it-lead", "trait": "t1"}, {"map": "buying", "card": "card1"}):
        assert local.post(f"/api/v1/interviews/{id}/use", json={"passage": passage, **given}).status_code == 200
    used = local.get(f"/api/v1/interviews/{id}/uses").json()
    assert [(one["kind"], one["document"], one["thing"], one["text"]) for one in used[passage]] == [("map", "buying", "card1", "Asks for the price"), ("persona", "it-lead", "t1", "Unclear price")]
    trait = local.get("/api/v1/personas/it-lead").json()["document"]["traits"]["t1"]
    assert trait["evidence"][f"interview:{id}#{passage}"]["quote"] == "We did not know the price."
    wrong = local.post(f"/api/v1/interviews/{id}/use", json={"passage": passage, "persona": "it-lead", "trait": "t9"}, headers={"Accept-Language": "de"})
    assert (wrong.status_code, wrong.json()["error"]["what"]) == (422, "Einen Eintrag `t9` gibt es in der Persona `it-lead` nicht.")


def test_a_topic_is_called_otherwise_in_all_interviews_and_that_of_another_brings_the_two_together(local: TestClient) -> None:
    first, _ = _coded(local, "first", "price", "time")
    second, _ = _coded(local, "second", "Price")
    third, _ = _coded(local, "third", "cost")

    def topics() -> list[list[str]]:
        return [one["topics"] for id in (first, second, third) for one in local.get(f"/api/v1/interviews/{id}").json()["document"]["passages"].values()]

    def rename(topic: str, to: str) -> Any:
        return local.post("/api/v1/interviews/topics/rename", json={"topic": topic, "to": to})

    assert rename("price", "cost").json() == {"interviews": 2, "passages": 2}
    assert topics() == [["cost", "time"], ["cost"], ["cost"]]
    assert {one["what"]: one["k"] for one in local.get("/api/v1/interviews/insights").json()["insights"]} == {"cost": 3, "time": 1}
    assert rename("time", "cost").json() == {"interviews": 1, "passages": 1}
    assert topics() == [["cost"], ["cost"], ["cost"]], "each topic once"
    local.post(f"/api/v1/interviews/{first}/undo", json={})
    assert topics()[0] == ["cost", "time"], "one edit in each interview, which can be taken back"
    assert rename("nothing", "cost").status_code == 404
