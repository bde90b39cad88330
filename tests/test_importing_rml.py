"""Mappings in RML are run by morph-kgc, in a Python of its own, over the files that were named and no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.errors import DataError, KgError, ReadError
from kg.importing_rml import PROGRAM, is_rml, read_rml

GRAPH = "<https://example.org/graph/imported-x>"
MAPPING = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
<#A> a rr:TriplesMap ;
    rml:logicalSource [ rml:source "films.csv" ; rml:referenceFormulation ql:CSV ] ;
    rr:subjectMap [ rr:template "http://e/{id}" ] ;
    rr:predicateObjectMap [ rr:predicate <http://e/name> ; rr:objectMap [ rml:reference "片名" ; rr:language "zh" ] ] .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A table as Chinese Excel saves it, and a mapping for it."""
    table, mapping = tmp_path / "films.csv", tmp_path / "films.rml.ttl"
    table.write_bytes("id,片名\n1,北方来信\n2,南方的河\n".encode("gb18030"))
    mapping.write_text(MAPPING, encoding="utf-8")
    return table, mapping


@pytest.fixture
def morph() -> None:
    """The Python that has morph-kgc."""
    if not os.environ.get(PROGRAM):
        reason = f"{PROGRAM} names no Python with morph-kgc"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.mark.slow
@pytest.mark.usefixtures("morph")
def test_a_mapping_makes_triples_of_a_table(files: tuple[Path, Path]) -> None:
    table, mapping = files
    assert read_rml([table], mapping, "", GRAPH).triples == (
        ("<http://e/1>", "<http://e/name>", '"北方来信"@zh'),
        ("<http://e/2>", "<http://e/name>", '"南方的河"@zh'),
    )


@pytest.mark.slow
@pytest.mark.usefixtures("morph")
def test_a_missing_column_is_one_message(files: tuple[Path, Path]) -> None:
    table, mapping = files
    mapping.write_text(MAPPING.replace("片名", "没有"), encoding="utf-8")
    with pytest.raises(DataError, match=r"films\.rml\.ttl: morph-kgc fails: [^\n]*没有[^\n]*; mend the mapping$"):
        read_rml([table], mapping, "", GRAPH)


REFUSED = {
    "another file": (
        '"films.csv"',
        '"/etc/passwd"',
        ":5: the source '/etc/passwd' is none of the files given: films.csv",
    ),
    "an address": ('"films.csv"', "<http://e/films.csv>", ":5: the source http://e/films.csv is an address"),
    "a database": ('rml:source "films.csv"', 'rr:tableName "films"', ":5: asks a database"),
    "no Turtle": ("a rr:TriplesMap", "a rr:TriplesMap ]", ":4: not valid Turtle"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_only_the_files_that_were_named_are_read(
    what: str, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROGRAM, "never-run")
    table, mapping = files
    old, new, told = REFUSED[what]
    mapping.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KgError) as caught:
        read_rml([table], mapping, "", GRAPH)
    assert str(caught.value).startswith(f"{mapping}{told}")


def test_without_morph_kgc_it_is_told_how_to_get_it(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    table, mapping = files
    monkeypatch.delenv(PROGRAM, raising=False)
    with pytest.raises(ReadError, match="pip install morph-kgc"):
        read_rml([table], mapping, "", GRAPH)
    monkeypatch.setenv(PROGRAM, "/nowhere/python")
    with pytest.raises(ReadError, match="morph-kgc cannot be run"):
        read_rml([table], mapping, "", GRAPH)


def test_a_mapping_in_rml_is_told_by_its_name() -> None:
    assert [is_rml(Path(name)) for name in ("a.rml.ttl", "a.ttl", "a.rml", "a.yaml")] == [True, True, True, False]
