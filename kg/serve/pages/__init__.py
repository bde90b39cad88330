"""The pages that people read: each module gives the routes of its own."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kg.serve.pages import data, documents, doubt, home, network, ontology, questions, reviews, things
from kg.serve.pool import Pool
from kg.serve.site import Site


def page_routes(site: Site, pool: Pool) -> list[BaseRoute]:
    """The routes of all pages; ``pool`` answers the queries that they run."""
    plain = (home, things, documents, ontology, doubt, reviews, data)
    asking = (questions, network)
    return [
        *(route for module in plain for route in module.routes(site)),
        *(route for module in asking for route in module.routes(site, pool)),
    ]
