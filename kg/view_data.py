"""The model as the page's data: nodes and edges for pyvis, and beside them what panel, search and legend need.

Everything is plain JSON. Nodes, edges and articles are known by their place in their list. Keys that repeat often are
one letter: ``q`` quotes, ``p`` predicate, ``m`` modality, ``i`` IRI, ``c`` confidence, ``l`` qualifiers, ``s`` subject,
``v`` value, ``a`` about, ``d`` details, ``h`` what humans decided, ``w`` when (first and last day); of a quote ``d``
document, ``x`` exact, ``b`` before, ``a`` after, ``s`` start, ``e`` end, ``r`` rule, ``c`` confidence; of a value ``t``
text, ``k`` kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg import terms as t
from kg.iri import pinyin
from kg.types import ASSERTED, NEGATED, PLANNED
from kg.view_layout import Box, importance_of, place
from kg.view_model import BACKGROUND, Figure, Model, Quote, Statement, Thing, Value
from kg.view_time import when
from kg.vocab import Term, Vocab

Json = dict[str, Any]
Words = Mapping[str, Mapping[str, str]]

UNKNOWN_COLOUR, UNKNOWN_SHAPE = "#4d4d4d", "dot"
"""How a thing looks whose type the ontology does not know."""

_FEW, _LETTER, _LINE = 9, 14.0, 18.0
_EYE = {"star": 1.35, "diamond": 1.2, "triangle": 1.15, "triangleDown": 1.15, "database": 1.2, "square": 0.95}
# Control characters and marks that turn the direction of writing have no place in a name on the screen.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class PageData:
    """What the template gets: ``nodes`` and ``edges`` as pyvis has them, ``page`` for everything else."""

    nodes: list[Json]
    edges: list[Json]
    page: Json


def page_data(model: Model, vocab: Vocab, *, title: str, lang: str, words: Words) -> PageData:
    """The data of one page; the same model gives the same data."""
    number = {thing.iri: i for i, thing in enumerate(model.things)}
    joining = [s for s in model.statements if isinstance(s.object, str)]
    links = [(number[s.subject], number[str(s.object)]) for s in joining]
    facts = _Facts(model, vocab)
    page: Json = {
        "title": title,
        "lang": lang,
        "words": words,
        "namespace": vocab.namespace,
        "prefix": vocab.prefix,
        "prefixes": {vocab.prefix: vocab.namespace} | dict(t.prefixes(_base(model))),
        "types": _types(model.things, vocab),
        "predicates": _labels(vocab.properties, facts.used),
        "terms": {n: v | {"code": vocab.individuals[n].code} for n, v in _labels(vocab.individuals).items()},
        "modalities": [ASSERTED, PLANNED, NEGATED, *sorted({s.modality for s in model.statements} & {BACKGROUND})],
        "hiddenModality": NEGATED,
        "articles": [
            {"iri": a.iri, "title": a.title, "source": a.source, "published": a.published} for a in model.articles
        ],
        "values": [{"s": number[s.subject], **facts.fact(s)} for s in model.statements if isinstance(s.object, Value)],
        "figures": [{"a": number[f.about], **facts.figure(f)} for f in model.figures],
    }
    edges = [
        {"id": i, "from": a, "to": b, "arrows": facts.arrows(s), **facts.fact(s)}
        for i, (s, (a, b)) in enumerate(zip(joining, links, strict=True))
    ]
    return PageData(list(_nodes(model.things, links, vocab)), edges, page)


def _nodes(things: Sequence[Thing], links: Sequence[tuple[int, int]], vocab: Vocab) -> Iterator[Json]:
    importance = importance_of(len(things), links)
    names = [_names(thing) for thing in things]
    sizes = [round(min(26.0, 7.0 + 3.9 * math.sqrt(value)), 1) for value in importance]
    boxes = [_box(name["zh"] or name["en"], size) for name, size in zip(names, sizes, strict=True)]
    layout = place(boxes, links, importance)
    order = sorted(range(len(things)), key=lambda i: (-importance[i], i))
    rank = {node: place_ for place_, node in enumerate(order)}
    for i, thing in enumerate(things):
        x, y = layout.positions[i]
        group = _group(thing.type, vocab)
        look = _look(group, vocab)
        yield {
            "id": i,
            "x": x,
            "y": y,
            "size": round(sizes[i] * _EYE.get(look["shape"], 1.0), 1),
            "group": group,
            "color": look["colour"],
            "shape": look["shape"],
            "kind": thing.type or group,
            "iri": thing.iri,
            **names[i],
            "alt": [clean(alias) for alias in thing.aliases],
            "same": list(thing.identifiers),
            "find": [_keys(name) for name in _unique(names[i]["zh"], *map(clean, thing.aliases), names[i]["en"])],
            "mentions": thing.mentions,
            "rank": rank[i],
            "core": i in layout.core,
        }


def clean(name: str) -> str:
    """A name without characters that cannot be seen or that turn the direction of writing."""
    return _UNSEEN.sub("", name)


def _names(thing: Thing) -> Json:
    """Label in Chinese, English and pinyin, empty where there is none; the page falls back along them."""
    labels = {language: clean(text) for language, text in thing.labels.items()}
    chinese = labels.get("zh") or labels.get("") or next((text for tag, text in labels.items() if tag[:2] == "zh"), "")
    return {"zh": chinese, "en": labels.get("en", ""), "py": labels.get("zh-latn") or pinyin(chinese)}


def _unique(*names: str) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


@lru_cache(maxsize=1 << 14)
def _keys(name: str) -> tuple[str, str, str]:
    """A name with its pinyin run together and its initials, for search alone."""
    from pypinyin import lazy_pinyin

    syllables = [syllable.lower() for syllable in lazy_pinyin(name, errors="ignore") if syllable]
    return name, "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _box(name: str, size: float) -> Box:
    """The room for a node with its name beneath it, in at most two lines."""
    wide = sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in name)
    lines = 1 if wide <= _FEW else 2
    return Box(max(2 * size, min(wide / lines, _FEW) * _LETTER) + 14, 2 * size + lines * _LINE + 14)


# ---- what the ontology says


def _group(type_: str, vocab: Vocab) -> str:
    """The class under which the legend counts a thing."""
    known = vocab.classes.get(type_)
    return known.counts_as or known.name if known else type_


def _look(group: str, vocab: Vocab) -> Json:
    known = vocab.classes.get(group)
    colour, shape = (known.colour, known.shape) if known else ("", "")
    return {"colour": colour or UNKNOWN_COLOUR, "shape": shape or UNKNOWN_SHAPE}


def _types(things: Iterable[Thing], vocab: Vocab) -> Json:
    """Labels and looks of the classes in use, in the ontology's order."""
    used = {name for thing in things for name in (thing.type, _group(thing.type, vocab))}
    known = {name: labels | _look(name, vocab) for name, labels in _labels(vocab.classes, used).items()}
    return known | {name: {"zh": name, "en": name} | _look(name, vocab) for name in sorted(used - known.keys())}


def _labels(table: Mapping[str, Term], used: set[str] | None = None) -> dict[str, Json]:
    return {
        name: {
            "zh": term.label_zh,
            "en": term.label_en,
            "hint_zh": term.comment_zh,
            "hint_en": term.comment_en,
        }
        for name, term in table.items()
        if used is None or name in used
    }


def _base(model: Model) -> str:
    """The base of the data's IRIs: what stands before ``/statement/`` or ``/id/``."""
    iris = [s.iri for s in model.statements if s.iri] or [thing.iri for thing in model.things]
    return iris[0].rsplit("/", 2)[0] + "/" if iris else ""


# ---- statements and figures


class _Facts:
    """Statements, figures and quotes as JSON; ``used`` are the properties that occur in them."""

    def __init__(self, model: Model, vocab: Vocab) -> None:
        self.vocab = vocab
        self.article = {article.iri: i for i, article in enumerate(model.articles)}
        self.used = {s.predicate for s in model.statements}
        self.used |= {name for s in model.statements for name, _ in s.qualifiers}
        self.used |= {name for f in model.figures for name in f.details}

    def arrows(self, statement: Statement) -> str:
        known = self.vocab.properties.get(statement.predicate)
        return "" if known and known.symmetric else "to"

    def fact(self, s: Statement) -> Json:
        value = {"v": _value(s.object)} if isinstance(s.object, Value) else {}
        qualifiers = [[name, _value(qualifier)] for name, qualifier in s.qualifiers]
        said = {"p": s.predicate, "m": s.modality, "i": s.iri, "c": s.confidence, "l": qualifiers}
        return said | value | _reviewed(s) | _dated(s) | {"q": [self.quote(q) for q in s.quotes]}

    def figure(self, f: Figure) -> Json:
        details = {name: _value(value) for name, value in f.details.items()}
        return (
            {"m": f.modality, "i": f.iri, "d": details}
            | _reviewed(f)
            | _dated(f)
            | {"q": [self.quote(q) for q in f.quotes]}
        )

    def quote(self, q: Quote) -> Json:
        where = {"d": self.article.get(q.document, -1), "s": q.start, "e": q.end}
        return where | {"x": q.exact, "b": q.before, "a": q.after, "r": q.rule, "c": q.confidence}


def _reviewed(fact: Statement | Figure) -> Json:
    return {"h": [[name, _value(value)] for name, value in fact.reviews]} if fact.reviews else {}


def _dated(fact: Statement | Figure) -> Json:
    days = when(fact)
    return {"w": list(days)} if days else {}


def _value(value: Value) -> Json:
    return {"t": value.text, "k": value.kind}
