"""No company is a blank cell: without a name it is called by its domain, else by its id."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from etappe.analyses.population import named_accounts
from etappe.reports.table import cell_of
from etappe.reports.texts import Words
from etappe.tables.engine import Engine


def test_a_company_without_a_name_is_called_by_its_domain_or_its_id(engine: Engine) -> None:
    rows = pa.table({"account_id": ["a1", "a2", "a3", "a4"], "name": ["Muster GmbH", None, "", None], "domain": ["m.example", "n.example", None, None]})
    tables: Any = SimpleNamespace(built={"resolved_accounts": engine.from_arrow("resolved_accounts", rows)})
    named = [row["account"] for row in engine.rows(named_accounts(tables).order_by("account_id"))]
    assert named == ["Muster GmbH", "n.example", "(no name) a3", "(no name) a4"]
    assert cell_of("account", named[-1], Words("de")).text == "(ohne Namen) a4"
