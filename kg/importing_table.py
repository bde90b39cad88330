"""Tables of others: CSV in any encoding that Excel writes, and .xlsx -> a header and rows that know their lines."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kg.decode import binary_kind, decode
from kg.errors import DataError, MissingExtra, ReadError

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
"""The ends of the names of tables."""
LARGEST = 512 << 20
"""Bytes, unpacked, beyond which a table is refused."""
_DELIMITERS = ",\t;"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line in the file (of a sheet, its number), and its cells by column, stripped."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``columns`` in order, rows without those that are empty."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def is_table(path: Path) -> bool:
    """Whether a file is a table by its name."""
    return path.suffix.lower() in SUFFIXES


def read_table(path: Path, header: int = 1, sheet: str = "") -> Table:
    """The table of a file, whose column names stand in row ``header``; ``sheet`` names a sheet of a workbook.

    Raises :class:`ReadError` for a file that cannot be read, :class:`DataError`, beginning ``file:line:``, for names of
    columns that are missing or there twice, and for rows longer than the header.
    """
    _check_size(path)
    lines = _of_workbook(path, sheet) if path.suffix.lower() == ".xlsx" else _of_text(path, header)
    rows = [(line, cells) for line, cells in lines if any(cells)]
    at = next((k for k, (line, _) in enumerate(rows) if line >= header), None)
    if at is None or rows[at][0] != header:
        raise DataError(f"{path}:{header}: no names of columns in this row; say with 'header: N' where they stand")
    columns = _columns(rows[at][1], f"{path}:{header}")
    return Table(path, columns, tuple(_rows(rows[at + 1 :], columns, path)))


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}; name a file") from error
    if size > LARGEST:
        raise ReadError(f"{path}: larger than {LARGEST >> 20} MB; import it in parts")


def _columns(cells: Sequence[str], where: str) -> tuple[str, ...]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    if twice := sorted(name for name, count in Counter(filter(None, names)).items() if count > 1):
        raise DataError(f"{where}: two columns are called {twice[0]!r}; rename one")
    return tuple(names)


def _rows(rows: Iterable[tuple[int, Sequence[str]]], columns: Sequence[str], path: Path) -> Iterator[Row]:
    for line, cells in rows:
        if any(cells[len(columns) :]):
            more = f"{len(cells)} cells where there are {len(columns)} columns"
            raise DataError(f"{path}:{line}: {more}; put quotes round a cell that holds the separator")
        yield Row(line, {name: cell for name, cell in zip(columns, cells, strict=False) if name})


def _of_text(path: Path, header: int) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}; name a file") from error
    if kind := binary_kind(raw):
        raise ReadError(f"{path}: is {kind}, not CSV; save it as .xlsx or as CSV")
    text = decode(raw, str(path))
    named = "".join(text.splitlines()[header - 1 : header])
    delimiter = max(_DELIMITERS, key=lambda mark: (named.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(f"{path}:{reader.line_num}: not CSV: {error}; mend the quotes") from error
        yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _of_workbook(path: Path, sheet: str) -> Iterator[tuple[int, Sequence[str]]]:
    book = _open_workbook(path)
    try:
        if sheet and sheet not in book.sheetnames:
            raise DataError(f"{path}: no sheet is called {sheet!r}; there are {', '.join(book.sheetnames)}")
        rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows()
        for number, cells in enumerate(rows, 1):
            yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _open_workbook(path: Path) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtra("reading .xlsx", "excel") from error
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise ReadError(f"{path}: unpacks to more than {LARGEST >> 20} MB; import it in parts")
        return load_workbook(path, read_only=True, data_only=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ReadError(f"{path}: no workbook that can be read ({error}); save it as .xlsx or as CSV") from error


def _text(cell: Any) -> str:
    """What a cell shows: a day without its midnight, a whole number without a fraction, a share as its percentage."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if str(cell.number_format).endswith("%"):
            return f"{value * 100:.10g}%"
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
