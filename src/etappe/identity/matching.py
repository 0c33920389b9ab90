"""Which company records are one company: what plain rules say, and what they leave open for the scorer."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from etappe.identity import candidates
from etappe.identity.names import likenesses

_ASKED = (
    "same_domain", "other_domain", "same_mail", "same_source", "same_place", "other_place", "same_phone", "family", "nameless",
)  # fmt: skip
COMPATIBLE = 0.85
WORTH_SCORING = 0.78


@dataclass(frozen=True, slots=True)
class Compared:
    """All compared pairs of records, with `verdict` accept, reject, hard (must not meet), or open."""

    pairs: pl.DataFrame

    def of(self, *verdicts: str) -> pl.DataFrame:
        """The pairs with one of these verdicts."""
        return self.pairs.filter(pl.col("verdict").is_in(verdicts))


def compare(records: pl.DataFrame) -> Compared:
    """Compares all candidate pairs of `records` (with code, key, domains, mail, place, postcode, parent, …).

    Returns left, right (codes), likeness, rule, probability, verdict, reason, in the order of the codes.
    """
    sides = _sides(records)
    near = [_near(_features(part, sides)) for part in candidates.pairs(records)]
    return Compared(_judge(_with_contested(pl.concat(near))).sort("left", "right"))


def _sides(records: pl.DataFrame) -> pl.DataFrame:
    """What is compared of a record, in the order of codes."""
    return records.sort("code").select(
        "kind",
        "value",
        "key",
        "domains",
        "mail",
        "place",
        "telephone",
        "parent",
        "source",
        "bare",
        post=pl.col("postcode").str.replace_all(r"\D", "").replace("", None),
    )


def _features(pairs: pl.DataFrame, sides: pl.DataFrame) -> pl.DataFrame:
    columns = [
        sides[pairs[side]].rename({name: f"{name}_{number}" for name in sides.columns})
        for number, side in enumerate(("left", "right"), 1)
    ]
    met = pl.concat([pairs, *columns], how="horizontal")
    shared = pl.col("domains_1").list.set_intersection("domains_2").list.len() > 0
    both = (pl.col("domains_1").list.len() > 0) & (pl.col("domains_2").list.len() > 0)
    by_mail = pl.any_horizontal(
        pl.col("domains_1").list.contains(pl.col("mail_2")),
        pl.col("domains_2").list.contains(pl.col("mail_1")),
        pl.col("mail_1") == pl.col("mail_2"),
    )
    same_kind = pl.col("source_1") == pl.col("source_2")
    met = met.with_columns(
        same_domain=shared.fill_null(False),
        other_domain=both & ~shared,
        same_mail=by_mail.fill_null(False),
        same_source=same_kind,
        same_place=(
            (pl.col("place_1") == pl.col("place_2")).fill_null(False)
            | (pl.col("post_1") == pl.col("post_2")).fill_null(False)
        ),
        other_place=(pl.col("place_1") != pl.col("place_2")).fill_null(False)
        & (pl.col("post_1") != pl.col("post_2")).fill_null(True),
        same_phone=(pl.col("telephone_1") == pl.col("telephone_2")).fill_null(False),
        family=same_kind
        & (
            (pl.col("parent_1") == pl.col("value_2")).fill_null(False)
            | (pl.col("parent_2") == pl.col("value_1")).fill_null(False)
        ),
        nameless=pl.col("key_1").is_null() | pl.col("key_2").is_null(),
    )
    keys = met.filter(~pl.col("nameless")).select("key_1", "key_2").unique()
    found = likenesses(keys["key_1"].to_list(), keys["key_2"].to_list(), WORTH_SCORING)
    scored = keys.with_columns(likeness=pl.Series(found, dtype=pl.Float64))
    return met.join(scored, on=["key_1", "key_2"], how="left").with_columns(pl.col("likeness").fill_null(0.0))


def _near(met: pl.DataFrame) -> pl.DataFrame:
    """The pairs to which a rule applies; all others, nine of ten, are too far apart to be listed.

    Whether a name is contested, which only all pairs together say, is another reason to be listed for none of them.
    """
    applies = met.with_columns(contested=pl.lit(False)).select(pl.any_horizontal(rule.when for rule in RULES))
    return met.filter(applies.to_series()).select("left", "right", "likeness", "key_1", "key_2", *_ASKED)


def _with_contested(met: pl.DataFrame) -> pl.DataFrame:
    # A name that stands at two places is that of two companies; which of them a record without a place is, is open.
    apart = met.filter((pl.col("likeness") >= 0.97) & pl.col("other_place") & ~pl.col("same_domain"))
    several = pl.concat([apart["key_1"], apart["key_2"]]).unique()
    contested = pl.col("key_1").is_in(several.implode()) | pl.col("key_2").is_in(several.implode())
    return met.with_columns(contested=contested.fill_null(False) & ~pl.col("same_place"))


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be thought of two records when a condition holds."""

    when: pl.Expr
    name: str
    probability: float
    verdict: str
    reason: str | None = None


_ALIKE, _SAME_NAME = pl.col("likeness") >= COMPATIBLE, pl.col("likeness") >= 0.97
_DOMAIN, _PLACE, _SOURCE = pl.col("same_domain"), pl.col("same_place"), pl.col("same_source")
_OTHER_PLACE, _OTHER_DOMAIN = pl.col("other_place"), pl.col("other_domain")
_BRANCH = _SOURCE & _OTHER_PLACE
_NOTHING_AGAINST = ~_OTHER_PLACE & ~_OTHER_DOMAIN
_TWO_WORDS = pl.col("key_1").str.contains(" ", literal=True) & pl.col("key_2").str.contains(" ", literal=True)
_AGREES = _DOMAIN | _PLACE | pl.col("same_phone") | pl.col("same_mail")

# The first rule that applies wins. A source that keeps two records of one domain under two names means two companies.
RULES = (
    Rule(pl.col("family"), "parent company", 0.0, "hard", "parent and subsidiary stay apart"),
    Rule(_DOMAIN & _BRANCH & _ALIKE, "same domain", 0.3, "hard", "two places of one name in one source"),
    Rule(_DOMAIN & _SAME_NAME, "same domain and name", 0.99, "accept"),
    Rule(_DOMAIN & _ALIKE & ~(_SOURCE & (pl.col("likeness") < 0.9)), "same domain and name", 0.96, "accept"),
    Rule(_DOMAIN & pl.col("nameless"), "same domain", 0.93, "accept"),
    Rule(_DOMAIN & _SOURCE, "same domain", 0.2, "hard", "same domain, other name"),
    Rule(_DOMAIN & ~_ALIKE, "same domain", 0.3, "reject", "same domain, other name"),
    Rule(_BRANCH & _SAME_NAME, "same name", 0.3, "hard", "same name, other place"),
    Rule(_SAME_NAME & _PLACE & ~_OTHER_DOMAIN, "same name and place", 0.97, "accept"),
    Rule(_SAME_NAME & pl.col("same_mail") & ~_OTHER_PLACE, "same name, people of one domain", 0.97, "accept"),
    Rule(_SAME_NAME & _NOTHING_AGAINST & pl.col("contested"), "same name", 0.5, "reject", "the name is at several places"),
    Rule(_SAME_NAME & _NOTHING_AGAINST & _TWO_WORDS, "same name", 0.93, "accept"),
    Rule(_SAME_NAME & _OTHER_PLACE & _OTHER_DOMAIN, "same name", 0.2, "reject", "same name, other place and domain"),
    Rule(_SAME_NAME, "same name", 0.5, "open"),
    Rule((pl.col("likeness") >= WORTH_SCORING) & _AGREES, "similar name", 0.5, "open"),
)  # fmt: skip


def _judge(met: pl.DataFrame) -> pl.DataFrame:
    """Applies the rules."""
    nothing = pl.lit(None, pl.String)
    rule, probability, verdict, reason = nothing, pl.lit(None, pl.Float64), nothing, nothing
    for one in reversed(RULES):
        rule = pl.when(one.when).then(pl.lit(one.name)).otherwise(rule)
        probability = pl.when(one.when).then(pl.lit(one.probability)).otherwise(probability)
        verdict = pl.when(one.when).then(pl.lit(one.verdict)).otherwise(verdict)
        reason = pl.when(one.when).then(pl.lit(one.reason, pl.String)).otherwise(reason)
    return met.select("left", "right", "likeness", rule=rule, probability=probability, verdict=verdict, reason=reason)
