"""Reviews: what was frozen stays, what changed is told, and only what is certain."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from etappe.maps.document import Measured
from etappe.maps.map import Map
from etappe.maps.review import Review, certain, frozen, since
from etappe.maps.stated import stated
from etappe.words.claim_names import Vocabulary


def claim(card: str, verdict: str, value: float, low: float, high: float) -> dict[str, Any]:
    return {"card": card, "stage": "research", "lane": "actions", "claim": f"coverage({card}) >= 0.3", "verdict": verdict, "figure": {"value": value, "low": low, "high": high, "n": 90, "unit": "share"}, "recipe": {"name": "coverage", "version": 1}}


def review(name: str, *claims: dict[str, Any], spots: tuple[str, ...] = ()) -> Review:
    check = {"as_of": "2026-06-30T23:59:59Z", "claims": list(claims), "blind_spots": [{"stage": "research", "touchpoint": spot, "coverage": {"value": 0.4, "low": 0.3, "high": 0.5, "n": 50}} for spot in spots], "agreement": {"value": 0.7, "low": 0.6, "high": 0.8, "n": 300}}
    return Review.load({"id": name, "of": "m", "before": "", "started_on": "2026-06-30", **frozen(check)})


def test_flips_certain_changes_new_and_gone_claims_are_told_apart() -> None:
    before = review("m-1", claim("a", "confirmed", 0.5, 0.4, 0.6), claim("b", "confirmed", 0.5, 0.4, 0.6), claim("c", "confirmed", 0.5, 0.4, 0.6), claim("d", "no_data", 0, 0, 0), spots=("webinar",))
    after = review("m-2", claim("a", "contradicted", 0.2, 0.1, 0.25), claim("b", "confirmed", 0.75, 0.65, 0.85), claim("c", "confirmed", 0.55, 0.45, 0.65), claim("e", "undecided", 0.3, 0.2, 0.4), spots=("webinar", "roi calculator"))
    changed = since(before, after)
    assert [(item.card, item.before, item.after) for item in changed.flips] == [("a", "confirmed", "contradicted")]
    assert [item.card for item in changed.moved] == ["b"]
    assert ([item.card for item in changed.added], [item.card for item in changed.gone]) == (["e"], ["d"])
    assert ([item.what for item in changed.new_spots], changed.closed_spots) == (["roi calculator"], [])


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_a_change_is_certain_only_where_the_intervals_do_not_touch(ends: list[float]) -> None:
    one, other = sorted(ends[:2]), sorted(ends[2:])
    before, after = Measured(value=one[0], low=one[0], high=one[1]), Measured(value=other[0], low=other[0], high=other[1])
    assert certain(before, after) is certain(after, before)
    assert certain(before, after) is (one[1] < other[0] or other[1] < one[0])
    assert not certain(before, before)
    assert not certain(before, Measured(why="too few", n=3))


def test_a_review_keeps_what_the_check_said() -> None:
    kept = review("m-1", claim("a", "too_few", 0.5, 0.4, 0.6))
    assert str(kept.as_of) == "2026-06-30"
    (item,) = kept.claims.values()
    assert (item.verdict, item.figure.n if item.figure else 0, item.figure.recipe if item.figure else "") == ("too_few", 90, "coverage")
    assert kept.agreement is not None
    assert kept.agreement.value == 0.7


def test_claims_of_a_map_come_with_the_maps_population_unless_they_say_their_own() -> None:
    document = Map.load({
        "id": "m", "journey": ["renewal"], "personas": ["it-lead"], "stages": {"research": {"id": "research", "milestone_claim": "milestone(webinar) in research"}},
        "cards": {
            "a": {"id": "a", "stage": "research", "lane": "x", "claim": "coverage(Preisseite) in Vorrecherche >= 0.3 where tier = A"},
            "b": {"id": "b", "stage": "research", "lane": "x", "order": "V", "claim": "dwell(research) <= 3 days where kind = first_purchase"},
            "c": {"id": "c", "stage": "research", "lane": "x", "order": "W", "claim": "coverge(x) >= 1"},
        },
    })  # fmt: skip
    listed = stated(document, Vocabulary({"research": ("Vorrecherche",)}, {"pricing page": ("Preisseite",), "webinar": ()}))
    assert [(item.thing, item.stage, str(item.claim) if item.claim else None) for item in listed] == [
        ("research", "research", "milestone(webinar) in research where kind = renewal and persona = it-lead"),
        ("a", "research", "coverage(pricing page) in research >= 0.3 where kind = renewal and persona = it-lead and tier = A"),
        ("b", "research", "dwell(research) <= 3 days where kind = first_purchase and persona = it-lead"),
        ("c", "research", None),
    ]
    assert listed[-1].fault is not None
