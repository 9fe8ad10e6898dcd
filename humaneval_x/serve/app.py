"""The application: `/v1`, the health pages, and the protocols that other services' clients speak."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from humaneval_x import __version__
from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.records import Sample, Verdict
from humaneval_x.results import Row
from humaneval_x.runners.pool import Pool
from humaneval_x.serve.desk import Desk
from humaneval_x.serve.guard import App, Guard
from humaneval_x.serve.lanes import Order
from humaneval_x.serve.metrics import Metrics
from humaneval_x.serve.models import EvaluateRequest, LimitsOf, Refusal, Verdicts
from humaneval_x.serve.orders import Ceilings, Library
from humaneval_x.settings import Errata, EvaluationSettings, Rules, Tests

T = TypeVar("T")
CACHE_BYTES = 64 << 20
QUEUE_BYTES = 256 << 20
ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": Refusal, "description": told}
    for code, told in (
        (401, "a token is needed"),
        (413, "too large"),
        (422, "not as expected; the line says what was"),
        (429, "the queue is full; Retry-After says when to come again"),
        (503, "a jail or a toolchain failed, or the service is ending"),
        (504, "the deadline passed"),
    )
}
ABOUT = "Verdicts on model-written programs, from the same jails as `evaluate.py run`. No verdict depends on load."


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What every protocol works with."""

    desk: Desk
    library: Library
    ceilings: Ceilings

    async def outcomes(
        self, request: Request, orders: Sequence[Order], deadline_s: float
    ) -> list[Verdict | HarnessError]:
        """Return the outcome of each order, in order. Raises RequestError; stops waiting when the client has gone."""

        async def all_of_them() -> list[Verdict | HarnessError]:
            found: dict[int, Verdict | HarnessError] = {}
            async for place, outcome in self.desk.judge(client_of(request), orders, deadline_s):
                found[place] = outcome
            return [found[place] for place in range(len(orders))]

        return await unless_gone(request, all_of_them())

    def settings(self, asked: EvaluateRequest) -> EvaluationSettings:
        """Return a request's settings as a run's. Raises RequestError."""
        return EvaluationSettings(
            errata=Errata(asked.errata),
            tests=Tests(asked.tests),
            rules=Rules(asked.rules),
            negated_tests=asked.negated_tests,
            compiling=self.compiling(asked),
            running=self.running(asked),
        )

    def running(self, asked: LimitsOf) -> Any:
        """Return the limits of the run that a request asks for."""
        return self.ceilings.run(cpu_s=asked.cpu_s, wall_s=asked.wall_s, memory_mib=asked.memory_mib)

    def compiling(self, asked: LimitsOf) -> Any:
        """Return the limits of the compilation that a request asks for."""
        return self.ceilings.compile(cpu_s=asked.compile_cpu_s, wall_s=asked.compile_wall_s)


def client_of(request: Request) -> str:
    """Return whose share of the queue a request takes."""
    return str(request.scope["state"]["client"])


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Return what `work` gives; cancel it when the client hangs up."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise asyncio.CancelledError
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


def row_of(sample: Sample, order: Order, outcome: Verdict | HarnessError) -> dict[str, Any]:
    """Return a sample's row: that of verdicts.jsonl, or what it says where the harness failed."""
    named = {"task_id": sample.task_id, "sample_index": sample.sample_index}
    if not isinstance(outcome, Verdict):
        return {**named, "error": str(outcome)}
    row = Row(
        task_id=sample.task_id,
        source_language=sample.source_language,
        sample_index=sample.sample_index,
        program=order.program.digest,
        shared=False,
        verdict=outcome,
    )
    return row.to_json()


def add_evaluate(app: FastAPI, service: Service) -> None:
    """Add `/v1/evaluate`."""

    @app.post("/v1/evaluate", response_model=Verdicts, responses=ERRORS, tags=["v1"])
    async def evaluate(body: EvaluateRequest, request: Request) -> Any:
        """Judge samples of the problems that the service holds."""
        deadline_s = service.ceilings.deadline(body.deadline_s)
        rows = [row.model_dump(exclude_none=True) for row in body.samples]
        pairs = await asyncio.to_thread(service.library.orders, rows, service.settings(body))
        orders = [order for _, order in pairs]
        if body.stream:
            return await streamed(request, service, pairs, deadline_s)
        outcomes = await service.outcomes(request, orders, deadline_s)
        verdicts = [row_of(*pair, outcome) for pair, outcome in zip(pairs, outcomes, strict=True)]
        return JSONResponse({"verdicts": verdicts})


async def streamed(
    request: Request, service: Service, pairs: Sequence[tuple[Sample, Order]], deadline_s: float
) -> Response:
    """Return an answer of JSON lines, each written when its program is judged. Refused as a whole before the first."""
    outcomes = service.desk.judge(client_of(request), [order for _, order in pairs], deadline_s)
    first = await anext_of(outcomes)

    async def lines() -> AsyncIterator[bytes]:
        try:
            upcoming: tuple[int, Verdict | HarnessError] | None = first
            while upcoming is not None:
                place, outcome = upcoming
                yield json.dumps({"index": place, **row_of(*pairs[place], outcome)}).encode() + b"\n"
                upcoming = await anext_of(outcomes)
        except RequestError as late:
            yield json.dumps({"error": str(late)}).encode() + b"\n"
        finally:
            await outcomes.aclose()  # type: ignore[attr-defined]

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def anext_of(items: AsyncIterator[T]) -> T | None:
    """Return the next item, or None at the end."""
    async for item in items:
        return item
    return None


def add_health(app: FastAPI, service: Service, metrics: Metrics) -> None:
    """Add `/healthz`, `/readyz` and `/metrics`."""
    desk = service.desk

    @app.get("/healthz", tags=["health"], response_class=PlainTextResponse)
    async def healthz() -> str:
        """Say that the process answers."""
        return "ok\n"

    @app.get("/readyz", tags=["health"])
    async def readyz() -> JSONResponse:
        """Say whether a jail has passed a right program of each installed language, and why not."""
        languages = {name: why or "ready" for name, why in desk.languages.items()}
        body = {"ready": desk.ready, "draining": desk.draining, "languages": languages}
        return JSONResponse(body, status_code=200 if desk.ready else 503)

    @app.get("/metrics", tags=["health"], response_class=PlainTextResponse)
    async def figures() -> str:
        """Return the counters, for Prometheus."""
        gauges = {
            "queue_programs": len(desk.lanes),
            "running_programs": desk.running,
            "workers": desk.pool.workers,
            "cached_verdicts": len(desk.cache),
            "ready": int(desk.ready),
        }
        counters = {
            "programs_total": {f'{{outcome="{name}"}}': count for name, count in desk.outcomes.items()},
            "jails_replaced_total": {"": desk.pool.faults.jails_replaced},
            "cache_hits_total": {"": desk.cache.hits},
        }
        return metrics.text(gauges, counters)


def add_errors(app: FastAPI) -> None:
    """Turn whatever a request raises into one line with a status."""

    def answer(status: int, told: str, headers: dict[str, str] | None = None) -> Response:
        return JSONResponse({"error": told}, status_code=status, headers=headers)

    @app.exception_handler(HarnessError)
    async def harness(request: Request, fault: HarnessError) -> Response:
        if not isinstance(fault, RequestError):
            return answer(503, str(fault))
        again = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
        return answer(fault.status, str(fault), again)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, fault: RequestValidationError) -> Response:
        status, told = explained(fault)
        return answer(status, told)

    @app.exception_handler(HTTPException)
    async def http(request: Request, fault: HTTPException) -> Response:
        told = {404: f"no such page: {request.url.path}; see /docs", 405: f"{request.method} is not for this page"}
        return answer(fault.status_code, told.get(fault.status_code, str(fault.detail)), dict(fault.headers or {}))


def explained(fault: RequestValidationError) -> tuple[int, str]:
    """Return status and line for a body that is not as expected: the first fault, and how many more there are."""
    errors = fault.errors()
    first = errors[0]
    if first["type"] == "json_invalid":
        return 400, f"the body is not JSON ({first['ctx']['error']} at character {first['loc'][-1]}); see /docs"
    if first["type"] == "model_attributes_type" and first["loc"] == ("body",):
        return 422, "the body: expected a JSON object, sent with Content-Type: application/json; see /docs"
    where = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return 422, f"{where}: {first['msg'].lower()}{more}; see /docs"


PROTOCOLS: list[Callable[[FastAPI, Service], None]] = [add_evaluate]


def application(
    pool: Pool[object],
    library: Library,
    ceilings: Ceilings,
    *,
    tokens: Sequence[str] = (),
    queue: int = 2048,
    body_bytes: int = 32 << 20,
) -> App:
    """Return the ASGI application over a pool that is not yet entered; its life begins and ends with the server's."""
    desk = Desk(pool, queue=queue, queue_bytes=QUEUE_BYTES, cache_bytes=CACHE_BYTES)
    service = Service(desk=desk, library=library, ceilings=ceilings)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with desk:
            yield

    app = FastAPI(title="humaneval_x", version=__version__, description=ABOUT, lifespan=lifespan)
    for add in PROTOCOLS:
        add(app, service)
    add_health(app, service, metrics)
    add_errors(app)
    return Guard(app, metrics, tokens, body_bytes=body_bytes)
