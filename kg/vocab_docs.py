"""``docs/ontology.md``: the ontology for people to read, made from ``ontology.ttl`` and never edited by hand.

``python -m kg.vocab_docs ontology.ttl > docs/ontology.md`` writes it; a test says when it is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg.terms import prefixes
from kg.vocab import load_vocab
from kg.vocab_types import ClassTerm, PropertyTerm, Term, Vocab

OTHERS = {
    "org": "http://www.w3.org/ns/org#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "time": "http://www.w3.org/2006/time#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "gtfs": "http://vocab.gtfs.org/terms#",
}
"""Prefixes of vocabularies to which terms are aligned but with which no data is written."""

HEAD = """# The ontology

Made from `ontology.ttl` by `python -m kg.vocab_docs ontology.ttl > docs/ontology.md`: edit that file, not this one.

Namespace `{namespace}`, prefix `{prefix}:`. It is a name, not a registered address. {classes} classes, {predicates}
predicates of facts, {others} further properties, {individuals} named values. Nothing is imported; *aligned* lists the
terms of other vocabularies that a term is below, or that are worth comparing.
"""


def ontology_page(vocab: Vocab) -> str:
    """The whole page, as Markdown."""
    others = len(vocab.properties) - len(vocab.predicates)
    head = HEAD.format(
        namespace=vocab.namespace,
        prefix=vocab.prefix,
        classes=len(vocab.classes),
        predicates=len(vocab.predicates),
        others=others,
        individuals=len(vocab.individuals),
    )
    parts = (_classes, _predicates, _qualifiers, _inverses, _others, _values)
    return "\n".join([head, *(line for part in parts for line in part(vocab)), ""]).rstrip("\n") + "\n"


def _table(*columns: str) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _classes(vocab: Vocab) -> Iterator[str]:
    yield "## Classes\n"
    yield "Indented below their first broader class. *Counts as* is the type of the annotation guidelines as which an"
    yield "entity is scored; classes without one are broader than a type, or describe events, statements and figures.\n"
    yield from _table("class", "Chinese", "what", "counts as", "aligned")
    for depth, term in _tree(vocab):
        name = f"{'&emsp;' * depth}`{term.name}`"
        also = sorted(term.parents)[1:] if depth else []
        what = term.comment_en + (f" Also `{'`, `'.join(also)}`." if also else "")
        counts = f"`{term.counts_as}`" if term.counts_as else ""
        yield _row(name, term.label_zh, what, counts, _aligned(term, vocab))
    yield ""


def _tree(vocab: Vocab) -> Iterator[tuple[int, ClassTerm]]:
    """Each class once, below the first of its parents, in the order of the file."""

    def below(parent: str, depth: int) -> Iterator[tuple[int, ClassTerm]]:
        for term in vocab.classes.values():
            if min(term.parents, default="") == parent:
                yield depth, term
                yield from below(term.name, depth + 1)

    return below("", 0)


def _predicates(vocab: Vocab) -> Iterator[str]:
    yield "## Predicates\n"
    yield "What a fact may say. An event is what the predicate abbreviates, with the roles of its two ends.\n"
    yield from _table("predicate", "Chinese", "states", "from", "to", "more", "aligned")
    for term in vocab.predicates.values():
        yield _row(
            f"`{term.name}`",
            term.label_zh,
            term.comment_en,
            _names(term.domain),
            _range(term),
            _more(term),
            _aligned(term, vocab),
        )
    yield ""


def _range(term: PropertyTerm) -> str:
    narrowed = (f"{_names([name])} only to {_names(allowed)}" for name, allowed in sorted(term.only.items()))
    return "; ".join([_names(term.range), *narrowed])


def _more(term: PropertyTerm) -> str:
    said = [word for word in ("symmetric", "transitive") if getattr(term, word)]
    if term.inverse and term.inverse != term.name:
        said.append(f"inverse `{term.inverse}`")
    if term.event:
        said.append(f"`{term.event}` (`{term.subject_role}`, `{term.object_role}`)")
    if term.not_before:
        said.append(f"not before {_names(term.not_before)}")
    return "; ".join(said)


def _qualifiers(vocab: Vocab) -> Iterator[str]:
    yield "## Qualifiers of a fact\n"
    yield from _properties(vocab, lambda term: term.is_qualifier)


def _inverses(vocab: Vocab) -> Iterator[str]:
    yield "## Inverses of predicates\n"
    yield "Entailed, never extracted.\n"
    yield from _properties(vocab, lambda term: _is_inverse(term, vocab))


def _others(vocab: Vocab) -> Iterator[str]:
    yield "## Roles in events, statements, evidence, figures\n"
    known = vocab.predicates
    yield from _properties(
        vocab, lambda term: not (term.name in known or term.is_qualifier or _is_inverse(term, vocab))
    )


def _is_inverse(term: PropertyTerm, vocab: Vocab) -> bool:
    return not term.is_predicate and term.inverse in vocab.predicates


def _properties(vocab: Vocab, wanted: Callable[[PropertyTerm], bool]) -> Iterator[str]:
    yield from _table("property", "Chinese", "states", "from", "to", "aligned")
    for term in filter(wanted, vocab.properties.values()):
        ends = (_names(term.domain, vocab), _names(term.range, vocab))
        yield _row(f"`{term.name}`", term.label_zh, term.comment_en, *ends, _aligned(term, vocab))
    yield ""


def _values(vocab: Vocab) -> Iterator[str]:
    yield "## Named values\n"
    yield "Records and lexicons use the code, RDF the term: two classes may have a value of one code.\n"
    yield from _table("class", "code", "term", "Chinese", "means")
    for term in vocab.individuals.values():
        yield _row(f"`{term.type}`", f"`{term.code}`", f"`{term.name}`", term.label_zh, term.comment_en)
    yield ""


def _names(names: Iterable[str], vocab: Vocab | None = None) -> str:
    return ", ".join(f"`{_short(name, vocab) if vocab else name}`" for name in sorted(names))


def _aligned(term: Term, vocab: Vocab) -> str:
    return _names(term.aligned, vocab)


def _short(iri: str, vocab: Vocab) -> str:
    """An IRI with its prefix, where one is known; anything else as it is."""
    spaces = {**prefixes(), **OTHERS, vocab.prefix: vocab.namespace}
    fitting = [(space, prefix) for prefix, space in spaces.items() if "://" in space and iri.startswith(space)]
    if not fitting:
        return iri
    space, prefix = max(fitting)
    return f"{prefix}:{iri[len(space) :]}"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(ontology_page(load_vocab(Path(sys.argv[1]))))
