"""Costs of advertisements: by day, in their currency, without the sums below the table, and counted once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOGLE_DE = (
    "Kampagnenbericht\n1. Januar 2026 - 31. Januar 2026\n"
    "Kampagnenstatus\tKampagne\tKampagnen-ID\tTag\tWährungscode\tKosten\tImpr.\tKlicks\tConversions\n"
    "Aktiviert\tSchwingung Suche\t11\t2026-01-05\tEUR\t1.234,56\t12.345\t321\t2,50\n"
    "Aktiviert\tMarke\t12\t2026-01-05\tEUR\t--\t0\t0\t0,00\n"
    "Gesamt: Konto\t --\t --\t --\tEUR\t1.234,56\t12.345\t321\t2,50\n"
)
GOOGLE_EN = (
    "Campaign report\nJanuary 1, 2026 - January 31, 2026\n"
    "Campaign status,Campaign,Currency code,Cost,Impr.,Clicks,Conversions\n"
    'Enabled,Search,EUR,"1,234.56","12,345",321,2.50\n'
    'Total: Campaigns, --,EUR,"1,234.56","12,345",321,2.50\n'
)
LINKEDIN = (
    "Campaign Performance Report (in UTC)\nReport Start: 1/1/2026\nReport End: 1/31/2026\n\n"
    "Start Date (in UTC),Account Name,Currency,Campaign Group Name,Campaign Name,Campaign ID,Impressions,Clicks,Total Spent,Leads\n"
    '1/5/2026,Messwerk,EUR,Q1,Retrofit,urn:li:sponsoredCampaign:77,"12,000",40,"1,500.00",3\n'
    "1/13/2026,Messwerk,EUR,Q1,Retrofit,urn:li:sponsoredCampaign:77,800,4,120.5,0\n"
)


def test_the_german_download_is_utf_16_with_tabs_and_has_a_sum_that_is_no_record(read_text: Callable[..., Any]) -> None:
    read = read_text(GOOGLE_DE.replace("\n", "\r\n").encode("utf-16"))
    assert read.format == "google ads report"
    assert not read.bad
    costs = {row["campaign"]: row for row in read["costs"]}
    assert set(costs) == {"Schwingung Suche", "Marke"}
    one = costs["Schwingung Suche"]
    assert (str(one["day"]), one["cost"], one["currency"], one["impressions"], one["clicks"], one["conversions"]) == (
        "2026-01-05",
        1234.56,
        "EUR",
        12345,
        321,
        2.5,
    )
    assert "cost" not in costs["Marke"]


def test_a_report_without_days_stands_at_the_first_day_of_its_period(read_text: Callable[..., Any]) -> None:
    read = read_text(GOOGLE_EN)
    (row,) = read["costs"]
    assert (str(row["day"]), row["cost"]) == ("2026-01-01", 1234.56)
    assert any("no column of days" in note for note in read.notes)


def test_the_linkedin_report_has_month_first_and_bare_ids(read_text: Callable[..., Any]) -> None:
    read = read_text(LINKEDIN)
    assert read.format == "linkedin ads report"
    rows = sorted(read["costs"], key=lambda row: row["day"])
    assert [str(row["day"]) for row in rows] == ["2026-01-05", "2026-01-13"]
    assert (
        rows[0]["cost"],
        rows[0]["impressions"],
        rows[0]["campaign_ref"],
        rows[0]["group"],
        rows[0]["conversions"],
    ) == (1500.0, 12000, "77", "Q1", 3.0)


@pytest.mark.shared
def test_costs_of_the_interface_are_whole_money(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "google_ads_seeds" / "campaign_stats_data.csv"
    with path.open(newline="") as file:
        micros = sum(int(row["cost_micros"]) for row in csv.DictReader(file))
    rows = read_file(path)["costs"]
    assert sum(row["cost"] for row in rows) == pytest.approx(micros / 1e6)
    assert len({row["record_id"] for row in rows}) == len(rows)


@pytest.mark.shared
def test_the_same_money_is_counted_once(read_file: Callable[..., Any], shared: Path) -> None:
    for name in ("account_stats", "ad_group_stats", "ad_stats", "keyword_stats"):
        read = read_file(shared / "google_ads_seeds" / f"{name}_data.csv")
        assert read.tables == {}
        assert "twice" in read.notes[-1]
    read = read_file(shared / "linkedin_seeds" / "linkedin_ad_analytics_by_creative_data.csv")
    assert read.tables == {}


@pytest.mark.shared
def test_linkedin_costs_of_the_interface(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "linkedin_seeds" / "linkedin_ad_analytics_by_campaign_data.csv"
    with path.open(newline="") as file:
        wanted = sum(float(row["cost_in_local_currency"]) for row in csv.DictReader(file))
    rows = read_file(path)["costs"]
    assert sum(row["cost"] for row in rows) == pytest.approx(wanted)


@pytest.mark.shared
def test_campaigns_bear_their_last_name(read_file: Callable[..., Any], shared: Path) -> None:
    read = read_file(shared / "google_ads_seeds" / "campaign_history_data.csv")
    assert [(row["about"], row["ref"], row["field"], row["value"]) for row in read["facts"]] == [
        ("campaign", "9935249409", "label", "Zj9yTjsXtiWREoWWkz3kww==")
    ]
    many = read_file(shared / "linkedin_seeds" / "linkedin_campaign_history_data.csv")["facts"]
    assert len({row["ref"] for row in many}) == len(many)


@pytest.mark.shared
def test_search_terms_and_landing_pages_are_kept(read_file: Callable[..., Any], shared: Path) -> None:
    terms = read_file(shared / "google_ads_seeds" / "search_term_keyword_stats_data.csv")["searches"]
    assert len(terms) == 10
    pages = read_file(shared / "google_ads_seeds" / "ad_history_data.csv")["content"]
    assert all(row["url"].startswith("https://") and row["kind"] == "advertisement" for row in pages)
