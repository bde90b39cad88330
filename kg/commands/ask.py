"""Commands that ask a build and carry it elsewhere: query, questions, stats, view, export."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.commands.carry import export
from kg.commands.options import example, in_option, recipe_option
from kg.commands.view import view


@click.command(
    epilog=example(
        "kg query relocations",
        "kg query 'SELECT ?name { ?x a kg:Zone ; rdfs:label ?name }'",
        "kg query question.rq --format csv > answer.csv",
    )
)
@click.argument("question")
@in_option
@click.option("--format", "fmt", default="", metavar="FORMAT", help="table, csv, tsv, json; turtle, nt for triples.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True, help="Seconds."
)
def query(question: str, build: Path, fmt: str, timeout: float) -> None:
    """Ask a build.

    QUESTION is SPARQL, a file with SPARQL, or the name of a question that kg questions lists. The prefixes kg:, id:,
    rdfs: and the like need no declaration; the default graph is the union of all.
    """
    from kg.api import recipe_of
    from kg.query import run_query

    folder = recipe_of(build).queries
    click.echo(run_query(build, question, timeout=timeout, fmt=fmt, questions=folder), nl=False)


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
