"""What can be said of a SPARQL query without running it: its form, what it must not do, where it is wrong.

It is read as a row of tokens only; grammar is the engine's work.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.errors import QueryError

LONGEST = 64 * 1024
"""Length of a query in bytes beyond which it is refused."""
DEEPEST = 100
"""Depth of brackets beyond which it is refused: parsers recurse, and thousands of levels kill a process."""
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
CALLS = frozenset({"SERVICE", "LOAD"})
"""The words behind which another server is called."""
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})

_BEHIND_CALLS = frozenset({"SILENT"})
# Every piece is read in a time that grows as its length: prefixes end somewhere, and a quote that nothing closes takes
# the rest of its line. Else a hostile query of 64 kB would keep the server, which reads it itself, for minutes.
_NAME = r"[^\W\d_](?:[\w.\-·]{0,100}[\w\-·])?"
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\n\r]*)
    |(?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    |(?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|"(?:[^"\\\n\r]|\\.)*"?|'(?:[^'\\\n\r]|\\.)*'?)
    |(?P<variable>[?$]\w+)
    |(?P<prefixed>(?P<prefix>(?:{_NAME})?):(?P<local>(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\.)(?:[\w.\-:·]|%[0-9A-Fa-f]{{2}}|\\.)*)?)
    |(?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<open>[{{(\[])
    |(?P<close>[}})\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"error at (\d+):(\d+): [Ee]xpected (?:one of )?(.*)", re.DOTALL)
_CLASS = re.compile(r"\[(?:'[^']*'|[^\]'])*\]")
_SHOWN = 8
_LONGEST_LINE = 160
"""Characters of a line that an error shows."""
_NO_IRI = "an IRI between < and > must not hold spaces, quotes, braces, or any of < > | ^ ` \\"
# The grammar tries these wherever a pattern may follow, so naming them misleads.
_ANYWHERE = {"LATERAL", "SERVICE", "OPTIONAL"}


class Token(NamedTuple):
    """A piece of a query: its kind (``word``, ``iri``, ``string`` …), its text, and where it begins."""

    kind: str
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, comments left out; punctuation other than brackets is passed over."""
    for match in _TOKEN.finditer(query):
        kind = "prefixed" if match["prefixed"] is not None else match.lastgroup or ""
        if kind != "comment":
            yield Token(kind, match[0], match.start())


def form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; empty if the query is none of them."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word in FORMS), "")


def names_graphs(query: str) -> bool:
    """Whether a query says itself, by FROM, of which graphs it asks."""
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokens(query))


def refuse(query: str, services: Collection[str] = (), *, updates: bool = False) -> None:
    """Raise :class:`QueryError` for what is never run: too long, too deep, an update, a call to another server.

    ``services`` are the IRIs of servers that may be called all the same; ``updates`` lets updates pass.
    """
    if len(query.encode(errors="replace")) > LONGEST:
        raise QueryError(f"the query is longer than {LONGEST // 1024} kB; ask for less at a time")
    depth, first = 0, True
    caller: Token | None = None
    for token in tokens(query):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth > DEEPEST:
            raise _error(query, token.start, f"brackets are nested more than {DEEPEST} deep; flatten the query")
        if caller and token.text.upper() not in _BEHIND_CALLS:
            _refuse_call(query, caller, token, services)
            caller = None
        elif token.kind == "word" and not caller:
            caller = token if token.text.upper() in CALLS else None
            first = not updates and _refuse_word(query, token, first)


def _refuse_call(query: str, caller: Token, called: Token, services: Collection[str]) -> None:
    """Calls name a server that may be called, in full: a variable or a prefix could name any."""
    if called.kind != "iri" or called.text[1:-1] not in services:
        word = caller.text.upper()
        raise _error(query, caller.start, f"{word} is refused: queries do not leave this machine; remove it")


def _refuse_word(query: str, token: Token, first: bool) -> bool:
    """Whether the next word may still begin the query proper."""
    word = token.text.upper()
    if first and word in UPDATES:
        raise _error(query, token.start, f"{word} is an update: queries only read; change the sources and build again")
    return first and word in ("PREFIX", "BASE")


def using(update: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """An update that asks of these graphs (SPARQL 1.1 Protocol, section 2.2.3), which must not name any itself."""
    if not default_graphs and not named_graphs:
        return update
    clauses = [f"USING <{iri}>" for iri in default_graphs] + [f"USING NAMED <{iri}>" for iri in named_graphs]
    depth, before, parts, done = 0, "", [], 0
    for token in tokens(update):
        depth += (token.kind == "open") - (token.kind == "close")
        word = token.text.upper() if token.kind == "word" and not depth else ""
        if word in ("USING", "WITH"):
            raise _error(
                update, token.start, f"{word} stands in an update for which the request names graphs; keep one"
            )
        if word == "WHERE" and before == "DELETE":
            raise _error(update, token.start, "DELETE WHERE takes no graphs from a request; write DELETE {…} WHERE {…}")
        if word == "WHERE":
            parts += [update[done : token.start], " ".join(clauses), " "]
            done = token.start
        before = token.text.upper()
    return "".join(parts) + update[done:]


def check_prefixes(query: str, known: Mapping[str, str]) -> None:
    """Raise :class:`QueryError` for a prefix that is neither declared nor among the ``known``."""
    for prefix, start, declared in _undeclared(query):
        if prefix not in known:
            broken = query[:start].endswith("<")
            raise _error(query, start, _NO_IRI if broken else _unknown(prefix, {*known, *declared}))


def undeclared(query: str) -> frozenset[str]:
    """The prefixes that a query uses without having declared them."""
    return frozenset(prefix for prefix, _, _ in _undeclared(query))


def _undeclared(query: str) -> Iterator[tuple[str, int, frozenset[str]]]:
    """Each use of a prefix that is not declared, its place, and those that are declared until there."""
    declared, declaring = set[str](), False
    for token in tokens(query):
        prefix = token.text.partition(":")[0]
        if token.kind == "prefixed" and declaring:
            declared.add(prefix)
        elif token.kind == "prefixed" and prefix not in declared:
            yield prefix, token.start, frozenset(declared)
        declaring = token.kind == "word" and token.text.upper() == "PREFIX"


def unknown_names(query: str, prefix: str, known: Collection[str]) -> Iterator[tuple[Token, str]]:
    """The tokens of a query that name under a prefix what is not ``known``, each with the nearest name, if any is."""
    for token in tokens(query):
        space, _, name = token.text.partition(":")
        if token.kind == "prefixed" and space == prefix and name and name not in known:
            yield token, next(iter(difflib.get_close_matches(name, known, n=1)), "")


def _unknown(prefix: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(prefix, known, n=1)
    hint = f"did you mean {close[0]}:? " if close else ""
    return (
        f"the prefix {prefix}: is not declared; {hint}write PREFIX {prefix}: <…> at the top, "
        f"or use one that needs no declaration: {', '.join(f'{name}:' for name in sorted(known))}"
    )


def syntax_error(query: str, message: str) -> QueryError:
    """The error to raise where an engine answered ``message`` (``error at LINE:COLUMN: expected …``)."""
    match = _PLACE.search(message)
    if match is None:
        return QueryError(f"the query is wrong: {message}")
    line, column, wanted = int(match[1]), int(match[2]), _wanted(match[3])
    return _located(query, line, column, wanted)


def wrong_form(query: str, *wanted: str) -> QueryError:
    """The error to raise where a query of another form was wanted."""
    return QueryError(f"this needs a query of the form {' or '.join(wanted)}, not {form(query) or 'this'}")


def _wanted(expected: str) -> str:
    """What an engine says it expected, without its character classes."""
    parts = [part.strip() for part in _CLASS.sub("", expected).replace("\n", " ").split(", ")]
    reasons = [part for part in parts if " " in part]
    if reasons:
        return "; ".join(reasons)
    shown = sorted({part for part in parts if part} - _ANYWHERE)
    more = ", …" if len(shown) > _SHOWN else ""
    return f"expected {', '.join(shown[:_SHOWN])}{more}" if shown else "this is not expected here"


def _error(query: str, position: int, reason: str) -> QueryError:
    line = query.count("\n", 0, position) + 1
    return _located(query, line, position - (query.rfind("\n", 0, position) + 1) + 1, reason)


def _located(query: str, line: int, column: int, reason: str) -> QueryError:
    lines = query.split("\n")
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    skipped = max(0, column - _LONGEST_LINE // 2) if len(text) > _LONGEST_LINE else 0
    shown = text[skipped : skipped + _LONGEST_LINE]
    return QueryError(f"query:{line}:{column}: {reason}\n  {shown}\n  {_indent(shown, column - skipped)}^")


def _indent(text: str, column: int) -> str:
    """As much white space as the text before a column is wide on a terminal."""
    from wcwidth import wcswidth

    before = text[: column - 1]
    return "".join("\t" if character == "\t" else " " * max(0, wcswidth(character)) for character in before)
