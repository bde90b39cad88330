"""Commands that make things: a build, a check of what a build loads, the skeleton of a new domain."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kg.commands.options import FOLDER, example, problem, progress_bar, quiet_option, recipe_option


@click.command(epilog=example("kg build news/ --out build", "kg build            (the bundled article)"))
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--out", type=FOLDER, default=Path("build"), show_default=True, help="The folder to write or replace.")
@recipe_option
@click.option("--runner", default="serial", show_default=True, help="Where to work: serial, processes, processes:4.")
@quiet_option
def build(sources: tuple[str, ...], out: Path, recipe: Path | None, runner: str, quiet: bool) -> int:
    """Read news and write a knowledge graph.

    A SOURCE is a file (text, HTML, JSON Lines), a folder of them, or - for standard input; without one, the recipe's
    own sources are read. OUT gets graph.nq, facts.ttl, records.jsonl, graph.html, report.md, report.json and store/,
    all at once at the end; until then, and after any failure, the previous build stays. Exit code 1 says that some
    sources could not be read or that a shape is violated: the report tells which.
    """
    from kg.build import build as build_graph
    from kg.report import to_text

    with progress_bar(quiet) as progress:
        summary = build_graph(sources, recipe, out, runner=runner, progress=progress)
    for message in summary.problems:
        problem(message)
    if not quiet:
        click.echo(to_text(summary, os.environ.get("KG_PROGRAM", "kg")))
    return 0 if summary.ok else 1


@click.command(epilog=example("kg check --recipe museum/recipe.toml"))
@recipe_option
@quiet_option
def check(recipe: Path | None, quiet: bool) -> int:
    """Check all that a build loads, rules by their examples.

    Recipe, ontology, lexicons, rules, shapes, questions, gold. Each problem is one line that begins with file and line;
    exit code 1 if there is one.
    """
    from kg.check import check as check_recipe

    in_order = True
    for each in check_recipe(recipe):
        click.echo(each)
        in_order = False
    if in_order and not quiet:
        click.echo("everything is in order", err=True)
    return 0 if in_order else 1


@click.command(epilog=example("kg init museum", "kg check --recipe museum/recipe.toml"))
@click.argument("folder", type=FOLDER, metavar="DIR")
@quiet_option
def init(folder: Path, quiet: bool) -> int:
    """Write a working skeleton for another domain.

    DIR must be new or empty. It gets an ontology, a lexicon, rules with examples, shapes, a question, an article and a
    recipe of its own; kg check and kg build work on it at once. Replace its parts by yours, one by one.
    """
    from kg.init import init as write_skeleton

    written = write_skeleton(folder)
    if not quiet:
        click.echo("\n".join(str(path) for path in written))
        click.echo(f"next: kg check --recipe {folder}/recipe.toml", err=True)
    return 0


COMMANDS = (build, check, init)
