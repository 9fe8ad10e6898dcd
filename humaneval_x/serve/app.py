"""The application: every protocol over one service, and one line for whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from humaneval_x import __version__
from humaneval_x.assembly import Programs
from humaneval_x.errors import HarnessError, InputError, RequestError, SetupError
from humaneval_x.evaluation import readers_for
from humaneval_x.library import Library
from humaneval_x.runners.pool import Pool
from humaneval_x.serve.desk import Desk
from humaneval_x.serve.guard import App, Guard
from humaneval_x.serve.health import add_health
from humaneval_x.serve.metrics import Metrics
from humaneval_x.serve.nemo_gym import add_nemo_gym
from humaneval_x.serve.open_instruct import add_open_instruct
from humaneval_x.serve.opencompass import add_opencompass
from humaneval_x.serve.orders import Ceilings
from humaneval_x.serve.sandbox_fusion import add_sandbox_fusion
from humaneval_x.serve.service import Service
from humaneval_x.serve.v1 import add_v1

CACHE_BYTES = 64 << 20
QUEUE_BYTES = 256 << 20
ABOUT = "Verdicts on model-written programs, from the same jails as `evaluate.py run`. No verdict depends on load."


def add_errors(app: FastAPI) -> None:
    """Turn whatever a request raises into one line with a status."""

    def answer(status: int, told: str, headers: dict[str, str] | None = None) -> Response:
        return JSONResponse({"error": told}, status_code=status, headers=headers)

    @app.exception_handler(HarnessError)
    async def harness(request: Request, fault: HarnessError) -> Response:
        if not isinstance(fault, RequestError):
            mistake = isinstance(fault, InputError) and not isinstance(fault, SetupError)
            return answer(422 if mistake else 503, str(fault))
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


PROTOCOLS: tuple[Callable[[FastAPI, Service], None], ...] = (
    add_v1,
    add_sandbox_fusion,
    add_opencompass,
    add_open_instruct,
    add_nemo_gym,
)


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
    readers = readers_for(pool.workers)
    programs, reading = Programs(readers), asyncio.Semaphore(readers)
    service = Service(desk=desk, library=library, programs=programs, ceilings=ceilings, reading=reading)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with programs:
            async with desk:
                yield

    app = FastAPI(title="humaneval_x", version=__version__, description=ABOUT, lifespan=lifespan)
    for add in PROTOCOLS:
        add(app, service)
    add_health(app, service, metrics)
    add_errors(app)
    return Guard(app, metrics, tokens, body_bytes=body_bytes)
