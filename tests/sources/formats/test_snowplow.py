"""Snowplow events keep who, what and when, whatever columns were chosen."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etappe.sources.formats.snowplow import ENRICHED

PICKED = (
    "event_id,collector_tstamp,derived_tstamp,event,event_name,user_id,domain_userid,domain_sessionidx,domain_sessionid,page_url,page_title,page_referrer,"
    "refr_medium,refr_source,mkt_medium,mkt_source,mkt_campaign,mkt_clickid,mkt_network,se_category,se_action,se_label,ip_domain,ip_organization,useragent\n"
)


def rows_of(**cells: str) -> str:
    names = PICKED.strip().split(",")
    plain = {
        "event_id": "e1",
        "collector_tstamp": "2026-01-05 08:00:00.250",
        "derived_tstamp": "2026-01-05 08:00:00.100",
        "event": "page_view",
        "event_name": "page_view",
    }
    out = io.StringIO()
    csv.writer(out).writerow([{**plain, **cells}.get(name, "") for name in names])
    return out.getvalue()


@pytest.mark.shared
def test_all_events_of_the_real_export_are_read(read_file: Callable[..., Any], shared: Path) -> None:
    path = shared / "snowplow_web_apache" / "source" / "snowplow_web_events.csv"
    read = read_file(path)
    with path.open(newline="") as file:
        records = list(csv.DictReader(file))
    assert read.format == "snowplow events"
    assert len(read["events"]) + len(read.bad) == len(records)
    assert not read.bad
    wanted = Counter(
        "page_view" if row["event"] == "page_view" else "sign_in" if row["se_action"] == "login" else "web_event"
        for row in records
    )
    assert Counter(row["kind"] for row in read["events"]) == wanted
    by_id = {row["event_id"]: row for row in records}
    for row in read["events"]:
        assert row.get("cookie") == (
            by_id[row["record_id"]]["domain_userid"] or by_id[row["record_id"]]["network_userid"] or None
        )


def test_a_moment_is_the_derived_one_and_falls_back_to_the_collector(read_text: Callable[..., Any]) -> None:
    read = read_text(PICKED + rows_of() + rows_of(event_id="e2", derived_tstamp=""))
    assert read.one("events", "e1")["happened_at"].isoformat() == "2026-01-05T08:00:00.100000+00:00"
    assert read.one("events", "e2")["happened_at"].isoformat() == "2026-01-05T08:00:00.250000+00:00"


@pytest.mark.parametrize(
    ("cells", "kind", "name"),
    [
        ({"page_title": "Preise"}, "page_view", "Preise"),
        ({"event": "page_ping", "event_name": "page_ping"}, "web_event", "page_ping"),
        (
            {
                "event": "struct",
                "event_name": "event",
                "se_category": "form",
                "se_action": "submit",
                "se_label": "demo",
            },
            "form",
            "demo",
        ),
        (
            {
                "event": "struct",
                "event_name": "event",
                "se_category": "Formular",
                "se_action": "abgesendet",
                "se_label": "Kontakt",
            },
            "form",
            "Kontakt",
        ),
        (
            {
                "event": "struct",
                "event_name": "event",
                "se_category": "download",
                "se_action": "click",
                "se_label": "whitepaper.pdf",
            },
            "download",
            "whitepaper.pdf",
        ),
        (
            {
                "event": "struct",
                "event_name": "event",
                "se_category": "search",
                "se_action": "query",
                "se_label": "sensor",
            },
            "search",
            "sensor",
        ),
        (
            {"event": "struct", "event_name": "event", "se_category": "information", "se_action": "hover"},
            "web_event",
            "hover",
        ),
        ({"event": "unstruct", "event_name": "submit_form"}, "form", "submit_form"),
        ({"event": "unstruct", "event_name": "focus_form"}, "web_event", "focus_form"),
        ({"event": "unstruct", "event_name": "demo_request"}, "form", "demo_request"),
        ({"event": "unstruct", "event_name": "link_click"}, "web_event", "link_click"),
        ({"event": "transaction", "event_name": "transaction"}, "purchase", "transaction"),
    ],
)
def test_the_kind_of_an_event_follows_its_own_words(
    read_text: Callable[..., Any], cells: dict[str, str], kind: str, name: str
) -> None:
    (row,) = read_text(PICKED + rows_of(**cells))["events"]
    assert (row["kind"], row["name"]) == (kind, name)


def test_a_page_ping_keeps_its_type_so_that_it_is_no_page_view(read_text: Callable[..., Any]) -> None:
    (row,) = read_text(PICKED + rows_of(event="page_ping", event_name="page_ping"))["events"]
    assert row["detail"] == "page_ping"


def test_where_a_visit_came_from_is_the_link_before_the_page_before(read_text: Callable[..., Any]) -> None:
    rows = [
        rows_of(
            event_id="a",
            mkt_medium="email",
            mkt_source="newsletter",
            refr_medium="search",
            refr_source="Google",
        ),
        rows_of(event_id="b", refr_medium="search", refr_source="Google"),
        rows_of(event_id="c", refr_medium="internal"),
        rows_of(event_id="d", refr_medium="unknown"),
        rows_of(event_id="e", mkt_clickid="Cj0", mkt_network="Google", refr_medium="search"),
    ]
    read = read_text(PICKED + "".join(rows))
    came = {row["record_id"]: (row.get("medium"), row.get("origin")) for row in read["events"]}
    assert came == {
        "a": ("email", "newsletter"),
        "b": ("search", "Google"),
        "c": (None, None),
        "d": ("referral", None),
        "e": ("cpc", "Google"),
    }


def test_a_network_name_is_a_domain_only_if_written_as_one(read_text: Callable[..., Any]) -> None:
    read = read_text(
        PICKED
        + rows_of(event_id="a", ip_domain="firma.example")
        + rows_of(event_id="b", ip_organization="Deutsche Telekom AG")
        + rows_of(event_id="c", ip_organization="werk.example")
    )
    assert [read.one("events", name).get("domain") for name in "abc"] == [
        "firma.example",
        None,
        "werk.example",
    ]


def test_robots_are_noted_and_kept(read_text: Callable[..., Any]) -> None:
    read = read_text(
        PICKED
        + rows_of(event_id="a", useragent="Mozilla/5.0 (compatible; Googlebot/2.1)")
        + rows_of(event_id="b", useragent="Mozilla/5.0 (X11; Linux)")
    )
    assert [read.one("events", name).get("note") for name in "ab"] == ["robot", None]
    assert not read.bad


def test_a_session_is_made_of_cookie_and_count_where_it_has_no_id(read_text: Callable[..., Any]) -> None:
    (row,) = read_text(PICKED + rows_of(domain_userid="c1", domain_sessionidx="3"))["events"]
    assert row["session_id"] == "c1:3"


def stream(**cells: str) -> str:
    plain = {
        "app_id": "site", "platform": "web", "etl_tstamp": "2026-01-05 08:00:03.000", "collector_tstamp": "2026-01-05 08:00:00.250",
        "dvce_created_tstamp": "2026-01-05 08:00:00.000", "event": "page_view", "event_id": "0d04d6ae-f191-471e-9a2a-54b757cf02f6",
        "user_ipaddress": "192.0.2.1", "domain_userid": "9f8e", "domain_sessionidx": "2", "page_url": "https://www.example.com/preise",
        "page_title": '"Preise" und mehr', "page_urlport": "443", "br_cookies": "1", "dvce_screenwidth": "1920", "dvce_screenheight": "1080",
        "derived_tstamp": "2026-01-05 08:00:00.100", "event_name": "page_view",
        "contexts": '{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0","data":[]}',
    }  # fmt: skip
    return "\t".join({**plain, **cells}.get(name, "") for name in ENRICHED) + "\n"


def test_the_enriched_stream_has_no_header_and_is_read_by_place(read_text: Callable[..., Any]) -> None:
    link = '{"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":{"schema":"iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1","data":{"targetUrl":"https://www.example.com/daten.pdf"}}}'
    read = read_text(
        stream()
        + stream(
            event_id="2d04d6ae-f191-471e-9a2a-54b757cf02f6",
            event="unstruct",
            event_name="link_click",
            unstruct_event=link,
        )
    )
    assert read.format == "snowplow enriched stream"
    view = read.one("events", "0d04d6ae-f191-471e-9a2a-54b757cf02f6")
    assert (view["kind"], view["name"], view["cookie"], view["session_id"]) == (
        "page_view",
        '"Preise" und mehr',
        "9f8e",
        "9f8e:2",
    )
    click = read.one("events", "2d04d6ae-f191-471e-9a2a-54b757cf02f6")
    assert (click["kind"], click["url"]) == ("download", "https://www.example.com/daten.pdf")
