"""Who asks a store: a user or a token from the environment, told as Basic, Digest or Bearer.

A user is told when the server asks for one, in the way that it asks for (Digest if it offers that); a token at once.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import AbstractDigestAuthHandler, HTTPPasswordMgr, Request, parse_http_list, parse_keqv_list

from kg.errors import RemoteError

USER, PASSWORD, TOKEN = "KG_USER", "KG_PASSWORD", "KG_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a token, which is never shown."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.user or self.token)

    @property
    def names(self) -> str:
        """The variables from which they come."""
        return TOKEN if self.token else f"{USER} and {PASSWORD}"


def from_environment(environment: Mapping[str, str] | None = None) -> Credentials:
    """What KG_USER and KG_PASSWORD, or KG_TOKEN say; :class:`RemoteError` if they say it half or twice."""
    known = os.environ if environment is None else environment
    user, password, token = (known.get(name, "") for name in (USER, PASSWORD, TOKEN))
    if token and (user or password):
        raise RemoteError(f"{TOKEN} and {USER} are both set; a store is told one of them: unset the other")
    if password and not user:
        raise RemoteError(f"{PASSWORD} is set, but {USER} is not; set both")
    if any(ord(character) < 0x20 for character in user + token) or ":" in user:
        raise RemoteError(f"{USER} or {TOKEN} holds a colon or a control character, which no request can carry")
    return Credentials(user, password, token)


class Authorization:
    """Makes the header of requests to one server, and learns from its refusals how it wants it."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self._digest: _Digest | None = None
        self._basic = False

    def header(self, method: str, url: str) -> str:
        """The value of the header for a request; empty as long as the server has not asked for a user."""
        mine = self.credentials
        if mine.token:
            return f"Bearer {mine.token}"
        if self._digest is not None:
            return self._digest.header(method, url)
        if self._basic:
            return f"Basic {base64.b64encode(f'{mine.user}:{mine.password}'.encode()).decode()}"
        return ""

    @property
    def is_readable(self) -> bool:
        """Whether whoever listens on the way can read and use what is told."""
        return bool(self.credentials.token) or self._basic

    def learn(self, challenges: Iterable[str]) -> bool:
        """Take in how a refusing server (401) wants to be told; whether it makes sense to ask again."""
        if not self.credentials.user:
            return False
        wanted = {challenge.partition(" ")[0].lower(): challenge for challenge in challenges}
        if "digest" in wanted:
            digest = _Digest(self.credentials, wanted["digest"])
            again = self._digest is None or digest.nonce != self._digest.nonce
            self._digest = digest
            return again
        again = "basic" in wanted and not self._basic
        self._basic = self._basic or "basic" in wanted
        return again


class _Digest:
    """The answers to one Digest challenge (RFC 7616), as the standard library works them out."""

    def __init__(self, credentials: Credentials, challenge: str) -> None:
        try:
            self._challenge = parse_keqv_list(parse_http_list(challenge.partition(" ")[2]))
        except ValueError:
            self._challenge = {}
        self.nonce = self._challenge.get("nonce", "")
        self._handler = AbstractDigestAuthHandler(_OneUser(credentials))

    def header(self, method: str, url: str) -> str:
        try:
            answer: str | None = self._handler.get_authorization(Request(url, method=method), self._challenge)
        except UnicodeEncodeError as error:
            raise RemoteError(f"{USER} or {PASSWORD} is not ASCII, which Digest cannot tell a server", 401) from error
        except (ValueError, URLError) as error:
            raise RemoteError(f"the server wants Digest in a way that is not known here: {error}", 401) from error
        return f"Digest {answer}" if answer else ""


class _OneUser(HTTPPasswordMgr):
    """Knows one user, whatever the realm."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._known = credentials.user, credentials.password

    def find_user_password(self, realm: str, authuri: str) -> tuple[str, str]:  # noqa: ARG002
        return self._known
