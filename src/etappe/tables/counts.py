"""What became of the rows of an import: the numbers of its report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Counts:
    """What became of the rows of one table in one import."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def to_dict(self) -> dict[str, int]:
        """As in the import's report."""
        return {"new": self.new, "changed": self.changed, "same": self.same}
