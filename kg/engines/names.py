"""Names by structure: what stands before a head noun (…临空经济区, …城际铁路, …有限公司) up to where a name begins.

``data/grammar/names.yaml`` says which head nouns make which type and how the left edge is found; this module knows only
the ways of finding it:

* ``name``: over nouns, unknown words and known names, to the first verb, function word or mark;
* ``line``: the short form of a line, characters that abbreviate its ends (京雄, 津保, 京港澳);
* ``attached``: a department, directly behind a known or found organisation or place.

A head must have something proper before it (a known name, an unknown word, a quotation), or it is a common noun.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from kg.errors import DataError
from kg.fields import ENTRIES, FLAG, LINE, MARKS, WHOLE, WORD, WORDS, WORDS_BY_NAME, Shape, checked, checked_file
from kg.grammar import Example, read_example, read_yaml
from kg.lexicon import Lexicon
from kg.segment import ADJECTIVE, CHAR, MARK, NAME, NOUN, NUMBER, STOP, UNKNOWN, VERB, Token, Words, make_words
from kg.types import Annotation, Mention, Span
from kg.vocab import Vocab

NAME_V1 = "names.v1"
_WINDOW = 24
_LEFT = ("name", "line", "attached")
_KINDS = (NOUN, ADJECTIVE, VERB, STOP)  # that a word may be given
_CLASSES = ("after", "within", "cut", "not_only")
_FILE: Mapping[str, Shape] = {
    **dict.fromkeys(("admin", "generic", "joins", "tails", "breaks", "leading"), WORDS),
    **dict.fromkeys(("words", "kinds"), WORDS_BY_NAME),
    "pairs": MARKS,
    "sited": WORD,
    "heads": ENTRIES,
}
_HEAD: Mapping[str, Shape] = {
    **dict.fromkeys(("id", "type", "left"), WORD),
    **dict.fromkeys((*_CLASSES, "heads", "not_before", "not_after"), WORDS),
    **dict.fromkeys(("cut_admin", "tails"), FLAG),
    "longest": WHOLE,
    "examples": ENTRIES,
}


@dataclass(frozen=True, slots=True)
class Head:
    """How the names of one group of head nouns are made (an entry of ``names.yaml``)."""

    id: str
    type: str
    left: str
    after: frozenset[str]
    within: frozenset[str]
    cut_admin: bool
    cut: frozenset[str]
    not_only: frozenset[str]
    tails: bool
    longest: int
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class NameData:
    """All of ``names.yaml``: head noun -> its entry, and the words that the left edge turns upon."""

    heads: Mapping[str, Head]
    admin: tuple[str, ...]
    pairs: Mapping[str, str]
    generic: frozenset[str]
    words: Words
    verbs: frozenset[str]
    stops: frozenset[str]
    sited: str
    joins: frozenset[str]
    tails: frozenset[str]
    breaks: frozenset[str]
    leading: frozenset[str]


class NameEngine:
    """Proposes names made of a proper part and a typed head noun."""

    name = NAME_V1

    def __init__(self, data: NameData, lexicon: Lexicon, vocab: Vocab) -> None:
        self._data, self._lexicon, self._vocab = data, lexicon, vocab
        self._surfaces = sorted(data.heads)
        self._automaton = AhoCorasick(self._surfaces)
        self._initials = line_ends(lexicon, vocab, data.sited)

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._scan(a)) for a in batch)

    def _scan(self, a: Annotation) -> Iterator[Mention]:
        text = a.document.text
        ends = {m.span.end: m for m in sorted(a.mentions, key=lambda m: -m.span.start)}
        covered = _Cover(a.mentions)
        for start, end in self._heads(text):
            head = self._data.heads[text[start:end]]
            if text.startswith(head.not_before, end) or (head.not_after and text[:start].endswith(head.not_after)):
                continue
            left = self._around(text, start, end, head, covered, ends)
            if left is None or end - left > head.longest:
                continue
            mention = Mention(Span(left, end), text[left:end], head.type, self.name, 0.85)
            ends[end] = mention
            covered.add(mention)
            yield mention

    def _heads(self, text: str) -> Iterator[tuple[int, int]]:
        """The longest head noun that ends at each place, from left to right."""
        longest: dict[int, int] = {}
        for _, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            longest[end] = min(start, longest.get(end, start))
        return ((start, end) for end, start in longest.items())

    def _around(
        self, text: str, start: int, end: int, head: Head, covered: _Cover, ends: Mapping[int, Mention]
    ) -> int | None:
        """The left edge; a known name that ends in the head stays as it is, unless more than places stand before it."""
        known = covered.holding(start, end)
        if known is None:
            return self._left(text, start, head, covered, ends)
        before = ends.get(known.span.start)
        if known.span.end != end or (before and not self._is_any(before.type, self._data.leading)):
            return None
        more = replace(head, not_only=frozenset({self._data.sited}))
        left = self._left(text, known.span.start, more, covered, ends)
        return left if left is not None and left < known.span.start else None

    def _left(self, text: str, start: int, head: Head, covered: _Cover, ends: Mapping[int, Mention]) -> int | None:
        if head.left == "attached":
            before = ends.get(start)
            return before.span.start if before and self._is_any(before.type, head.after) else None
        if head.left == "line":
            left = self._line(text, start, covered)
            return None if left is None or self._only(text, left, start, covered, head.not_only) else left
        names = covered.between(start - _WINDOW, start)
        window = min([max(0, start - _WINDOW), *(a for a, _ in names[:1])])
        tokens = self._data.words.segment(text, window, start, names)
        left = self._edge(text, tokens, start, head, covered)
        if left is None or (head.within and not self._holds(covered, left, start, head.within)):
            return None
        left = self._cut(left, start, head, covered)
        return None if left == start or self._only(text, left, start, covered, head.not_only) else left

    def _is_any(self, type_: str, wanted: frozenset[str]) -> bool:
        return any(self._vocab.is_a(type_, w) for w in wanted)

    def _holds(self, covered: _Cover, left: int, start: int, wanted: frozenset[str]) -> bool:
        return any(self._is_any(m.type, wanted) for m in covered.within(left, start))

    def _only(self, text: str, left: int, start: int, covered: _Cover, classes: frozenset[str]) -> bool:
        """Whether hardly more than names of these classes stand before the head."""
        names = [m.span for m in covered.within(left, start) if self._is_any(m.type, classes)]
        rest = start - left - len({k for s in names for k in range(s.start, s.end)})
        joined = any(c in self._data.joins for c in text[left:start])
        return rest < 2 and bool(names) and not joined

    def _cut(self, left: int, start: int, head: Head, covered: _Cover) -> int:
        """Without a leading name that is not part of this kind of name, if enough is left."""
        for m in covered.within(left, start):
            if m.span.start != left:
                continue
            if self._is_any(m.type, head.cut) or (head.cut_admin and m.text.endswith(self._data.admin)):
                left = m.span.end if start - m.span.end > 1 else start
        return left

    def _edge(self, text: str, tokens: Sequence[Token], start: int, head: Head, covered: _Cover) -> int | None:
        """Walk left over what a name may hold; stop behind a known name that no other name precedes."""
        left, proper, chars, k = start, False, 0, len(tokens) - 1
        while k >= 0:
            token = tokens[k]
            if token.kind == MARK:
                opened = self._opening(text, tokens, k)
                if opened is None:
                    break
                proper, left, k = True, tokens[opened].start, opened - 1
                continue
            if self._stops(text, tokens, k, start):
                break
            if k < len(tokens) - 1 and self._breaks(text[token.start : token.end], head):
                break
            tail = k and tokens[k - 1].kind == NAME and text[token.start : token.end] in self._data.tails
            if tail and not head.tails:
                break
            if token.kind == NAME and text[token.start : token.end] in self._data.stops:
                break
            left = token.start
            if token.kind == NAME:
                proper = True
                left = self._headed(text, left, head)
                if not self._goes_on(text, tokens, k, covered):
                    break
                while k and tokens[k - 1].start >= left:
                    k -= 1
            chars = chars + 1 if token.kind == CHAR else 0
            proper = proper or token.kind == UNKNOWN or chars > 1
            k -= 1
        bare = left == start or not proper or text[left:start] in self._data.generic
        return None if bare else left

    def _breaks(self, word: str, head: Head) -> bool:
        """Whether a word inside the walk ends it: a head noun of the same type, or a verb that may only precede one."""
        other = self._data.heads.get(word)
        return word in self._data.breaks or bool(other and other.type == head.type)

    def _stops(self, text: str, tokens: Sequence[Token], k: int, start: int) -> bool:
        """Whether a token ends the walk: a number, a verb or function word that begins no head noun (自|贸|试验区)."""
        token = tokens[k]
        if token.kind == VERB:
            return not self._inner_verb(text, tokens, k)
        if token.kind != STOP:
            return token.kind == NUMBER
        lengths = range(3, min(8, start - token.start) + 1)
        return not any(text[token.start : token.start + n] in self._data.heads for n in lengths)

    def _inner_verb(self, text: str, tokens: Sequence[Token], k: int) -> bool:
        """A verb directly behind a known name may be the proper part (北京|奔驰|汽车…)."""
        strong = text[tokens[k].start : tokens[k].end] in self._data.verbs
        return not strong and k > 0 and tokens[k - 1].kind == NAME and tokens[k].end - tokens[k].start > 1

    def _goes_on(self, text: str, tokens: Sequence[Token], k: int, covered: _Cover) -> bool:
        """Whether a name before this one belongs to it: another name, a bracket, an abbreviated place."""
        if k == 0:
            return False
        before = tokens[k - 1]
        short = before.end - before.start == 1 and bool(self._lexicon.abbreviation(text[before.start]))
        return short or before.kind == MARK or (before.kind == NAME and self._leads(before, covered))

    def _leads(self, token: Token, covered: _Cover) -> bool:
        """Whether a name can stand before another as a part of it: a place or an organisation, not a line."""
        named = [m for m in covered.within(token.start, token.end) if m.span.start == token.start]
        return any(m.span.end == token.end and self._is_any(m.type, self._data.leading) for m in named)

    def _headed(self, text: str, left: int, head: Head) -> int:
        """A head noun of the same type directly before the name (自贸试验区|大兴|片区) belongs to it."""
        for length in range(min(8, left), 2, -1):
            other = self._data.heads.get(text[left - length : left])
            if other and other.type == head.type:
                return left - length
        return left

    def _opening(self, text: str, tokens: Sequence[Token], k: int) -> int | None:
        """The token that opens the bracket or quotation which ``tokens[k]`` closes."""
        opening = self._data.pairs.get(text[tokens[k].start])
        if opening is None:
            return None
        return next((i for i in range(k - 1, -1, -1) if text[tokens[i].start] == opening), None)

    def _line(self, text: str, start: int, covered: _Cover) -> int | None:
        """Two to four abbreviating characters, or the known names that stand there."""
        spans = covered.between(max(0, start - _WINDOW), start)
        left = start
        while spans and spans[-1][1] == left:
            left = spans.pop()[0]
        if left < start and text[left - 1 : left] in self._data.joins:
            before = covered.between(max(0, left - _WINDOW), left - 1)
            left = before[-1][0] if before and before[-1][1] == left - 1 else left
        if start - left >= 3:
            return left
        run = left
        while run > 0 and start - run < 4 and self._lexicon.abbreviation(text[run - 1]):
            run -= 1
        if start - run >= 2:
            return run
        two = text[max(0, start - 2) : start]
        ends = len(two) == 2 and all(self._may_end(c) for c in two) and two not in self._data.words.table
        return self._further(text, start - 2, start) if ends else None

    def _may_end(self, char: str) -> bool:
        return char in self._initials and char not in self._data.stops

    def _further(self, text: str, left: int, start: int) -> int:
        """More ends of a line to the left (徐宿|淮盐), as long as no word is cut."""
        words = self._data.words.table
        while left > 0 and start - left < 4 and self._may_end(text[left - 1]):
            if text[left - 2 : left] in words or text[left - 1 : left + 1] in words:
                break
            left -= 1
        return left


def line_ends(lexicon: Lexicon, vocab: Vocab, sited: str) -> frozenset[str]:
    """The characters that stand for places in short names of lines: abbreviations, and how places' names begin."""
    places = (e.label[0] for e in lexicon.entries.values() if vocab.is_a(e.type, sited))
    return frozenset((*places, *lexicon.abbreviations))


class _Cover:
    """The known names of one text, by place; names inside names are kept."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._all = sorted(mentions)
        self._starts = [m.span.start for m in self._all]

    def add(self, mention: Mention) -> None:
        k = bisect_left(self._starts, mention.span.start)
        self._all.insert(k, mention)
        self._starts.insert(k, mention.span.start)

    def _near(self, start: int, end: int) -> Sequence[Mention]:
        first = bisect_left(self._starts, start - 2 * _WINDOW)
        return self._all[first : bisect_left(self._starts, end)]

    def holding(self, start: int, end: int) -> Mention | None:
        """The widest known name that a head noun stands in without being all of it."""
        return next((m for m in self._near(start, end) if m.span.start < start and end <= m.span.end), None)

    def within(self, start: int, end: int) -> list[Mention]:
        return [m for m in self._near(start, end) if m.span.start >= start and m.span.end <= end]

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        """The widest names that end in a stretch, none overlapping another."""
        found: list[tuple[int, int]] = []
        ending = [m.span for m in self._near(start, end) if start < m.span.end <= end]
        for span in sorted(ending, key=lambda s: (s.start, -s.end)):
            if not found or span.start >= found[-1][1]:
                found.append((span.start, span.end))
        return found


def load_names(path: Path, lexicon: Lexicon, vocab: Vocab) -> NameData:
    """Read ``names.yaml``; a key left out says that there is none. Unknown keys, types and ways are a ``DataError``."""
    raw = checked_file(path, read_yaml(path), _FILE, ("heads",))
    heads: dict[str, Head] = {}
    for entry in raw["heads"]:
        where = f"{path}:{entry[LINE]}"
        head = _head(entry, where, vocab)
        for surface in entry["heads"]:
            if surface in heads:
                raise DataError(f"{where}: head {surface!r} also in {heads[surface].id}; keep one")
            heads[surface] = head
    for key in ("words", "kinds"):
        odd = sorted(raw.get(key, {}).keys() - {LINE, *_KINDS})
        if odd:
            raise DataError(f"{path}:{raw[key][LINE]}: {key}: no kind {odd[0]!r}; known: {', '.join(_KINDS)}")
    for name in (*raw.get("leading", ()), *((raw["sited"],) if "sited" in raw else ())):
        if name not in vocab.classes:
            raise DataError(f"{path}:1: no class {name!r} in the ontology; mend the name")
    own = {kind: list(words) for kind, words in raw.get("words", {}).items() if kind != LINE}
    override = {word: kind for kind, words in own.items() for word in words}
    kinds = {pos: kind for kind, all_pos in raw.get("kinds", {}).items() if kind != LINE for pos in all_pos}
    sets: Any = {key: frozenset(raw.get(key, ())) for key in ("generic", "joins", "tails", "breaks", "leading")}
    return NameData(
        heads=heads,
        admin=tuple(raw.get("admin", ())),
        pairs={pair[1]: pair[0] for pair in raw.get("pairs", ())},
        words=make_words({**lexicon.nouns, **lexicon.words}, kinds, override),
        verbs=frozenset(own.get("verb", ())),
        stops=frozenset(own.get("stop", ())),
        sited=str(raw.get("sited", "")),
        **sets,
    )


def _head(given: Mapping[str, Any], where: str, vocab: Vocab) -> Head:
    raw = checked(given, where, _HEAD, ("id", "type", "heads"))
    left = raw.get("left", "name")
    types = [raw["type"], *(t for key in _CLASSES for t in raw.get(key, ()))]
    unknown = [t for t in types if t not in vocab.classes]
    if unknown or left not in _LEFT:
        bad = f"class {unknown[0]!r}" if unknown else f"way {left!r} (of {', '.join(_LEFT)})"
        raise DataError(f"{where}: unknown {bad}; mend the entry")
    examples = tuple(read_example(e, where) for e in raw.get("examples", ()))
    return Head(
        id=raw["id"],
        type=raw["type"],
        left=left,
        after=frozenset(raw.get("after", [])),
        within=frozenset(raw.get("within", [])),
        cut_admin=bool(raw.get("cut_admin")),
        cut=frozenset(raw.get("cut", [])),
        not_only=frozenset(raw.get("not_only", [])),
        tails=bool(raw.get("tails")),
        longest=int(raw.get("longest", 26)),
        not_before=tuple(raw.get("not_before", ())),
        not_after=tuple(raw.get("not_after", ())),
        examples=examples,
    )
