"""Tables in Parquet: the same as in CSV, with types."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from kg.errors import MissingExtra
from kg.export.source import GraphFile
from kg.export.tables import Files, Sheet, read_tables, written

FILES = ("nodes.parquet", "edges.parquet", "figures.parquet")


def as_parquet(source: GraphFile, graphs: Sequence[str]) -> Files:
    """``nodes.parquet``, ``edges.parquet`` and ``figures.parquet``; what is empty is null.

    Numbers are ``double`` or ``int64``. Dates are text: they are as precise as the article, ``2020-12`` among them.
    """
    _arrow()
    tables = read_tables(source, graphs)
    return Files({f"{table.name}.parquet": _parquet(table) for table in tables}, written(tables))


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
