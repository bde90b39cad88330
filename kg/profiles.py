"""What a build knows of each distinct entity: all that tells whether two are one, and nothing else of the texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kg.errors import DataError, ReadError
from kg.lexicon import Lexicon
from kg.name_parts import NameParts
from kg.types import Annotation, Entity, Fact

Role = tuple[str, str]
"""What a person is to an organisation: its id and the title."""


@dataclass(frozen=True, slots=True, order=True)
class Profile:
    """A distinct entity of a build.

    ``id`` is what stands behind ``id/`` in its IRI; ``known`` says that it is a lexicon's; ``names`` are all surface
    forms, the fullest first. ``places`` are ids of the places that texts put it in, ``around`` those of all
    places that its texts speak of, with what contains them; ``roles`` tell persons apart; ``apart`` are the ids to
    which some text relates it, so that it is none of them. ``documents`` counts the texts.
    """

    id: str
    type: str
    names: tuple[str, ...]
    known: bool = False
    places: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    apart: frozenset[str] = frozenset()
    documents: int = 1


def fullest_first(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, the longest first."""
    return tuple(sorted(set(names), key=lambda name: (-len(name), name)))


def profiles_of(
    annotation: Annotation, id_of: Callable[[Entity], str], parts: NameParts, lexicon: Lexicon
) -> Iterator[Profile]:
    """The profiles that one document gives; ``id_of`` gives an entity's id in the build."""
    ids = {entity.id: id_of(entity) for entity in annotation.entities}
    places = {entity.id for entity in annotation.entities if entity.known and entity.type in parts.places}
    around = frozenset(place for id in places for place in (id, *lexicon.ancestors(id)))
    for entity in annotation.entities:
        facts = [fact for fact in annotation.facts if entity.id in (fact.subject, fact.object)]
        yield Profile(
            ids[entity.id],
            entity.type,
            fullest_first(entity.names),
            entity.known,
            frozenset(_places(entity, facts, parts, places)),
            around - {entity.id},
            frozenset(_roles(entity, facts, parts, ids)),
            frozenset(ids[end] for fact in facts for end in (fact.subject, fact.object) if end in ids)
            - {ids[entity.id]},
        )


def _places(entity: Entity, facts: Iterable[Fact], parts: NameParts, places: set[str]) -> Iterator[str]:
    for fact in facts:
        if fact.predicate in parts.containment and fact.subject == entity.id and fact.object in places:
            yield str(fact.object)


def _roles(entity: Entity, facts: Iterable[Fact], parts: NameParts, ids: dict[str, str]) -> Iterator[Role]:
    if entity.type in parts.scoped:
        for fact in facts:
            if fact.predicate == parts.by and fact.subject == entity.id and fact.object in ids:
                titles = (value.text for name, value in fact.qualifiers if name == parts.qualifier)
                yield from ((ids[str(fact.object)], title) for title in titles)


def write_profiles(profiles: Iterable[Profile], canonical: Callable[[str], str], path: Path) -> None:
    """Write profiles, one a line of JSON, each with the id that stands for it."""
    lines = (json.dumps(_record(each) | {"canonical": canonical(each.id)}, ensure_ascii=False) for each in profiles)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _record(profile: Profile) -> dict[str, Any]:
    return {
        field.name: sorted(value) if isinstance(value := getattr(profile, field.name), frozenset) else value
        for field in fields(Profile)
    }


def load_profiles(path: Path) -> tuple[tuple[Profile, ...], dict[str, str]]:
    """The profiles of a build, and for each id the one that stands for it.

    Raises :class:`ReadError` if there is no such file, :class:`DataError` if it is no file of profiles.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return tuple(map(_profile, rows)), {row["id"]: row["canonical"] for row in rows}
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}); build again") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}:1: no profiles of a build ({error}); build again") from error


def _profile(row: dict[str, Any]) -> Profile:
    return Profile(
        row["id"],
        row["type"],
        tuple(row["names"]),
        row["known"],
        frozenset(row["places"]),
        frozenset(row["around"]),
        frozenset((org, title) for org, title in row["roles"]),
        frozenset(row["apart"]),
        row["documents"],
    )


def join_profiles(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """One profile for each id, by id: what all documents together say; in whatever order they come."""
    joined: dict[str, list[Profile]] = {}
    for profile in profiles:
        joined.setdefault(profile.id, []).append(profile)
    return tuple(_join(group) for _, group in sorted(joined.items()))


def _join(group: list[Profile]) -> Profile:
    return replace(
        group[0],
        type=min(profile.type for profile in group),
        names=fullest_first(name for profile in group for name in profile.names),
        places=frozenset().union(*(profile.places for profile in group)),
        around=frozenset().union(*(profile.around for profile in group)),
        roles=frozenset().union(*(profile.roles for profile in group)),
        apart=frozenset().union(*(profile.apart for profile in group)),
        documents=sum(profile.documents for profile in group),
    )
