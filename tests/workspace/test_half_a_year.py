"""A map is reviewed, half a year of further data comes in, and the next review tells the right differences."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from etappe.maps.changes import Add, Remove
from etappe.maps.review import Review
from etappe.sources.schema import EVIDENCE
from etappe.tables.lake import Lake
from etappe.tables.sifting import Counts
from etappe.workspace.reviews import Reviews
from etappe.workspace.state import status
from etappe.workspace.workspace import Workspace, init_workspace, open_workspace

FIRST, SECOND = dt.datetime(2025, 12, 31, tzinfo=dt.UTC), dt.datetime(2026, 6, 30, tzinfo=dt.UTC)


def import_known(ws: Workspace, lake: Lake, day: dt.datetime) -> None:
    """Imports what exports of that day would have held: what had happened by then, and deals as they stood."""
    tables = {name: [pq.ParquetFile(path).read() for path in lake.files(name)] for name in EVIDENCE}
    sources = {source for parts in tables.values() for part in parts for source in pc.unique(part["source"]).to_pylist()}
    with ws._engine() as engine:
        for source in sorted(sources):
            with ws.lake.staging(day) as staged:
                for name, parts in tables.items():
                    for part in parts:
                        rows = part.filter(pc.equal(part["source"], source))
                        rows = as_known(name, rows, day)
                        if rows.num_rows:
                            moment, number = (pa.array([value] * rows.num_rows, rows.schema.field(column).type) for column, value in (("learned_at", day), ("import_id", staged.import_id)))
                            for column, values in (("learned_at", moment), ("import_id", number)):
                                rows = rows.set_column(rows.schema.get_field_index(column), rows.schema.field(column), values)
                            pq.write_table(rows, staged.path(name))
                ws.lake.commit(engine, staged, source, f"{source} {day:%Y-%m-%d}", report)


def report(counts: dict[str, Counts]) -> dict[str, Any]:
    """What the ledger keeps of an import."""
    return {"imported_at": dt.datetime.now(dt.UTC).isoformat(), "tables": {name: item.to_dict() for name, item in counts.items()}, "quarantined": 0}


def as_known(name: str, rows: pa.Table, day: dt.datetime) -> pa.Table:
    if name in ("events", "deals", "deal_stages", "feedback", "searches"):
        rows = rows.filter(pc.less_equal(rows["happened_at"], pa.scalar(day, rows.schema.field("happened_at").type)).fill_null(True))
    if name == "deals":
        later = pc.greater(rows["closed_at"], pa.scalar(day, rows.schema.field("closed_at").type)).fill_null(False)
        for column, value in (("status", "open"), ("closed_at", None), ("lost_reason", None)):
            place = rows.schema.get_field_index(column)
            rows = rows.set_column(place, rows.schema.field(column), pc.if_else(later, pa.scalar(value, rows.schema.field(column).type), rows[column]))
    return rows


def on_day(ws: Workspace, day: dt.datetime) -> Workspace:
    """The workspace on that day: its settings say so."""
    text = ws.folder.settings.read_text(encoding="utf-8")
    lines = [f'as_of = "{day:%Y-%m-%d}"' if line.startswith("as_of") else line for line in text.splitlines()]
    ws.folder.settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ws.atlas.close()
    return open_workspace(ws.folder.root)


def card(id: str, claim: str, **fields: Any) -> Add:
    return Add(collection="cards", thing={"id": id, "stage": "preselection", "lane": "actions", "order": "V", "text": id, "claim": claim, **fields})


def frozen(review: Review) -> dict[str, tuple[str, Any]]:
    return {item.card: (item.verdict, item.figure and (item.figure.value, item.figure.n)) for item in review.claims.values()}


@pytest.fixture(scope="module")
def reviewed(company: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Review, Review]:
    source = open_workspace(company / "workspace")
    ws = init_workspace(tmp_path_factory.mktemp("half") / "workspace", language="de", as_of=f"{FIRST:%Y-%m-%d}")
    rules = ws.folder.rules / "identity.yaml"
    rules.write_text((source.folder.rules / "identity.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    import_known(ws, source.lake, FIRST)
    ws.build()
    ws.atlas.new_map("kauf", "anna", template="seven-phases", language="de", journey=["first_purchase", "repurchase", "renewal", "expansion"])
    n = ws_n(ws)
    for change in (
        card("grows", f"coverage(pricing page) in preselection >= 0.05 with n >= {n + 10}"), card("tickets", "mention(montage) >= 1 of tickets"),
        card("goes", "coverage(webinar) in preselection >= 0.01"), card("page", "", touchpoint="product page", stage="supplier_search"),
    ):  # fmt: skip
        ws.atlas.apply("map", "kauf", change, "anna")
    room = Reviews(ws.atlas)
    first = room.start("kauf", "anna", ws.check("kauf").to_dict(), attendees=("anna", "ben"))
    room.task(first.id, "Preisseite kürzen", "anna", owner="ben", due=dt.date(2026, 3, 1), card="grows")
    room.close("kauf", "anna")
    ws = on_day(ws, SECOND)
    import_known(ws, source.lake, SECOND)
    ws.build()
    for change in (Remove(collection="cards", id="page"), Remove(collection="cards", id="goes"), card("new", "coverage(case study) in preselection >= 0.01")):
        ws.atlas.apply("map", "kauf", change, "anna")
    return ws, first, Reviews(ws.atlas).start("kauf", "anna", ws.check("kauf").to_dict())


def ws_n(ws: Workspace) -> int:
    ws.atlas.apply("map", "kauf", card("size", "coverage(pricing page) in preselection >= 0.05"), "anna")
    figure = ws.check("kauf", remember=False).claims[0].figure
    ws.atlas.apply("map", "kauf", Remove(collection="cards", id="size"), "anna")
    assert figure is not None
    return figure.n


def test_the_second_review_tells_what_turned_moved_came_and_went(reviewed: tuple[Workspace, Review, Review]) -> None:
    ws, first, second = reviewed
    told = Reviews(ws.atlas).since(second)
    assert told is not None
    assert [(item.card, item.before, item.after) for item in told.flips] == [("grows", "too_few", "confirmed")]
    assert [item.card for item in told.moved] == ["tickets"], "more tickets speak of it: a count that has certainly grown"
    assert [item.card for item in told.added] == ["new"]
    assert [item.card for item in told.gone] == ["goes"]
    assert ("supplier_search", "product page") in {(item.stage, item.what) for item in told.new_spots}
    assert (first.as_of, second.as_of) == (FIRST.date(), SECOND.date())
    text = Reviews(ws.atlas).text(second.id)
    assert re.search(r"zu wenige[^|]*\| ✓ bestätigt", text)


def test_frozen_numbers_stay_as_they_were_known_that_day(reviewed: tuple[Workspace, Review, Review]) -> None:
    ws, first, _ = reviewed
    assert frozen(Reviews(ws.atlas).load(first.id)) == frozen(first)
    again = {item.card: item for item in ws.check("kauf", as_of=f"{FIRST:%Y-%m-%d}", remember=False).claims}
    for name in ("grows", "tickets"):
        figure = again[name].figure
        verdict, known = frozen(first)[name]
        assert figure is not None
        assert (again[name].verdict.value, (figure.value, figure.n)) == (verdict, known), "the evidence of that day gives them again"


def test_a_verdict_that_turned_is_remembered_with_both_days(reviewed: tuple[Workspace, Review, Review]) -> None:
    ws, _, _ = reviewed
    claim = next(item for item in ws.check("kauf").claims if item.card == "grows")
    assert (claim.verdict.value, claim.since, claim.before) == ("confirmed", SECOND.date(), "too_few")


def test_status_says_which_maps_and_tasks_are_overdue(reviewed: tuple[Workspace, Review, Review]) -> None:
    ws, _, _ = reviewed
    found = status(ws.folder, ws.settings)["reviews"]
    assert [(row["task"]["text"], row["days"]) for row in found["tasks"]] == [("Preisseite kürzen", 121)]
    assert found["maps"] == []
    late = on_day(ws, dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
    assert [row["map"] for row in status(late.folder, late.settings)["reviews"]["maps"]] == ["kauf"]
    assert any("kauf" in hint for hint in status(late.folder, late.settings)["hints"])
    on_day(late, SECOND)
