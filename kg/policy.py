"""Content-Security-Policy for pages that are one file: what stands in them may run, and nothing is fetched or sent."""

from __future__ import annotations

import base64
import hashlib


def hashed(text: str) -> str:
    """The source expression that allows just this script or style (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def still_page(css: str) -> str:
    """The policy of a page without scripts."""
    return f"default-src 'none'; style-src {hashed(css)}; img-src data:; base-uri 'none'; form-action 'none'"
