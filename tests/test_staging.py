"""A build folder is replaced as a whole or not at all, and nobody's files are deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OutputError
from kg.staging import staged, write_whole


def ours(folder: Path) -> bool:
    return (folder / "mark").exists()


def build(out: Path, text: str) -> None:
    with staged(out, ours) as folder:
        (folder / "mark").write_text(text)


def build_half(out: Path, failure: type[BaseException]) -> None:
    with staged(out, ours) as folder:
        (folder / "mark").write_text("half")
        raise failure


def test_makes_the_folder_and_its_parents(tmp_path: Path) -> None:
    build(tmp_path / "a" / "b", "new")
    assert (tmp_path / "a" / "b" / "mark").read_text() == "new"


def test_replaces_a_build_of_ours_whole(tmp_path: Path) -> None:
    out = tmp_path / "build"
    build(out, "old")
    (out / "left-over").touch()
    build(out, "new")
    assert [p.name for p in out.iterdir()] == ["mark"]
    assert [p.name for p in tmp_path.iterdir()] == ["build"]


def test_takes_an_empty_folder(tmp_path: Path) -> None:
    build(tmp_path, "new")
    assert (tmp_path / "mark").read_text() == "new"


def test_follows_a_link_and_leaves_it_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    build(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "mark").read_text() == "new"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_previous_build_and_no_trace(tmp_path: Path, failure: type[BaseException]) -> None:
    out = tmp_path / "build"
    build(out, "old")
    with pytest.raises(failure):
        build_half(out, failure)
    assert (out / "mark").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["build"]


def test_a_failing_rename_puts_the_old_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "build"
    build(out, "old")
    rename = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(OutputError, match="No space left"):
        build(out, "new")
    assert (out / "mark").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["build"]


def test_refuses_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(OutputError, match="holds files that no build made"):
        build(tmp_path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="this is a file"):
        build(tmp_path / "file", "new")


def test_says_that_a_place_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file/build: cannot write here"):
        build(tmp_path / "file" / "build", "new")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "a" / "page.html"
    write_whole(out, "old")
    write_whole(out, "雄安\n")
    assert out.read_bytes() == "雄安\n".encode()
    assert [p.name for p in out.parent.iterdir()] == ["page.html"]


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    out.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(out, "\ud800")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"folder: cannot write here: .*; choose another place"):
        write_whole(tmp_path / "folder", "new")
    with pytest.raises(OutputError, match="choose another place"):
        write_whole(out / "below", "new")
    assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "page.html"]
