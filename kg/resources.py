"""Where the bundled data are: at the repository's top in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

from kg.errors import DataError

_PACKAGE = Path(__file__).resolve().parent
_DEFAULT, _PREFIX, _SUFFIX = "default", "recipe", ".toml"


def root() -> Path:
    """The folder that holds ``ontology.ttl`` and ``data/``."""
    bundle = _PACKAGE / "_bundle"
    return bundle if bundle.is_dir() else _PACKAGE.parent


def is_installed(path: Path) -> bool:
    """Whether a file lies inside an installed package, where an upgrade loses what was written."""
    return (_PACKAGE / "_bundle") in path.resolve().parents


def data() -> Path:
    """The bundled lexicons, grammars, questions, articles and shapes."""
    return root() / "data"


def default_recipe() -> Path:
    """The recipe of the bundled build."""
    return recipes()[_DEFAULT]


def recipes() -> dict[str, Path]:
    """The bundled recipes by name: ``default`` is ``recipe.toml``, ``fast`` is ``recipe-fast.toml``."""
    files = sorted(data().glob(f"{_PREFIX}*{_SUFFIX}"))
    return {file.stem.removeprefix(_PREFIX).removeprefix("-") or _DEFAULT: file for file in files}


def find_recipe(named: str | Path) -> Path:
    """The file of a recipe that is given by its name or its path; :class:`DataError` for a word that is neither."""
    path, known = Path(named), recipes()
    if path.exists() or path.suffix or len(path.parts) != 1:
        return path
    if path.name not in known:
        raise DataError(f"no recipe {path.name!r}; known: {', '.join(known)}, or give the path of a file")
    return known[path.name]
