"""Files, folders, JSON Lines, HTML and standard input to documents."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from kg.bylines import words
from kg.decode import decode
from kg.errors import ReadError
from kg.jsonlines import Record, records
from kg.metadata import Metadata, name_date, sidecar, slug, stem
from kg.text import Normalised, fold, normalise
from kg.types import Document

TEXT, HTML, LINES, PDF = "text", "html", "lines", "pdf"
_KINDS = {".txt": TEXT, ".text": TEXT, ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".jsonl": LINES, ".ndjson": LINES}
_STDIN = "-"
LONGEST = 200_000
"""Characters that one article may have: several times what a five-year plan has. What is longer is no article."""
_MARGIN = 80  # white space and invisible characters that a first line may have more than its title
_DATELINES = 3  # blocks at either end of a text in which it may say when it was published


def read(sources: Iterable[str | Path]) -> Iterator[Document]:
    """The documents of files, folders (recursively, sorted by name) and ``-`` (standard input), one by one.

    Text, HTML and JSON Lines (keys ``text``, ``title``, ``date``, ``id``), each also as ``.gz``; a sidecar
    ``STEM.meta.yaml`` beside a file gives its title, date and language. The source's characters, to which
    ``Document.offsets`` lead, are those of a text file; of a record ``title + "\\n\\n" + text``; of a page its
    extracted text with the title before it in the same way (unless the text begins with its title).

    Raises ``ReadError`` for what cannot be read, naming file and line and what to do. A folder skips sidecars
    and files of other kinds, but must hold one that can be read.
    """
    for source in sources:
        path = Path(source)
        if str(source) == _STDIN:
            yield from _read_bytes(sys.stdin.buffer.read(), "stdin", Path("stdin"), Metadata())
        elif path.is_dir():
            for file in files(path):
                yield from _read_file(file)
        else:
            yield from _read_file(path)


def files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder and the folders in it that ``read`` can read, sorted by name; hidden ones not.

    Raises ``ReadError`` if there is none.
    """
    paths = [Path(at, name) for at, _, names in os.walk(folder) for name in names]
    known = sorted((p for p in paths if _visible(p, folder) and _kind(p)), key=lambda p: p.relative_to(folder).parts)
    if not known:
        raise ReadError(f"{folder.as_posix()}: holds nothing readable; put {', '.join(sorted(_KINDS))} files there")
    return tuple(known)


def _visible(path: Path, folder: Path) -> bool:
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)


def _kind(path: Path) -> str:
    return _KINDS.get(Path(path.name.removesuffix(".gz")).suffix.lower(), "")


def _read_file(path: Path) -> Iterator[Document]:
    source = path.as_posix()
    try:
        if _kind(path) == LINES:
            yield from _read_records(path, source)
        else:
            with _open(path) as file:
                raw = file.read()
            yield from _read_bytes(raw, source, path, sidecar(path))
    except FileNotFoundError as error:
        raise ReadError(f"{source}: no such file or folder; check the path") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"{source}: is a damaged gzip file ({error}); fetch or pack it again") from error
    except OSError as error:
        raise ReadError(f"{source}: cannot be read ({error.strerror or error}); check its permissions") from error


def _open(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where its name ends in ``.gz``."""
    return cast("BinaryIO", gzip.GzipFile(path)) if path.suffix == ".gz" else path.open("rb")


def _read_records(path: Path, source: str) -> Iterator[Document]:
    with _open(path) as file:
        for record in records(file, source):
            yield _record(record, source, stem(path))


def _read_bytes(raw: bytes, source: str, path: Path, meta: Metadata) -> Iterator[Document]:
    kind = _kind(path) or _sniff(raw)
    if kind == LINES:
        for record in records(BytesIO(raw), source):
            yield _record(record, source, stem(path))
        return
    if kind == HTML:
        from kg.html import extract

        text, head = extract(raw, source)
        yield _titled(text, _merged(meta, head), source, stem(path))
        return
    text = decode(raw, source)
    yield _document(normalise(text, titled=_begins_with(text, meta.title)), meta, source, stem(path))


def _sniff(raw: bytes) -> str:
    """What kind of text the bytes are that have no telling name."""
    head = raw[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return HTML
    return LINES if head.startswith(b"{") and b'"text"' in raw else TEXT


def _merged(meta: Metadata, head: Metadata) -> Metadata:
    """A sidecar's metadata, and where it is silent those of the page's head."""
    if meta.published:
        return Metadata(meta.title or head.title, meta.published, meta.dated_by, meta.language)
    return Metadata(meta.title or head.title, head.published, head.dated_by, meta.language)


def _record(record: Record, source: str, name: str) -> Document:
    meta = Metadata(record.title, record.published, "metadata" if record.published else "", record.language)
    return _titled(record.text, meta, f"{source}#{record.id or record.line}", record.id or name)


def _titled(text: str, meta: Metadata, source: str, name: str) -> Document:
    """The document of a text whose title is known apart from it."""
    if not (meta.title.isprintable() or fold(meta.title)):  # invisible characters alone
        meta = replace(meta, title="")
    whole = text if not meta.title or _begins_with(text, meta.title) else f"{meta.title}\n\n{text}"
    return _document(normalise(whole, titled=bool(meta.title)), meta, source, name)


def _begins_with(text: str, title: str) -> bool:
    """Whether the first line of a text is its title."""
    first = text[: 2 * len(title) + _MARGIN].lstrip().partition("\n")[0]
    return bool(title) and fold(first) == fold(title)


def _document(normalised: Normalised, meta: Metadata, source: str, name: str) -> Document:
    text, blocks = normalised.text, normalised.blocks
    if not text:
        raise ReadError(f"{source}: holds no readable characters; give a file with text")
    if len(text) > LONGEST:
        many = f"{len(text):,} characters are more than one article has ({LONGEST:,})"
        raise ReadError(f"{source}: {many}; cut it into articles, one a file or one a line of .jsonl")
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    published, dated_by = _dated(normalised, meta, source)
    title = blocks[0].span.of(text) if blocks[0].kind == "title" else meta.title
    return Document(
        id=f"{slug(name) or 'text'}-{digest}",
        text=text,
        source=source,
        title=title,
        published=published,
        dated_by=dated_by,
        language=meta.language,
        blocks=blocks,
        offsets=normalised.offsets,
    )


def _dated(normalised: Normalised, meta: Metadata, source: str) -> tuple[str, str]:
    """When a text was published, and how that is known: metadata, else the text itself, else the file's name."""
    if meta.published:
        return meta.published, meta.dated_by
    blocks = normalised.blocks
    for block in (*blocks[:_DATELINES], *blocks[_DATELINES:][-_DATELINES:]):
        if found := words().dateline(block.span.of(normalised.text)):
            return found, "text"
    named = name_date(Path(source.partition("#")[0]).name)
    return named, "name" if named else ""
