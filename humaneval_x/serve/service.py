"""What every protocol works with: the desk, the problems, the limits; and a request whose client may go away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request

from humaneval_x import assembly
from humaneval_x.assembly import Programs
from humaneval_x.errors import HarnessError
from humaneval_x.library import Library
from humaneval_x.records import Limits, Sample, Script, ScriptRun, Verdict
from humaneval_x.serve.desk import Deadline, Desk
from humaneval_x.serve.lanes import Handed, Outcome, ProgramOrder
from humaneval_x.serve.models import ErrorBody, LimitsOf
from humaneval_x.serve.orders import Ceilings, orders_of, slices
from humaneval_x.serve.scripts import joined, orders_for
from humaneval_x.settings import EvaluationSettings

T = TypeVar("T")
ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorBody, "description": told}
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
    reading: asyncio.Semaphore  # requests take turns at the processes that read

    async def handed(
        self, request: Request, orders: Sequence[ProgramOrder], deadline_s: float | None = None
    ) -> list[Handed]:
        """Return what each order came to, in order. Raises RequestError; stops waiting when the client has gone."""
        deadline = self.deadline(request, deadline_s)

        async def all_of_them() -> list[Handed]:
            found = [each async for each in self.desk.judge(client_of(request), orders, deadline)]
            return sorted(found, key=lambda each: each.place)

        return await unless_gone(request, all_of_them())

    def deadline(self, request: Request, asked_s: float | None) -> Deadline:
        """Return when a request is too late. Raises RequestError."""
        return Deadline(began=request.scope["state"]["began"], seconds=self.ceilings.deadline(asked_s))

    async def script(
        self, request: Request, script: Script, compiling: Limits, running: Limits, deadline_s: float | None = None
    ) -> ScriptRun:
        """Return what a script did. Raises HarnessError where a jail failed on it, RequestError."""
        orders = orders_for(script, compiling, running)
        return joined([ran(each.outcome) for each in await self.handed(request, orders, deadline_s)])

    async def orders(
        self,
        request: Request,
        rows: Sequence[Mapping[str, Any]],
        settings: EvaluationSettings,
        name: str = "samples",
        deadline_s: float | None = None,
    ) -> list[tuple[Sample, ProgramOrder]]:
        """Return rows as samples with their orders. Raises RequestError, SampleError naming the row and the fault."""
        samples = await asyncio.to_thread(self.library.samples, rows, settings.errata, name)
        unread = [assembly.Order(problem, sample, settings) for sample, problem in samples]
        orders = await self.read(request, unread, deadline_s)
        return [(sample, order) for (sample, _), order in zip(samples, orders, strict=True)]

    async def read(
        self, request: Request, unread: Sequence[assembly.Order], deadline_s: float | None = None
    ) -> list[ProgramOrder]:
        """Return samples as orders, read a slice at a time, so that long texts delay others by a slice, not by all."""
        deadline, orders = self.deadline(request, deadline_s), list[ProgramOrder]()

        async def all_of_them() -> None:
            for part in slices(unread):
                async with self.reading:
                    orders.extend(await asyncio.to_thread(orders_of, self.programs, part))

        try:
            await unless_gone(request, asyncio.wait_for(all_of_them(), deadline.left_s))
        except asyncio.TimeoutError as fault:
            raise deadline.passed(0, len(unread)) from fault
        return orders

    async def verdicts(
        self, request: Request, orders: Sequence[ProgramOrder], deadline_s: float | None = None
    ) -> list[Verdict | HarnessError]:
        """Return the verdict on each program, or the fault that left it without one. Raises RequestError."""
        return [verdict(each.outcome) for each in await self.handed(request, orders, deadline_s)]

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
