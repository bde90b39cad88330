"""Claims of a build, found by address, by the beginning of a hash, or in words; and what the graph tells of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg import terms as t
from kg.errors import QueryError
from kg.importing_graph import is_imported
from kg.nquads import iri, literal, plain
from kg.pipeline import Recipe
from kg.stores.embedded import EmbeddedStore
from kg.stores.embedded import open as open_embedded
from kg.types import Span
from kg.vocab_types import Vocab

KINDS: Mapping[str, str] = {
    "statement": "Statement",
    "observation": "Observation",
    "evidence": "Evidence",
    "rejection": "Rejection",
}
"""What can be explained: the part of its address that says what it is, and its class."""
ANY = "?"
"""In the place of a subject, predicate or object: whatever it is."""
SHORTEST = 4
"""Characters of a hash that are enough to ask by, at least."""
TYPE = "type"
"""What a refused name is said to have: a class."""
MOST = 20
"""Claims that are explained at once, at most."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One place that states a claim, as the graph has it; ``rule`` read it. Spans are empty where none is told."""

    iri: str
    document: str
    source: str
    published: str
    dated_by: str
    quote: str
    prefix: str
    suffix: str
    span: Span
    in_source: Span
    rule: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact, a figure, or what was refused (then with the ``reason``); ``ends`` are its parts by label.

    ``reviews`` are what people decided on it, and the correction that states it, each in a line.
    """

    iri: str
    kind: str
    ends: tuple[str, ...]
    predicate: str
    modality: str
    confidence: str
    reason: str
    proofs: tuple[Proof, ...]
    reviews: tuple[str, ...] = ()


class Claims:
    """The claims of a build's store. Close it after use."""

    def __init__(self, build: Path, recipe: Recipe, vocab: Vocab) -> None:
        self._store: EmbeddedStore = open_embedded(build / "store", read_only=True)
        self._recipe, self._vocab = recipe, vocab
        self._out = lru_cache(maxsize=1 << 14)(self._ask_out)

    def close(self) -> None:
        """Let the store go."""
        self._store.close()

    def find(self, words: Sequence[str]) -> tuple[Claim, ...]:
        """The claims that an address, a hash's beginning, or subject, predicate and object name.

        :class:`QueryError` where words are no such request, or name more than can be told; nothing where none is so.
        """
        if len(words) == 1:
            return self._by_address(words[0])
        if len(words) != 3:
            raise QueryError("name a fact by its address or hash, or by three words: subject predicate object")
        found = sorted(set(self._by_words(*words)))
        if len(found) > MOST:
            raise QueryError(f"{len(found)} claims are so; say more, or name one by its address: {found[0]} …")
        return tuple(self._claim(node) for node in found)

    def near(self, words: Sequence[str]) -> list[str]:
        """What the build says with the same subject, in words: for a claim that is not there."""
        nodes = self._by_words(words[0], ANY, ANY) if len(words) == 3 else ()
        return [" ".join(self._claim(node).ends) for node in sorted(set(nodes))[:MOST]]

    def imported(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """What imports say of the kind in plain triples, in words, and where that is from; no words state it."""
        subject, predicate, object_ = words if len(words) == 3 else ("", "", "")
        named, objects = set(self._predicates(predicate)), self._named(object_)
        for node in sorted(self._named(subject)) if subject else ():
            for p, o in sorted({(p, o) for p, o in self._rows(f"SELECT ?p ?o {{ {node} ?p ?o }}")}):
                wanted = p in named or (predicate == ANY and self._vocab.name(p[1:-1]) in self._vocab.predicates)
                if wanted and self._fits(o, object_, objects):
                    for origin in self.origins(f"{node} {p} {o}"):
                        yield " ".join(map(self.name, (node, p, o))), origin

    def origins(self, pattern: str) -> list[str]:
        """The imports that say what a pattern of SPARQL finds: their graphs with their sources."""
        rows = self._rows(f"SELECT DISTINCT ?g ?from {{ GRAPH ?g {{ {pattern} }} ?g {t.SOURCE} ?from }} ORDER BY ?g")
        return [f"{plain(graph)}: {plain(source)}" for graph, source in rows if is_imported(graph)]

    # ------------------------------------------------------------------ by address

    def _by_address(self, word: str) -> tuple[Claim, ...]:
        address = word.strip("<>")
        kind, _, key = address.removeprefix(self._recipe.base).rpartition("/")
        if kind not in ("", *KINDS) or not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},}}(#\w+)?", key):
            raise QueryError(
                f"{word}: no address of {', '.join(KINDS)}; give one, or at least {SHORTEST} characters of its hash, "
                "or three words: subject predicate object"
            )
        nodes = [
            node
            for each in ([kind] if kind else KINDS)
            for node in self._typed(KINDS[each], f"{self._recipe.base}{each}/{key.partition('#')[0]}")
        ]
        if len(nodes) > 1:
            raise QueryError(f"{word} is the beginning of {len(nodes)} addresses: {' '.join(nodes[:5])} …; give more")
        return tuple(self._explained(node) for node in nodes)

    def _typed(self, class_: str, begins: str) -> list[str]:
        """The nodes of a class, or what people rejected of it, whose addresses begin so."""
        classes = " ".join(sorted({self._term(class_), self._term("Rejection")}))
        fits = f"FILTER(STRSTARTS(STR(?x), {literal(begins)}))"
        return [row[0] for row in self._rows(f"SELECT ?x {{ VALUES ?c {{ {classes} }} ?x a ?c {fits} }} ORDER BY ?x")]

    def _explained(self, node: str) -> Claim:
        """A claim; for a piece of evidence the claim it bears out, with this piece alone."""
        holders = self._rows(f"SELECT ?x {{ ?x {self._term('evidence')} {node} }} ORDER BY ?x")
        return self._claim(holders[0][0], only=node) if holders else self._claim(node)

    # ------------------------------------------------------------------ by words

    def _by_words(self, subject: str, predicate: str, object_: str) -> Iterator[str]:
        named = set(self._predicates(predicate))
        subjects, objects = self._named(subject), self._named(object_)
        if subject == ANY == object_:
            raise QueryError(f"{ANY} may not stand for both ends; name one")
        rows = [*self._statements(subject, subjects), *self._swapped(object_, objects)]
        for node, s, p, o in rows:
            fits = self._fits(s, subject, subjects) and self._fits(o, object_, objects)
            turned = self._symmetric(p) and self._fits(o, subject, subjects) and self._fits(s, object_, objects)
            if (fits or turned) and (predicate == ANY or p in named):
                yield node
        yield from self._figures(subjects, predicate, object_)

    def _statements(self, word: str, nodes: Iterable[str]) -> Iterator[tuple[str, ...]]:
        return self._triples(nodes, t.SUBJECT) if word != ANY else iter(())

    def _swapped(self, word: str, nodes: Iterable[str]) -> Iterator[tuple[str, ...]]:
        return self._triples(nodes, t.OBJECT) if word != ANY else iter(())

    def _triples(self, nodes: Iterable[str], end: str) -> Iterator[tuple[str, ...]]:
        parts = f"?x {t.SUBJECT} ?s . ?x {t.PREDICATE} ?p . ?x {t.OBJECT} ?o ."
        for node in sorted(nodes):
            yield from self._rows(f"SELECT ?x ?s ?p ?o {{ {parts} ?x {end} {node} }}")

    def _figures(self, subjects: Iterable[str], indicator: str, value: str) -> Iterator[str]:
        wanted = (self._term("about"), self._term("indicator"), self._term("value"), self._term("unit"))
        about, said, value_, unit = wanted
        for node in sorted(subjects):
            query = f"SELECT ?x ?i ?v ?u {{ ?x {about} {node} ; {said} ?i ; {value_} ?v ; {unit} ?u }}"
            for x, i, v, u in self._rows(query):
                fits = value == ANY or value in (plain(v), plain(v) + plain(u))
                if fits and (indicator == ANY or indicator in plain(i)):
                    yield x

    def _fits(self, node: str, word: str, nodes: set[str]) -> bool:
        return word == ANY or node in nodes or (not node.startswith("<") and plain(node) == word)

    def _symmetric(self, predicate: str) -> bool:
        term = self._vocab.properties.get(self._vocab.name(predicate[1:-1]))
        return term is not None and term.symmetric

    def _predicates(self, word: str) -> Iterator[str]:
        for name, term in self._vocab.properties.items():
            if word in (name, term.label_zh, term.label_en):
                yield self._term(name)

    def _named(self, word: str) -> set[str]:
        """The nodes that a word calls: by label, other name, code of a term, address."""
        if word == ANY:
            return set()
        if word.startswith(("http://", "https://", "<")):
            return {iri(word.strip("<>"))}
        label = literal(word, "zh")
        found = {
            row[0]
            for row in self._rows(f"SELECT ?x {{ {{ ?x {t.LABEL} {label} }} UNION {{ ?x {t.ALT_LABEL} {label} }} }}")
        }
        terms = self._vocab.individuals
        found |= {iri(i.iri) for name, i in terms.items() if word in (name, i.code, i.label_zh, i.label_en)}
        return found | {iri(f"{self._recipe.base}id/{word}")}

    # ------------------------------------------------------------------ what is told

    def _claim(self, node: str, only: str = "") -> Claim:
        out = self._out(node)
        refused = self._term("Rejection") in out[t.TYPE]
        pieces = [only] if only else sorted(out[self._term("evidence")]) or ([node] if out[t.HAS_SOURCE] else [])
        ends, predicate = self._ends(out)
        return Claim(
            iri=node,
            kind="rejection" if refused else "statement" if out[t.SUBJECT] else "observation",
            ends=ends,
            predicate=predicate,
            modality=self._first(out, self._term("modality")),
            confidence=self._first(out, self._term("confidence")),
            reason=self._first(out, self._term("reason")),
            proofs=tuple(self._proof(piece) for piece in pieces),
            reviews=tuple(self._reviews(node)),
        )

    def _reviews(self, node: str) -> Iterator[str]:
        for (review,) in self._rows(f"SELECT ?x {{ ?x {self._term('reviewOf')} {node} }} ORDER BY ?x"):
            yield self._review(review)
        for review in self._out(node)[t.GENERATED_BY] if self._out(node)[t.REVISION_OF] else ():
            old = self._ends(self._out(self._out(node)[t.REVISION_OF][0]))[0]
            yield f"instead of {' '.join(old)}: {self._review(review)}"

    def _review(self, node: str) -> str:
        out = self._out(node)
        by, why = (self._first(out, self._term(name)) for name in ("reviewer", "reason"))
        verdicts = " / ".join(self._vocab.name(each[1:-1]) for each in out[self._term("verdict")])
        return f"{verdicts} by {by} at {self._first(out, t.ENDED_AT)}: {why}"

    def _ends(self, out: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], str]:
        """The parts of a claim by label, and its predicate by local name."""
        names = ("about", "indicator", "value", "unit")
        figure = [*(self._term(name) for name in names)]
        keys = figure if out[figure[0]] else [t.SUBJECT, t.PREDICATE, t.OBJECT]
        ends = tuple(" / ".join(map(self.name, out[key])) or "?" for key in keys)
        if out[t.PREDICATE] == [t.TYPE]:
            return (self._proof_of(out), TYPE, ends[2]), TYPE
        return ends, "" if out[figure[0]] else ends[1]

    def _proof_of(self, out: Mapping[str, Sequence[str]]) -> str:
        """The words that a refused name is."""
        return next((self._first(self._out(each), t.EXACT) for each in out[t.HAS_SELECTOR]), "?")

    def _proof(self, node: str) -> Proof:
        out = self._out(node)
        selectors = [self._out(each) for each in out[t.HAS_SELECTOR]]
        document = self._out(out[t.HAS_SOURCE][0])

        def said(key: str) -> str:
            return next((value for each in selectors if (value := self._first(each, key))), "")

        def span(start: str, end: str) -> Span:
            return Span(int(said(start) or 0), int(said(end) or 0))

        return Proof(
            iri=node,
            document=self._first(document, t.IDENTIFIER),
            source=self._first(document, t.SOURCE),
            published=self._first(document, t.ISSUED),
            dated_by=self._first(document, self._term("datedBy")),
            quote=said(t.EXACT),
            prefix=said(t.PREFIX),
            suffix=said(t.SUFFIX),
            span=span(t.START, t.END),
            in_source=span(self._term("sourceStart"), self._term("sourceEnd")),
            rule=self._first(out, self._term("rule")),
            confidence=self._first(out, self._term("confidence")),
        )

    def about(self, node: str) -> Mapping[str, Sequence[str]]:
        """What the graph says of a node: objects by predicate, as N-Triples writes them."""
        return self._out(node)

    def name(self, node: str) -> str:
        """A node as people call it: its Chinese label, the code or local name of a term, the text of a literal."""
        if not node.startswith("<"):
            return plain(node)
        local = self._vocab.name(node[1:-1])
        if local:
            return self._vocab.individuals[local].code if local in self._vocab.individuals else local
        labels = [label for label in self._out(node)[t.LABEL] if label.endswith('"@zh')]
        return plain(min(labels)) if labels else plain(node)

    def _first(self, out: Mapping[str, Sequence[str]], key: str) -> str:
        return self.name(min(out[key])) if out[key] else ""

    def _ask_out(self, node: str) -> Mapping[str, Sequence[str]]:
        out: defaultdict[str, list[str]] = defaultdict(list)
        for p, o in self._rows(f"SELECT ?p ?o {{ {node} ?p ?o }}"):
            out[p].append(o)
        return out

    def _term(self, name: str) -> str:
        return f"<{self._vocab.namespace}{name}>"

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        rows = self._store.select(query).rows
        return [tuple(cell for cell in row if cell is not None) for row in rows]


def find_source(source: str, build: Path, recipe: Recipe) -> Path | None:
    """Where a document's source lies: as it was given, or from the build's or the recipe's folder; if it is there."""
    names = (source, source.partition("#")[0])
    folders = (Path(), build.parent, recipe.ontology.parent)
    return next((path for name in names for folder in folders if (path := folder / name).is_file()), None)
