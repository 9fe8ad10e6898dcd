"""Judges many programs at once: one thread and one jail per worker, verdicts in the order they come.

A jail that fails is replaced, and the program that was running is judged again, alone, in the fresh jail;
that verdict is final. If the fresh jail fails on it too, the program has no verdict: its fault is handed
back, counted, and never becomes a failed sample.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Generic, TypeVar

from humaneval_x.errors import SandboxError, SetupError
from humaneval_x.records import Limits, Program, Verdict
from humaneval_x.runners import Runner
from humaneval_x.runners.toolchains import packages
from humaneval_x.runners.wire import Agent

T = TypeVar("T")
AHEAD = 4  # programs waiting per worker: enough to keep it busy, few enough to stream
PATIENCE = 40  # times the wall limits: how long an agent may take before the jail counts as dead


@dataclass
class Faults:
    """Faults of the harness in this run, apart from the programs' outcomes."""

    jails_replaced: int = 0
    unjudged: list[str] = field(default_factory=list)


class Pool(Generic[T]):
    """Workers over the jails of one runner. Use as a context manager: leaving it ends every jail."""

    def __init__(self, runner: Runner, compiling: Limits, running: Limits, workers: int) -> None:
        self.runner, self.workers = runner, workers
        self.limits = {"compile": asdict(compiling), "run": asdict(running)}
        self.timeout_s = PATIENCE * (compiling.wall_s + running.wall_s)
        self.faults = Faults()
        self.toolchains: dict[str, str] = {}
        self._todo: queue.Queue[tuple[T, Program, int | None] | None] = queue.Queue(AHEAD * workers)
        self._done: queue.Queue[tuple[T, Verdict | SandboxError] | BaseException] = queue.Queue()
        self._stop = threading.Event()
        self._agents: set[Agent] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Pool[T]:
        self._threads += [threading.Thread(target=self._work, daemon=True) for _ in range(self.workers)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        with self._lock:
            agents = list(self._agents)
        for agent in agents:
            agent.close()
        for _ in self._threads:
            try:
                self._todo.put_nowait(None)
            except queue.Full:
                break
        for thread in self._threads:
            thread.join(timeout=10)

    def judge(self, programs: Iterable[tuple[T, Program, int | None]]) -> Iterator[tuple[T, Verdict | SandboxError]]:
        """Yield each item with its verdict, or with the fault that left it unjudged.

        `programs` gives (item, program, expected number of checks or None) and is read only as far ahead as
        the workers need. Raises SandboxError when no jail can be started.
        """
        pending = 0
        for program in programs:
            while self._todo.full():
                yield self._next()
                pending -= 1
            self._todo.put(program)
            pending += 1
            while not self._done.empty():
                yield self._next()
                pending -= 1
        while pending:
            yield self._next()
            pending -= 1

    def _next(self) -> tuple[T, Verdict | SandboxError]:
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def _work(self) -> None:
        agent: Agent | None = None
        try:
            while not self._stop.is_set():
                task = self._todo.get()
                if task is None:
                    return
                item, program, expected = task
                request = {
                    "id": program.digest,
                    "language": program.language,
                    "preamble": program.preamble,
                    "candidate": program.candidate,
                    "tests": program.tests,
                    "limits": self.limits,
                    "expected_checks": expected,
                }
                verdict: Verdict | SandboxError
                try:
                    agent = agent or self._start()
                    if program.language not in agent.toolchains:
                        raise SetupError(missing(program.language))
                    verdict = Verdict.from_json(agent.ask(request, timeout_s=self.timeout_s))
                except SandboxError:
                    if self._stop.is_set():
                        return
                    self._drop(agent)
                    agent = self._start()
                    try:
                        verdict = Verdict.from_json(agent.ask(request, timeout_s=self.timeout_s))
                    except SandboxError as again:
                        self._drop(agent)
                        agent, verdict = None, again
                self._done.put((item, verdict))
        except BaseException as fault:
            if not self._stop.is_set():
                self._done.put(fault)
        finally:
            if agent:
                self._forget(agent)

    def _start(self) -> Agent:
        agent = self.runner.start()
        with self._lock:
            self._agents.add(agent)
            self.toolchains = agent.toolchains
        return agent

    def _forget(self, agent: Agent) -> None:
        with self._lock:
            known = agent in self._agents
            self._agents.discard(agent)
        if known:
            agent.close()

    def _drop(self, agent: Agent | None) -> None:
        with self._lock:
            self.faults.jails_replaced += 1
        if agent:
            self._forget(agent)


def missing(language: str) -> str:
    """The message for a toolchain that the jail does not have."""
    needed = " ".join(packages()[language])
    return f"the {language} toolchain is missing or broken; install it with: apt-get install {needed}"
