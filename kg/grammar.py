"""Rules from ``data/grammar``: YAML in, compiled patterns out; each rule carries its own examples.

Pattern language: an ordinary regular expression over a masked sentence (``masking.py``), with

* ``{s:Place|Organization}``   one mention of a class (or a narrower one), named ``s``;
* ``{s*:TransportLine}``       a list of such mentions (A、B和C等), named ``s``;
* ``{:Place}``                 a mention that nothing refers to;
* ``{date}`` ``{num}``         a date or a quantity; ``{n:num}`` names it;
* ``<verb>``                   a macro of ``macros.yaml``;
* ``~``                        up to fourteen characters inside a clause; ``…`` up to forty inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.errors import DataError
from kg.fields import FLAG, LINE, SCALAR, SHARE, WHOLE, WORD, WORD_BY_NAME, WORDS, Shape, checked, line_of
from kg.masking import DATE, NUMBER
from kg.types import ASSERTED, NEGATED, PLANNED
from kg.vocab import Vocab

_SLOT = re.compile(r"\{(?:(?P<group>[a-z]\w*)?(?P<many>\*)?:)?(?P<classes>[A-Za-z|]+)\}")
_MACRO = re.compile(r"(?<!P)<([a-z][\w-]*)>")
_ODD = re.compile(r"(?<!\\)\{(?!\d*,?\d*\})[^{}]*\}?")
_GAPS = {"~": r"[^。；！？，\n]{0,14}?", "…": r"[^。；！？\n]{0,40}?"}

_LIST = Shape("a list", lambda value: isinstance(value, list))
_WHEN = Shape("a word or a list of words", lambda value: WORD.fits(value) or WORDS.fits(value))
_MODALITY = Shape(f"{ASSERTED}, {PLANNED} or {NEGATED}", lambda value: value in (ASSERTED, PLANNED, NEGATED))
_ANY = {"id": WORD, "when": _WHEN, "pattern": WORD, "examples": _LIST, "score": SHARE}
_NAMING = {"type": WORD, "longest": WHOLE, "split": WORD, "words": FLAG, "block": WORD}
_REFERRING = {"resolve": WORD, "of": WORD, "to": WORD}
_STATING = {"facts": _LIST, "modality": _MODALITY, "since": FLAG, "expand": WORDS, "qualifiers": WORD_BY_NAME}
_KEYS: Mapping[str, Shape] = {**_ANY, **_NAMING, **_REFERRING, **_STATING}
_EXAMPLE = {"text": WORD, "finds": _LIST, "published": SCALAR}


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and what a rule must (or, with none, must not) find in it."""

    text: str
    found: tuple[tuple[str, ...], ...]
    published: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a grammar file: its pattern compiled, the words that call it, and the rest as the file has it."""

    id: str
    where: str
    regex: re.Pattern[str]
    slots: Mapping[str, frozenset[str]]
    when: tuple[str, ...]
    raw: Mapping[str, Any]
    examples: tuple[Example, ...]


def read_yaml(path: Path) -> Any:
    """A YAML file's content; a syntax error names file and line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError as e:
        raise DataError(f"{path}: cannot be read ({e.strerror}); restore the file or mend the recipe") from e
    except UnicodeDecodeError as e:
        raise DataError(f"{path}:1: not UTF-8 (byte {e.start}); save it as UTF-8") from e
    except ValueError as e:
        raise DataError(f"{path}:1: holds a value that is none ({e}); mend it or write it in quotes") from e
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(e, "problem", None) or "not YAML"
        raise DataError(f"{path}:{line}: {problem}; mend the YAML") from e


class _Lines(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that leaves in each mapping the line on which it began (``kg.fields.LINE``)."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


_LOADER = _Lines


class Compiler:
    """Turns the pattern language into regular expressions for one vocabulary."""

    def __init__(self, vocab: Vocab, marks: Mapping[str, str], macros: Mapping[str, str]) -> None:
        self._vocab, self._marks, self._macros = vocab, marks, macros

    def compile(self, pattern: str, where: str) -> re.Pattern[str]:
        """The regular expression of a pattern; a bad one is a ``DataError`` that begins with ``where``."""
        expanded = self._expand(pattern, where)
        for sign, gap in _GAPS.items():
            expanded = expanded.replace(sign, gap)
        source = _SLOT.sub(lambda m: self._slot(m, where), expanded)
        odd = _ODD.search(source)
        if odd:
            raise DataError(f"{where}: {odd[0]!r} is no slot; write {{name:Class}}, {{name*:Class}} or {{:Class}}")
        try:
            return re.compile(source)
        except re.error as e:
            raise DataError(f"{where}: bad regular expression ({e}); mend the pattern {pattern!r}") from e

    def slots(self, pattern: str, where: str) -> dict[str, frozenset[str]]:
        """The named slots of a pattern and the classes that fill them."""
        found = _SLOT.finditer(self._expand(pattern, where))
        kinds = ((m["group"], m["classes"].split("|")) for m in found if m["group"])
        return {group: frozenset(n for c in classes for n in self._vocab.narrower(c)) for group, classes in kinds}

    def _expand(self, pattern: str, where: str) -> str:
        for _ in range(8):
            changed = _MACRO.sub(lambda m: self._macro(m[1], where), pattern)
            if changed == pattern:
                return pattern
            pattern = changed
        raise DataError(f"{where}: macros refer to one another in a circle; break it in macros.yaml")

    def _macro(self, name: str, where: str) -> str:
        if name not in self._macros:
            known = ", ".join(sorted(self._macros))
            raise DataError(f"{where}: no macro <{name}>; known: {known}")
        return f"(?:{self._macros[name]})"

    def _slot(self, m: re.Match[str], where: str) -> str:
        chars = "".join(sorted({c for name in m["classes"].split("|") for c in self._chars(name, where)}))
        one = f"[{chars}]"
        if m["many"]:
            other = "".join(sorted(set(self._marks.values())))
            one = f"{one}(?:{self._macro('and', where)}?{one}|{self._macro('beside', where)}[{other}])*"
        return f"(?P<{m['group']}>{one})" if m["group"] else one

    def _chars(self, name: str, where: str) -> Iterator[str]:
        if name in ("date", "num"):
            yield DATE if name == "date" else NUMBER
            return
        narrower = self._vocab.narrower(name)
        if not narrower:
            known = ", ".join(sorted(self._vocab.classes))
            raise DataError(f"{where}: no class {name!r} in the ontology; known: {known}")
        for each in narrower:
            yield self._marks[each]


def load_rules(paths: tuple[Path, ...], compiler: Compiler) -> tuple[Rule, ...]:
    """The rules of several files, in order; ids are unique over all of them."""
    rules: dict[str, Rule] = {}
    for path in paths:
        for raw in _entries(path):
            rule = _rule(raw, f"{path}:{raw[LINE]}", compiler)
            if rule.id in rules:
                raise DataError(f"{rule.where}: rule {rule.id!r} stands at {rules[rule.id].where} too; rename one")
            rules[rule.id] = rule
    return tuple(rules.values())


def _entries(path: Path) -> list[dict[str, Any]]:
    content = read_yaml(path)
    if not isinstance(content, list) or not all(isinstance(raw, dict) for raw in content):
        raise DataError(f"{path}:1: not a list of rules; begin each with '- id: …'")
    return content


def _rule(raw: dict[str, Any], at: str, compiler: Compiler) -> Rule:
    where = f"{at}: rule {raw.get('id', '?')!r}"
    missing = [key for key in ("id", "pattern", "when", "examples") if not raw.get(key)]
    if missing:
        raise DataError(f"{where}: lacks {', '.join(missing)}; add it")
    content = checked(raw, where, _KEYS)
    regex = compiler.compile(str(raw["pattern"]), where)
    examples = tuple(read_example(e, where) for e in content["examples"])
    when = raw["when"] if isinstance(raw["when"], list) else [raw["when"]]
    slots = compiler.slots(str(raw["pattern"]), where)
    return Rule(str(raw["id"]), at, regex, slots, tuple(map(str, when)), content, examples)


def read_example(raw: Any, where: str) -> Example:
    """An entry of ``examples``."""
    if not isinstance(raw, dict) or "text" not in raw or not isinstance(raw.get("finds", []), list):
        raise DataError(f"{where}: an example needs 'text' and a list 'finds' (empty for a negative one)")
    checked(raw, where, _EXAMPLE)
    found = tuple(tuple(map(str, one)) if isinstance(one, list) else (str(one),) for one in raw.get("finds", []))
    return Example(str(raw["text"]), found, str(raw.get("published", "")))


def load_macros(path: Path) -> dict[str, str]:
    """Macros by name; each is a piece of a regular expression."""
    content = read_yaml(path)
    if not WORD_BY_NAME.fits(content):
        raise DataError(f"{path}:1: not a mapping of macro names to expressions; write 'name: expression' lines")
    macros = {str(k): str(v) for k, v in content.items() if k != LINE}
    for name, expression in macros.items():
        try:
            re.compile(_SLOT.sub(".", _MACRO.sub(".", expression)))
        except re.error as e:
            raise DataError(
                f"{path}:{line_of(path, name)}: macro <{name}>: bad regular expression ({e}); mend it"
            ) from e
    return macros
