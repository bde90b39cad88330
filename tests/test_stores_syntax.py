"""Exports in the parsers of others: each reads the same quads as Oxigraph, which wrote them, nasty names included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import store_jena
from child import asked
from real_stores import HERE, NODE_MODULES, programs

from benchmarks import million
from kg.export import FORMATS, export

SMALL = 20_000
RDF = ("turtle", "ntriples", "rdfxml", "nquads", "trig", "jsonld")
OURS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}

Read = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser by name: why it cannot run here, the formats that it reads, and how it gives N-Quads."""

    name: str
    absent: Callable[[], str]
    formats: tuple[str, ...]
    start: Callable[[], AbstractContextManager[Read]]
    always: bool = True


def command(*words: str, names: Mapping[str, str]) -> Callable[[], AbstractContextManager[Read]]:
    """A program that is run anew for each file; ``names`` is what it calls formats."""

    @contextmanager
    def start() -> Iterator[Read]:
        def read(path: Path) -> str:
            line = [word.format(format=names.get(path.suffix, path.suffix[1:]), path=path) for word in words]
            done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False)
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout

        yield read

    return start


def child(*words: str) -> Callable[[], AbstractContextManager[Read]]:
    """A program of ``child.py``."""

    @contextmanager
    def start() -> Iterator[Read]:
        with asked(words) as running:
            yield lambda path: running(str(path))

    return start


def no_rio() -> str:
    there = Path("/usr/share/java/rdf4j-rio-nquads.jar").exists()
    return store_jena.absent() or ("" if there else "no RDF4J: apt-get install librdf4j-java")


def no_n3() -> str:
    there = (NODE_MODULES / "n3").is_dir() and shutil.which("node")
    return "" if there else "no N3.js: npm install --no-save n3"


LONG = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml", ".nq": "nquads", ".trig": "trig"}
JAVA = (sys.executable, str(HERE / "reader_java.py"))
PARSERS = [
    Parser(
        "rapper",
        programs("apt-get install raptor2-utils", "rapper"),
        ("turtle", "ntriples", "rdfxml", "nquads", "trig"),
        command("rapper", "-q", "-i", "{format}", "-o", "nquads", "{path}", names=LONG),
    ),
    Parser(
        "serdi",
        programs("apt-get install serdi", "serdi"),
        ("turtle", "ntriples", "nquads", "trig"),
        command("serdi", "-i", "{format}", "-o", "nquads", "{path}", names=LONG),
    ),
    Parser("Jena", store_jena.absent, (*RDF, "jelly"), child(*JAVA, "jena")),
    Parser("RDF4J", no_rio, ("turtle", "ntriples", "rdfxml", "nquads", "trig"), child(*JAVA, "rio")),
    Parser(
        "N3.js",
        no_n3,
        ("turtle", "ntriples", "nquads", "trig"),
        child("node", str(HERE / "reader_n3.mjs"), str(NODE_MODULES)),
        always=False,
    ),
]


@pytest.fixture(scope="module")
def exported(bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A graph with nasty names in every syntax, by the name of the format."""
    folder = tmp_path_factory.mktemp("exported")
    million.lay(bundled, folder / "build", SMALL)
    files = {name: folder / f"graph{FORMATS[name].suffix}" for name in (*RDF, "jelly")}
    for name, path in files.items():
        export(folder / "build", name, path)
    return files


@contextmanager
def started(parser: Parser) -> Iterator[Read]:
    if why := parser.absent():
        pytest.fail(why) if parser.always and os.environ.get("CI") == "true" else pytest.skip(why)
    with parser.start() as read:
        yield read


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_the_same_quads_are_read(parser: Parser, exported: Mapping[str, Path]) -> None:
    with started(parser) as read:
        for name in parser.formats:
            path = exported[name if name != "jelly" else "nquads"]
            wanted = set(ox.parse(path=str(path), format=OURS[path.suffix]))
            found = set(ox.parse(read(exported[name]), format=ox.RdfFormat.N_QUADS))
            assert (name, list(wanted - found), list(found - wanted)) == (name, [], [])
            assert len(wanted) == SMALL or path.suffix in (".ttl", ".nt", ".rdf")


def test_rdf4j_of_old_says_that_it_reads_json_ld_1_0_alone(exported: Mapping[str, Path]) -> None:
    """Debian has 3.7.7; from 4.0 on RDF4J reads 1.1, which the context of exports says it is."""
    [rdf4j] = [parser for parser in PARSERS if parser.name == "RDF4J"]
    with started(rdf4j) as read, pytest.raises(RuntimeError, match="JSONLD"):
        read(exported["jsonld"])
