"""Builds and clients that the tests of the pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from starlette.testclient import TestClient
from support import ROOT

from kg.build import build
from kg.serve.app import create_app
from kg.serve.settings import Settings

BASE = "https://w3id.org/kg-regional/"
STORIES = {
    "line.txt": "2020年12月27日，京雄城际铁路开通。京雄城际铁路连接北京市和雄安新区。京雄城际铁路全长92公里。"
    "北京市发展改革委发布《北京市规划》。明湖体育中心位于雄安新区。",
    "other.txt": "2019年12月27日，京雄城际铁路开通。",
    "hall.txt": "济南明湖体育中心位于济南市。北京市发改委发布《河北省规划》。",
}
"""News of which two contradict each other, and two entities may be one."""


def own_recipe(folder: Path) -> Path:
    """A recipe of the reader's own in ``folder``, with the stories, whose decisions stand beside it."""
    text = (ROOT / "data" / "recipe-fast.toml").read_text(encoding="utf-8")
    places = {name: ROOT / "data" / name for name in ("lexicon", "grammar", "queries", "gold", "shapes.ttl")}
    for old, new in {"../ontology.ttl": ROOT / "ontology.ttl", **places}.items():
        text = text.replace(f'= "{old}"', f'= "{new}"')
    (folder / "recipe.toml").write_text(text.replace('["articles"]', '["news"]'), encoding="utf-8")
    (folder / "news").mkdir()
    for name, story in STORIES.items():
        (folder / "news" / name).write_text(story, encoding="utf-8")
    return folder / "recipe.toml"


def built(folder: Path) -> Path:
    """A build of the stories in ``folder``."""
    build([], own_recipe(folder), folder / "build")
    return folder / "build"


@contextmanager
def client(out: Path, **settings: object) -> Iterator[TestClient]:
    """Somebody who asks a server of this build; what fails in it is answered, not raised."""
    app = create_app(Settings(build=out, **settings))  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def copy_of(out: Path, to: Path) -> Path:
    """A build that a test may change."""
    shutil.copytree(out, to)
    return to


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        for name in ("href", "src", "action"):
            if named.get(name) is not None:
                self.links.append(named[name] or "")
        if named.get("id"):
            self.ids.add(str(named["id"]))


def read(text: str) -> _Links:
    """The links, ids and tags of a page."""
    parser = _Links()
    parser.feed(text)
    return parser
