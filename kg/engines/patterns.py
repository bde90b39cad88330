"""Names by pattern: documents in 《》, persons behind titles, sections of lines, coordinated names, described groups.

``data/grammar/patterns.yaml`` holds the rules; each matches a masked sentence and names with its group ``n`` what it
found. With ``split``, ``n`` is a list and each member is a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import DataError
from kg.grammar import Compiler, Rule, load_rules
from kg.page import Masker
from kg.segment import STOP, VERB, Words
from kg.triggers import Triggers
from kg.types import Annotation, Document, Mention
from kg.vocab import Vocab


class PatternEngine:
    """Proposes what the pattern rules find, rule by rule in the order of the file."""

    def __init__(self, name: str, rules: Sequence[Rule], masker: Masker, words: Words) -> None:
        self.name, self._words = name, words
        self._rules, self._masker = tuple(rules), masker
        self._triggers = Triggers([rule.when for rule in rules])
        self._groups = [tuple(g for g in rule.regex.groupindex if g.startswith("n")) for rule in rules]
        self._splits = [re.compile(str(rule.raw["split"])) if rule.raw.get("split") else None for rule in rules]

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._scan(a)) for a in batch)

    def _scan(self, a: Annotation) -> Iterator[Mention]:
        text = a.document.text
        for view in self._masker.views(a.document, a.mentions):
            for k in self._triggers.called(view.text):
                rule = self._rules[k]
                if "block" in rule.raw and not self._stands_in(view.base, rule.raw["block"], a.document):
                    continue
                for m in rule.regex.finditer(view.text):
                    for start, end in self._parts(k, m):
                        span = view.span(start, end)
                        if self._fits(rule, span.of(text)):
                            score = float(rule.raw.get("score", 0.85))
                            yield Mention(span, span.of(text), rule.raw["type"], rule.id, score)

    def _fits(self, rule: Rule, name: str) -> bool:
        """Not too long, and where the rule says so (``words: false``) not begun by an ordinary word."""
        if len(name) > int(rule.raw.get("longest", 40)):
            return False
        return rule.raw.get("words", True) or self._words.kind(name[:2]) not in (STOP, VERB)

    def _stands_in(self, at: int, kind: str, document: Document) -> bool:
        return any(b.kind == kind and b.span.start <= at < b.span.end for b in document.blocks)

    def _parts(self, k: int, m: re.Match[str]) -> Iterator[tuple[int, int]]:
        group = next((g for g in self._groups[k] if m[g] is not None), None)
        if group is None:
            return
        start, end = m.span(group)
        split = self._splits[k]
        at = start
        if split:
            for mark in split.finditer(m.string, start, end):
                if mark.start() > at:
                    yield at, mark.start()
                at = mark.end()
        if at < end:
            yield at, end


def load_patterns(path: Path, compiler: Compiler, vocab: Vocab) -> tuple[Rule, ...]:
    """Rules that find names; one without a class, or whose pattern names nothing, is a ``DataError``."""
    rules = load_rules((path,), compiler)
    for rule in rules:
        where = f"{rule.where}: rule {rule.id!r}"
        if rule.raw.get("type") not in vocab.classes:
            raise DataError(f"{where}: type is {rule.raw.get('type')!r}, no class of the ontology; mend the name")
        if not any(g.startswith("n") for g in rule.regex.groupindex):
            raise DataError(f"{where}: the pattern names nothing; put the name into a group (?P<n>…)")
        try:
            re.compile(str(rule.raw.get("split", "")))
        except re.error as e:
            raise DataError(f"{where}: split: bad regular expression ({e}); mend it") from e
    return rules
