"""The skeleton of a new domain: small, complete, working; to be replaced part by part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.iri import BASE
from kg.resources import data, root
from kg.staging import staged

MANIFEST, ONTOLOGY = Path("manifest.yaml"), Path("ontology.ttl")
_HEADING = re.compile(r"^#{20,} +(.+)\n", re.MULTILINE)


def init(folder: Path) -> tuple[Path, ...]:
    """Write the skeleton into ``folder``, which must be new or empty, and tell its files.

    Its ontology, IRIs and questions stand under an address of their own, ``https://example.org/FOLDER/``. Raises
    :class:`OutputError` if the folder holds something or cannot be written.
    """
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "domain"
    with staged(folder, lambda _: False) as fresh:
        written = sorted(_write(fresh, f"https://example.org/{name}/"))
    return tuple(folder / path for path in written)


def _write(folder: Path, base: str) -> Iterator[Path]:
    from kg.grammar import read_yaml

    skeleton = data() / "skeleton"
    manifest = read_yaml(skeleton / MANIFEST)
    sources = {path.relative_to(skeleton): path for path in skeleton.rglob("*") if path.is_file()}
    sources |= {Path(copied): data() / copied for copied in manifest["copied"]}
    del sources[MANIFEST]
    for relative, source in sources.items():
        text = source.read_text(encoding="utf-8")
        if relative == ONTOLOGY:
            text += "".join(_sections(manifest["sections"]))
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(BASE, base), encoding="utf-8")
        yield relative


def _sections(titles: Iterable[str]) -> Iterator[str]:
    """The sections of the bundled ontology with these headings, headings included."""
    _, *parts = _HEADING.split((root() / ONTOLOGY).read_text(encoding="utf-8"))
    bodies: Mapping[str, str] = dict(zip(parts[::2], parts[1::2], strict=True))
    for title in titles:
        yield f"\n{'#' * 65}  {title}\n{bodies[title]}"
