"""Parsers of Java in a process of their own: ``reader_java.py jena|rio`` answers a file's path with its N-Quads."""

from __future__ import annotations

import sys
from collections.abc import Callable

from child import answer
from store_jena import java, jena

RIO = "/usr/share/java"
RIO_FORMATS = {
    ".ttl": "TURTLE",
    ".nt": "NTRIPLES",
    ".rdf": "RDFXML",
    ".nq": "NQUADS",
    ".trig": "TRIG",
    ".jsonld": "JSONLD",
}


def by_jena() -> Callable[[str], bytes]:
    """Apache Jena's RIOT."""
    import jpype

    riot = jena().riot

    def read(path: str) -> bytes:
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        writer = riot.system.StreamRDFWriter.getWriterStream(out, riot.Lang.NQUADS)
        riot.RDFDataMgr.parse(writer, path)
        writer.finish()  # which is not called for every syntax
        return bytes(out.toByteArray())

    return read


def by_rio() -> Callable[[str], bytes]:
    """RDF4J's Rio, the parsers of GraphDB and of Neo4j's plugin for RDF."""
    import jpype

    java(f"{RIO}/*")
    rio = jpype.JPackage("org.eclipse.rdf4j.rio")
    stream = jpype.JClass("java.io.FileInputStream")

    def read(path: str) -> bytes:
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        parser = rio.Rio.createParser(getattr(rio.RDFFormat, RIO_FORMATS[path[path.rfind(".") :]]))
        parser.setRDFHandler(rio.Rio.createWriter(rio.RDFFormat.NQUADS, out))
        parser.parse(stream(path), "https://example.org/")
        return bytes(out.toByteArray())

    return read


def main(name: str) -> None:
    read = {"jena": by_jena, "rio": by_rio}[name]()
    answer(lambda: name, lambda path: read(str(path)).decode())


if __name__ == "__main__":
    main(sys.argv[1])
