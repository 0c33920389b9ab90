"""What the workspace's own rules call its stages, touchpoints and channels, for page and print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import yaml

from etappe.errors import MapFault

_FILES: Final = {"stage": ("stages.yaml", "stages"), "touchpoint": ("touchpoints.yaml", "touchpoints"), "channel": ("channels.yaml", "channels")}


def names_of(rules: Path) -> dict[str, dict[str, dict[str, str]]]:
    """German and English names by kind and id; faults of a rule file are told where rules are read, not here."""
    return {kind: _named(rules / file, what) for kind, (file, what) in _FILES.items()}


def _named(path: Path, what: str) -> dict[str, dict[str, str]]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError):
        return {}
    found: dict[str, dict[str, str]] = {}
    waiting: list[Any] = [content]
    while waiting:
        item = waiting.pop()
        for key, value in item.items() if isinstance(item, dict) else ():
            if key == what and isinstance(value, list):
                found |= {str(rule["id"]): {name: str(rule[name]) for name in ("de", "en") if name in rule} for rule in value if isinstance(rule, dict) and "id" in rule}
            elif isinstance(value, (dict, list)):
                waiting += value if isinstance(value, list) else [value]
    return found


def read_json(path: Path) -> dict[str, Any]:
    """What an earlier command wrote with `--json`.

    Raises
    ------
    MapFault
        If it cannot be read, or is no object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MapFault(f"The check cannot be read: {error}.", str(path), "Write it with `etappe check MAP --json`.") from None
    if not isinstance(found, dict):
        raise MapFault("The check cannot be read: it is no object.", str(path), "Write it with `etappe check MAP --json`.")
    return found
