"""Commands that ask a build and carry it elsewhere: query, questions, stats, view, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.carry import export
from kg.commands.options import example, in_option, problem, recipe_option
from kg.commands.remote import graph_option, store_option
from kg.commands.view import view

if TYPE_CHECKING:
    from kg.pipeline import Recipe

HEADING = {"table": 2, "csv": 1, "tsv": 1}
"""The lines of an answer without rows, by format."""


@click.command(
    epilog=example(
        "kg query relocations",
        "kg query 'SELECT ?name { ?x a kg:Zone ; rdfs:label ?name }'",
        "kg query question.rq --format csv > answer.csv",
        "kg query agreements --endpoint http://localhost:7878",
    )
)
@click.argument("question")
@in_option
@click.option("--format", "fmt", default="", metavar="FORMAT", help="table, csv, tsv, json; turtle, nt for triples.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True, help="Seconds."
)
@click.option("--endpoint", default="", metavar="URL", help="Ask a store on the network in the place of a build.")
@store_option
@graph_option
def query(
    question: str, build: Path, fmt: str, timeout: float, endpoint: str, store: str, graphs: tuple[str, ...]
) -> None:
    """Ask a build, or a store on the network.

    QUESTION is SPARQL, a file with SPARQL, or the name of a question that kg questions lists. The prefixes kg:, id:,
    rdfs: and the like need no declaration; the default graph is the union of all. --store and --graph are for stores
    on the network (as with kg push): their kind, and the graphs that are asked.
    """
    if endpoint:
        click.echo(_ask_endpoint(question, build, fmt, timeout, endpoint, store, graphs), nl=False)
        return
    if store or graphs:
        raise click.UsageError("--store and --graph go with --endpoint; in a query over a build, write GRAPH or FROM")
    from kg.api import recipe_of
    from kg.query import run_query

    recipe = recipe_of(build)
    answer = run_query(build, question, timeout=timeout, fmt=fmt, questions=recipe.queries)
    click.echo(answer, nl=False)
    if answer.count("\n") <= max(HEADING.values()):
        _tell_nothing(question, recipe, answer, fmt)


def _tell_nothing(question: str, recipe: Recipe, answer: str, fmt: str) -> None:
    """Nothing may be the answer, or the fault of a term that does not exist."""
    from kg.query import unknown_terms
    from kg.questions import find_query
    from kg.sparql import form
    from kg.vocab import load_vocab

    text = find_query(question, recipe.queries)[0]
    kind = form(text)
    heading = HEADING.get(fmt or ("table" if kind == "SELECT" else ""), 0)
    if kind == "ASK" or answer.count("\n") > heading or '"bindings":[{' in answer:
        return
    for each in list(unknown_terms(text, load_vocab(recipe.ontology))) or ["nothing was found"]:
        problem(each)


def _ask_endpoint(
    question: str, build: Path, fmt: str, timeout: float, endpoint: str, store: str, graphs: tuple[str, ...]
) -> str:
    """The answer of a store; questions are those of the build if there is one, else the bundled ones."""
    from kg.api import recipe_of
    from kg.build import to_recipe
    from kg.report import is_build
    from kg.stores.asking import run_query
    from kg.stores.remote import connect

    recipe = recipe_of(build) if is_build(build) else to_recipe(None)
    asked = connect(endpoint, store=store, timeout=timeout, tell=problem)
    return run_query(asked, question, fmt=fmt, graphs=graphs, questions=recipe.queries)


@click.command(epilog=example("kg questions"))
@recipe_option
def questions(recipe: Path | None) -> None:
    """List the questions that can be asked by name."""
    from kg.build import to_recipe
    from kg.query import list_questions

    listed = list_questions(to_recipe(recipe).queries)
    width = max((len(each.name) for each in listed), default=0)
    for each in listed:
        click.echo(f"{each.name:{width}}  {each.zh}\n{'':{width}}  {each.en}")


@click.command(epilog=example("kg stats", "kg stats --in build --json"))
@in_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(build: Path, as_json: bool) -> None:
    """Count what a build holds.

    Quads by graph, entities by class, facts by predicate, articles by year, what most is said about.
    """
    from kg import nquads
    from kg.outputs import GRAPH
    from kg.report import load_report
    from kg.stats import stats as count
    from kg.stats import to_json, to_text

    load_report(build)
    figures = count(nquads.read(build / GRAPH))
    click.echo(json.dumps(to_json(figures), ensure_ascii=False, indent=1) if as_json else to_text(figures))


COMMANDS = (query, questions, stats, view, export)
