"""What imports say, against the ontology and the shapes.

Imports are background: nobody's words state them. So the shapes that ask for evidence (of a statement or figure, and
of a statement behind a plain triple) are not put to them; all others are: classes, domains, ranges, the order of
dates, labels, what a figure must have. Statements and evidence themselves come from texts only and are refused.
Only what is said in terms of the ontology is validated; what else a file says of its own things is its own affair.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from kg import terms as t
from kg.findings import Data, Finding, core_findings, sparql_findings
from kg.importing_graph import MARK, is_imported
from kg.nquads import plain
from kg.shapes import Shapes
from kg.trace import Tracer
from kg.types import Quad
from kg.vocab_types import Vocab

_OF_TEXTS = ("Statement", "Evidence", "Article", "Mention", "Rejection", "Judgement", "Run")
"""Classes of what only kg says, of the texts that it reads."""
_BOOKKEEPING = (
    *("evidence", "evidenceCount", "confidence", "rule", "datedBy", "sourceStart", "sourceEnd", "refersTo", "reason"),
    *("left", "right", "verdict"),
)
_REIFIED = (t.SUBJECT, t.PREDICATE, t.OBJECT)
_BACKED = ("evidence", "evidenceCount", "confidence")
"""Properties that shapes ask for where words state something."""
_GROUNDED = "Grounded"
"""The shape that asks for a statement behind each plain triple."""
_PARTS = ("statement", "evidence", "doc", "mention", "rejection", "judgement", "run", "graph")
"""What stands behind the base in IRIs that only kg makes."""
_KNOWN = ("/graph/facts>", "/graph/background>")
_PREFIX = f"<{t.VANN}preferredNamespacePrefix>"

Triple = tuple[str, str, str]


def term_problems(triples: Iterable[Triple], vocab: Vocab, base: str) -> Iterator[tuple[Triple, str]]:
    """What a triple says that no import may: a term that the ontology lacks, or what only kg and its data say."""
    head, own = f"<{vocab.namespace}", f"<{base}"
    texts = {f"{head}{name}>" for name in _OF_TEXTS} | {t.STATEMENT}
    kept = {f"{head}{name}>" for name in _BOOKKEEPING} | set(_REIFIED)
    parts = tuple(f"{own}{part}/" for part in _PARTS)
    for triple in triples:
        s, p, o = triple
        if s.startswith((head, f"<{vocab.ontology}>")):
            yield triple, "defines a term of the ontology, which is done in its own file; leave it out"
        elif p == _PREFIX:
            yield triple, "declares a prefix for queries, which the ontology does; leave it out"
        elif p in kept or (p == t.TYPE and o in texts) or (s.startswith(parts) and "#node-" not in s):
            yield (
                triple,
                "speaks of statements and evidence, which come from texts; kg export --graph facts leaves them out",
            )
        elif p.startswith(head) and p[len(head) : -1] not in vocab.properties:
            yield triple, f"the ontology has no property {_unknown(p[len(head) : -1], vocab.properties)}"
        elif p == t.TYPE and o.startswith(head) and o[len(head) : -1] not in vocab.classes:
            yield triple, f"the ontology has no class {_unknown(o[len(head) : -1], vocab.classes)}"


def _unknown(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return repr(name) + (f"; did you mean {close[0]!r}?" if close else "; see its documentation")


def import_findings(quads: Sequence[Quad], vocab: Vocab, shapes: Shapes) -> Iterator[Finding]:
    """What the shapes find in the imports of a build; ``quads`` are all of the build."""
    data = _data(quads, vocab)
    if not data.quads:
        return
    ours = {quad.subject for quad in data.quads if is_imported(quad.graph)}
    backed = {f"<{vocab.namespace}{name}>" for name in _BACKED}
    for finding in sorted({*core_findings(data, shapes), *sparql_findings(data, shapes)}):
        if finding.focus in ours and finding.path not in backed and finding.shape != _GROUNDED:
            yield finding


def _data(quads: Iterable[Quad], vocab: Vocab) -> Data:
    """What imports say in terms of the ontology, and classes and labels of all that it is about."""
    head = f"<{vocab.namespace}"
    imported, known, told = [], [], set[str]()
    for quad in quads:
        if is_imported(quad.graph):
            imported.append(quad)
            if quad.predicate.startswith(head):
                told |= {quad.subject, quad.object}
            elif quad.predicate == t.TYPE and quad.object.startswith(head):
                told.add(quad.subject)
        elif quad.predicate in (t.TYPE, t.LABEL) and quad.graph.endswith(_KNOWN):
            known.append(quad)
    naming = (t.TYPE, t.LABEL)
    said = (q for q in imported if q.predicate.startswith(head) or (q.predicate in naming and q.subject in told))
    return Data((*said, *(quad for quad in known if quad.subject in told)), vocab)


def told(finding: Finding, tracer: Tracer) -> str:
    """The fact that breaks a shape, in words."""
    return next(tracer.trace(finding.focus, finding.path, finding.value)).fact


def homes(findings: Iterable[Finding], quads: Iterable[Quad]) -> dict[Finding, str]:
    """The import that says what a shape finds wrong, for each finding, as the last part of its graph's IRI."""
    found = list(findings)
    about: dict[str, list[Quad]] = {finding.focus: [] for finding in found}
    for quad in quads:
        if quad.subject in about and is_imported(quad.graph):
            about[quad.subject].append(quad)
    return {finding: _home(finding, about[finding.focus]) for finding in found}


def _home(finding: Finding, quads: Iterable[Quad]) -> str:
    graphs = {(quad.predicate == finding.path, quad.object == finding.value, quad.graph) for quad in quads}
    return max(graphs)[2][:-1].rpartition("/")[2] if graphs else MARK


def value_of(finding: Finding) -> str:
    """What a shape finds wrong, as it stands in a file."""
    return plain(finding.value or finding.focus)
