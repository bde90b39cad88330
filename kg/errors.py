"""One tree of errors: each says where, what is wrong and what to do; all are picklable.

KgError
├── ReadError        a source cannot be read            (exit 2)
├── DataError        ontology, lexicon, rule, recipe …  (exit 2)
├── QueryError       a query is wrong, late or refused  (exit 2)
├── Overtaken        another decided meanwhile          (exit 2)
├── OutputError      a place cannot be written          (exit 2)
├── RemoteError      a store on the network fails us    (exit 2)
└── MissingExtra     an optional library is not there   (exit 2)
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors that a user can mend; ``str(e)`` is the whole message."""


class ReadError(KgError):
    """A source cannot be read: empty, binary, undecodable, without text."""


class DataError(KgError):
    """What ``data/`` or ``ontology.ttl`` says is wrong; the message begins ``file:line:``."""


class QueryError(KgError):
    """A SPARQL query that is malformed, refused, or did not end in time."""


class Overtaken(KgError):
    """A decision on what somebody else has decided since one looked."""


class OutputError(KgError):
    """A place that cannot be written."""


class RemoteError(KgError):
    """A store on the network cannot be reached, refuses, breaks off or talks nonsense; the message names its address.

    ``status`` is the HTTP status of its answer, 0 where there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message, status)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])


class MissingExtra(KgError):
    """A feature needs an optional library; the message names feature, extra and command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)
        self.feature, self.extra = feature, extra

    def __str__(self) -> str:
        return f"{self.feature} needs the extra {self.extra!r}: pip install 'kg[{self.extra}]'"
