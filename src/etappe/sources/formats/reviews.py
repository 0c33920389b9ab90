"""Public reviews: Trustpilot's export and interface, Google Business Profile. Most name no address, only a person."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from etappe.sources.format import Format, Mapped
from etappe.sources.formats._objects import Fields
from etappe.sources.formats._recognising import fits
from etappe.sources.raw import Raw
from etappe.sources.sniff import Sample

_STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}


def _review(site: str, rows: ir.Table | None, review: dict[str, ir.Value]) -> list[Mapped]:
    """A review as feedback and as the event that it was."""
    stars, text = review["stars"], review["text"]
    feedback: dict[str, ir.Value] = {
        "record_id": review["record_id"],
        "happened_at": review["happened_at"],
        "survey": ibis.literal(site),
        "response_id": review["record_id"],
        "question": ibis.literal("stars"),
        "question_ref": ibis.literal("stars"),
        "instrument": ibis.literal("rating"),
        "value": stars,
        "low": ibis.literal(1.0),
        "high": ibis.literal(5.0),
        "text": text,
        "email": review["email"],
        "contact_ref": review["contact_ref"],
        "person_name": review["person_name"],
        "finished": ibis.literal(True),
        "language": review["language"],
    }
    event: dict[str, ir.Value] = {
        "record_id": review["record_id"],
        "happened_at": review["happened_at"],
        "kind": ibis.literal("review"),
        "name": ibis.coalesce(review["title"], site),
        "detail": review["detail"],
        "direction": ibis.literal("in"),
        "online": ibis.literal(True),
        "email": review["email"],
        "contact_ref": review["reviewer"],
        "user_id": review["contact_ref"],
        "person_name": review["person_name"],
        "origin": ibis.literal(site),
        "value": stars,
        "text": text,
    }
    return [Mapped("events", event, rows=rows), Mapped("feedback", feedback, rows=rows, primary=False)]


def _joined(title: ir.StringValue, text: ir.StringValue) -> ir.StringValue:
    return ibis.coalesce(title + "\n" + text, text, title)


def _recognise_csv(sample: Sample) -> float:
    return (
        0.95
        if fits(
            sample,
            ("Review Id", "Review Stars"),
            ("Review Content", "Review Title", "Review Created (UTC)", "Review Username"),
            2,
        )
        else 0.0
    )


def _map_csv(raw: Raw) -> list[Mapped]:
    v = raw.values
    title = v.text("Review Title")
    return _review(
        "Trustpilot",
        None,
        {
            "record_id": v.text("Review Id"),
            "happened_at": v.moment("Review Created (UTC)", "Review Created", zone="UTC"),
            "stars": v.number("Review Stars"),
            "title": title,
            "text": _joined(title, v.text("Review Content")),
            "detail": v.text("Source Of Review"),
            "email": v.email("Review User Email", "Review Consumer Email"),
            "contact_ref": v.text("Reference Id"),
            "reviewer": v.text("Review Consumer User Id"),
            "person_name": v.text("Review Username"),
            "language": v.text("Review Language"),
        },
    )


def _recognise_json(sample: Sample) -> float:
    return 0.95 if sample.container == "objects" and sample.has("id", "stars", "consumer") else 0.0


def _map_json(raw: Raw) -> list[Mapped]:
    rows, cell = _opened(raw, "createdAt", "title", "text", "id", "stars", "language", "source")
    title = rows.title
    return _review(
        "Trustpilot",
        rows,
        {
            "record_id": rows.id,
            "happened_at": raw.values.moment_of(rows.createdAt, "createdAt", zone="UTC"),
            "stars": rows.stars.try_cast("float64"),
            "title": title,
            "text": _joined(title, rows.text),
            "detail": rows.source,
            "email": cell("consumer.email", "referralEmail"),
            "contact_ref": cell("referenceId"),
            "reviewer": cell("consumer.id"),
            "person_name": cell("consumer.displayName"),
            "language": rows.language,
        },
    )


def _recognise_google(sample: Sample) -> float:
    return 0.95 if sample.container == "objects" and sample.has("reviewId", "starRating", "createTime") else 0.0


def _map_google(raw: Raw) -> list[Mapped]:
    rows, cell = _opened(raw, "createTime", "reviewId", "starRating", "comment")
    stars = ibis.cases(
        *((rows.starRating == word, value) for word, value in _STARS.items()), else_=rows.starRating.try_cast("float64")
    )
    shown = ibis.cases(
        (cell("reviewer.isAnonymous") == "true", ibis.null("string")), else_=cell("reviewer.displayName")
    )
    # Up to nine decimals of a second; six are kept.
    created = rows.createTime.re_replace(r"(\.\d{6})\d+", r"\1")
    return _review(
        "Google",
        rows,
        {
            "record_id": rows.reviewId,
            "happened_at": raw.values.moment_of(created, "createTime", zone="UTC"),
            "stars": stars,
            "title": ibis.null("string"),
            "text": rows.comment,
            "detail": ibis.literal("google review"),
            "email": ibis.null("string"),
            "contact_ref": ibis.null("string"),
            "reviewer": ibis.null("string"),
            "person_name": shown,
            "language": ibis.null("string"),
        },
    )


class _Cells:
    """Further fields of the same rows."""

    def __init__(self, rows: ir.Table) -> None:
        self.fields = Fields(rows.json)

    def __call__(self, *paths: str) -> ir.StringValue:
        return self.fields.text(*paths)


def _opened(raw: Raw, *names: str) -> tuple[ir.Table, _Cells]:
    fields = Fields(raw.table.json)
    rows = raw.engine.view("reviews", raw.table.mutate(**{name: fields.text(name) for name in names}))
    return rows, _Cells(rows)


FORMATS = [
    Format("trustpilot reviews", "trustpilot", "Service reviews of Trustpilot, exported as CSV or XLSX.", _recognise_csv, _map_csv, zone="UTC"),
    Format("trustpilot reviews (JSON)", "trustpilot", "Service reviews from Trustpilot's interface.", _recognise_json, _map_json, zone="UTC"),
    Format("google reviews", "google_reviews", "Reviews of a Google Business Profile, from its interface.", _recognise_google, _map_google, zone="UTC"),
]  # fmt: skip
