"""Scores the pairs of company records that the plain rules leave open, with Splink.

The weights were set by hand, and hold on the truth of the sample company (docs/truth.md) and on a generated market
(tests/identity/market.py): a name alone is never enough, a misspelled name in one place is, a name at two places is
not.
"""

from __future__ import annotations

import polars as pl

from etappe.identity.matching import Compared
from etappe.identity.names import coarse, fold
from etappe.identity.rules import IdentityRules
from etappe.tables.scoring import Comparison, Level, Model, score

MODEL = Model(
    prior=1e-4,
    comparisons=(
        Comparison(
            "name",
            (
                Level("the same name", "name_l = name_r", 0.75, 3e-5),
                Level("a misspelled name", "jaro_winkler_similarity(name_l, name_r) >= 0.95", 0.17, 1.2e-5),
                Level("a similar name", "jaro_winkler_similarity(name_l, name_r) >= 0.9", 0.05, 4e-4),
                Level("another name", "", 0.03, 0.9995),
            ),
        ),
        Comparison(
            "place",
            (
                Level("the same postcode", "post_l = post_r", 0.6, 0.001),
                Level("the same place", "place_l = place_r", 0.3, 0.02),
                Level("another place", "", 0.1, 0.979),
            ),
        ),
        Comparison(
            "domain",
            (
                Level("the same domain", "domain_l = domain_r", 0.75, 1e-5),
                Level("the same name under another ending", "label_l = label_r", 0.12, 3e-5),
                Level("another domain", "", 0.13, 0.99996),
            ),
        ),
        Comparison(
            "mail",
            (
                Level("people of one domain", "mail_l = mail_r", 0.8, 1e-4),
                Level("people of other domains", "", 0.2, 0.9999),
            ),
        ),
        Comparison(
            "telephone",
            (
                Level("the same telephone", "telephone_l = telephone_r", 0.6, 1e-5),
                Level("a like telephone", "left(telephone_l, 9) = left(telephone_r, 9)", 0.25, 0.002),
                Level("another telephone", "", 0.15, 0.998),
            ),
        ),
        Comparison(
            "street",
            (
                Level("the same street", "jaro_winkler_similarity(street_l, street_r) >= 0.92", 0.75, 0.002),
                Level("another street", "", 0.25, 0.998),
            ),
        ),
    ),
)


def settle(records: pl.DataFrame, compared: Compared, rules: IdentityRules) -> Compared:
    """Turns the open pairs into accepted and rejected ones; nothing is loaded where nothing is open."""
    still_open = compared.of("open")
    if not len(still_open):
        return compared
    involved = records.filter(pl.col("code").is_in(pl.concat([still_open["left"], still_open["right"]]).implode()))
    found = score(_columns(involved).to_arrow(), still_open.select("left", "right").to_arrow(), MODEL, rules.show_from)
    schema = {"left": pl.UInt32, "right": pl.UInt32, "probability": pl.Float64, "words": pl.String}
    judged = pl.DataFrame(found, schema=schema).with_columns(
        rule=pl.lit("scored match"),
        verdict=pl.when(pl.col("probability") >= rules.merge_from).then(pl.lit("accept")).otherwise(pl.lit("reject")),
        reason=pl.when(pl.col("probability") < rules.merge_from).then(pl.lit("too unlikely")),
    )
    settled = compared.pairs.filter(pl.col("verdict") != "open")
    return Compared(pl.concat([settled, judged], how="diagonal"))


def _columns(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that the model compares."""
    names = [coarse(key).replace(" ", "") if key else None for key in records["key"]]
    streets = [fold(street) or None if street else None for street in records["street"]]
    domain = pl.col("domains").list.first()
    return records.select(
        "code",
        "telephone",
        name=pl.Series(names, dtype=pl.String),
        street=pl.Series(streets, dtype=pl.String),
        place=pl.coalesce("place", pl.col("postcode")),
        post=pl.col("postcode").str.replace_all(r"\D", "").replace("", None),
        domain=domain,
        label=domain.str.replace(r"\..*$", ""),
        mail=pl.coalesce("mail", domain),
    )
