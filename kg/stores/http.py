"""Requests to stores on the network: with credentials, patience and bounds, and errors that a person can act on.

Here is decided what is tried again, where credentials go, and how
long and how large an answer may be. Every request of this package may be sent twice without harm.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError, SSLError, TimeoutError

from kg.errors import RemoteError
from kg.stores.address import check, is_private, origin, shown
from kg.stores.credentials import Authorization, Credentials
from kg.stores.refusals import Broken, late, refusal, unreachable
from kg.stores.wire import PIECE, Body, Connections, retry_after

AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same request is worth another try."""
TRIES = 6
"""Times that a request is sent at most."""
LONGEST_WAIT = 60.0
"""Seconds that a server may ask to wait before the next try."""
CONNECTING = 10.0
"""Seconds in which a connection must be made."""
LARGEST = 256 << 20
"""Bytes of an answer that is read as a whole."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5

Response = urllib3.BaseHTTPResponse


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. ``writes`` tells that it changes the store: it then follows no redirection to another server."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    writes: bool = False


class Client:
    """Sends requests to the servers of one store.

    ``timeout`` is the seconds in which an answer must begin, and in which it must then end; ``tell`` is told, a line
    each, of what the user should know but need not act on; ``sleep`` waits between tries.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        timeout: float = 60.0,
        tell: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.timeout, self.tell, self.sleep = timeout, tell, sleep
        self.credentials = credentials or Credentials()
        self._authorization: dict[tuple[str, str, int], Authorization] = {}
        self._connections = Connections()
        self._met: set[tuple[str, str, int]] = set()
        self._warned = False

    def trust(self, url: str) -> None:
        """Let the server of this address know the credentials; no other does."""
        self._authorization.setdefault(origin(url), Authorization(self.credentials))

    def fetch(self, request: Request) -> tuple[bytes, Mapping[str, str]]:
        """The body of the answer to a request, and its headers; asked for again if it breaks off."""
        for tried in range(1, TRIES + 1):
            try:
                with self.opened(request) as (stream, headers):
                    body = stream.read(LARGEST + 1)
                break
            except Broken:
                if tried == TRIES:
                    raise
                self._wait(request, tried, "the answer broke off")
        if len(body) > LARGEST:
            raise RemoteError(
                f"{shown(request.url)}: the answer is larger than {LARGEST >> 20} MB; ask for less (LIMIT)"
            )
        return body, headers

    @contextmanager
    def opened(self, request: Request) -> Iterator[tuple[io.BufferedReader, Mapping[str, str]]]:
        """The answer to a request as a stream of bytes, with its headers; :class:`RemoteError` for a refusal.

        The stream raises it too, :class:`Broken` if the answer stops before its end.
        """
        response = self._answered(request)
        try:
            yield io.BufferedReader(Body(response, request.url, self.timeout), PIECE), response.headers
        finally:
            response.close()

    def server_of(self, url: str) -> str:
        """What the server at an address calls itself, whatever it answers there."""
        request = Request("GET", url)
        try:
            response = self._once(request)
        except ProtocolError as error:
            raise unreachable(url, error) from error
        self._met.add(origin(url))
        response.close()
        return response.headers.get("Server", "")

    def _answered(self, request: Request) -> Response:
        """The answer that is neither a refusal, nor a redirection, nor worth another try."""
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._patiently(request)
            if response.status not in _REDIRECTS:
                return response
            request = self._redirected(request, response)
        raise RemoteError(f"{shown(request.url)}: the address redirects in a circle; name the right one")

    def _redirected(self, request: Request, response: Response) -> Request:
        target = check(urljoin(request.url, response.headers.get("Location", "")))
        response.close()
        here, there = origin(request.url), origin(target)
        if here[0] == "https" and there[0] == "http":
            raise RemoteError(
                f"{shown(request.url)}: redirects to the unprotected {shown(target)}; name the right address"
            )
        if request.writes and here != there:
            raise RemoteError(
                f"{shown(request.url)}: redirects to another server, which gets no data unasked: "
                f"if it is the right one, give its address: {shown(target)}"
            )
        if response.status == 303:
            return Request("GET", target, request.headers)
        return replace(request, url=target)

    def _patiently(self, request: Request) -> Response:
        where = origin(request.url)
        for tried in range(1, TRIES + 1):
            try:
                response = self._authorized(request)
            except ProtocolError as error:
                # A server that never answered is more likely named wrongly than busy.
                if tried == TRIES or where not in self._met:
                    raise unreachable(request.url, error) from error
                self._wait(request, tried, "cannot be reached")
                continue
            self._met.add(where)
            if response.status < 400:
                return response
            if tried == TRIES or not _worth_waiting(response):
                raise self._refused(request, response)
            self._wait(request, tried, f"answered {response.status}", response)
        raise AssertionError("the last try returns or raises")

    def _authorized(self, request: Request) -> Response:
        """The answer, with credentials if the server asks for some and may have them."""
        response = self._once(request)
        for _ in range(2):  # the second for a nonce that has grown stale
            if response.status != 401 or not self._learnt(request, response):
                break
            response = self._once(request)
        return response

    def _once(self, request: Request) -> Response:
        """Send a request once; ProtocolError if the connection could not be made or broke."""
        try:
            return self._connections.to(request.url).request(
                request.method,
                request.url,
                body=request.body or None,
                headers=self._headers(request),
                timeout=urllib3.Timeout(connect=min(CONNECTING, self.timeout), read=self.timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except NewConnectionError as error:
            raise ProtocolError(str(error), error) from error
        except TimeoutError as error:
            raise late(request.url, self.timeout) from error
        except SSLError as error:
            raise unreachable(request.url, error) from error
        except HTTPError as error:
            raise ProtocolError(str(error), error) from error

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"User-Agent": "kg", **request.headers}
        authorization = self._authorization.get(origin(request.url))
        value = authorization.header(request.method, request.url) if authorization else ""
        if authorization and value:
            if authorization.is_readable and not is_private(request.url):
                self._warn(request.url)
            headers["Authorization"] = value
        return headers

    def _warn(self, url: str) -> None:
        if not self._warned:
            self.tell(f"{shown(url)}: {self.credentials.names} travels unprotected; use https, or a tunnel")
        self._warned = True

    def _learnt(self, request: Request, response: Response) -> bool:
        authorization = self._authorization.get(origin(request.url))
        challenges = response.headers.getlist("WWW-Authenticate")
        if authorization is None or not authorization.learn(challenges):
            return False
        response.drain_conn()
        return True

    def _wait(self, request: Request, tried: int, why: str, response: Response | None = None) -> None:
        asked = retry_after(response) if response is not None else None
        seconds = min(0.5 * 2.0 ** (tried - 1), LONGEST_WAIT) if asked is None else asked
        if response is not None:
            response.close()
        self.tell(f"{shown(request.url)}: {why}; trying again in {seconds:g} s ({tried} of {TRIES - 1})")
        self.sleep(seconds)

    def _refused(self, request: Request, response: Response) -> RemoteError:
        try:
            said = response.read(PIECE)
        except HTTPError:
            said = b""
        response.close()
        return refusal(request.method, request.url, response.status, response.headers, said, self.credentials)

    def close(self) -> None:
        """Let the connections go."""
        self._connections.close()


def _worth_waiting(response: Response) -> bool:
    return response.status in AGAIN and (retry_after(response) or 0.0) <= LONGEST_WAIT
