"""Stage 7: a graph against the shapes; each violation names the fact, the words that state it and the rule.

The shapes are those of ``data/shapes.ttl`` and, for domains and ranges, those that follow from the ontology. Validated
are the facts (asserted ones as plain triples, all as statements) and their evidence; of the background only the classes
and labels of what facts speak of; and what was imported (:mod:`kg.importing_check`). Core constraints are run by
pySHACL, constraints in SPARQL by Oxigraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import nquads
from kg.findings import Data, Finding, core_findings, sparql_findings
from kg.importing_check import homes, import_findings, told
from kg.trace import Tracer
from kg.types import Quad
from kg.vocab_types import Vocab

if TYPE_CHECKING:
    from kg.shapes import Shapes


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One breach of a shape: the fact as people read it, the words that state it, the rule that read them.

    ``shape`` is the local name of the shape, ``node`` the IRI that broke it; ``severity`` is ``violation``, ``warning``
    or ``info``. Where several pieces of evidence state the fact, there is one violation for each.
    """

    fact: str
    quote: str
    rule: str
    shape: str
    message: str
    severity: str
    node: str = ""

    def __str__(self) -> str:
        words = f" “{self.quote}”" if self.quote else ""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.severity} {self.shape}: {self.fact}: {self.message}{words}{rule}"


@dataclass(frozen=True, slots=True)
class Report:
    """What the shapes say of a graph, sorted; ``conforms`` unless something is worse than a warning."""

    violations: tuple[Violation, ...]
    triples: int

    @property
    def conforms(self) -> bool:
        return all(each.severity != "violation" for each in self.violations)


def validate(quads: str | Path | Iterable[Quad], vocab: Vocab, shapes: str | Path) -> Report:
    """Validate the quads of a build, or the file of N-Quads that holds them, against a file of shapes."""
    from kg.shapes import read_shapes

    quads = list(nquads.read(Path(quads)) if isinstance(quads, str | Path) else quads)
    data, known = Data.select(quads, vocab), read_shapes(Path(shapes))
    found = {*core_findings(data, known), *sparql_findings(data, known)}
    tracer = Tracer(data.quads if found else (), vocab)
    violations = {each for finding in found for each in _violations(finding, tracer)}
    return Report((*sorted(violations), *_imported(quads, vocab, known)), len(data.quads))


def imported_violations(quads: Sequence[Quad], vocab: Vocab, shapes: str | Path) -> tuple[Violation, ...]:
    """The breaches of what was imported alone, sorted; each names its import where others name a rule."""
    from kg.shapes import read_shapes

    return _imported(quads, vocab, read_shapes(Path(shapes)))


def _imported(quads: Sequence[Quad], vocab: Vocab, shapes: Shapes) -> tuple[Violation, ...]:
    found = homes(import_findings(quads, vocab, shapes), quads)
    tracer = Tracer(quads if found else (), vocab)
    violations = (
        Violation(told(f, tracer), "", home, f.shape, f.message, f.severity, f.focus[1:-1]) for f, home in found.items()
    )
    return tuple(sorted(violations))


def _violations(finding: Finding, tracer: Tracer) -> Iterator[Violation]:
    for trace in tracer.trace(finding.focus, finding.path, finding.value):
        yield Violation(*trace, finding.shape, finding.message, finding.severity, finding.focus[1:-1])
