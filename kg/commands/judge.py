"""Commands that judge a build: validate against the shapes, score against gold annotations."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.commands.options import FOLDER, example, in_option, quiet_option


@click.command(epilog=example("kg validate --in build"))
@in_option
@quiet_option
def validate(build: Path, quiet: bool) -> int:
    """Check a build against its SHACL shapes.

    Each violation is one line that names the fact, the sentence and the rule; exit code 1 if there is one.
    """
    from kg.api import validate as check

    report = check(build)
    for violation in report.violations:
        click.echo(str(violation))
    if not quiet:
        click.echo("conforms" if report.conforms else "does not conform", err=True)
    return 0 if report.conforms else 1


@click.command(
    epilog=example("kg score --min 0.8", "kg score --gold my-gold/ --misses", "kg score --errors errors.html")
)
@in_option
@click.option("--gold", type=FOLDER, help="Folder of *.gold.yaml; by default the recipe's own.")
@click.option("--min", "least", type=click.FloatRange(0, 1), default=0.0, help="Exit with 1 if an F1 is below.")
@click.option("--misses", is_flag=True, help="List each item that is missed or wrong.")
@click.option("--errors", type=FOLDER, metavar="FILE", help="Write misses and wrong items as one HTML page, by rule.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(build: Path, gold: Path | None, least: float, misses: bool, errors: Path | None, as_json: bool) -> int:
    """Compare what a build found with gold annotations.

    Prints precision, recall and F1 by type, by predicate and in all. The rules are in data/gold/GUIDELINES.md. Only
    documents with gold annotations count.
    """
    from kg.api import errors as write_errors
    from kg.api import score as compare
    from kg.evaluate import render_table

    scores = compare(build, gold)
    if errors:
        write_errors(scores, errors, build, gold)
    if misses:
        click.echo("\n".join(map(str, scores.misses)))
    totals = {"entities": scores.entities, "facts": scores.facts, "observations": scores.observations}
    figures = {name: {"precision": t.precision, "recall": t.recall, "f1": t.f1} for name, t in totals.items()}
    click.echo(json.dumps(figures, indent=1) if as_json else render_table(scores), nl=as_json)
    return 1 if any(t.f1 < least for t in totals.values() if t.right or t.wrong or t.missed) else 0


COMMANDS = (validate, score)
