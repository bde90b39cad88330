"""Why a build says what it says: from a fact back to the sentence, the rule, the cue, the date and the gates.

The document is read again, if its source is at hand and still says the same, so that what is shown is what happened;
else the graph alone is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.dates import Date
from kg.decode import decode
from kg.engines.rules import Match
from kg.errors import ReadError
from kg.explain_graph import TYPE, Claim, Claims, Proof, find_source
from kg.explain_reading import Reading, read_again, templates_of
from kg.explain_rules import RuleSource
from kg.explain_text import Ink, Teller, explain_text, plain_ink
from kg.graph import REVIEW
from kg.masking import Masked
from kg.pipeline import Kit
from kg.quantities import Quantity
from kg.read import read
from kg.types import Document, Fact, Observation, Span, Value

__all__ = ["Ink", "explain_fact", "explain_text", "plain_ink"]


def explain_fact(words: Sequence[str], build: Path, kit: Kit, ink: Ink = plain_ink) -> list[str]:
    """Lines that explain a fact, a figure or a refusal of a build; none if the build says nothing of the kind.

    ``words`` are an address, the beginning of its hash, or subject, predicate and object (``?`` for any). Raises
    :class:`QueryError` where they are none of these or fit too much, :class:`ReadError` where the store is damaged.
    """
    claims = Claims(build, kit.recipe, kit.parts.vocab)
    try:
        explainer = _Explainer(build, kit, ink)
        told = [line for claim in claims.find(words) for line in explainer.claim(claim, claims)]
        return told + [line for said, origin in claims.imported(words) for line in explainer.imported(said, origin)]
    finally:
        claims.close()


def said_of(words: Sequence[str], build: Path, kit: Kit) -> list[str]:
    """What a build does say with the subject of ``words``, one fact a line; for one that it does not say."""
    claims = Claims(build, kit.recipe, kit.parts.vocab)
    try:
        return claims.near(words)
    finally:
        claims.close()


class _Explainer:
    """Tells of claims; each document is read again once."""

    def __init__(self, build: Path, kit: Kit, ink: Ink) -> None:
        self._build, self._kit, self._ink = build, kit, ink
        self._read: dict[str, tuple[Teller | None, str]] = {}

    def imported(self, said: str, origin: str) -> Iterator[str]:
        yield f"{self._ink('head', said)}  (imported: quoted from no text)"
        yield f"  {origin}"
        yield ""

    def claim(self, claim: Claim, claims: Claims) -> Iterator[str]:
        told = [claim.modality, f"confidence {claim.confidence}" if claim.confidence else "", claim.kind]
        yield f"{self._ink('head', ' '.join(claim.ends))}  ({', '.join(filter(None, told))})"
        yield f"  {claim.iri.strip('<>')}"
        yield from (f"  decided    {each}" for each in claim.reviews)
        for k, proof in enumerate(claim.proofs, 1):
            yield from (f"  {line}" for line in self._proof(claim, proof, f"{k} of {len(claim.proofs)}"))
        if not claim.proofs:
            yield from (f"  imported, quoted from no text: {each}" for each in claims.origins(f"{claim.iri} ?p ?o"))
        yield ""

    def _proof(self, claim: Claim, proof: Proof, number: str) -> Iterator[str]:
        teller, problem = self._again(proof)
        own = teller or Teller(read_again(Document("none", "", "none"), self._kit), self._ink)
        if claim.kind != "rejection":
            yield own.row("evidence", f"{number}  {proof.iri.strip('<>')}")
        day = f"published {proof.published}, known by {proof.dated_by}" if proof.published else "of unknown date"
        where = "".join(c if c.isprintable() else "\ufffd" for c in self._where(proof))
        yield own.row("document", f"{where}  ({proof.document}; {day})")
        if teller:
            yield from self._sentence(teller, proof)
        else:
            yield own.row("source", f"{self._ink('bad', problem)}; what follows is from the graph alone")
            yield own.row("sentence", f"…{proof.prefix}{self._ink('mark', proof.quote)}{proof.suffix}…")
        yield from self._rule(own, proof, own.sources.get(proof.rule))
        if teller:
            yield from self._reasons(teller, claim, proof)
        if claim.reason:
            yield own.row("refused", self._ink("bad", claim.reason))
        yield from self._examples(own, own.sources.get(proof.rule))

    # ------------------------------------------------------------------ the document

    def _again(self, proof: Proof) -> tuple[Teller | None, str]:
        """The document read again, or why it cannot be."""
        if proof.document not in self._read:
            try:
                document = self._document(proof)
                self._read[proof.document] = (Teller(read_again(document, self._kit), self._ink), "")
            except ReadError as error:
                self._read[proof.document] = (None, str(error))
        return self._read[proof.document]

    def _document(self, proof: Proof) -> Document:
        path = self._path(proof.source)
        if path is None:
            raise ReadError(f"{proof.source}: the source is not at hand")
        for document in read([path]):
            if document.id == proof.document:
                return document
        raise ReadError(f"{proof.source}: the text has changed since the build")

    def _path(self, source: str) -> Path | None:
        return find_source(source, self._build, self._kit.recipe)

    def _where(self, proof: Proof) -> str:
        """Source and line; of a text within a page or a record, the characters."""
        path = self._path(proof.source)
        at = proof.in_source if proof.in_source.end else proof.span
        if path is None or path.suffix not in (".txt", ".text"):
            return f"{proof.source}, characters {at.start} to {at.end}"
        if not proof.in_source.end:
            teller, _ = self._again(proof)
            if teller is None:
                return proof.source
            at = _in_source(teller, proof.span)
        lines = decode(path.read_bytes(), proof.source)[: at.start].count("\n") + 1
        return f"{proof.source}:{lines}"

    def _sentence(self, teller: Teller, proof: Proof) -> Iterator[str]:
        found = teller.reading.sentence(proof.span)
        if found is None:
            yield teller.row("sentence", self._ink("mark", proof.quote))
            return
        sentence, view = found
        whole = Span(min(sentence.start, proof.span.start), max(sentence.end, proof.span.end))
        before, after = Span(whole.start, proof.span.start), Span(proof.span.end, whole.end)
        marked = self._ink("mark", proof.span.of(teller.text))
        yield teller.row("sentence", f"{before.of(teller.text)}{marked}{after.of(teller.text)}")
        yield from teller.masked(view)

    # ------------------------------------------------------------------ the rule

    def _rule(self, teller: Teller, proof: Proof, source: RuleSource | None) -> Iterator[str]:
        if proof.rule == REVIEW:
            yield teller.row("rule", f"{proof.rule}: a person's correction of what was read here")
            return
        if source is None:
            yield teller.row("rule", f"{proof.rule}: no rule of the grammar, but a part of the program")
            return
        measured = self._kit.confidence.get(source.id)
        told = f", measured {measured:.2f}" if measured is not None else ", not measured"
        yield teller.row("rule", f"{self._ink('head', source.id)}  {source.where}  (score {source.score:.2f}{told})")
        if source.pattern:
            yield teller.row("pattern", source.pattern)

    def _examples(self, teller: Teller, source: RuleSource | None) -> Iterator[str]:
        for k, example in enumerate(source.examples if source else ()):
            finds = "; ".join(" ".join(one) for one in example.found) or "nothing"
            yield teller.row("" if k else "examples", f"{example.text} → {finds}")

    # ------------------------------------------------------------------ modality, date, gates

    def _reasons(self, teller: Teller, claim: Claim, proof: Proof) -> Iterator[str]:
        items = [item for item in teller.reading.proposed if self._is(teller, item, claim, proof)]
        if not items:
            if claim.predicate != TYPE and proof.rule != REVIEW:
                yield teller.row("now", self._ink("bad", "the rules no longer read this here: build again"))
            return
        item = items[0]
        match = _match_of(teller.reading, item)
        found = teller.reading.sentence(item.evidence.span)
        if match is not None:
            yield teller.row("slots", "  ".join(teller.slots(match)))
            yield teller.row("modality", teller.modality(match.view, match.trigger, match.rule.raw.get("modality")))
            yield from self._own_modality(teller, match, item)
        elif isinstance(item, Observation) and found:
            yield from self._figure(teller, item, found[1])
        else:
            yield teller.row("modality", f"{item.modality}: names state it by their structure")
        if isinstance(item, Fact) and isinstance(item.object, Value) and found:
            yield from self._date(teller, item.object, found[1], match)
        yield from self._gates(teller, item)

    def _is(self, teller: Teller, item: Fact | Observation, claim: Claim, proof: Proof) -> bool:
        """Whether a proposal is the one that the graph tells of."""
        if item.evidence.span != proof.span or (item.evidence.by != proof.rule and claim.kind != "rejection"):
            return False
        if isinstance(item, Observation):
            said = (item.indicator, item.value, item.unit)
            return claim.ends[1:] == said or claim.ends[2] == " ".join(said)
        ends = teller.called(item.subject) | _object_names(teller, item)
        return item.predicate == claim.predicate and ends >= {claim.ends[0], claim.ends[2]}

    def _own_modality(self, teller: Teller, match: Match, item: Fact | Observation) -> Iterator[str]:
        given = [t for t in templates_of(teller.reading, match.rule) if isinstance(item, Fact) and t.modality]
        if item.modality != match.modality and any(t.modality == item.modality for t in given):
            yield teller.row("", f"but {item.modality} here: the rule gives this fact a modality of its own ('as')")

    def _figure(self, teller: Teller, item: Observation, view: Masked) -> Iterator[str]:
        places = zip(view.starts, view.placed, strict=True)
        at = next((k for k, p in places if isinstance(p.item, Quantity) and p.item.value == item.value), None)
        if at is not None:
            yield teller.row("modality", teller.modality(view, at))
        yield teller.row("figure", teller.figure(item))

    def _date(self, teller: Teller, value: Value, view: Masked, match: Match | None) -> Iterator[str]:
        """The date whose value it is, and why this one."""
        document = teller.reading.linked.document
        for at, placed in zip(view.starts, view.placed, strict=True):
            date = placed.item
            if not isinstance(date, Date) or date.begin != value.text:
                continue
            why = "it governs the trigger"
            if match is not None:
                near = at >= self._kit.parts.modality.clause_start(view, match.trigger)
                why = "in the clause of the trigger" if near else "it opens an earlier clause"
            origin = f", counted from {document.published or 'an unknown day'}" if date.relative else ""
            yield teller.row("date", f"{value.text} from {self._ink('mark', date.text)} ({date.kind}{origin}), {why}")
            return

    def _gates(self, teller: Teller, item: Fact | Observation) -> Iterator[str]:
        entities = {e.id: e for e in teller.reading.linked.entities}
        passed = ["the quote is in the text", f"{item.modality} is a modality"]
        if isinstance(item, Observation):
            yield teller.row("gates", "; ".join([*passed, f"{teller.entity(item.about)} is linked"]))
            return
        kinds = [entities[end].type for end in (item.subject, item.object) if isinstance(end, str) and end in entities]
        kinds += [] if isinstance(item.object, str) else [item.object.datatype]
        vocab = self._kit.parts.vocab
        admits = len(kinds) == 2 and vocab.admits(item.predicate, *kinds)
        takes = f"{item.predicate} {'takes' if admits else 'does not take'} {' and '.join(kinds)}"
        yield teller.row("gates", "; ".join([*passed, "both ends are linked", takes]))


def _in_source(teller: Teller, span: Span) -> Span:
    from kg.text import to_source

    return to_source(teller.reading.linked.document.offsets, span)


def _match_of(reading: Reading, item: Fact | Observation) -> Match | None:
    """The match of a rule that stated something."""
    for match in reading.matches:
        if match.rule.id == item.evidence.by and item.evidence.span.covers(match.view.span(*match.found.span())):
            return match
    return None


def _object_names(teller: Teller, fact: Fact) -> frozenset[str]:
    return teller.called(fact.object) if isinstance(fact.object, str) else frozenset([fact.object.text])
