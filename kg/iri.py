"""Where IRIs are made: readable, stable, from content alone, so that every build makes the same ones."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

from kg.types import Entity

BASE = "https://w3id.org/kg-regional/"
"""The default base of all data; a recipe may set its own."""

SLUG_LENGTH = 48
"""Length at which the readable part of an IRI is cut, in characters, at a syllable."""
ENTITY_DIGITS = 8
DIGITS = 20
"""Hexadecimal digits of content hashes: 80 bits, so that even 10^9 statements have no collision to expect."""

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def digest(*parts: str, digits: int = DIGITS) -> str:
    """A short name for content: the first hexadecimal digits of the SHA-256 of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:digits]


def kebab(name: str) -> str:
    """A class name as part of an IRI.

    >>> kebab("AdministrativeRegion")
    'administrative-region'
    """
    return _CAPITAL.sub("-", name).lower()


@lru_cache(maxsize=1 << 16)
def slug(name: str) -> str:
    """ASCII for a name: syllables in pinyin without tones, Latin letters and digits as they are.

    >>> slug("天津港"), slug("“提前申报、船边直提”")
    ('tian-jin-gang', 'ti-qian-shen-bao-chuan-bian-zhi-ti')
    """
    from pypinyin import lazy_pinyin  # slow to import

    syllables = lazy_pinyin(name, v_to_u=False)
    parts = [part for syllable in syllables if (part := _NOT_SLUG.sub("-", syllable.lower()).strip("-"))]
    whole = "-".join(parts)
    return whole if len(whole) <= SLUG_LENGTH else whole[: SLUG_LENGTH + 1].rpartition("-")[0] or whole[:SLUG_LENGTH]


@lru_cache(maxsize=1 << 16)
def pinyin(name: str) -> str:
    """A name in pinyin with tone marks, syllable by syllable, the first letter a capital; empty if it has no Chinese.

    >>> pinyin("京雄城际")
    'Jīng xióng chéng jì'
    """
    from pypinyin import Style, lazy_pinyin  # slow to import

    parts = lazy_pinyin(name, style=Style.TONE)
    text = " ".join(part.strip() for part in parts if part.strip())
    return "" if text == name else text[:1].upper() + text[1:]


def known_iri(base: str, id: str) -> str:
    """The IRI of what a lexicon knows: its own id there."""
    return f"{base}id/{quote(id, safe='-._~')}"


def entity_iri(base: str, entity: Entity) -> str:
    """The IRI of an entity: its own id where it is known, else name, type and a hash of type and id.

    The id of an unknown entity is made of its content (see :class:`kg.types.Entity`), so its hash is too.
    """
    if entity.known:
        return known_iri(base, entity.id)
    parts = (slug(entity.names[0]), kebab(entity.type), digest(entity.type, entity.id, digits=ENTITY_DIGITS))
    return f"{base}id/{'-'.join(part for part in parts if part)}"
