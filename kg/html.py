"""The main text, title and date of a web page, by trafilatura (extra ``html``)."""

from __future__ import annotations

import re

from kg.decode import decode
from kg.errors import MissingExtra, ReadError
from kg.metadata import Metadata, iso_date

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_GB = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"})


def extract(raw: bytes, source: str) -> tuple[str, Metadata]:
    """The main text of a page, one paragraph a line, and what its head says of title and date.

    Nothing is fetched. Offsets of a document made of it refer to this extracted text, not to the HTML.
    Raises ``ReadError`` if the page has no main text, ``MissingExtra`` without the extra ``html``.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra("reading HTML", "html") from error
    page = trafilatura.bare_extraction(
        _decode(raw, source),
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        include_images=False,
        include_links=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or not (page.text or "").strip():
        raise ReadError(f"{source}: no main text found in the page; save the article's text as a .txt file")
    title = " ".join((page.title or "").split())
    published = iso_date(page.date or "") or ""
    return page.text or "", Metadata(title, published, "metadata" if published else "")


def _decode(raw: bytes, source: str) -> str:
    """By byte order mark or strict UTF-8 as any text, but GB18030 where the page declares one of its names."""
    declared = _CHARSET.search(raw[:4096])
    if declared and declared[1].decode("ascii").lower() in _GB:
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return decode(raw, source)
    return decode(raw, source)
