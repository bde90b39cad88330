"""Mappings in RML, run by morph-kgc: files and a mapping in, triples out.

morph-kgc needs other versions of our libraries, so it runs in a Python of its own, which ``KG_MORPH_KGC`` names. It
sees a folder with the files that were named on the command line and nothing else of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.decode import decode
from kg.errors import DataError, ReadError
from kg.importing_rdf import Rdf, line_with, read_rdf

PROGRAM = "KG_MORPH_KGC"
"""The environment variable that names the Python in which morph-kgc is installed."""
SECONDS = 600
"""Seconds after which a mapping is given up."""

_BASE, _CSVW = "http://relative.invalid/", "http://www.w3.org/ns/csvw#url"
_SOURCES = ("http://semweb.mmlab.be/ns/rml#source", "http://w3id.org/rml/source", "http://w3id.org/rml/path", _CSVW)
_TABLES = ("http://www.w3.org/ns/r2rml#tableName", "http://www.w3.org/ns/r2rml#sqlQuery", "http://w3id.org/rml/query")
_CONFIG = "[CONFIGURATION]\noutput_file: out.nt\nlogging_level: ERROR\n[files]\nmappings: mapping.ttl\n"
_TEXTS = (".csv", ".tsv", ".json", ".xml")


def is_rml(mapping: Path) -> bool:
    """Whether a mapping is one in RML, by its name."""
    return mapping.suffix.lower() in (".ttl", ".rml")


def read_rml(paths: Sequence[Path], mapping: Path, base: str, graph: str) -> Rdf:
    """The triples that a mapping makes of files; see :func:`kg.importing_rdf.read_rdf`.

    Raises :class:`DataError` for a mapping that is wrong or wants other sources than ``paths``, :class:`ReadError`
    where morph-kgc is not there.
    """
    _check_sources(mapping, {path.name for path in paths})
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for path in paths:
            _lay(path, folder)
        shutil.copyfile(mapping, folder / "mapping.ttl")
        (folder / "config.ini").write_text(_CONFIG, encoding="utf-8")
        _run(folder, mapping)
        made = folder / "out.nt"
        if not made.exists() or not made.stat().st_size:
            raise DataError(f"{mapping}: makes no triples of {', '.join(path.name for path in paths)}; mend it")
        try:
            return read_rdf([made], base, graph)
        except DataError as error:
            reason = re.sub(rf"^{re.escape(str(made))}(:\d+)?: ", "", str(error))
            raise DataError(f"{mapping}: makes what is no RDF: {reason}") from error


def _check_sources(mapping: Path, given: set[str]) -> None:
    """Only the files that were named are read: no database, no address, no other file."""
    for quad in _parsed(mapping):
        predicate, source = quad.predicate.value, quad.object
        where = f"{mapping}:{line_with(mapping, getattr(source, 'value', ''))}"
        if predicate in _TABLES:
            raise DataError(f"{where}: asks a database, which is not done; make a file of it first")
        if predicate in _SOURCES and isinstance(source, ox.NamedNode):
            raise DataError(f"{where}: the source {source.value} is an address, and nothing is fetched")
        if predicate in _SOURCES and isinstance(source, ox.Literal) and source.value not in given:
            there = ", ".join(sorted(given))
            raise DataError(f"{where}: the source {source.value!r} is none of the files given: {there}")


def _parsed(mapping: Path) -> list[ox.Quad]:
    try:
        return list(ox.parse(path=str(mapping), format=ox.RdfFormat.TURTLE, base_iri=_BASE))
    except SyntaxError as error:
        raise DataError(f"{mapping}:{error.lineno or 1}: not valid Turtle: {error.msg}; mend it") from error
    except OSError as error:
        raise ReadError(f"{mapping}: cannot be read: {error.strerror or error}; name a file") from error


def _lay(path: Path, folder: Path) -> None:
    try:
        if path.suffix.lower() in _TEXTS:
            (folder / path.name).write_text(decode(path.read_bytes(), str(path)), encoding="utf-8", newline="")
        else:
            shutil.copyfile(path, folder / path.name)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}; name a file") from error


def _run(folder: Path, mapping: Path) -> None:
    program = os.environ.get(PROGRAM, "")
    if not program:
        raise ReadError(
            f"{mapping}: a mapping in RML needs morph-kgc in a place of its own: python3 -m venv DIR && "
            f"DIR/bin/pip install morph-kgc, then {PROGRAM}=DIR/bin/python"
        )
    command = [program, "-m", "morph_kgc", "config.ini"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReadError(f"{mapping}: morph-kgc cannot be run ({error}); see {PROGRAM}") from error
    if done.returncode != 0:
        said = [line for line in done.stderr.strip().splitlines() if line.strip()] or [f"exit code {done.returncode}"]
        raise DataError(f"{mapping}: morph-kgc fails: {said[-1].strip()}; mend the mapping")
