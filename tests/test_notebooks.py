"""The notebooks run from the first to the last, and what git keeps of them is without outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["01-build", "02-query", "03-view"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_text_is_in_both_languages(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    told = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert any("\u4e00" <= c <= "\u9fff" for c in told)
    assert sum(c.isascii() and c.isalpha() for c in told) > 100


@pytest.mark.slow
def test_they_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shown = {}
    for path in NOTEBOOKS:
        shutil.copy(path, tmp_path)
        notebook = nbformat.read(tmp_path / path.name, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        shown[path.stem] = str([cell.outputs for cell in notebook.cells if cell.cell_type == "code"])
    assert "openedOn 2020-12-27 [asserted] «" in shown["01-build"]
    assert "[negated] «" in shown["01-build"]
    assert "mover | from | to" in shown["02-query"]
    assert "<iframe srcdoc=" in shown["03-view"]
    assert {"build", "network.html", "network.graphml"} <= {path.name for path in tmp_path.iterdir()}
