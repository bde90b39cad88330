"""Namespaces, and the foreign terms that the graph is written with, as N-Quads has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.iri import BASE

KG = "https://w3id.org/kg-regional/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
QUDT = "http://qudt.org/schema/qudt/"
UNIT = "http://qudt.org/vocab/unit/"
WIKIDATA = "http://www.wikidata.org/entity/"

TYPE = f"<{RDF}type>"
STATEMENT = f"<{RDF}Statement>"
SUBJECT = f"<{RDF}subject>"
PREDICATE = f"<{RDF}predicate>"
OBJECT = f"<{RDF}object>"
LABEL = f"<{RDFS}label>"
ALT_LABEL = f"<{SKOS}altLabel>"
SAME_AS = f"<{OWL}sameAs>"
SPECIFIC_RESOURCE = f"<{OA}SpecificResource>"
QUOTE_SELECTOR = f"<{OA}TextQuoteSelector>"
POSITION_SELECTOR = f"<{OA}TextPositionSelector>"
HAS_SOURCE = f"<{OA}hasSource>"
HAS_SELECTOR = f"<{OA}hasSelector>"
EXACT = f"<{OA}exact>"
PREFIX = f"<{OA}prefix>"
SUFFIX = f"<{OA}suffix>"
START = f"<{OA}start>"
END = f"<{OA}end>"
ACTIVITY = f"<{PROV}Activity>"
SOFTWARE_AGENT = f"<{PROV}SoftwareAgent>"
GENERATED_BY = f"<{PROV}wasGeneratedBy>"
DERIVED_FROM = f"<{PROV}wasDerivedFrom>"
REVISION_OF = f"<{PROV}wasRevisionOf>"
ENDED_AT = f"<{PROV}endedAtTime>"
ASSOCIATED_WITH = f"<{PROV}wasAssociatedWith>"
NEWS_ARTICLE = f"<{SCHEMA}NewsArticle>"
HEADLINE = f"<{SCHEMA}headline>"
DATE_PUBLISHED = f"<{SCHEMA}datePublished>"
TITLE = f"<{DCTERMS}title>"
IDENTIFIER = f"<{DCTERMS}identifier>"
SOURCE = f"<{DCTERMS}source>"
ISSUED = f"<{DCTERMS}issued>"
REPLACED_BY = f"<{DCTERMS}isReplacedBy>"
LANGUAGE = f"<{DCTERMS}language>"
LATITUDE = f"<{SCHEMA}latitude>"
LONGITUDE = f"<{SCHEMA}longitude>"
HAS_UNIT = f"<{QUDT}hasUnit>"


VANN = "http://purl.org/vocab/vann/"
DECLARED_PREFIXES = f"""
SELECT ?prefix ?namespace
WHERE {{ ?ontology <{VANN}preferredNamespacePrefix> ?prefix ; <{VANN}preferredNamespaceUri> ?namespace }}
ORDER BY ?prefix"""
"""Asks the ontologies that a store holds for the prefixes that they prefer."""
_FACTS = "graph/facts"


def prefixes(base: str = BASE) -> Mapping[str, str]:
    """The prefixes under which people know what a graph is made of; those of the data lie under ``base``."""
    return {
        "kg": KG,
        **{name: f"{base}{name}/" for name in ("id", "doc", "event", "statement", "evidence", "observation", "graph")},
        "rdf": RDF,
        "rdfs": RDFS,
        "xsd": XSD,
        "owl": OWL,
        "skos": SKOS,
        "oa": OA,
        "prov": PROV,
        "dcterms": DCTERMS,
        "schema": SCHEMA,
        "qudt": QUDT,
        "unit": UNIT,
        "wd": WIKIDATA,
    }


def prefixes_of(graphs: Iterable[str], declared: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The prefixes that fit what a store holds: its named graphs tell the base, its ontology its own prefix."""
    base = next((graph.removesuffix(_FACTS) for graph in sorted(graphs) if graph.endswith("/" + _FACTS)), BASE)
    return {**prefixes(base), **dict(declared)}
