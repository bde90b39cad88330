"""Lines in order without repetition, more of them than memory holds: sorted in parts on disk, then merged."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

AT_ONCE = 100_000
"""Lines that are held in memory."""


def sort_parts(lines: Iterable[bytes], folder: Path, name: str, at_once: int = AT_ONCE) -> tuple[list[Path], int]:
    """Write lines (each with its end) as sorted files into a folder; the files, and how many different lines they hold.

    A line may stand in several of the files; the number is right where none does, as in answers of a store.
    """
    ahead, files, number = iter(lines), list[Path](), 0
    while part := sorted(set(islice(ahead, at_once))):
        files.append(folder / f"{name}-{len(files)}")
        with files[-1].open("wb") as out:
            out.writelines(part)
        number += len(part)
    return files, number


def merged(files: Sequence[Path]) -> Iterator[bytes]:
    """The lines of sorted files in order, each once."""
    with ExitStack() as stack:
        last = b""
        for line in heapq.merge(*(stack.enter_context(file.open("rb")) for file in files)):
            if line != last:
                yield line
            last = line
