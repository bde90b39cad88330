"""The whole path for many documents: sources and a recipe in, a build folder out.

Each batch of documents is annotated on its own, anywhere (``runner``), and comes back as a :class:`Reading`. Which of
its entities are one with those of others is found over the profiles of all; only then are quads and records made of it
(a :class:`Part`). What spans documents is computed over the union, last; so the same input gives the same bytes
however the work was cut and in whatever order it came back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.outputs import Findings, Part, Reading, write_build
from kg.progress import Progress, Watch
from kg.report import Summary, may_replace, write_report
from kg.resources import default_recipe, find_recipe
from kg.runners import open_runner
from kg.staging import staged
from kg.types import Document

if TYPE_CHECKING:
    from kg.decisions import Decisions
    from kg.pipeline import Kit, Recipe
    from kg.resolve import Identity

BATCH = 32
"""Documents that a worker is given at once."""


def build(
    sources: Sequence[str | Path] = (),
    recipe: Recipe | Path | str | None = None,
    out: str | Path = "build",
    *,
    runner: str = "serial",
    progress: Progress | None = None,
) -> Summary:
    """Read ``sources`` (files, folders; without any, the recipe's own) and write the build folder ``out``.

    The folder is replaced as a whole at the end: whatever fails, the previous build stays. A source that cannot be
    read is told in ``Summary.problems`` while the others are built. Raises :class:`ReadError` if none can be read,
    :class:`OutputError` if ``out`` cannot be written or holds files that no build made, :class:`DataError` if recipe,
    ontology, lexicon or a rule is wrong. ``runner`` says where documents are annotated: ``serial``, ``processes:4``.
    """
    from kg.pipeline import batched, load_kit

    watch, plan, workers = Watch(progress), to_recipe(recipe), open_runner(runner)
    problems: list[str] = []
    with staged(Path(out), may_replace) as folder:
        with watch.stage("load"):
            kit = load_kit(plan)
        with watch.stage("annotate"):
            documents = _read(sources, problems) if sources else _read(plan.sources, problems, _above(plan))
            work = partial(annotate_batch, recipe=plan)
            readings = tuple(
                watch.each(workers.map(work, batched(documents, BATCH)), lambda each: len(each.annotations))
            )
        if not readings:
            raise ReadError(_nothing(problems))
        with watch.stage("resolve"):
            identity = identify(readings, kit)
        with watch.stage("state"):
            decisions = decisions_of(readings, kit, identity)
            parts = [to_part(reading, kit, identity, decisions) for reading in readings]
        findings = write_build(parts, identity, kit, folder, watch)
        place = str(find_recipe(recipe).resolve()) if isinstance(recipe, str | Path) else ""
        summary = _summary(Path(out), plan.name, place, parts, findings, problems, watch)
        summary = replace(summary, decisions=_count(parts, decisions))
        write_report(summary, folder)
    return summary


def _summary(
    out: Path, name: str, place: str, parts: Sequence[Part], found: Findings, problems: Sequence[str], watch: Watch
) -> Summary:
    return Summary(
        out=out,
        recipe=name,
        recipe_file=place,
        documents=sum(part.documents for part in parts),
        characters=sum(part.characters for part in parts),
        quads=found.quads,
        counts=found.counts,
        problems=tuple(problems),
        violations=tuple(map(str, found.shapes.violations)),
        conforms=found.shapes.conforms,
        seconds=watch.seconds,
        imports=found.imports,
    )


def _count(parts: Sequence[Part], decisions: Decisions) -> Mapping[str, int]:
    from kg.decisions import count_decisions

    met = {fact for part in parts for fact in part.met}
    return count_decisions(decisions, met, {fact for part in parts for fact in part.unstated})


def to_recipe(recipe: Recipe | Path | str | None) -> Recipe:
    """A recipe as it is, or read from its file, which a bundled one's name stands for; the default one for ``None``."""
    from kg.pipeline import Recipe, load_recipe

    return recipe if isinstance(recipe, Recipe) else load_recipe(find_recipe(recipe or default_recipe()))


def annotate_batch(documents: Sequence[Document], recipe: Recipe) -> Reading:
    """Annotate some documents. This runs in a worker, which loads its kit once: ``load_kit`` keeps it."""
    from kg.outputs import context_of
    from kg.pipeline import annotate, load_kit
    from kg.profiles import join_profiles, profiles_of

    kit = load_kit(recipe)
    id_of, names = context_of(kit).entity_id, kit.parts.judge.names
    done = annotate(documents, kit)
    return Reading(done, join_profiles(p for a in done for p in profiles_of(a, id_of, names.parts, names.lexicon)))


def identify(readings: Sequence[Reading], kit: Kit) -> Identity:
    """Which entities of all documents are one, by the judgements of people and by structure."""
    from kg.judgements import load_judgements
    from kg.resolve import resolve

    profiles = [profile for reading in readings for profile in reading.profiles]
    return resolve(profiles, load_judgements(kit.recipe.judgements), kit.parts.judge)


def decisions_of(readings: Sequence[Reading], kit: Kit, identity: Identity) -> Decisions:
    """What people decided on facts and figures, as it is for the entities of these documents."""
    from kg.decisions import load_decisions

    profiles = (profile for reading in readings for profile in reading.profiles)
    entries = kit.parts.lexicon.entries
    return load_decisions(kit.recipe.reviews, kit.parts.vocab, identity.canonical, profiles, entries)


def to_part(reading: Reading, kit: Kit, identity: Identity, decisions: Decisions) -> Part:
    """What some documents contribute to a build, as people decided, entities under the ids that stand for them."""
    from kg.graph import to_quads
    from kg.identity import unite
    from kg.outputs import context_of
    from kg.records import to_records
    from kg.revision import revise

    context = context_of(kit, identity.canonical)
    united = (unite(annotation, context.entity_iri) for annotation in reading.annotations)
    revised = [revise(annotation, context, decisions) for annotation in united]
    done = [each.annotation for each in revised]
    return Part(
        documents=len(done),
        characters=sum(len(a.document.text) for a in done),
        entities=frozenset(e.id for a in done for e in a.entities if e.known),
        profiles=reading.profiles,
        quads=frozenset(quad for a in done for quad in to_quads(a, context)).union(*(each.quads for each in revised)),
        records=tuple(r for a in done for r in to_records(a, kit.parts.vocab, context.entity_iri)),
        rejected=Counter((r.by, r.reason) for a in done for r in a.rejected),
        texts=tuple((a.document.id, a.document.text) for a in done),
        met=frozenset(fact for each in revised for fact in each.met),
        unstated=frozenset(fact for each in revised for fact in each.unstated),
    )


def _read(sources: Iterable[str | Path], problems: list[str], above: str = "") -> Iterator[Document]:
    """The documents, each text once; what cannot be read goes to ``problems``, one message each.

    A source under ``above`` is called by the rest of its path.
    """
    from kg.read import read

    seen: set[str] = set()
    for source in _each_file(sources, problems):
        try:
            for document in read([source]):
                if document.id not in seen:
                    seen.add(document.id)
                    yield replace(document, source=document.source.removeprefix(above))
        except ReadError as error:
            problems.append(str(error))


def _each_file(sources: Iterable[str | Path], problems: list[str]) -> Iterator[str | Path]:
    """The sources, a folder as its files: one that is bad must not hide those behind it."""
    from kg.read import files

    for source in sources:
        try:
            yield from files(Path(source)) if Path(source).is_dir() else (source,)
        except ReadError as error:
            problems.append(str(error))


def _above(recipe: Recipe) -> str:
    """The folder in which a recipe's own sources lie: where a checkout happens to be is no part of a graph."""
    return f"{recipe.ontology.parent.as_posix()}/"


def _nothing(problems: Sequence[str]) -> str:
    if not problems:
        return "nothing to read here; name a file or a folder with .txt, .html or .jsonl files"
    more = f" (and {len(problems) - 1} more that cannot be read)" if len(problems) > 1 else ""
    return problems[0] + more
