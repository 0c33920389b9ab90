"""The application: routes found by their files, in front of them the rules of safety, behind them one workspace."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from etappe import __version__
from etappe.server import page, routes
from etappe.server.faults import RESPONSES, add_handlers
from etappe.server.here import Here, Serving
from etappe.server.needs import Needs, who_of
from etappe.server.oidc import Oidc
from etappe.server.safety import Safety
from etappe.server.warming import keep_warm
from etappe.workspace.access import demand
from etappe.workspace.workspace import Workspace

API: Final = "/api/v1"
UPLOADS: Final = {f"{API}/sources/files": "feed", f"{API}/interviews/files": "edit"}
"""Where files are sent in, with the right it needs: looked at before the files are read."""


def make_app(workspace: Workspace | None, serving: Serving | None = None) -> FastAPI:
    """The application of one workspace; without one, only its description is of use."""
    given = serving or Serving()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.here.rooms.begin()
        if given.warm:
            keep_warm(app.state.here.views)
        yield
        app.state.here.close()

    app = FastAPI(
        title="etappe", version=__version__, description="The API of an etappe workspace. Every figure comes with its interval, n and recipe.",
        openapi_url=f"{API}/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan, generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    add_handlers(app)
    for found in _routers("router"):
        app.include_router(found, prefix=API, responses=RESPONSES)
    for found in _routers("sockets"):
        app.include_router(found, prefix=API)
    for found in _routers("pages"):
        app.include_router(found)
    app.include_router(page.router)
    _all_guarded()
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=3)
    app.add_middleware(Safety, loopback=given.loopback, names=given.names, largest=given.largest, uploads=UPLOADS, demand=lambda connection, right: demand(who_of(app.state.here, connection), right))
    if workspace is not None:
        app.state.here = Here(workspace, given)
        if given.oidc_issuer:
            app.state.here.oidc = Oidc(given.oidc_issuer, given.oidc_client, given.oidc_secret, given.address, f"{app.state.here.cookie}-oidc")
    return app


def right_of(route: APIRoute) -> str | None:
    """The right a route needs; None where it names none."""
    found = [item.call.right for item in route.dependant.dependencies if isinstance(item.call, Needs)]
    return found[0] if len(found) == 1 else None


def api_routes() -> list[APIRoute]:
    """The routes of the API; their paths without `/api/v1`."""
    return [route for found in _routers("router") for route in found.routes if isinstance(route, APIRoute)]


def _all_guarded() -> None:
    open_ones = [route.path for route in api_routes() if right_of(route) is None]
    if open_ones:
        raise RuntimeError(f"these routes name no right, or several: {', '.join(open_ones)}")


def _routers(name: str) -> list[APIRouter]:
    modules = [importlib.import_module(f"{routes.__name__}.{item.name}") for item in pkgutil.iter_modules(routes.__path__)]
    modules.sort(key=lambda module: (getattr(module, "LAST", False), module.__name__))
    return [getattr(module, name) for module in modules if hasattr(module, name)]
