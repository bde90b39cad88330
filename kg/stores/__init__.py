"""Where quads are kept and asked: stores, reached by name through one table.

A store module offers ``open(path) -> Store``; all of them pass ``tests/test_stores.py``. To add one, write the module
and give it a row here.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from kg.errors import DataError
from kg.types import Store

STORES: Mapping[str, str] = {
    "embedded": "kg.stores.embedded",
    "memory": "kg.stores.memory",
    "remote": "kg.stores.remote",
}
"""The module behind each name; it is imported when a store is opened."""


def open_store(name: str, path: Path | str | None = None) -> Store:
    """Open the store ``name``: ``embedded`` (Oxigraph on disk), ``memory`` (rdflib) or ``remote`` (on the network).

    ``path`` is the store's own place: a folder for ``embedded``, a file of N-Quads that is read for ``memory``, the
    address of a server for ``remote``; without it the store is empty and temporary, and ``remote`` there is none.
    Raises :class:`DataError` for an unknown name.
    """
    if name not in STORES:
        close = difflib.get_close_matches(name, STORES, n=1, cutoff=0.4)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise DataError(f"no store is called {name!r}: {hint}there are {', '.join(sorted(STORES))}")
    store: Store = import_module(STORES[name]).open(path)
    return store
