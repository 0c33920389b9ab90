"""Level 2: user ids, telephone numbers and cookies join the one person they occur with, or are held apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from etappe.identity.alike import addresses_alike, first_names_differ, same_person_name
from etappe.identity.domains import registrable
from etappe.identity.mentions import RANKS
from etappe.identity.names import names_contradict
from etappe.identity.rules import IdentityRules
from etappe.identity.tied import Ties, Words

ALIASES = ("user id is an address", "id of another system")
REASON = {RANKS["user"]: "shared sign-in", RANKS["phone"]: "shared telephone", RANKS["cookie"]: "shared device"}
Apart = Sequence[tuple[Collection[int], int | None]]
MOST_ALIKE = 6  # a device of more persons is not looked at more closely
FEW = 3  # a device of at most so many persons may be one person's, who uses it nearly always …
OFTEN = 20  # … and has been seen on it so often


def attach(ties: Ties, rank: int, rules: IdentityRules, apart: Apart = ()) -> None:
    """Gives the identifiers of one rank their person; `apart` are nodes that a human split from others, or from all."""
    votes = _votes(ties, rank)
    if _tie_alike(ties, votes, apart):
        votes = _votes(ties, rank)
    verdict = votes.group_by("r").agg(
        persons=pl.len(),
        best=pl.col("label").sort_by("seen", "label", descending=[True, False]).first(),
        share=pl.col("seen").max() / pl.col("seen").sum(),
        most=pl.col("seen").max(),
        overlap=_overlap(),
    )
    mostly = (pl.col("share") >= rules.shared_device_share) & (pl.col("most") >= OFTEN) & (pl.col("persons") <= FEW)
    clear = (pl.col("persons") == 1) | mostly
    fits = verdict.filter(clear)
    ties.label[fits["r"].to_numpy()] = fits["best"].to_numpy()
    for node, overlap in verdict.filter(~clear).select("r", "overlap").iter_rows():
        ties.held[node] = REASON[rank] if overlap or rank == RANKS["phone"] else "recycled id"
    # One that occurs with nobody is a person of its own. Its code is free as a label: those of level 1 are lower.
    own = np.flatnonzero((ties.rank == rank) & (ties.label < 0) & ~ties.held_mask())
    ties.label[own] = own


def _votes(ties: Ties, rank: int) -> pl.DataFrame:
    """r (node), label (person), seen, first, last: with whom each identifier of the rank occurs, how often and when.

    A user id that *is* an address or a record's id belongs to it, whoever else it is seen with.
    """
    mask = ties.usable() & (ties.rank[ties.right] == rank) & (ties.label[ties.left] >= 0)
    met = ties.edges.filter(pl.Series(mask)).select("r", "rule", "seen", "first_at", "last_at")
    met = met.with_columns(label=pl.Series(ties.label[ties.left[mask]], dtype=pl.Int64))
    votes = met.group_by("r", "label").agg(
        seen=pl.col("seen").sum(),
        first=pl.col("first_at").min(),
        last=pl.col("last_at").max(),
        alias=pl.col("rule").is_in(ties.rules_among(ALIASES)).any(),
    )
    return votes.filter(pl.col("alias") | ~pl.col("alias").any().over("r"))


def _overlap() -> pl.Expr:
    """Whether the persons of an identifier used it at overlapping times; true where the times are unknown."""
    first, last = pl.col("first").sort_by("first", "last"), pl.col("last").sort_by("first", "last")
    return (first.shift(-1) <= last).any().fill_null(True) | pl.col("first").is_null().any()


def _tie_alike(ties: Ties, votes: pl.DataFrame, apart: Apart) -> bool:
    """Persons who share a device and whose names or addresses say that they are one, are one, but for a human's word."""
    shared = votes.filter(pl.len().over("r").is_between(2, MOST_ALIKE)).sort("r", "label")
    if not len(shared):
        return False
    members = _members(ties, set(shared["label"].to_list()))
    joined: list[tuple[int, int]] = []
    groups = _Groups(ties, apart)
    for node, labels in shared.group_by("r", maintain_order=True).agg("label").iter_rows():
        for place, one in enumerate(labels):
            for two in labels[place + 1 :]:
                found = _alike(ties, members.get(one, []), members.get(two, []))
                if found and groups.join(one, two):
                    joined.append((one, two))
                    ties.added.append((*found, node))
    if joined:
        left, right = (np.array(side, dtype=np.int64) for side in zip(*joined, strict=True))
        ties.join(left, right)
    return bool(joined)


class _Groups:
    """Persons that grow by joining, and refuse to join what a human split."""

    def __init__(self, ties: Ties, apart: Apart) -> None:
        self.group: dict[int, set[int]] = {}
        self.splits = [(_labels(ties, inside), None if origin is None else _labels(ties, {origin})) for inside, origin in apart]

    def join(self, one: int, two: int) -> bool:
        """Joins the groups of two persons; False where that must not be."""
        both = self.group.setdefault(one, {one}) | self.group.setdefault(two, {two})
        for inside, origin in self.splits:
            if both & inside and (both - inside if origin is None else both & origin):
                return False
        self.group.update(dict.fromkeys(both, both))
        return True


def _labels(ties: Ties, nodes: Collection[int]) -> set[int]:
    """The persons of some nodes."""
    return {int(label) for label in ties.label[sorted(nodes)] if label >= 0}


def part(ties: Ties, apart: Apart) -> None:
    """What a human split and what came back to one person by way of a third, is a person of its own after all."""
    for inside, origin in apart:
        for node in sorted(inside):
            if origin is not None and ties.label[node] >= 0 and ties.label[node] == ties.label[origin]:
                weaker = max(node, origin)  # of records and addresses no two get here: they are not tied at all
                ties.label[weaker] = int(ties.label.max()) + 1


def _members(ties: Ties, labels: set[int]) -> dict[int, list[int]]:
    """The records and addresses of some persons."""
    codes = np.flatnonzero(np.isin(ties.label, sorted(labels)) & (ties.rank <= 1))
    found: dict[int, list[int]] = {}
    for code in codes.tolist():
        found.setdefault(int(ties.label[code]), []).append(code)
    return found


def _alike(ties: Ties, one: list[int], two: list[int]) -> tuple[int, int, str] | None:
    """The two nodes and the rule that make two persons one; None where nothing does or names speak against it."""
    names_1, names_2 = _names(ties, one), _names(ties, two)
    employers_1, employers_2 = _employers(ties, one), _employers(ties, two)
    if any(names_contradict(a, b) or first_names_differ(a, b) for a in names_1 for b in names_2):
        return None
    elsewhere = employers_1 and employers_2 and not employers_1 & employers_2
    if one and two and not elsewhere and any(same_person_name(a, b) for a in names_1 for b in names_2):
        return one[0], two[0], "same name on one device"
    for left in one:
        for right in two:
            both = ties.kind_of(left) == ties.kind_of(right) == "email"
            if both and addresses_alike(ties.value_of(left), ties.value_of(right)):
                return left, right, "like addresses on one device"
    return None


def _employers(ties: Ties, nodes: list[int]) -> set[str]:
    """The company domains a person writes from."""
    hosts = {ties.value_of(node).rpartition("@")[2] for node in nodes if ties.kind_of(node) == "email"}
    return {registrable(host) for host in hosts if ties.kinds.kind(host) == "company"}


def _names(ties: Ties, nodes: list[int]) -> list[Words]:
    return [ties.names[node] for node in nodes if node in ties.names]


def limit(ties: Ties, rules: IdentityRules) -> None:
    """A person of more identifiers than one has, loses the weakest: a kiosk, a robot, a mailbox of a whole company."""
    known = ties.label >= 0
    sizes = np.bincount(ties.label[known], minlength=len(ties.label))
    crowded = known & (ties.rank == RANKS["cookie"]) & (sizes[np.maximum(ties.label, 0)] > rules.identifiers_per_person)
    for node in np.flatnonzero(crowded).tolist():
        ties.held[node] = "too many identifiers"
        ties.label[node] = -1
