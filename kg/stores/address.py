"""Addresses of stores: which are taken, and how they are shown."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from kg.errors import RemoteError

_PORTS = {"http": 80, "https": 443}


def check(url: str) -> str:
    """The address, if it is one of a web server; :class:`RemoteError` for others, and for one that holds a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RemoteError(f"the address of the store is malformed ({error}); it looks like http://host:7878") from error
    if "@" in parts.netloc:
        raise RemoteError(
            f"{shown(url)}: the address must hold no user and no password, for it is kept and shown: "
            "leave them out and set KG_USER and KG_PASSWORD"
        )
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise RemoteError(f"{shown(url)!r} is no address of a store; it looks like http://host:7878")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise RemoteError("the address of the store holds white space or unprintable characters; mend it")
    return urlunsplit(parts._replace(fragment=""))


def shown(url: str) -> str:
    """An address for messages: without a user, a password and the values behind the question mark."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what credentials are meant for."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def is_private(url: str) -> bool:
    """Whether nobody on the way can listen: TLS, or this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts)


def is_loopback(parts: SplitResult) -> bool:
    """Whether an address is of this machine itself."""
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
