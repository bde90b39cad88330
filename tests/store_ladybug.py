"""Ladybug in a process of its own: ``store_ladybug.py STATEMENT...`` runs them and answers Cypher; see ``child.py``."""

from __future__ import annotations

import json
import sys

from child import answer


def main(statements: list[str]) -> None:
    import ladybug

    connection = ladybug.Connection(ladybug.Database("store"))

    def begin() -> str:
        for statement in statements:
            connection.execute(statement)
        return f"Ladybug {ladybug.version}"

    answer(begin, lambda query: json.dumps(list(connection.execute(query)), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
