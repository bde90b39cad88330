"""A graph of any size in the model of a build: the build itself, and copies of what its documents say under other ids.

    python -m benchmarks.million [--in BUILD] [--quads N] OUT

``OUT`` is a file that ends in ``.nq``, or a folder that commands and the server take for a build. The same build gives
the same bytes: sorted N-Quads, exactly N of them, none twice. Copies have names of their own, so a question about a
name finds the answer of the build among them; some names are long or nasty. Memory holds the build alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from pathlib import Path

from kg import nquads, terms
from kg.errors import DataError, KgError
from kg.iri import BASE
from kg.outputs import GRAPH, STORE
from kg.report import load_report
from kg.staging import staged
from kg.stores import embedded
from kg.types import Quad

MILLION = 1_000_000
REPORT = "report.json"
KINDS = ("doc", "event", "evidence", "id", "judgement", "mention", "observation", "rejection", "statement")
"""What is copied, by the first part of its IRI; terms, agents and runs are the same for all copies."""
NAMING = frozenset({terms.LABEL, terms.ALT_LABEL, terms.SOURCE, terms.TITLE})
"""The predicates whose texts tell one copy from another."""
FEWEST = 8
"""Nasty names in a copy: at least about so many."""

NASTY = (
    "one\ntwo\r\nthree\rfour\ttab",
    "\"both\", 'single', \\ and \\u0041, ''' and \"\"\"",
    "\U0001f684 \U00020bb7 e\u0301 \U0001f469\u200d\U0001f52c",
    "]]> <b>&amp;</b> <!-- --> <?x?> </script>",
    "  leading, trailing  ",
    "\u202eright to left\u202c\u200b\ufeff \u05d0",
    "=1+1;a,b|c\u2028{d}[e] $f %s %41 #g @h ^^i",
    "bell \x07, delete \x7f",
    "\ue000private \ufffd",
    "<https://example.org/> _:b . # no comment",
    "",
    "\u957f" * 4_000,
)
"""Names that stores, files and queries may trip over; each gets a number besides."""

_NUMBER = "\x00"  # stands for a copy's number in templates: N-Quads have an escape for this character


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: all lines of a build, what is copied of them and how often, and how many names are added."""

    lines: Sequence[str]
    template: Sequence[str]
    named: Sequence[str]
    copies: int
    names: int

    def added(self, copy: int) -> Iterator[str]:
        """The nasty names of one copy; 0 is the build itself."""
        for number in range(copy, self.names, self.copies + 1):
            subject = self.named[number % len(self.named)]
            text = f"{NASTY[number % len(NASTY)]} {number}"
            name = nquads.literal(text, ("zh", "en", "")[number % 3])
            graph = nquads.iri(BASE + "graph/facts")
            yield nquads.line(Quad(_copied(subject) if copy else subject, terms.ALT_LABEL, name, graph))


def plan(graph: Path, quads: int) -> Plan:
    """How a build's ``graph.nq`` becomes ``quads`` quads; :class:`DataError` if it has more."""
    read = list(nquads.read(graph))
    if quads < len(read):
        raise DataError(f"{graph}: has {len(read)} quads already; ask for more")
    chosen = [quad for quad in read if _kind(quad.subject) in KINDS]
    template = [nquads.line(_copy(quad)) for quad in chosen]
    named = sorted({quad.subject for quad in chosen if _kind(quad.subject) == "id"})
    copies = (quads - len(read)) // (len(template) + FEWEST)
    return Plan([*map(nquads.line, read)], template, named, copies, quads - len(read) - copies * len(template))


def lines(todo: Plan) -> Iterator[str]:
    """The lines of the multiplied graph, sorted."""
    originals = {kind: list(group) for kind, group in groupby(todo.lines, _kind)}
    templates = {kind: list(group) for kind, group in groupby(todo.template, _kind)}
    for kind, original in originals.items():
        names = todo.added(0) if kind == "id" else ()
        yield from merge(sorted([*original, *names]), _copies(todo, kind, templates.get(kind, ())))


def _copies(todo: Plan, kind: str, template: Sequence[str]) -> Iterator[str]:
    for copy in range(1, todo.copies + 1) if template else ():
        names = todo.added(copy) if kind == "id" else ()
        yield from sorted(line.replace(_NUMBER, f"{copy:06}") for line in (*template, *names))


def _kind(term_or_line: str) -> str:
    """The part of an IRI after the base by which things sort first: all of one kind stand together."""
    return term_or_line.removeprefix("<" + BASE).partition("/")[0]


def _copy(quad: Quad) -> Quad:
    subject, predicate, value, graph = quad
    if predicate in NAMING and value.startswith('"'):
        text, quote, rest = value.rpartition('"')
        value = f"{text} {_NUMBER}{quote}{rest}"
    return Quad(_copied(subject), predicate, _copied(value), graph)


def _copied(term: str) -> str:
    kind = _kind(term)
    head = f"<{BASE}{kind}/"
    return f"{head}copy-{_NUMBER}-{term.removeprefix(head)}" if kind in KINDS and term.startswith(head) else term


def lay(build: Path, folder: Path, quads: int = MILLION) -> None:
    """Make a folder that commands and the server take for a build: the multiplied graph, its store, and the report."""
    with staged(folder, lambda old: {path.name for path in old.iterdir()} <= {GRAPH, STORE, REPORT}) as fresh:
        write(build, fresh / GRAPH, quads)
        store = embedded.open(fresh / STORE)
        store.load_file(fresh / GRAPH)
        store.close()
        report = json.dumps({**load_report(build), "quads": quads}, ensure_ascii=False, indent=1, sort_keys=True)
        (fresh / REPORT).write_text(report + "\n", encoding="utf-8", newline="\n")


def write(build: Path, path: Path, quads: int = MILLION) -> None:
    """Write the multiplied graph of a build as one file."""
    todo = plan(build / GRAPH, quads)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(lines(todo))


def main() -> int:
    """Write what the command line asks for; exit code 2 if it cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--in", dest="build", type=Path, default=Path("build"), help="the build to multiply")
    parser.add_argument("--quads", type=int, default=MILLION)
    asked = parser.parse_args()
    make = write if asked.out.suffix == ".nq" else lay
    try:
        make(asked.build, asked.out, asked.quads)
    except KgError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
