"""Judges many programs at once: one thread and one jail per worker, verdicts in the order they come.

Which programs a worker takes, and whether its jail starts a language for them, `schedule.py` says: a worker with
nothing to do starts no jail, and takes several at a time of what takes little. A jail that fails is replaced, and the
program that was running is judged again, alone; that verdict is final. If a second jail fails on it too, the program
has no verdict: its fault is handed back, counted, and never becomes a failed sample. A jail first proves itself on a
known right program of each language; one that does not pass it judges nothing.

Over machines that come and go (`Elastic`), a worker first has a jail, then takes programs. Where its machine is lost
they go back to those that wait; a worker without room for its jail waits for it beside the others.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from humaneval_x.errors import JailLost, SandboxError, SetupError
from humaneval_x.records import Limits, Program, Script, ScriptRun, StageLimits, Verdict
from humaneval_x.runners import Elastic, Jail, RemoteJail, Runner
from humaneval_x.runners.asking import PROBE_LIMITS, AgentRequest, Negate, broken, missing, patience_s
from humaneval_x.runners.schedule import PendingProgram, Schedule, Seat
from humaneval_x.runners.wire import script_request

T = TypeVar("T")
R = TypeVar("R")
J = TypeVar("J", bound=Jail)
Finished = list[tuple[PendingProgram[T], Verdict | SandboxError]]
AHEAD = 4  # programs waiting per worker, whatever their size: enough to keep it busy
WINDOW = 1024  # programs waiting in all, so that a file's languages are judged beside each other, not one by one
WINDOW_CHARACTERS = 1 << 24  # of these programs' candidates
OVERTAKEN = 4  # times what waits: so many later programs may be taken before one
LOST = 3  # machines that may be lost with a program: then it has no verdict
GROW_S = 2  # between two looks for machines that have joined
AGAIN_S = 5  # between two tries of a jail that does not start, while others judge


@dataclass
class Faults:
    """Faults of the harness in this run, apart from the programs' outcomes."""

    jails_replaced: int = 0
    unjudged: list[str] = field(default_factory=list)


class Pool(Generic[T]):
    """Workers over the jails of one runner. Use as a context manager: leaving it ends every jail.

    `probes` has a right program for each language that is to be tried before a jail judges it.
    """

    def __init__(
        self,
        runner: Runner,
        compiling: Limits,
        running: Limits,
        workers: int,
        probes: Mapping[str, Program] | None = None,
        negate: Negate | None = None,
    ) -> None:
        self.runner, self.workers, self.probes, self.negate = runner, workers, probes or {}, negate
        self.limits = StageLimits(compiling=compiling, running=running)
        self.faults = Faults()
        self.toolchains: dict[str, str] = {}
        self.elastic = runner if isinstance(runner, Elastic) else None
        self.schedule: Schedule[T] = Schedule(
            OVERTAKEN * WINDOW, getattr(runner, "batch", 1), getattr(runner, "cores", math.inf)
        )
        self._done: queue.SimpleQueue[Finished[T] | BaseException] = queue.SimpleQueue()
        self._pending = self._characters = 0  # programs that wait or are judged, and what they take
        self._stop = threading.Event()
        self._agents: dict[Jail, None] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def stopped(self) -> bool:
        """Whether the pool is ending its jails."""
        return self._stop.is_set()

    def __enter__(self) -> Pool[T]:
        self._grow(self.workers)
        if self.elastic:
            self._threads.append(threading.Thread(target=self._join_late, args=(self.elastic,), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self.schedule.close()
        with self._lock:
            agents = list(self._agents)
        for agent in agents:
            agent.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def judge(
        self, programs: Iterable[tuple[T, Program, int | None]], before_waiting: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[T, Verdict | SandboxError]]:
        """Yield each item with its verdict, or with the fault that left it unjudged.

        `programs` gives (item, program, expected number of checks or None) and is read ahead by so many as keep every
        worker busy, of several languages where they follow each other. Raises SandboxError when no jail can be started.
        """
        for item, program, expected in programs:
            tests = hash((program.declared, program.tests)) if self.elastic else 0
            self.schedule.put(PendingProgram(item, program, expected, tests))
            self._pending += 1
            self._characters += len(program.candidate)
            while self._is_full() or not self._done.empty():
                yield from self._next(before_waiting)
        while self._pending:
            yield from self._next(before_waiting)

    def _is_full(self) -> bool:
        """Whether enough programs wait."""
        if self._pending < (AHEAD + 1) * self.workers:
            return False
        return self._pending >= WINDOW or self._characters >= WINDOW_CHARACTERS

    def _next(self, before_waiting: Callable[[], None]) -> list[tuple[T, Verdict | SandboxError]]:
        if self._done.empty():
            before_waiting()
        # Ends: what is pending is with workers, none of whose waits is without a deadline; one that fails says so here.
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        self._pending -= len(done)
        self._characters -= sum(len(task.program.candidate) for task, _ in done)
        return [(task.item, verdict) for task, verdict in done]

    def _work(self) -> None:
        try:
            with Worker(self) as worker:
                while worker.is_ready() and (tasks := self.schedule.take(worker.seat)):
                    found = worker.judge_all(tasks)
                    if self._stop.is_set():
                        return
                    self._done.put(found)
        except BaseException as fault:
            if not self._stop.is_set():
                self._done.put(fault)

    def _grow(self, count: int) -> None:
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        self._threads += threads
        for thread in threads:
            thread.start()

    def _join_late(self, elastic: Elastic) -> None:
        """Have a worker for each core that joins while the pool is at work."""
        while not self._stop.wait(GROW_S):
            if (more := elastic.cores_now() - self.workers) > 0:
                self.workers += more
                self._grow(more)

    def give_back(self, tasks: Iterable[PendingProgram[T]], fault: SandboxError) -> Finished[T]:
        """Have programs judged by another worker; return those that have been tried often enough, with the fault."""
        over = [task for task in tasks if task.failed > 1 or task.lost >= LOST]
        self.schedule.give_back(task for task in tasks if task not in over)
        return [(task, fault) for task in over]

    def start(self) -> Jail:
        """Start one jail of this pool. Raises SandboxError, SetupError."""
        return self._known(self.elastic.start_in_time(self._stop) if self.elastic else self.runner.start())

    def _known(self, agent: J) -> J:
        with self._lock:
            self._agents[agent] = None
            self.toolchains = agent.toolchains
        return agent

    def forget(self, agent: Jail) -> None:
        """End one jail."""
        with self._lock:
            known = agent in self._agents and self._agents.pop(agent) is None
        if known:
            agent.close()

    def drop(self, agent: Jail | None) -> None:
        """End a jail that failed, if it started, and count it."""
        with self._lock:
            self.faults.jails_replaced += 1
        if agent:
            self.forget(agent)

    def start_beside(self, elastic: Elastic) -> RemoteJail | None:
        """Start one jail, however often it has to be tried while others judge; None when the pool ends.

        Ends: each try has a deadline. Raises SandboxError where no other jail is left, SetupError.
        """
        while not self.stopped:
            try:
                return self._known(elastic.start_in_time(self._stop))
            except SandboxError:
                if not self._agents and not self.stopped:
                    raise
            self._stop.wait(AGAIN_S)
        return None


class Worker:
    """One jail at a time, replaced when it fails. Belongs to one thread; leaving it ends its jail."""

    def __init__(self, pool: Pool[Any]) -> None:
        self.pool = pool
        self.agent: Jail | None = None
        self.seat: Seat = pool.schedule.seat()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exception: object) -> None:
        self.pool.schedule.leave(self.seat)
        if self.agent:
            self.pool.forget(self.agent)
            self.agent = None

    def is_ready(self) -> bool:
        """Wait for a jail where machines come and go. Return whether this worker may take programs: not at the end."""
        if self.pool.elastic and not self.agent:
            agent = self.pool.start_beside(self.pool.elastic)
            self.agent, self.seat.place = agent, agent.place if agent else ""
        return not self.pool.stopped

    def judge_all(self, tasks: list[PendingProgram[T]]) -> Finished[T]:
        """Return the verdicts of programs of one language. What has none yet is given back to those that wait.

        One that ends the jail, and all that a machine was lost with, try again, each alone.
        Raises SetupError, and SandboxError where no jail starts.
        """
        pool, found = self.pool, Finished[T]()
        agent = self._jail_in_two_tries()
        try:
            self._prove(agent, tasks[0].program.language)
            asked = [AgentRequest.of(task.program, task.expected, pool.negate, pool.limits) for task in tasks]
            for task, each, answer in zip(tasks, asked, answers_of(agent, asked), strict=False):
                if "fault" in answer:
                    raise SandboxError(answer["fault"])
                found.append((task, each.verdict(answer, agent)))
            pool.schedule.give_back(tasks[len(found) :])
        except SandboxError as fault:
            if pool.stopped:
                return found
            left = tasks[len(found) :]
            for task in left if isinstance(fault, JailLost) else left[:1]:
                task.lost += isinstance(fault, JailLost)
                task.failed += not isinstance(fault, JailLost)
            self._drop()
            found += pool.give_back(left, fault)
        pool.schedule.done(self.seat, len(found))
        return found

    def judge(
        self,
        program: Program,
        expected: int | None,
        negate: Negate | None = None,
        limits: StageLimits | None = None,
    ) -> Verdict | SandboxError:
        """Return the verdict, or the second jail's fault. Raises SetupError, and SandboxError where no jail starts."""
        asked = program, expected, negate, limits or self.pool.limits
        return self._twice(lambda agent: self._judge(agent, *asked))

    def run(self, script: Script, limits: StageLimits) -> ScriptRun | SandboxError:
        """Return what a script did; else as `judge`."""

        def ran(agent: Jail) -> ScriptRun:
            self._prove(agent, script.language)
            timeout_s = patience_s(limits) * max(1, len(script.inputs))
            answer = agent.ask(script_request(script, limits), timeout_s=timeout_s)
            try:
                return ScriptRun.from_json(answer)
            except (KeyError, TypeError, ValueError) as fault:
                raise SandboxError(f"the agent's answer is not what a script did: {fault}") from fault

        return self._twice(ran)

    def _twice(self, asking: Callable[[Jail], R]) -> R | SandboxError:
        try:
            return asking(self._jail())
        except SandboxError as fault:
            if self.pool.stopped:
                return fault
            self._drop()
        agent = self._jail()
        try:
            return asking(agent)
        except SandboxError as fault:
            self._drop()
            return fault

    def _jail(self) -> Jail:
        """Return this worker's jail, started if there is none. Raises SandboxError, SetupError."""
        if self.agent is None:
            self.agent = self.pool.start()
        return self.agent

    def _jail_in_two_tries(self) -> Jail:
        """Return this worker's jail. Raises SandboxError where it does not start twice, SetupError."""
        try:
            return self._jail()
        except SandboxError:
            if self.pool.stopped:
                raise
            self._drop()
        return self._jail()

    def prove(self, language: str) -> None:
        """Have the jail pass the right program of a language. Raises SetupError, SandboxError."""
        agent = self._jail()
        try:
            self._prove(agent, language)
        except SandboxError:
            self._drop()
            raise

    def _drop(self) -> None:
        self.pool.drop(self.agent)
        self.pool.schedule.ended(self.seat)
        self.agent = None

    def _prove(self, agent: Jail, language: str) -> None:
        if language not in agent.toolchains:
            raise SetupError(missing(language))
        if language in self.seat.started:
            return
        if language in self.pool.probes:
            tried = AgentRequest.of(self.pool.probes[language], None, None, PROBE_LIMITS).of_agent(agent)
            if not tried.passed:
                raise SetupError(broken(language, agent.toolchains[language], tried))
        self.pool.schedule.started(self.seat, language)

    def _judge(
        self,
        agent: Jail,
        program: Program,
        expected: int | None,
        negate: Negate | None,
        limits: StageLimits,
    ) -> Verdict:
        self._prove(agent, program.language)
        return AgentRequest.of(program, expected, negate, limits).of_agent(agent)


def answers_of(agent: Jail, asked: Sequence[AgentRequest]) -> list[dict[str, Any]]:
    """Return an agent's answers to the first of some requests, as `Jail.ask_all` does. Raises SandboxError."""
    if len(asked) == 1:
        return [agent.ask(asked[0].request, timeout_s=asked[0].patience_s)]
    return agent.ask_all([each.request for each in asked], timeout_s=asked[0].patience_s)
