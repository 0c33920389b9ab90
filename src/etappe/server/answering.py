"""Kept answers on the wire: with their tag, so that a page that has one already is told so in a few bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from fastapi import Request, Response

from etappe.errors import WorkspaceFault
from etappe.maps.verdict_log import VerdictLog
from etappe.settings import parse_as_of
from etappe.tables.keep import Build, Builds
from etappe.workspace import answers, groups, rules
from etappe.workspace.companies import Wanted, companies, known_values
from etappe.workspace.views import View, Views
from etappe.workspace.workspace import Workspace

_WORTH: Final = 2000  # bytes from which packing pays


def answered(request: Request, view: View) -> Response:
    """The answer, or 304 where the page has it."""
    headers = {"ETag": f'"{view.tag}"', "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if f'"{view.tag}"' in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if len(view.body) > _WORTH and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(view.packed, media_type="application/json", headers={**headers, "Content-Encoding": "gzip", "Vary": f"{headers['Vary']}, Accept-Encoding"})
    return Response(view.body, media_type="application/json", headers=headers)


def plain_answer(views: Views, name: str, language: str, params: Mapping[str, Any], as_of: str | None) -> View:
    """The answer of one analysis, as the page takes it."""
    ws = views.workspace
    asked = as_of_build(views, as_of)

    stamp = {**params, **groups.stamp(ws.atlas, params), "as_of": as_of}

    def make(engine: Any, build: Build) -> dict[str, Any]:
        given = {**params, "language": language}
        result = answers.show_kept(ws.folder, asked, name, given, ws.settings) or answers.show(ws.folder, engine, asked, name, given, ws.settings)
        names = rules.names(ws.folder)
        if not answers.speaks(name):  # then the other language differs in its words alone
            other = "en" if language == "de" else "de"
            views.put(build, f"show {name}", {**stamp, "language": other}, answers.told(result, other, names))
        return answers.told(result, language, names)

    return views.get(f"show {name}", {**stamp, "language": language}, make)


def companies_page(views: Views, wanted: Wanted) -> View:
    """One page of companies, with the workspace's own segments among the filters."""
    ws = views.workspace
    stamp = {**asdict(wanted), **(groups.stamp(ws.atlas, {"segment": True}) if wanted.segment else {})}
    return views.get("companies", stamp, lambda engine, build: companies_found(ws, engine, build, wanted))


def companies_found(ws: Workspace, engine: Any, build: Build, wanted: Wanted) -> dict[str, Any]:
    """What `companies_page` keeps."""
    own = groups.companies_of(answers.tables(ws.folder, engine, build), groups.rules_of(ws.atlas, "segment", list(wanted.segment))) if wanted.segment else {}
    return companies(answers.built(engine, build), engine, wanted, build.as_of, own)


def check_of(views: Views, slug: str, lanes: list[str] | None = None, shown: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> View:
    """The check of a map, kept until the map, a persona, a segment or an interview changes; `shown` cuts it down for a guest's lanes."""
    ws = views.workspace
    atlas = ws.atlas
    stamp = {"map": slug, "revision": atlas.store.revision("map", slug), "around": sorted((row.kind, row.id, row.revision) for kind in ("interview", "persona", "segment") for row in atlas.listed(kind))}
    return views.get("check", {**stamp, "grant": lanes}, lambda _engine, _build: shown(ws.check(slug).to_dict()))


def persona_of(views: Views, id: str) -> View:
    """What the evidence says of a persona, kept until it, a map or an interview changes, or a verdict turns."""
    ws = views.workspace
    stamp = {"persona": id, "revision": ws.atlas.store.revision("persona", id), "turns": VerdictLog(ws.atlas.store.database).size()}
    stamp |= {kind: sorted((row.id, row.revision) for row in ws.atlas.listed(kind)) for kind in ("interview", "map")}
    return views.get("persona", stamp, lambda _engine, _build: ws.persona(id).to_dict())


def filter_values(views: Views) -> View:
    """The values that each filter may have."""
    atlas = views.workspace.atlas
    own = {"persona": groups.choices(atlas, "persona"), "segments": groups.choices(atlas, "segment")}

    def make(engine: Any, build: Build) -> dict[str, Any]:
        found: dict[str, Any] = known_values(answers.built(engine, build), engine)
        saved = {item["value"] for item in own["segments"]}
        return {**found, "persona": own["persona"], "segment": [*own["segments"], *(name for name in found["segment"] if name not in saved)]}

    return views.get("filters", own, make)


def built(views: Views) -> Build | None:
    """The build in use; None while nothing is built."""
    try:
        return views.build()
    except WorkspaceFault:
        return None


def as_of_build(views: Views, as_of: str | None) -> Build:
    """The build in use, or the one made as of a day.

    Raises
    ------
    WorkspaceFault
        If there is none: making one is long work, and has its own route.
    """
    current = views.build()
    if as_of is None:
        return current
    moment: dt.datetime = parse_as_of(as_of)
    if current.as_of == moment:
        return current
    found = [build for build in Builds(views.workspace.folder.builds).all() if build.as_of == moment]
    if not found:
        raise WorkspaceFault(f"there is no build as of {as_of} yet", "as_of", "make one: POST /builds with this as_of, or `etappe build --as-of`")
    return found[-1].use()
