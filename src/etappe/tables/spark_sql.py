"""What Spark SQL says otherwise than DuckDB: each difference once, so that no expression of the house knows of it."""

from __future__ import annotations

import string
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.backends.sql.datatypes import PySparkType

_SIGNED = {dt.UInt8: dt.int16, dt.UInt16: dt.int32, dt.UInt32: dt.int64, dt.UInt64: dt.int64}


class _Types(PySparkType):
    """Spark has no unsigned numbers; 64 bits of a hash are 64 bits."""

    @classmethod
    def from_ibis(cls, dtype: Any) -> Any:
        return super().from_ibis(_signed(dtype))


def _signed(dtype: Any) -> Any:
    if dtype.is_array():
        return dt.Array(_signed(dtype.value_type))
    if dtype.is_struct():
        return dt.Struct({name: _signed(inner) for name, inner in dtype.items()})
    return _SIGNED.get(type(dtype), dtype)


def spark_schema(schema: ibis.Schema) -> Any:
    """An Ibis schema as Spark's."""
    from pyspark.sql import types as spark

    read = PySparkSchema.from_ibis(ibis.schema({name: _signed(dtype) for name, dtype in schema.items()}))
    return spark.StructType([spark.StructField(item.name, _zoned(item.dataType, schema[item.name]), True) for item in read])


def _zoned(written: Any, dtype: Any) -> Any:
    from pyspark.sql import types as spark

    return spark.TimestampNTZType() if dtype.is_timestamp() and dtype.timezone is None else written


class SparkCompiler(PySparkCompiler):
    """Ibis' compiler for Spark, with the answers of DuckDB."""

    __slots__ = ()

    type_mapper = _Types

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """A number with a point is a double, not a decimal."""
        if dtype.is_floating():
            return self.cast(sge.convert(repr(float(value))), dt.float64)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_ScalarUDF(self, op: Any, **kw: Any) -> Any:
        """A function that `functions.py` names by DuckDB's name."""
        name = self.__sql_name__(op)
        said = getattr(self, f"_as_{name}", None)
        return said(*kw.values()) if said is not None else self.f.anon[name](*kw.values())

    def _as_hash(self, *texts: Any) -> Any:
        return self.f.anon.xxhash64(*[self.f.coalesce(text, sge.convert("\x00")) for text in texts])

    def _as_hex_number(self, digits: Any) -> Any:
        return self.cast(self.f.anon.conv(digits, 16, 10), dt.int64)

    def _as_base_32(self, number: Any) -> Any:
        digits = self.f.anon.conv(self.cast(number, dt.string), 10, 32)
        return self.f.lower(self.f.anon.lpad(digits, 11, "0"))

    def _as_epoch_us(self, moment: Any) -> Any:
        return self.f.anon.unix_micros(moment)

    def _as_make_timestamptz(self, number: Any) -> Any:
        return self.f.anon.timestamp_micros(number)

    def _as_sha256(self, value: Any) -> Any:
        return self.f.anon.sha2(value, 256)

    def _as_regexp_extract_all(self, value: Any, pattern: Any) -> Any:
        return self.f.anon.regexp_extract_all(value, pattern, 0)

    def visit_Hash(self, op: Any, *, arg: Any) -> Any:
        """64 bits, as elsewhere."""
        return self.f.anon.xxhash64(arg)

    def visit_ExtractEpochSeconds(self, op: Any, *, arg: Any) -> Any:
        """With the fraction of the second."""
        return self.f.anon.unix_micros(self.cast(arg, dt.Timestamp(timezone="UTC"))) / self.cast(sge.convert(1_000_000), dt.float64)

    def visit_IsNull(self, op: Any, *, arg: Any) -> Any:
        """Not a number is not null."""
        return arg.is_(NULL)

    def visit_NotNull(self, op: Any, *, arg: Any) -> Any:
        """Not a number is not null."""
        return arg.is_(sg.not_(NULL))

    def visit_Strip(self, op: Any, *, arg: Any) -> Any:
        """All of ASCII's blanks, as Ibis says."""
        return sge.Trim(this=arg, expression=sge.convert(string.whitespace), position="BOTH")

    def visit_ArrayIndex(self, op: Any, *, arg: Any, index: Any) -> Any:
        """Beyond the end is null."""
        place = self.if_(index < 0, index, index + 1)
        return self.f.anon.try_element_at(arg, self.cast(place, dt.int32))

    def visit_ArraySort(self, op: Any, *, arg: Any) -> Any:
        """Nulls last."""
        return self.f.anon.array_sort(arg)

    def visit_ArrayCollect(self, op: Any, *, arg: Any, where: Any, order_by: Any, include_null: Any, distinct: Any) -> Any:
        """In order, by way of sorting pairs; an empty list is null, as a group without a row has none."""
        if order_by:
            raise NotImplementedError("collect(order_by=) - collect structs and sort")
        if where is not None:
            arg = self.if_(where, arg, NULL)
        collected = self.f.anon.collect_set(arg) if distinct else self.f.anon.collect_list(arg)
        return self.f.nullif(collected, self.f.array())


class SparkBackend(Backend):
    """Ibis' Spark with the compiler above."""

    name = "pyspark"
    compiler = SparkCompiler()

    def reconnect_to(self, session: Any) -> None:
        """Uses a session that is configured already."""
        _ = ibis.pyspark  # Ibis registers a backend's options when the backend is first looked at
        self._session, self._mode = session, "batch"

    def _register_udfs(self, expr: Any) -> None:
        """All functions are Spark's own: no Python runs on the workers."""

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        table = op.data.to_pyarrow(op.schema)
        rows = [tuple(row.values()) for row in table.to_pylist()]
        self._session.createDataFrame(rows, schema=spark_schema(op.schema)).createOrReplaceTempView(op.name)
