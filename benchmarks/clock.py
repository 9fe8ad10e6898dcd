"""Wall time and CPU time of everything this process has started, alive or dead.

CPU is read from /proc: own and reaped time of every process below this one, so a jail counts while it lives.
Linux only; ticks of 10 ms per process.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from types import TracebackType

TICK = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> dict[int, list[bytes]]:
    """Return what /proc/PID/stat says behind the name, of a process and all that live below it."""
    children: dict[int, list[int]] = {}
    said: dict[int, list[bytes]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                said[int(name)] = fields = file.read().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(name))
    below = [pid] if pid in said else []
    for each in below:
        below += children.get(each, [])
    return {each: said[each] for each in below}


def tree_cpu_s() -> float:
    """CPU seconds so far of this process, its living descendants, and whatever they have reaped."""
    return sum(int(value) for fields in tree(os.getpid()).values() for value in fields[11:15]) / TICK


@dataclass
class Clock:
    """A stopwatch: `with clock:` adds the wall and CPU seconds of the block."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    programs: int = 0
    passed: int = 0

    def __add__(self, other: Clock) -> Clock:
        names = ("wall_s", "cpu_s", "programs", "passed")
        return Clock(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def __enter__(self) -> Clock:
        self._cpu_s, self._began = tree_cpu_s(), time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall_s += time.monotonic() - self._began
        self.cpu_s += tree_cpu_s() - self._cpu_s
