"""What a page's address asks of it, read with care."""

from __future__ import annotations

LAST_PAGE = 100_000


def number_of(text: str) -> int:
    """The number of a page, from 1 on, whatever the address says."""
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1
