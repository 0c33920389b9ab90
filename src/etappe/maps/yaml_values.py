"""Values as YAML and back, without surprises: what is written is read as the same value by every YAML reader.

Writing is our own, because a general emitter wraps lines and chooses styles by itself, and then a changed word moves
other lines. Here a text of one line stays one line, a text of several lines is a literal block, and a long text is a
folded block with one sentence a line.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import yaml

LONG: Final = 100
"""Texts longer than this are written as a block, one sentence a line."""

NULL: Final = "tag:yaml.org,2002:null"
TEXT: Final = "tag:yaml.org,2002:str"
PLAIN: Final = "plain"  # untagged and unquoted: the type of its field says what it means

_PLAIN = re.compile(r"[^\W\d_][^\n\r\t\x00-\x1f]*")
_ENDS = re.compile(r"[ :]\Z|: | #")
_SENTENCE = re.compile(r"(?<=[.!?…]) (?=\S)")
_CONTROL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLOCK_BAD = re.compile("[\x00-\x08\x0b-\x1f\t\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+")
_RESOLVERS: Final = yaml.resolver.Resolver.yaml_implicit_resolvers


def scalar(value: Any) -> str:
    """One value on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    return line(str(value))


def line(text: str) -> str:
    """A text on one line: plain where it can be misread by nobody, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _ENDS.search(text) and not _CONTROL.search(text) and not _means_more(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def block(text: str, indent: str) -> str | None:
    """A long text, or one of several lines, as a block (the part after `key: `); None where it goes on one line."""
    if _BLOCK_BAD.search(text) or not text or text[0].isspace() or text[-1].isspace():
        return None
    if "\n" in text:
        lines = text.split("\n")
        return "|-\n" + "\n".join(indent + each if each else "" for each in lines)
    if len(text) > LONG and "  " not in text:
        return ">-\n" + "\n".join(indent + each for each in _SENTENCE.split(text))
    return None


def value_of(node: yaml.ScalarNode) -> Any:
    """What a scalar of an unknown key means; only what cannot be anything else is a number, a flag or nothing."""
    text = node.value
    if node.tag == NULL:
        return None
    if node.tag != PLAIN:
        return text
    if text in ("true", "True", "false", "False"):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 4000 else text
    if _FLOAT.fullmatch(text):
        return float(text)
    return {".inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}.get(text, text)


def is_null(node: yaml.Node) -> bool:
    """Whether a node says nothing: empty, `~` or `null`."""
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL


def _float(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _means_more(text: str) -> bool:
    """Whether a YAML reader takes the plain text for a flag, a number, a date or nothing."""
    return any(pattern.match(text) for _, pattern in _RESOLVERS.get(text[0], ()))
