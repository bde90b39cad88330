"""What engines are made of: everything a recipe names, loaded once and shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.anaphora import RESOLVERS
from kg.engines.names import NameData, line_ends, load_names
from kg.engines.patterns import load_patterns
from kg.engines.tagger_data import TAGGER, TaggerData, load_tagger
from kg.errors import DataError
from kg.grammar import Compiler, Rule, load_macros, load_rules
from kg.judging import Judge
from kg.lexicon import Lexicon
from kg.link import Linker
from kg.link_data import load_link_data
from kg.masking import make_marks
from kg.modality import Modality, load_modality
from kg.name_parts import load_name_parts
from kg.names import Names
from kg.page import Masker
from kg.types import MentionEngine
from kg.vocab import Vocab


@dataclass(frozen=True)
class Parts:
    """The loaded pieces, each read when first asked for (not slotted: they are kept)."""

    grammar: Path
    vocab: Vocab
    lexicon: Lexicon

    @cached_property
    def marks(self) -> Mapping[str, str]:
        return make_marks(self.vocab)

    @cached_property
    def compiler(self) -> Compiler:
        macros = load_macros(self.grammar / "macros.yaml")
        macros["surname"] = _alternatives(self.lexicon.surnames)
        macros["title"] = _alternatives(t for t, title in self.lexicon.titles.items() if title.part == "head")
        ends = "".join(sorted(line_ends(self.lexicon, self.vocab, self.names.sited)))
        macros["line"] = f"[{ends}]{{2,3}}"
        return Compiler(self.vocab, self.marks, macros)

    @cached_property
    def names(self) -> NameData:
        return load_names(self.grammar / "names.yaml", self.lexicon, self.vocab)

    @cached_property
    def patterns(self) -> tuple[Rule, ...]:
        return load_patterns(self.grammar / "patterns.yaml", self.compiler, self.vocab)

    @cached_property
    def anaphora(self) -> tuple[Rule, ...]:
        return load_patterns(self.grammar / "anaphora.yaml", self.compiler, self.vocab)

    @cached_property
    def relations(self) -> tuple[Rule, ...]:
        return load_rules(tuple(sorted((self.grammar / "relations").glob("*.yaml"))), self.compiler)

    @cached_property
    def modality(self) -> Modality:
        return load_modality(self.grammar / "modality.yaml", self.names.words, self.compiler)

    @cached_property
    def tagger(self) -> TaggerData:
        return load_tagger(self.grammar / TAGGER, self.vocab)

    @cached_property
    def tagger_engines(self) -> tuple[MentionEngine, MentionEngine]:
        """The engines ``edges`` and ``tagger``, which share a model; imported when a recipe names one of them."""
        from kg.engines.lac import load_lac
        from kg.engines.tagger import EdgeEngine, Tagger, TaggerEngine

        shared = (self.tagger, Tagger(load_lac()), self.names, self.lexicon, self.vocab)
        return EdgeEngine(*shared), TaggerEngine(*shared)

    @cached_property
    def linker(self) -> Linker:
        referring = {rule.id: _resolver(rule, self.vocab, self.lexicon) for rule in self.anaphora}
        data = load_link_data(self.grammar / "linking.yaml", self.vocab)
        return Linker(data, self.lexicon, self.vocab, self.structure, referring)

    @cached_property
    def structure(self) -> Names:
        """What parts names into region, head and suffix."""
        return Names(load_name_parts(self.grammar / "name-parts.yaml", self.vocab), self.lexicon)

    @cached_property
    def judge(self) -> Judge:
        """What tells whether entities of different documents are one."""
        return Judge(self.structure, self.vocab)

    @cached_property
    def masker(self) -> Masker:
        data = self.linker.data
        return Masker(self.marks, self.linker.joins, data.tails, data.tailed)


def _resolver(rule: Rule, vocab: Vocab, lexicon: Lexicon) -> tuple[str, str]:
    """How a rule of anaphora resolves, and the classes of what it looks for (for ``named``: the name)."""
    how, of, to = str(rule.raw.get("resolve")), str(rule.raw.get("of", rule.raw["type"])), str(rule.raw.get("to", ""))
    if how not in RESOLVERS:
        raise DataError(f"{rule.where}: rule {rule.id!r}: resolve is {how!r}, none of {', '.join(RESOLVERS)}; mend it")
    if how == "named" and to not in lexicon.names:
        raise DataError(f"{rule.where}: rule {rule.id!r}: to is {to!r}, no name of the lexicon; mend the name")
    unknown = [name for name in of.split("|") if name not in vocab.classes]
    if unknown:
        raise DataError(f"{rule.where}: rule {rule.id!r}: no class {unknown[0]!r} in the ontology; mend the name")
    return how, to if how == "named" else of


def _alternatives(words: Iterable[str]) -> str:
    """Words as a piece of a pattern, the longest first."""
    return "|".join(sorted(words, key=lambda w: (-len(w), w)))
