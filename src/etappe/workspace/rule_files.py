"""The rule files of a workspace as texts: read, tried before they are saved, saved only when they can be read."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from etappe.errors import NotFound, WorkspaceFault
from etappe.workspace.swapping import swap_in

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

NAMES: Final = ("stages", "touchpoints", "channels", "roles", "segments", "journeys", "identity", "decisions", "playbook")


def listed(workspace: Workspace) -> list[dict[str, Any]]:
    """The rule files there are, with the tag of each text."""
    return [{"name": path.stem, "tag": _tag(path.read_text(encoding="utf-8")), "lines": path.read_text(encoding="utf-8").count("\n")} for path in sorted(workspace.folder.rules.glob("*.yaml"))]


def read(workspace: Workspace, name: str) -> dict[str, Any]:
    """One rule file as text, with its tag."""
    path = _path(workspace, name)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {"name": name, "text": text, "tag": _tag(text)}


def save(workspace: Workspace, name: str, text: str, tag: str) -> dict[str, Any]:
    """Saves a rule file.

    Raises
    ------
    RulesFault, Faults
        With everything that cannot be read, each with line and column; nothing is saved then.
    WorkspaceFault
        If somebody else saved it since it was read (`tag`).
    """
    path = _path(workspace, name)
    if tag and read(workspace, name)["tag"] != tag:
        raise WorkspaceFault(f"Somebody else saved {name}.yaml since you opened it.", name, "Open it anew and put your change in again.")
    check(workspace, name, text)
    swap_in(path, text)
    return read(workspace, name)


def check(workspace: Workspace, name: str, text: str) -> None:
    """Reads changed rules together with the others, so that all faults are told."""
    from etappe.identity import decisions
    from etappe.identity.rules import IdentityRules
    from etappe.journeys.rules import JourneyRules

    path = _path(workspace, name)
    if name == "identity":
        IdentityRules.parse(text, path)
    elif name == "decisions":
        decisions.parse(text, path)
    else:
        with tempfile.TemporaryDirectory() as trial:
            shutil.copytree(workspace.folder.rules, trial, dirs_exist_ok=True)
            (Path(trial) / path.name).write_text(text, encoding="utf-8")
            JourneyRules.load(Path(trial))


def preview(workspace: Workspace, name: str, text: str) -> dict[str, Any]:
    """What changed rules would do: accounts and deal value that move from where to where."""
    check(workspace, name, text)
    with tempfile.TemporaryDirectory() as trial:
        changed = Path(trial) / f"{name}.yaml"
        changed.write_text(text, encoding="utf-8")
        return workspace.preview_stages(changed)


def _path(workspace: Workspace, name: str) -> Path:
    known = sorted({*NAMES, *(path.stem for path in workspace.folder.rules.glob("*.yaml"))})
    if name not in known:
        raise NotFound(f"There are no rules `{name[:60]}`.", "", f"There are {', '.join(known)}.")
    return workspace.folder.rules / f"{name}.yaml"


def _tag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
