"""What every protocol works with: the desk, the problems, the limits; and a request whose client may go away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request

from humaneval_x.assembly import Programs
from humaneval_x.errors import HarnessError
from humaneval_x.library import Library
from humaneval_x.records import Limits, Sample, Script, ScriptRun, Verdict
from humaneval_x.serve.desk import Desk, Outcome
from humaneval_x.serve.lanes import Order
from humaneval_x.serve.models import LimitsOf, Refusal
from humaneval_x.serve.orders import Ceilings, orders_of
from humaneval_x.serve.scripts import joined, orders_for
from humaneval_x.settings import EvaluationSettings

T = TypeVar("T")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What every protocol works with."""

    desk: Desk
    library: Library
    programs: Programs
    ceilings: Ceilings

    async def outcomes(self, request: Request, orders: Sequence[Order], deadline_s: float) -> list[Outcome]:
        """Return the outcome of each order, in order. Raises RequestError; stops waiting when the client has gone."""

        async def all_of_them() -> list[Outcome]:
            found: dict[int, Outcome] = {}
            async for place, outcome in self.desk.judge(client_of(request), orders, deadline_s):
                found[place] = outcome
            return [found[place] for place in range(len(orders))]

        return await unless_gone(request, all_of_them())

    async def script(
        self, request: Request, script: Script, compiling: Limits, running: Limits, deadline_s: float | None = None
    ) -> ScriptRun:
        """Return what a script did. Raises HarnessError where a jail failed on it, RequestError."""
        orders = orders_for(script, compiling, running)
        outcomes = await self.outcomes(request, orders, self.ceilings.deadline(deadline_s))
        return joined([ran(each) for each in outcomes])

    async def orders(
        self, rows: Sequence[Mapping[str, Any]], settings: EvaluationSettings, name: str = "samples"
    ) -> list[tuple[Sample, Order]]:
        """Return rows as samples with their orders; hostile text is read in other processes. Raises RequestError."""
        return await asyncio.to_thread(orders_of, self.library, self.programs, rows, settings, name)

    async def verdicts(
        self, request: Request, orders: Sequence[Order], deadline_s: float | None = None
    ) -> list[Verdict | HarnessError]:
        """Return the verdict on each program, or the fault that left it without one. Raises RequestError."""
        return [verdict(each) for each in await self.outcomes(request, orders, self.ceilings.deadline(deadline_s))]

    def running(self, asked: LimitsOf) -> Limits:
        """Return the limits of the run that a request asks for."""
        return self.ceilings.run(cpu_s=asked.cpu_s, wall_s=asked.wall_s, memory_mib=asked.memory_mib)

    def compiling(self, asked: LimitsOf) -> Limits:
        """Return the limits of the compilation that a request asks for."""
        return self.ceilings.compile(cpu_s=asked.compile_cpu_s, wall_s=asked.compile_wall_s)


def verdict(outcome: Outcome) -> Verdict | HarnessError:
    """Return what a program's order came to."""
    assert not isinstance(outcome, ScriptRun)
    return outcome


def ran(outcome: Outcome) -> ScriptRun:
    """Return what a script's order came to. Raises the fault."""
    if isinstance(outcome, HarnessError):
        raise outcome
    assert isinstance(outcome, ScriptRun)
    return outcome


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
