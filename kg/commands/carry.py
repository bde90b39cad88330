"""The command that carries a build elsewhere: export."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import FOLDER, example, in_option, quiet_option


def _tags(_: click.Context, __: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in text.split(",") if tag.strip())


@click.command(
    epilog=example(
        "kg export --format graphml --output network.graphml",
        "kg export --format turtle --style plain --lang zh,en --output facts.ttl.gz",
        "kg export --format nquads --where 'CONSTRUCT { ?x a ?c } WHERE { ?x a ?c }'",
    )
)
@in_option
@click.option(
    "--format",
    "fmt",
    required=True,
    metavar="FORMAT",
    help="The name of a format, as above.",
)
@click.option(
    "--output", "-o", type=FOLDER, help="File to write (.gz, .zst compress), or folder; without it, standard output."
)
@click.option(
    "--graph", "graphs", multiple=True, metavar="NAME", help="facts, evidence, background … or all; repeatable."
)
@click.option(
    "--style",
    type=click.Choice(["statements", "rdf12", "named-graphs", "plain"]),
    default="statements",
    show_default=True,
    help="Evidence as RDF 1.1 statements, as RDF 1.2 triple terms, by named graphs, or left out.",
)
@click.option(
    "--lang", "languages", default="", metavar="TAGS", callback=_tags, help="Texts in these languages only: zh,en."
)
@click.option(
    "--where", default="", metavar="QUERY", help="Only what a CONSTRUCT query gives: SPARQL, a file, or a question."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds of --where.",
)
@quiet_option
def export(
    build: Path,
    fmt: str,
    output: Path | None,
    graphs: tuple[str, ...],
    style: str,
    languages: tuple[str, ...],
    where: str,
    timeout: float,
    quiet: bool,
) -> None:
    """Write a build in a format that other tools read.

    RDF: turtle, ntriples, nquads, trig, rdfxml, jelly, jsonld, jsonld-framed, jsonld-expanded, quads (in Parquet).

    Property graphs: graphml, gexf, cytoscape, cypher, neo4j (for its importer).

    Tables of nodes, edges and figures, in a folder or a .zip: csv, parquet.

    About the dataset: void (for catalogues), ontology (a page), context (of jsonld).
    """
    from kg.api import export as write
    from kg.api import recipe_of
    from kg.export import Choice

    questions = recipe_of(build).queries if where else None
    choice = Choice(style, languages, where, questions, timeout)
    done = write(build, fmt, output, graphs=graphs, choice=choice)
    if not quiet:
        click.echo(f"{done.output}: {fmt}", err=True)
