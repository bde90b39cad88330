"""ArcadeDB in a process of its own: ``store_arcadedb.py SCRIPT`` runs it, then answers Cypher; see ``child.py``."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from itertools import islice
from pathlib import Path

from child import answer

AT_ONCE = 500
"""Statements in a transaction."""
INDEX = (
    "CREATE VERTEX TYPE Resource",
    "CREATE PROPERTY Resource.iri STRING",
    "CREATE INDEX ON Resource (iri) NOTUNIQUE",  # a unique one refuses further labels: it sees the node twice
)


def main(script: str) -> None:
    arcadedb = import_module("arcadedb_embedded")
    database = arcadedb.create_database("store")

    def begin() -> str:
        for statement in INDEX:
            database.command("sql", statement)
        with Path(script).open(encoding="utf-8", newline="\n") as lines:
            next(lines)  # the constraint, which is Neo4j's own
            while batch := list(islice(lines, AT_ONCE)):
                with database.transaction():
                    for line in batch:
                        database.command("opencypher", line.rstrip(";\n"))
        return f"ArcadeDB {arcadedb.__version__}"

    def reply(query: object) -> str:
        rows = database.query("opencypher", query)
        return json.dumps([[row.get(name) for name in row.property_names] for row in rows], ensure_ascii=False)

    answer(begin, reply)


if __name__ == "__main__":
    main(sys.argv[1])
