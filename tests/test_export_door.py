"""The door of exports: names of formats and graphs, outputs that cannot be written, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from export_samples import written
from support import ROOT

from kg.errors import DataError, OutputError, ReadError
from kg.export import FORMATS, export


def test_the_formats_are_those_of_the_documentation() -> None:
    told = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", told, re.MULTILINE) == list(FORMATS)
    suffixes = [fmt.suffix for fmt in FORMATS.values() if not fmt.files]
    assert len(set(suffixes)) == len(suffixes)


def test_an_unknown_format_is_answered_with_the_right_ones(nasty: Path) -> None:
    with pytest.raises(DataError, match=r"no export format 'ttl'; there are context, csv, .*gexf, .*turtle"):
        export(nasty, "ttl", None)


def test_an_unknown_graph_is_answered_with_the_right_ones(nasty: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no graph 'fact'; there are background, .*facts.* and all"):
        export(nasty, "turtle", tmp_path / "g", graphs=["fact"])


def test_a_graph_that_a_build_may_have_is_empty_where_it_has_none(nasty: Path, tmp_path: Path) -> None:
    assert export(nasty, "nquads", tmp_path / "g", graphs=["rejected"]).written.statements == 0


def test_no_build_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="run `kg build`"):
        export(tmp_path, "turtle", tmp_path / "g.ttl")


def test_a_broken_graph_is_told_with_its_line_and_leaves_the_output_alone(nasty: Path, tmp_path: Path) -> None:
    text = (nasty / "graph.nq").read_text(encoding="utf-8")
    (tmp_path / "graph.nq").write_text("<http://e/s> <http://e/p> .\n" + text, encoding="utf-8")
    output = tmp_path / "g.ttl"
    output.write_text("before")
    for fmt in ("turtle", "graphml"):
        with pytest.raises(DataError, match=r"graph\.nq:1: not"):
            export(tmp_path, fmt, output)
    assert output.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.ttl", "graph.nq"]


def test_an_output_that_cannot_be_written_is_an_error(nasty: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "file" / "g.ttl", tmp_path):
        with pytest.raises(OutputError, match=str(output)):
            export(nasty, "turtle", output)


def test_a_folder_with_other_files_is_not_replaced(nasty: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep")
    with pytest.raises(OutputError, match="mine"):
        export(nasty, "csv", folder)
    assert (folder / "notes.txt").read_text() == "keep"


@pytest.mark.parametrize("output", [None, Path("-")])
def test_standard_output(
    nasty: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], output: Path | None
) -> None:
    summary = export(nasty, "ntriples", output)
    assert capfdbinary.readouterr().out == written(nasty, "ntriples", tmp_path / "g").read_bytes()
    assert summary.output == "-"


def test_the_same_bytes_in_every_process(article: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from kg.export import *\n"
    code += "for f in FORMATS: export(Path(sys.argv[1]), f, Path(sys.argv[2]) / f'{f}{FORMATS[f].suffix}')"
    outputs = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, article, folder], check=True, env=environment, cwd=ROOT)
        outputs.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == len(FORMATS)
