"""A file of decisions loses none: not to other writers, not to a killed one, not to a full disk or a torn line."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from kg import ledger
from kg.errors import DataError, OutputError
from kg.ledger import Form, Ledger, append, clean, read

FORM = Form(("who", "what"), last="[a-z]+[.]")
HEAD = "who,what\n"
WRITER = """
import sys
from pathlib import Path
from kg.ledger import Form, append
path, name, many = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for k in range(many):
    append(path, Form(("who", "what"), last="[a-z]+[.]"), (f"{name}-{k}", "done."), lambda ledger: None)
    print(f"{name}-{k}", flush=True)
"""


def anything(_: Ledger) -> None:
    """No objection."""


def writer(path: Path, name: str, many: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(many)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})


def first_cells(path: Path) -> list[str]:
    return [line.cells[0] for line in read(path, FORM).lines]


# ---------------------------------------------------------------------- reading


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "none.csv", FORM) == Ledger(())


def test_lines_tell_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f'{HEAD}\n"a\nb",one.\nc, two. \n', encoding="utf-8")
    assert [(line.cells, line.where) for line in read(path, FORM).lines] == [
        (("a\nb", "one."), f"{path}:3"),
        (("c", "two."), f"{path}:5"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"who,why\n", ":1: the header must be who,what"),
        (b"who,what\na,b,c\n", ":2: 3 cells where there must be 2"),
        (b"who,what\n\xff\xfe,x\n", ":1: cannot be read as CSV in UTF-8"),
        (b'who,what\n"a,b\nc,d\n', ":1: cannot be read as CSV"),
    ],
)
def test_a_wrong_file_is_told_with_its_place_and_kept(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"^{path}{message}"):
        read(path, FORM)
    with pytest.raises(DataError, match=message):
        append(path, FORM, ("a", "one."), anything)
    assert path.read_bytes() == content


# ---------------------------------------------------------------------- writing


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=4))
def test_what_is_written_is_read_again_with_its_white_space_made_plain(rows: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path, form = Path(folder) / "log.csv", Form(("one", "two"))
        for row in rows:
            append(path, form, row, anything)
        assert [line.cells for line in read(path, form).lines] == [tuple(map(clean, row)) for row in rows]
        assert not read(path, form).torn


def test_a_cell_is_one_line_of_what_can_be_read() -> None:
    assert clean(" a\n b\x00\u202ec ") == "a b c"


def test_an_objection_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    append(path, FORM, ("a", "one."), anything)
    before = path.read_bytes()

    def object_(found: Ledger) -> None:
        raise DataError(f"{len(found.lines)} is enough")

    with pytest.raises(DataError, match="1 is enough"):
        append(path, FORM, ("b", "two."), object_)
    assert path.read_bytes() == before


@pytest.mark.parametrize("tail", ["b", "b,", 'b,"tw', "b,tw", '"b\u201c', "b,two"])
def test_what_a_killed_writer_left_is_passed_over_and_swallows_nothing(tmp_path: Path, tail: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{HEAD}a,one.\n{tail}", encoding="utf-8")
    assert first_cells(path) == ["a"]
    assert read(path, FORM).torn == f"{path}:3"
    append(path, FORM, ("c", "three."), anything)
    assert path.read_text(encoding="utf-8") == f"{HEAD}a,one.\nc,three.\n"
    assert not read(path, FORM).torn


def test_half_a_character_is_no_line(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(HEAD.encode() + "a,one.\n李".encode()[:-1])
    append(path, FORM, ("c", "three."), anything)
    assert first_cells(path) == ["a", "c"]


def test_half_a_header_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,wh", encoding="utf-8")
    append(path, FORM, ("a", "one."), anything)
    assert path.read_text(encoding="utf-8") == f"{HEAD}a,one.\n"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_file_that_an_editor_wrote_in_its_own_way_is_read(tmp_path: Path, start: str, end: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(f"{start}{HEAD}a,one.{end}".encode())
    assert first_cells(path) == ["a"]
    append(path, FORM, ("b", "two."), anything)
    assert first_cells(path) == ["a", "b"]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.csv"
    append(path, FORM, ("a", "one."), anything)
    before, write = path.read_bytes(), os.write
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda file, data: write(file, data[:3]))
        with pytest.raises(OutputError, match="no space left"):
            append(path, FORM, ("b", "two."), anything)
    assert path.read_bytes() == before
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
        with pytest.raises(OutputError, match="broken"):
            append(path, FORM, ("b", "two."), anything)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write the decision"):
        append(tmp_path, FORM, ("a", "one."), anything)


def test_a_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "fcntl", None)
    with pytest.raises(OutputError, match="no file locks"):
        append(tmp_path / "log.csv", FORM, ("a", "one."), anything)


# ---------------------------------------------------------------------- at once


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    writers = [writer(path, name, 60) for name in "abcd"]
    told = [done.communicate()[0].split() for done in writers]
    assert [done.returncode for done in writers] == [0] * 4
    written = first_cells(path)
    assert sorted(written) == sorted(word for words in told for word in words)
    assert len(written) == 240
    for name, words in zip("abcd", told, strict=True):
        assert [word for word in written if word.startswith(name)] == words, "each writer's own order is kept"


def test_threads_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: append(path, FORM, (str(k), "done."), anything), range(120)))
    assert sorted(map(int, first_cells(path))) == list(range(120))


def test_the_check_sees_what_all_others_wrote(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"

    def only_once(found: Ledger) -> None:
        if found.lines:
            raise DataError("decided")

    def decide(k: int) -> int:
        try:
            append(path, FORM, (str(k), "done."), only_once)
        except DataError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(24))) == 1
    assert len(first_cells(path)) == 1


def test_a_killed_writer_loses_nothing_that_it_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    told: list[str] = []
    for name in "abc":
        killed = writer(path, name, 100_000)
        assert killed.stdout is not None
        told += [killed.stdout.readline().strip() for _ in range(40)]
        killed.send_signal(signal.SIGKILL)
        told += killed.stdout.read().split("\n")[:-1]
        killed.wait()
    append(path, FORM, ("last", "done."), anything)
    written = first_cells(path)
    assert len(told) >= 120
    assert set(told) <= set(written)
    assert len(set(written)) == len(written)
    assert written[-1] == "last"


def test_a_file_that_an_editor_replaced_meanwhile_is_the_one_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "log.csv", tmp_path / "other.csv"
    append(path, FORM, ("a", "one."), anything)
    other.write_text(f"{HEAD}a,one.\nb,two.\n", encoding="utf-8")
    lock = ledger.fcntl.flock

    def slow(file: int, how: int) -> None:
        if other.exists():
            other.replace(path)
        lock(file, how)

    monkeypatch.setattr(ledger.fcntl, "flock", slow)
    append(path, FORM, ("c", "three."), anything)
    assert first_cells(path) == ["a", "b", "c"]
