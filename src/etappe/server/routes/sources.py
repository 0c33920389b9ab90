"""Sources: files in, mappings, quarantine and repair, builds; what came in, how fresh it is, the way from received to used."""

from __future__ import annotations

import shutil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response, UploadFile
from pydantic import BaseModel, Field

from etappe.errors import NotFound
from etappe.server import shapes
from etappe.server.faults import as_read, in_german
from etappe.server.here import Asked, Here
from etappe.server.jobs import Job, Progress
from etappe.server.needs import Needs
from etappe.server.warming import warm
from etappe.settings import parse_as_of
from etappe.words.german_faults import german
from etappe.words.result import plain
from etappe.workspace.answers import list_formats
from etappe.workspace.incoming import Incoming
from etappe.workspace.pseudonyms import pseudonymous
from etappe.workspace.repair import broken, repair

router = APIRouter(tags=["sources"])

Sees = Annotated[Asked, Depends(Needs("see"))]
Feeds = Annotated[Asked, Depends(Needs("feed"))]
Meaning = Annotated[str, Field(pattern=r"^[a-z_]{0,40}$")]
Id = Annotated[str, Field(pattern=r"^u[a-z0-9]{8}$")]


class Importing(BaseModel):
    """Uploads to import; `format` or `mapping` says what they are where they are not recognised."""

    uploads: list[Id] = Field(min_length=1, max_length=500)
    format: str | None = Field(None, max_length=80)
    mapping: str | None = Field(None, max_length=80)
    source: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,60}$")
    build: bool = True


class Suggesting(BaseModel):
    """An upload that nothing recognised; with `mapping`, a mapping to be tried instead of a first guess.

    `meanings` says what a column of the table is (`{"Firma": "company", "Bemerkung": ""}`, "" leaves it out), `table` and
    `kind` what a row is: a mapping is made of them.
    """

    upload: Id
    mapping: str = Field("", max_length=200_000)
    meanings: dict[Annotated[str, Field(max_length=400)], Meaning] = Field({}, max_length=500)
    table: Literal["", "events", "deals", "people", "accounts", "feedback", "costs", "searches"] = ""
    kind: str = Field("", pattern=r"^[a-z_]{0,40}$")


class Mapping(BaseModel):
    """A mapping to keep, so that files like it are recognised from now on; with `upload`, the file is imported by it."""

    name: str = Field(min_length=1, max_length=80)
    mapping: str = Field(min_length=1, max_length=200_000)
    upload: Id | None = None


class Mending(BaseModel):
    """Records mended by hand: rows of an evidence table by its columns."""

    table: str = Field(max_length=40)
    source: str = Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")
    rows: list[dict[str, Annotated[str, Field(max_length=20_000)]]] = Field(min_length=1, max_length=1000)


class Building(BaseModel):
    """A build; with `as_of` the numbers as they were known that day, kept beside."""

    as_of: str | None = Field(None, max_length=32)


class Uploaded(shapes.Shape):
    """Files that are on the server and not imported yet."""

    uploads: list[dict[str, Any]]


@router.get("/sources")
def sources(asked: Sees) -> dict[str, Any]:
    """Sources with records, freshness and match rates; the last build with its conservation; what is unresolved; hints; the day of knowledge, where the settings fix one."""
    found = asked.here.views.lately("status", 10, asked.here.workspace.status)
    shown: dict[str, Any] = plain({name: value for name, value in found.items() if name not in ("workspace", "quarantine", "hints")})
    fixed = asked.here.workspace.settings.as_of
    return {**shown, "fixed_as_of": plain(fixed), "hints": [hint.replace(f"{found['workspace']}/", "") for hint in found["hints"]]}


@router.get("/formats")
def formats(asked: Sees) -> list[dict[str, str]]:
    """The export formats that are recognised."""
    return list_formats()


@router.post("/sources/files", status_code=201)
def upload(files: list[UploadFile], asked: Feeds) -> Uploaded:
    """Sends files; import them with POST /sources/imports."""
    incoming = Incoming(asked.here.workspace)
    told = []
    for file in files:
        id, path = incoming.place(file.filename or "")
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        told.append({"id": id, "file": path.name, "bytes": path.stat().st_size})
    asked.note("uploaded", ", ".join(str(item["file"]) for item in told))
    return Uploaded(uploads=told)


@router.delete("/sources/files/{id}")
def drop_upload(id: str, asked: Feeds) -> shapes.Done:
    """Throws an upload away."""
    incoming = Incoming(asked.here.workspace)
    incoming.path(id)
    incoming.drop(id)
    return shapes.Done()


@router.post("/sources/imports", status_code=202)
def import_uploads(given: Importing, asked: Feeds) -> shapes.JobShape:
    """Imports uploads, and builds anew unless told otherwise; long work."""
    incoming = Incoming(asked.here.workspace)
    files = [incoming.path(id).name for id in given.uploads]
    asked.note("imported", ", ".join(files), mapping=given.mapping, format=given.format)
    return shape(start_import(asked, given.uploads, given.build, format=given.format, mapping=given.mapping, source=given.source))


@router.post("/sources/suggest")
def suggest(given: Suggesting, asked: Feeds) -> dict[str, Any]:
    """A first mapping for an unknown table with what its first rows would become; or what a changed mapping makes of them."""
    incoming = Incoming(asked.here.workspace)
    found = {"upload": given.upload, "mapping": given.mapping, **incoming.preview(given.upload, given.mapping)} if given.mapping else incoming.suggest(given.upload, meanings=given.meanings, table=given.table, kind=given.kind)
    shown: dict[str, Any] = plain(found)
    return shown


@router.post("/sources/mappings", status_code=201)
def keep_mapping(given: Mapping, asked: Feeds) -> dict[str, Any]:
    """Keeps a mapping; with an upload, imports it by that mapping as a job."""
    incoming = Incoming(asked.here.workspace)
    if given.upload:
        incoming.preview(given.upload, given.mapping)
    name = incoming.keep_mapping(given.name, given.mapping)
    asked.note("kept mapping", name)
    job = start_import(asked, [given.upload], True, mapping=name) if given.upload else None
    return {"mapping": name, "job": job.to_dict() if job else None}


@router.get("/sources/quarantine")
def quarantine(
    asked: Feeds, import_id: Annotated[str, Query(max_length=80)] = "", search: Annotated[str, Query(max_length=200)] = "",
    source: Annotated[str, Query(max_length=120)] = "", file: Annotated[str, Query(max_length=400)] = "", reason: Annotated[str, Query(max_length=400)] = "",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:  # fmt: skip
    """Broken records with source, file, line, reason and cells; how many of which source and file and for which reason. `said` is a reason in the reader's language."""
    found = broken(asked.here.workspace, import_id=import_id, search=search, source=source, file=file, reason=reason, start=start, limit=limit)
    asked.note("saw quarantine", search)
    shown: dict[str, Any] = plain(found if asked.user.personal else pseudonymous(found))
    speaks = german if in_german(asked.request) else str
    for row in shown["rows"]:
        row["reason"] = speaks(row["reason"])
    for row in shown["reasons"]:
        row["said"] = speaks(row["reason"])
    return shown


@router.post("/sources/quarantine/repair")
def repair_records(given: Mending, asked: Feeds) -> dict[str, Any]:
    """Takes mended records in; what is still broken goes to the quarantine again."""
    done = repair(asked.here.workspace, given.table, given.source, given.rows)
    asked.here.views.forget_lately()
    asked.note("repaired records", given.table, rows=len(given.rows))
    return done


@router.post("/builds", status_code=202)
def build(given: Building, asked: Feeds) -> shapes.JobShape:
    """Rebuilds everything derived; the last good build stays in use until the new one is whole. Long work."""
    moment = parse_as_of(given.as_of) if given.as_of else None
    asked.note("started a build", given.as_of or "")
    here = asked.here
    return shape(here.jobs.start("build", asked.user.name, lambda say: _build(here, moment, say)))


@router.get("/jobs")
def list_jobs(asked: Feeds) -> list[shapes.JobShape]:
    """Long work of this server, the newest first."""
    return [shape(job) for job in asked.here.jobs.all()]


@router.get("/jobs/{id}")
def job(id: str, asked: Feeds, response: Response) -> shapes.JobShape:
    """How far long work is."""
    found = asked.here.jobs.get(id)
    if found is None:
        raise NotFound(f"There is no job `{id[:40]}`.", "", "The server was started anew, or it is long done: look at the sources.")
    return shape(found, "de" if in_german(asked.request) else "en")


def shape(job: Job, language: str = "en") -> shapes.JobShape:
    """A job on the wire; how far it is is said in the language."""
    told = job.to_dict()
    told = {**told, "error": as_read(told["error"], language) if told.get("error") else None}
    return shapes.JobShape.model_validate({**told, "words": german(told["words"])} if language == "de" else told)


def start_import(asked: Asked, uploads: list[str], build: bool, **options: Any) -> Job:
    """Imports as a job, and builds after it where something came in."""
    here = asked.here

    def work(say: Progress) -> dict[str, Any]:
        told = Incoming(here.workspace).take_in(uploads, progress=lambda words, share: say(words, share * (0.5 if build else 1)), **options)
        here.views.forget_lately()
        came = any(item["new"] or item["changed"] for item in told["files"])
        return {**told, "build": _build(here, None, lambda words, share: say(words, 0.5 + share / 2)) if build and came else None}

    return here.jobs.start("import", asked.user.name, work)


def _build(here: Here, moment: Any, say: Progress) -> dict[str, Any]:
    made = here.workspace.build(moment, progress=lambda words, share: say(words, share * 0.9))
    here.views.forget_lately()
    if moment is None:
        warm(here.views, lambda words, share: say(words, 0.9 + share / 10))
    return {name: made[name] for name in ("as_of", "seconds", "events", "steps", "internal", "unresolved", "persons", "accounts", "journeys", "outcomes", "conservation")}
