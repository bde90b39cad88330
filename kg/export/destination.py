"""Where an export goes: written beside its place, then renamed, so that what was there stays whole until then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from kg.errors import OutputError
from kg.export.packing import packed
from kg.staging import staged


@contextmanager
def opened(output: Path) -> Iterator[IO[bytes]]:
    """A file to write, which becomes ``output`` at the end and is gone after a failure; ``.gz``, ``.zst`` compress."""
    if output.is_dir():
        raise OutputError(f"{output}: this is a folder; name a file")
    beside = output.with_name(f"{output.name}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as raw, packed(output, raw) as out:
            yield out
        beside.replace(output)
    except OSError as error:
        raise OutputError(f"{output}: cannot write here: {error.strerror or error}; choose another place") from error
    finally:
        with suppress(OSError):  # what went wrong is told already
            beside.unlink(missing_ok=True)


@contextmanager
def folder_replaced(output: Path, names: Collection[str]) -> Iterator[Path]:
    """A folder to write into, which becomes ``output`` at the end; one that holds other files is refused."""
    with staged(output, lambda folder: {path.name for path in folder.iterdir()} <= set(names)) as fresh:
        yield fresh
