"""The whole ontology as one HTML page in Chinese and English, without script, that fetches nothing.

Each term has an anchor of its local name, so that ``page.html#openedOn`` is where it is explained.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.policy import still_page
from kg.vocab_terms import KINDS, Use, all_pages
from kg.vocab_types import Vocab

if TYPE_CHECKING:
    from jinja2 import Template

ASSETS = Path(__file__).with_name("vocab_assets")


def vocab_html(vocab: Vocab, uses: Mapping[str, tuple[Use, ...]] | None = None) -> str:
    """The page; ``uses`` gives examples by local name."""
    pages = list(all_pages(vocab, uses))
    css = (ASSETS / "page.css").read_text(encoding="utf-8")
    return _template().render(
        vocab=vocab,
        css=css,
        policy=still_page(css),
        words=json.loads((ASSETS / "words.json").read_text(encoding="utf-8")),
        sections=[(kind, [page for page in pages if page.kind == kind]) for kind in KINDS],
        known={page.name: page for page in pages},
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((ASSETS / "page.html").read_text(encoding="utf-8"))
