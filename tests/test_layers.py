"""The walls of the architecture: what may import what, where Chinese may stand, where the domain may be named.

A module imports only from its own layer or from lower ones, and never in a circle; imports for type checkers and those
inside functions count like all others. A new module needs a place in ``LAYERS``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from support import ROOT

from kg.vocab import load_vocab

PACKAGE = ROOT / "kg"

LAYERS = {
    "nouns": "types errors vocab_types",
    "ground": "resources staging ledger progress confined policy sparql iri terms nquads turtle tables",
    "text and vocabulary": """
        characters decode wraps bylines layout text segment numerals periods time_grammar date_reading dates units
        quantities quantity_* triggers shapes vocab
    """,
    "knowledge": """
        calibration fields lexicon lexicon_files matching grammar masking modality name_parts names judgements reviews
        corrections text_examples vocab_docs vocab_page vocab_terms vocab_context
    """,
    "stages": """
        metadata html jsonlines read mentions page anaphora naming link link_data facts context events graph background
        importing_graph union records profiles judging resolve identity decisions revision
    """,
    "engines": "engines engines.*",
    "pipeline": "pipeline",
    "ends": """
        runners runners.* stores stores.* query query_worker questions trace findings importing_check validate gold
        evaluate report stats texts export export.*
    """,
    "view": "view view_*",
    "doors": """
        build outputs check conflicts examples explain explain_* gallery gallery_* init
        importing importing_* merging reviewing api
        serve serve.* commands commands.* cli __main__ kg
    """,
}
"""The layers from the ground up, each with its modules (a pattern may end in ``*``)."""

CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
CHINESE_ALLOWED = {
    "characters": "ranges of characters: which ones text is made of and which are folded",
    "decode": "ranges of characters: which decoding of bytes looks like text",
}
"""The modules that may hold Chinese in code, and why; knowledge of the language stands in ``data/``."""

MODEL_CLASSES = frozenset(
    {
        *("Entity", "Article", "Evidence", "Judgement", "Mention", "Observation", "Rejection", "Review", "Run"),
        *("Statement", "Modality", "Approximation", "Change", "Status", "Verdict", "Predicate", "Qualifier"),
    }
)
"""Classes that every graph is written with, whatever its domain, and those of terms themselves: code may name these."""

DOMAIN_ALLOWED = {
    "background": {"partOf", "locatedIn"},  # containment, which lexicons have a column for
    "commands.ask": {"Zone"},  # an example in the help
}
"""The other names of the ontology in code, and why."""


def module_of(path: Path) -> str:
    """``kg/export/rdf.py`` is ``export.rdf``; the package itself is ``kg``."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")
    return name or "kg"


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, parsed."""
    return {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that a module imports anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            for alias in node.names:
                full = f"{node.module}.{alias.name}".removeprefix("kg.")
                yield full if full in trees() else node.module.removeprefix("kg.")
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("kg.") for alias in node.names if alias.name.split(".")[0] == "kg")


def graph() -> dict[str, set[str]]:
    """What each module imports; a package's own module may import its parts, which is no circle."""
    return {module: set(imports(tree)) - {module} for module, tree in trees().items()}


def layer_of(module: str) -> int | None:
    for height, patterns in enumerate(LAYERS.values()):
        if any(fnmatchcase(module, pattern) for pattern in patterns.split()):
            return height
    return None


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The string literals of the code, less docstrings, each with its line."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_every_module_has_a_layer() -> None:
    assert [module for module in trees() if layer_of(module) is None] == []


def test_a_module_imports_from_no_higher_layer() -> None:
    names = list(LAYERS)
    wrong = [
        f"{module} ({names[mine]}) imports {other} ({names[its]})"
        for module, others in graph().items()
        for other in sorted(others)
        if (mine := layer_of(module)) is not None and (its := layer_of(other)) is not None and its > mine
    ]
    assert wrong == []


def test_no_circles() -> None:
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_no_module_is_called_utils() -> None:
    assert [module for module in trees() if re.search(r"util|helper|common|misc", module)] == []


def test_files_stay_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted(PACKAGE.rglob("*.py"))}
    assert {path.name: n for path, n in lengths.items() if n > 400} == {}


def test_chinese_is_data() -> None:
    wrong = [
        f"{module}:{line}: {text[:40]!r}"
        for module, tree in trees().items()
        if module not in CHINESE_ALLOWED
        for line, text in strings(tree)
        if CHINESE.search(text)
    ]
    assert wrong == []


def test_exceptions_are_needed() -> None:
    unneeded = {m for m in CHINESE_ALLOWED if not any(CHINESE.search(text) for _, text in strings(trees()[m]))}
    assert unneeded == set()


def test_the_domain_is_data() -> None:
    """No class of things in the world and no predicate stands in code, alone or as ``kg:name`` in a query."""
    vocab = load_vocab(ROOT / "ontology.ttl")
    domain = set(vocab.classes) - MODEL_CLASSES
    domain |= {name for name, term in vocab.properties.items() if term.is_predicate}
    found = {
        (module, name)
        for module, tree in trees().items()
        for _, text in strings(tree)
        for name in domain & {text, *re.findall(rf"\b{vocab.prefix}:(\w+)", text)}
    }
    assert found == {(module, name) for module, names in DOMAIN_ALLOWED.items() for name in names}
