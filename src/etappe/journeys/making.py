"""What all steps of a build share: the engine, the rules, the moment it is made for, and what was looked up first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from etappe.journeys.clock import DAY
from etappe.journeys.labels import Labels
from etappe.journeys.lookups import Lookups
from etappe.journeys.rules import JourneyRules
from etappe.journeys.touchpoints import Touchpoint
from etappe.tables.engine import Engine


@dataclass(frozen=True)
class Making:
    """One build in the making; `now` is its `as_of` in microseconds."""

    engine: Engine
    rules: JourneyRules
    now: int
    lookups: Lookups
    labels: Labels

    def keep(self, name: str, table: ir.Table, on_disk: bool = False) -> ir.Table:
        """Computes a table now; on disk where it has a row an event."""
        return self.engine.keep(name, table, on_disk)

    def touchpoints(self, fits: Callable[[Touchpoint], bool]) -> list[int]:
        """Numbers of the touchpoints for which something holds; never empty."""
        return self.labels.numbers(self.rules.touchpoints.where(fits))

    @property
    def silent(self) -> list[int]:
        """Numbers of the touchpoints that do not keep a journey alive."""
        return self.touchpoints(lambda touchpoint: touchpoint.silent)

    @property
    def pause(self) -> int:
        """The pause limit in microseconds."""
        return int(self.rules.limits.pause_days * DAY)

    @property
    def dormancy(self) -> int:
        """The dormancy limit in microseconds."""
        return int(self.rules.limits.dormancy_days * DAY)

    @property
    def close_window(self) -> int:
        """The close window in microseconds."""
        return int(self.rules.limits.close_window_days * DAY)


def within(moments: ir.Table, windows: ir.Table) -> list[ir.BooleanValue]:
    """Join condition: a moment (`at`) of an account lies in a window (`window_account`, `from_at` to `to_at`, both in)."""
    same = moments.account_no == windows.window_account
    return [same, moments["at"] >= windows.from_at, moments["at"] <= windows.to_at]


def windows_of(rows: ir.Table, *columns: str) -> ir.Table:
    """The windows of journeys, stays or stretches, for `within`."""
    return rows.select(*columns, "from_at", "to_at", window_account="account_no")
