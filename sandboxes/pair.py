"""Runs one program as two processes: its tests in one, the candidate in another, two pipes between them.

`values.md` says what crosses, INTERFACE.md what each side does. This is the agent's part: start both, tell when the run is
over, and return the candidate's `Outcome` with the tests' report in it. `tests_spec` decides how the tests' process is kept
apart (by a user of its own, or outside the candidate's PID namespace).
"""

import json
import os
import re
import secrets
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sandboxes.box import Boxes, sealed
from sandboxes.processes import waited_s
from sandboxes.records import BARE, TAIL_BYTES, UID, BoxFault, BoxSpec, Limits, Outcome, Start
from sandboxes.verdict import Judgement, decide
from sandboxes.watch import Stream, readable

ALL_CHECKS, RECORD = 1, 2  # flags of the tests' process
TESTS_USER = 3  # added to the jail's user id
EXIT_S = 10  # that tests may take to exit after they closed their report
LOOK_S = 0.2  # between two looks at what a warm service uses after its candidate's death
EARLY_S = 2  # that tests may take to report anything, where their candidate was stopped before they did
AFTER_S = 2  # of CPU time, that tests may take after their candidate was stopped
GRACE_S = 60  # that tests may take to notice their candidate's death: they read the end of a pipe
SECRET_BYTES = 66  # two tokens, a digit of flags, a newline; the recorded answers are behind them
OPEN = re.compile(rb"\w+ (?:ended|done)\b")  # reports after which the candidate ends by itself, right or wrong
FILE_MIB = 256  # that the tests' process may write: its errors and, where asked for, the answers, each to a file


@dataclass(frozen=True)
class Pair:
    """What a program and its tests did: the candidate's outcome, and a descriptor of its answers where they were recorded."""

    outcome: Outcome
    recorded: "int | None"


class NotBuilt(Exception):
    """The compiler refused the tests; holds the judgement on every program that needs them."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement.reason)
        self.judgement = judgement


@dataclass
class Tests:
    """The tests' process of one program, as the agent sees it."""

    boxes: Boxes
    pid: int  # 0: a warm service runs them
    report: int  # where the report comes from
    errors: int  # a file, so that the tests never block on an unread pipe
    status: int
    secret: int
    tokens: "tuple[str, str]"
    service: int  # its process id, where one runs them
    end_service: "Callable[[], object]"
    most_s: float  # of CPU time; the kernel ends a process of their own a little later
    before_s: float = 0  # of CPU time, that the service had used at the first look
    waited_s: float = 0  # that it had waited for a processor by then
    given: "tuple[int, int]" = (-1, -1)  # descriptors 3 and 4 of the candidate
    cpu_s: float = 0
    died: "int | None" = None  # the signal, where it died of one
    stopped: bool = False  # its candidate was
    killed: bool = False  # since its candidate was stopped, which may be before its box is up

    @property
    def pids(self) -> "list[int]":
        return [self.pid or self.service]

    def look(self) -> None:
        """End a warm service that takes more CPU time than a program may, as the kernel does with a process of theirs; and
        either where it takes long after its candidate was stopped.
        """
        if self.died or (self.pid and not self.stopped):
            return
        used_s = self.boxes.cpu_s(self.pids[0])
        if not self.before_s:
            self.before_s, self.waited_s = used_s, waited_s(self.pids)
        if used_s - self.before_s > self.most_s:
            self.kill()
            self.died = signal.SIGXCPU

    def decided(self, report: bytes) -> bool:
        """Whether a report came that nothing the candidate does can change."""
        line = report.removeprefix(b"ready\n")
        return b"\n" in line and not OPEN.match(line)

    def end(self, report: Stream, stopped: "str | None") -> None:
        """Wait for the tests' process after its candidate's death; not long where that was stopped: what matters then is
        whether a check had failed.
        """
        report.read(self.report)
        if stopped:
            self.stopped, self.before_s, self.most_s = True, self.boxes.cpu_s(self.pids[0]), AFTER_S
        if stopped and self.pid and not report.tail and not self._read(report, EARLY_S):
            self.kill()
            self.killed = True
        if not self._read(report, GRACE_S):
            self.kill()  # an endless loop over what the candidate returned
            self._read(report, GRACE_S)
            self.died = signal.SIGXCPU
        elif not self.pid and not report.tail.removeprefix(b"ready\n"):
            self.kill()  # a warm service that says nothing is ending, or in no state for another program
        self.reap(EXIT_S)

    def _read(self, report: Stream, patience_s: float) -> bool:
        """Read the report to its end; False where it has none in time."""
        until = time.monotonic() + patience_s
        while (now := time.monotonic()) < until:
            before = report.total
            if not report.read(self.report):
                return True
            if report.total == before and not readable(self.report, min(until, now + LOOK_S)):
                self.look()
        return False

    def check(self) -> None:
        """Raise BoxFault where the tests' box did not come up, and had the time to."""
        said = os.read(self.status, 512) if readable(self.status, 0) else b""
        if b"!" in said[:2] or (self.pid and not self.killed and not said.startswith(b"+")):
            raise BoxFault(said.partition(b"!")[2].decode(errors="replace") or "the tests' box did not come up")

    def answers(self) -> int:
        """Return a descriptor of the answers that were recorded, at the first of them: they may be too many to hold."""
        os.lseek(self.secret, SECRET_BYTES, os.SEEK_SET)
        return os.dup(self.secret)

    def close(self) -> None:
        """Close the tests' process after the candidate's box failed, and end it where it still runs."""
        if self.pid in self.boxes.tree.warm_pids:
            self.reap(0)
        for fd in (self.errors, self.status, self.secret):
            os.close(fd)

    def kill(self) -> None:
        """Kill the tests' process, or the warm service."""
        if self.pid:
            self.boxes.tree.kill([self.pid], self.boxes.uid + TESTS_USER)
        else:
            self.end_service()

    def reap(self, patience_s: float) -> None:
        """Wait for the tests' process to end; kill it if it does not in time."""
        if self.pid:
            status, usage = self.boxes.stop(self.pid, TESTS_USER, patience_s)
            self.cpu_s = usage.ru_utime + usage.ru_stime
            self.died = self.died or (os.WTERMSIG(status) if os.WIFSIGNALED(status) else None)
            if self.died == signal.SIGKILL and self.cpu_s > self.most_s:  # else it ran out of memory
                self.died = signal.SIGXCPU


def run(boxes: Boxes, tests: Start, candidate: Start, limits: Limits, directory: Path, flags: int = 0) -> Pair:
    """Run a candidate and its tests. Raises BoxFault where the box, or the tests' process before it is ready, failed."""
    (questions, asking), (answering, answers) = os.pipe(), os.pipe()
    try:
        beside = started(boxes, tests, limits, answering, asking, flags)
    except BaseException:
        os.close(questions)
        os.close(answers)
        raise
    beside.given = questions, answers
    try:
        outcome = boxes.watch(candidate, limits, directory, tests=beside)
        beside.check()
        stderr = outcome.stderr + tail(beside.errors)
        recorded = beside.answers() if flags & RECORD else None
    finally:
        beside.close()
    outcome = replace(
        outcome, stderr=stderr, cpu_s=outcome.cpu_s + beside.cpu_s, token=beside.tokens[0], other_token=beside.tokens[1],
        tests_died=beside.died,
    )  # fmt: skip
    return Pair(outcome, recorded)


def judged(
    boxes: Boxes,
    tests: "Callable[[str], Start]",
    candidate: Start,
    limits: Limits,
    program: "dict[str, Any]",
    built: "Outcome | None" = None,
    memory_signs: "tuple[bytes, ...]" = (),
) -> Judgement:
    """Run a program and judge it: a request whole. `tests` says how a tests part starts, or raises NotBuilt.

    Negated tests, where asked for, run on the answers that were recorded: the candidate is not asked again.
    """
    try:
        start = tests(str(program["tests"]))
    except NotBuilt as refused:
        return refused.judgement
    ran = run(boxes, start, candidate, limits, boxes.new_directory(), flags(program))
    judgement = decide(ran.outcome, built, program.get("expected_checks"), memory_signs)
    if ran.recorded is None:
        return judgement
    try:
        if judgement.status != "passed":
            return judgement
        again = decide(replayed(boxes, tests(str(program["negated"])), ran.recorded, limits))
    except NotBuilt as refused:
        again = refused.judgement
    finally:
        os.close(ran.recorded)
    return replace(judgement, negated=vars(again))


def replayed(boxes: Boxes, tests: Start, recorded: int, limits: Limits) -> Outcome:
    """Run tests alone on recorded answers: the outcome of a candidate with just these answers."""
    beside = started(boxes, tests, limits, os.dup(recorded), os.open(os.devnull, os.O_WRONLY), 0)
    report = Stream()
    try:
        beside.end(report, None)
        beside.check()
        stderr = tail(beside.errors)
    finally:
        os.close(beside.report)
        beside.close()
    return Outcome(
        exit_code=0, signal=None, stopped=None, cpu_s=beside.cpu_s, wall_s=beside.cpu_s, memory_mib=0, stdout=b"",
        stderr=stderr, report=bytes(report.tail), token=beside.tokens[0], other_token=beside.tokens[1],
        tests_died=beside.died,
    )  # fmt: skip


def started(boxes: Boxes, tests: Start, limits: Limits, answers: int, questions: int, flags: int) -> Tests:
    """Start the tests' process, which gets `answers` and `questions` (closed here)."""
    tokens = secrets.token_hex(16), secrets.token_hex(16)
    (report, reporting), (status, telling) = os.pipe(), os.pipe()
    os.set_blocking(report, False)
    errors, secret = sealed(b""), sealed(f"{tokens[0]}{tokens[1]}{flags}\n".encode())
    pid = -1
    try:
        pid = tests.start(tests_spec(boxes, limits), [answers, questions, errors, secret, reporting, telling])
        if pid < 0:
            raise BoxFault(f"the tests' process could not be started ({pid})")
    finally:
        for fd in (answers, questions, reporting, telling, *([] if pid >= 0 else [report, status, errors, secret])):
            os.close(fd)
    if pid:
        boxes.tree.keep(pid)
    service = tests.service.pid if tests.service else 0
    return Tests(boxes, pid, report, errors, status, secret, tokens, service, tests.end, limits.cpu_s)


def declared(text: str) -> "dict[str, Any]":
    """Return a problem's declarations. Raises BoxFault where it cannot be walled, which the harness never requests."""
    found: "dict[str, Any]" = json.loads(text)
    if "refused" in found:
        raise BoxFault(f"the problem cannot be judged: {found['refused']}")
    return found


def flags(program: "dict[str, object]") -> int:
    """Return the flags of the tests' process that a request asks for."""
    return (ALL_CHECKS if program.get("all_checks") else 0) | (RECORD if program.get("negated") else 0)


def tests_spec(boxes: Boxes, limits: Limits) -> BoxSpec:
    """Return the box of a tests' process: another user's, or outside the namespaces, where no candidate sees it."""
    spec = boxes.spec(replace(limits, file_mib=FILE_MIB), Path("/"))
    spec.uid = boxes.uid + TESTS_USER
    spec.mode = UID if boxes.mode == UID else BARE
    return spec


def tail(fd: int) -> bytes:
    """Return the tail of a file."""
    return os.pread(fd, TAIL_BYTES, max(0, os.fstat(fd).st_size - TAIL_BYTES))
