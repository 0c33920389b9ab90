"""Touchpoint and channel of every event, found once for each signature instead of once for each event."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from etappe.journeys.rules import JourneyRules
from etappe.tables.engine import Engine
from etappe.words.kinds import CHANNELS


@dataclass(frozen=True)
class Labels:
    """The answers by signature.

    Attributes
    ----------
    touchpoints : table
        touch_sign, touchpoint: number of the touchpoint, from 0.
    names : tuple of str
        The touchpoints by number.
    channels : table
        channel_sign, channel (place in words.kinds.CHANNELS), of_visit: says nothing of its own.
    """

    touchpoints: ir.Table
    names: tuple[str, ...]
    channels: ir.Table

    def numbers(self, touchpoints: tuple[str, ...]) -> list[int]:
        """The numbers of some touchpoints; those that never occur are left out."""
        return [number for number, name in enumerate(self.names) if name in touchpoints]

    def name(self, number: ir.IntegerValue) -> ir.StringValue:
        """The touchpoint of a number; null stays null."""
        return spelled(number, self.names)


def spelled(number: ir.IntegerValue, words: tuple[str, ...]) -> ir.StringValue:
    """The word of a number, by a list that the query carries along."""
    return ibis.array(list(words) or [""])[number]


def label_events(events: ir.Table, rules: JourneyRules, engine: Engine) -> Labels:
    """Looks at the distinct signatures of the events and decides each."""
    signs = engine.keep(
        "touch_signatures", events.select(touch_sign=rules.touchpoints.signature.write(events)).distinct()
    )
    fields = signs.mutate(**rules.touchpoints.signature.read(signs.touch_sign))
    named = engine.keep("named_signatures", fields.select("touch_sign", name=rules.touchpoints.id_of(fields)))
    names = tuple(row["name"] for row in engine.rows(named.select("name").distinct().order_by("name")))
    numbers = ibis.memtable({"name": list(names) or [""], "touchpoint": list(range(len(names) or 1))})
    numbered = named.join(numbers, "name").select("touch_sign", touchpoint=numbers.touchpoint.cast("int16"))
    return Labels(engine.keep("touchpoints_by_signature", numbered), names, _channels(events, rules, engine))


def _channels(events: ir.Table, rules: JourneyRules, engine: Engine) -> ir.Table:
    signature = rules.channels.signature
    signs = engine.keep("channel_signatures", events.select(channel_sign=signature.write(events)).distinct())
    fields = signs.mutate(**signature.read(signs.channel_sign))
    other = CHANNELS.index("other")
    places = [CHANNELS.index(rule.id) for rule in rules.channels.rules]
    visits = [number for number, rule in enumerate(rules.channels.rules) if rule.visit]
    decided = fields.select("channel_sign", rule=rules.channels.rule_of(fields))
    channel = ibis.cases(
        *[(decided.rule == number, ibis.literal(place)) for number, place in enumerate(places)], else_=other
    )
    return engine.keep(
        "channels_by_signature",
        decided.select(
            "channel_sign",
            channel=channel.cast("int16"),
            of_visit=decided.rule.isin(visits) if visits else ibis.literal(False),
        ),
    )
