"""The rules that tie, each with the probability it is right, and the frame that links are written in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import polars as pl

from etappe.identity.schema import LINKS
from etappe.tables.engine import Engine

LINK: Final[dict[str, Any]] = {
    "left_kind": pl.String,
    "left": pl.String,
    "right_kind": pl.String,
    "right": pl.String,
    "rule": pl.String,
    "evidence": pl.String,
    "probability": pl.Float64,
    "accepted": pl.Boolean,
    "reason": pl.String,
    "seen": pl.Int64,
}

# Two identifiers that occur together: how often, from when to when, and one place where.
PAIR: Final[dict[str, Any]] = {
    "left_kind": pl.String,
    "left": pl.String,
    "right_kind": pl.String,
    "right": pl.String,
    "rule": pl.String,
    "seen": pl.Int64,
    "first_at": pl.Datetime("us", "UTC"),
    "last_at": pl.Datetime("us", "UTC"),
    "example": pl.String,
}

# Rule → how probable a link is that it makes, and how it reads in English and German. The probabilities are set by
# hand from what the rule can get wrong; docs/truth.md has what the sample company's truth says to all of them.
RULES: Final[dict[str, tuple[float, str, str]]] = {
    "decision": (1.0, "decided by a human", "von einem Menschen entschieden"),
    "merged record": (0.999, "the source merged the records", "von der Quelle zusammengeführt"),
    "converted lead": (0.999, "the lead became this contact", "der Lead wurde dieser Kontakt"),
    "contact record": (0.99, "on one contact record", "auf einem Kontaktdatensatz"),
    "user id is an address": (0.99, "the user id is the e-mail address", "die Nutzer-ID ist die E-Mail-Adresse"),
    "further address": (0.97, "further address of the contact", "weitere Adresse des Kontakts"),
    "id of another system": (0.97, "the id of another system's record", "die ID des Datensatzes eines anderen Systems"),
    "survey answer": (0.97, "on one survey answer", "auf einer Umfrageantwort"),
    "deal role": (0.97, "on one role in a deal", "auf einer Rolle in einer Verkaufschance"),
    "same mailbox": (0.97, "spellings of one mailbox", "Schreibweisen eines Postfachs"),
    "same event": (0.95, "on one event", "auf einem Ereignis"),
    "same name on one device": (0.95, "the same name, on one device", "gleicher Name, auf einem Gerät"),
    "like addresses on one device": (0.93, "like addresses, on one device", "ähnliche Adressen, auf einem Gerät"),
    "like addresses at one domain": (0.9, "two spellings of one name at one domain", "zwei Schreibweisen eines Namens an einer Domain"),
    "same name in one company": (0.94, "the same name, in one company", "gleicher Name, in einem Unternehmen"),
    "same address at two domains": (0.92, "one address at two domains of a company", "eine Adresse auf zwei Domains eines Unternehmens"),
    "same domain and name": (0.98, "the same domain and name", "gleiche Domain und gleicher Name"),
    "same domain": (0.93, "the same domain", "gleiche Domain"),
    "same name and place": (0.97, "the same name and place", "gleicher Name und Ort"),
    "same name, people of one domain": (0.97, "the same name, people of one domain", "gleicher Name, Personen einer Domain"),
    "same name": (0.93, "the same name, nothing against it", "gleicher Name, nichts spricht dagegen"),
    "similar name": (0.5, "a similar name", "ähnlicher Name"),
    "scored match": (0.9, "scored by name, place, domain, telephone", "bewertet nach Name, Ort, Domain, Telefon"),
    "parent company": (0.0, "parent and subsidiary", "Mutter und Tochter"),
    "stated domain": (0.97, "the company record names the domain", "der Unternehmensdatensatz nennt die Domain"),
    "domain of its people": (0.93, "the CRM's people of the company write from it", "die Personen des Unternehmens schreiben von dort"),
    "domain of its own": (0.9, "a domain that no company record has", "eine Domain, die kein Unternehmensdatensatz hat"),
    "like domain": (0.85, "a domain with the name of the company's", "eine Domain mit dem Namen der des Unternehmens"),
    "name of its own": (0.7, "a name that no company record has", "ein Name, den kein Unternehmensdatensatz hat"),
    "crm link": (0.98, "the record names the company", "der Datensatz nennt das Unternehmen"),
    "event link": (0.95, "an event names the company", "ein Ereignis nennt das Unternehmen"),
    "domain": (0.95, "writes from the company's domain", "schreibt von der Domain des Unternehmens"),
    "company name": (0.85, "the record writes the company's name", "der Datensatz schreibt den Namen des Unternehmens"),
    "network": (0.6, "visits from the company's network", "besucht aus dem Netz des Unternehmens"),
}  # fmt: skip


def rule_words(rule: str, language: str = "en") -> str:
    """A rule as the screen shows it, in English or German."""
    _, english, german = RULES.get(rule, (0.0, rule, rule))
    return german if language == "de" else english


def probability_of(rule: str) -> pl.Expr:
    """The probability of each rule of a column."""
    known = {name: probability for name, (probability, _, _) in RULES.items()}
    return pl.col(rule).replace_strict(known, default=0.9, return_dtype=pl.Float64)


def narrow(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as links; without `accepted` a link counts as accepted where it has no reason against it."""
    if "accepted" not in frame.columns:
        frame = frame.with_columns(accepted=pl.col("reason").is_null())
    return frame.select([pl.col(name).cast(kind) for name, kind in LINK.items()])


def store(engine: Engine, frames: Iterable[pl.DataFrame]) -> list[Path]:
    """Writes links into the scratch folder: with one for each pair of identifiers they would fill the memory."""
    folder = Path(tempfile.mkdtemp(prefix="links-", dir=engine.scratch))
    paths = []
    for place, frame in enumerate(frames):
        paths.append(folder / f"{place}.parquet")
        frame.select(LINKS.names).write_parquet(paths[-1], compression="zstd", compression_level=1)
    return paths
