"""What a server is told: whom it listens to, which build it shows, and what it refuses."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import OutputError

SHORTEST_TOKEN = 16
"""Characters of a token, at least: it must not be guessed."""
TOKEN = "KG_TOKEN"
"""The variable of the environment that holds the token of those who may write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``timeout`` is in seconds a query, ``memory`` and ``largest`` (of an answer) are in bytes.

    ``hosts`` are names by which the server may be called beside its own address, ``services`` the endpoints that
    queries may call with SERVICE and LOAD, ``origins`` the sites whose scripts may ask (CORS). ``review`` lets people
    decide on facts, ``writable`` lets updates in; both need the ``token`` where others than this machine are served.
    Raises :class:`OutputError` if they contradict each other.
    """

    build: Path = Path("build")
    host: str = "127.0.0.1"
    port: int = 8765
    timeout: float = 20.0
    workers: int = 4
    memory: int = 2 << 30
    largest: int = 16 << 20
    hosts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    review: bool = False
    writable: bool = False
    token: str = ""

    def __post_init__(self) -> None:
        if self.token and len(self.token) < SHORTEST_TOKEN:
            raise OutputError(f"{TOKEN}: a token has at least {SHORTEST_TOKEN} characters; choose a longer one")
        if self.writable and not self.token:
            raise OutputError(f"--writable needs a token: put it into the environment as {TOKEN}")
        if self.review and not self.is_local and not self.token:
            raise OutputError(f"--review for others than this machine needs a token: put it into {TOKEN}")

    @property
    def is_local(self) -> bool:
        """Whether this machine alone is served."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
