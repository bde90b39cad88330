"""Who may decide on a page: somebody who read it here, in this browser, and who knows the token where there is one.

A form carries a code made of a secret of this process and of a random name that the browser keeps in a cookie; other
sites can read neither. Beside it, the browser itself says where a form comes from (Origin, Sec-Fetch-Site).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

BROWSER, REVIEWER, NAME = "kg-browser", "kg-reviewer", "kg-name"
YEAR = 365 * 24 * 3600


class Refused(Exception):
    """A form that is not heeded, with the ``status`` that answers it and the word by which pages say why."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


@dataclass(frozen=True, slots=True)
class Consent:
    """``token`` is what those who decide must know; empty where this machine alone is served."""

    token: str
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def browser(self, request: Request) -> str:
        """The name of the reader's browser: the one that it has, or a new one."""
        kept = request.cookies.get(BROWSER, "")
        return kept if 16 <= len(kept) <= 64 and kept.isascii() else secrets.token_urlsafe(18)

    def code(self, browser: str) -> str:
        """What a form for this browser carries."""
        return self._sign("form", browser)

    def knows(self, request: Request) -> bool:
        """Whether the token need not be asked for again."""
        if not self.token:
            return True
        kept = request.cookies.get(REVIEWER, "")
        return hmac.compare_digest(kept.encode(), self._sign("reviewer", self.token).encode())

    def check(self, request: Request, code: str, token: str) -> None:
        """Raise :class:`Refused` for a form of another site, of another browser, or without the token."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "foreignForm")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
            raise Refused(403, "foreignForm")
        kept = request.cookies.get(BROWSER, "")
        if not kept or not hmac.compare_digest(code.encode(), self.code(kept).encode()):
            raise Refused(403, "oldForm")
        if not self.knows(request) and not hmac.compare_digest(token.encode(), self.token.encode()):
            raise Refused(401, "wrongToken")

    def remember(self, response: Response, browser: str) -> None:
        """Let the browser keep its name."""
        response.set_cookie(BROWSER, browser, samesite="strict", httponly=True)

    def trust(self, response: Response) -> None:
        """Let the browser of somebody who knew the token be known, as long as this process lives."""
        if self.token:
            response.set_cookie(REVIEWER, self._sign("reviewer", self.token), samesite="strict", httponly=True)

    def _sign(self, what: str, of: str) -> str:
        return hmac.new(self.secret, f"{what}\n{of}".encode(), sha256).hexdigest()
