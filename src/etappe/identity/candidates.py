"""Which company records are compared at all: pairs that meet in a block, never all with all."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etappe.identity.names import coarse

LARGEST_BLOCK = 60  # a block of more records is a word that many share; its records also meet in finer blocks
AT_A_TIME = 1_000_000  # meetings of records in blocks


def with_contacts(records: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Adds `mail`: the domain that most of a record's people write from (null where fewer than half do)."""
    mails = said.drop_nulls(["value", "mail"]).group_by("kind", "value", "mail").agg(pl.col("seen").sum())
    mails = mails.with_columns(share=pl.col("seen") / pl.col("seen").sum().over("kind", "value"))
    best = mails.filter(pl.col("share") > 0.5).select("kind", "value", "mail")
    return records.join(best, on=["kind", "value"], how="left", maintain_order="left").with_row_index("code")


def blocks(records: pl.DataFrame) -> pl.DataFrame:
    """code, block: one row a record and block. Blocks: domain, name, beginning of the name and place, telephone."""
    keys = records.select("code", "place", "postcode", "telephone", "domains", "mail", "key")
    spelled = [coarse(key).replace(" ", "") if key else None for key in keys["key"].to_list()]
    keys = keys.with_columns(closed=pl.Series(spelled, dtype=pl.String))
    post = pl.col("postcode").str.replace_all(r"\D", "")
    named = [
        keys.select("code", block="domains").explode("block").with_columns(block="d:" + pl.col("block")),
        keys.select("code", block="d:" + pl.col("mail")),
        keys.select("code", block="n:" + pl.col("closed")),
        keys.select("code", block="p:" + pl.col("closed").str.head(4) + "|" + pl.col("place")),
        keys.select("code", block="e:" + pl.col("closed").str.tail(5) + "|" + pl.col("place")),
        keys.select("code", block="z:" + pl.col("closed").str.head(3) + "|" + post),
        keys.select("code", block="t:" + pl.col("telephone")),
        keys.select("code", block="l:" + pl.col("closed").str.head(9)),
    ]
    return pl.concat(named).drop_nulls("block").unique()


def pairs(records: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """left, right (codes, left < right), distinct and in order: all records that share a block of at most `LARGEST_BLOCK`.

    In parts of about `AT_A_TIME` meetings, each of all pairs of some left ones: in a large market many firms of one town
    begin alike, and what is compared of two records is thirty columns wide.
    """
    size = pl.len().over("block")
    found = blocks(records).with_columns(others=size - 1).filter(size.is_between(2, LARGEST_BLOCK))
    found = found.join(found.select("block").unique().with_row_index("number"), on="block").select("code", "number", "others")
    lefts = found.group_by("code").agg(pl.col("others").sum()).sort("code")
    parts = lefts.select("code", part=pl.col("others").cum_sum() // AT_A_TIME).partition_by("part", include_key=False)
    for part in parts or [lefts.select("code")]:
        met = found.join(part, on="code").rename({"code": "left"}).join(found.rename({"code": "right"}), on="number")
        yield met.filter(pl.col("left") < pl.col("right")).select("left", "right").unique().sort("left", "right")
