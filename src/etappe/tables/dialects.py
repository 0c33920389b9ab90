"""What Ibis says too narrowly, or not at all, in the SQL of some warehouses: hashes of 64 bits.

With 32 bits ten million stays of journeys would already meet each other.
"""

from __future__ import annotations

from typing import Any

from ibis.backends.sql.compilers import DatabricksCompiler, TrinoCompiler


class Trino(TrinoCompiler):
    """Trino: Ibis knows no hash there."""

    def visit_Hash(self, _op: Any, *, arg: Any) -> Any:
        """64 bits of a text's xxHash."""
        return self.f.anon.from_big_endian_64(self.f.anon.xxhash64(self.f.anon.to_utf8(arg)))


class Databricks(DatabricksCompiler):
    """Databricks: `hash` has 32 bits, `xxhash64` has 64."""

    def visit_Hash(self, _op: Any, *, arg: Any) -> Any:
        """64 bits of a text's xxHash."""
        return self.f.anon.xxhash64(arg)


COMPILERS = {"trino": Trino, "databricks": Databricks}
