"""How things are called on a page, in the reader's language, and where their pages are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import PurePath

from kg import terms as t
from kg.nquads import split_literal
from kg.serve.addresses import Addresses
from kg.serve.lookup import Lookup
from kg.view_data import UNKNOWN_COLOUR, clean
from kg.view_model import Value
from kg.vocab import Term

HUNDRED_MILLION, TEN_THOUSAND = Decimal(10**8), Decimal(10**4)


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing as a page names it: ``href`` is empty where it has no page here, ``kind`` is its class in words."""

    iri: str
    href: str
    label: str
    kind: str = ""
    type: str = ""
    colour: str = UNKNOWN_COLOUR
    said: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity or event with all its names; ``links`` counts the statements and figures about it."""

    iri: str
    type: str
    zh: str
    en: str
    pinyin: str
    aliases: tuple[str, ...]
    links: int


class Refs:
    """Names things for one page; what it was asked before it knows."""

    def __init__(self, lookup: Lookup, addresses: Addresses, lang: str, words: dict[str, str]) -> None:
        self.lookup, self.addresses, self.lang, self.words = lookup, addresses, lang, words
        self._known: dict[str, Ref] = {}

    def of(self, iri: str) -> Ref:
        """Whatever an IRI stands for."""
        if iri not in self._known:
            self._known[iri] = self._make(iri)
        return self._known[iri]

    def _make(self, iri: str) -> Ref:
        path = self.addresses.path(iri)
        name = self.lookup.vocab.name(iri)
        if name:
            return Ref(iri, path, self.term(name), type=name, colour=self.colour(name))
        if path.startswith("/doc/"):
            return Ref(iri, path, self.title(iri), self.words["document"])
        if not path.startswith(("/id/", "/event/")):
            return Ref(iri, path, self.words.get(f"term_{tail(iri)}", tail(iri)))
        labels = self.labels(iri)
        kind = self.narrowest(self.types(iri))
        label = labels.get(self.lang) or labels.get("zh") or labels.get("") or next(iter(labels.values()), tail(iri))
        return Ref(iri, path, label, self.term(kind), kind, self.colour(kind), labels.get("zh-latn", ""))

    def named(self, named: Named) -> Ref:
        """A thing of the list of all that have names, without looking it up."""
        if named.iri not in self._known:
            label = (named.en if self.lang == "en" else "") or named.zh
            kind = self.term(named.type) if named.type else ""
            ref = Ref(
                named.iri,
                self.addresses.path(named.iri),
                label,
                kind,
                named.type,
                self.colour(named.type),
                named.pinyin,
            )
            self._known[named.iri] = ref
        return self._known[named.iri]

    def labels(self, iri: str) -> dict[str, str]:
        """The labels of a thing by language, without marks that cannot be seen."""
        found: dict[str, str] = {}
        for term in self.lookup.all(f"<{iri}>", t.LABEL):
            text, language, _ = split_literal(term) or (term, "", "")
            found.setdefault(language, clean(text))
        return found

    def types(self, iri: str) -> list[str]:
        """The classes of a thing that the ontology knows."""
        vocab = self.lookup.vocab
        names = (vocab.name(kind[1:-1]) for kind in self.lookup.all(f"<{iri}>", t.TYPE))
        return [name for name in names if name in vocab.classes]

    def narrowest(self, types: Iterable[str]) -> str:
        """The class with the most above it: what is known most exactly."""
        classes = self.lookup.vocab.classes
        return max(types, key=lambda name: (len(classes[name].ancestors), name), default="")

    def colour(self, name: str) -> str:
        """The colour of a class, as in the network."""
        known = self.lookup.vocab.classes.get(name)
        return (known.colour if known else "") or UNKNOWN_COLOUR

    def term(self, name: str) -> str:
        """The label of a term of the ontology."""
        vocab = self.lookup.vocab
        known: Term | None = vocab.classes.get(name) or vocab.properties.get(name) or vocab.individuals.get(name)
        if known is None:
            return name
        return (known.label_en if self.lang == "en" else known.label_zh) or known.label_zh or name

    def title(self, iri: str) -> str:
        """What a document is called: its title, else the name of the file it was read from."""
        about = f"<{iri}>"
        title = self.lookup.one(about, t.TITLE) or self.lookup.one(about, t.HEADLINE)
        return clean(title) or PurePath(self.lookup.one(about, t.SOURCE)).name or tail(iri)

    def value(self, value: Value) -> str:
        """A literal, or a named value of the ontology, in words."""
        if value.kind == "term":
            return self.term(value.text)
        return self.number(value.text) if value.kind in ("decimal", "integer") else clean(value.text)

    def number(self, text: str) -> str:
        """A number with its thousands set apart, or counted in 10^8 or 10^4 where the language does that."""
        try:
            number = Decimal(text)
        except InvalidOperation:
            return clean(text)
        for size, word in ((HUNDRED_MILLION, "hundredMillion"), (TEN_THOUSAND, "tenThousand")):
            if self.words[word] and abs(number) >= size:
                return f"{(number / size).normalize():,f}{self.words[word]}"
        return f"{number:,f}"

    def short(self, number: Decimal) -> str:
        """A number rounded, as short as a bar of a chart needs it; the words say by which sizes the language counts."""
        for each in self.words["chartSizes"].split("|"):
            size, _, word = each.partition(" ")
            if abs(number) >= Decimal(size):
                return f"{float(number / Decimal(size)):.4g}{word}"
        return f"{float(number):.6g}"

    def amount(self, text: str, unit: str) -> str:
        """A number with its unit; what stands for 10^8 or 10^4 is written together with it."""
        number = self.number(text)
        together = unit == "%" or (bool(self.words["tenThousand"]) and not number[-1:].isdigit())
        return f"{number}{'' if together else ' '}{unit}"


def tail(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri
