"""The built page: files of the package; every other address is one of its rooms."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from etappe.errors import NotFound

PAGE: Final = Path(__file__).parent / "page"
INDEX: Final = PAGE / "index.html"

router = APIRouter(include_in_schema=False)


def built() -> bool:
    """Whether the page was built into this package."""
    return INDEX.is_file()


@router.get("/{path:path}")
async def page(path: str, request: Request) -> Response:
    """A file of the page, or the page itself for the address of one of its rooms."""
    if path.startswith(("api/", "s/")) or path in ("api", "s"):
        raise NotFound("There is no such address.", f"/{path[:120]}", "See /api/v1/openapi.json.")
    if path:
        target = _file(path)
        if target is not None:
            lasting = path.startswith("assets/")  # their names change with their content
            return FileResponse(target, headers={"Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache"})
        if "." in path.rsplit("/", 1)[-1] and request.headers.get("sec-fetch-mode") != "navigate":
            raise NotFound("There is no such file.", f"/{path[:120]}")
    if not built():
        return HTMLResponse(_missing(), 503)
    return FileResponse(INDEX, headers={"Cache-Control": "no-cache"})


def _file(path: str) -> Path | None:
    """The file of the page at a path; None where there is none, be it that no file system takes the path."""
    try:
        target = (PAGE / path).resolve()
        return target if target.is_relative_to(PAGE.resolve()) and target.is_file() else None
    except (OSError, ValueError):  # a name too long, a zero byte
        return None


def _missing() -> str:
    words = (
        ("Die Seite ist in dieser Installation nicht gebaut.", "Mit Node.js: make page. Die Schnittstelle unter /api/v1 antwortet."),
        ("The page is not built in this installation.", "With Node.js: make page. The API at /api/v1 answers."),
    )
    parts = "".join(f"<h1>{html.escape(what)}</h1><p>{html.escape(how)}</p>" for what, how in words)
    return f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>etappe</title></head><body>{parts}</body></html>'


def simple(title: str, body: str, language: str = "de", refresh: str = "") -> str:
    """A page without script: for links that lead somewhere, and for those that lead nowhere any more."""
    go = f'<meta http-equiv="refresh" content="0;url={html.escape(refresh, quote=True)}">' if refresh else ""
    style = "body{font:16px/1.5 Inter,system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1c2430;background:#fff}h1{font-size:22px;line-height:28px}input,button{font:inherit;padding:.5rem .9rem;border-radius:6px}input{border:1px solid #98a2b3;width:100%;box-sizing:border-box;margin-top:4px;background:inherit;color:inherit}button{background:#0b7a75;color:#fff;border:0;font-weight:600;cursor:pointer}small{color:#667085}@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#12161c}small{color:#98a2b3}}"
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"{go}<title>{html.escape(title)}</title><style>{style}</style></head><body><main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )
