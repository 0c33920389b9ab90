"""Made maps and changes for the laws of the document side."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from etappe.maps.changes import Add, Change, Feel, Link, Move, Remark, Remove, Set, Several, Translate, Unlink
from etappe.maps.map import Map
from etappe.maps.order import spread

STAGES = ("research", "supplier_search", "decision")
LANES = ("actions", "pain_points", "touchpoints")
CARDS = tuple(f"c{number}" for number in range(6))
NEW = tuple(f"n{number}" for number in range(4))
REFS = ("interview:int-07#t=412", "survey:nps", "https://example.org/a?b=c#d")

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
scores = st.integers(-20, 20).map(lambda tenth: tenth / 10)
plain_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=5,
)  # fmt: skip
unknown = st.dictionaries(st.sampled_from(("colour", "x-own", "Notiz", "on", "größe")), plain_values, max_size=2)


@st.composite
def cards(draw: st.DrawFn, id: str, order: str) -> dict[str, Any]:
    """One card, with any of its fields."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "detail": words, "provenance": st.sampled_from(["interview", "survey", "data", "co-creation"]), "claim": words, "owner": words,
        "effort": st.integers(1, 5), "effect": st.integers(1, 5), "touchpoint": words, "moment_of_truth": st.just(True),
        "review_by": st.dates().map(str), "personas": st.lists(words, min_size=1, max_size=2),
        "translations": st.dictionaries(st.sampled_from(["en", "fr"]), st.dictionaries(st.just("text"), words, min_size=1), min_size=1, max_size=2),
        "evidence": st.lists(st.sampled_from(REFS), unique=True, min_size=1).map(lambda refs: {ref: {"ref": ref} for ref in refs}),
        "figure": st.fixed_dictionaries({"value": scores, "n": st.integers(1, 99)}),
    }  # fmt: skip
    chosen = draw(st.sets(st.sampled_from(sorted(optional)), max_size=4))
    fields = {name: draw(optional[name]) for name in sorted(chosen)}
    place = {"stage": draw(st.sampled_from(STAGES)), "lane": draw(st.sampled_from(LANES))}
    return {**draw(unknown), **fields, **place, "id": id, "order": order, "text": draw(words)}


@st.composite
def maps(draw: st.DrawFn) -> Map:
    """A map with stages, lanes, cards, points of the curve, criteria and comments, and some keys nobody knows."""
    ids = draw(st.lists(st.sampled_from(CARDS), unique=True))
    listed = {id: draw(cards(id, order)) for id, order in zip(ids, spread(len(ids)), strict=True)}
    points = draw(st.dictionaries(st.sampled_from(STAGES), scores))
    return Map.load({
        **draw(unknown), "id": "machine-buying", "title": draw(words), "scenario": draw(words), "owner": draw(words),
        "personas": draw(st.lists(words, max_size=2)), "languages": draw(st.sampled_from([[], ["en"]])),
        "stages": {id: {"id": id, "order": order, "title": draw(words), "milestone": draw(words)} for id, order in zip(STAGES, spread(3), strict=True)},
        "lanes": {id: {"id": id, "order": order, "kind": id} for id, order in zip(LANES, spread(3), strict=True)},
        "cards": listed,
        "feelings": {f"{stage}/_/_/hand": {"id": f"{stage}/_/_/hand", "stage": stage, "value": value} for stage, value in points.items()},
        "competitors": {"us": {"id": "us", "order": "V"}},
        "criteria": {"k1": {"id": "k1", "order": "V", "text": draw(words), "weight": 3, "standing": draw(st.dictionaries(st.sampled_from(["us", "rival"]), st.integers(0, 5)))}},
        "comments": {"m1": {"id": "m1", "order": "V", "on": "c1", "text": draw(words), "at": "2026-01-02T03:04:05Z"}} if draw(st.booleans()) else {},
    })  # fmt: skip


@st.composite
def changes(draw: st.DrawFn, nested: bool = True) -> Change:
    """Any change, also of things that are not there."""
    kind = draw(st.sampled_from(["set", "field", "own", "add", "remove", "move", "link", "unlink", "feel", "translate", "comment", *(["several"] if nested else [])]))
    id = draw(st.sampled_from((*CARDS, *NEW)))
    match kind:
        case "set":
            return Set(collection="cards", id=id, path=(draw(st.sampled_from(["text", "detail", "claim", "owner"])),), value=draw(words))
        case "field":
            return draw(st.sampled_from([
                Set(collection="criteria", id="k1", path=("standing", "us"), value=4), Set(collection="criteria", id="k1", path=("standing", "rival"), absent=True),
                Set(collection="cards", id=id, path=("colour",), value={"a": None}), Set(collection="cards", id=id, path=("colour",), absent=True),
                Set(collection="cards", id=id, path=("effort",), value=None), Set(collection="cards", id=id, path=("stage",), value="decision"),
            ]))  # fmt: skip
        case "own":
            return draw(st.sampled_from([Set(path=("title",), value="neu"), Set(path=("Notiz",), value=None), Set(path=("owner",), absent=True)]))
        case "add":
            return Add(collection="cards", thing=draw(cards(draw(st.sampled_from(NEW)), "W")))
        case "remove":
            return Remove(collection=draw(st.sampled_from(["cards", "stages"])), id=draw(st.sampled_from((*CARDS, *STAGES))))
        case "move":
            return Move(collection="cards", id=id, to={"stage": draw(st.sampled_from(STAGES)), "order": draw(st.sampled_from("ABC"))})
        case "link":
            return Link(collection="cards", id=id, evidence={"ref": draw(st.sampled_from(REFS)), "quote": draw(words)})
        case "unlink":
            return Unlink(collection="cards", id=id, ref=draw(st.sampled_from(REFS)))
        case "feel":
            return Feel(stage=draw(st.sampled_from(STAGES)), value=draw(st.none() | scores), how=draw(st.sampled_from(["hand", "target"])))
        case "translate":
            return Translate(collection="cards", id=id, language="en", field="text", text=draw(st.none() | words))
        case "comment":
            return Remark(id=draw(st.sampled_from(["m1", "m2"])), about=id, text=draw(words), author="anna", at=draw(st.just("2026-01-02T03:04:05Z")))
        case _:
            return Several(changes=tuple(draw(st.lists(changes(nested=False), max_size=4))))
