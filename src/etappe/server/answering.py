"""Kept answers on the wire: with their tag, so that a page that has one already is told so in a few bytes."""

from __future__ import annotations

from fastapi import Request, Response

from etappe.workspace.views import View


def answered(request: Request, view: View) -> Response:
    """The answer, or 304 where the page has it."""
    headers = {"ETag": f'"{view.tag}"', "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if f'"{view.tag}"' in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(view.body, media_type="application/json", headers=headers)
