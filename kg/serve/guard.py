"""What every request passes first: whom it names as host, how large and slow it is; and what no answer goes without.

Browsers send requests to this machine for whatever page is open in them, so a wrong Host header (DNS rebinding) is
refused, no other site may frame, ask or read the pages, and scripts come from the server alone.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response

from kg.serve.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 256 * 1024
"""Bytes of a request's body beyond which it is refused unread."""
LONGEST_ADDRESS = 16 * 1024
"""Bytes of path and query string beyond which a request is refused."""
PATIENCE = 15.0
"""Seconds that a client has for each piece of its request, and to take each piece of the answer."""
WHOLE = 60.0
"""Seconds that it has for all pieces of its request."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy of every answer that brings none of its own; the editor sets styles from its script."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}


class TooSlow(Exception):
    """A client left the server waiting."""


class TooLarge(Exception):
    """A body is larger than what is read."""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.names = frozenset(name.lower() for name in ("localhost", settings.host, *settings.hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, self._cross_origin(Headers(scope=scope)))
        refused = self._refuse(scope)
        if refused is not None:
            await refused(scope, receive, answer)
        elif scope["method"] == "OPTIONS" and answer.extra:
            await Response(status_code=204)(scope, receive, answer)
        else:
            await self.app(scope, _limited(receive), answer)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._knows(headers.getlist("host")):
            return _told(421, "this server is not called by that name; see --allow-host")
        if self._is_foreign(scope["method"], headers):
            return _told(403, "another site sends this; see --allow-origin")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            return _told(414, f"an address has at most {LONGEST_ADDRESS // 1024} kB; send long queries by POST")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > LARGEST_BODY:
            return failed(None, TooLarge())
        return None

    def _knows(self, hosts: list[str]) -> bool:
        """Whether a request names this server; an address in numbers cannot be rebound, so any will do."""
        if len(hosts) != 1:
            return False
        name = hosts[0].lower()
        name = name[1 : name.find("]")] if name.startswith("[") else name.partition(":")[0]
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return True

    def _is_foreign(self, method: str, headers: Headers) -> bool:
        """Whether a browser says that another site asks, of which it may not read the answer, and not by a link."""
        if headers.get("sec-fetch-site") != "cross-site" or headers.get("origin", "") in self.settings.origins:
            return False
        return method not in ("GET", "HEAD") or headers.get("sec-fetch-mode") != "navigate"

    def _cross_origin(self, headers: Headers) -> dict[str, str]:
        origin = headers.get("origin", "")
        if origin not in self.settings.origins:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Allow-Methods": "GET, POST",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Origin",
        }


class _Answer:
    """Sends an answer with the headers that none goes without, to a client that takes it in time."""

    def __init__(self, send: Send, extra: dict[str, str]) -> None:
        self.send, self.extra = send, extra

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            for name, value in self.extra.items():
                headers[name] = value
        await _in_time(self.send(message))


def _limited(receive: Receive) -> Receive:
    """Receives as long as pieces come in time and are not too many."""
    left, ended, latest = LARGEST_BODY, False, 0.0

    async def limited() -> Message:
        nonlocal left, ended, latest
        if ended:  # what comes now is the client's going away, however late
            return await receive()
        now = asyncio.get_running_loop().time()
        latest = latest or now + WHOLE
        message: Message = await _in_time(receive(), min(PATIENCE, latest - now))
        left -= len(message.get("body", b""))
        ended = not message.get("more_body", False)
        if left < 0:
            raise TooLarge
        return message

    return limited


async def _in_time(waiting: Awaitable[Any], seconds: float = PATIENCE) -> Any:
    try:
        return await asyncio.wait_for(waiting, seconds)
    except asyncio.TimeoutError as error:
        raise TooSlow from error


def failed(request: object, error: Exception) -> Response:
    """What a client is told of an error: never where in the program it happened."""
    del request
    if isinstance(error, TooLarge):
        return _told(413, f"a request has at most {LARGEST_BODY // 1024} kB", close=True)
    if isinstance(error, TooSlow):
        return _told(408, f"the request did not come in time: {PATIENCE:g} s a piece, {WHOLE:g} s in all", close=True)
    return _told(500, "this is a fault of kg; whoever runs the server sees where")


def _told(status: int, message: str, *, close: bool = False) -> PlainTextResponse:
    return PlainTextResponse(message + "\n", status, headers={"Connection": "close"} if close else None)
