"""The application: which address is answered by what."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import KgError
from kg.serve import asking
from kg.serve.endpoint import Endpoint
from kg.serve.finding import index
from kg.serve.guard import App, Guard, TooLarge, TooSlow, failed
from kg.serve.html import missing
from kg.serve.pages import page_routes
from kg.serve.pool import Limits, Pool
from kg.serve.settings import Settings
from kg.serve.site import Site
from kg.serve.updates import Updates

STATIC = Path(__file__).with_name("static")
COLOURS = Path(__file__).parents[1] / "view_assets" / "colours.css"
"""The colours of all pages are those of the network."""
HANDLERS: dict[Any, Any] = {404: missing, TooLarge: failed, TooSlow: failed, Exception: failed}
"""What answers where no route does."""


def create_app(settings: Settings) -> App:
    """The application for a build, guarded. Raises :class:`OutputError` if there is no build."""
    site = Site(settings)
    pool = Pool(settings.workers, Limits(settings.memory, network=bool(settings.services)))
    updates = _updates(site, settings) if settings.writable else None

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        first = asyncio.create_task(pool.warm())
        threading.Thread(target=_prepare, args=(site,), daemon=True).start()
        if updates:
            await updates.begin()
        try:
            yield
        finally:
            first.cancel()
            await pool.close()
            if updates:
                await updates.close()

    routes = [*_routes(Endpoint(site, pool, updates)), *asking.routes(site), *page_routes(site, pool)]
    app = Starlette(routes=routes, lifespan=life, exception_handlers=HANDLERS)
    app.state.site, app.state.pool = site, pool
    return Guard(app, settings)


def _prepare(site: Site) -> None:
    """Make what searches need before anybody searches: of a large build it takes seconds."""
    with suppress(KgError):  # whoever searches is told
        site.now().once(index)


def _updates(site: Site, settings: Settings) -> Updates:
    limits = Limits(settings.memory, network=bool(settings.services), writes=True)
    return Updates(site, Pool(1, limits))


def _colours(_: Request) -> Response:
    return FileResponse(COLOURS)


def _routes(endpoint: Endpoint) -> list[BaseRoute]:
    return [
        Route("/sparql", endpoint.answer, methods=["GET", "POST"]),
        Route("/static/colours.css", _colours),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
