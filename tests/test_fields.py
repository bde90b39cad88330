"""Whatever stands in a file of the grammar, it is read or told with file and line: never a traceback.

Each key of each file is left out, misspelt and given values of other shapes in turn.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit import kit
from support import ROOT, vocab

from kg.engines import FACT_ENGINES, MENTION_ENGINES, make
from kg.engines.parts import Parts
from kg.errors import DataError
from kg.fields import COUNT_BY_NAME, ENTRIES, FLAG, LINE, MARKS, PAIRS, SHARE, WHOLE, WORD, WORDS, checked, line_of

LOADER, DUMPER = getattr(yaml, "CSafeLoader", yaml.SafeLoader), getattr(yaml, "CSafeDumper", yaml.SafeDumper)
JUNK: tuple[Any, ...] = (None, 1, True, "", "(", [], {}, [1], ["("], [None], [[]], [{}], {"a": 1}, {"a": None})

LOADS: dict[str, Callable[[Parts], object]] = {
    "names.yaml": lambda p: p.names,
    "linking.yaml": lambda p: p.linker,
    "modality.yaml": lambda p: p.modality,
    "macros.yaml": lambda p: p.compiler,
    "figures.yaml": lambda p: make(FACT_ENGINES, ["figures"], p),
    "structure.yaml": lambda p: make(FACT_ENGINES, ["structure"], p),
    "patterns.yaml": lambda p: make(MENTION_ENGINES, ["patterns"], p),
    "anaphora.yaml": lambda p: (p.linker, make(MENTION_ENGINES, ["anaphora"], p)),
    "relations/events.yaml": lambda p: make(FACT_ENGINES, ["rules"], p),
}
"""The files, and what reads each."""


def variants(content: Any) -> Iterator[tuple[str, Any]]:
    """A file's content with one thing wrong (or merely other) in it."""
    yield from ((f"all is {junk!r}", junk) for junk in JUNK)
    if isinstance(content, dict):
        yield from _mapping(content)
    else:
        entry = {key: value for one in reversed(content) for key, value in one.items()}  # one with all keys
        yield from ((what, [other, *content[1:]]) for what, other in _mapping({**entry, **content[0]}))
        yield "the first twice", [*content, content[0]]


def _mapping(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "a key too many", {**content, "zz": 1}
    for key, value in content.items():
        yield f"without {key}", {k: v for k, v in content.items() if k != key}
        yield from ((f"{key} is {junk!r}", {**content, key: junk}) for junk in JUNK)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ((f"{key}: {what}", {**content, key: [other]}) for what, other in _mapping(value[0]))


@pytest.fixture(scope="module")
def grammar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the grammar, of which one file at a time is broken; only the smallest relations are kept."""
    folder = tmp_path_factory.mktemp("data") / "grammar"
    shutil.copytree(kit().recipe.grammar, folder, ignore=shutil.ignore_patterns("relations"))
    (folder / "relations").mkdir()
    shutil.copy(kit().recipe.grammar / "relations" / "events.yaml", folder / "relations")
    return folder


def parts(grammar: Path, broken: str) -> Parts:
    """The parts of the copy; what the broken file has no say in is taken from the kit, which saves time."""
    made = Parts(grammar, vocab(), kit().parts.lexicon)
    for name, file in (("names", "names.yaml"), ("compiler", "macros.yaml")):
        if broken != file:
            made.__dict__[name] = getattr(kit().parts, name)
    return made


@pytest.mark.parametrize("file", LOADS)
def test_whatever_stands_in_a_file_is_read_or_told_with_its_line(file: str, grammar: Path) -> None:
    original = (grammar / file).read_text(encoding="utf-8")
    odd = []
    whole = yaml.load(original, Loader=LOADER)
    if "heads" in whole:
        whole["heads"] = whole["heads"][:2]  # the others are alike
    for what, content in variants(whole):
        (grammar / file).write_text(yaml.dump(content, allow_unicode=True, Dumper=DUMPER), encoding="utf-8")
        try:
            LOADS[file](parts(grammar, file))
        except DataError as error:
            if not re.match(re.escape(str(grammar / file)) + r":\d+: \S", str(error)):
                odd.append(f"{what}: {error}")
        except Exception as error:
            odd.append(f"{what}: {type(error).__name__}: {error}")
    (grammar / file).write_text(original, encoding="utf-8")
    assert odd == []


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.yaml")), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_yaml_library_reads_a_file_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=LOADER)


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (WORD, ["京", "3"], ["", 3, None, True, ["京"]]),
        (WORDS, [[], ["京", "津"]], ["京", [3], [""], None]),
        (FLAG, [True, False], [1, "true", None]),
        (WHOLE, [1, 40], [0, -1, True, 1.5, "3"]),
        (SHARE, [0, 0.5, 1], [1.1, -0.1, True, "0.5"]),
        (PAIRS, [[], [["长", "短"]]], [["长", "短"], [["长"]], [["长", 3]]]),
        (MARKS, [["“”"]], [["“"], "“”"]),
        (ENTRIES, [[], [{}]], [{}, [[]], ["a"]]),
        (COUNT_BY_NAME, [{}, {"三": 3, LINE: 7}], [{"三": "3"}, {3: 3}, []]),
    ],
)
def test_a_shape_fits_what_it_wants(shape: Any, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not shape.fits(value)] == []
    assert [value for value in bad if shape.fits(value)] == []


def test_a_checked_mapping_loses_its_line_only() -> None:
    assert checked({"a": "b", LINE: 7}, "x:7", {"a": WORD, "c": WORDS}, ["a"]) == {"a": "b"}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ([], "x:7: not a mapping; write 'key: value' lines"),
        ({}, "x:7: lacks a; add it"),
        ({"a": "b", "d": "e"}, "x:7: unknown key 'd'; known: a, c"),
        ({"a": "b", "c": "e"}, "x:7: c must be a list of words"),
    ],
)
def test_what_is_wrong_is_told(raw: object, told: str) -> None:
    with pytest.raises(DataError, match="^" + re.escape(told)):
        checked(raw, "x:7", {"a": WORD, "c": WORDS}, ["a"])


def test_a_key_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("# note\na: 1\nb:\n  a: 2\nc: 3\n", encoding="utf-8")
    assert [line_of(path, key) for key in ("a", "b", "c", "d")] == [2, 3, 5, 1]
