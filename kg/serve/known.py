"""What a build knows of IRIs and names: labels, classes, places; asked while people write and read queries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import terms
from kg.nquads import literal

if TYPE_CHECKING:
    from kg.serve.site import Opened

LANGUAGES = ("zh", "en", "zh-latn")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]{1,1000}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_AT_ONCE = 24 * 1024
"""Bytes of terms that one query asks about: a store refuses long queries."""
_LABELS = f"SELECT ?x ?name WHERE {{ ?x {terms.LABEL}|{terms.ALT_LABEL} ?name FILTER(ISIRI(?x)) }}"


def fold(text: str) -> str:
    """A name as it is compared: without case, accents, spaces and differences of width.

    >>> fold("Jīngxióng Chéngjì")
    'jingxiongchengji'
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in spread if not unicodedata.combining(each) and not each.isspace())


class Known:
    """Looks things up in one build. Names are read once, all else is asked of the store. Threads may share it."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    @cached_property
    def _names(self) -> list[tuple[str, str, str]]:
        """Each name of things other than terms: folded, as it is, and what it names; short ones first."""
        known = self.opened.vocab.namespace
        rows = ((x.value, name.value) for x, name in self._rows(_LABELS))
        named = {(fold(name), name, iri) for iri, name in rows if not iri.startswith(known)}
        return sorted(named, key=lambda each: (len(each[0]), each))

    def complete(self, text: str, most: int) -> list[dict[str, Any]]:
        """The things with a name that begins with the text, then those whose name holds it, shorter names first."""
        wanted = fold(text)
        if not wanted:
            return []
        begin = (each for each in self._names if each[0].startswith(wanted))
        within = (each for each in self._names if wanted in each[0][1:] and not each[0].startswith(wanted))
        found: dict[str, str] = {}
        for part in (begin, within):
            for _, name, iri in part:
                found.setdefault(iri, name)
                if len(found) == most:
                    break
            if len(found) == most:
                break
        things = self.known(list(found))
        return [{"iri": iri, "matched": name, **things.get(iri, {})} for iri, name in found.items()]

    def known(self, iris: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What is known of IRIs: ``zh``, ``en``, ``zh-latn`` (labels), ``class`` (a name), ``place`` (degrees)."""
        wanted = (f"<{iri}>" for iri in dict.fromkeys(iris) if _IRI.fullmatch(iri))
        properties = " ".join((terms.LABEL, terms.TYPE, terms.LATITUDE, terms.LONGITUDE))
        facts: dict[str, list[tuple[str, Any]]] = {}
        for values in _portions(wanted):
            query = f"SELECT ?x ?p ?o WHERE {{ VALUES ?x {{ {values} }} VALUES ?p {{ {properties} }} ?x ?p ?o }}"
            for x, p, o in self._rows(query):
                facts.setdefault(x.value, []).append((f"<{p.value}>", o))
        return {iri: self._described(pairs) for iri, pairs in facts.items()}

    def called(self, names: Iterable[str]) -> dict[str, str]:
        """The one thing that is labelled with each of the names; what several are labelled with is left out."""
        texts = (name for name in dict.fromkeys(names) if name and not _SURROGATE.search(name))
        wanted = (literal(text, language) for text in texts for language in ("zh", "en"))
        found: dict[str, set[str]] = {}
        for values in _portions(wanted):
            query = f"SELECT ?x ?name WHERE {{ VALUES ?name {{ {values} }} ?x {terms.LABEL} ?name FILTER(ISIRI(?x)) }}"
            for x, name in self._rows(query):
                found.setdefault(name.value, set()).add(x.value)
        return {name: next(iter(iris)) for name, iris in found.items() if len(iris) == 1}

    def _described(self, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        vocab = self.opened.vocab
        found: dict[str, Any] = {}
        place: dict[str, float] = {}
        for predicate, value in sorted(pairs, key=lambda pair: (pair[0], str(pair[1]))):
            if predicate == terms.LABEL:
                language = value.language or ""
                if language in LANGUAGES:
                    found.setdefault(language, value.value)
            elif predicate == terms.TYPE:
                name = value.value.removeprefix(vocab.namespace)
                if name in vocab.classes:
                    found.setdefault("class", name)
            else:
                place[predicate] = _degrees(value.value)
        if len(place) == 2 and abs(place[terms.LATITUDE]) <= 90 and abs(place[terms.LONGITUDE]) <= 180:
            found["place"] = [place[terms.LATITUDE], place[terms.LONGITUDE]]
        return found

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        solutions: Any = self.opened.store.query(query)
        return map(tuple, solutions)


def _portions(written: Iterable[str]) -> Iterator[str]:
    """Terms in a row, as many at a time as one query asks about."""
    portion: list[str] = []
    for term in written:
        portion.append(term)
        if sum(map(len, portion)) * 3 > _AT_ONCE:
            yield " ".join(portion)
            portion = []
    if portion:
        yield " ".join(portion)


def _degrees(text: str) -> float:
    """A coordinate; one that is no number lies off the map."""
    try:
        return float(text)
    except ValueError:
        return float("inf")


def ontology(opened: Opened) -> Mapping[str, list[dict[str, str]]]:
    """The classes and properties of the ontology with what they are called, for completion."""
    vocab = opened.vocab
    kinds = {"classes": vocab.classes, "properties": vocab.properties, "individuals": vocab.individuals}
    return {
        kind: [
            {"name": f"{vocab.prefix}:{term.name}", "iri": term.iri, "zh": term.label_zh, "en": term.label_en}
            for _, term in sorted(found.items())
        ]
        for kind, found in kinds.items()
    }
