"""What the build counts of each stay in a stage, so that a question about all journeys reads no step.

A *stay* is a row of `stage_visits`, and has a number here. Of it are counted its touches (the same touchpoint met the
same way), its uses of content, and its visit days; all three name the stay (and the way) by its number, and nobody by name.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.journeys.in_numbers import HOW, USE, by_way, content_of, in_stays

BREAK_DAYS = 0.25
DAY_SECONDS = 86_400.0
LONG_WAIT_DAYS = 14.0
# Sent by the vendor, or done by a machine: an opened mail may be no more than a preview.
VENDOR_KINDS = (
    "email_sent", "email_delivered", "email_bounce", "email_open", "ad_view", "note", "task", "list_change", "letter",
)  # fmt: skip
# By these a person becomes known, and with it all that its browser did before.
IDENTIFYING = ("form", "sign_in", "list_change", "chat", "survey_answer", "email_click", "unsubscribe", "webinar")
# In these somebody writes or says something.
VOICED = ("survey_answer", "review", "ticket", "chat", "call")


def own_acts(steps: ir.Table) -> ir.Table:
    """What the account did itself, of steps, touches or uses.

    What the vendor sends goes on after a journey has died, and is no sign of life.
    """
    sent = steps.kind.isin(VENDOR_KINDS).fill_null(False)
    out = (steps.direction == "out").fill_null(False) & ~steps.sales.fill_null(False)
    return steps.filter(~sent & ~out)


def stays(visits: ir.Table) -> ir.Table:
    """The stays with their number and that of their journey, as schema.STAYS."""
    numbered = visits.mutate(
        stay=ibis.row_number().over(order_by=[visits.journey_id, visits.visit_no]),
        journey=ibis.dense_rank().over(order_by=visits.journey_id),
    )  # fmt: skip
    return numbered.select(
        "stay", "journey", "journey_id", "account_id", "visit_no", "stage", "stage_no", "entered_at", "left_at", "left_to"
    )


def touches(numbered: ir.Table) -> ir.Table:
    """Each touchpoint that a stay met in one way, with how often and when, as schema.TOUCHES; of steps as numbers."""
    counted = numbered.group_by("stay", "way").agg(
        steps=numbered.count(), online=numbered.count(where=numbered.online),
        first_at=numbered.happened_at.min(), last_at=numbered.happened_at.max(), first_seq=numbered.seq.min(),
        ends=numbered.count(where=numbered.ends),
    )  # fmt: skip
    return counted.order_by("stay", "way")


def uses(steps: ir.Table, numbered: ir.Table, ways: ir.Table) -> ir.Table:
    """Each piece of content that a stay used in one way, with how often and when, as schema.USES."""
    known = steps.filter(steps.content.notnull() | steps.url.notnull())
    known = known.select("journey_id", "visit_no", "happened_at", *HOW, content=content_of(known))
    known = by_way(in_stays(known, numbered), ways, USE)
    counted = known.group_by("stay", "way").agg(steps=known.count(), first_at=known.happened_at.min(), last_at=known.happened_at.max())
    return counted.order_by("stay", "way")


def voices(steps: ir.Table) -> ir.Table:
    """The steps in which somebody writes or says something, as schema.VOICES: few, and scattered among all others."""
    return steps.filter(steps.kind.isin(VOICED)).select(
        "source", "record_id", "kind", "journey_id", "account_id", "stage", "touchpoint", "person_id", "role", "name"
    )


def visit_days(steps: ir.Table, numbered: ir.Table) -> ir.Table:
    """The last own act of each day on which a journey was active, as schema.VISIT_DAYS.

    Without the days that are only seen because the person made itself known later: a visitor's earlier days come to
    light with the form that is sent at last, and cannot have been the end; those of visitors who left unknown never do.
    Counted together they would make a form, and whatever leads to it, look deadly.
    """
    acts = own_acts(steps)
    # Narrow rows and a number to part them by: this sort is where the time goes.
    acts = acts.select("journey_id", "account_id", "person_id", "visit_no", "seq", "happened_at", journey=acts.journey_id.hash())
    order = {"group_by": acts.journey, "order_by": acts.seq}
    acts = acts.mutate(next_at=acts.happened_at.lead().over(**order), next_visit=acts.visit_no.lead().over(**order))
    gap = acts.next_at.epoch_seconds() - acts.happened_at.epoch_seconds()
    days = acts.filter(acts.next_at.isnull() | (gap >= BREAK_DAYS * DAY_SECONDS))
    signs = steps.filter(steps.kind.isin(IDENTIFYING))
    named = signs.filter(signs.person_id.notnull())
    persons = named.group_by(of_person="person_id").agg(person_known=named.happened_at.min())
    accounts = signs.group_by(of_account="account_id").agg(account_known=signs.happened_at.min())
    days = days.left_join(persons, days.person_id == persons.of_person)
    days = days.filter(days.person_known.isnull() | (days.person_known <= days.happened_at))
    days = days.left_join(accounts, days.account_id == accounts.of_account)
    days = days.mutate(
        again=(days.next_visit == days.visit_no).fill_null(False), known=(days.account_known <= days.happened_at).fill_null(False)
    )
    return in_stays(days, numbered).select("stay", "seq", "happened_at", "again", "known")


def long_waits(steps: ir.Table, numbered: ir.Table) -> ir.Table:
    """The own acts of an account after a wait of two weeks or more, as schema.LONG_WAITS."""
    late = own_acts(steps.filter(steps.wait_before >= LONG_WAIT_DAYS))
    late = late.select("journey_id", "visit_no", *HOW, "happened_at", days="wait_before")
    return in_stays(late, numbered).select("stay", *HOW, "happened_at", "days")
