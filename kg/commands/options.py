"""What several commands share: where the build is, the recipe, quiet, progress, examples in the help."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.progress import Progress

F = TypeVar("F", bound=Callable[..., Any])
FOLDER = click.Path(path_type=Path)


def example(*lines: str) -> str:
    """An epilog that shows how the command is used; click must not re-wrap it."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def in_option(f: F) -> F:
    """``--in build``: the build that a command reads."""
    help_ = "The folder that kg build wrote."
    return click.option("--in", "build", type=FOLDER, default=Path("build"), show_default=True, help=help_)(f)


def recipe_option(f: F) -> F:
    """``--recipe NAME`` or ``--recipe FILE``: what to load; without it, the bundled one."""
    help_ = "What to load: ontology, lexicons, rules, sources. A bundled one by name (default, fast), or a file."
    return click.option("--recipe", type=FOLDER, help=help_)(f)


def quiet_option(f: F) -> F:
    """``--quiet``: no summary and no progress; problems are still told."""
    return click.option("--quiet", "-q", is_flag=True, help="Print problems only.")(f)


def problem(message: object) -> None:
    """Tell a problem: one line on stderr."""
    click.echo(str(message), err=True)


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """A line on stderr that says how far the work is; none when quiet or when nobody watches a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    try:
        yield _draw
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def _draw(stage: str, done: int) -> None:
    click.echo(f"\r\x1b[K{stage} {done or ''} …", nl=False, err=True)
