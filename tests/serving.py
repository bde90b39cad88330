"""An application of ``kg serve`` over a small build, asked within the process of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from support import gold_graph

from kg import nquads
from kg.report import SCHEMA
from kg.serve import Settings
from kg.serve.app import create_app
from kg.stores import embedded
from kg.types import Quad

TOKEN = "0123456789abcdef"
HOME = "http://127.0.0.1:8765"


def lay_build(folder: Path, quads: tuple[Quad, ...] | None = None) -> Path:
    """A build folder as far as a server needs it, by default of the bundled page's gold."""
    folder.mkdir(parents=True)
    nquads.write(gold_graph() if quads is None else quads, folder / "graph.nq")
    store = embedded.open(folder / "store")
    store.load_file(folder / "graph.nq")
    store.close()
    (folder / "report.json").write_text(f'{{"schema": "{SCHEMA}", "recipe_file": ""}}', encoding="utf-8")
    return folder


@contextmanager
def client(build: Path, **settings: Any) -> Iterator[TestClient]:
    """A client of a server over a build, which lives as long as the block."""
    app = create_app(Settings(build=build, workers=2, **settings))
    with TestClient(app, base_url=HOME, follow_redirects=False, raise_server_exceptions=False) as asked:
        yield asked
