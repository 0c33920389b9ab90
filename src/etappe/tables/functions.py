"""Functions of the engine that Ibis has no word for yet; each is declared once, here."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from inspect import Parameter, Signature
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

Texts = dt.Array(dt.string)


@ibis.udf.scalar.builtin(signature=((dt.string, Texts), dt.timestamp))
def try_strptime(value, formats):  # type: ignore[no-untyped-def]
    """The first format that fits, as a timestamp without zone; null where none fits."""


@ibis.udf.scalar.builtin(name="timezone", signature=((dt.string, dt.timestamp), dt.timestamp(timezone="UTC")))
def in_zone(zone, local):  # type: ignore[no-untyped-def]
    """A wall-clock time of a zone as the moment it was."""


@ibis.udf.scalar.builtin(name="md5", signature=((dt.string,), dt.string))
def md5(value):  # type: ignore[no-untyped-def]
    """MD5 as hexadecimal text: ids for records that have none. Not for secrets."""


@ibis.udf.scalar.builtin(name="hex_number", signature=((dt.string,), dt.int64))
def hex_number(digits):  # type: ignore[no-untyped-def]
    """The number that up to 15 hexadecimal digits write."""


@ibis.udf.scalar.builtin(name="base_32", signature=((dt.int64,), dt.string))
def base_32(number):  # type: ignore[no-untyped-def]
    """A number of up to 55 bits as 11 digits of base32hex, which sort like it."""


def number_of(text: ir.StringValue) -> ir.IntegerValue:
    """60 bits of a text's MD5 as a number: the same on every engine, today and tomorrow."""
    return hex_number(md5(text).substr(0, 15))


@ibis.udf.scalar.builtin(name="regexp_extract", signature=((dt.string, dt.string, dt.int64), dt.string))
def extract(value, pattern, group):  # type: ignore[no-untyped-def]
    """Group of a regular expression's first match; "" where there is none."""


@ibis.udf.scalar.builtin(name="regexp_extract_all", signature=((dt.string, dt.string), Texts))
def extract_all(value, pattern):  # type: ignore[no-untyped-def]
    """All matches of a regular expression, in order; an empty list where there is none."""


@ibis.udf.scalar.builtin(name="url_decode", signature=((dt.string,), dt.string))
def url_decode(value):  # type: ignore[no-untyped-def]
    """Text with its percent escapes undone."""


@ibis.udf.scalar.builtin(name="to_timestamp", signature=((dt.float64,), dt.timestamp(timezone="UTC")))
def from_epoch(seconds):  # type: ignore[no-untyped-def]
    """Seconds since 1970 as a moment."""


@ibis.udf.scalar.builtin(name="json_extract_string", signature=((dt.json, dt.string), dt.string))
def json_text(value, path):  # type: ignore[no-untyped-def]
    """The text at a JSON path ("$.a.b"); null where there is none or it is JSON null."""


@ibis.udf.scalar.builtin(name="json_extract", signature=((dt.json, dt.string), dt.json))
def json_at(value, path):  # type: ignore[no-untyped-def]
    """The JSON value at a path."""


@ibis.udf.scalar.builtin(name="json_extract", signature=((dt.json, dt.string), dt.Array(dt.json)))
def json_list(value, path):  # type: ignore[no-untyped-def]
    """All values at a path with a wildcard ("$.actions[*]"), as a list that can be unnested."""


@ibis.udf.scalar.builtin(name="json_extract_string", signature=((dt.json, dt.string), Texts))
def json_texts(value, path):  # type: ignore[no-untyped-def]
    """All texts at a path with a wildcard, in order; null in the place of JSON null."""


@ibis.udf.scalar.builtin(name="to_json", signature=((dt.string,), dt.string))
def json_quote(value):  # type: ignore[no-untyped-def]
    """A text as a JSON string, quotes and all."""


@ibis.udf.scalar.builtin(name="sha256", signature=((dt.string,), dt.string))
def sha256(value):  # type: ignore[no-untyped-def]
    """SHA-256 as hexadecimal text."""


@ibis.udf.scalar.builtin(name="split_part", signature=((dt.string, dt.string, dt.int64), dt.string))
def split_part(value, separator, place):  # type: ignore[no-untyped-def]
    """The part at a place (from 1) of a text cut at a separator; "" where there are fewer."""


@ibis.udf.scalar.builtin(name="epoch_us", signature=((dt.timestamp(timezone="UTC"),), dt.int64))
def micros(moment):  # type: ignore[no-untyped-def]
    """Microseconds since 1970: times as whole numbers, which sort and subtract fastest."""


def fingerprint(*texts: Any) -> Any:
    """A 64-bit hash of one or several texts, null being a text of its own; not for ids that outlive a build."""
    return _fingerprint(len(texts))(*texts)


@cache
def _fingerprint(count: int) -> Any:
    def of_texts() -> None:
        """The hash of so many texts."""

    names = [f"text_{place}" for place in range(count)]
    of_texts.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])  # type: ignore[attr-defined]
    return ibis.udf.scalar.builtin(of_texts, name="hash", signature=((dt.string,) * count, dt.uint64))


@ibis.udf.scalar.builtin(name="make_timestamptz", signature=((dt.int64,), dt.timestamp(timezone="UTC")))
def from_micros(value):  # type: ignore[no-untyped-def]
    """Microseconds since 1970 as a moment."""


@cache
def _reads_json(type_: dt.DataType) -> Callable[..., ir.Value]:
    @ibis.udf.scalar.builtin(name="json_transform", signature=((dt.json, dt.string), type_))
    def json_transform(value, shape):  # type: ignore[no-untyped-def]
        """A JSON value in a given shape."""

    return json_transform


def json_as(value: ir.Value, type_: dt.DataType) -> ir.Value:
    """A JSON value as structs, lists and texts of this type, in one reading; null in the place of what is not there or is something else."""
    shape = json.dumps(_shape(type_))
    return _reads_json(type_)(value, shape)


def _shape(type_: dt.DataType) -> Any:
    if type_.is_struct():
        return {name: _shape(inner) for name, inner in type_.items()}
    if type_.is_array():
        return [_shape(type_.value_type)]
    return "JSON" if type_.is_json() else "VARCHAR"


@ibis.udf.scalar.builtin(name="json_merge_patch", signature=((dt.string, dt.json), dt.string))
def json_without_nulls(start, value):  # type: ignore[no-untyped-def]
    """A JSON object without the keys that are null (`start` is "{}")."""
