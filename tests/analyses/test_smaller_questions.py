"""Time before sales, buying center, channels, pauses, comparison, searches, drift, changes, playbook."""

import dataclasses
import datetime as dt
import statistics

import numpy as np
import pyarrow as pa
import pytest
import vl_convert

from etappe.analyses import analysis, draw, playbook_verdicts
from etappe.analyses.maths.resample import ratios
from etappe.analyses.playbook_rules import parse_rules
from etappe.errors import Fault, Faults, RulesFault
from etappe.tables.engine import open_engine

from .make import AS_OF, Truth, make


@pytest.fixture(scope="module")
def journeys(company):
    return {row["journey_id"]: row for row in company.engine.rows(company.journeys)}


def test_time_before_sales_is_a_share_of_decided_journeys(company, journeys):
    row = analysis.find("before-sales").ask(company).rows[0]
    parts = [
        (one["first_sales_at"] - one["started_at"]) / (one["ended_at"] - one["started_at"])
        for one in journeys.values()
        if one["first_sales_at"] and one["outcome"] in ("won", "lost")
    ]
    assert row["share_of_time"].value == pytest.approx(statistics.median(parts), abs=1e-4)
    assert row["share_of_time"].n == len(parts)
    assert row["with_sales"].value == pytest.approx(
        sum(bool(one["first_sales_at"]) for one in journeys.values()) / len(journeys)
    )


def test_the_start_event_is_named_and_an_unknown_one_has_neighbours(company):
    answer = analysis.find("before-sales").ask(company, start="webinar", by="tier")
    assert answer.population["start"] == "webinar"
    assert "webinar" in answer.caveats[0]
    with pytest.raises(Fault, match="webnar"):
        analysis.find("before-sales").ask(company, start="webnar")


def test_a_won_journey_counts_with_the_people_it_had_when_it_left_the_stage(company, journeys):
    people = {}
    for row in company.engine.rows(company.buying_center):
        people.setdefault(row["journey_id"], []).append(row)
    left = {}
    for row in company.engine.rows(company.stage_visits.filter(company.stage_visits.stage == "shortlist")):
        if journeys[row["journey_id"]]["outcome"] == "won":
            left[row["journey_id"]] = max(row["left_at"], left.get(row["journey_id"], row["left_at"]))
    sizes = [
        sum(one["first_at"] is not None and one["first_at"] <= at for one in people[name]) for name, at in left.items()
    ]
    deciders = sum(
        any(one["role"] == "decider" and one["first_at"] and one["first_at"] <= at for one in people[name])
        for name, at in left.items()
    )
    rows = {
        row["what"]: row
        for row in analysis.find("buying-center").ask(company, kind="first_purchase").rows
        if row["stage"] == "shortlist"
    }
    assert rows["people"]["won"].value == statistics.median(sizes)
    assert rows["decider"]["won"].value == pytest.approx(deciders / len(left))
    assert rows["single-threaded"]["won"].value == pytest.approx(sizes.count(1) / len(sizes))


def test_open_deals_show_their_missing_roles(company):
    rows = analysis.find("buying-center").ask(company, deals=True).rows
    assert rows
    for row in rows:
        assert not set(filter(None, row["roles"].split(", "))) & set(filter(None, row["missing"].split(", ")))
        assert row["single_threaded"] == (row["people"] <= 1)


def test_channel_shares_of_a_stage_sum_to_one_and_steps_to_all_steps(company):
    rows = analysis.find("channels").ask(company).rows
    assert sum(row["steps"] for row in rows) == company.engine.count(company.steps)
    total = {}
    for row in rows:
        key = row["journey_kind"], row["stage"]
        if row["share_of_steps"].value is not None:
            total[key] = total.get(key, 0) + row["share_of_steps"].value
    assert total
    assert list(total.values()) == pytest.approx([1.0] * len(total))
    assert sum(row["first_contacts"] for row in rows) == company.engine.count(company.journeys)


def test_the_share_of_a_channels_steps_is_as_sure_as_journeys_drawn_again_make_it(company):
    steps = company.engine.rows(company.steps.inner_join(company.journeys.select("journey_id", of="kind"), "journey_id"))
    rows = [row for row in analysis.find("channels").ask(company).rows if row["steps"] >= 150 and row["share_of_steps"].value is not None]
    assert rows
    for row in rows[:12]:
        there = [step for step in steps if (step["of"], step["stage"]) == (row["journey_kind"], row["stage"]) and step["channel"] is not None]
        names = sorted({step["journey_id"] for step in there})
        added = np.zeros((len(names), 2))
        for step in there:
            added[names.index(step["journey_id"])] += (step["channel"] == row["channel"], 1)
        value, low, high = (float(part[0]) for part in ratios(added[:, :1], added[:, 1:], draws=2000))
        found = row["share_of_steps"]
        assert (found.value, found.n) == (pytest.approx(value), len(names))
        assert found.high - found.low == pytest.approx(high - low, rel=0.2)


def test_pauses_that_last_are_open_and_all_pauses_are_counted(company):
    rows = {row["stage"]: row for row in analysis.find("pauses").ask(company).rows}
    pauses = company.engine.rows(company.pauses)
    assert rows["all"]["pauses"] == len(pauses) == sum(row["pauses"] for name, row in rows.items() if name != "all")
    assert rows["all"]["on_ice_now"] == sum(row["ended_at"] is None for row in pauses)
    assert rows["all"]["revived_30"].value <= rows["all"]["revived_90"].value


def test_what_makes_no_difference_is_not_said_to_differ(company):
    rows = analysis.find("compare").ask(company).rows
    assert sum(row["clear"] for row in rows) <= 1


def test_a_planted_difference_is_found():
    made = make(600, 8)
    won = {row["journey_id"] for row in made.tables["journeys"].to_pylist() if row["outcome"] == "won"}
    steps = made.tables["steps"]
    random = np.random.default_rng(1)
    mark = random.random(steps.num_rows) < np.where(
        [name in won for name in steps["journey_id"].to_pylist()], 0.3, 0.05
    )
    touch = np.where(mark, "reference visit", steps["touchpoint"].to_pylist())
    made.tables["steps"] = steps.set_column(steps.schema.get_field_index("touchpoint"), "touchpoint", pa.array(touch))
    with open_engine(threads=1) as engine:
        rows = analysis.find("compare").ask(made.into(engine)).rows
    assert (rows[0]["thing"], rows[0]["clear"]) == ("reference visit", True)
    assert rows[0]["odds_ratio"].low > 1


def test_what_one_side_never_met_has_no_odds_ratio_and_no_place_in_the_drawing():
    """An odds ratio of 0 would be a number without an interval, and a log axis breaks where it has to show one."""
    made = make(600, 8)
    lost = {row["journey_id"] for row in made.tables["journeys"].to_pylist() if row["outcome"] == "lost"}
    steps = made.tables["steps"]
    mark = np.random.default_rng(1).random(steps.num_rows) < np.where([name in lost for name in steps["journey_id"].to_pylist()], 0.1, 0)
    touch = np.where(mark, "price list", steps["touchpoint"].to_pylist())
    made.tables["steps"] = steps.set_column(steps.schema.get_field_index("touchpoint"), "touchpoint", pa.array(touch))
    with open_engine(threads=1) as engine:
        found = analysis.find("compare").ask(made.into(engine))
    odds = next(row["odds_ratio"] for row in found.rows if row["thing"] == "price list")
    assert (odds.value, odds.why) == (None, "only on one side")
    assert "NaN" not in vl_convert.vegalite_to_svg(dict(found.drawing))


def test_a_log_axis_leaves_out_what_has_no_place_on_it():
    drawn = draw.intervals("ratio", "x", "Ratio", {"type": "log"}, ".1f", y={"field": "thing", "type": "nominal"})
    rows = [{"thing": "a", "ratio": 2.0, "ratio_low": 1.0, "ratio_high": 4.0}, {"thing": "b", "ratio": 0.0, "ratio_low": None, "ratio_high": None}]
    assert "NaN" not in vl_convert.vegalite_to_svg(draw.chart("Ratios", rows, {}, layer=drawn))


def test_two_sides_must_be_named_and_known(company):
    for between in ("outcome", "colour:red/blue", "segment:large/huge"):
        with pytest.raises(Fault):
            analysis.find("compare").ask(company, between=between)


def test_positions_are_weighted_by_how_often_they_were_shown(company):
    rows = {row["what"]: row for row in analysis.find("searches").ask(company).rows}
    searches = [row for row in company.engine.rows(company.evidence["searches"]) if row["query"] == "measure article"]
    shown = sum(row["impressions"] for row in searches)
    position = sum(row["impressions"] * row["position"] for row in searches) / shown
    row = rows["measure article"]
    assert row["position"].value == pytest.approx(position)
    assert row["shown"] == shown
    assert row["page"] == "/article"
    assert row["stage"] == "research"
    first = company.steps.filter((company.steps.seq == 1) & (company.steps.content == "/article"))
    assert row["journeys_begun"] == company.engine.count(first)


def test_shares_then_and_now_have_the_unit_of_their_difference(company):
    rows = analysis.find("drift").ask(company).rows
    assert {row[name].unit for row in rows for name in ("before", "now", "difference")} == {"share"}


def test_nothing_drifts_where_nothing_changed(company):
    rows = analysis.find("drift").ask(company).rows
    assert len(rows) > 20
    assert sum(row["clear"] for row in rows) <= 1


def test_a_change_of_conversion_is_found():
    slow, fast = make(500, 1, Truth(blocker=None)), make(500, 2, Truth(blocker=None, on=0.01))
    tables = dict(slow.tables)
    half = pa.scalar(AS_OF - dt.timedelta(450))
    for name, moment in (("journeys", "started_at"), ("stage_visits", "entered_at"), ("steps", "happened_at")):
        old, new = slow.tables[name], fast.tables[name]
        names = {"journey_id": pa.array([f"b{text}" for text in new["journey_id"].to_pylist()])}
        new = new.set_column(new.schema.get_field_index("journey_id"), "journey_id", names["journey_id"])
        import pyarrow.compute as pc

        tables[name] = pa.concat_tables(
            [old.filter(pc.less(old[moment], half)), new.filter(pc.greater_equal(new[moment], half))]
        )
    with open_engine(threads=1) as engine:
        mixed = dataclasses.replace(slow, tables=tables).into(engine)
        answer = analysis.find("drift").ask(
            mixed, since="2025-05", until="2025-12", against="2024-05..2024-12", within=60
        )
    row = next(row for row in answer.rows if row["measure"] == "got on from" and row["name"].startswith("research"))
    assert row["clear"]
    assert row["difference"].high < 0


def test_late_records_show_how_much_a_reported_figure_has_grown():
    made = make(300, 6)
    steps = made.tables["steps"]
    late = np.zeros(steps.num_rows, bool)
    inside = [
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC) <= at < dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
        for at in steps["happened_at"].to_pylist()
    ]
    late[np.flatnonzero(inside)[::4]] = True
    learned = [AS_OF if flag else at for flag, at in zip(late, steps["learned_at"].to_pylist(), strict=True)]
    column = pa.array(learned, pa.timestamp("us", tz="UTC"))
    made.tables["steps"] = steps.set_column(steps.schema.get_field_index("learned_at"), "learned_at", column)
    with open_engine(threads=1) as engine:
        answer = analysis.find("changes").ask(
            made.into(engine), since="2026-01", until="2026-04", reported="2026-04-10"
        )
        rows = {row["figure"]: row for row in answer.rows}
        assert rows["touches"]["now"] - rows["touches"]["then"] == late.sum() == answer.population["late_records"]
        assert len(answer.behind(10_000)) == late.sum()


def test_with_an_earlier_state_corrected_records_are_seen_too():
    now, then = make(200, 6), make(200, 7)
    with open_engine(threads=1) as engine:
        tables = now.into(engine)
        earlier = then.into(engine)
        both = dataclasses.replace(tables, earlier=lambda moment: earlier)
        rows = {row["figure"]: row for row in analysis.find("changes").ask(both, since="2026-01", until="2026-04").rows}
        alone = {
            row["figure"]: row for row in analysis.find("changes").ask(earlier, since="2026-01", until="2026-04").rows
        }
    assert rows["won value"]["then"] == alone["won value"]["now"]


RULES = """
sales meeting within 10 days of contact form
decider met before decision
no product ad after contract review
contact form leads to sales call within 5 days
on-site demo after stage shortlist
sales call at least 2 times before decision
"""
TOUCHPOINTS = ("sales meeting", "contact form", "product ad", "contract review", "sales call", "on-site demo")


def test_rules_are_read_in_english_and_german():
    rules = parse_rules(RULES.split("\n"), TOUCHPOINTS, ["decision", "shortlist"], ["decider"])
    assert [rule.relation for rule in rules] == ["within", "before", "never", "within", "after", "before"]
    assert (rules[3].a.name, rules[3].b.name, rules[3].days) == ("sales call", "contact form", 5)
    german = parse_rules(
        ["Sales Meeting innerhalb von 10 Tagen nach Contact Form", "Entscheider getroffen vor Phase Decision", "kein Product Ad nach Contract Review"],
        TOUCHPOINTS, ["decision"], ["decider"],
    )  # fmt: skip
    assert [(rule.relation, rule.a, rule.b) for rule in german] == [
        (rule.relation, rule.a, rule.b) for rule in rules[:3]
    ]


def test_rules_that_cannot_be_read_are_all_told_with_their_line():
    with pytest.raises(Faults) as told:
        parse_rules(
            ["sales meting before decision", "be nice", "sales call before decision"],
            TOUCHPOINTS,
            ["decision"],
            ["decider"],
            "playbook.yaml",
        )
    assert [fault.where for fault in told.value.faults] == ["playbook.yaml:1", "playbook.yaml:2"]
    assert "sales meeting" in told.value.faults[0].do_next
    assert all(isinstance(fault, RulesFault) for fault in told.value.faults)


def test_each_journey_is_judged_as_its_moments_say(company, journeys):
    moments = {}
    for row in company.engine.rows(company.steps):
        moments.setdefault((row["journey_id"], row["touchpoint"]), []).append(row["happened_at"])
    expected = dict.fromkeys(("kept", "still open", "missing", "late", "out of order"), 0)
    for name, journey in journeys.items():
        triggers = moments.get((name, "contact form"))
        if not triggers:
            continue
        start, calls = min(triggers), sorted(moments.get((name, "sales call"), []))
        after = [at for at in calls if at > start]
        if after:
            verdict = "kept" if (after[0] - start).total_seconds() <= 10 * 86_400 else "late"
        elif journey["outcome"] == "open" and start + dt.timedelta(10) >= AS_OF:
            verdict = "still open"
        else:
            verdict = "out of order" if calls else "missing"
        expected[verdict] += 1
    row = analysis.find("playbook").ask(company, rules="sales call within 10 days of contact form").rows[0]
    found = {name: row[name.replace(" ", "_")] for name in expected}
    assert found == expected
    assert row["applies"] == sum(expected.values())
    assert row["share_kept"].n == row["applies"] - expected["still open"]


EVERY_SORT = (
    "sales call within 10 days of contact form", "decider met before decision", "no webinar after sales call", "sales call at least 2 times before decision",
    "decider met after decision", "sales meeting after webinar", "contact form before won", "webinar leads to sales call within 30 days", "lost after sales call", "newsletter before decider met",
)  # fmt: skip
VERDICTS = {"kept": "kept", "still open": "still_open", "missing": "missing", "late": "late", "out of order": "out_of_order"}


@pytest.mark.parametrize("given", [{}, {"kind": "first_purchase", "since": "2024-06"}])
def test_the_records_behind_each_rule_are_those_that_its_row_counts(company, given):
    result = analysis.find("playbook").ask(company, rules="; ".join(EVERY_SORT), **given)
    assert [row["rule"] for row in result.rows] == list(EVERY_SORT)
    for row in result.rows:
        records = result.behind(100_000, {"rule": row["rule"]})
        assert len(records) == row["applies"] > 0
        assert {name: sum(record["verdict"] == word for record in records) for word, name in VERDICTS.items()} == {name: row[name] for name in VERDICTS.values()}
        assert [record for record in records if record["verdict"] == "missing"] == result.behind(100_000, {"rule": row["rule"]}, "missing")
        ended = [record for record in records if record["verdict"] == "kept" and record["outcome"] != "open"]
        assert row["won_kept"].n == len(ended)


@pytest.mark.parametrize("late_by", [-1, 0, 1, 300_000])
def test_a_deadline_is_kept_or_missed_by_a_microsecond_in_the_row_and_in_its_record(company, late_by):
    (rule,) = parse_rules(["sales call within 1 days of contact form"], ["sales call", "contact form"], [], ())
    asked = dt.datetime(2025, 3, 1, 9, 0, 0, 700_000, dt.UTC)
    met = asked + dt.timedelta(days=1, microseconds=late_by)
    one = {"outcome": ["won"], "n_before": [0], "n_after": [1], "b_at": [asked], "first_after": [met]}
    joined = company.engine.from_arrow("one", pa.table(one))
    in_words = company.engine.rows(joined.select(verdict=playbook_verdicts._in_words(joined, rule, company)))[0]["verdict"]
    micros = [np.array([int(moment.timestamp() * 1_000_000)]) for moment in (asked, met)]
    judge = playbook_verdicts.Judge(np.array(["won"]), np.array([1.0]), {}, int(company.as_of.timestamp() * 1_000_000))
    as_array = playbook_verdicts.VERDICTS[judge._verdict(rule, micros[0], np.array([0]), np.array([1]), micros[1])[0]]
    assert in_words == as_array == ("late" if late_by > 0 else "kept")


def test_a_pause_says_after_what_it_began_and_what_the_vendor_did_before_its_end(company):
    result = analysis.find("pauses").ask(company, by="after")
    pauses = result.behind(100_000)
    steps: dict[str, list[dict]] = {}
    for row in company.engine.rows(company.steps.select("journey_id", "seq", "happened_at", "touchpoint", "direction")):
        steps.setdefault(row["journey_id"], []).append(row)
    for pause in pauses[:60]:
        mine = sorted(steps[pause["journey_id"]], key=lambda row: row["seq"])
        assert pause["fell_after"] == [row["touchpoint"] for row in mine if row["happened_at"] <= pause["started_at"]][-1]
        if pause["ended_at"]:
            acts = [row["touchpoint"] for row in mine if row["direction"] == "out" and 0 <= (pause["ended_at"] - row["happened_at"]).total_seconds() <= 14 * 86_400]
            assert pause["vendor_before"] == (acts[-1] if acts else None)
    rows = {row["group"]: row["pauses"] for row in result.rows}
    assert rows.pop("all") == sum(rows.values()) == len(pauses)


def test_the_share_that_is_won_counts_open_journeys_as_open():
    # the true share won by a day is known from journeys that are watched for sixty years; it must lie in the interval
    # though a quarter of the journeys is still open
    whole = make(4000, 5, Truth(blocker=None, years=60.0, more_journeys=0.0)).tables["journeys"]
    with open_engine(threads=1) as engine:
        made = make(900, 6, Truth(blocker=None, years=0.6, more_journeys=0.0)).into(engine)
        row = next(row for row in analysis.find("durations").ask(made).rows if row["what"] == "to won")
        plain = engine.rows(made.journeys)
    last = sorted(journey["days"] for journey in plain)[-5]
    won = [days for outcome, days in zip(whole["outcome"].to_pylist(), whole["days"].to_pylist(), strict=True) if outcome == "won"]
    truth = sum(days <= last for days in won) / whole.num_rows
    outcomes = [journey["outcome"] for journey in plain]
    assert outcomes.count("open") > len(plain) / 5
    assert row["share"].low <= truth <= row["share"].high
    assert outcomes.count("won") / len(plain) < row["share"].low, "the plain ratio is too low"


def test_a_playbook_is_read_as_a_list_of_sentences(company):
    from etappe.analyses.playbook_rules import read_sentences

    text = "# ours\nrules:\n  - sales meeting within 10 days of contact form\n  - Entscheider getroffen vor decision\n"
    ours = dataclasses.replace(company, playbook=read_sentences(text))
    answer = analysis.find("playbook").ask(ours)
    assert [row["rule"] for row in answer.rows] == ["sales meeting within 10 days of contact form", "Entscheider getroffen vor decision"]
    assert not any("examples" in words for words in answer.caveats)
    assert read_sentences("rules: []") == read_sentences("") == ()
    for wrong in ("rules: {a: b}", "rules: [1, 2]", "rules: [", "just a sentence"):
        with pytest.raises(RulesFault):
            read_sentences(wrong)
