"""The desk: takes orders from requests on the event loop, has them judged by worker threads, hands the verdicts back.

Identical orders are judged once, within a request, between requests and for as long as the cache remembers. An order
that nobody waits for any more (the client went away, the deadline passed) leaves the queue; one that is being judged
is judged to its end, which its limits bound. A fault of a jail is handed back as a fault, never as a verdict.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from humaneval_x.assembly import with_negated_tests
from humaneval_x.errors import HarnessError, RequestError, SandboxError, SetupError
from humaneval_x.records import Script, StageLimits, Verdict
from humaneval_x.runners.pool import Pool, Worker
from humaneval_x.serve.lanes import Handed, Lanes, Outcome, ProgramOrder, Ticket, Waiter, ticket_of
from humaneval_x.serve.verdict_cache import VerdictCache

log = logging.getLogger(__name__)
RECENT = 256  # programs over which the rate is measured, for Retry-After
LONGEST_PAUSE_S = 5.0  # between two tries of a jail that does not start
UNTRIED = "not tried yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a request is too late: so many seconds after its body was there, by the monotonic clock."""

    began: float
    seconds: float

    @property
    def left_s(self) -> float:
        """The seconds until then, none if it has passed."""
        return max(0.0, self.began + self.seconds - time.monotonic())

    def passed(self, done: int, wanted: int) -> RequestError:
        """Return the error that says so."""
        return RequestError(
            f"the deadline of {self.seconds:g} s passed: {done} of {wanted} programs were judged", status=504
        )


class Desk:
    """Workers over a pool's jails, and the queue before them. Use as an async context manager."""

    def __init__(self, pool: Pool[object], *, queue: int, queue_bytes: int, cache_bytes: int) -> None:
        self.pool = pool
        self.lanes = Lanes(queue, queue_bytes)
        self.cache = VerdictCache(cache_bytes)
        self.languages = dict.fromkeys(pool.probes, UNTRIED)  # why each cannot be judged, or nothing
        self.outcomes: Counter[str] = Counter()
        self.running = 0
        self.draining = False
        self._known: dict[object, Ticket] = {}  # shared orders that wait or are being judged
        self._done: deque[float] = deque(maxlen=RECENT)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop

    async def __aenter__(self) -> Desk:
        self._loop = asyncio.get_running_loop()
        for number in range(self.pool.workers):
            thread = threading.Thread(target=self._work, args=(number == 0,), name=f"judge-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.draining = True
        self._stop.set()
        self.lanes.close(drop=True)
        await asyncio.to_thread(self.pool.__exit__, kind, fault, trace)  # ends every jail, so that each worker returns
        for thread in self._threads:
            await asyncio.to_thread(thread.join, 10)

    @property
    def ready(self) -> bool:
        """Whether the jail has passed the right program of every language that is installed, and work is taken."""
        installed = [self.languages[name] for name in self.pool.toolchains if name in self.languages]
        return bool(installed) and not any(installed) and not self.draining

    def retry_after_s(self) -> int:
        """How long the programs that wait now will take, as far as the last ones tell: 1 to 60 s."""
        spent = time.monotonic() - self._done[0] if self._done else 1.0
        return max(1, min(60, round(len(self.lanes) * spent / max(1, len(self._done)))))

    async def judge(self, client: str, orders: Sequence[ProgramOrder], deadline: Deadline) -> AsyncIterator[Handed]:
        """Yield each order's verdict, or the fault that left it without one, as they come.

        Raises RequestError: 413 and 429 before the first where they do not fit, 504 when the deadline passes.
        """
        outcomes: asyncio.Queue[Handed] = asyncio.Queue()
        tickets = self._queued(client, orders, outcomes)
        try:
            for done in range(len(orders)):
                try:
                    handed = await asyncio.wait_for(outcomes.get(), deadline.left_s)
                except asyncio.TimeoutError as fault:
                    raise deadline.passed(done, len(orders)) from fault
                yield handed
        finally:
            self._leave(tickets, outcomes)

    def _queued(
        self, client: str, orders: Sequence[ProgramOrder], outcomes: asyncio.Queue[Handed]
    ) -> dict[Ticket, None]:
        """Answer from the cache what it knows, join what is judged already, queue the rest."""
        waiting: dict[Ticket, list[int]] = {}
        fresh: dict[object, Ticket] = {}
        for place, order in enumerate(orders):
            key = order.key if order.shared else (order.key, place)
            known = order.known or (self.cache.get(key) if order.shared else None)
            if known is not None:
                outcomes.put_nowait(Handed(place, known, shared=order.known is None))
                continue
            ticket = (self._known.get(key) if order.shared else None) or fresh.get(key)
            if ticket is None:
                ticket = fresh[key] = ticket_of(order)
            waiting.setdefault(ticket, []).append(place)
        try:
            self.lanes.put(client, list(waiting))
        except RequestError as fault:
            fault.retry_after_s = self.retry_after_s() if fault.status == 429 else fault.retry_after_s
            raise
        self._known.update((key, ticket) for key, ticket in fresh.items() if ticket.order.shared)
        for ticket, places in waiting.items():
            joined = bool(ticket.waiters) or ticket.started
            ticket.waiters += [Waiter(outcomes, place, joined or place != places[0]) for place in places]
        return dict.fromkeys(waiting)

    def _leave(self, tickets: dict[Ticket, None], outcomes: asyncio.Queue[Handed]) -> None:
        for ticket in tickets:
            ticket.waiters = [waiter for waiter in ticket.waiters if waiter.outcomes is not outcomes]
            if not ticket.waiters and not ticket.started:
                self.lanes.discard(ticket)
                if not ticket.started:  # a worker may have been quicker
                    self._forget(ticket)

    def _forget(self, ticket: Ticket) -> None:
        if self._known.get(ticket.order.key) is ticket:
            del self._known[ticket.order.key]

    def _finish(self, ticket: Ticket, outcome: Outcome) -> None:
        """On the event loop: hand an outcome to all who wait for it."""
        self.running -= 1
        self._done.append(time.monotonic())
        self._forget(ticket)
        language = ticket.order.program.language
        if not isinstance(outcome, HarnessError):
            self.outcomes[outcome.status.value] += 1
            self.languages[language] = ""
            if isinstance(outcome, Verdict):
                self.cache.add(ticket.order.key, outcome)
        else:
            self.outcomes["fault"] += 1
            if isinstance(outcome, SetupError):
                self.languages[language] = str(outcome)
        for outcomes, place, shared in ticket.waiters:
            outcomes.put_nowait(Handed(place, outcome, shared))

    def _start(self) -> None:
        self.running += 1

    def _work(self, proving: bool) -> None:
        with Worker(self.pool) as worker:
            if proving:
                self._prove(worker)
            pause = 0.0
            while (ticket := self.lanes.take(worker.seat.started)) is not None:
                self._loop.call_soon_threadsafe(self._start)
                outcome = self._outcome(worker, ticket.order)
                self._loop.call_soon_threadsafe(self._finish, ticket, outcome)
                pause = 0.0 if not isinstance(outcome, HarnessError) else min(LONGEST_PAUSE_S, 2 * pause + 0.1)
                if pause and self._stop.wait(pause):
                    return

    def _outcome(self, worker: Worker, order: ProgramOrder) -> Outcome:
        limits = StageLimits(compiling=order.compiling, running=order.running)
        try:
            if isinstance(program := order.program, Script):
                return worker.run(program, limits)
            return worker.judge(program, order.checks, with_negated_tests if order.negated_tests else None, limits)
        except HarnessError as fault:
            return fault
        except Exception as bug:
            log.exception("the judge failed")
            return SandboxError(f"the judge failed ({type(bug).__name__}); its log says more")

    def _prove(self, worker: Worker) -> None:
        """Have one jail pass the right program of each language; a jail that does not start is tried again."""
        for language in self.languages:
            while not self._stop.is_set():
                try:
                    worker.prove(language)
                    self.languages[language] = ""
                    break
                except SetupError as fault:
                    self.languages[language] = str(fault)
                    break
                except HarnessError as fault:
                    self.languages[language] = str(fault)
                    self._stop.wait(LONGEST_PAUSE_S)
