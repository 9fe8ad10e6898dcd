"""Watches one program: reads its output, polls what it uses, says which limit it exceeds.

Does not start or kill it. Load must not change the result: CPU time decides, and wall time spent waiting for a processor
is excused.
"""

import os
import select
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandboxes.processes import Ending, Tree, Usage, shares_mib, waited_s
from sandboxes.records import REPORT_BYTES, Limits

if TYPE_CHECKING:
    from sandboxes.pair import Tests

CHUNK = 1 << 16
POLL_S = 0.02  # between two polls of a running program's CPU time and memory
STALL_FACTOR = 20  # wall time beyond wall_s that waiting for a processor may excuse


def readable(fd: int, until: float) -> bool:
    """Whether something, or the end, can be read from a pipe before that time."""
    poller = select.poll()
    poller.register(fd, select.POLLIN)
    return bool(poller.poll(max(0, until - time.monotonic()) * 1000))


@dataclass
class Stream:
    """One output of a program: how many bytes came, and the last of them."""

    keep: int = REPORT_BYTES
    total: int = 0
    tail: bytearray = field(default_factory=bytearray)

    def read(self, fd: int) -> bool:
        """Read what is there; False at the end of the stream."""
        try:
            chunk = os.read(fd, CHUNK)
        except BlockingIOError:
            return True
        self.total += len(chunk)
        self.tail += chunk
        if len(self.tail) > self.keep:
            del self.tail[: -self.keep]
        return bool(chunk)

    def drain(self, fd: int) -> None:
        """Read what is left; every writer is dead, so the end comes at once. (A program can make its output one of packets.)"""
        os.set_blocking(fd, False)
        before = -1
        while self.total > before:
            before = self.total
            self.read(fd)


@dataclass
class Waiting:
    """Run-queue delay of a program. Its threads' delays are added up, since one may wait for another that waits itself (a
    Java program for its collector), but capped per poll at the elapsed time, so that threads cannot bank it.
    """

    looked: float
    total_s: float = 0
    excused_s: float = 0

    def seen(self, pids: "list[int]", now: float) -> float:
        """Poll again; return the seconds so far that are not the program's own."""
        total_s = waited_s(pids)
        self.excused_s += min(max(0, total_s - self.total_s), now - self.looked)
        self.looked, self.total_s = now, total_s
        return self.excused_s


class Watch:
    """One running program, from its start until it ends or has to be stopped.

    `limits.memory_mib` includes what the program shares with its server from the start; `keep` is how much of
    each output is kept; `tests` are those in a separate process (`pair.py`).
    """

    def __init__(self, tree: Tree, limits: Limits, keep: int, tests: "Tests | None" = None) -> None:
        self.tree, self.limits, self.tests = tree, limits, tests
        self.out, self.err, self.report = Stream(keep), Stream(keep), Stream()
        self.usage = Usage()
        self.began = time.monotonic()
        self._look = self.began + POLL_S
        self._waiting: "Waiting | None" = None

    def until_over(self, pid: int, fds: "tuple[int, int, int]") -> "str | None":
        """Read stdout, stderr and report until the first process ends (None) or has to be stopped; return why.

        Comes to an end after STALL_FACTOR + 1 times the wall limit, whatever the program does. Nobody is woken for what
        tests report: their candidate ends when they do, and one that does not is seen at the next look.
        """
        streams = dict(zip(fds, (self.out, self.err, self.report)))
        pidfd = os.pidfd_open(pid)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        for fd in streams:
            os.set_blocking(fd, False)
            if not (self.tests and fd == fds[2]):
                poller.register(fd, select.POLLIN)
        try:
            while True:
                for fd, _event in poller.poll(POLL_S * 1000):
                    if fd == pidfd:
                        return None
                    if not streams[fd].read(fd):
                        poller.unregister(fd)
                if self.tests and self.report.read(fds[2]) and self._decided():
                    return None
                if self.out.total + self.err.total > self.limits.output_bytes:
                    return "output_exceeded"
                if why := self._exceeded():
                    return why
        finally:
            os.close(pidfd)

    def _exceeded(self) -> "str | None":
        """Poll the processes, if it is time to; return the limit that they exceed."""
        now = time.monotonic()
        if now < self._look:
            return None
        spent = time.thread_time()
        members = self.tree.members()
        self.usage.look(members)
        if self.tests:
            self.tests.look()
        # Polling costs time too: at most a twentieth of the total. Our own processor time, not the clock's:
        # a program that takes the processor from us must not be polled less for it.
        self._look = now + max(POLL_S, 20 * (time.thread_time() - spent))
        if self.usage.cpu_s > self.limits.cpu_s:
            return "timed_out"
        if self._too_large(members):
            return "memory_exceeded"
        return "timed_out" if self._too_late(now, members) else None

    def _too_large(self, members: "list[int]") -> bool:
        """Whether a process is, or all of them are where no control group bounds them; looking at shares costs time."""
        most_mib = self.limits.memory_mib
        if self.usage.memory_mib > most_mib:
            return True
        return self.tree.unbounded and self.usage.total_mib > most_mib and shares_mib(members) > most_mib

    def _too_late(self, now: float, members: "list[int]") -> bool:
        """Whether the wall time is over. On a loaded machine a program waits for a processor; that time is not its own."""
        late_s = now - self.began - self.limits.wall_s
        if late_s <= 0:
            return False
        watched = members + (self.tests.pids if self.tests else [])
        self._waiting = self._waiting or Waiting(self.began, self.tests.waited_s if self.tests else 0)
        return late_s > min(self._waiting.seen(watched, now), STALL_FACTOR * self.limits.wall_s)

    def _decided(self) -> bool:
        return self.tests is not None and self.tests.decided(bytes(self.report.tail))

    def stopped(self, why: "str | None", ending: Ending, died: "int | None") -> "str | None":
        """Return the limit that the program is beyond, `why` if it is known, now that it has ended (`died` of a signal)."""
        if why is None and self._decided():  # what it did afterwards would be a matter of when it was seen
            return None
        # What grew between two looks; where the time ran out before the next one too, on whatever machine.
        if why in (None, "timed_out") and ending.memory_mib > self.limits.memory_mib:
            return "memory_exceeded"
        if why is None and (max(ending.cpu_s, self.usage.cpu_s) > self.limits.cpu_s or died == signal.SIGXCPU):
            return "timed_out"
        if why is None and (self.out.total + self.err.total > self.limits.output_bytes or died == signal.SIGXFSZ):
            return "output_exceeded"
        return why
