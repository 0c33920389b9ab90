"""Changes: each can be taken back, and independent ones may come in any order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from etappe.maps.addresses import overlap
from etappe.maps.changes import CHANGE, Add, Change, Move, Remove, Set
from etappe.maps.difference import difference, merge
from etappe.maps.map import Map

from .make import changes, maps


@settings(max_examples=50)
@given(maps(), changes())
def test_a_change_taken_back_leaves_the_same_map(document: Map, change: Change) -> None:
    after = change.on(document)
    assert change.inverse(document).on(after) == document


@settings(max_examples=40)
@given(maps(), st.lists(changes(), max_size=5), st.randoms(use_true_random=False))
def test_independent_changes_give_the_same_map_in_any_order(document: Map, several: list[Change], random: object) -> None:
    independent: list[Change] = []
    for change in several:
        if all(not overlap(change.touches(), other.touches()) for other in independent):
            independent.append(change)
    shuffled = list(independent)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = document, document
    for change in independent:
        one = change.on(one)
    for change in shuffled:
        other = change.on(other)
    assert one == other


@settings(max_examples=30)
@given(maps(), changes())
def test_a_change_writes_nothing_but_what_it_touches(document: Map, change: Change) -> None:
    """Any other change that leaves these addresses alone is not affected: the written difference lies within them."""
    written = difference(document, change.on(document)).touches()
    places = {address for address in written if address[-1:] != ("place",)}
    touched = change.touches()
    assert all(any(address[:length] in touched or _wider(address[:length], touched) for length in range(1, len(address) + 1)) for address in places)


def _wider(address: tuple[str, ...], touched: frozenset[tuple[str, ...]]) -> bool:
    return any(other[: len(address)] == address for other in touched)


@settings(max_examples=25)
@given(maps(), maps())
def test_the_difference_makes_the_one_of_the_other(before: Map, after: Map) -> None:
    change = difference(before, after)
    assert change.on(before) == after
    assert change.inverse(before).on(after) == before
    assert not difference(after, after).changes


@given(changes())
def test_a_change_travels_as_json(change: Change) -> None:
    assert CHANGE.validate_json(CHANGE.dump_json(change)) == change


@settings(max_examples=30)
@given(maps(), changes(), changes())
def test_independent_edits_merge_to_the_same_map_whoever_comes_first(base: Map, mine: Change, theirs: Change) -> None:
    ours, others = mine.on(base), theirs.on(base)
    one, two = merge(base, ours, others), merge(base, others, ours)
    assert set(one.conflicts) == set(two.conflicts)
    if not one.conflicts:
        assert one.change.on(ours) == two.change.on(others)


@settings(max_examples=25)
@given(maps(), changes())
def test_the_same_edit_made_twice_is_no_conflict(base: Map, change: Change) -> None:
    after = change.on(base)
    merged = merge(base, after, after)
    assert not merged.conflicts
    assert merged.change.on(after) == after


def test_two_edits_of_the_same_field_are_told_and_the_later_counts() -> None:
    base = Map.load({"id": "m", "cards": {"c1": {"id": "c1", "text": "alt"}}})
    mine = Set(collection="cards", id="c1", path=("text",), value="meins").on(base)
    theirs = Set(collection="cards", id="c1", path=("text",), value="ihres").on(base)
    merged = merge(base, mine, theirs)
    assert merged.conflicts == (("cards", "c1", "text"),)
    assert merged.change.on(mine).cards["c1"].text == "ihres"


def test_a_move_and_a_rename_of_one_card_are_independent_but_two_moves_are_not() -> None:
    here = Move(collection="cards", id="c1", to={"stage": "research"})
    assert not overlap(here.touches(), Set(collection="cards", id="c1", path=("text",), value="x").touches())
    assert overlap(here.touches(), Move(collection="cards", id="c1", to={"lane": "actions"}).touches())
    assert overlap(here.touches(), Remove(collection="cards", id="c1").touches())


def test_a_card_written_into_a_stage_that_is_removed_at_the_same_time_is_not_lost() -> None:
    base = Map.load({"id": "m", "stages": {"research": {"id": "research"}}})
    add = Add(collection="cards", thing={"id": "c1", "stage": "research", "text": "bleibt"})
    remove = Remove(collection="stages", id="research")
    assert add.on(remove.on(base)) == remove.on(add.on(base))
    assert add.on(remove.on(base)).cards["c1"].text == "bleibt"


def test_a_change_keeps_keys_that_nobody_knows() -> None:
    base = Map.load({"id": "m", "colour": "red", "cards": {"c1": {"id": "c1", "x-own": [1]}}})
    after = Set(collection="cards", id="c1", path=("text",), value="neu").on(Set(path=("title",), value="T").on(base))
    assert after.plain()["colour"] == "red"
    assert after.cards["c1"].plain()["x-own"] == [1]
