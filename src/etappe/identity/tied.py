"""Identifiers while they are being tied to persons: what the levels of `ties` work on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from etappe.identity.domains import DomainKinds
from etappe.identity.graph import Codes, Numbers, components

Words = frozenset[str]


class Names(Mapping[int, Words]):
    """Node → the telling words of the name on it; kept as one text each, since there are as many as records of people."""

    def __init__(self, texts: pl.Series | None = None) -> None:
        self._texts = pl.Series([], dtype=pl.String) if texts is None else texts
        self._named = self._texts.is_not_null().arg_true()

    def __getitem__(self, node: int) -> Words:
        text = self._texts[node] if 0 <= node < len(self._texts) else None
        if text is None:
            raise KeyError(node)
        return frozenset(text.split())

    def __iter__(self) -> Iterator[int]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def texts(self, nodes: Codes) -> list[str]:
        """The words of nodes that have a name, as one text each: quicker than to ask for one after the other."""
        return self._texts.gather(nodes).to_list()

    def nodes(self) -> Codes:
        """All nodes that have a name, in order."""
        return self._named.cast(pl.Int64).to_numpy()


@dataclass(slots=True)
class Ties:
    """The identifiers that occur with others, being tied.

    Attributes
    ----------
    rank, kind : array
        Rank and kind of each node, the kind as its place in `kind_names`. Nodes are numbered by rank, kind and value, so
        that records and addresses have the lowest codes.
    texts : series
        Values of records and addresses; of all other identifiers the engine keeps the texts (see `numbers`).
    edges : frame
        rule (its place in `rule_names`), seen, first_at, last_at and the codes `l` (lower rank) and `r`, in the order of
        codes and rule; `left`, `right` are its codes as arrays.
    named : dict
        Kind and value of identifiers in decisions → node.
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

    rank: NDArray[np.int8]
    kind: NDArray[np.int16]
    kind_names: tuple[str, ...]
    texts: pl.Series
    edges: pl.DataFrame
    rule_names: tuple[str, ...]
    left: Numbers
    right: Numbers
    named: dict[tuple[str, str], int]
    label: Codes
    names: Names = field(default_factory=Names)
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

    def rules_among(self, names: Collection[str]) -> list[int]:
        """The numbers of some rules."""
        return [place for place, rule in enumerate(self.rule_names) if rule in names]

    def kind_of(self, node: int) -> str:
        """Kind of a node."""
        return self.kind_names[self.kind[node]]

    def value_of(self, node: int) -> str:
        """Value of a record or an address."""
        return str(self.texts[node])
