"""The command that brings in what others have: RDF and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import FOLDER, example, in_option, problem, quiet_option

if TYPE_CHECKING:
    from kg.importing import Outcome


@click.command(
    "import",
    epilog=example(
        "kg import background.ttl --as wikidata --source Wikidata --licence CC0-1.0",
        "kg import airports.xlsx --mapping airports.map.yaml --dry-run",
        "kg import --list",
        "kg import --remove wikidata",
    ),
)
@click.argument("files", nargs=-1, type=FOLDER, metavar="[FILE]...")
@in_option
@click.option("--as", "name", default="", metavar="NAME", help="What the import is called; by default as the file.")
@click.option("--source", default="", metavar="TEXT", help="Where it comes from; by default the files' names.")
@click.option("--licence", default="", metavar="TEXT", help="Its licence: a name or an address.")
@click.option("--mapping", type=FOLDER, metavar="FILE", help="What the columns of a table mean (YAML).")
@click.option("--base", default="", metavar="IRI", help="What relative IRIs of RDF belong to.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave out rows that cannot be read, and import the others.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--remove", default="", metavar="NAME", help="Take an import away.")
@click.option("--list", "listed", is_flag=True, help="List the imports.")
@quiet_option
def import_(
    files: tuple[Path, ...],
    build: Path,
    name: str,
    source: str,
    licence: str,
    mapping: Path | None,
    base: str,
    skip_bad_rows: bool,
    dry_run: bool,
    remove: str,
    listed: bool,
    quiet: bool,
) -> int:
    """Join RDF and tables of your own to a build.

    A FILE is RDF (.ttl, .nt, .nq, .trig, .rdf, .owl, .jsonld, each perhaps with .gz) or a table (.csv, .tsv, .xlsx)
    with a mapping. What it says becomes a named graph, graph:imported-NAME, of the build at once and of all later
    builds of its recipe; an import of the same name is replaced. It is checked first, against the ontology and the
    shapes, and all of it is imported or nothing.

    Exit code 1 says that the files hold what cannot be imported: each problem is a line that names file and line.
    """
    from kg.importing import Wanted, import_files, remove_import

    if sum((bool(files), bool(remove), listed)) != 1:
        raise click.UsageError("give FILEs to import, or --list, or --remove NAME")
    if listed:
        return _list(build)
    if remove:
        return _tell(remove_import(remove, build, dry_run=dry_run), "removed", dry_run, quiet)
    wanted = Wanted(name, source, licence, mapping, base, skip_bad_rows, dry_run)
    return _tell(import_files(files, build, wanted), "imported", dry_run, quiet)


def _list(build: Path) -> int:
    from kg.importing import list_imports
    from kg.tables import align

    rows = [(e.name, str(e.triples), str(e.in_build), e.source, e.licence) for e in list_imports(build)]
    click.echo(align(("name", "triples", "in build", "source", "licence"), rows), nl=False)
    return 0


def _tell(outcome: Outcome, done: str, dry_run: bool, quiet: bool) -> int:
    for message in (*outcome.notes, *outcome.problems):
        problem(message)
    if outcome.problems:
        problem("nothing was imported")
        return 1
    if not quiet:
        state = f"would be {done} (--dry-run: nothing was written)" if dry_run else done
        new = f", {outcome.added} of them new" if done == "imported" else ""
        click.echo(f"graph:imported-{outcome.name}: {outcome.triples} triples{new}: {state}", err=True)
    return 0


COMMANDS = (import_,)
