"""Where bundled data are, and what an upgrade of an installed package would lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources


def test_only_what_lies_inside_the_installed_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "kg")
    assert resources.is_installed(tmp_path / "kg" / "_bundle" / "data" / "judgements.csv")
    assert not resources.is_installed(tmp_path / "data" / "judgements.csv")
