"""Where work happens: ``open_runner("serial")``, ``open_runner("processes")``, ``open_runner("processes:8")``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.errors import DataError
from kg.runners.local import Processes, Serial
from kg.types import Runner


def _serial(_: str) -> Runner:
    return Serial()


def _processes(workers: str) -> Runner:
    if workers and not (workers.isdecimal() and int(workers) > 0):
        raise DataError(
            f"runner 'processes:{workers}': the number of workers is a whole number from 1, e.g. processes:4"
        )
    return Processes(int(workers)) if workers else Processes()


RUNNERS: Mapping[str, Callable[[str], Runner]] = {"serial": _serial, "processes": _processes}
"""The known runners by name; what follows a colon in the address is theirs to read."""


def open_runner(address: str) -> Runner:
    """The runner of an address such as ``processes:4``; :class:`DataError` names the known ones if there is none."""
    name, _, rest = address.partition(":")
    if name not in RUNNERS:
        raise DataError(f"there is no runner {name!r}; known are {', '.join(sorted(RUNNERS))}")
    return RUNNERS[name](rest)
