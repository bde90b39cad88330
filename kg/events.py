"""Events behind shortcut predicates: ``relocatedTo`` and ``relocatedFrom`` of one sentence are one relocation.

Which predicate abbreviates which class of event, and in which roles, is the ontology's to say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg import terms as t
from kg.context import Context
from kg.iri import digest, kebab
from kg.nquads import literal
from kg.text import sentences
from kg.types import ASSERTED, Annotation, Quad, Span
from kg.vocab_types import PropertyTerm


class Shortcut(NamedTuple):
    """An asserted fact that abbreviates an event: its ends and its statement as terms, and where it stands."""

    predicate: PropertyTerm
    subject: str
    object: str
    statement: str
    span: Span

    def anchors(self) -> tuple[str, ...]:
        """What two facts must share to tell of one event."""
        return (self.subject, self.object) if self.predicate.symmetric else (self.subject,)

    def roles(self) -> tuple[tuple[str, str], ...]:
        """The ends with the roles that they have in the event."""
        return (self.predicate.subject_role, self.subject), (self.predicate.object_role, self.object)


def event_quads(
    annotation: Annotation, context: Context, iris: Mapping[str, str], shortcuts: Sequence[Shortcut]
) -> Iterator[Quad]:
    """The events of one document and, for each shortcut's statement, the event that it is derived from.

    Facts tell of one event where they abbreviate the same class, stand in the same sentence and share an anchor. Where
    the text names the event (an agreement whose parties these are), that entity is the event.
    """
    if not shortcuts:
        return
    names = {iris[entity.id]: entity.names[0] for entity in annotation.entities}
    named = _named(annotation, context, iris)
    for event_class, group in _groups(annotation, shortcuts):
        roles = sorted({role for shortcut in group for role in shortcut.roles()})
        event = _entity(event_class, roles, named) or _iri(context, event_class, roles)
        for shortcut in group:
            yield Quad(shortcut.statement, t.DERIVED_FROM, event, context.graph("evidence"))
        if event not in names:
            yield from _describe(context, event, event_class, roles, _label(group, names))


def _describe(
    context: Context, event: str, event_class: str, roles: Iterable[tuple[str, str]], label: str
) -> Iterator[Quad]:
    graph, kind = context.graph("facts"), context.vocab.classes[event_class]
    yield Quad(event, t.TYPE, context.term(event_class), graph)
    yield Quad(event, t.LABEL, literal(f"{label}·{kind.label_zh}", "zh"), graph)
    for role, end in roles:
        yield Quad(event, context.term(role), end, graph)


def _label(group: Iterable[Shortcut], names: Mapping[str, str]) -> str:
    return "·".join(sorted({names[anchor] for shortcut in group for anchor in shortcut.anchors()}))


def _iri(context: Context, event_class: str, roles: Iterable[tuple[str, str]]) -> str:
    key = digest(event_class, *(part for role in roles for part in role))
    return f"<{context.base}event/{kebab(event_class)}-{key}>"


def _groups(annotation: Annotation, shortcuts: Sequence[Shortcut]) -> Iterator[tuple[str, list[Shortcut]]]:
    document = annotation.document
    starts = [span.start for span in sentences(document.text, document.blocks)]
    together: dict[tuple[str, int], list[Shortcut]] = defaultdict(list)
    for shortcut in shortcuts:
        together[shortcut.predicate.event, bisect_right(starts, shortcut.span.start)].append(shortcut)
    for (event_class, _), told in together.items():
        for group in _connected(told):
            yield event_class, group


def _connected(shortcuts: Iterable[Shortcut]) -> list[list[Shortcut]]:
    """The shortcuts in groups such that those that share an anchor are in one."""
    groups: list[tuple[set[str], list[Shortcut]]] = []
    for shortcut in shortcuts:
        anchors, members = set(shortcut.anchors()), [shortcut]
        apart = []
        for others, theirs in groups:
            if anchors.isdisjoint(others):
                apart.append((others, theirs))
            else:
                anchors |= others
                members = theirs + members
        groups = [*apart, (anchors, members)]
    return [members for _, members in groups]


Named = Mapping[tuple[str, str], Mapping[str, frozenset[str]]]


def _named(annotation: Annotation, context: Context, iris: Mapping[str, str]) -> Named:
    """For each role and end, the entities that have that end in that role, with the classes that they are."""
    classes, roles = context.vocab.classes, _role_names(context)
    types = {entity.id: entity.type for entity in annotation.entities}
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = defaultdict(dict)
    for fact in annotation.facts:
        if fact.predicate in roles and fact.modality == ASSERTED and isinstance(fact.object, str):
            ancestors = classes[types[fact.subject]].ancestors
            found[fact.predicate, iris[fact.object]][iris[fact.subject]] = ancestors
    return found


def _role_names(context: Context) -> frozenset[str]:
    terms = filter(None, map(context.shortcut, context.vocab.properties))
    return frozenset(role for term in terms for role in (term.subject_role, term.object_role))


def _entity(event_class: str, roles: Iterable[tuple[str, str]], named: Named) -> str:
    """The named entity of that class which has all these ends in these roles; empty if there is none."""
    candidates = [{e for e, ancestors in named.get(role, {}).items() if event_class in ancestors} for role in roles]
    return min(set.intersection(*candidates), default="")
