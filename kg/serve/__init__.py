"""``kg serve``: a build as a web application on this machine: SPARQL for programs, pages for people.

Starlette answers, uvicorn listens (extra ``serve``). Safe by default: the loopback only, read-only, queries in
processes that are killed when their time is up, nothing fetched from elsewhere.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

from kg.errors import MissingExtra, OutputError
from kg.serve.settings import Settings

__all__ = ["Settings", "serve"]

MOST_CONNECTIONS = 400


def serve(settings: Settings, tell: Callable[[str], None] = print) -> None:
    """Serve a build until somebody stops it; ``tell`` is given the address once it can be asked.

    Raises :class:`OutputError` if there is no build or the port is taken, :class:`MissingExtra` without the libraries.
    """
    try:
        import uvicorn

        from kg.serve.app import create_app
        from kg.serve.patience import PatientProtocol
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("uvicorn", "starlette", "h11", "anyio"):
            raise
        raise MissingExtra("kg serve", "serve") from error
    app = create_app(settings)
    with _listening(settings) as listener:
        config = uvicorn.Config(
            app,
            http=PatientProtocol,
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=2,
        )
        tell(f"http://{_shown(settings.host)}:{listener.getsockname()[1]}/")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listener])


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        why = error.strerror or error
        raise OutputError(f"{where}: cannot listen there: {why}; choose another --port or --host") from error


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
