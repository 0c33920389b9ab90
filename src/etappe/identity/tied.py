"""Identifiers while they are being tied to persons: what the levels of `ties` work on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etappe.identity.domains import DomainKinds
from etappe.identity.graph import Codes, components

Words = frozenset[str]


@dataclass(slots=True)
class Ties:
    """The identifiers that occur with others, being tied.

    Attributes
    ----------
    nodes : frame
        code, kind, value, rank: sorted by rank, so that records and addresses have the lowest codes.
    edges : frame
        left_kind, right_kind, rule, seen, first_at, last_at, example and the codes `l` (lower rank) and `r`, in the order
        of `left`, `right`.
    kinds : DomainKinds
        Which domains can be a company's.
    label : array
        Person number of each node; -1 where unknown or held apart.
    held : dict
        Node → why it ties nobody.
    rejected : dict
        Row of `edges` → why it does not count.
    added : list
        Pairs of nodes tied for likeness, with the rule and the node they share.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    rank: Codes
    left: Codes
    right: Codes
    names: dict[int, Words]
    label: Codes
    kinds: DomainKinds = field(default_factory=DomainKinds)
    held: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    added: list[tuple[int, int, str, int]] = field(default_factory=list)

    def held_mask(self) -> NDArray[np.bool_]:
        """True for nodes that are held apart."""
        mask = np.zeros(len(self.label), dtype=bool)
        mask[list(self.held)] = True
        return mask

    def usable(self) -> NDArray[np.bool_]:
        """True for edges that were not rejected and touch nothing held apart."""
        held = self.held_mask()
        mask = ~(held[self.left] | held[self.right])
        mask[list(self.rejected)] = False
        return mask

    def join(self, left: Codes, right: Codes) -> None:
        """Makes the persons with these labels one."""
        count = int(max(self.label.max(initial=0), left.max(initial=0), right.max(initial=0))) + 1
        merged = components(count, left, right)
        self.label = np.where(self.label >= 0, merged[np.maximum(self.label, 0)], -1)

    def kind_of(self, node: int) -> str:
        """Kind of a node."""
        return str(self.nodes["kind"][node])

    def value_of(self, node: int) -> str:
        """Value of a node."""
        return str(self.nodes["value"][node])
