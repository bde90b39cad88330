"""The command line: parses, calls, prints; nothing else.

stdout is data, stderr is progress and problems. Exit codes: 0 fine; 1 the data say no (a violation, an unreadable
source beside readable ones, a score below ``--min``); 2 the request is wrong; 130 Ctrl-C; 70 an error of ours.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from kg.commands import ask, bring, explain, judge, make, merge, remote, review, serving
from kg.errors import KgError

FINE, DATA_SAY_NO, WRONG_REQUEST, OUR_ERROR, INTERRUPTED, TERMINATED = 0, 1, 2, 70, 130, 143


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"kg {version('kg')}")
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say which kg.")
def cli() -> None:
    """Builds a knowledge graph of Chinese regional-development news in which every fact quotes its source.

    kg build reads the bundled article and writes build/; kg questions lists what can be asked of it. Every command
    explains itself, with an example: kg COMMAND --help.
    """


_GROUPS = (make, bring, ask, judge, explain, merge, review, remote, serving)
for _command in (command for group in _GROUPS for command in group.COMMANDS):
    cli.add_command(_command)


def run(args: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; what goes wrong is one line on stderr, never a traceback."""
    try:
        code: Any = cli.main(args=None if args is None else list(args), prog_name="kg", standalone_mode=False)
        return int(code or FINE)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _tell("stopped; nothing was changed", INTERRUPTED)
    except KgError as error:
        return _tell(str(error), WRONG_REQUEST)
    except OSError as error:
        return _tell(f"{error.filename or 'kg'}: {error.strerror or error}", WRONG_REQUEST)
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        hint = "this is a fault of kg; set KG_DEBUG=1 to see where"
        return _tell(f"{type(error).__name__}: {error}: {hint}", OUR_ERROR)


def main() -> None:
    """The console script ``kg``."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # unwinds, so that half a build is cleared away
    sys.exit(run())


def _tell(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code
