"""The bundled kit, loaded once for all tests of extraction, and short ways to read a text with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from kg.mentions import outer
from kg.pipeline import Kit, annotate, load_kit, load_recipe
from kg.resources import find_recipe
from kg.types import ASSERTED, Annotation, Block, Document, Fact, Mention, Observation, Rejected, Span

TEST = "test.v1"
"""The engine that mentions made by tests name as their origin."""


@cache
def kit(recipe: str = "fast") -> Kit:
    """What a bundled recipe loads; the fast one has no model."""
    return load_kit(load_recipe(find_recipe(recipe)))


def document(text: str, published: str = "", kind: str = "body", id: str = "d") -> Document:
    """A document of one block."""
    return Document(id, text, id, published=published, blocks=(Block(Span(0, len(text)), kind),))


def read(text: str, published: str = "", recipe: str = "fast") -> Annotation:
    """A text as the whole kit reads it."""
    return annotate([document(text, published)], kit(recipe))[0]


def at(text: str, name: str, type: str, by: str = TEST, nth: int = 0, full: str = "") -> Mention:
    """A mention of the ``nth`` place where a name stands in a text; ``full`` is what it is short for."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return Mention(Span(start, start + len(name)), name, type, by, 0.9, full)


def annotated(text: str, mentions: Iterable[Mention] = (), published: str = "") -> Annotation:
    """A text with mentions given by hand, linked as the kit links."""
    doc, found = document(text, published), tuple(sorted(mentions))
    links, entities = kit().linker.link(doc, found)
    return Annotation(doc, found, entities, links)


def names(a: Annotation, *by: str) -> set[tuple[str, str]]:
    """Text and type of the names of the sentence (none inside another), of all engines or some."""
    return {(m.text, m.type) for m in outer(a.mentions) if not by or m.by in by}


def spelled(a: Annotation, facts: Sequence[Fact] | None = None) -> set[tuple[str, ...]]:
    """Facts by the fullest names of their ends, with the modality where it is not asserted."""
    name = {e.id: e.names[0] for e in a.entities}
    return {
        (
            name[f.subject],
            f.predicate,
            name[f.object] if isinstance(f.object, str) else f.object.text,
            *(() if f.modality == ASSERTED else (f.modality,)),
        )
        for f in (a.facts if facts is None else facts)
    }


def figures(a: Annotation) -> list[tuple[str, str, str, str]]:
    """Figures as (whose, indicator, value, unit), in the order of the text."""
    name = {e.id: e.names[0] for e in a.entities}
    return [(name[o.about], o.indicator, o.value, o.unit) for o in a.observations]


def reasons(a: Annotation, kind: type[Mention | Fact | Observation] = Mention) -> list[tuple[object, str]]:
    """What was refused of one kind, with the reason."""
    return [(r.item, r.reason) for r in a.rejected if isinstance(r, Rejected) and isinstance(r.item, kind)]


def written(folder: Path, name: str, content: str) -> Path:
    """A file of the grammar, written for a test."""
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name
