from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from etappe.demo import clock
from etappe.demo.market import Summary, write

from .definitions import Found, apply

Market = tuple[Path, Summary]


def truth(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "truth" / f"{name}.parquet")


def changes(folder: Path) -> list[dict[str, object]]:
    deals = {row["record_id"]: row for row in truth(folder, "deals").to_dicts()}
    rows = []
    with (folder / "raw/salesforce/OpportunityHistory.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row.get("IsDeleted") and row["OpportunityId"] in deals:
                deal = deals[row["OpportunityId"]]
                at = dt.datetime.fromisoformat(row["CreatedDate"])
                rows.append({"account": deal["account"], "kind": deal["kind"], "stage": row["StageName"], "at": at})
    return rows


def by_definition(folder: Path, known_only: bool) -> tuple[dict[str, list[Found]], float]:
    events = truth(folder, "events").filter(pl.col("account").is_not_null())
    if known_only:
        events = events.filter("knowable")
    columns = ["account", "touchpoint", "stage", "silent", pl.col("happened_at").alias("at")]
    return apply(events.select(columns).to_dicts(), changes(folder), truth(folder, "deals").to_dicts(), clock.AS_OF)


def test_every_true_journey_follows_the_definitions_of_start_end_kind_and_outcome(market: Market) -> None:
    folder, _ = market
    found, _ = by_definition(folder, known_only=False)
    told = truth(folder, "journeys").sort("account", "number").partition_by("account", as_dict=True)
    assert {key[0] for key in told} == {account for account, journeys in found.items() if journeys}
    for (account,), rows in told.items():
        mine = [(row["kind"], row["started_at"], row["outcome"]) for row in rows.to_dicts()]
        assert mine == [(one.kind, one.started_at, one.outcome) for one in found[account]], account
        for row, one in zip(rows.to_dicts(), found[account], strict=True):
            assert (row["ended_at"] is None) == (one.ended_at is None)
            assert one.ended_at is None or abs(row["ended_at"] - one.ended_at) < dt.timedelta(days=1)


def test_the_default_stage_rules_find_nearly_every_true_stage(market: Market) -> None:
    folder, _ = market
    _, of_all = by_definition(folder, known_only=False)
    _, of_known = by_definition(folder, known_only=True)
    assert of_all > 0.985
    assert of_known > 0.975


def test_what_an_export_shows_is_enough_to_find_the_true_outcomes(market: Market) -> None:
    folder, _ = market
    found, _ = by_definition(folder, known_only=True)
    hits = total = 0
    for row in truth(folder, "journeys").filter(pl.col("account").is_in(list(found))).to_dicts():
        over = [one for one in found[row["account"]] if one.started_at <= (row["ended_at"] or clock.AS_OF)
                and (one.ended_at or clock.AS_OF) >= row["started_at"]]  # fmt: skip
        total += bool(over)
        hits += any(one.outcome == row["outcome"] for one in over)
    assert total > 400
    assert hits / total > 0.985


def test_truth_covers_every_record_of_the_exports_with_an_id_once(market: Market) -> None:
    folder, summary = market
    events = truth(folder, "events")
    assert len(events) == summary.events
    named = events.filter(pl.col("record_id").is_not_null())
    assert named.select("source", "record_id").is_duplicated().sum() == 0
    raw = folder / "raw"
    told = set(named.filter(pl.col("source") == "snowplow")["record_id"])
    with (raw / "snowplow/events-0001.csv").open(encoding="utf-8") as lines:
        clean = [row for row in csv.DictReader(lines) if row["event_id"] and row["event_name"]]
    dirty = {row["event_id"] for row in clean if not "2024-01-01" <= (row["collector_tstamp"] or "") < "2026-07-01"}
    assert {row["event_id"] for row in clean} - dirty == told
    assert len(dirty) == 3
    with (raw / "zendesk/tickets.csv").open(encoding="utf-8-sig") as lines:
        tickets = {row["Id"] for row in csv.DictReader(lines) if (row["Created at"] or "").startswith("20")}
    assert set(named.filter(pl.col("source") == "zendesk")["record_id"]) <= tickets


def test_every_event_lies_inside_its_journey_and_stage(market: Market) -> None:
    folder, _ = market
    events = truth(folder, "events").filter(pl.col("journey").is_not_null() & ~pl.col("silent"))
    journeys = truth(folder, "journeys").select("account", pl.col("number").alias("journey"), "started_at", "last_step_at", "ended_at")
    joined = events.join(journeys, on=["account", "journey"], how="left")
    assert joined["started_at"].null_count() == 0
    assert joined.filter((pl.col("happened_at") < pl.col("started_at")) | (pl.col("happened_at") > pl.col("last_step_at"))).is_empty()
    assert joined.filter(pl.col("happened_at") > pl.col("ended_at")).is_empty()
    stays = truth(folder, "stages").filter(pl.col("left_at").is_not_null())
    assert stays.filter(pl.col("left_at") < pl.col("entered_at")).is_empty()
    assert set(stays.filter("back")["stage"]) <= {"first_talks", "request_for_proposal", "shortlist", "offer"}


def test_won_value_of_journeys_is_the_value_of_won_deals(market: Market) -> None:
    folder, _ = market
    deals = truth(folder, "deals").filter(pl.col("status") == "won")
    assert truth(folder, "journeys")["value"].sum() == pytest.approx(deals["amount"].sum())
    assert set(deals["currency"]) == {"EUR", "CHF"}


def test_an_identifier_belongs_to_one_person_or_to_nobody(market: Market) -> None:
    folder, _ = market
    identifiers = truth(folder, "identifiers").unique(["kind", "value", "person", "account"])
    persons = truth(folder, "persons")
    assert identifiers.select("kind", "value").is_duplicated().sum() == 0
    owners = identifiers.join(persons, on="person", how="inner")
    assert (owners["account"] == owners["account_right"]).all()
    assert set(identifiers["kind"]) == {"email", "user", "cookie", "contact:salesforce", "contact:hubspot"}
    assert identifiers.filter(pl.col("person").is_null() & (pl.col("kind") == "cookie")).height > 0


def test_nps_follows_true_satisfaction(market: Market) -> None:
    folder, _ = market
    with (folder / "raw/qualtrics/kundenumfrage.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[2:]
    answers = pl.DataFrame({"record_id": [row["ResponseId"] for row in rows], "score": [int(row["Q1_NPS"]) for row in rows]})
    events = truth(folder, "events").filter(pl.col("source") == "qualtrics").select("record_id", "account")
    scores = answers.join(events, on="record_id").join(truth(folder, "accounts").select("account", "loyalty"), on="account")
    means = dict(scores.group_by("loyalty").agg(pl.col("score").mean()).iter_rows())
    assert means["delighted"] > means["lukewarm"] > means.get("forgotten", 0)


def blocker(folder: Path) -> tuple[float, float]:
    """Rate of giving up a preselection, from a week after the pricing page on, over the rate before and without; its standard error."""
    stays = truth(folder, "stages").filter(pl.col("stage") == "preselection")
    seen = (
        truth(folder, "events").filter((pl.col("stage") == "preselection") & (pl.col("touchpoint") == "pricing page"))
        .group_by("account", "journey").agg((pl.col("happened_at").min() + pl.duration(days=7)).alias("exposed"))
    )  # fmt: skip
    journeys = truth(folder, "journeys").select("account", pl.col("number").alias("journey"), "gave_up_at")
    rows = stays.join(seen, on=["account", "journey"], how="left").join(journeys, on=["account", "journey"])
    last = pl.lit(clock.START + dt.timedelta(days=clock.SLOTS * clock.SLOT_DAYS))
    quits = pl.col("gave_up_at").is_not_null() & (pl.col("left_to").is_null() | (pl.col("left_to") == "dormant"))
    rows = rows.with_columns(quits=quits, end=pl.when(quits).then("gave_up_at").otherwise(pl.coalesce("left_at", last)))
    after = pl.max_horizontal(pl.lit(0.0), (pl.col("end") - pl.col("exposed")).dt.total_seconds()).fill_null(0.0)
    rows = rows.with_columns(after=after, whole=(pl.col("end") - pl.col("entered_at")).dt.total_seconds())
    late = pl.col("quits") & (pl.col("after") > 0)
    with_, without = rows.select(late.sum()).item(), rows.select((pl.col("quits") & ~late).sum()).item()
    ratio = (with_ / rows["after"].sum()) / (without / (rows["whole"] - rows["after"]).sum())
    return float(ratio), float(np.sqrt(1 / with_ + 1 / without))


def test_the_blocker_after_the_pricing_page_is_visible_in_the_truth(tmp_path: Path) -> None:
    write(tmp_path, accounts=2500, seed=11)
    ratio, error = blocker(tmp_path)
    told = json.loads((tmp_path / "truth/effects.json").read_text("utf-8"))["blocker"]["hazard_ratio"]
    assert abs(np.log(ratio / told)) < 3 * error
    assert np.log(ratio) > 2.5 * error
