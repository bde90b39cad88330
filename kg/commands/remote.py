"""Commands that carry a build to a store on the network and back: push, pull."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.commands.options import FOLDER, example, in_option, problem, progress_bar, quiet_option

F = TypeVar("F", bound=Callable[..., Any])


def store_option(f: F) -> F:
    """``--store NAME``: the kind of store, where it does not say so itself."""
    help_ = "Its kind: oxigraph, virtuoso, fuseki, graphdb … (docs/push.md); without it, the server is asked."
    return click.option("--store", default="", metavar="NAME", help=help_)(f)


def query_url_option(f: F) -> F:
    """``--query-url URL``: where queries go, if not where the kind of store has it."""
    return click.option("--query-url", default="", metavar="URL", help="The address of queries, if unusual.")(f)


def gsp_url_option(f: F) -> F:
    """``--gsp-url URL``: where the Graph Store Protocol is spoken, if not where the kind of store has it."""
    return click.option("--gsp-url", default="", metavar="URL", help="The address of graphs, if unusual.")(f)


def graph_option(f: F) -> F:
    """``--graph NAME``: the graphs meant."""
    help_ = "facts, evidence, background …, a full IRI, or all; repeatable."
    return click.option("--graph", "graphs", multiple=True, metavar="NAME", help=help_)(f)


def timeout_option(f: F) -> F:
    """``--timeout SECONDS``: of each request."""
    kind = click.FloatRange(min=0, min_open=True)
    return click.option("--timeout", type=kind, default=300.0, show_default=True, help="Seconds of each request.")(f)


@click.command(
    epilog=example(
        "kg push http://localhost:7878",
        "KG_USER=dba KG_PASSWORD=… kg push http://localhost:8890 --store virtuoso",
        "kg push http://localhost:7878 --graph facts --dry-run",
    )
)
@click.argument("url")
@in_option
@store_option
@click.option(
    "--via",
    type=click.Choice(["auto", "gsp", "update"]),
    default="auto",
    show_default=True,
    help="Graph Store Protocol, or SPARQL Update.",
)
@graph_option
@click.option("--chunk", type=click.IntRange(min=1), metavar="N", help="Triples sent at once: 10000 (gsp), 2000.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent where, and write nothing.")
@click.option(
    "--replace/--add", default=True, show_default=True, help="Put graphs in the place of those there, or add to them."
)
@click.option("--resume", is_flag=True, help="Go on where a push of this build to this store broke off.")
@query_url_option
@click.option("--update-url", default="", metavar="URL", help="The address of updates, if unusual.")
@gsp_url_option
@timeout_option
@quiet_option
def push(
    url: str,
    build: Path,
    store: str,
    via: str,
    graphs: tuple[str, ...],
    chunk: int | None,
    dry_run: bool,
    replace: bool,
    resume: bool,
    query_url: str,
    update_url: str,
    gsp_url: str,
    timeout: float,
    quiet: bool,
) -> int:
    """Put a build into a store on the network, and count it there.

    URL is the store's address. User and password come from KG_USER and KG_PASSWORD, or a token from KG_TOKEN. Each
    named graph is sent in chunks and takes the place of the one of its name. Exit code 1 says that a graph there is not
    what was sent.
    """
    from kg.report import load_report
    from kg.stores.push import How, Push
    from kg.stores.remote import connect

    load_report(build)
    target = connect(
        url, store=store, query=query_url, update=update_url, graphs=gsp_url, timeout=timeout, tell=problem
    )
    with progress_bar(quiet) as progress:
        work = Push(target, build, graphs, How(via, chunk or 0, replace, resume), progress, problem)
        if dry_run:
            return _show_plan(work)
        try:
            arrived = work.run()
        except KeyboardInterrupt:
            problem(f"\nstopped; {work.so_far}")
            return 130
    for each in arrived:
        if each.problem:
            problem(each.problem)
        elif not quiet:
            problem(f"{each.graph}: {each.sent} triples sent, {each.found} there")
    return 1 if any(each.problem for each in arrived) else 0


def _show_plan(work: Any) -> int:
    verb = "replace" if work.how.replace else "add to"
    for each in work.plan():
        click.echo(
            f"{each.graph}: {each.triples} triples in {each.chunks} requests by {work.writer.name} "
            f"would {verb} {each.there} there"
        )
    return 0


@click.command(
    epilog=example(
        "kg pull http://localhost:7878 --out graph.nq",
        "kg pull http://localhost:7878 --graph facts --out facts.nq.gz",
    )
)
@click.argument("url")
@click.option("--out", type=FOLDER, help="File to write (.gz, .zst compress); without it, standard output.")
@graph_option
@store_option
@query_url_option
@gsp_url_option
@timeout_option
@quiet_option
def pull(
    url: str,
    out: Path | None,
    graphs: tuple[str, ...],
    store: str,
    query_url: str,
    gsp_url: str,
    timeout: float,
    quiet: bool,
) -> None:
    """Fetch graphs from a store on the network.

    URL is the store's address; KG_USER and KG_PASSWORD, or KG_TOKEN say who asks. The graphs of the build there, or
    those named, become sorted N-Quads: the same graphs give the same bytes. Nothing is written before all has come.
    """
    from kg.stores.pull import Pull
    from kg.stores.remote import connect

    source = connect(url, store=store, query=query_url, graphs=gsp_url, timeout=timeout, tell=problem)
    with progress_bar(quiet) as progress:
        pulled = Pull(source, graphs, progress, problem).run(out)
    if not quiet:
        for each in pulled:
            problem(f"{each.graph}: {each.triples} triples")


COMMANDS = (push, pull)
