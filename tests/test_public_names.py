"""The names that ``import kg`` promises: taking one away or adding one is a decision, made here."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import kg

FUNCTIONS = frozenset(
    {
        *("annotate", "build", "export", "load_kit", "load_recipe", "open_store"),
        *("query", "read", "score", "validate", "view"),
    }
)
NOUNS = frozenset(
    {
        *("Annotation", "Document", "Entity", "Evidence", "Fact", "Mention", "Observation", "Quad", "Span", "Value"),
        *("Kit", "Part", "Recipe", "Summary", "Table"),
    }
)
ERRORS = frozenset(["DataError", "KgError", "MissingExtra", "OutputError", "QueryError", "ReadError", "RemoteError"])


def test_the_public_names() -> None:
    assert set(kg.__all__) == FUNCTIONS | NOUNS | ERRORS


def test_all_is_sorted_and_names_each_once() -> None:
    assert list(kg.__all__) == sorted(set(kg.__all__))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions_are_documented_and_typed(name: str) -> None:
    function = getattr(kg, name)
    assert callable(function)
    assert not inspect.isclass(function)
    assert inspect.getdoc(function)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(p.annotation is not inspect.Parameter.empty for p in signature.parameters.values())


@pytest.mark.parametrize("name", sorted(NOUNS | ERRORS))
def test_classes_are_documented(name: str) -> None:
    noun = getattr(kg, name)
    assert inspect.isclass(noun)
    assert inspect.getdoc(noun)


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_errors_are_of_one_tree(name: str) -> None:
    assert issubclass(getattr(kg, name), kg.KgError)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_that"):
        kg.nothing_like_that  # noqa: B018


def test_importing_kg_loads_no_heavy_library() -> None:
    heavy = ("pyoxigraph", "rdflib", "networkx", "yaml", "click", "daachorse", "pyshacl", "pyvis")
    code = f"import kg, sys; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
