"""Connections to servers and the bodies that come over them, by urllib3: kept alive, TLS verified."""

from __future__ import annotations

import io
import time
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, TimeoutError

from kg.stores.address import is_loopback
from kg.stores.refusals import broken, late

PIECE = 1 << 16
"""Bytes that are read at once."""


class Connections:
    """Connections by address, through a proxy where the environment names one for it."""

    def __init__(self) -> None:
        self._pools: dict[str, urllib3.PoolManager] = {}

    def to(self, url: str) -> urllib3.PoolManager:
        """The connections by which an address is reached."""
        parts = urlsplit(url)
        proxy = "" if is_loopback(parts) or proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]

    def close(self) -> None:
        """Let all of them go."""
        for pool in self._pools.values():
            pool.clear()


def retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    """The seconds that an answer asks to wait, if it does."""
    said = response.headers.get("Retry-After", "")
    try:
        return urllib3.Retry().parse_retry_after(said) if said else None
    except HTTPError:
        return None


class Body(io.RawIOBase):
    """The body of an answer, which must end in time and not break off."""

    def __init__(self, response: urllib3.BaseHTTPResponse, url: str, timeout: float) -> None:
        self._response, self._url, self._timeout = response, url, timeout
        self._deadline = time.monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if time.monotonic() > self._deadline:
            raise late(self._url, self._timeout)
        try:
            piece = self._response.read1(len(buffer))
        except TimeoutError as error:
            raise late(self._url, self._timeout) from error
        except HTTPError as error:
            raise broken(self._url, error) from error
        buffer[: len(piece)] = piece
        return len(piece)
