"""Who judges completions for a reward: the jails of this machine, or a service.

Both take rows (`task_id`, what the model wrote, `source_language` of a translation) and return what became of each, in
order. A row that names no problem is the caller's mistake and raises; whatever fails on the way to a verdict is a fault
in the answer, never a verdict.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Protocol, runtime_checkable

import requests

from humaneval_x.assembly import Order, Prepared, Programs, with_negated_tests
from humaneval_x.checks import expected_checks
from humaneval_x.errors import HarnessError, MachineError, OptionError, SampleError
from humaneval_x.library import Library
from humaneval_x.probes import right_programs
from humaneval_x.records import Problem, Sample, Status
from humaneval_x.rewards.credit import Judged
from humaneval_x.runners.choose import JailEngine, Sandbox
from humaneval_x.runners.machines import Machines
from humaneval_x.runners.pool import Pool, Worker
from humaneval_x.settings import Answers, EvaluationSettings, Workers, chosen
from humaneval_x.values import Range, checked

Row = Mapping[str, Any]
REMEMBERED = 1 << 16  # verdicts that a local judge keeps: a policy that has learned repeats itself
AT_ONCE, MOST_AT_ONCE = 16, 1024  # requests to a service
ROWS = 32  # in a request: small enough to be shared out, large enough to be few
LONGEST_WAIT_S = 30.0


@runtime_checkable
class Judge(Protocol):
    """Gives completions their verdicts."""

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        """Return what became of each row, in order. Raises SampleError for a row that names no problem."""
        ...


class LocalJudge:
    """Judges in the jails of this machine; they start with the first completion and end with the process or `close`."""

    @checked
    def __init__(
        self,
        problems: str | Path | None = None,
        *,
        settings: EvaluationSettings | None = None,
        sandbox: str = "auto",
        engine: str = "local",
        workers: Workers = None,
    ) -> None:
        self.library, self.settings = Library(problems), settings or EvaluationSettings()
        limits = self.settings.compiling, self.settings.running
        machines = Machines(
            sandbox=chosen(Sandbox, sandbox, "sandbox"), engine=chosen(JailEngine, engine, "engine"), workers=workers
        )
        runner = machines.runner(*limits)
        self.pool = Pool[object](runner, *limits, machines.workers_of(runner), right_programs())
        self._programs = Programs()
        self._threads = ThreadPoolExecutor(self.pool.workers, thread_name_prefix="judge")
        self._workers = threading.local()
        self._known: OrderedDict[str, Future[Judged]] = OrderedDict()
        self._lock = threading.Lock()
        atexit.register(self.close)

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        """Return what became of each row. Identical programs are judged once."""
        pairs = self.library.samples(rows, self.settings.errata, "completions")
        return [future.result() for future in [self._started(*pair) for pair in pairs]]

    def close(self) -> None:
        """End the jails."""
        atexit.unregister(self.close)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.pool.__exit__()
        self._programs.__exit__(None, None, None)

    def _started(self, sample: Sample, problem: Problem) -> Future[Judged]:
        found = self._programs.of(Order(problem, sample, self.settings))
        key = found.digest + found.missing
        with self._lock:
            known = self._known.pop(key, None)
            if known is None or (known.done() and known.result().fault):
                known = self._threads.submit(self._judged, found)
            self._known[key] = known
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _judged(self, found: Prepared) -> Judged:
        if found.missing:
            return Judged(status=Status.COMPILE_ERROR)
        program, expected = found.program, expected_checks(found.program)
        negate = with_negated_tests if self.settings.negated_tests else None
        if not hasattr(self._workers, "own"):
            self._workers.own = Worker(self.pool)
        try:
            outcome = self._workers.own.judge(program, expected, negate)
        except HarnessError as fault:
            outcome = fault
        except Exception as bug:
            return Judged(fault=f"{type(bug).__name__}: {bug}")
        return Judged(fault=str(outcome)) if isinstance(outcome, HarnessError) else Judged.of(outcome, expected)


class RemoteJudge:
    """Judges over HTTP, some requests at a time; what a full queue refuses is sent again when it says so.

    `patience_s`: how long a completion may take, waiting and trying again included; then it is a fault.
    """

    @checked
    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        answers: str = Answers.AUTO.value,
        all_checks: bool = True,
        at_once: Annotated[int, Range(1, MOST_AT_ONCE)] = AT_ONCE,
        patience_s: Annotated[float, Range(0, above=True)] = 600,
    ) -> None:
        if not address.startswith(("http://", "https://")):
            raise OptionError(f"the address of a service is {address!r}; expected one like http://host:8080")
        self.address, self.patience_s = address.rstrip("/"), patience_s
        self.asked = {"answers": chosen(Answers, answers, "answers").value, "all_checks": all_checks}
        self.session = requests.Session()
        self.session.mount("http", requests.adapters.HTTPAdapter(pool_maxsize=at_once))
        self.session.headers.update({"Authorization": f"Bearer {token}"} if token else {})
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="ask")
        self._closing = threading.Event()

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        """Return what became of each row. Raises SampleError, and OptionError where the service wants a token."""
        parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
        return [judged for part in self._threads.map(self._asked, parts) for judged in part]

    def close(self) -> None:
        """Close the connections; what still waits to try again is a fault at once."""
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.session.close()

    def _asked(self, rows: Sequence[Row]) -> list[Judged]:
        until, wait_s = time.monotonic() + self.patience_s, 0.25
        while True:
            try:
                return self._post(rows, until - time.monotonic())
            except MachineError as fault:
                if time.monotonic() + wait_s > until or self._closing.is_set():
                    return [Judged(fault=str(fault))] * len(rows)
            self._closing.wait(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _post(self, rows: Sequence[Row], left_s: float) -> list[Judged]:
        """Return the answer. Raises MachineError where it is worth another try, SampleError, OptionError."""
        left_s = max(1.0, left_s)
        body: Any = {"samples": [dict(row) for row in rows], **self.asked, "deadline_s": left_s}
        try:
            answer = self.session.post(f"{self.address}/v1/evaluate", json=body, timeout=left_s + 5)
            said = answer.json()
            if answer.status_code == 200:
                return [Judged.from_row(row) for row in said["verdicts"]]
        except (requests.RequestException, ValueError, KeyError, TypeError) as fault:
            raise MachineError(f"{self.address}: no verdicts came ({type(fault).__name__}: {fault})") from fault
        told = f"{self.address}: {said.get('error', answer.status_code)}"
        if answer.status_code == 429:
            self._closing.wait(min(float(answer.headers.get("Retry-After", 1)), LONGEST_WAIT_S))
            raise MachineError(told)
        if answer.status_code == 401:
            raise OptionError(told)
        if answer.status_code < 500:
            raise SampleError(told)
        raise MachineError(told)
