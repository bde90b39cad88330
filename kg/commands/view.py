"""The command that draws a build, or a part of it, as one HTML file: view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import FOLDER, example, in_option, quiet_option

if TYPE_CHECKING:
    from kg.view import Language
    from kg.view_part import Part

_PART = (
    click.option("--around", default="", metavar="NAME", help="What lies around this: a label, an alias or an IRI."),
    click.option("--hops", type=click.IntRange(min=0), help="How many relations away; 1 unless told.  [with --around]"),
    click.option(
        "--construct", default="", metavar="QUERY|FILE", help="What a CONSTRUCT makes: SPARQL, file, question."
    ),
    click.option("--document", default="", metavar="ID", help="What one document says: its IRI's end, file or title."),
    click.option("--from", "since", default="", metavar="DATE", help="Facts dated from then on: 2014, 2014-07 …"),
    click.option("--to", "until", default="", metavar="DATE", help="Facts dated until then."),
)


def part_options(f: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what of a build is drawn, as one ``part``."""

    @wraps(f)
    def command(
        *, around: str, hops: int | None, construct: str, document: str, since: str, until: str, **rest: Any
    ) -> Any:
        from kg.view_part import Part

        if hops is not None and not around:
            raise click.UsageError("--hops counts from something: name it with --around")
        return f(part=Part(construct, document, since, until, around, 1 if hops is None else hops), **rest)

    for option in reversed(_PART):
        command = option(command)
    return command


@click.command(
    epilog=example(
        "kg view --output network.html --lang en",
        "kg view --around id:xiongan --hops 2",
        "kg view --construct network --output answer.html",
        "kg view --from 2014 --to 2020-06",
    )
)
@in_option
@part_options
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
def view(build: Path, part: Part, out: Path | None, title: str, lang: Language, quiet: bool) -> None:
    """Draw the network, or a part of it, as one HTML file.

    It opens in a browser and needs no network. What is asked for together narrows: --around Y --from 2020 draws what
    was dated since 2020 around Y.
    """
    from kg.api import view as draw

    drawn = draw(build, out, part=part, title=title, lang=lang)
    if not quiet:
        click.echo(f"{drawn.path}: {drawn.nodes} nodes, {drawn.edges} edges, {drawn.size // 1024} kB", err=True)
