"""Parquet: tables as in CSV, with types, and quads as one table, streamed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import islice
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.export.source import GraphFile
from kg.export.tables import Files, Sheet, read_tables, written
from kg.export.written import Counted, Written

FILES = ("nodes.parquet", "edges.parquet", "figures.parquet")
QUADS = ("subject", "predicate", "object", "datatype", "lang", "graph")
"""The columns of quads. IRIs are bare; ``datatype`` is null where the object is an IRI, ``lang`` where it has none,
``graph`` in the default graph."""
ROWS = 20_000
"""Rows of a group: what is held at a time, and what readers can skip."""


def as_parquet(source: GraphFile, graphs: Sequence[str]) -> Files:
    """``nodes.parquet``, ``edges.parquet`` and ``figures.parquet``; what is empty is null.

    Numbers are ``double`` or ``int64``. Dates are text: they are as precise as the article, ``2020-12`` among them.
    """
    _arrow()
    tables = read_tables(source, graphs)
    return Files({f"{table.name}.parquet": _parquet(table) for table in tables}, written(tables))


def quads(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write one row a quad, in the order of the file, in row groups; memory holds one group."""
    arrow, parquet = _arrow()
    repeated = ("predicate", "datatype", "lang", "graph")
    kinds = {name: arrow.dictionary(arrow.int32(), arrow.string()) for name in repeated}
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in QUADS])
    counted = Counted()
    rows = map(_row, counted(source.quads(graphs)))
    with parquet.ParquetWriter(out, schema, compression="zstd", use_dictionary=list(repeated)) as writer:
        while group := list(islice(rows, ROWS)):
            arrays = [
                arrow.array(column, field.type) for column, field in zip(zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
    return Written(statements=counted.number)


def _row(quad: ox.Quad) -> tuple[str | None, ...]:
    subject, predicate, value, graph = quad
    return (
        subject.value,
        predicate.value,
        value.value,
        value.datatype.value if isinstance(value, ox.Literal) else None,
        value.language if isinstance(value, ox.Literal) else None,
        graph.value if isinstance(graph, ox.NamedNode) else None,
    )


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra("writing Parquet", "parquet") from error
    return pyarrow, pyarrow.parquet


def _parquet(table: Sheet) -> bytes:
    arrow, parquet = _arrow()
    types = {bool: arrow.bool_(), int: arrow.int64(), float: arrow.float64(), str: arrow.string()}
    schema = arrow.schema([(column, types[table.type_of(column)]) for column in table.columns])
    columns = [[row.get(column) for row in table.rows] for column in table.columns]
    arrays = [arrow.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    out = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()
