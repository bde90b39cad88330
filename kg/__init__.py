"""Build a trustworthy knowledge graph from Chinese news: every fact quotes its source.

The names below do what the commands of ``kg`` do, and no more has to be imported for everyday use::

    import kg

    summary = kg.build(["news/"], out="build")
    table = kg.query("SELECT * WHERE { ?line a kg:RailwayLine }", "build")

They are loaded on first use, so ``import kg`` is cheap.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import export as export
    from kg.api import query as query
    from kg.api import score as score
    from kg.api import validate as validate
    from kg.api import view as view
    from kg.build import build as build
    from kg.errors import DataError as DataError
    from kg.errors import KgError as KgError
    from kg.errors import MissingExtra as MissingExtra
    from kg.errors import OutputError as OutputError
    from kg.errors import QueryError as QueryError
    from kg.errors import ReadError as ReadError
    from kg.errors import RemoteError as RemoteError
    from kg.pipeline import Kit as Kit
    from kg.pipeline import Recipe as Recipe
    from kg.pipeline import annotate as annotate
    from kg.pipeline import load_kit as load_kit
    from kg.pipeline import load_recipe as load_recipe
    from kg.read import read as read
    from kg.report import Summary as Summary
    from kg.stores import open_store as open_store
    from kg.types import Annotation as Annotation
    from kg.types import Document as Document
    from kg.types import Entity as Entity
    from kg.types import Evidence as Evidence
    from kg.types import Fact as Fact
    from kg.types import Mention as Mention
    from kg.types import Observation as Observation
    from kg.types import Quad as Quad
    from kg.types import Span as Span
    from kg.types import Table as Table
    from kg.types import Value as Value
    from kg.view_part import Part as Part

_FROM = {
    "kg.api": ("export", "query", "score", "validate", "view"),
    "kg.build": ("build",),
    "kg.errors": ("DataError", "KgError", "MissingExtra", "OutputError", "QueryError", "ReadError", "RemoteError"),
    "kg.pipeline": ("Kit", "Recipe", "annotate", "load_kit", "load_recipe"),
    "kg.read": ("read",),
    "kg.report": ("Summary",),
    "kg.stores": ("open_store",),
    "kg.types": (
        *("Annotation", "Document", "Entity", "Evidence", "Fact", "Mention", "Observation"),
        *("Quad", "Span", "Table", "Value"),
    ),
    "kg.view_part": ("Part",),
}
_HOME = {name: module for module, names in _FROM.items() for name in names}

__all__ = sorted(_HOME)


class _Package(ModuleType):
    """This package as a module that keeps its public functions when a module of the same name is loaded.

    Python would bind ``kg.build`` to the module ``kg/build.py`` as soon as anybody imports it.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("kg")
        if name not in _HOME:
            raise AttributeError(f"module 'kg' has no attribute {name!r}")
        value = getattr(import_module(_HOME[name]), name)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_HOME})


sys.modules[__name__].__class__ = _Package
