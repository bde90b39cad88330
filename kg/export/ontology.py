"""The ontology of a build as a page in Chinese and English, its terms with examples from the build."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import IO

from kg import terms as t
from kg.errors import DataError
from kg.export.source import ONTOLOGY, GraphFile
from kg.export.statements import Graph, local, read_graph
from kg.export.written import Written
from kg.nquads import plain
from kg.turtle import parse_turtle
from kg.types import ASSERTED
from kg.vocab import read_vocab
from kg.vocab_page import vocab_html
from kg.vocab_terms import Use
from kg.vocab_types import Vocab

_NAMED_BLANK = re.compile(r"<[^>]*#(node-\d+)>")  # the graph names the nodes that the ontology left unnamed

EXAMPLES = 3
"""Examples of a term, at most."""


def ontology(source: GraphFile, _: Sequence[str], out: IO[bytes]) -> Written:
    """Write one HTML page; see :func:`kg.vocab_page.vocab_html`."""
    vocab = vocab_of(source.whole)
    out.write(vocab_html(vocab, uses_in(read_graph(source, ()))).encode())
    return Written()


def vocab_of(source: GraphFile) -> Vocab:
    """The ontology that a build holds, terms sorted; :class:`DataError` if it holds none."""
    triples = (quad.triple for quad in source.quads(source.select([ONTOLOGY])))
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    if not text:
        raise DataError(f"{source.path}: the build holds no ontology; build again")
    return read_vocab(parse_turtle(source.path, _NAMED_BLANK.sub(r"_:\1", text)))


def uses_in(graph: Graph) -> Mapping[str, tuple[Use, ...]]:
    """Examples by local name: asserted facts with their words for predicates, entities for classes."""
    found: dict[str, list[Use]] = {}
    for each in graph.statements:
        if each.modality == ASSERTED and each.backing.quotes:
            use = Use(_label(graph, each.subject), _label(graph, each.object), each.backing.quotes[0])
            found.setdefault(each.predicate, []).append(use)
    for subject in graph.facts.with_predicate(t.TYPE):
        for kind in graph.facts.get(subject, t.TYPE):
            found.setdefault(local(kind), []).append(Use(_label(graph, subject)))
    return {name: tuple(islice(dict.fromkeys(uses), EXAMPLES)) for name, uses in found.items()}


def _label(graph: Graph, term: str) -> str:
    """The Chinese name of an entity, any name, or the value itself."""
    names = graph.facts.get(term, t.LABEL)
    return plain(min(names, key=lambda name: (not name.endswith("@zh"), name))) if names else str(graph.value(term))
