"""Stage 9: a graph as one self-contained HTML file that opens, and can be explored, without a network.

pyvis carries nodes and edges into the page and brings vis-network; template, styles and program are files of
``view_assets/``. Nothing in the page is fetched: everything is inlined, and a Content-Security-Policy with the hashes
of the two scripts forbids the rest. Whatever a label holds stays text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kg import nquads
from kg.policy import hashed
from kg.staging import write_whole
from kg.types import Quad
from kg.view_data import PageData, page_data
from kg.view_model import Model, read_model
from kg.vocab import Vocab

Language = Literal["zh", "en"]

ASSETS = Path(__file__).with_name("view_assets")
PROGRAM = (
    *("base", "graph", "time", "canvas", "camera", "edges", "nodes", "labels", "search", "legend"),
    *("copy", "chart", "panel", "trail", "picture", "address", "main"),
)
"""The parts of the page's program, in the order in which they are joined."""
STYLES = ("colours", "theme", "frame", "panel", "chart", "table", "time", "small")
"""The parts of its styles; later ones prevail."""
OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"keyboard": False, "selectable": False},
}
"""vis-network's options: it holds the camera; what is seen is drawn by the page."""


@dataclass(frozen=True, slots=True)
class ViewSummary:
    """What a page shows: ``values`` are dates, states and other literals; ``size`` is in bytes.

    In a notebook it shows the page itself.
    """

    path: Path
    nodes: int
    edges: int
    values: int
    figures: int
    articles: int
    size: int

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        from kg.view_notebook import framed

        if not self.path.is_file():
            return {"text/plain": repr(self)}
        return {"text/plain": repr(self), "text/html": framed(self.path.read_text(encoding="utf-8"))}


def render(
    quads: Iterable[Quad] | Path, vocab: Vocab, out: Path, *, title: str = "", lang: Language = "zh"
) -> ViewSummary:
    """Write the network of ``quads`` (or of an N-Quads file) to ``out``; the same graph gives the same bytes.

    ``title`` stands above the page (by default a plain word for it) and ``lang`` (``zh``, ``en``) is the language it
    opens in. Raises ``OutputError`` where the file cannot be written, ``DataError`` for a malformed N-Quads file.
    """
    source = nquads.read(quads) if isinstance(quads, Path) else quads
    return render_model(read_model(source, vocab), vocab, out, title=title, lang=lang)


def render_model(model: Model, vocab: Vocab, out: Path, *, title: str = "", lang: Language = "zh") -> ViewSummary:
    """Like :func:`render`, of a network that was read, and perhaps narrowed, before."""
    words = json.loads((ASSETS / "words.json").read_text(encoding="utf-8"))
    data = page_data(model, vocab, title=title or words[lang]["title"], lang=lang, words=words)
    text = page(data)
    write_whole(out, text, "the network")
    values, figures, articles = (len(data.page[part]) for part in ("values", "figures", "articles"))
    return ViewSummary(out, len(data.nodes), len(data.edges), values, figures, articles, len(text.encode()))


def page(data: PageData) -> str:
    """The HTML of a page, through pyvis with an environment that escapes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup
    from pyvis.network import Network

    library, program, css = _library(), _program(), _css()
    environment = Environment(loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined)
    environment.filters["data"] = lambda value: Markup(_json(value))
    environment.globals.update(
        payload=data.page,
        policy=_policy([library, program], css),
        css=Markup(css),
        library=Markup(library),
        program=Markup(program),
    )
    network = Network(directed=True, heading=data.page["title"])
    network.nodes, network.edges, network.options = data.nodes, data.edges, OPTIONS
    network.node_ids = [node["id"] for node in data.nodes]
    network.node_map = {node["id"]: node for node in data.nodes}
    network.templateEnv, network.path = environment, "page.html"
    return str(network.generate_html())


def _json(value: object) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _library() -> str:
    """vis-network as pyvis bundles it, with its licence, without the address of its source map."""
    import pyvis

    folder = Path(str(pyvis.__file__)).parent / "templates" / "lib" / "vis-9.1.2"
    text = (folder / "vis-network.min.js").read_text(encoding="utf-8")
    return _inline(re.sub(r"//# sourceMappingURL=.*", "", text))


def _program() -> str:
    parts = ((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in PROGRAM)
    return _inline("(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n")


def _css() -> str:
    parts = ((ASSETS / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return "\n".join(parts).replace("</", "<\\/")


def _inline(script: str) -> str:
    """A script that cannot end the element it stands in."""
    return re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE).replace("<!--", "<\\!--")


def _policy(scripts: Iterable[str], css: str) -> str:
    """A policy under which the page's own scripts run, and nothing is fetched, framed or sent."""
    hashes = " ".join(map(hashed, scripts))
    return (
        f"default-src 'none'; script-src {hashes}; style-src {hashed(css)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
