"""The compiler of the domain expert: all that a recipe names is read, and every rule is tried on its examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.engines.parts import Parts
    from kg.pipeline import Recipe
    from kg.vocab import Vocab

T = TypeVar("T")


def check(recipe: Recipe | Path | str | None = None) -> Iterator[str]:
    """Everything wrong with what a recipe loads, one message each, beginning ``file:line:`` where there is one.

    Goes on behind each problem as far as it can: a broken recipe or ontology ends the search, a broken rule file does
    not hide a broken lexicon. Nothing comes where everything is in order.
    """
    from kg.build import to_recipe

    plan, wrong = _tried(partial(to_recipe, recipe))
    yield from wrong
    if plan is not None:
        yield from dict.fromkeys(_check(plan))


def _check(recipe: Recipe) -> Iterator[str]:
    from kg.decisions import load_decisions
    from kg.gold import load_gold
    from kg.importing_graph import load_imports
    from kg.judgements import load_judgements
    from kg.shapes import read_shapes
    from kg.text_examples import failures
    from kg.vocab import check_ontology, load_vocab

    yield from check_ontology(recipe.ontology)
    messages, wrong = _tried(lambda: list(failures()))
    yield from (*wrong, *(messages or ()))
    for source in recipe.sources:
        yield from _tried(partial(_read_all, source))[1]
    yield from _tried(partial(read_shapes, recipe.shapes))[1]
    yield from _tried(partial(load_gold, recipe.gold))[1]
    yield from _tried(partial(load_judgements, recipe.judgements))[1]
    yield from _tried(partial(load_imports, recipe.imports, recipe.base))[1]
    vocab, wrong = _tried(partial(load_vocab, recipe.ontology))
    yield from wrong
    if vocab is not None:
        yield from _tried(lambda: load_decisions(recipe.reviews, vocab, {}, (), {}))[1]
        yield from _check_torn(recipe)
        yield from _check_questions(recipe, vocab)
        yield from _check_knowledge(recipe, vocab)


def _tried(step: Callable[[], T]) -> tuple[T | None, list[str]]:
    """What a step gives, or else its problem."""
    try:
        return step(), []
    except KgError as error:
        return None, [str(error)]


def _read_all(source: Path) -> int:
    from kg.read import read

    return sum(1 for _ in read([source]))


def _check_torn(recipe: Recipe) -> Iterator[str]:
    """Files of decisions that end in what a killed writer left of a line."""
    from kg import judgements, ledger, reviews

    for path, form in ((recipe.judgements, judgements.FORM), (recipe.reviews, reviews.FORM)):
        found, _ = _tried(partial(ledger.read, path, form))
        if found and found.torn:
            yield f"{found.torn}: the rest of a line that was never finished; the next decision clears it away"


def _check_questions(recipe: Recipe, vocab: Vocab) -> Iterator[str]:
    """Questions that are no SPARQL, or speak of terms that the ontology does not declare."""
    from kg.questions import list_questions
    from kg.stores.embedded import open as open_embedded
    from kg.turtle import read_turtle

    questions, wrong = _tried(partial(list_questions, recipe.queries))
    yield from wrong
    declared = {str(node).strip("<>").removeprefix(vocab.namespace) for node in read_turtle(recipe.ontology).index}
    for question in questions or ():
        where = recipe.queries / f"{question.name}.rq"
        for problem in _tried(partial(open_embedded().query, question.query))[1]:
            yield re.sub(r"^query:", f"{where}:", problem.partition("\n")[0])
        for line, why in _undeclared(question.query, vocab.prefix, declared):
            yield f"{where}:{line}: {why}"


def _undeclared(query: str, prefix: str, declared: set[str]) -> Iterator[tuple[int, str]]:
    from kg.sparql import unknown_names

    for token, near in unknown_names(query, prefix, declared):
        hint = f"did you mean {prefix}:{near}?" if near else "declare it first"
        yield query.count("\n", 0, token.start) + 1, f"{token.text} is not declared in the ontology; {hint}"


def _check_knowledge(recipe: Recipe, vocab: Vocab) -> Iterator[str]:
    """Lexicon and grammar."""
    from kg.engines.parts import Parts
    from kg.examples import check_examples
    from kg.lexicon import load_lexicon
    from kg.pipeline import load_kit

    lexicon, wrong = _tried(partial(load_lexicon, recipe.lexicon, vocab))
    if lexicon is not None:
        wrong += _check_engines(recipe, Parts(recipe.grammar, vocab, lexicon))
    yield from wrong
    if not wrong:
        yield from map(str, check_examples(load_kit(recipe)))


def _check_engines(recipe: Recipe, parts: Parts) -> Iterator[str]:
    """Each engine is made by itself, so that one bad file does not hide another."""
    from kg.engines import FACT_ENGINES, MENTION_ENGINES, make

    for name in recipe.mention_engines:
        yield from _tried(partial(make, MENTION_ENGINES, (name,), parts))[1]
    for name in recipe.fact_engines:
        yield from _tried(partial(make, FACT_ENGINES, (name,), parts))[1]
    yield from _tried(lambda: parts.linker)[1]
