"""One shape for everything that goes wrong: `{"error": {code, what, where, do_next, faults}}` with its HTTP status."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from etappe.errors import (
    AccessFault,
    ConservationFault,
    Fault,
    Faults,
    LakeFault,
    NotFound,
    SignInFault,
    TooManyFault,
    WorkspaceFault,
)
from etappe.words.german_faults import german
from etappe.words.on_page import on_page, place_on_page

_LOG = logging.getLogger(__name__)

STATUS: Final[dict[type[Fault], int]] = {
    SignInFault: 401, AccessFault: 403, NotFound: 404, WorkspaceFault: 409, LakeFault: 409, ConservationFault: 409, TooManyFault: 429,
}  # fmt: skip
"""The status of each family; the others are 422: understood, and not possible as asked."""


class Told(BaseModel):
    """One fault: what is wrong, where, and what to do next."""

    code: str
    what: str
    where: str = ""
    do_next: str = ""


class ToldAll(Told):
    """A fault with all its parts, where there are several."""

    faults: list[Told] = []


class Refused(BaseModel):
    """The answer to everything that cannot be done."""

    error: ToldAll


_WORDS = {
    401: "Nobody is signed in.", 403: "This may not be done.", 404: "There is no such thing.", 409: "Not in this state.", 413: "Too large.",
    422: "Not possible as asked.", 429: "Too many tries.",
}  # fmt: skip
_HTTP = {
    405: ("method", "This address does not take this method.", "See /api/v1/openapi.json."), 413: ("refused", "{}", "Send less at once."),
    400: ("request", "The request cannot be read.", "Mend it, then try again."),
}  # fmt: skip
"""What the framework itself refuses, in the words of the house."""

AWAY: Final = ("The database does not answer.", "", "Try again in a moment; if it stays so, ask whoever runs this server.")
"""What is told, and where and what now, while maps and accounts cannot be read or written; nothing of it is lost or done."""

RESPONSES: Final[dict[int | str, dict[str, Any]]] = {status: {"model": Refused, "description": words} for status, words in _WORDS.items()}


def status_of(fault: Fault) -> int:
    """The HTTP status of a fault; of several, that of the first."""
    first = fault.faults[0] if isinstance(fault, Faults) and fault.faults else fault
    return next((status for kind, status in STATUS.items() if isinstance(first, kind)), 422)


def told(code: str, what: str, where: str = "", do_next: str = "", faults: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The body of a refusal."""
    return {"error": {"code": code, "what": what, "where": where, "do_next": do_next, **({"faults": faults} if faults else {})}}


def in_german(request: HTTPConnection) -> bool:
    """Whether the one who asks reads German: `Accept-Language` puts it first."""
    return request.headers.get("accept-language", "").lower().startswith("de")


def in_language(request: HTTPConnection, error: dict[str, Any], german_too: bool | None = None) -> dict[str, Any]:
    """A refusal in the language that is asked for: German where `Accept-Language` puts it first, or as `german_too` says."""
    return as_read(error, "de" if (in_german(request) if german_too is None else german_too) else "en")


def as_read(error: dict[str, Any], language: str) -> dict[str, Any]:
    """A fault as a reader of the page takes it: in their language, with what to do on the page."""
    faults = {"faults": [as_read(one, language) for one in error["faults"]]} if error.get("faults") else {}
    what = german(error["what"]) if language == "de" else error["what"]
    return {**error, "what": what, "where": place_on_page(error.get("where", "")), "do_next": on_page(error.get("do_next", ""), language), **faults}


def add_handlers(app: FastAPI) -> None:
    """Gives every fault its answer."""

    @app.exception_handler(Fault)
    async def _fault(request: Request, fault: Fault) -> JSONResponse:
        return JSONResponse({"error": in_language(request, fault.to_dict())}, status_of(fault))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [{"code": "request", "what": sentence(item), "where": ".".join(str(part) for part in item["loc"]), "do_next": "Mend it, then try again."} for item in error.errors()]
        first = faults[0] if faults else {"what": "The request cannot be read.", "where": ""}
        body = told("request", str(first["what"]), str(first["where"]), "Mend it, then try again.", faults)
        return JSONResponse({"error": in_language(request, body["error"])}, 422)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code, what, do_next = _HTTP.get(error.status_code, ("http", "{}.", ""))
        body = told(code, what.format(error.detail), request.url.path[:120], do_next)
        return JSONResponse({"error": in_language(request, body["error"])}, error.status_code, headers=error.headers)

    @app.exception_handler(OperationalError)
    async def _away(request: Request, error: OperationalError) -> JSONResponse:
        _LOG.error("%s %s: %s", request.method, request.url.path, error.orig)
        return JSONResponse({"error": in_language(request, told("away", *AWAY)["error"])}, 503, headers={"Retry-After": "5"})

    @app.exception_handler(Exception)
    async def _ours(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
        body = told("internal", "This failed by a fault of etappe.", request.url.path, "Look at the server's log, and please report it.")
        return JSONResponse({"error": in_language(request, body["error"])}, 500)


def sentence(item: Mapping[str, Any]) -> str:
    """What pydantic finds, as a sentence."""
    said = str(item["msg"]).removeprefix("Value error, ")
    return f"{said[:1].upper()}{said[1:]}."
