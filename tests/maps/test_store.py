"""The store: every edit is in the log, every revision can be had, nothing acknowledged is lost. On SQLite and PostgreSQL."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from etappe.errors import MapFault, NotFound
from etappe.maps import database, due
from etappe.maps.changes import Add, Change, Link, Move, Remark, Remove, Set, Several
from etappe.maps.database import sqlite_url
from etappe.maps.edits import Edit, about
from etappe.maps.map import Map
from etappe.maps.persona import Persona
from etappe.maps.store import Store


def made() -> Map:
    return Map.load({
        "id": "machine-buying", "title": "Maschine kaufen", "owner": "anna", "review_by": "2026-12-01", "x-own": {"a": [1]},
        "stages": {"research": {"id": "research", "order": "V"}}, "lanes": {"actions": {"id": "actions", "order": "V", "kind": "actions"}},
        "cards": {"c1": {"id": "c1", "stage": "research", "lane": "actions", "text": "liest\0 nach 🙂"}},
    })  # fmt: skip


def say(id: str, text: str) -> Change:
    return Set(collection="cards", id=id, path=("text",), value=text)


def replay(document: Map, edits: list[Edit]) -> Map:
    """The document after some edits, in the order of the log."""
    for edit in edits:
        document = edit.change.on(document)
    return document


def test_what_was_put_in_comes_out_and_is_listed(store: Store) -> None:
    store.create(made(), "anna")
    assert store.load(Map, "machine-buying") == made()
    (row,) = store.listed("map")
    assert (row.title, row.owner, str(row.review_by), row.revision, row.changed_by) == ("Maschine kaufen", "anna", "2026-12-01", 1, "anna")
    assert store.listed("persona") == []


def test_every_revision_can_be_had_backwards_and_forwards(store: Store) -> None:
    store.create(made(), "anna")
    states = [made()]
    for change in (say("c1", "eins"), Move(collection="cards", id="c1", to={"lane": "pain_points"}), Remove(collection="cards", id="c1"), Add(collection="cards", thing={"id": "c2", "text": "neu"})):
        states.append(store.apply("map", "machine-buying", change, "ben").document)  # type: ignore[arg-type]
    for number, state in enumerate(states, start=1):
        assert store.load(Map, "machine-buying", number) == state
        assert replay(Map.load({"id": "machine-buying"}), store.edits("map", "machine-buying")[:number]) == state
    with pytest.raises(NotFound, match="revision 9"):
        store.load(Map, "machine-buying", 9)


def test_two_edits_of_one_field_at_once_are_both_in_the_log_and_the_later_is_told(store: Store) -> None:
    store.create(made(), "anna")
    first = store.apply("map", "machine-buying", say("c1", "von Ben"), "ben", base=1)
    second = store.apply("map", "machine-buying", say("c1", "von Cem"), "cem", base=1)
    assert first.edit is not None
    assert second.edit is not None
    assert first.edit.over == ()
    (told,) = second.edit.over
    assert (told.address, told.author, told.revision) == (("cards", "c1", "text"), "ben", 2)
    assert "ben" in told.words()
    assert store.load(Map, "machine-buying").cards["c1"].text == "von Cem"
    assert [edit.author for edit in store.edits("map", "machine-buying")] == ["anna", "ben", "cem"]
    assert store.edits("map", "machine-buying")[-1].over == second.edit.over


def test_independent_edits_at_once_are_told_nothing(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", say("c1", "von Ben"), "ben", base=1)
    applied = store.apply("map", "machine-buying", Set(collection="cards", id="c1", path=("owner",), value="cem"), "cem", base=1)
    assert applied.edit is not None
    assert applied.edit.over == ()


def test_an_edit_sent_twice_is_done_once_and_one_that_changes_nothing_is_no_edit(store: Store) -> None:
    store.create(made(), "anna")
    for _ in range(2):
        applied = store.apply("map", "machine-buying", say("c1", "neu"), "ben", edit_id="e-1")
        assert applied.revision == 2
    assert store.apply("map", "machine-buying", say("c1", "neu"), "ben").edit is None
    assert len(store.edits("map", "machine-buying")) == 2


def test_undo_and_redo_walk_the_authors_own_edits(store: Store) -> None:
    store.create(made(), "anna")
    texts = ["eins", "zwei", "drei"]
    for text in texts:
        store.apply("map", "machine-buying", say("c1", text), "ben")
    store.apply("map", "machine-buying", Set(path=("title",), value="anders"), "cem")

    def text() -> str:
        return store.load(Map, "machine-buying").cards["c1"].text

    seen = [text() for _ in range(3) if store.undo("map", "machine-buying", "ben")]
    assert seen == ["zwei", "eins", made().cards["c1"].text]
    with pytest.raises(MapFault, match="nothing to undo"):
        store.undo("map", "machine-buying", "ben")
    assert [text() for _ in range(3) if store.redo("map", "machine-buying", "ben")] == texts
    with pytest.raises(MapFault, match="nothing to redo"):
        store.redo("map", "machine-buying", "ben")
    store.undo("map", "machine-buying", "ben")
    assert text() == "zwei"
    assert store.load(Map, "machine-buying").title == "anders"


def test_things_of_a_collection_are_counted_where_they_are_kept(store: Store) -> None:
    store.create(made(), "anna")
    store.create(Map.load({"id": "without"}), "anna")
    store.create(Map.load({"id": "gone", "cards": {"c1": {"id": "c1"}}}), "anna")
    store.remove("map", "gone")
    for number in range(2, 5):
        store.apply("map", "machine-buying", Add(collection="cards", thing={"id": f"c{number}"}), "ben")
    assert store.counted("map", "cards") == {"machine-buying": 4, "without": 0}
    assert store.counted("persona", "cards") == {}


def test_fields_of_documents_are_read_where_they_are_kept_whatever_stands_in_them(store: Store) -> None:
    store.create(Map.load({"id": "one", "title": "Erst\0kauf", "owner": "anna", "scenario": "a “b” {c}"}), "anna")
    store.create(Map.load({"id": "bare"}), "anna")
    store.create(Map.load({"id": "gone", "owner": "ben"}), "anna")
    store.remove("map", "gone")
    assert store.fields("map", "owner", "scenario") == {"one": {"owner": "anna", "scenario": "a “b” {c}"}, "bare": {"owner": "", "scenario": ""}}
    assert store.counted("map", "cards") == {"one": 0, "bare": 0}
    assert store.fields("persona", "owner") == {}


def test_undo_does_not_write_over_what_somebody_else_did_since(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", say("c1", "von Ben"), "ben")
    store.apply("map", "machine-buying", say("c1", "von Cem"), "cem")
    with pytest.raises(MapFault, match="cem changed “von Cem” since"):
        store.undo("map", "machine-buying", "ben")
    store.undo("map", "machine-buying", "ben", force=True)
    assert store.load(Map, "machine-buying").cards["c1"] == made().cards["c1"]


def test_a_new_card_is_taken_back_and_brought_back_whole(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", Add(collection="cards", thing={"id": "c9", "text": "Neues von Ben"}), "ben")
    store.undo("map", "machine-buying", "ben")
    assert "c9" not in store.load(Map, "machine-buying").cards
    store.redo("map", "machine-buying", "ben")
    assert store.load(Map, "machine-buying").cards["c9"].text == "Neues von Ben"


@pytest.mark.parametrize(("theirs", "said"), [
    (say("c9", "umgeschrieben"), "cem changed “umgeschrieben” since"),
    (Remark(id="k1", about="c9", text="Wirklich?", author="cem", at="2026-01-02T10:00:00Z"), "cem added to “Neues von Ben” since"),
])  # fmt: skip
def test_undo_does_not_take_away_what_somebody_else_put_on_a_new_card(store: Store, theirs: Change, said: str) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", Add(collection="cards", thing={"id": "c9", "text": "Neues von Ben"}), "ben")
    store.apply("map", "machine-buying", theirs, "cem")
    with pytest.raises(MapFault, match=said) as fault:
        store.undo("map", "machine-buying", "ben")
    assert "would go too" in str(fault.value.do_next)
    store.undo("map", "machine-buying", "cem")
    store.undo("map", "machine-buying", "ben")
    assert "c9" not in store.load(Map, "machine-buying").cards


def test_a_new_stage_stays_where_somebody_else_put_a_card_into_it(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", Add(collection="stages", thing={"id": "s9", "title": "Nutzung"}), "ben")
    store.apply("map", "machine-buying", Add(collection="cards", thing={"id": "c9", "text": "Von Cem", "stage": "s9"}), "cem")
    with pytest.raises(MapFault, match="cem added to “Nutzung” since"):
        store.undo("map", "machine-buying", "ben")


def test_a_card_or_the_whole_map_can_be_restored_and_the_restoring_is_an_edit(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", Several(changes=(Remove(collection="cards", id="c1"), Set(path=("title",), value="anders"))), "ben")
    store.restore("map", "machine-buying", 1, "cem", only="c1")
    document = store.load(Map, "machine-buying")
    assert (document.cards["c1"], document.title) == (made().cards["c1"], "anders")
    store.restore("map", "machine-buying", 1, "cem")
    assert store.load(Map, "machine-buying") == made()
    assert store.edits("map", "machine-buying")[-1].change.words() == "restored all as of revision 1"
    with pytest.raises(NotFound, match="no `c7`"):
        store.restore("map", "machine-buying", 1, "cem", only="c7")


def test_the_history_of_a_card_has_its_edits_and_comments_and_no_others(store: Store) -> None:
    store.create(made(), "anna")
    store.apply("map", "machine-buying", say("c1", "neu"), "ben")
    store.apply("map", "machine-buying", Set(path=("title",), value="anders"), "ben")
    store.apply("map", "machine-buying", Link(collection="cards", id="c1", evidence={"ref": "survey:nps"}), "cem")
    store.apply("map", "machine-buying", Remark(id="m1", about="c1", text="stimmt das?", author="cem", at="2026-01-02T03:04:05Z"), "cem")  # type: ignore[arg-type]
    assert [edit.revision for edit in about(store.edits("map", "machine-buying"), "c1")] == [1, 2, 4, 5]


def test_a_removed_document_is_off_the_list_and_can_be_brought_back(store: Store) -> None:
    store.create(made(), "anna")
    store.remove("map", "machine-buying")
    assert store.listed("map") == []
    with pytest.raises(NotFound, match="restore"):
        store.load(Map, "machine-buying")
    with pytest.raises(MapFault, match="already"):
        store.create(made(), "anna")
    store.restore("map", "machine-buying", 1, "anna")
    assert store.load(Map, "machine-buying") == made()


def test_a_named_version_stays_what_it_was(store: Store) -> None:
    store.create(made(), "anna")
    mark = store.mark("map", "machine-buying", "vor dem Workshop", "anna")
    store.apply("map", "machine-buying", say("c1", "neu"), "ben")
    (found,) = store.marks("map", "machine-buying")
    assert (found.name, found.revision) == (mark.name, 1)
    assert store.load(Map, "machine-buying", found.revision) == made()


def test_a_wrong_edit_is_refused_and_leaves_no_trace(store: Store) -> None:
    store.create(made(), "anna")
    with pytest.raises(MapFault, match="effort"):
        store.apply("map", "machine-buying", Set(collection="cards", id="c1", path=("effort",), value=9), "ben")
    assert len(store.edits("map", "machine-buying")) == 1


def test_an_unknown_name_is_answered_with_the_nearest(store: Store) -> None:
    store.create(made(), "anna")
    with pytest.raises(NotFound) as caught:
        store.load(Map, "machine-bying")
    assert "machine-buying" in caught.value.do_next


def test_documents_of_different_kinds_may_bear_one_name(store: Store) -> None:
    store.create(made(), "anna")
    store.create(Persona.load({"id": "machine-buying", "traits": {"t": {"id": "t", "kind": "goal", "text": "Ruhe"}}}), "anna")
    assert store.load(Persona, "machine-buying").traits["t"].text == "Ruhe"


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    store.create(made(), "anna")

    def write(author: str) -> None:
        other = Store(store.database.url)
        for number in range(8):
            other.apply("map", "machine-buying", Add(collection="cards", thing={"id": f"{author}-{number}"}), author)
        other.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("ben", "cem", "dora")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    document = store.load(Map, "machine-buying")
    assert len(document.cards) == 1 + 3 * 8
    assert [edit.revision for edit in store.edits("map", "machine-buying")] == list(range(1, 26))


def test_two_who_open_a_new_database_at_once_both_find_it_ready(url: str) -> None:
    opened: list[Store] = []
    threads = [threading.Thread(target=lambda: opened.append(Store(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for item in opened:
        item.close()


def test_who_opens_a_file_that_another_is_writing_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "model.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # a file in SQLite's first mode, as a new one is for a moment
        opened: list[Store] = []
        thread = threading.Thread(target=lambda: opened.append(Store(sqlite_url(path))))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), opened
        other.execute("COMMIT")
        thread.join()
    assert len(opened) == 1
    opened[0].close()


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    inspector = sa.inspect(store.database.engine)
    for table in database.META.tables.values():
        made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
    scripts = Path(database.__file__).parent / "migrations" / "versions"
    assert max(path.name[1:5] for path in scripts.glob("v*.py")) == due.HEAD


def test_a_database_of_a_newer_etappe_is_refused(store: Store) -> None:
    with store.database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MapFault, match="newer etappe"):
        Store(store.database.url)


@pytest.mark.parametrize(("url", "word"), [("nonsense", "no address"), ("mysql://x/y", "database|driver|kept"), ("postgresql://nobody@127.0.0.1:1/x", "cannot be opened")])
def test_an_unusable_address_is_told_without_its_password(url: str, word: str) -> None:
    with pytest.raises(MapFault, match=word):
        Store(url)


_KILLED = """
import sys
from etappe.maps.changes import Add
from etappe.maps.store import Store
store = Store(sys.argv[1])
for number in range(100000):
    store.apply("map", "machine-buying", Add(collection="cards", thing={"id": f"k{number}"}), "ben")
    print(number, flush=True)
"""


def test_acknowledged_edits_survive_a_killed_process(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "model.db")
    store = Store(url)
    store.create(made(), "anna")
    store.close()
    process = subprocess.Popen([sys.executable, "-c", _KILLED, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(12)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout if line.strip()]
    process.wait()
    again = Store(url)
    document = again.load(Map, "machine-buying")
    edits = again.edits("map", "machine-buying")
    again.close()
    assert {f"k{number}" for number in acknowledged} <= set(document.cards)
    assert replay(Map.load({"id": "machine-buying"}), edits) == document
