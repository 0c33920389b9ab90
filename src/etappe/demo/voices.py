"""What customers say: Qualtrics surveys with three header rows, Zendesk tickets, Trustpilot reviews."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etappe.demo import clock, ids, model, names, touches
from etappe.demo.cast import Cast
from etappe.demo.clock import Array
from etappe.demo.out import Folder, stamp, vocabulary

NPS, CSAT, CES = range(3)
SURVEYS = ("qualtrics/kundenumfrage.csv", "qualtrics/supportumfrage.csv", "qualtrics/inbetriebnahme.csv")
_HEAD = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId",
         "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "DistributionChannel", "UserLanguage")  # fmt: skip
_GERMAN = ("Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Aktueller Stand", "Dauer (in Sekunden)", "Beendet", "Erfassungsdatum", "Antwort-ID",
           "Nachname des Empfängers", "Vorname des Empfängers", "E-Mail des Empfängers", "Externe Datenreferenz", "Verteilungskanal", "Benutzersprache")  # fmt: skip
_IMPORT = ("startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate", "_recordId",
           "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference", "distributionChannel", "userLanguage")  # fmt: skip
_QUESTIONS = (
    (("Q1_NPS", "Wie wahrscheinlich ist es, dass Sie Messwerk Sensorik einem Kollegen weiterempfehlen? (0 bis 10)"),
     ("Q2", "Was ist der wichtigste Grund für Ihre Bewertung?")),
    (("Q1_CSAT", "Wie zufrieden sind Sie mit der Lösung Ihrer Support-Anfrage? (1 bis 5)"), ("Q2", "Möchten Sie uns noch etwas mitteilen?")),
    (("Q1_CES", "Die Inbetriebnahme war einfach für mich. (1 = stimme gar nicht zu, 7 = stimme voll zu)"), ("Q2", "Was hat Sie Zeit gekostet?")),
)  # fmt: skip
_GOOD = ("Läuft seit dem ersten Tag.", "Schnelle Hilfe,\nimmer derselbe Ansprechpartner.", "Stillstände sind deutlich weniger geworden.", None)
_FAIR = ("Funktioniert, aber die Berichte sind unübersichtlich.", "Preis ist hoch.", None, "Montage hat länger gedauert als gedacht.")
_POOR = ("Niemand meldet sich bei uns.", "Seit dem Kauf nichts mehr gehört.", "Fehlalarme;\nkeine Antwort vom Support.", None)
_WORDS = _GOOD + _FAIR + _POOR
_SUBJECTS = ("Sensor meldet sich nicht", "Frage zur Montage", "Alarmgrenzen einstellen", "Gateway offline", "Rechnung unklar", "Neuer Benutzer")
_REVIEWS = (("Top Sensoren", "Einfach nachgerüstet, sehr zufrieden."), ("Solide", "Gute Technik, Preis hoch."), ("Allein gelassen", "Nach dem Kauf kümmert sich keiner."))


@dataclass(frozen=True)
class Voices:
    """Rows of `cast.touches` and the ids of their records."""

    answers: Array
    answer_ids: pa.Array
    tickets: Array
    ticket_ids: pa.Array
    reviews: Array
    review_ids: pa.Array
    scores: Array  # value given, one an answer
    surveys: Array


def write_voices(rng: np.random.Generator, folder: Folder, cast: Cast, number: int) -> Voices:
    """Surveys, tickets and reviews of one chunk."""
    kind = cast.touches["kind"]
    answers, tickets, reviews = (np.flatnonzero(kind == code) for code in (touches.SURVEY, touches.TICKET, touches.REVIEW))
    answer_ids, scores, surveys = _answers(rng, folder, cast, answers)
    return Voices(
        answers, answer_ids, tickets, _tickets(rng, folder, cast, tickets, number), reviews, _reviews(rng, folder, cast, reviews),
        scores, surveys,
    )  # fmt: skip


def _answers(rng: np.random.Generator, folder: Folder, cast: Cast, picked: Array) -> tuple[pa.Array, Array, Array]:
    rows = cast.touches.where(picked)
    count, loyalty = len(picked), cast.accounts.loyalty[rows["account"]]
    survey = np.array([NPS, NPS, CSAT, CES])[rows["detail"]] if count else np.zeros(0, dtype=np.int64)
    mean = np.array(model.NPS_MEAN)[loyalty]
    ten = np.clip(np.round(mean + rng.normal(0, 1.1, count)), 0, 10)
    scale = np.where(survey == NPS, ten, np.where(survey == CSAT, np.clip(np.round(ten / 2), 1, 5), np.clip(np.round(ten * 0.7), 1, 7))).astype(np.int64)
    word = loyalty * 4 + rng.integers(0, 4, count)
    own = ids.mixed("R_", rng, count, 15)
    finished = rng.random(count) < 0.95
    person = pa.array(rows["person"])
    local = rows["ms"]
    reference = cast.contact[rows["person"]] & (rng.random(count) < 0.7)
    anonymous = rng.random(count) < 0.06
    table = pa.table(
        {
            "StartDate": stamp(local, "%Y-%m-%d %H:%M:%S"), "EndDate": stamp(local + 70_000, "%Y-%m-%d %H:%M:%S"),
            "Status": pa.array(np.zeros(count, dtype=np.int64)), "IPAddress": pa.nulls(count, pa.string()),
            "Progress": pa.array(np.where(finished, 100, 50)), "Duration (in seconds)": pa.array(np.full(count, 70)),
            "Finished": pa.array(finished.astype(np.int64)), "RecordedDate": stamp(local + 71_000, "%Y-%m-%d %H:%M:%S"), "ResponseId": own,
            "RecipientLastName": cast.persons.last.take(person), "RecipientFirstName": cast.persons.first.take(person),
            "RecipientEmail": pc.if_else(pa.array(anonymous), None, cast.persons.email.take(person)),
            "ExternalReference": pc.if_else(pa.array(reference), ids.salesforce("003", cast.persons.number).take(person), None),
            "DistributionChannel": vocabulary(("email",), np.zeros(count, dtype=np.int64)),
            "UserLanguage": vocabulary(("DE",), np.zeros(count, dtype=np.int64)),
            "Q1": pa.array(scale), "Q2": vocabulary(_WORDS, word),
        }
    )  # fmt: skip
    for code, name in enumerate(SURVEYS):
        file = folder.csv(name, head=_heads(code))
        file.write(table.filter(pa.array(survey == code)))
    return own, scale, survey


def _heads(code: int) -> list[tuple[str, ...]]:
    """The three lines above the answers: names, questions in German, import marks."""
    questions = _QUESTIONS[code]
    zones = {name: {"timeZone": "Z"} for name in ("startDate", "endDate", "recordedDate")}
    marks = [json.dumps({"ImportId": name, **zones.get(name, {})}, separators=(",", ":")) for name in _IMPORT]
    return [
        (*_HEAD, *(name for name, _ in questions)),
        (*_GERMAN, *(words for _, words in questions)),
        (*marks, '{"ImportId":"QID1"}', '{"ImportId":"QID2_TEXT"}'),
    ]


def _tickets(rng: np.random.Generator, folder: Folder, cast: Cast, picked: Array, number: int) -> pa.Array:
    rows = cast.touches.where(picked)
    count = len(picked)
    person = pa.array(rows["person"])
    loyalty = cast.accounts.loyalty[rows["account"]]
    own = pc.utf8_ltrim(ids.numbered("", 20_000 + int(cast.accounts.number[0]) * 60 + np.arange(count), 10), "0")
    made = clock.to_local(rows["ms"])
    solved = made + rng.integers(2, 90, count) * clock.HOUR
    first = cast.persons.first.take(person)
    name = pc.binary_join_element_wise(first, cast.persons.last.take(person), " ")
    blank = vocabulary(("",), np.full(count, -1))
    rated = np.where(rng.random(count) < 0.4, np.where(rng.random(count) < np.array([0.95, 0.8, 0.5])[loyalty], 1, 2), 0)
    table = pa.table(
        {
            "Summation column": pa.array(np.ones(count, dtype=np.int64)),
            "Id": own,
            "Requester": name,
            "Requester id": pa.array(380_000_000_000 + cast.persons.number[rows["person"]]),
            "Requester external id": pc.if_else(pa.array(cast.contact[rows["person"]]), ids.salesforce("003", cast.persons.number).take(person), None),
            "Requester email": cast.persons.email.take(person),
            "Requester domain": pc.list_element(pc.split_pattern(cast.persons.email.take(person), "@"), 1),
            "Submitter": name,
            "Assignee": vocabulary([f"{a} {b}" for a, b, room in names.COLLEAGUES if room == "Service"], np.arange(count) % 2),
            "Group": vocabulary(("Service",), np.zeros(count, dtype=np.int64)),
            "Subject": vocabulary(_SUBJECTS, rng.integers(0, len(_SUBJECTS), count)),
            "Tags": blank,
            "Status": vocabulary(("Closed",), np.zeros(count, dtype=np.int64)),
            "Priority": vocabulary(("Low", "Normal", "High", "Urgent"), rng.integers(0, 4, count)),
            "Via": vocabulary(("Mail", "Web form", "Phone"), rng.integers(0, 3, count)),
            "Ticket type": vocabulary(("Incident", "Question"), rng.integers(0, 2, count)),
            "Created at": stamp(made, "%Y-%m-%d %H:%M"),
            "Updated at": stamp(solved, "%Y-%m-%d %H:%M"),
            "Assigned at": stamp(made + 600_000, "%Y-%m-%d %H:%M"),
            "Organization": cast.accounts.name.take(pa.array(rows["account"])),
            "Due date": blank,
            "Solved at": stamp(solved, "%Y-%m-%d %H:%M"),
            "Resolution time": pa.array((solved - made) // clock.HOUR),
            "Satisfaction Score": vocabulary(("Not Offered", "Good", "Bad"), rated),
            "Reopens": pa.array(np.zeros(count, dtype=np.int64)),
            "Replies": pa.array(rng.integers(1, 6, count)),
            "First reply time in minutes": pa.array(rng.integers(5, 600, count)),
        }
    )  # fmt: skip
    file = folder.csv("zendesk/tickets.csv", encoding="utf-8-sig")
    file.write(table)
    if number == 0:
        file.soil_like(table, {"bad date": {"Id": "19999999", **dict.fromkeys(("Created at", "Updated at", "Assigned at", "Solved at"), "00.00.0000")}})
    return own


def _reviews(rng: np.random.Generator, folder: Folder, cast: Cast, picked: Array) -> pa.Array:
    rows = cast.touches.where(picked)
    count, loyalty = len(picked), cast.accounts.loyalty[rows["account"]]
    person = pa.array(rows["person"])
    own = ids.hex_text(rng, count, 24)
    stars = np.clip(np.round(np.array([4.8, 3.7, 2.2])[loyalty] + rng.normal(0, 0.5, count)), 1, 5).astype(np.int64)
    code = np.where(stars >= 4, 0, np.where(stars == 3, 1, 2))
    mail = rng.random(count) < 0.6
    table = pa.table(
        {
            "Domain URL": vocabulary((f"www.{names.OWN_DOMAIN}",), np.zeros(count, dtype=np.int64)),
            "Webshop Name": vocabulary((names.OWN_COMPANY,), np.zeros(count, dtype=np.int64)),
            "Business Unit Id": vocabulary(("5f0c1e7f4000ff0005a1b2c3",), np.zeros(count, dtype=np.int64)),
            "Review Id": own,
            "Review Created (UTC)": stamp(rows["ms"], "%Y-%m-%d %H:%M:%S"),
            "Review Consumer User Id": ids.hex_text(rng, count, 24),
            "Review Username": pc.binary_join_element_wise(cast.persons.first.take(person), cast.persons.last.take(person), " "),
            "Review User Email": pc.if_else(pa.array(mail), cast.persons.email.take(person), None),
            "Review Title": vocabulary([title for title, _ in _REVIEWS], code),
            "Review Content": vocabulary([words for _, words in _REVIEWS], code),
            "Review Stars": pa.array(stars),
            "Reference Id": pa.nulls(count, pa.string()),
            "Business Reply Date (UTC)": pa.nulls(count, pa.string()),
            "Location Name": pa.nulls(count, pa.string()),
            "Source Of Review": vocabulary(("InvitationApi", "Organic"), rng.integers(0, 2, count)),
        }
    )  # fmt: skip
    folder.csv("reviews/reviews_export.csv").write(table)
    return own
