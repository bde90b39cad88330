"""A folder or a file that is replaced as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import OutputError


@contextmanager
def staged(out: Path, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """Give a fresh folder beside ``out`` to write into; at the end it takes the place of ``out``.

    After a failure, or Ctrl-C, the fresh folder is gone and ``out`` is as it was. A folder that holds something which
    is not ours, as ``is_ours`` tells, is refused with :class:`OutputError` before any work: nobody's files are deleted.
    """
    target = out.resolve()  # a link to a folder stays a link
    _refuse_foreign(target, out, is_ours)
    fresh = _make_beside(target, out)
    try:
        yield fresh
        _swap(fresh, target, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_whole(out: Path, text: str, what: str = "here") -> None:
    """Write a file as UTF-8, and its folder; after a failure (:class:`OutputError`), what was there is there still.

    ``what`` is what the error says could not be written.
    """
    fresh = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_text(text, encoding="utf-8", newline="\n")
            fresh.replace(out)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot write {what}: {error.strerror or error}; choose another place") from error


def _refuse_foreign(target: Path, out: Path, is_ours: Callable[[Path], bool]) -> None:
    try:
        if target.is_dir():
            if any(target.iterdir()) and not is_ours(target):
                raise OutputError(f"{out}: this folder holds files that no build made; choose another, or empty it")
            if target.is_mount():
                raise OutputError(f"{out}: a mounted folder cannot be replaced; choose a folder inside it")
        elif target.exists():
            raise OutputError(f"{out}: this is a file; choose a folder for the build")
    except OSError as error:
        raise _cannot(out, error) from error


def _make_beside(target: Path, out: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
        shutil.rmtree(fresh, ignore_errors=True)  # of a killed process that had our number
        fresh.mkdir()
    except OSError as error:
        raise _cannot(out, error) from error
    return fresh


def _swap(fresh: Path, target: Path, out: Path) -> None:
    """Rename the old away and the new into place; if that fails, the old returns."""
    old = fresh.with_suffix(".old")
    try:
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise _cannot(out, error) from error
    shutil.rmtree(old, ignore_errors=True)


def _cannot(out: Path, error: OSError) -> OutputError:
    return OutputError(f"{out}: cannot write here: {error.strerror or error}; choose another folder")
