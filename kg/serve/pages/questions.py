"""``/questions`` and ``/question/…``: what a build can be asked by name, and the answers."""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve.catalogue import by_label
from kg.serve.endpoint import ask
from kg.serve.pool import Pool, Unanswered
from kg.serve.protocol import Operation
from kg.serve.refs import Ref
from kg.serve.showing import Showing
from kg.serve.site import Site
from kg.sparql import form
from kg.view_data import clean
from kg.view_model import Value

ROWS = 500
"""Rows that a page shows."""


def routes(site: Site, pool: Pool) -> list[BaseRoute]:
    """The routes of the questions, which ``pool`` answers."""

    def listed(request: Request) -> Response:
        showing = Showing(site, request)
        return showing.page("questions.html", questions=showing.opened.questions)

    async def question(request: Request) -> Response:
        showing = await run_in_threadpool(Showing, site, request)
        return await _question(showing, pool)

    async def table(request: Request) -> Response:
        opened = await run_in_threadpool(site.now)
        name = request.path_params["name"]
        query = next((each.query for each in opened.questions if each.name == name), "")
        if form(query) not in ("SELECT", "ASK"):
            raise HTTPException(404)
        try:
            rows = await ask(pool, opened, Operation("query", query), {"rows": "csv", "graph": "nt"}, site.settings)
        except Unanswered as error:
            return PlainTextResponse(f"{error}\n", error.status)
        return Response(rows, media_type="text/csv; charset=utf-8")

    return [Route("/questions", listed), Route("/question/{name}.csv", table), Route("/question/{name}", question)]


async def _question(showing: Showing, pool: Pool) -> Response:
    name = showing.request.path_params["name"]
    found = next((each for each in showing.opened.questions if each.name == name), None)
    if found is None:
        raise HTTPException(404)
    answer, problem = b"", ""
    formats = {"rows": "json", "graph": "nt"}
    try:
        answer = await ask(pool, showing.opened, Operation("query", found.query), formats, showing.settings)
    except Unanswered as error:
        problem = str(error)
    graph = form(found.query) not in ("SELECT", "ASK")
    table = {} if problem or graph else json.loads(answer)
    values = await run_in_threadpool(_table, showing, table)
    triples = answer.decode().splitlines() if graph else []
    return await run_in_threadpool(
        lambda: showing.page(
            "question.html",
            status=503 if problem else 200,
            question=found,
            asked=found.en if showing.lang == "en" else found.zh,
            problem=problem,
            graph=graph,
            triples=triples[:ROWS],
            total=len(triples) if graph else len(table.get("results", {}).get("bindings", ())),
            boolean=table.get("boolean"),
            most=ROWS,
            **values,
        )
    )


def _table(showing: Showing, answer: dict[str, Any]) -> dict[str, Any]:
    """The columns and rows of an answer, cells in words."""
    columns = answer.get("head", {}).get("vars", [])
    bindings = answer.get("results", {}).get("bindings", [])[:ROWS]
    return {"columns": columns, "rows": [[_cell(showing, row.get(name)) for name in columns] for row in bindings]}


def _cell(showing: Showing, cell: dict[str, str] | None) -> Ref | str:
    if cell is None:
        return ""
    if cell["type"] == "uri":
        return showing.refs.of(cell["value"])
    if cell.get("xml:lang") and (named := showing.opened.once(by_label).get(cell["value"])):
        return showing.refs.named(named)  # questions answer with labels; one that names one thing alone leads to it
    kind = cell.get("datatype", "").rpartition("#")[2]
    return showing.refs.value(Value(cell["value"], kind)) if kind == "decimal" else clean(cell["value"])
