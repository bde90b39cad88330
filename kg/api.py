"""What one asks of a build folder from Python; each function is what the command of its name does.

A build remembers its recipe (``report.json``), so ontology, shapes, questions and gold are found without being named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.report import load_report

if TYPE_CHECKING:
    from kg.evaluate import Scores
    from kg.export import Choice, ExportSummary
    from kg.pipeline import Recipe
    from kg.questions import Question
    from kg.types import Table
    from kg.validate import Report
    from kg.view import Language, ViewSummary
    from kg.view_part import Part

BUILD = Path("build")


def recipe_of(build: str | Path = BUILD, recipe: str | Path | None = None) -> Recipe:
    """The recipe named, or else the one that a build was made with; :class:`OutputError` if there is no build."""
    from kg.build import to_recipe

    made_with = load_report(Path(build))["recipe_file"]
    return to_recipe(recipe or made_with or None)


def query(question: str, build: str | Path = BUILD, *, timeout: float = 30.0) -> Table:
    """Ask a build: SPARQL, the name of a bundled question, or a file with a query; ``timeout`` is in seconds.

    Raises :class:`QueryError` for a query that is wrong (with line and column), refused, or too slow.
    """
    from kg.query import query_table

    return query_table(Path(build), question, timeout=timeout, questions=recipe_of(build).queries)


def questions(build: str | Path = BUILD) -> tuple[Question, ...]:
    """The questions that a build's recipe brings, by name."""
    from kg.query import list_questions

    return list_questions(recipe_of(build).queries)


def view(
    build: str | Path = BUILD,
    out: str | Path | None = None,
    *,
    part: Part | None = None,
    title: str = "",
    lang: Language = "zh",
) -> ViewSummary:
    """Write the network of a build, or of a ``part`` of it, as one HTML file that needs no network.

    By default ``graph.html`` of the build, or ``network.html`` here for a part. In a notebook the summary shows it.
    Raises :class:`QueryError` where the part names nothing that is there.
    """
    from kg.view import render_model
    from kg.view_part import Part, take
    from kg.vocab import load_vocab

    folder, chosen = Path(build), part or Part()
    recipe = recipe_of(folder)
    vocab = load_vocab(recipe.ontology)
    model = take(folder, chosen, vocab, recipe.queries)
    where = Path(out) if out else folder / "graph.html" if chosen.whole else Path("network.html")
    return render_model(model, vocab, where, title=title, lang=lang)


def export(
    build: str | Path = BUILD,
    fmt: str = "turtle",
    output: str | Path | None = None,
    *,
    graphs: Sequence[str] = (),
    choice: Choice | None = None,
) -> ExportSummary:
    """Write a build in another format (``kg.export.FORMATS``); see :func:`kg.export.export`."""
    from kg.export import About, Choice
    from kg.export import export as write

    if fmt == "void":
        recipe = recipe_of(build)
        choice = replace(choice or Choice(), about=About(recipe.title, recipe.licence, recipe.publisher))
    else:
        load_report(Path(build))
    return write(Path(build), fmt, Path(output) if output else None, graphs=graphs or None, choice=choice)


def validate(build: str | Path = BUILD) -> Report:
    """Check a build against its shapes and the invariants of the model."""
    from kg.validate import validate as check
    from kg.vocab import load_vocab

    recipe = recipe_of(build)
    return check(Path(build) / "graph.nq", load_vocab(recipe.ontology), recipe.shapes)


def score(build: str | Path = BUILD, gold: str | Path | None = None) -> Scores:
    """Compare a build's records with gold annotations; by default those of its recipe."""
    from kg.evaluate import load_gold, load_records
    from kg.evaluate import score as compare
    from kg.vocab import load_vocab

    recipe = recipe_of(build)
    records = load_records(Path(build) / "records.jsonl")
    return compare(load_gold(Path(gold or recipe.gold)), records, load_vocab(recipe.ontology))


def errors(scores: Scores, out: str | Path, build: str | Path = BUILD, gold: str | Path | None = None) -> None:
    """Write every item on which ``scores`` differ from the gold as one HTML page, grouped by rule."""
    from kg.gallery import write_gallery
    from kg.gallery_material import gather
    from kg.pipeline import load_kit

    recipe = recipe_of(build)
    documents = {miss.document for miss in scores.misses}
    material = gather(Path(build), Path(gold or recipe.gold), load_kit(recipe), documents)
    write_gallery(scores, material, Path(out))
