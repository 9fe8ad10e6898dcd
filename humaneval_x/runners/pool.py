"""Judges many programs at once: one thread and one jail per worker, verdicts in the order they come.

A jail that fails is replaced, and the program that was running is judged again, alone, in the fresh jail;
that verdict is final. If the fresh jail fails on it too, the program has no verdict: its fault is handed
back, counted, and never becomes a failed sample. A jail first proves itself on a known right program of each
language; one that does not pass it judges nothing.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Generic, TypeVar

from humaneval_x.errors import SandboxError, SetupError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits, Program, Script, ScriptRun, Status, Verdict
from humaneval_x.runners import Jail, Runner
from humaneval_x.runners.toolchains import is_asked_for, packages
from humaneval_x.runners.wire import request, script_request

T = TypeVar("T")
R = TypeVar("R")
PROBE_LIMITS = {"compile": asdict(COMPILE_LIMITS), "run": asdict(RUN_LIMITS)}
AHEAD = 4  # programs waiting per worker: enough to keep it busy, few enough to stream
PATIENCE = 40  # times the wall limits: how long an agent may take before the jail counts as dead


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
        negate: Callable[[Program], tuple[Program, int]] | None = None,
    ) -> None:
        self.runner, self.workers, self.probes, self.negate = runner, workers, probes or {}, negate
        self.limits = {"compile": asdict(compiling), "run": asdict(running)}
        self.faults = Faults()
        self.toolchains: dict[str, str] = {}
        self._todo: queue.Queue[tuple[T, Program, int | None] | None] = queue.Queue(AHEAD * workers)
        self._done: queue.Queue[tuple[T, Verdict | SandboxError] | BaseException] = queue.Queue()
        self._stop = threading.Event()
        self._agents: dict[Jail, set[str]] = {}  # each with the languages it has proved itself on
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def stopped(self) -> bool:
        """Whether the pool is ending its jails."""
        return self._stop.is_set()

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
        # Ends: what is pending is with workers, none of whose waits is without a deadline; one that fails says so here.
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def _work(self) -> None:
        try:
            with Worker(self) as worker:
                while not self._stop.is_set():
                    task = self._todo.get()  # ends with the pool, which sends None
                    if task is None:
                        return
                    item, program, expected = task
                    verdict = worker.judge(program, expected, self.negate)
                    if self._stop.is_set():
                        return
                    self._done.put((item, verdict))
        except BaseException as fault:
            if not self._stop.is_set():
                self._done.put(fault)

    def start(self) -> Jail:
        """Start one jail of this pool. Raises SandboxError, SetupError."""
        agent = self.runner.start()
        with self._lock:
            self._agents[agent] = set()
            self.toolchains = agent.toolchains
        return agent

    def forget(self, agent: Jail) -> None:
        """End one jail."""
        with self._lock:
            known = self._agents.pop(agent, None) is not None
        if known:
            agent.close()

    def drop(self, agent: Jail | None) -> None:
        """End a jail that failed, if it started, and count it."""
        with self._lock:
            self.faults.jails_replaced += 1
        if agent:
            self.forget(agent)

    def proved(self, agent: Jail) -> set[str]:
        """The languages of which a jail has passed the right program."""
        return self._agents.get(agent, set())


class Worker:
    """One jail at a time, replaced when it fails. Belongs to one thread; leaving it ends its jail."""

    def __init__(self, pool: Pool[Any]) -> None:
        self.pool = pool
        self.agent: Jail | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.agent:
            self.pool.forget(self.agent)
            self.agent = None

    def judge(
        self,
        program: Program,
        expected: int | None,
        negate: Callable[[Program], tuple[Program, int]] | None = None,
        limits: Mapping[str, Any] | None = None,
    ) -> Verdict | SandboxError:
        """Return the verdict, or the second jail's fault. Raises SetupError, and SandboxError where no jail starts."""
        asked = program, expected, negate, limits or self.pool.limits
        return self._twice(lambda agent: self._judge(agent, *asked))

    def run(self, script: Script, limits: Mapping[str, Any]) -> ScriptRun | SandboxError:
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
            self.agent = self.agent or self.pool.start()
            return asking(self.agent)
        except SandboxError as fault:
            if self.pool.stopped:
                return fault
            self._drop()
        self.agent = self.pool.start()
        try:
            return asking(self.agent)
        except SandboxError as fault:
            self._drop()
            return fault

    def prove(self, language: str) -> None:
        """Have the jail pass the right program of a language. Raises SetupError, SandboxError."""
        self.agent = self.agent or self.pool.start()
        try:
            self._prove(self.agent, language)
        except SandboxError:
            self._drop()
            raise

    def _drop(self) -> None:
        self.pool.drop(self.agent)
        self.agent = None

    def _prove(self, agent: Jail, language: str) -> None:
        if language not in agent.toolchains:
            raise SetupError(missing(language))
        if language in self.pool.probes and language not in self.pool.proved(agent):
            tried = self._ask(agent, self.pool.probes[language], None, PROBE_LIMITS)
            if not tried.passed:
                raise SetupError(broken(language, agent.toolchains[language], tried))
            self.pool.proved(agent).add(language)

    def _judge(
        self,
        agent: Jail,
        program: Program,
        expected: int | None,
        negate: Callable[[Program], tuple[Program, int]] | None,
        limits: Mapping[str, Any],
    ) -> Verdict:
        self._prove(agent, program.language)
        if negate is None:
            return self._ask(agent, program, expected, limits)
        negated, left = negate(program)
        asked = {**request(program, limits, expected), "negated": negated.tests if negated != program else ""}
        answer = agent.ask(asked, timeout_s=2 * patience_s(limits))
        verdict = Verdict.from_json(answer)
        if not verdict.passed:
            return verdict
        if negated == program:
            return replace(verdict, not_negated=left)
        said = answer.get("negated")  # languages without recorded answers are asked a second time
        return with_negated(verdict, Verdict.from_json(said) if said else self._ask(agent, negated, None, limits), left)

    def _ask(self, agent: Jail, program: Program, expected: int | None, limits: Mapping[str, Any]) -> Verdict:
        return Verdict.from_json(agent.ask(request(program, limits, expected), timeout_s=patience_s(limits)))


def patience_s(limits: Mapping[str, Any]) -> float:
    """Return how long an agent may take for a program with these limits."""
    return PATIENCE * float(sum(stage["wall_s"] for stage in limits.values()))


def with_negated(verdict: Verdict, negated: Verdict, left: int) -> Verdict:
    """Return the verdict on a passed program after its run with negated tests, which has to fail.

    `left` is how many checks could not be made wrong. A run that does not compile shows nothing.
    """
    spent = replace(
        verdict, cpu_s=verdict.cpu_s + negated.cpu_s, wall_s=verdict.wall_s + negated.wall_s, not_negated=left
    )
    if negated.passed:
        return replace(spent, status=Status.TAMPERED, reason="it also passes when the expected values are wrong")
    return replace(spent, not_negated=verdict.checks) if negated.status is Status.COMPILE_ERROR else spent


def broken(language: str, toolchain: str, verdict: Verdict) -> str:
    """The message for a toolchain that does not pass a right program."""
    said = " | ".join(f"{verdict.reason}\n{verdict.compiler_output}\n{verdict.stderr}".split("\n"))[:400]
    return (
        f"the {language} toolchain ({toolchain}) is broken: a right program is {verdict.status} ({said}); nothing was "
        f"judged with it. Install again: {' '.join(packages()[language])}"
    )


def missing(language: str) -> str:
    """The message for a toolchain that the jail does not have."""
    needed = " ".join(packages()[language])
    image = f"; into the Docker image with: HUMANEVAL_X_WITH={language} make image" if is_asked_for(language) else ""
    return f"the {language} toolchain is missing or broken; install it with: apt-get install {needed}{image}"
