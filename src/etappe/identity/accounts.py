"""Company records grouped to accounts: decisions, ids and merges first, then rules, then the scorer."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from etappe.identity import candidates, companies, matching, scored
from etappe.identity.clusters import cluster
from etappe.identity.graph import Codes, nearest, neighbours
from etappe.identity.links import RULES, narrow
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.tables.cleaning import short_id_of

_PAIR = {"left": pl.UInt32, "right": pl.UInt32}


@dataclass(frozen=True, slots=True)
class Grouped:
    """`records` (company records, see `companies`) with their `account_id`, and the `links` that were considered."""

    records: pl.DataFrame
    links: pl.DataFrame

    def account_of(self) -> dict[tuple[str, str], str]:
        """Kind and id of a company record → its account."""
        rows = self.records.select("kind", "value", "account_id").iter_rows()
        return {(kind, value): account for kind, value, account in rows}


def group(found: companies.Companies, rules: IdentityRules, decided: Overrides) -> Grouped:
    """Ties the company records of all sources together."""
    records = candidates.with_contacts(found.records, found.said)
    certain = _certain(records, decided)
    compared = scored.settle(records, matching.compare(records), rules)
    accepted = pl.concat([certain, compared.of("accept")], how="diagonal")
    cut = _cut(records, accepted, decided)
    hard = pl.concat([compared.of("hard").select("left", "right"), cut.select("left", "right")])
    usable = accepted.join(cut, on=["left", "right"], how="anti", maintain_order="left").with_row_index("row")
    labels, dropped = cluster(len(records), usable, hard, rules.records_per_account)
    refused = pl.when(pl.col("row").is_in(dropped)).then(pl.lit("would tie together what must stay apart"))
    split = accepted.join(cut, on=["left", "right"], maintain_order="left").with_columns(reason=pl.col("words_of_cut"))
    links = [usable.with_columns(reason=refused), compared.of("reject", "hard"), split]
    return Grouped(_with_ids(records, labels), _as_links(pl.concat(links, how="diagonal"), records))


def _codes(records: pl.DataFrame) -> dict[tuple[str, str], int]:
    return {(kind, value): code for code, kind, value in records.select("code", "kind", "value").iter_rows()}


def _certain(records: pl.DataFrame, decided: Overrides) -> pl.DataFrame:
    """Pairs that need no comparing: merged records, ids of other systems, and decisions."""
    codes = _codes(records)
    rows: list[tuple[int, int, str, str]] = []
    merged = records.drop_nulls("merged_refs").explode("merged_refs").drop_nulls("merged_refs")
    for kind, value, ref in merged.select("kind", "value", "merged_refs").iter_rows():
        if (kind, ref) in codes and ref != value:
            words = f"{kind.partition(':')[2]} merged {ref} into {value}"
            rows.append((codes[kind, value], codes[kind, ref], "merged record", words))
    for left_kind, left, right_kind, right in companies.foreign_records(records).iter_rows():
        words = f"{right_kind.partition(':')[2]} uses the id of {left_kind.partition(':')[2]}"
        rows.append((codes[left_kind, left], codes[right_kind, right], "id of another system", words))
    rows += [(codes[one], codes[two], "decision", words) for one, two, words in _decided(codes, decided)]
    ordered = [(min(row[:2]), max(row[:2]), row[2], RULES[row[2]][0], row[3]) for row in rows]
    schema = {**_PAIR, "rule": pl.String, "probability": pl.Float64, "words": pl.String}
    return pl.DataFrame(ordered, schema=schema, orient="row").sort("left", "right", "probability")


def _decided(
    codes: dict[tuple[str, str], int], decided: Overrides
) -> list[tuple[tuple[str, str], tuple[str, str], str]]:
    """Merged records; two records merged with one domain are merged with each other."""
    around = neighbours((one, two) for one, two, _ in decided.together)
    ties = []
    for one, two, decision in decided.together:
        for end in (one, two):
            if end not in codes:
                records = sorted(item for item in around[end] if item in codes)
                ties += [(records[0], other, decision.words()) for other in records[1:]]
        if one in codes and two in codes:
            ties.append((one, two, decision.words()))
    return sorted(set(ties))


def _cut(records: pl.DataFrame, accepted: pl.DataFrame, decided: Overrides) -> pl.DataFrame:
    """Pairs that a decision keeps apart: each record goes with the nearest of those that were split."""
    codes = _codes(records) if decided.apart else {}
    pairs = list(accepted.select("left", "right").iter_rows())
    apart: dict[tuple[int, int], str] = {}
    for chosen, origin, decision in decided.apart:
        inside = {codes[item] for item in chosen if item in codes}
        if not inside:
            continue
        if origin in codes:
            owner = nearest(neighbours(pairs), {**dict.fromkeys(sorted(inside), 0), codes[origin]: 1})
            cut = [(one, two) for one, two in pairs if owner.get(one) != owner.get(two)]
        else:
            cut = [(one, two) for one, two in pairs if (one in inside) != (two in inside)]
        apart |= dict.fromkeys(cut, decision.words())
        pairs = [pair for pair in pairs if pair not in apart]
    rows = [(*pair, words) for pair, words in sorted(apart.items())]
    return pl.DataFrame(rows, schema={**_PAIR, "words_of_cut": pl.String}, orient="row")


def _with_ids(records: pl.DataFrame, labels: Codes) -> pl.DataFrame:
    """The account of each record; its id comes from its first record, those of company tables before mere references."""
    labelled = records.with_columns(label=pl.Series(labels, dtype=pl.Int64))
    roots = labelled.sort("bare", "kind", "value").group_by("label", maintain_order=True).first()
    ids = [short_id_of("a", kind, value) for kind, value in roots.select("kind", "value").iter_rows()]
    named = roots.select("label", account_id=pl.Series(ids, dtype=pl.String))
    return labelled.join(named, on="label", how="left", maintain_order="left").drop("label")


def _as_links(links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    side = records.select("code", "kind", "value", "name")
    left = side.rename({"code": "left", "kind": "left_kind", "value": "left_value", "name": "left_name"})
    right = side.rename({"code": "right", "kind": "right_kind", "value": "right_value", "name": "right_name"})
    met = links.join(left, on="left", maintain_order="left").join(right, on="right", maintain_order="left")
    nameless = pl.lit("(no name)")
    compared = pl.concat_str(
        pl.col("left_name").fill_null(nameless), pl.lit(" / "), pl.col("right_name").fill_null(nameless)
    )
    said = pl.concat_str(compared, pl.lit(": "), "words")
    met = met.with_columns(evidence=pl.coalesce(said, compared), seen=pl.lit(1)).drop("left", "right")
    return narrow(met.rename({"left_value": "left", "right_value": "right"}))
