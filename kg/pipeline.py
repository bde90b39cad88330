"""The path for a batch of documents: what to load (``Recipe``), what was loaded (``Kit``), and ``annotate``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.calibration import calibrate, load_confidence
from kg.engines import FACT_ENGINES, MENTION_ENGINES, make
from kg.engines.parts import Parts
from kg.errors import DataError
from kg.facts import Gate, find_facts
from kg.fields import WORD, WORDS
from kg.lexicon import load_lexicon
from kg.link import Linker
from kg.mentions import find_mentions
from kg.resources import data
from kg.types import Annotation, Document, FactEngine, MentionEngine
from kg.vocab import load_vocab

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SHARED = ("layout.yaml", "numbers.yaml", "time.yaml", "units.csv")
_PATHS = ("ontology", "lexicon", "grammar", "shapes", "queries", "gold", "judgements", "reviews", "imports")
_ABOUT = ("title", "licence", "publisher")
"""What a recipe may say of the dataset that it makes, for catalogues; no build depends on it."""
_LATER = {"reviews": "reviews.csv", "imports": "imports"}
"""Keys that older recipes lack, with what they then mean."""
_LISTS = ("sources", "mention_engines", "fact_engines")
_IRI = re.compile(r"""[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+""")
_BASE = re.compile(_IRI.pattern + "[/#]")
"""An absolute IRI that more can be written behind."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to load, by address: this travels to workers. Paths are absolute; names are those of the engine tables.

    ``title``, ``licence`` (an IRI) and ``publisher`` (an IRI or a name) are said of the dataset; they may be empty.
    """

    name: str
    base: str
    ontology: Path
    lexicon: Path
    grammar: Path
    shapes: Path
    queries: Path
    gold: Path
    judgements: Path
    reviews: Path
    imports: Path
    sources: tuple[Path, ...]
    mention_engines: tuple[str, ...]
    fact_engines: tuple[str, ...]
    title: str = ""
    licence: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """What was loaded: this never travels. ``confidence`` is what was measured of rules (``kg.calibration``)."""

    recipe: Recipe
    parts: Parts
    linker: Linker
    gate: Gate
    mention_engines: tuple[MentionEngine, ...]
    fact_engines: tuple[FactEngine, ...]
    confidence: Mapping[str, float]


def load_recipe(path: Path) -> Recipe:
    """Read a recipe; paths in it are relative to its folder. What is missing or unknown is a ``DataError``."""
    try:
        raw: dict[str, Any] = _LATER | tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise DataError(f"{path}: cannot be read ({e.strerror}); give the recipe's file") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise DataError(f"{path}:1: not TOML ({e}); mend it") from e
    wanted = {"name", "base", *_PATHS, *_LISTS}
    if raw.keys() - {*_ABOUT} != wanted:
        odd, keys = sorted(wanted ^ raw.keys() - {*_ABOUT}), ", ".join(sorted(wanted.union(_ABOUT)))
        raise DataError(f"{path}:1: missing or unknown: {', '.join(odd)}; keys are {keys}")
    _check(raw, path)
    folder = path.resolve().parent
    places = {key: (folder / str(raw[key])).resolve() for key in _PATHS}
    return Recipe(
        name=str(raw["name"]),
        base=str(raw["base"]),
        sources=tuple((folder / s).resolve() for s in raw["sources"]),
        mention_engines=tuple(raw["mention_engines"]),
        fact_engines=tuple(raw["fact_engines"]),
        title=str(raw.get("title", "")),
        licence=str(raw.get("licence", "")),
        publisher=str(raw.get("publisher", "")),
        **places,
    )


def _check(raw: Mapping[str, Any], path: Path) -> None:
    """A value of another shape, or an engine that there is none of, is a ``DataError`` with its line."""
    for key, value in raw.items():
        shape = WORDS if key in _LISTS else WORD
        if not shape.fits(value):
            raise DataError(f"{path}:{_line(path, key)}: {key} must be {shape.wants}; mend it")
    if not _BASE.fullmatch(raw["base"]):
        where, wanted = f"{path}:{_line(path, 'base')}", "the beginning of IRIs, like https://example.org/news/"
        raise DataError(f"{where}: base must be {wanted}; mend {raw['base']!r}")
    if "licence" in raw and not _IRI.fullmatch(raw["licence"]):
        where, wanted = f"{path}:{_line(path, 'licence')}", "an IRI, like https://creativecommons.org/licenses/by/4.0/"
        raise DataError(f"{where}: licence must be {wanted}; mend {raw['licence']!r}")
    for key, table in (("mention_engines", MENTION_ENGINES), ("fact_engines", FACT_ENGINES)):
        for name in raw[key]:
            if name not in table:
                raise DataError(f"{path}:{_line(path, key)}: no engine {name!r}; known: {', '.join(table)}")


def _line(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((k for k, line in enumerate(lines, 1) if line.partition("=")[0].strip() == key), 1)


def _refuse_unread(grammar: Path) -> None:
    """Values and layout are read alike for all recipes: changed copies would be passed over in silence."""
    for name in _SHARED:
        own, bundled = grammar / name, data() / "grammar" / name
        if own.is_file() and own.read_bytes() != bundled.read_bytes():
            raise DataError(f"{own}:1: every recipe reads with the bundled {name}, not its own; remove this file")


@lru_cache(maxsize=4)
def load_kit(recipe: Recipe) -> Kit:
    """Load what a recipe names, once a process."""
    _refuse_unread(recipe.grammar)
    vocab = load_vocab(recipe.ontology)
    parts = Parts(recipe.grammar, vocab, load_lexicon(recipe.lexicon, vocab))
    gate = Gate(
        vocab,
        parts.linker.data.described,
        frozenset(rule.id for rule in parts.anaphora if rule.raw["resolve"] != "characters"),
    )
    return Kit(
        recipe,
        parts,
        parts.linker,
        gate,
        make(MENTION_ENGINES, recipe.mention_engines, parts),
        make(FACT_ENGINES, recipe.fact_engines, parts),
        load_confidence(recipe.grammar),
    )


def annotate(docs: Sequence[Document], kit: Kit) -> tuple[Annotation, ...]:
    """Read a batch of documents: mentions, entities, facts and figures. Same in, same out, anywhere."""
    batch = find_mentions([Annotation(doc) for doc in docs], kit.mention_engines, kit.gate.vocab)
    batch = [_link(a, kit.linker) for a in batch]
    return tuple(calibrate(a, kit.confidence) for a in find_facts(batch, kit.fact_engines, kit.gate))


def _link(a: Annotation, linker: Linker) -> Annotation:
    links, entities = linker.link(a.document, a.mentions)
    return replace(a, links=links, entities=entities)


def batched(documents: Iterator[Document], size: int = 64) -> Iterator[tuple[Document, ...]]:
    """Documents in batches of ``size``, the last one shorter."""
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == size:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
