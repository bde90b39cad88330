"""Which path of the server answers for which IRI, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

KINDS = (
    *("id", "event", "doc", "statement", "observation", "evidence", "mention", "rejection"),
    *("judgement", "review", "run", "agent", "graph"),
)
"""What stands behind the base in the IRIs of data, by kind."""
ONTOLOGY = "/ontology"


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` is that of the data's IRIs, ``namespace`` that of the ontology's terms."""

    base: str
    namespace: str

    def path(self, iri: str) -> str:
        """The path of the page for an IRI of ours; empty for any other.

        >>> Addresses("https://e.org/", "https://e.org/ontology#").path("https://e.org/id/xiongan")
        '/id/xiongan'
        """
        if iri.startswith(self.namespace):
            name = iri[len(self.namespace) :]
            return f"{ONTOLOGY}/{quote(name)}" if name else ONTOLOGY
        if iri == self.namespace.rstrip("#/"):
            return ONTOLOGY
        rest = iri.removeprefix(self.base)
        kind, slash, name = rest.partition("/")
        return f"/{rest}" if rest != iri and slash and name and kind in KINDS else ""

    def iri(self, kind: str, name: str) -> str:
        """The IRI that a path stands for; ``name`` is as the path has it once its escapes are undone."""
        return f"{self.base}{kind}/{quote(name, safe='-._~/:@!$&()*+,;=')}"
