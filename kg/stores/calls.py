"""Whether a query or update calls a server that it must not: asked of the engine, not of a row of tokens.

The engine's grammar reads some texts in a way that no row of tokens tells (keywords need no space around them, ``<``
compares or begins an IRI), so a hidden call passes :func:`kg.sparql.refuse`. Therefore each word that could call is
misspelt, but where it calls a server that may be called: what the engine reads even so holds no other call.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress

import pyoxigraph as ox

_WORD = re.compile("service|load", re.IGNORECASE)
_GAP = r"(?:[ \t\r\n]|#[^\r\n]*[\r\n])*"
_CALL = re.compile(
    rf"(service|load)({_GAP})(silent|)({_GAP})<([^<>]*)>(?:({_GAP})(into))?",
    re.IGNORECASE,
)


def check_calls(
    text: str, services: Collection[str], prefixes: Mapping[str, str], base: str, *, updates: bool = False
) -> None:
    """Raise ``SyntaxError``, as the engine does, for a call to a server that is none of ``services`` (IRIs).

    Nothing is called, and no store is asked but an empty one.
    """
    if not _WORD.search(text):
        return
    masked = _misspelt(_CALL.sub(lambda call: _local(call, services), text))
    known = {_misspelt(name): iri for name, iri in prefixes.items()}
    store = ox.Store()
    with suppress(OSError, RuntimeError):  # it could be read; what it asks of is not there
        (store.update if updates else store.query)(masked, base_iri=base or None, prefixes=known)


def _misspelt(text: str) -> str:
    return _WORD.sub(lambda word: word[0][:-1] + ("X" if word[0].isupper() else "x"), text)


def _local(call: re.Match[str], services: Collection[str]) -> str:
    """A call that is allowed, as something that stays here; only words change, and nothing moves but behind a LOAD."""
    word, gap, silent, before, iri, behind, into = call.groups(default="")
    if iri not in services:
        return call[0]
    if word.lower() == "service":
        return f"GRAPH  {gap}{' ' * len(silent)}{before}<{iri}>{behind}{into}"
    return f"COPY{gap}{silent}{before}<{iri}>{behind}{'  TO' if into else ' TO DEFAULT'}"
