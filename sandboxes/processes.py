"""The processes below the agent: lists them, measures them, ends all of them.

Does not start any and knows no limits: `box.py` and `watch.py` do.
"""

import contextlib
import ctypes
import os
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sandboxes.records import UID, BoxFault

END_S = 60  # that killed processes may take to disappear: longer swapping is a fault of the machine
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 2**20


@dataclass(frozen=True)
class Ending:
    """How a program's tree ended: the first process's wait status, CPU seconds of all, MiB of the largest."""

    wait_status: int
    cpu_s: float
    memory_mib: float


@dataclass
class Usage:
    """What a tree has used, poll by poll."""

    cpu_s: float = 0
    memory_mib: float = 0  # resident pages of the largest process, at the last poll
    total_mib: float = 0  # of all processes: shared pages count in each
    _own_ticks: "dict[int, int]" = field(default_factory=dict)

    def look(self, pids: "list[int]") -> None:
        """Poll these processes, and the children they waited for."""
        ticks, pages, total = 0, 0, 0
        for pid in pids:
            try:
                fields = contents(f"/proc/{pid}/stat").rpartition(b")")[2].split()
                resident = memory(pid)[1][1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            own, waited_for = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
            self._own_ticks[pid] = own
            ticks += own + waited_for
            pages = max(pages, resident)
            total += resident
        # The kernel forgets the time of children that their parent ignores.
        self.cpu_s = max(ticks, sum(self._own_ticks.values())) / TICK
        self.memory_mib, self.total_mib = pages * PAGE / MIB, total * PAGE / MIB


@dataclass
class Tree:
    """Everything below the agent: warm processes, and the running program's tree.

    `mode` and `uid` are those of the program; the agent is root in mode UID.
    """

    library: ctypes.CDLL
    mode: int
    uid: int
    unbounded: bool = False  # no control group bounds the memory of all processes together
    warm_pids: "set[int]" = field(default_factory=set)
    _gone: "dict[int, tuple[int, resource.struct_rusage]]" = field(default_factory=dict)  # warm ones that ended

    def keep(self, pid: int) -> None:
        """Count a process as warm: it belongs to no program's tree and outlives it."""
        self._gone.pop(pid, None)  # of one that had the number before
        self.warm_pids.add(pid)

    def members(self) -> "list[int]":
        """The process ids of the running program's tree: everything below the agent that is not warm."""
        return self.below(os.getpid())[1:]

    def below(self, root: int) -> "list[int]":
        """Return a process and its descendants, without warm ones."""
        found, todo = [], [root]
        while todo:
            parent = todo.pop()
            try:
                tasks = os.listdir(f"/proc/{parent}/task")
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.append(parent)
            for task in tasks:
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended
                    todo += self._children(parent, task)
        return found

    def _children(self, parent: int, task: "int | str") -> "list[int]":
        children = map(int, contents(f"/proc/{parent}/task/{task}/children").split())
        return [child for child in children if child not in self.warm_pids]

    def end(self, first: int) -> Ending:
        """Kill what is left of the program's tree and reap it. Raises BoxFault where something is still there after END_S.

        None is left where the agent has no child but warm ones: whoever is alive is below a child of the agent's, and a child
        stays in that list, as one that has ended too, until the agent reaps it. What is below others may change while it is
        read: it says who is to be killed, not that nobody is there.
        """
        agent = os.getpid()  # which has one thread
        wait_status, cpu_s, peak_kib = -1, 0.0, 0
        for _ in tries("a program's processes"):
            for pid, status, usage in reaped():
                if pid in self.warm_pids:
                    self.warm_pids.discard(pid)
                    self._gone[pid] = status, usage
                    continue
                cpu_s += usage.ru_utime + usage.ru_stime
                peak_kib = max(peak_kib, usage.ru_maxrss)
                if pid == first:
                    wait_status = status
            if wait_status != -1 and not self._children(agent, agent):
                break
            self.kill([*self.members(), *([first] if wait_status == -1 else [])], self.uid)
        return Ending(wait_status, cpu_s, peak_kib / 1024)

    def stop(self, pid: int, uid: "int | None", patience_s: float) -> "tuple[int, resource.struct_rusage]":
        """Reap one warm process, of user `uid` in mode UID, and kill it where it does not end by itself in `patience_s`.

        Return its wait status and usage. Raises BoxFault where it is still there after END_S.
        """
        began = time.monotonic()
        for _ in tries(f"the warm process {pid}"):
            if pid not in self._gone and time.monotonic() - began >= patience_s:
                self.kill([pid], uid)
            if pid not in self._gone:
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                if ended == pid:
                    self._gone[pid] = status, usage
            if pid in self._gone:
                break
        self.warm_pids.discard(pid)
        return self._gone.pop(pid)

    def kill(self, pids: "list[int]", uid: "int | None") -> None:
        """Kill these processes and, in one step that no fork bomb outruns, all processes of user `uid`, if one is given.

        A process that was just forked may still be the agent's user: then only its own number reaches it.
        """
        if uid is not None and self.mode == UID and self.library.box_kill_user(uid, self.uid + 1) != 0:
            raise BoxFault("could not kill the program's processes")
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except (PermissionError, ProcessLookupError):
                pass


def tries(what: str) -> "Iterator[None]":
    """Yield again and again, for END_S at most. Raises BoxFault then."""
    until = time.monotonic() + END_S
    while time.monotonic() < until:
        yield
        time.sleep(0.0002)
    raise BoxFault(f"{what} could not be killed in {END_S} s")


def reaped() -> "Iterator[tuple[int, int, resource.struct_rusage]]":
    """Reap children that have ended: process id, wait status, usage."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status, usage


def shares_mib(pids: "list[int]") -> float:
    """Return the memory of these processes together, in MiB: a shared page is divided among its users.

    Where the kernel hides that of a process (one that is not dumpable), its anonymous pages count.
    """
    total_kib = 0.0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            try:
                for line in contents(f"{memory(pid)[0]}/smaps_rollup").splitlines():
                    if line.startswith(b"Pss:"):
                        total_kib += int(line.split()[1])
            except PermissionError:
                total_kib += own_mib(pid) * 1024
    return total_kib / 1024


def own_mib(pid: int) -> float:
    """Return the memory that a process shares with no file, in MiB."""
    _, resident, of_files, *_ = memory(pid)[1]
    return (resident - of_files) * PAGE / MIB


def memory(pid: int) -> "tuple[str, list[int]]":
    """Return the folder of /proc that tells a process's memory, and its sizes in pages: all, resident, of files.

    That of its first thread, which says 0 once that has ended: then that of another.
    """
    folder = f"/proc/{pid}"
    sizes = [int(size) for size in contents(f"{folder}/statm").split()]
    for task in [] if sizes[1] else os.listdir(f"{folder}/task"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            of_task = [int(size) for size in contents(f"{folder}/task/{task}/statm").split()]
            if of_task[1]:
                return f"{folder}/task/{task}", of_task
    return folder, sizes


def waited_s(pids: "list[int]") -> float:
    """Return the seconds that the threads of these processes have waited for a processor, added up."""
    waited_ns = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                waited_ns += int(contents(f"/proc/{pid}/task/{task}/schedstat").split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return waited_ns / 1e9


def contents(path: "str | Path") -> bytes:
    """Return a kernel file's content at a third of the cost of `open`: it is read for every program."""
    fd = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while chunk := os.read(fd, 65536):
            parts.append(chunk)
        return b"".join(parts)
    finally:
        os.close(fd)
