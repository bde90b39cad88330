"""Where the bundled data are: at the repository's top in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds ``ontology.ttl`` and ``data/``."""
    bundle = _PACKAGE / "_bundle"
    return bundle if bundle.is_dir() else _PACKAGE.parent


def data() -> Path:
    """The bundled lexicons, grammars, questions, articles and shapes."""
    return root() / "data"


def default_recipe() -> Path:
    """The recipe of the bundled build."""
    return data() / "recipe.toml"
