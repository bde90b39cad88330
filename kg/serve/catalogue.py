"""Lists over a whole build, each made once, on first use: what has a name, the documents, what was refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath

from kg import terms as t
from kg.nquads import plain, split_literal
from kg.serve.refs import Named, tail
from kg.serve.site import Opened
from kg.texts import TEXTS, Texts
from kg.view_data import clean


@dataclass(frozen=True, slots=True)
class Article:
    """A document; ``facts`` counts the places in it that state something, ``mentions`` those that name something."""

    iri: str
    title: str
    source: str
    published: str
    dated_by: str
    facts: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a gate refused: why, and who had proposed it."""

    iri: str
    reason: str
    rule: str
    document: str


def names(opened: Opened) -> tuple[Named, ...]:
    """Everything that has a name, the most linked first."""
    store, head = opened.store, opened.recipe.base
    wanted = (f"<{head}id/", f"<{head}event/")
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in store.match("", t.LABEL):
        if quad.subject.startswith(wanted):
            text, language, _ = split_literal(quad.object) or ("", "", "")
            labels[quad.subject][language] = clean(text)
    aliases: dict[str, set[str]] = defaultdict(set)
    for quad in store.match("", t.ALT_LABEL):
        aliases[quad.subject].add(clean(plain(quad.object)))
    types, links = _types(opened), _links(opened)
    found = (
        Named(
            subject[1:-1],
            types.get(subject, ""),
            said.get("zh") or said.get("") or next(iter(said.values())),
            said.get("en", ""),
            said.get("zh-latn", ""),
            tuple(sorted(aliases.get(subject, ()))),
            links[subject],
        )
        for subject, said in labels.items()
    )
    return tuple(sorted(found, key=lambda each: (-each.links, each.iri)))


def by_label(opened: Opened) -> dict[str, Named]:
    """What has a Chinese label that nothing else has, by it."""
    often = Counter(named.zh for named in opened.once(names))
    return {named.zh: named for named in opened.once(names) if often[named.zh] == 1}


def _types(opened: Opened) -> dict[str, str]:
    """The narrowest class of each thing, of the classes in the world."""
    found: dict[str, str] = {}
    vocab = opened.vocab
    events = {term.event for term in vocab.properties.values()} - {""}
    worldly = [name for name, term in vocab.classes.items() if term.counts_as or not events.isdisjoint(term.ancestors)]
    for name in sorted(worldly, key=lambda name: (len(vocab.classes[name].ancestors), name)):
        for quad in opened.store.match("", t.TYPE, f"<{vocab.classes[name].iri}>"):
            found[quad.subject] = name
    return found


def _links(opened: Opened) -> Counter[str]:
    about = f"<{opened.vocab.namespace}about>"
    patterns = (opened.store.match("", predicate) for predicate in (t.SUBJECT, t.OBJECT, about))
    return Counter(quad.object for quad in chain.from_iterable(patterns) if quad.object.startswith("<"))


def class_counts(opened: Opened) -> Counter[str]:
    """How many things there are of each class, those of narrower classes included."""
    narrow = Counter(named.type for named in opened.once(names) if named.type)
    wide: Counter[str] = Counter()
    for name, count in narrow.items():
        for above in opened.vocab.classes[name].ancestors:
            wide[above] += count
    return wide


def predicate_counts(opened: Opened) -> Counter[str]:
    """How many statements there are of each predicate."""
    quads = opened.store.match("", t.PREDICATE)
    said = (opened.vocab.name(quad.object[1:-1]) for quad in quads if "/statement/" in quad.subject)
    return Counter(name for name in said if name)


def articles(opened: Opened) -> tuple[Article, ...]:
    """The documents, the latest first."""
    facts, mentions = _places(opened)
    vocab = opened.vocab
    subjects = {quad.subject for quad in opened.store.match("", t.TYPE, f"<{vocab.namespace}Article>")}
    dated_by = f"<{vocab.namespace}datedBy>"
    found = []
    for subject in sorted(subjects):
        said = {quad.predicate: plain(quad.object) for quad in opened.store.match(subject)}
        source, iri = said.get(t.SOURCE, ""), subject[1:-1]
        title = clean(said.get(t.TITLE, "")) or PurePath(source).name or tail(iri)
        published = said.get(t.ISSUED, "")
        row = Article(iri, title, source, published, said.get(dated_by, ""), facts[subject], mentions[subject])
        found.append(row)
    return tuple(sorted(sorted(found, key=lambda each: each.iri), key=lambda each: each.published, reverse=True))


def _places(opened: Opened) -> tuple[Counter[str], Counter[str]]:
    facts, mentions = Counter[str](), Counter[str]()
    base = opened.recipe.base
    for quad in opened.store.match("", t.HAS_SOURCE):
        if quad.subject.startswith(f"<{base}evidence/"):
            facts[quad.object] += 1
        elif quad.subject.startswith(f"<{base}mention/"):
            mentions[quad.object] += 1
    return facts, mentions


def refusals(opened: Opened) -> tuple[Refusal, ...]:
    """What gates refused, by reason and rule."""
    namespace = opened.vocab.namespace
    rows = []
    for quad in opened.store.match("", t.TYPE, f"<{namespace}Rejection>"):
        said = {each.predicate: plain(each.object) for each in opened.store.match(quad.subject)}
        reason, rule = said.get(f"<{namespace}reason>", ""), said.get(f"<{namespace}rule>", "")
        rows.append(Refusal(quad.subject[1:-1], reason, rule, said.get(t.HAS_SOURCE, "")))
    return tuple(sorted(rows, key=lambda each: (each.reason, each.rule, each.document, each.iri)))


def texts(opened: Opened) -> Texts | None:
    """The texts of the documents; ``None`` where an older kg made the build."""
    path = opened.folder / TEXTS
    return Texts(path) if path.is_file() else None
