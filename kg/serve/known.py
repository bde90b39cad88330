"""What a build knows of IRIs and names, for those who write queries and read answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg import terms as t
from kg.nquads import iri as as_term
from kg.nquads import literal, plain, split_literal
from kg.serve.addresses import Addresses
from kg.serve.finding import find
from kg.serve.site import Opened

LABELS = ("zh", "en", "zh-latn")
"""The languages of the labels that are told."""
_COORDINATES = {t.LATITUDE: 90.0, t.LONGITUDE: 180.0}


def suggested(opened: Opened, text: str, most: int) -> list[dict[str, Any]]:
    """The things that a text may be the beginning of a name of, the best first; each with the name ``matched``."""
    hits, _ = find(opened, text, most)
    return [
        {"iri": hit.named.iri, "matched": hit.by or hit.named.zh, **_described(opened, hit.named.iri)} for hit in hits
    ]


def known(opened: Opened, iris: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is known of IRIs: ``zh``, ``en``, ``zh-latn`` (labels), ``path`` (of its page), ``place`` (degrees)."""
    return {iri: found for iri in dict.fromkeys(iris) if (found := _described(opened, iri))}


def called(opened: Opened, names: Iterable[str]) -> dict[str, str]:
    """The one thing that is labelled with each of the names; what several are labelled with is left out."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        labels = (literal(name, language) for language in ("zh", "en"))
        subjects = {quad.subject for label in labels for quad in opened.store.match("", t.LABEL, label)}
        if len(subjects) == 1:
            found[name] = plain(subjects.pop())
    return found


def ontology(opened: Opened) -> Mapping[str, list[dict[str, str]]]:
    """The classes, properties and named values of the ontology with what they are called."""
    vocab = opened.vocab
    kinds = {"classes": vocab.classes, "properties": vocab.properties, "individuals": vocab.individuals}
    return {
        kind: [
            {"name": f"{vocab.prefix}:{term.name}", "iri": term.iri, "zh": term.label_zh, "en": term.label_en}
            for _, term in sorted(found.items())
        ]
        for kind, found in kinds.items()
    }


def _described(opened: Opened, iri: str) -> dict[str, Any]:
    path = Addresses(opened.recipe.base, opened.vocab.namespace).path(iri)
    found: dict[str, Any] = {"path": path} if path else {}
    place: dict[str, float | None] = {}
    for quad in sorted(opened.store.match(as_term(iri))):
        if quad.predicate == t.LABEL:
            text, language, _ = split_literal(quad.object) or ("", "", "")
            if language in LABELS:
                found.setdefault(language, text)
        elif quad.predicate in _COORDINATES:
            place.setdefault(quad.predicate, _degrees(plain(quad.object), _COORDINATES[quad.predicate]))
    if len(place) == 2 and None not in place.values():
        found["place"] = [place[t.LATITUDE], place[t.LONGITUDE]]
    return found


def _degrees(text: str, most: float) -> float | None:
    """A coordinate, if it is one."""
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None
