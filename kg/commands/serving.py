"""The command that shows a build as a web application: serve."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kg.commands.options import example, in_option

MB = 1 << 20


@click.command(
    epilog=example(
        "kg serve",
        "kg serve --in mine --port 9000 --review",
        "curl http://127.0.0.1:8765/sparql --data-urlencode 'query=ASK { ?x rdfs:label ?name }'",
    )
)
@in_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=20.0, show_default=True, help="Seconds.")
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, help="Queries at once.")
@click.option("--memory", type=click.IntRange(256), default=2048, show_default=True, help="MB that a query may use.")
@click.option("--largest", type=click.IntRange(1), default=16, show_default=True, help="MB that an answer may have.")
@click.option("--review", is_flag=True, help="Let people accept, correct and reject facts and merges.")
@click.option("--writable", is_flag=True, help="Let updates in, from those who know the token in KG_TOKEN.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A name by which the server may be called.")
@click.option("--allow-service", "services", multiple=True, metavar="IRI", help="A server that queries may call.")
@click.option("--allow-origin", "origins", multiple=True, metavar="ORIGIN", help="A site whose scripts may ask.")
def serve(
    build: Path,
    host: str,
    port: int,
    timeout: float,
    workers: int,
    memory: int,
    largest: int,
    review: bool,
    writable: bool,
    hosts: tuple[str, ...],
    services: tuple[str, ...],
    origins: tuple[str, ...],
) -> None:
    """Show a build in the browser, and answer SPARQL.

    Pages for people at /, the SPARQL 1.1 Protocol at /sparql. Only this machine is served, nothing can be changed, and
    nothing is fetched from elsewhere, unless you say so. Ctrl-C ends it.
    """
    from kg.serve import Settings
    from kg.serve import serve as run

    settings = Settings(
        build=build,
        host=host,
        port=port,
        timeout=timeout,
        workers=workers,
        memory=memory * MB,
        largest=largest * MB,
        hosts=hosts,
        services=services,
        origins=origins,
        review=review,
        writable=writable,
        token=os.environ.get("KG_TOKEN", ""),
    )
    run(settings, lambda address: click.echo(f"{build} is at {address} (Ctrl-C ends it)", err=True))


COMMANDS = (serve,)
