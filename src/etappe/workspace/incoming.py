"""Files that come by the page: kept under safe names in a folder of their own, looked at, mapped, imported, thrown away."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from etappe.errors import Fault, FileFault, NotFound
from etappe.maps.document import new_id, slug
from etappe.workspace.swapping import swap_in

if TYPE_CHECKING:
    from etappe.workspace.workspace import Workspace

_ID = re.compile(r"u[a-z0-9]{8}")
KEPT: Final = dt.timedelta(days=7)
PREVIEWED: Final = 50
TRIED: Final = 2000
"""Lines of a long file that a mapping is tried on."""


@dataclass(frozen=True)
class Incoming:
    """The uploads of one workspace: a folder each, with the file under a harmless form of its own name."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.workspace.folder.root / "uploads"

    def place(self, name: str) -> tuple[str, Path]:
        """A new place for a file of this name; its id and its path. Old ones are swept away."""
        self._sweep()
        id = new_id("u")
        path = self.folder / id / safe_name(name)
        path.parent.mkdir(parents=True)
        (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        return id, path

    def path(self, id: str) -> Path:
        """The file of an upload.

        Raises
        ------
        NotFound
            If it is not there (any more).
        """
        files = sorted((self.folder / id).iterdir()) if _ID.fullmatch(id) and (self.folder / id).is_dir() else []
        if not files:
            raise NotFound(f"There is no upload `{id[:20]}` any more.", "", "Send the file again.")
        return files[0]

    def drop(self, id: str) -> None:
        """Throws an upload away."""
        if _ID.fullmatch(id):
            shutil.rmtree(self.folder / id, ignore_errors=True)

    def take_in(self, ids: Sequence[str], *, format: str | None = None, mapping: str | None = None, source: str | None = None, progress: Callable[[str, float], None] | None = None) -> dict[str, Any]:
        """Imports uploads; those that nothing recognised stay, so that a mapping can be made for them."""
        paths = {id: self.path(id) for id in ids}
        chosen = mapping_path(self.workspace, mapping) if mapping else None
        reports = self.workspace.import_(list(paths.values()), format=format, mapping=chosen, source=source, progress=progress)
        told = []
        unread = {report.path.split(" › ")[0] for report in reports if report.error}
        for report in reports:
            upload = next((id for id, path in paths.items() if report.path.startswith(str(path))), "")
            shown = report.to_dict()
            shown["path"] = self._shown(report.path)
            if report.error:
                shown["error"] = {name: self._shown(str(value)) if isinstance(value, str) else value for name, value in report.error.items()}
            told.append({**shown, "upload": upload if str(paths.get(upload)) in unread else None})
        for id, path in paths.items():
            if str(path) not in unread:
                self.drop(id)
        return {"files": told}

    def suggest(self, id: str, *, meanings: Mapping[str, str] | None = None, table: str = "", kind: str = "") -> dict[str, Any]:
        """A first mapping for an upload, what each of its columns is taken for, and what its first rows would become.

        `meanings` (column to what it is), `table` and `kind` are a person's word in place of the guess.
        """
        from etappe.sources.mapping_guess import Said, guess

        path = self.path(id)
        with self._as_sent():
            found = guess(path, Said(meanings or {}, table, kind))
        told = {"mapping": found.text, "table": found.table, "kind": found.kind, "meanings": list(found.columns)}
        return {"upload": id, "file": path.name, **told, **self.preview(id, found.text)}

    def preview(self, id: str, text: str) -> dict[str, Any]:
        """What a mapping makes of the first rows of an upload: imported on trial, rows by evidence table, broken ones with reasons.

        Raises
        ------
        FileFault
            With everything that is wrong about the mapping.
        """
        from etappe.sources.importer import Options, import_paths
        from etappe.sources.quarantine import Quarantine
        from etappe.sources.schema import EVIDENCE
        from etappe.sources.sniff import look
        from etappe.tables.duck import open_duck
        from etappe.tables.lake import Lake

        path = self.path(id)
        with self._as_sent():
            sample = look(path)
        settings = self.workspace.settings
        with tempfile.TemporaryDirectory() as folder, open_duck(memory=settings.memory or None) as engine:
            trial = Path(folder) / "mapping.yaml"
            trial.write_text(text, encoding="utf-8")
            lake, quarantine = Lake(Path(folder) / "evidence", EVIDENCE), Quarantine(Path(folder) / "quarantine")
            report = import_paths([_head(path, Path(folder))], lake, engine, quarantine, Options(zone=settings.zone, zones=settings.zones, mapping=trial))[0]
            if report.error:
                raise FileFault(str(report.error["what"]), self._shown(str(report.error["where"])).replace(f"{folder}/", ""), str(report.error["do_next"]))
            becomes = []
            for name in report.tables:
                rows = engine.rows(lake.read(engine, name, dt.datetime.now(dt.UTC)), PREVIEWED)
                shown = [column for column in _filled(rows) if column not in ("learned_at", "import_id", "note")]
                becomes.append({"table": name, "columns": shown, "rows": [{column: row[column] for column in shown} for row in rows]})
            broken = [{"line": item["line"], "reason": item["reason"]} for item, _ in zip(quarantine.read(), range(PREVIEWED), strict=False)]
        counts = {name: getattr(report, name) for name in ("read", "new", "quarantined")}
        return {"columns": list(sample.columns), "rows": [dict(row) for row in sample.rows[:20]], "becomes": becomes, "broken": broken, "tried": counts, "reasons": report.reasons}

    def keep_mapping(self, name: str, text: str) -> str:
        """Keeps a mapping in the workspace, so that files like it are recognised from now on; its file name."""
        from etappe.sources import mapping_file

        target = self.workspace.folder.mappings / f"{slug(name)[:60]}.yaml"
        mapping_file.parse(text, target)
        target.parent.mkdir(exist_ok=True)
        swap_in(target, text)
        return target.name

    @contextmanager
    def _as_sent(self) -> Iterator[None]:
        """Tells faults of an upload by the name it was sent under: where it lies is no business of who sent it."""
        try:
            yield
        except Fault as fault:
            for one in (fault, *getattr(fault, "faults", ())):
                one.what, one.where, one.do_next = (self._shown(part) for part in (one.what, one.where, one.do_next))
            raise

    def _shown(self, text: str) -> str:
        """A path as its sender knows it."""
        return re.sub(re.escape(str(self.folder)) + r"/u[a-z0-9]{8}/", "", text)

    def _sweep(self) -> None:
        old = dt.datetime.now(dt.UTC).timestamp() - KEPT.total_seconds()
        for folder in self.folder.glob("u*"):
            if folder.is_dir() and folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)


def mapping_path(workspace: Workspace, name: str) -> Path:
    """A mapping file of the workspace by its name."""
    known = {path.name: path for path in workspace.folder.mappings.glob("*.y*ml")} if workspace.folder.mappings.is_dir() else {}
    if name not in known:
        raise NotFound(f"There is no mapping `{name[:60]}`.", "", f"There are {', '.join(sorted(known)) or 'none yet'}.")
    return known[name]


def safe_name(name: str) -> str:
    """The last part of a file's name, without anything that means something to a file system.

    >>> safe_name("../../etc/passwd"), safe_name("Angebote März.csv"), safe_name("C:\\\\x\\\\.env")
    ('passwd', 'Angebote März.csv', 'env')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    if not kept:
        raise FileFault("the file has no name", name[:60], "give it one")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:20]}" if stem else kept[:120]


def _head(path: Path, folder: Path) -> Path:
    """The first lines of a text, so that a trial is quick; what is no text is tried as a whole."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".log") or path.stat().st_size < 2 << 20:
        return path
    head = folder / path.name
    with path.open("rb") as whole, head.open("wb") as out:
        for _, line in zip(range(TRIED), whole, strict=False):
            out.write(line)
    return head


def _filled(rows: Sequence[dict[str, Any]]) -> list[str]:
    names = list(rows[0]) if rows else []
    return [name for name in names if any(row.get(name) not in (None, "") for row in rows)]
