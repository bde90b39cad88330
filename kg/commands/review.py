"""The command by which a person accepts, corrects or rejects what a build says, and takes it back: review."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import example, in_option, problem
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.explain_graph import Claim
    from kg.reviewing import Reviewing

COLUMNS = ("verdict", "fact", "instead", "by", "when", "reason", "in this build")


@click.command(
    epilog=example(
        "kg review",
        "kg review SUBJECT PREDICATE OBJECT",
        "kg review 9c1f20ab --reject --by 'Li Hua' --reason 'a plan, not done'",
        "kg review 9c1f20ab --correct object=2020-12-28 --by 'Li Hua' --reason 'see the next sentence'",
        "kg review 9c1f20ab --withdraw --by 'Li Hua' --reason 'misread'",
    )
)
@click.argument("fact", nargs=-1, metavar="[FACT]...")
@in_option
@click.option("--accept", "verdict", flag_value="accept", help="The text does say so.")
@click.option("--reject", "verdict", flag_value="reject", help="The text does not say so.")
@click.option("--correct", "parts", multiple=True, metavar="NAME=VALUE", help="What it says instead; may be repeated.")
@click.option("--withdraw", "verdict", flag_value="withdraw", help="Take back what was decided.")
@click.option("--by", default="", help="Who decides.")
@click.option("--reason", default="", help="Why.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
def review(
    fact: tuple[str, ...],
    build: Path,
    verdict: str | None,
    parts: tuple[str, ...],
    by: str,
    reason: str,
    as_json: bool,
) -> int:
    """Accept, correct or reject a fact or figure.

    FACT is the address of a statement or figure, the beginning of its hash, or three words: subject, predicate and
    object by label, with ? for any. A correction names what is right instead: of a fact its subject, predicate, object
    or modality; of a figure about, indicator, value, unit, approximation, time, change, comparedWith or modality;
    entities by id or name. A decision is added to the reviews of the build's recipe. It is on the fact, whichever texts
    say so, and holds in the next build and in all later ones, until it is withdrawn.

    Without a decision, what was decided is listed: on FACT, or on all. Exit code 1 says that the build says nothing of
    the kind.
    """
    from kg.reviewing import Reviewing

    if verdict and parts:
        raise click.UsageError("say one of --accept, --reject, --correct and --withdraw")
    decided = verdict or ("correct" if parts else "")
    if decided and not fact:
        raise click.UsageError("name the FACT that you decide on")
    if decided and not (by.strip() and reason.strip()):
        raise click.UsageError("a decision needs --by NAME and --reason TEXT")
    with Reviewing(build) as desk:
        claims = desk.find(fact) if fact else ()
        if fact and not claims:
            problem(f"{build}: says nothing of the kind: {' '.join(fact)}")
            return 1
        if decided:
            _decide(desk, claims, decided, dict(map(_part, parts)), by, reason)
        else:
            _list(desk, [claim.iri for claim in claims], as_json)
    return 0


def _part(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"{text!r}: write --correct NAME=VALUE, such as object=2020-12-28")
    return name.strip(), value.strip()


def _decide(
    desk: Reviewing, claims: Sequence[Claim], verdict: str, replacement: dict[str, str], by: str, reason: str
) -> None:
    if len(claims) > 1:
        named = "; ".join(f"{claim.iri.strip('<>').rpartition('/')[2]} ({' '.join(claim.ends)})" for claim in claims)
        raise QueryError(f"{len(claims)} facts are so; name one by its hash: {named}")
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    seen = desk.decision(claims[0].iri)
    made = desk.decide(claims[0].iri, verdict, by=by, reason=reason, when=now, replacement=replacement, expecting=seen)
    before = f", and no longer {seen.verdict} as {seen.by} decided" if seen and verdict != "withdraw" else ""
    click.echo(f"{desk.recipe.reviews}: {verdict} {made.said}{before}; build again to see it", err=True)


def _list(desk: Reviewing, addresses: Sequence[str], as_json: bool) -> None:
    """Every decision on some facts; without any, those that stand on all."""
    from kg.reviews import write_parts
    from kg.tables import align

    found = [each for address in addresses for each in desk.history(address)]
    found = found if addresses else list(desk.standing().values())
    if torn := desk.torn():
        problem(f"{torn}: the rest of a line that was never finished; the next decision clears it away")
    rows = [
        (each.verdict, each.said, write_parts(each.replacement), each.by, each.when, each.reason, desk.state(each))
        for each in found
    ]
    if as_json:
        records = [
            dict(zip(COLUMNS, row, strict=True)) | {"address": desk.address(each)}
            for row, each in zip(rows, found, strict=True)
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        click.echo(align(COLUMNS, rows) if rows else "nothing is decided\n", nl=False)


COMMANDS = (review,)
