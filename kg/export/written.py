"""What a writer reports of its work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """Counts of what was written: RDF ``statements``, or ``nodes``, ``edges`` and ``figures`` of a network.

    ``altered`` counts the texts in which characters had to be replaced because the format cannot hold them.
    """

    statements: int = 0
    nodes: int = 0
    edges: int = 0
    figures: int = 0
    altered: int = 0
