"""Touchpoint and channel of every event, found once for each signature instead of once for each event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.journeys.rules import JourneyRules
from etappe.tables import functions
from etappe.tables.engine import Engine
from etappe.words.kinds import CHANNELS

_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Labels:
    """The answers by signature.

    Attributes
    ----------
    table : table
        sign, touchpoint (number, from 0), channel (place in words.kinds.CHANNELS), of_visit: the channel says nothing
        of its own.
    names : tuple of str
        The touchpoints by number.
    """

    table: ir.Table
    names: tuple[str, ...]

    def numbers(self, touchpoints: Collection[str]) -> list[int]:
        """The numbers of some touchpoints; a number that nothing has where none occurs, as queries need one."""
        return [number for number, name in enumerate(self.names) if name in touchpoints] or [-1]

    def name(self, number: ir.IntegerValue) -> ir.StringValue:
        """The touchpoint of a number; null stays null."""
        return spelled(number, self.names)


def spelled(number: ir.IntegerValue, words: Sequence[str]) -> ir.StringValue:
    """The word of a number, by a list that the query carries along (as one text, which is quicker to write out)."""
    return ibis.literal(_BETWEEN.join(words)).split(_BETWEEN)[number]


def label_events(events: ir.Table, rules: JourneyRules, engine: Engine) -> Labels:
    """Looks at the distinct signatures of the events and decides each."""
    signature = rules.signature
    signs = engine.keep("signatures", signature.collect(events))
    # Touchpoint rules are many, and most signatures differ only in fields that they do not ask for.
    asked = ["kind", *sorted(set().union(*(condition.fields for condition in rules.touchpoints.conditions)) - {"kind"})]
    signs = signs.mutate(part=functions.fingerprint(*[signs[name] for name in asked]))
    fields = signs.group_by("part").agg(**{name: signs[name].arbitrary() for name in asked})
    fields = engine.keep("touch_signatures", fields.mutate(**_missing(fields, "name")))
    named = engine.keep("named_signatures", fields.select("part", word=rules.touchpoints.id_of(fields)))
    names = tuple(row["word"] for row in engine.rows(named.select("word").distinct().order_by("word")))
    columns = {"word": list(names) or [""], "touchpoint": list(range(len(names) or 1))}
    numbers = ibis.memtable(columns, schema={"word": "string", "touchpoint": "int16"})
    numbered = named.join(numbers, "word").select("part", "touchpoint")
    decided = signs.mutate(rule=rules.channels.rule_of(signs)).join(numbered, "part")
    places = [(decided.rule == number, CHANNELS.index(rule.id)) for number, rule in enumerate(rules.channels.rules)]
    channel = ibis.cases(*places, else_=CHANNELS.index("other")) if places else ibis.literal(CHANNELS.index("other"))
    visits = [number for number, rule in enumerate(rules.channels.rules) if rule.visit] or [-2]
    found = decided.select("sign", "touchpoint", channel=channel.cast("int16"), of_visit=decided.rule.isin(visits))
    return Labels(engine.keep("labels", found), names)


def _missing(rows: ir.Table, *names: str) -> dict[str, ir.StringValue]:
    return {name: ibis.null("string") for name in names if name not in rows.columns}
