"""The command that shows why: of a fact in a build, or of a text given on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import FOLDER, example, in_option, problem

if TYPE_CHECKING:
    from kg.explain import Ink

STYLES: dict[str, dict[str, object]] = {
    "mark": {"fg": "black", "bg": "yellow"},
    "head": {"bold": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red"},
    "soft": {"dim": True},
}
"""How styles look on a terminal."""


@click.command(
    epilog=example(
        "kg explain 9c1f20ab",
        "kg explain SUBJECT PREDICATE OBJECT",
        "kg explain SUBJECT PREDICATE ?",
        "kg explain --text SENTENCE --published 2021-02-10",
    )
)
@click.argument("fact", nargs=-1, metavar="[FACT]...")
@in_option
@click.option("--text", help="Explain what is read in this text; - for standard input.")
@click.option("--published", default="", metavar="DATE", help="When the text was published (2021-02-10, 2021-02).")
@click.option("--recipe", type=FOLDER, help="What to load; by default what the build was made with.")
def explain(fact: tuple[str, ...], build: Path, text: str | None, published: str, recipe: Path | None) -> int:
    """Show why a build says something.

    FACT is the address of a statement, figure, evidence or rejection, the beginning of its hash, or three words:
    subject, predicate and object by label, with ? for any. Told are the source and its line, the sentence and how rules
    see it, the rule with its pattern and examples, what decided modality and date, the gates it passed or the one that
    refused it. With --text, everything that is read in a text: names, dates, figures, each rule that is called, what it
    states, and where a pattern fails.

    Exit code 1 says that the build says nothing of the kind.
    """
    if bool(fact) == (text is not None):
        raise click.UsageError("give a FACT, or --text with a text")
    if text is not None:
        return _text(sys.stdin.read() if text == "-" else text, published, recipe)
    return _fact(fact, build, recipe)


def _text(text: str, published: str, recipe: Path | None) -> int:
    from kg.build import to_recipe
    from kg.explain import explain_text
    from kg.metadata import iso_date
    from kg.pipeline import load_kit

    if published and iso_date(published) != published:
        raise click.UsageError("--published is a day, month or year: 2021-02-10, 2021-02, 2021")
    if not text.strip():
        raise click.UsageError("--text holds no words")
    for line in explain_text(text, load_kit(to_recipe(recipe)), published, _ink()):
        click.echo(line)
    return 0


def _fact(fact: tuple[str, ...], build: Path, recipe: Path | None) -> int:
    from kg.api import recipe_of
    from kg.explain import explain_fact, said_of
    from kg.pipeline import load_kit

    kit = load_kit(recipe_of(build, recipe))
    lines = explain_fact(fact, build, kit, _ink())
    click.echo("\n".join(lines), nl=bool(lines))
    if not lines:
        problem(f"{build}: says nothing of the kind: {' '.join(fact)}")
        for said in said_of(fact, build, kit):
            problem(f"  but: {said}")
    return 0 if lines else 1


def _ink() -> Ink:
    from kg.explain import plain_ink

    return _coloured if sys.stdout.isatty() else plain_ink


def _coloured(style: str, text: str) -> str:
    return click.style(text, **STYLES[style])  # type: ignore[arg-type]


COMMANDS = (explain,)
