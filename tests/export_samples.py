"""What tests of exports share: graphs that are hard on formats, as builds, and the same read back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from hypothesis import strategies as st
from support import ROOT, gold_annotation

from kg import nquads
from kg import terms as t
from kg.context import Context
from kg.export import export
from kg.graph import to_quads
from kg.iri import BASE
from kg.types import Quad
from kg.vocab import load_vocab, ontology_quads

CONTEXT = Context(load_vocab(ROOT / "ontology.ttl"))
FACTS, EVIDENCE, BACKGROUND = (CONTEXT.graph(name) for name in ("facts", "evidence", "background"))

NASTY = {
    "lines": "one\ntwo\r\nthree\rfour",
    "quotes": "\"both\" and 'single' and \\ and “full”",
    "emoji": "高铁🚄，𠮷野",
    "markup": "]]> <b>&amp;</b> <!-- -- --> <?x?>",
    "script": "</script><script>alert(1)</script>",
    "space": "  leading, trailing\t ",
    "direction": "\u202eright to left\u200b\ufeff",
    "formula": "=1+1;a,b|c",
    "long": "长" * 100_000,
}
CONTROL = "bell\x07, null\x00, vertical\x0b, nonchar\ufffe"


def entity(name: str) -> str:
    return nquads.iri(f"{BASE}id/{name}")


def kg(name: str) -> str:
    return f"<{t.KG}{name}>"


def nasty_quads() -> Iterable[Quad]:
    """Entities with nasty labels, statements of every modality between them, an IRI that is not ASCII."""
    for name, label in {**NASTY, "control": CONTROL, "北京": "北京"}.items():
        yield Quad(entity(name), t.TYPE, kg("Zone"), FACTS)
        yield Quad(entity(name), t.LABEL, nquads.literal(label, "zh"), FACTS)
        yield Quad(entity(name), kg("partOf"), entity("北京"), FACTS)
    yield Quad(entity("北京"), t.LABEL, nquads.literal("Beijing", "en"), FACTS)
    yield Quad(entity("北京"), t.ALT_LABEL, nquads.literal("京", "zh"), FACTS)
    yield Quad(entity("北京"), f"<{t.SCHEMA}latitude>", nquads.decimal("39.9"), BACKGROUND)
    yield Quad(entity("北京"), kg("openedOn"), nquads.literal("2020-12", datatype=t.XSD + "gYearMonth"), FACTS)
    yield Quad(entity("北京"), kg("status"), kg("operational"), FACTS)
    yield Quad(entity("lines"), kg("partOf"), entity("emoji"), BACKGROUND)
    for modality, target in (
        ("asserted", entity("北京")),
        ("planned", entity("北京")),
        ("planned", nquads.literal("2030", datatype=t.XSD + "gYear")),
        ("negated", entity("quotes")),
    ):
        yield from statement(modality, target)


def statement(modality: str, target: str) -> Iterable[Quad]:
    key = f"{modality}-{len(target)}"
    s, place = f"<{BASE}statement/{key}>", f"<{BASE}evidence/{key}>"
    quote = f"<{BASE}evidence/{key}#quote>"
    rows = [
        (s, t.TYPE, t.STATEMENT),
        (s, t.TYPE, kg("Statement")),
        (s, t.SUBJECT, entity("lines")),
        (s, t.PREDICATE, kg("partOf") if target.startswith("<") else kg("openedOn")),
        (s, t.OBJECT, target),
        (s, kg("modality"), kg(modality)),
        (s, kg("evidence"), place),
        (place, kg("rule"), nquads.literal("rule.v1")),
        (place, kg("confidence"), nquads.decimal("0.96")),
        (place, kg("title"), nquads.literal("处长")),
        (place, t.HAS_SELECTOR, quote),
        (quote, t.EXACT, nquads.literal(NASTY["lines"])),
    ]
    return (Quad(*row, EVIDENCE) for row in rows)


def build_of(folder: Path, quads: Iterable[Quad]) -> Path:
    """A folder with no more of a build than its graph."""
    nquads.write(quads, folder / "graph.nq")
    return folder


def lines_of(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """The same of a parser's quads."""
    lines = sorted({f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .\n" for quad in quads})
    (folder / "graph.nq").write_text("".join(lines), encoding="utf-8", newline="\n")
    return folder


def nasty_build(folder: Path) -> Path:
    """Labels, quotes and names that formats stumble over."""
    return build_of(folder, nasty_quads())


def article_build(folder: Path) -> Path:
    """The graph of the bundled page's gold, with the ontology."""
    ontology = ontology_quads(ROOT / "ontology.ttl", CONTEXT.ontology[1:-1])
    return build_of(folder, [*to_quads(gold_annotation(), CONTEXT), *ontology])


def quads_of(path: Path, syntax: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(path=str(path), format=syntax))


def written(build: Path, fmt: str, output: Path, **more: Any) -> Path:
    export(build, fmt, output, **more)
    return output


# -- graphs of any kind, made by hypothesis

IRIS = st.sampled_from(["a", "b", "北京", "é"]).map(lambda name: ox.NamedNode(f"http://例え.example/{name}"))
TAGS = st.sampled_from(["zh", "en", "zh-latn"])
KINDS = st.sampled_from(["date", "gYear", "gYearMonth", "decimal", "integer"])
LITERALS = st.one_of(
    st.builds(ox.Literal, st.text()),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), st.text(), TAGS),
    st.builds(lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(t.XSD + kind)), st.text(), KINDS),
)
PARTS = st.sampled_from([ox.NamedNode(term[1:-1]) for term in (t.TYPE, t.SUBJECT, t.PREDICATE, t.OBJECT, t.LABEL)])
OBJECTS = IRIS | LITERALS | st.just(ox.NamedNode(t.STATEMENT[1:-1]))
GRAPHS = st.sampled_from([ox.NamedNode("http://e/graph/facts"), ox.NamedNode("http://e/graph/evidence")])
QUADS = st.builds(ox.Quad, IRIS, PARTS | IRIS, OBJECTS, GRAPHS)
