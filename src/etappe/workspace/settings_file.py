"""`etappe.toml` changed setting by setting: remarks and order stay, and a text that cannot be read is never saved."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from etappe import settings as room
from etappe.errors import SettingsFault
from etappe.workspace.swapping import swap_in

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

OPEN: Final = (("workspace", "name"), ("workspace", "language"), ("workspace", "zone"), ("workspace", "currency"), ("build", "memory"), ("build", "keep"), ("build", "as_of"))
"""The settings that the page may change; where documents are kept and what computes is set on the machine."""


def shown(workspace: Workspace) -> dict[str, Any]:
    """All settings with their meaning and present value, and the retention limits."""
    kept = workspace.settings
    rows = [
        {"section": item.section, "name": item.name, "value": _plain(getattr(kept, item.name)), "default": item.default, "meaning": item.meaning, "open": (item.section, item.name) in OPEN}
        for item in room.SETTINGS if item.name != "database"
    ]  # fmt: skip
    return {"settings": rows, "retention": kept.retention, "zones": kept.zones}


def change(workspace: Workspace, given: dict[str, Any], retention: dict[str, int] | None) -> None:
    """Writes changed settings; keys are `section.name`.

    Raises
    ------
    SettingsFault, Faults
        With everything that is wrong; nothing is changed then.
    """
    path = workspace.folder.settings
    text = path.read_text(encoding="utf-8")
    for key, value in given.items():
        section, _, name = key.partition(".")
        if (section, name) not in OPEN:
            raise SettingsFault(f"`{key[:60]}` is not set here", str(path.name), f"open are {', '.join('.'.join(item) for item in OPEN)}")
        text = _set(text, section, name, json.dumps(value, ensure_ascii=False))
    for source, days in (retention or {}).items():
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", source):
            raise SettingsFault(f"`{source[:60]}` is no name of a source", "retention", "see the list of sources")
        text = _set(text, "retention", source, str(int(days)) if days > 0 else None)
    swap_in(path, text, room.load)


def _set(text: str, section: str, name: str, value: str | None) -> str:
    """The text with one setting written, where it stands or at the end of its section."""
    lines = text.split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip() == f"[{section}]"), None)
    if start is None:
        return text if value is None else f"{text.rstrip()}\n\n[{section}]\n{name} = {value}\n"
    end = next((place for place in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[place])), len(lines))
    there = next((place for place in range(start + 1, end) if re.match(rf"\s*{re.escape(name)}\s*=", lines[place])), None)
    if value is None:
        return "\n".join(lines[:there] + lines[there + 1 :]) if there is not None else text
    if there is not None:
        return "\n".join([*lines[:there], f"{name} = {value}", *lines[there + 1 :]])
    return "\n".join([*lines[: start + 1], f"{name} = {value}", *lines[start + 1 :]])


def _plain(value: Any) -> Any:
    """A value as `etappe.toml` has it: the end of a day is that day."""
    if isinstance(value, dt.datetime) and value.timetz() == dt.time.max.replace(tzinfo=dt.UTC):
        return value.date().isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, Path) else value
