"""A CSV file to which people's decisions are only ever added: by many processes at once, one of which may be killed.

An entry is one line, written in one go under the file's lock and on the disk before :func:`append` returns. What a
killed writer left of a line, it never vouched for: readers pass over it, and the next writer clears it away.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError, OutputError

try:
    import fcntl
except ImportError:  # no such locks on this system: append says so
    fcntl = None  # type: ignore[assignment]


NEWLINE = b"\n"


@dataclass(frozen=True, slots=True)
class Form:
    """How a ledger is written: its columns, and how the last cell of a line looks when it is whole."""

    columns: tuple[str, ...]
    last: str = ".+"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its cells, and where it stands (``file:line``)."""

    cells: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a file in their order; ``torn`` tells where the rest of a broken-off line stands, if any."""

    lines: tuple[Line, ...]
    torn: str = ""


Check = Callable[[Ledger], None]
"""Raises what keeps an entry from being added to a ledger."""


def read(path: Path, form: Form) -> Ledger:
    """The entries of a file of this form; one that is not there has none.

    Raises :class:`DataError`, beginning ``file:line:``, for a file that is no CSV in UTF-8, a wrong header, and a line
    of too few or too many cells.
    """
    try:
        return _parse(path.read_bytes(), path, form)
    except FileNotFoundError:
        return Ledger(())
    except OSError as error:
        raise DataError(f"{path}:1: cannot be read ({error.strerror or error}); make it readable") from error


def append(path: Path, form: Form, cells: Sequence[str], check: Check) -> None:
    """Add an entry; when this returns, it is on the disk.

    ``check`` is given the ledger while nobody else can write. Whatever fails leaves the file as it was. Raises what
    ``check`` raises, :class:`DataError` as :func:`read`, and :class:`OutputError` if the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as file:
            content = _content(file)
            kept = _whole(content, form)
            check(_parse(kept, path, form))
            if not content:
                _sync_folder(path.parent)
            _replace_tail(file, len(content), kept, _line(cells) if kept else _line(form.columns) + _line(cells))
    except OSError as error:
        raise OutputError(f"{path}: cannot write the decision: {error.strerror or error}; nothing is kept") from error


# ---------------------------------------------------------------------- reading


def _parse(content: bytes, path: Path, form: Form) -> Ledger:
    kept, columns = _whole(content, form), form.columns
    try:
        rows = _rows(kept)
    except ValueError as error:
        raise DataError(f"{path}:1: cannot be read as CSV in UTF-8 ({error}); mend it") from error
    if rows and tuple(rows[0][1]) != columns:
        raise DataError(f"{path}:1: the header must be {','.join(columns)}")
    for number, row in rows[1:]:
        if len(row) != len(columns):
            found = f"{len(row)} cells where there must be {len(columns)}"
            raise DataError(f"{path}:{number}: {found}: {','.join(columns)}")
    lines = tuple(Line(tuple(cell.strip() for cell in row), f"{path}:{number}") for number, row in rows[1:])
    broken = len(kept.rstrip()) < len(content.rstrip())
    return Ledger(lines, f"{path}:{kept.count(NEWLINE) + 1}" if broken else "")


def _whole(content: bytes, form: Form) -> bytes:
    """The content as far as it is whole, its last line ended.

    What follows the last end of a line counts only if no part of it is missing: people's editors may leave it so.
    """
    end = content.rfind(NEWLINE) + 1
    tail = content[end:]
    if not tail.strip():
        return content[:end]
    try:
        [(_, row)] = _rows(tail)
    except ValueError:
        return content[:end]
    is_header = tuple(row) == form.columns
    is_whole = is_header or (len(row) == len(form.columns) and re.fullmatch(form.last, row[-1].strip()))
    return content + NEWLINE if is_whole else content[:end]


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the numbers of their first lines; ``ValueError`` if this is no CSV in UTF-8."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    rows, begins = [], 1
    try:
        for row in reader:
            rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return [(number, row) for number, row in rows if row]


# ---------------------------------------------------------------------- writing


def clean(cell: str) -> str:
    """A cell as it is written: on one line, white space made plain."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(clean, cells))
    return text.getvalue().encode()


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open to read and write, while no other process or thread has it so."""
    if fcntl is None:
        raise OutputError(
            f"{path}: this system has no file locks, so decisions could be lost; decide on Linux or macOS"
        )
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_there(file, path):
                continue  # an editor put another file in its place while we waited
            yield file
            return
        finally:
            os.close(file)


def _is_there(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _content(file: int) -> bytes:
    with os.fdopen(os.dup(file), "rb") as whole:
        return whole.read()


def _sync_folder(folder: Path) -> None:
    """See to it that a new file's name is on the disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _replace_tail(file: int, size: int, kept: bytes, line: bytes) -> None:
    """Write a line behind what is kept of the file, and see to it that it is on the disk; undo it if that fails."""
    new = max(len(kept) - size, 0)
    if len(kept) < size:
        os.ftruncate(file, len(kept))
    added, start = NEWLINE * new + line, len(kept) - new
    try:
        if os.write(file, added) < len(added):
            raise OSError(errno.ENOSPC, "no space left for the line")
        os.fsync(file)
    except OSError:
        os.ftruncate(file, start)
        raise
