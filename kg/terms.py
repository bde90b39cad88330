"""Namespaces, and the foreign terms that the graph is written with, as N-Quads has them."""

from __future__ import annotations

from collections.abc import Mapping

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
ASSOCIATED_WITH = f"<{PROV}wasAssociatedWith>"
NEWS_ARTICLE = f"<{SCHEMA}NewsArticle>"
HEADLINE = f"<{SCHEMA}headline>"
DATE_PUBLISHED = f"<{SCHEMA}datePublished>"
TITLE = f"<{DCTERMS}title>"
IDENTIFIER = f"<{DCTERMS}identifier>"
SOURCE = f"<{DCTERMS}source>"
ISSUED = f"<{DCTERMS}issued>"
LANGUAGE = f"<{DCTERMS}language>"
LATITUDE = f"<{SCHEMA}latitude>"
LONGITUDE = f"<{SCHEMA}longitude>"
HAS_UNIT = f"<{QUDT}hasUnit>"


def prefixes(base: str, namespace: str = KG) -> Mapping[str, str]:
    """The prefixes under which people know what a graph is made of; ``id:`` and others are its data's."""
    return {
        "kg": namespace,
        "id": f"{base}id/",
        "doc": f"{base}doc/",
        "event": f"{base}event/",
        "statement": f"{base}statement/",
        "evidence": f"{base}evidence/",
        "observation": f"{base}observation/",
        "graph": f"{base}graph/",
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
