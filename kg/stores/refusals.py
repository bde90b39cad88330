"""What a store's refusal, silence or death means, as one line that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from urllib3.exceptions import HTTPError, SSLError

from kg.errors import RemoteError
from kg.stores.address import shown
from kg.stores.credentials import Credentials

_LONGEST = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WHAT: Mapping[int, str] = {
    403: "the store does not allow this",
    404: "there is nothing at this address: mend it, or name the store with --store",
    405: "this address does not take {method}: is it the right one? See --store and --via",
    406: "the store does not answer in the formats that kg reads",
    408: "the store was too slow for itself: ask for less, or send less at a time (--chunk)",
    413: "the store refuses so much at once: send less at a time (--chunk)",
    415: "the store does not take this format: try --via update",
    429: "the store is asked too often: try again later",
    501: "the store does not do this: try another --via",
}


class Refused(RemoteError):
    """An answer with an error in it; ``said`` is what the server said, in full."""

    def __init__(self, message: str, status: int, said: str = "") -> None:
        super().__init__(message, status)
        self.args, self.said = (message, status, said), said


class Broken(RemoteError):
    """An answer that stopped before its end."""


def refusal(
    method: str, url: str, status: int, headers: Mapping[str, str], said: bytes, credentials: Credentials
) -> Refused:
    """The error to raise where the answer has the status ``status``."""
    what = _access(status, credentials) or _WHAT.get(status, "").format(method=method)
    words = first_words(said, headers)
    told = "; ".join(part for part in (what, f"it says: {words}" if words else "") if part)
    wait = f" (Retry-After: {headers['Retry-After']})" if "Retry-After" in headers else ""
    message = f"{shown(url)}: refused with {status}{wait}{': ' if told else ''}{told}"
    return Refused(message, status, said.decode(errors="replace").strip())


def _access(status: int, credentials: Credentials) -> str:
    if status not in (401, 403):
        return ""
    if credentials:
        return f"the user of {credentials.names} is not let in, or may not do this: check both"
    return "this needs a user: set KG_USER and KG_PASSWORD, or KG_TOKEN"


def first_words(said: bytes, headers: Mapping[str, str]) -> str:
    """The first line of what a server said, made safe to show; nothing of a web page."""
    if is_page(said, headers):
        return ""
    lines = said.decode(errors="replace").strip().splitlines()
    first = _UNSEEN.sub(" ", lines[0]).strip() if lines else ""
    return first if len(first) <= _LONGEST else first[:_LONGEST] + "…"


def is_page(said: bytes, headers: Mapping[str, str]) -> bool:
    """Whether an answer is a web page, as addresses of something else give it."""
    start = said.lstrip()[:15].lower()
    return "html" in headers.get("Content-Type", "") or start.startswith((b"<!doctype html", b"<html"))


def unreachable(url: str, error: HTTPError) -> RemoteError:
    """The error to raise where no connection can be made or kept."""
    reason = _reason(error)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return RemoteError(
            f"{shown(url)}: cannot be trusted ({reason}); if it is the right server, name the file of its authority "
            "in SSL_CERT_FILE"
        )
    if isinstance(error, SSLError):
        return RemoteError(f"{shown(url)}: no protected connection can be made ({reason}); is it http:// there?")
    return RemoteError(f"{shown(url)}: cannot be reached ({reason}); is the store running, and the address right?")


def late(url: str, timeout: float) -> RemoteError:
    """The error to raise where an answer takes too long."""
    return RemoteError(f"{shown(url)}: no answer within {timeout:g} s; ask for less, or allow more with --timeout")


def broken(url: str, error: HTTPError) -> Broken:
    """The error to raise where an answer stops before its end."""
    return Broken(f"{shown(url)}: the answer broke off ({_reason(error)}); see whether the store still runs")


def _reason(error: BaseException) -> str:
    """The innermost reason that the system gives."""
    inner = error.__cause__ or error.__context__ or next((a for a in error.args if isinstance(a, BaseException)), None)
    if inner is not None and inner is not error:
        return _reason(inner)
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return _UNSEEN.sub(" ", words)[:_LONGEST]
