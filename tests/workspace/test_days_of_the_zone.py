"""A day is a day of the workspace's zone: what an export dates the 23rd is shown and counted on the 23rd."""

from __future__ import annotations

from pathlib import Path

import pytest

from etappe.cli.answer import print_result, print_rows
from etappe.workspace.workspace import Workspace, init_workspace

MAPPING = """source: erp
tables:
  - table: events
    kind: purchase
    columns: {record_id: Nr, happened_at: Datum, company_name: Firma, email: Mail}
"""
ORDERS = "Nr;Datum;Firma;Mail\n" + "".join(f"{n};0{n % 2 + 1}.04.2026;Firma {n} GmbH;a@firma{n}.example\n" for n in range(12))


@pytest.fixture
def orders(tmp_path: Path) -> Workspace:
    ws = init_workspace(tmp_path / "acme", as_of="2026-06-30")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "orders.yaml").write_text(MAPPING, encoding="utf-8")
    ws.import_(tmp_path / "orders.csv", mapping=tmp_path / "orders.yaml", learned_at="2026-04-30")
    ws.build()
    return ws


def test_a_date_of_an_export_is_that_date_wherever_it_is_shown(orders: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    print_result(orders.journeys(), "de")
    print_rows(orders.journeys(rows=True), "de")
    told = capsys.readouterr().out
    assert "01.04.2026" in told
    assert "31.03.2026" not in told
    (source,) = orders.status()["sources"]
    assert (source["first"], source["last"]) == ("2026-04-01", "2026-04-02")


def test_the_days_of_a_period_begin_in_the_workspaces_zone(orders: Workspace) -> None:
    assert len(orders.journeys(period="2026-04")) == 12
    assert len(orders.journeys(period="2026-04-01..2026-04-01")) == 6
    assert len(orders.journeys(period="2026-04", zone="UTC")) == 6
