"""The sample company as a workspace: made, told its own domain, imported, with personas and a map."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from etappe.maps.changes import Translate
from etappe.sources.importer import FileReport
from etappe.workspace.folder import MARK
from etappe.workspace.workspace import Workspace, init_workspace

NAME = "Messwerk Sensorik GmbH"
DOMAIN = "messwerk-sensorik.example"
MAP = "erstkauf"
AUTHOR = "Messwerk Marketing"
AS_OF = "2026-06-30"  # the simulated time ends here, whenever the sample is made


def make_workspace(folder: Path, progress: Callable[[str, float], None] | None = None) -> tuple[Path, list[FileReport]]:
    """Makes `folder/workspace` anew from `folder/raw` and returns it with the reports of the import."""
    root = folder / "workspace"
    if (root / MARK).exists():
        shutil.rmtree(root)
    ws = init_workspace(root, name=NAME, language="de", as_of=AS_OF)
    rules = ws.folder.rules / "identity.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("own_domains: []", f"own_domains: [{DOMAIN}]"), encoding="utf-8")
    learned = dt.datetime.combine(dt.date.fromisoformat(AS_OF), dt.time(6), dt.UTC)
    return root, ws.import_(folder / "raw", learned_at=learned, progress=progress)


def make_documents(ws: Workspace) -> None:
    """Personas and a map of the first purchase, from the templates and then from the evidence; an older sample's stay."""
    there = {row.id for row in ws.atlas.listed("map")}
    if MAP in there:
        return
    known = {row.id for row in ws.atlas.listed("persona")}
    for template in ("maintenance-engineer", "production-lead", "purchasing"):
        if template not in known:
            ws.atlas.new_persona(template, AUTHOR, template=template, language="de", languages=["en"])
    ws.atlas.new_map(MAP, AUTHOR, template="seven-phases", language="de", languages=["en"], title="Erstkauf einer Messtechnik", examples=True)
    ws.atlas.apply("map", MAP, Translate(language="en", field="title", text="First purchase of measuring technology"), AUTHOR)
    ws.draft(MAP, AUTHOR)
