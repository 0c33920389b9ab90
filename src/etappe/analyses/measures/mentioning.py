"""mention of reviews, survey answers or tickets: in how many of them somebody writes of a topic.

Interviews are coded by people and counted elsewhere (`maps/insights.py`); here a topic counts where its words stand in
the text, in any case, also inside of a compound word.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from etappe.analyses.answer import proportion
from etappe.analyses.measures.found import Found, newest, nothing
from etappe.analyses.measures.observed import DAY, Observed
from etappe.tables.functions import micros
from etappe.tables.plain_arrays import numbers_of, picked
from etappe.tables.plain_rows import rows_of
from etappe.words.claim import Claim
from etappe.words.result import Figure, Recipe, too_few
from etappe.words.said import said as both

MENTION = Recipe("mention in texts", 1, both("texts in which one of the topics is written of: k of n", "Texte, in denen von einem der Themen die Rede ist: k von n"), 10)
_GERMAN = {"reviews": "Bewertungen", "answers": "Antworten", "tickets": "Support-Anfragen"}
_KINDS = {"reviews": "review", "answers": "survey_answer", "tickets": "ticket"}


def mention(claim: Claim, population: Any, observed: Observed) -> Found:
    """k of n texts; a count is its own interval, a share has Wilson's."""
    wanted = [topic.strip().lower() for topic in claim.arguments]
    texts = observed.tables.engine.to_arrow(_texts(claim.of, observed))
    mine = np.flatnonzero(population[numbers_of(texts["no"])])
    if not len(mine):
        return nothing(MENTION, both(f"There are no {claim.of} with a text in this population.", f"In dieser Grundgesamtheit gibt es keine {_GERMAN[claim.of]} mit Text."))
    words = texts["text"].to_pylist()
    said = [place for place in mine.tolist() if any(topic in words[place].lower() for topic in wanted)]
    fresh = newest(numbers_of(texts["at"].cast(pa.float64()), np.nan)[mine] / DAY)
    k, n = len(said), len(mine)
    if n < (claim.minimum_n or MENTION.minimum_n):
        figure = too_few(n)
    elif claim.unit == "share":
        figure = proportion(k, n, MENTION)
    else:
        figure = Figure(float(k), float(k), float(k), n, unit="count")
    return Found(figure, MENTION, fresh, behind=lambda limit: rows_of(picked(texts.select(["account_id", "stage", "text"]), said[:limit])))


def _texts(of: str, observed: Observed) -> ir.Table:
    said = observed.written.filter(observed.written.kind == _KINDS[of]).select("source", "record_id", "no", "account_id", "stage", "name")
    if of == "tickets":
        events = observed.tables.evidence["events"]
        texts = events.filter(events.kind == "ticket").select("source", "record_id", "text", at=micros(events.happened_at))
    else:
        feedback = observed.tables.evidence["feedback"].filter(lambda rows: rows.text.notnull())
        grouped = feedback.mutate(record_id=ibis.coalesce(feedback.response_id, feedback.record_id)).group_by("source", "record_id")
        texts = grouped.agg(text=ibis._.text.group_concat("\n"), at=micros(ibis._.happened_at).max())
    joined = texts.inner_join(said, ["source", "record_id"])
    text = joined.text if of != "tickets" else joined.name.fill_null("") + "\n" + joined.text.fill_null("")
    written = joined.select("no", "account_id", "stage", "at", "source", "record_id", text=text).filter(lambda row: row.text.strip().length() > 0)
    return written.order_by([written["at"].desc(), "source", "record_id"])
