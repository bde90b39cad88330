"""Compression of outputs, told by the end of their name: ``.gz``, ``.zst``. The same content gives the same bytes."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, cast

from kg.errors import MissingExtra

_LEVEL = 6  # the program's own choice; Python's, 9, takes three times as long for a hundredth less


@contextmanager
def packed(output: Path, out: IO[bytes]) -> Iterator[IO[bytes]]:
    """Where to write what is to lie in ``out`` as the name ``output`` tells; ``out`` itself if it tells nothing."""
    pack = PACKERS.get(output.suffix.lower())
    if pack is None:
        yield out
        return
    with pack(out) as inner:
        yield inner


def unpacked_name(output: Path) -> Path:
    """The name less the ending that tells of compression.

    >>> unpacked_name(Path("graph.nq.gz")).name
    'graph.nq'
    """
    return output.with_suffix("") if output.suffix.lower() in PACKERS else output


def _gzip(out: IO[bytes]) -> IO[bytes]:
    packer = gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=out, mtime=0)  # neither name nor clock
    return cast("IO[bytes]", packer)


def _zstd(out: IO[bytes]) -> IO[bytes]:
    """Python 3.14 has it; before that, it is a library."""
    if sys.version_info >= (3, 14):
        return cast("IO[bytes]", import_module("compression.zstd").ZstdFile(out, "wb"))
    try:
        import zstandard
    except ImportError as error:
        raise MissingExtra("writing .zst", "zstd") from error
    return cast("IO[bytes]", zstandard.ZstdCompressor().stream_writer(out, closefd=False))


PACKERS: Mapping[str, Callable[[IO[bytes]], IO[bytes]]] = {".gz": _gzip, ".zst": _zstd}
"""The compressors by the endings that ask for them."""
