"""Company records grouped to accounts: decisions, ids and merges first, then rules, then the scorer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from etappe.identity import candidates, companies, matching
from etappe.identity.clusters import cluster
from etappe.identity.graph import nearest, neighbours
from etappe.identity.overrides import Overrides
from etappe.identity.rules import IdentityRules
from etappe.tables.cleaning import short_id_of

LINK = {
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


@dataclass(frozen=True, slots=True)
class Grouped:
    """`records` with their `account_id`, and the `links` that were considered."""

    records: pl.DataFrame
    links: pl.DataFrame


def group(
    found: companies.Companies,
    rules: IdentityRules,
    decided: Overrides,
    scorer: matching.Scorer | None = None,
) -> Grouped:
    """Ties the company records of all sources together."""
    records = candidates.with_contacts(found.records, found.said)
    certain = _certain(records, decided)
    compared = matching.compare(records)
    if scorer is not None:
        compared = scorer(records, compared, rules)
    accepted = pl.concat([certain.filter("accepted"), compared.of("accept")], how="diagonal")
    cut = _cut(records, accepted, decided)
    hard = pl.concat([compared.of("hard").select("left", "right"), cut.select("left", "right")])
    usable = accepted.join(cut, on=["left", "right"], how="anti")
    labels, dropped = cluster(len(records), usable, hard, rules.records_per_account)
    refused = usable[dropped].with_columns(
        accepted=pl.lit(False), reason=pl.lit("would tie together what must stay apart")
    )
    used = usable[sorted(set(range(len(usable))) - set(dropped))].with_columns(accepted=pl.lit(True))
    rejected = compared.of("reject", "hard", "open").with_columns(accepted=pl.lit(False))
    split = cut.join(accepted, on=["left", "right"]).with_columns(accepted=pl.lit(False))
    links = pl.concat([used, refused, rejected, split], how="diagonal")
    return Grouped(_with_ids(records, labels), _as_links(links, records))


def _certain(records: pl.DataFrame, decided: Overrides) -> pl.DataFrame:
    """Merged records, ids of other systems, and decisions."""
    codes = {(kind, value): code for code, kind, value in records.select("code", "kind", "value").iter_rows()}
    rows: list[tuple[int, int, str, float, str]] = []
    for kind, value, merged in (
        records.filter(pl.col("merged_refs").is_not_null()).select("kind", "value", "merged_refs").iter_rows()
    ):
        for ref in merged or []:
            if (kind, ref) in codes and ref != value:
                rows.append(
                    (
                        codes[kind, value],
                        codes[kind, ref],
                        "merged record",
                        0.999,
                        f"{kind} {value} says that {ref} was merged into it",
                    )
                )
    for left_kind, left, right_kind, right in companies.foreign_records(records).iter_rows():
        rows.append(
            (
                codes[left_kind, left],
                codes[right_kind, right],
                "id of another system",
                0.98,
                f"{right_kind} uses the id {left}",
            )
        )
    for one, two, decision in decided.together:
        if one in codes and two in codes:
            rows.append((codes[one], codes[two], "decision", 1.0, decision.words()))
    ordered = [(min(row[:2]), max(row[:2]), *row[2:]) for row in rows]
    frame = pl.DataFrame(
        ordered,
        schema={
            "left": pl.UInt32,
            "right": pl.UInt32,
            "rule": pl.String,
            "probability": pl.Float64,
            "words": pl.String,
        },
        orient="row",
    )
    return frame.with_columns(accepted=pl.lit(True))


def _cut(records: pl.DataFrame, accepted: pl.DataFrame, decided: Overrides) -> pl.DataFrame:
    """Pairs that a decision keeps apart: each record goes with the nearest of those that were split."""
    codes = {(kind, value): code for code, kind, value in records.select("code", "kind", "value").iter_rows()}
    pairs = [pair for pair in accepted.select("left", "right").iter_rows()]
    apart: set[tuple[int, int]] = set()
    for chosen, origin, _ in decided.apart:
        inside = {codes[item] for item in chosen if item in codes}
        if origin in codes:
            graph = neighbours(pairs)
            owner = nearest(graph, {**dict.fromkeys(sorted(inside), 0), codes[origin]: 1})
            apart |= {(min(pair), max(pair)) for pair in pairs if owner.get(pair[0]) != owner.get(pair[1])}
        else:
            apart |= {(min(pair), max(pair)) for pair in pairs if (pair[0] in inside) != (pair[1] in inside)}
        pairs = [pair for pair in pairs if pair not in apart]
    return pl.DataFrame(sorted(apart), schema={"left": pl.UInt32, "right": pl.UInt32}, orient="row")


def _with_ids(records: pl.DataFrame, labels: np.ndarray) -> pl.DataFrame:
    grouped = records.with_columns(label=pl.Series(labels))
    roots = (
        grouped.sort("bare", "kind", "value")
        .group_by("label", maintain_order=True)
        .agg(root_kind=pl.col("kind").first(), root=pl.col("value").first())
    )
    ids = [short_id_of("a", kind, value) for kind, value in roots.select("root_kind", "root").iter_rows()]
    return (
        grouped.join(roots.select("label", account_id=pl.Series(ids, dtype=pl.String)), on="label")
        .drop("label")
        .sort("code")
    )


def _as_links(links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    side = records.select("code", "kind", "value", "name")
    met = links.join(
        side.rename({"code": "left", "kind": "left_kind", "value": "left_value", "name": "left_name"}),
        on="left",
    )
    met = met.join(
        side.rename({"code": "right", "kind": "right_kind", "value": "right_value", "name": "right_name"}),
        on="right",
    )
    if "words" not in met.columns:
        met = met.with_columns(words=pl.lit(None, pl.String))
    compared = pl.concat_str(
        pl.col("left_name").fill_null("without name"),
        pl.lit(" / "),
        pl.col("right_name").fill_null("without name"),
    )
    met = met.with_columns(evidence=pl.coalesce("words", compared), seen=pl.lit(1, pl.Int64)).drop(
        "left", "right"
    )
    met = met.rename({"left_value": "left", "right_value": "right"})
    return met.select([pl.col(name).cast(kind) for name, kind in LINK.items()])
