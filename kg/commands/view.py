"""The command that draws a build, or a part of it, as one HTML file: view."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import FOLDER, example, in_option, quiet_option

if TYPE_CHECKING:
    from kg.view import Language
    from kg.view_model import Model
    from kg.vocab import Vocab

PART = Path("network.html")
"""Where a part is drawn unless told: a build's own graph.html is the whole of it."""


@click.command(
    epilog=example(
        "kg view --output network.html --lang en",
        "kg view --around id:xiongan --hops 2",
        "kg view --construct network --output answer.html",
        "kg view --from 2014 --to 2020-06",
    )
)
@in_option
@click.option("--around", default="", metavar="NAME", help="What lies around this: a label, an alias or an IRI.")
@click.option("--hops", type=click.IntRange(min=0), help="How many relations away; 1 unless told.  [with --around]")
@click.option("--construct", default="", metavar="QUERY|FILE", help="What a CONSTRUCT makes: SPARQL, file, question.")
@click.option("--document", default="", metavar="ID", help="What one document says: its IRI's end, file or title.")
@click.option("--from", "since", default="", metavar="DATE", help="Facts dated from then on: 2014, 2014-07 …")
@click.option("--to", "until", default="", metavar="DATE", help="Facts dated until then.")
@click.option(
    "--output",
    "-o",
    "--out",
    "out",
    type=FOLDER,
    help="The file to write; unless told, graph.html of the build, or network.html for a part of it.",
)
@click.option("--title", default="", help="What stands above the network.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the page.")
@quiet_option
def view(
    build: Path,
    around: str,
    hops: int | None,
    construct: str,
    document: str,
    since: str,
    until: str,
    out: Path | None,
    title: str,
    lang: Language,
    quiet: bool,
) -> None:
    """Draw the network, or a part of it, as one HTML file.

    It opens in a browser and needs no network. What is asked for together narrows: --around Y --from 2020 draws what
    was dated since 2020 around Y.
    """
    from kg.api import recipe_of
    from kg.view import render_model
    from kg.vocab import load_vocab

    if hops is not None and not around:
        raise click.UsageError("--hops counts from something: name it with --around")
    recipe = recipe_of(build)
    vocab = load_vocab(recipe.ontology)
    chosen = _narrow(_model(build, construct, recipe.queries, vocab), document, since, until)
    chosen = _around(chosen, around, hops) if around else chosen
    part = any((around, construct, document, since, until))
    drawn = render_model(chosen, vocab, out or (PART if part else build / "graph.html"), title=title, lang=lang)
    if not quiet:
        click.echo(f"{drawn.path}: {drawn.nodes} nodes, {drawn.edges} edges, {drawn.size // 1024} kB", err=True)


def _model(build: Path, construct: str, questions: Path, vocab: Vocab) -> Model:
    """The network of a build, or of what a query makes of it."""
    from kg import nquads
    from kg.outputs import GRAPH
    from kg.view_model import read_model
    from kg.view_part import constructed

    quads = nquads.read(build / GRAPH)
    return constructed(build, quads, construct, vocab, questions) if construct else read_model(quads, vocab)


def _narrow(model: Model, document: str, since: str, until: str) -> Model:
    from kg.view_part import between, of_document

    model = of_document(model, document) if document else model
    return between(model, since, until) if since or until else model


def _around(model: Model, name: str, hops: int | None) -> Model:
    from kg.view_part import around

    return around(model, name, 1 if hops is None else hops)
