"""Interviews, surveys, reviews, personas and exports by the API."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

from fastapi.testclient import TestClient

from etappe.server.here import Here
from etappe.workspace.surveys import Surveys
from tests.server.conftest import another

SAID = "Interviewer: Wie kam es dazu?\n\nSommer: Unsere alte Anlage fiel aus. Wir wussten bis zum Schluss nicht, was es kostet.\n\nInterviewer: Und dann?\n\nSommer: Dann kam ein Angebot.\n"


def test_an_interview_is_read_masked_coded_and_counted(local: TestClient) -> None:
    done = local.post("/api/v1/interviews/files", files={"files": ("int-07 Sommer.txt", SAID.encode(), "text/plain")}, data={"decision": "won"}).json()[0]
    assert done["error"] is None, done
    id = done["interview"]
    turns = local.get(f"/api/v1/interviews/{id}/text").json()
    assert "Sommer" not in str(turns)
    said = turns[1]["text"]
    start = said.index("Wir wussten")
    coded = local.post(f"/api/v1/interviews/{id}/codes", json={"turn": 1, "start": start, "end": len(said), "ring": "barrier", "topics": ["price unclear"], "feeling": -1})
    assert coded.status_code == 201, coded.text
    assert [one["passages"] for one in local.get("/api/v1/interviews").json() if one["id"] == id] == [1]
    found = local.get("/api/v1/interviews/insights?by=topic").json()
    assert (found["insights"][0]["k"], found["insights"][0]["n"]) == (1, 1)
    passage = next(iter(local.get(f"/api/v1/interviews/{id}").json()["document"]["passages"]))
    card = next(iter(local.get("/api/v1/maps/buying").json()["document"]["cards"]))
    assert local.post(f"/api/v1/interviews/{id}/use", json={"passage": passage, "map": "buying", "card": card}).json()["applied"]
    assert local.delete(f"/api/v1/interviews/{id}/codes/{passage}").json()["applied"]


def test_a_survey_is_filled_in_without_script_and_once_by_link(client: TestClient, local: TestClient) -> None:
    template = local.get("/api/v1/templates").json()["surveys"][0]["id"]
    assert local.post("/api/v1/surveys", json={"id": "asking", "template": template}).status_code == 201
    assert local.post("/api/v1/surveys/asking/state", json={"state": "open"}).status_code == 200
    link = local.post("/api/v1/surveys/asking/links", json={"count": 1}).json()["links"][0]
    visitor = another(client)
    page = visitor.get(link)
    assert page.status_code == 200
    assert "<script" not in page.text
    questions = local.get("/api/v1/surveys/asking").json()["document"]["questions"].values()
    answers = {item["id"]: (item["options"][0] if item["instrument"] == "choice" else "Gut." if item["instrument"] == "text" else "5") for item in questions}
    assert visitor.post(link, data={}).status_code == 422
    assert visitor.post(link, data=answers).status_code == 200
    assert visitor.post(link, data=answers).status_code == 410
    assert visitor.get("/s/asking/wrong").status_code == 404
    assert visitor.get("/s/nothing").status_code == 404
    assert local.get("/api/v1/surveys/asking/results").json()["counts"] == {"links": 1, "used": 1, "responses": 1}
    codes = [visitor.post("/s/asking/wrong", data=answers).status_code for _ in range(25)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_a_review_freezes_what_the_evidence_says(local: TestClient) -> None:
    document = local.get("/api/v1/maps/buying").json()["document"]
    card = {"id": "c-claim", "stage": next(iter(document["stages"])), "lane": "actions", "text": "Webinar", "claim": "coverage(webinar) >= 0.01"}
    assert local.post("/api/v1/maps/buying/edits", json={"changes": [{"do": "add", "collection": "cards", "thing": card}]}).status_code == 200
    check = local.get("/api/v1/maps/buying/check")
    assert check.status_code == 200, check.text
    assert any(item["card"] == "c-claim" for item in check.json()["claims"])
    again = local.get("/api/v1/maps/buying/check", headers={"If-None-Match": check.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    made = local.post("/api/v1/reviews", json={"map": "buying", "attendees": ["anna"]}).json()
    assert made["frozen"] >= 1
    id = made["id"]
    assert local.post(f"/api/v1/reviews/{id}/tasks", json={"text": "Call them", "owner": "anna", "due": "2026-07-31"}).status_code == 201
    task = local.get("/api/v1/reviews/tasks").json()[0]
    assert local.post(f"/api/v1/reviews/{id}/tasks/{task['task']}/done").status_code == 200
    assert local.get(f"/api/v1/reviews/{id}/since").json()["since"] is None
    assert local.post(f"/api/v1/reviews/{id}/close", json={"notes": "Done."}).status_code == 200
    assert "Done." in local.get(f"/api/v1/reviews/{id}/minutes?language=en").text


def test_a_survey_is_seen_before_it_is_open_and_duplicated_without_its_answers(client: TestClient, local: TestClient) -> None:
    local.post("/api/v1/surveys", json={"id": "first", "template": "csat", "title": "Nach der Messe", "language": "de", "access": "public"})
    seen = local.get("/api/v1/surveys/first/form", params={"language": "en"})
    assert (seen.status_code, "How satisfied were you overall?" in seen.text, "<button disabled>" in seen.text) == (200, True, True)
    assert client.get("/s/first").status_code == 410
    titled = {"do": "translate", "language": "en", "field": "title", "text": "After the fair"}
    assert local.post("/api/v1/surveys/first/edits", json={"changes": [titled]}).json()["applied"]
    local.post("/api/v1/surveys/first/state", json={"state": "open"})
    another(client).post("/s/first", data={"satisfied": "5"})
    question = {"do": "set", "collection": "questions", "id": "satisfied", "path": ["text"], "value": "Wie war es?"}
    refused = local.post("/api/v1/surveys/first/edits", json={"changes": [question]}, headers={"Accept-Language": "de"})
    assert (refused.status_code, refused.json()["error"]["what"]) == (422, "Die Frage „Wie zufrieden waren Sie insgesamt?“ wurde schon beantwortet (1 ×): Was gefragt wurde, wird nicht mehr geändert.")
    assert local.post("/api/v1/surveys", json={"id": "second", "copy_of": "first", "title": "Nach dem Besuch"}).status_code == 201
    copy = local.get("/api/v1/surveys/second").json()["document"]
    assert (copy["title"], copy.get("state", "draft"), "title" in copy["translations"]["en"], copy["translations"]["en"]["thanks"]) == ("Nach dem Besuch", "draft", False, "Thank you.")
    assert local.post("/api/v1/surveys/second/edits", json={"changes": [question]}).json()["applied"]
    assert local.get("/api/v1/surveys/second/results").json()["counts"]["responses"] == 0


def test_the_answers_to_a_choice_are_shares_with_their_interval(local: TestClient, here: Here) -> None:
    local.post("/api/v1/surveys", json={"id": "choosing", "template": "csat", "access": "public"})
    choice = {"id": "how", "text": "Wie kamen Sie zu uns?", "instrument": "choice", "options": ["Messe", "Suche", "Brief"]}
    local.post("/api/v1/surveys/choosing/edits", json={"changes": [{"do": "add", "collection": "questions", "thing": choice}]})
    local.post("/api/v1/surveys/choosing/state", json={"state": "open"})
    room = Surveys(here.workspace.atlas)
    for number in range(12):
        if number == 9:
            early = next(row for row in local.get("/api/v1/surveys/choosing/results").json()["questions"] if row["question"] == "how")
            assert [(one["count"], one["figure"]["value"], one["figure"]["why"]) for one in early["options"]] == [(6, None, "too few"), (3, None, "too few"), (0, None, "too few")]
        room.submit("choosing", {"satisfied": "5", "how": "Suche" if number % 3 == 0 else "Messe"})
    found = next(row for row in local.get("/api/v1/surveys/choosing/results").json()["questions"] if row["question"] == "how")
    messe = found["options"][0]
    assert (messe["option"], messe["count"], round(messe["figure"]["value"], 4), messe["figure"]["n"]) == ("Messe", 8, 0.6667, 12)
    # Wilson's interval of 8 of 12, from R: prop.test(8, 12, correct = FALSE)
    assert (round(messe["figure"]["low"], 4), round(messe["figure"]["high"], 4)) == (0.3906, 0.8619)


def test_what_was_taken_off_a_list_is_listed_apart(local: TestClient) -> None:
    local.post("/api/v1/surveys", json={"id": "gone", "template": "csat"})
    local.delete("/api/v1/surveys/gone")
    apart = local.get("/api/v1/surveys", params={"removed": True}).json()
    assert ([row["id"] for row in apart], "gone" in [row["id"] for row in local.get("/api/v1/surveys").json()]) == (["gone"], False)
    assert local.post("/api/v1/surveys/gone/restore", json={"to": str(apart[0]["revision"])}).status_code == 200
    assert "gone" in [row["id"] for row in local.get("/api/v1/surveys").json()]


def test_nobody_writes_over_what_a_review_froze_and_of_a_closed_one_only_the_tasks_go_on(local: TestClient) -> None:
    local.post("/api/v1/maps/buying/edits", json={"changes": [{"do": "add", "collection": "cards", "thing": {"id": "card1", "stage": "research", "lane": "actions", "text": "Reads", "claim": "coverage(website_visit) in research >= 0.1"}}]})
    id = local.post("/api/v1/reviews", json={"map": "buying"}).json()["id"]
    local.post(f"/api/v1/reviews/{id}/tasks", json={"text": "Call them"})
    local.post(f"/api/v1/reviews/{id}/decisions", json={"text": "Fewer calls"})
    document = local.get(f"/api/v1/reviews/{id}").json()["document"]
    task, decision, claim = (next(iter(document[name])) for name in ("tasks", "decisions", "claims"))

    def edit(*changes: dict[str, object]) -> int:
        return local.post(f"/api/v1/reviews/{id}/edits", json={"changes": list(changes)}).status_code

    words = {"do": "set", "collection": "decisions", "id": decision, "path": ["text"], "value": "No calls"}
    titled, off = {"do": "set", "path": ["title"], "value": "Spring"}, {"do": "remove", "collection": "tasks", "id": task}
    frozen = [{"do": "set", "collection": "claims", "id": claim, "path": ["verdict"], "value": "confirmed"}, {"do": "remove", "collection": "claims", "id": claim}, {"do": "set", "path": ["state"], "value": "closed"}, {"do": "set", "path": ["as_of"], "absent": True}]
    assert [edit(change) for change in frozen] == [422] * 4
    assert edit(words, titled) == 200
    assert edit(titled, frozen[0]) == 422, "one that may not be keeps the others back"
    local.post(f"/api/v1/reviews/{id}/close", json={})
    going_on = [{"do": "set", "collection": "tasks", "id": task, "path": [field], "value": value} for field, value in (("done", True), ("due", "2026-12-01"), ("owner", "bo"))]
    assert [edit(change) for change in ({**words, "value": "None at all"}, {**titled, "value": "Autumn"}, off, {"do": "add", "collection": "tasks", "thing": {"id": "t-new", "text": "More"}}, {"do": "set", "collection": "tasks", "id": task, "path": ["text"], "value": "Write"})] == [422] * 5
    assert edit(*going_on) == 200
    refused = local.post(f"/api/v1/reviews/{id}/decisions", json={"text": "Late"}, headers={"Accept-Language": "de"})
    assert (refused.status_code, refused.json()["error"]["what"]) == (422, "Dieses Review ist geschlossen: Was es beschlossen hat, bleibt, wie es ist.")
    after = local.get(f"/api/v1/reviews/{id}").json()["document"]
    assert (after["title"], after["decisions"][decision]["text"], after["tasks"][task]["done"], after["tasks"][task]["owner"]) == ("Spring", "No calls", True, "bo")
    assert after["claims"] == document["claims"]


def test_a_review_says_its_claims_cards_and_stages_in_words(local: TestClient) -> None:
    document = local.get("/api/v1/maps/buying").json()["document"]
    card = {"id": "c-said", "stage": next(iter(document["stages"])), "lane": "actions", "text": "They watch it", "claim": "coverage(webinar) >= 0.01"}
    assert local.post("/api/v1/maps/buying/edits", json={"changes": [{"do": "add", "collection": "cards", "thing": card}]}).status_code == 200
    local.post("/api/v1/reviews", json={"map": "buying"})
    first = local.get("/api/v1/reviews").json()[-1]["id"]
    local.post(f"/api/v1/reviews/{first}/close", json={})
    change = {"do": "set", "collection": "cards", "id": "c-said", "path": ["claim"], "value": "coverage(webinar) >= 0.02"}
    assert local.post("/api/v1/maps/buying/edits", json={"changes": [change]}).status_code == 200
    second = local.post("/api/v1/reviews", json={"map": "buying"}).json()["id"]
    told = local.get(f"/api/v1/reviews/{second}/since").json()
    assert [one["claim"] for one in told["since"]["gone"]] == ["coverage(webinar) >= 0.01"]
    assert told["words"]["claims"]["coverage(webinar) >= 0.01"]["de"].startswith("Mindestens 1")
    assert told["words"]["claims"]["coverage(webinar) >= 0.02"]["en"].startswith("At least 2")
    assert told["words"]["cards"]["c-said"]["de"] == "They watch it"
    assert told["since"]["gone"][0]["stage"] in told["words"]["stages"]


def test_a_map_is_drafted_from_the_evidence(local: TestClient) -> None:
    assert local.post("/api/v1/maps", json={"id": "drafted"}).status_code == 201
    done = local.post("/api/v1/maps/drafted/draft")
    assert done.status_code == 200, done.text
    cards = local.get("/api/v1/maps/drafted").json()["document"]["cards"].values()
    assert any(card["provenance"] == "data" for card in cards)


def test_no_cell_of_an_export_acts(local: TestClient, here: Here) -> None:
    card = next(iter(here.workspace.atlas.map("buying").cards))
    for text in ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2", "@SUM(1)", "\t=1"):
        local.post("/api/v1/maps/buying/edits", json={"changes": [{"do": "set", "collection": "cards", "id": card, "path": ["text"], "value": text}]})
        table = local.get("/api/v1/maps/buying/export?format=csv&language=de").content.decode("utf-8-sig")
        row = next(row for row in csv.reader(io.StringIO(table), delimiter=";") if card in row)
        assert f"'{text}" in row
        assert text not in row
        book = zipfile.ZipFile(io.BytesIO(local.get("/api/v1/maps/buying/export?format=xlsx").content))
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_answers_are_files_in_every_format(local: TestClient) -> None:
    starts = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF", "svg": b"<", "html": b"<!"}
    for format, start in starts.items():
        answer = local.get(f"/api/v1/analyses/stages/export?format={format}&language=de")
        assert answer.status_code == 200, (format, answer.text[:300])
        assert answer.content.lower().startswith(start.lower()), format
        assert answer.headers["content-disposition"].startswith("attachment"), "a file is never shown in place"
    rows = local.get("/api/v1/accounts.csv?language=en").content.decode("utf-8-sig").splitlines()
    assert len(rows) == local.get("/api/v1/accounts").json()["total"] + 1
    assert local.get("/api/v1/maps/buying/export?format=pdf").content.startswith(b"%PDF")


def test_lists_of_companies_are_searched_filtered_and_paged(local: TestClient) -> None:
    whole = local.get("/api/v1/accounts?size=1000&sort=name&down=false").json()
    assert len(whole["rows"]) == whole["total"]
    pages = [row for page in (1, 2, 3) for row in local.get(f"/api/v1/accounts?size=7&sort=name&down=false&page={page}").json()["rows"]]
    assert pages == whole["rows"][:21]
    one = whole["rows"][5]
    assert one["account_id"] in [row["account_id"] for row in local.get("/api/v1/accounts", params={"search": one["name"].upper()}).json()["rows"]]
    lost = local.get("/api/v1/accounts?outcome=lost&outcome=won&size=1000").json()
    assert 0 < lost["total"] < whole["total"]
    assert local.get("/api/v1/accounts?sort=secret").status_code == 422


def test_the_language_of_an_answer_is_as_asked(local: TestClient) -> None:
    german, english = (local.get(f"/api/v1/analyses/stages?language={language}").json() for language in ("de", "en"))
    assert german["title"] != english["title"]
    assert german["rows"] == english["rows"]
    assert german["headings"]["lost"] != english["headings"]["lost"]
    assert local.get("/api/v1/analyses/nothing").status_code == 404
    assert local.get("/api/v1/analyses/stages?segment=nowhere").status_code == 404
    assert local.get("/api/v1/analyses/stages?as_of=2020-01-01").status_code == 409


def test_personas_are_made_and_edited(role: Callable[[str], TestClient]) -> None:
    editor = role("editor")
    template = editor.get("/api/v1/templates").json()["personas"][0]["id"]
    assert editor.post("/api/v1/personas", json={"id": "buyer", "template": template, "title": "Einkauf"}).status_code == 201
    assert editor.post("/api/v1/personas", json={"id": "buyer"}).status_code == 422
    done = editor.post("/api/v1/personas/buyer/edits", json={"changes": [{"do": "set", "path": ["sentence"], "value": "Kauft ein."}]}).json()
    found = editor.get("/api/v1/personas/buyer").json()
    assert (found["revision"], found["document"]["sentence"]) == (done["revision"], "Kauft ein.")
    assert editor.get("/api/v1/personas/buyer/page").status_code == 200
    assert editor.post("/api/v1/personas/buyer/undo", json={}).json()["applied"]
    assert editor.get("/api/v1/personas/buyer/history").json()["edits"][0]["undoes"]
