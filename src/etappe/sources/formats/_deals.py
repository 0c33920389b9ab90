"""Words for deals: won, lost or still open, and the stage a deal is known to be in without a history."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Mapped
from etappe.sources.values import content_id

STAGES = {"stage": "open", "won stage": "won", "lost stage": "lost"}  # what `facts.about` says of a stage's outcome
OWN = ":own"  # ends the record_id of a stage that was read off the deal itself, not off a history

_LOST = r"(^|[^a-z])(closed ?lost|lost|verloren\w*|nicht gewonnen|kein auftrag|auftrag verloren|absage|abgelehnt|abgebrochen|perdu\w*|perdid\w*)([^a-z]|$)"
_WON = r"(^|[^a-z])(closed ?won|won|gewonnen\w*|auftrag erhalten|auftrag erteilt|auftragseingang|zuschlag erhalten|gagn[ée]\w*|ganad\w*)([^a-z]|$)"


def outcome(words: ir.StringValue) -> ir.StringValue:
    """`won` or `lost` by the name or internal id of a stage or status, in English, German and a little French and
    Spanish; null where the words say neither."""
    plain = words.lower().re_replace(r"[_\-/,:]+", " ")
    return ibis.cases(
        (plain.re_search(_LOST), "lost"), (plain.re_search(_WON), "won"), else_=ibis.null("string")
    )


def by_flags(won: ir.BooleanValue, closed: ir.BooleanValue) -> ir.StringValue:
    """The status by two flags of the record (IsWon, IsClosed); null where they do not say."""
    return ibis.cases(
        (won, "won"),
        (closed & ~won, "lost"),
        (~closed, "open"),
        else_=ibis.null("string"),
    )


def by_probability(probability: ir.FloatingValue) -> ir.StringValue:
    """`won` or `lost` by the probability of a *stage*, 0 to 1: tools give 1 and 0 to closed stages alone."""
    return ibis.cases((probability >= 1, "won"), (probability <= 0, "lost"), else_=ibis.null("string"))


def share(probability: ir.FloatingValue) -> ir.FloatingValue:
    """A probability between 0 and 1, from a column that counts to 100."""
    return (probability / 100).clip(lower=0, upper=1)


def status(*opinions: ir.StringValue) -> ir.StringValue:
    """The first opinion that is not null; a deal of which nothing is said is open."""
    return ibis.coalesce(*opinions, ibis.literal("open"))


def own_stage(
    deal: ir.StringValue, stage: ir.StringValue, entered: ir.TimestampValue, opened: ir.TimestampValue,
    closed: ir.TimestampValue, where: ir.BooleanValue | None = None, rows: ir.Table | None = None, **more: ir.Value,
) -> Mapped:  # fmt: skip
    """The stage a deal is in, as a row of `deal_stages` for deals that have no history.

    Entered when the deal says so, else when it was closed, else (said in `note`) when it was opened. The id is made of
    deal and stage, so that weekly exports of the same deal leave its way behind. `associate` drops these rows of deals
    that have a history.
    """
    moment = ibis.coalesce(entered, closed, opened)
    guessed = entered.isnull() & closed.isnull()
    columns: dict[str, ir.Value] = {
        "record_id": content_id(deal, stage) + OWN,
        "happened_at": moment,
        "deal_ref": deal,
        "stage": stage,
        "note": ibis.cases(
            (guessed, "the export does not say when the stage was entered; the deal's opening is used"),
            else_=ibis.null("string"),
        ),
        **more,
    }
    known = deal.notnull() & stage.notnull() & moment.notnull()
    return Mapped("deal_stages", columns, known if where is None else known & where, primary=False, rows=rows)
