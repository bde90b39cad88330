"""Commands about what is one thing and what contradicts: merge, conflicts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from kg.commands.options import example, in_option

FORMATS = ("table", "csv", "json")


@click.command(
    epilog=example(
        "kg merge --explain jingtang-intercity jingbin-intercity",
        "kg merge ftz-110000 ftz-120000 --different --by 'Li Hua' --reason 'two cities'",
    )
)
@click.argument("left")
@click.argument("right")
@in_option
@click.option("--explain", is_flag=True, help="Tell how the names are taken apart, and what is judged, and why.")
@click.option("--same", "verdict", flag_value="same", help="Decide that the two are one.")
@click.option("--different", "verdict", flag_value="different", help="Decide that they are two.")
@click.option("--withdraw", "verdict", flag_value="withdraw", help="Take back what was decided on them.")
@click.option("--by", default="", help="Who decides.")
@click.option("--reason", default="", help="Why.")
def merge(left: str, right: str, build: Path, explain: bool, verdict: str | None, by: str, reason: str) -> None:
    """Explain or decide whether two entities are one.

    LEFT and RIGHT are ids (what stands behind id: in a query), IRIs, or names that occur in the build. A decision is
    written into the judgements of the build's recipe; it wins over every rule in the next build and in all later ones.
    """
    from kg.merging import Merging

    if bool(verdict) == explain:
        raise click.UsageError("say --explain, or decide with --same, --different or --withdraw")
    if verdict and not (by.strip() and reason.strip()):
        raise click.UsageError("a decision needs --by NAME and --reason TEXT")
    merging = Merging(build)
    one, other = merging.find(left), merging.find(right)
    if explain:
        click.echo("\n".join(merging.explain(one, other)))
        return
    path = merging.decide(one, other, str(verdict), by, reason, date.today().isoformat())
    told = "no longer decided" if verdict == "withdraw" else verdict
    click.echo(f"{path}: {one.id} and {other.id} are {told}; build again to see it", err=True)


@click.command(epilog=example("kg conflicts", "kg conflicts --in build --format csv > conflicts.csv"))
@in_option
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
def conflicts(build: Path, fmt: str) -> None:
    """List what a build says twice and differently, with both quotes.

    Two dates of one kind for one thing that cannot both be right, two values of one figure at one time. Both stay in
    the graph: which is right is for people to say. A plan is not contradicted by what came of it.
    """
    from kg.conflicts import find_conflicts, to_csv, to_records, to_table
    from kg.merging import quads_of

    found = find_conflicts(*quads_of(build))
    if fmt == "json":
        click.echo(json.dumps(to_records(found), ensure_ascii=False, indent=1))
    else:
        click.echo(to_csv(found) if fmt == "csv" else to_table(found), nl=False)


COMMANDS = (merge, conflicts)
