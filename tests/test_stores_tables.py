"""Exports in DuckDB: it reads the tables with types, and answers in SQL what SPARQL answers."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from kg import nquads
from kg.export import export
from kg.query import query_table

PEOPLE = """
SELECT DISTINCT n.label, m.label, e.title FROM 'tables/edges.{0}' e
JOIN 'tables/nodes.{0}' n ON n.id = e.source JOIN 'tables/nodes.{0}' m ON m.id = e.target
WHERE e.predicate = 'worksFor' AND e.modality = 'asserted'"""
FIGURES = "SELECT DISTINCT about_label, indicator, value, unit, time FROM 'tables/figures.{0}'"


@pytest.fixture(params=["csv", "parquet"])
def tables(request: pytest.FixtureRequest, bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ending of the tables that lie in ``tables/`` of the current folder."""
    fmt = str(request.param)
    export(bundled, fmt, tmp_path / "tables")
    monkeypatch.chdir(tmp_path)
    return fmt


def sql(query: str) -> list[tuple[Any, ...]]:
    if os.environ.get("CI") != "true":
        pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'kg[stores]'")
    import duckdb

    return list(duckdb.sql(query).fetchall())


@pytest.mark.parametrize(
    ("query", "question", "columns"),
    [
        (PEOPLE, "people", ("person", "organisation", "title")),
        (FIGURES, "figures", ("about", "indicator", "value", "unit", "time")),
    ],
)
def test_the_answer_in_sql_is_that_in_sparql(
    bundled: Path, tables: str, query: str, question: str, columns: tuple[str, ...]
) -> None:
    table = query_table(bundled, question)
    places = [table.columns.index(column) for column in columns]
    wanted = {tuple(value(nquads.plain(row[place] or '""')) for place in places) for row in table.rows}
    assert {tuple(map(value, row)) for row in sql(query.format(tables))} == wanted


def test_the_query_of_the_document_runs(bundled: Path, tables: str) -> None:
    rows = sql(documented("tables/").replace(".parquet", f".{tables}"))
    lines = query_table(bundled, "lines").rows
    assert {(n, m) for n, predicate, m, _ in rows if predicate == "connects"} == {
        (nquads.plain(str(row[0])), nquads.plain(str(row[2]))) for row in lines
    }
    known = [confidence for *_, confidence in rows if confidence is not None]
    assert known == sorted(known, reverse=True)


def test_the_graph_as_one_table_answers_the_query_of_the_document(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(bundled, "quads", tmp_path / "graph.parquet")
    monkeypatch.chdir(tmp_path)
    days = {(subject, str(day)) for subject, day in sql(documented("graph.parquet"))}
    asked = query_table(bundled, "SELECT ?x ?day { ?x kg:openedOn ?day FILTER(DATATYPE(?day) = xsd:date) }")
    assert days == {(nquads.plain(str(x)), nquads.plain(str(day))) for x, day in asked.rows} != set()


def documented(file: str) -> str:
    """The query in the document that reads a file."""
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    (query,) = (each for each in re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if file in each)
    return str(query)


def value(cell: object) -> object:
    """Numbers as numbers, however they are written; what is empty is none."""
    try:
        return Decimal(str(cell)).normalize()
    except ArithmeticError:
        return cell or None
