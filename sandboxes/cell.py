"""The agent's side of a cell: start a program in it, watch it, kill all of it, say what happened.

Does not know any language and does not judge: it gives an `Outcome`, `verdict.py` reads it. The inside of
the cell (fork, limits, system-call filter) is `cell.c`.
"""

import ctypes
import io
import os
import resource
import secrets
import select
import signal
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sandboxes.store import Store

TAIL_BYTES = 2048  # of stdout and of stderr, kept for the verdict
REPORT_BYTES = 8192  # a report is one short line; more is an attempt to drown it
POLL_S = 0.02  # how often a running program's CPU time and memory are looked at
ANSWER_S = 120  # how long a fork server may take to load and to fork
END_S = 60  # how long what was killed may take to be gone: minutes of swapping are a fault of the machine
STALL_FACTOR = 20  # wall time beyond wall_s that waiting for a processor may excuse
TICK = os.sysconf("SC_CLK_TCK")
UID, NAMESPACE, BARE = 0, 1, 2
PAGE = os.sysconf("SC_PAGE_SIZE")


class CellFault(Exception):
    """The cell itself failed: not the program's doing, so the jail has to be replaced."""


@dataclass(frozen=True)
class Limits:
    """What one process tree may use. CPU and wall in seconds, memory and files in MiB, output in bytes."""

    cpu_s: float
    wall_s: float
    memory_mib: int
    output_bytes: int
    processes: int
    file_mib: int
    address_mib: int = 0  # 0: no address-space limit (JVM, Node and Go reserve far more than they use)
    open_files: int = 256
    stack_mib: int = 8
    alone: bool = False  # threads, but no processes
    faults_kill: bool = False  # no handlers for SIGSEGV and its like


@dataclass(frozen=True)
class Outcome:
    """What one process tree did. Exactly one of `exit_code`, `signal`, `stopped` is not None."""

    exit_code: "int | None"
    signal: "int | None"
    stopped: "str | None"  # 'timed_out', 'memory_exceeded' or 'output_exceeded': why the agent killed it
    cpu_s: float
    wall_s: float
    memory_mib: float
    stdout: bytes
    stderr: bytes
    report: bytes
    token: str  # of a report that says well
    other_token: str  # of any other
    apart: bool = False  # the report is that of tests in a process of their own
    tests_died: "int | None" = None  # of which signal, if they did


class CellSpec(ctypes.Structure):
    """`struct cell` of cell.c."""

    _fields_ = [
        (name, ctypes.c_int64)
        for name in (
            "mode",
            "uid",
            "cpu_s",
            "address_bytes",
            "file_bytes",
            "processes",
            "open_files",
            "stack_bytes",
            "alone",
            "faults_kill",
        )
    ] + [("directory", ctypes.c_char * 256)]


@dataclass
class Server:
    """A warm fork server: a trusted process that has something loaded and forks it into a cell on request."""

    socket: socket.socket
    pid: int


@dataclass(frozen=True)
class Start:
    """How something starts in a cell: a call with its spec and six descriptors that returns a process id, and the MiB that
    it shares with others from the start.
    """

    start: "Callable[[CellSpec, list[int]], int]"
    shared_mib: float = 0


@dataclass
class Service:
    """A warm process that answers requests: write to `stdin`, read from `stdout`."""

    stdin: "io.RawIOBase"
    stdout: "io.BufferedReader"
    pid: int


def c_strings(argv: "list[str]", env: "dict[str, str]") -> "tuple[ctypes.Array, ctypes.Array]":
    """Return `argv` and `env` as the null-terminated arrays that execve takes."""
    pairs = [os.fsencode(f"{key}={value}") for key, value in env.items()]
    c_argv = (ctypes.c_char_p * (len(argv) + 1))(*[os.fsencode(word) for word in argv], None)
    return c_argv, (ctypes.c_char_p * (len(pairs) + 1))(*pairs, None)


@dataclass
class Jail:
    """The cells of one jail: one program at a time, each in a fresh tree and a fresh scratch directory."""

    library: ctypes.CDLL
    scratch: Path
    uid: int
    memory_events: "Path | None" = None
    bare: bool = False  # no walls at all: the user asked for it
    warm_pids: "set[int]" = field(default_factory=set)
    store: Store = field(default_factory=Store)

    @property
    def mode(self) -> int:
        """How cell.c holds a program: UID, NAMESPACE or BARE."""
        return BARE if self.bare else UID if os.geteuid() == 0 else NAMESPACE

    def new_directory(self) -> Path:
        """Return a fresh, empty directory that the program may write to."""
        # At random: a count would tell a program from its falsified twin, which runs right after it.
        path = self.scratch / secrets.token_hex(8)
        path.mkdir()
        path.chmod(0o777)
        return path

    def clear(self) -> None:
        """Empty the scratch area, whatever a program made there (deep trees, unreadable folders, FIFOs)."""
        for name in os.listdir(self.scratch):
            empty(self.scratch, name)

    def start_server(self, argv: "list[str]", env: "dict[str, str]") -> Server:
        """Start a fork server; it finds its socket as descriptor 3 and runs `cell_serve` on it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(os.open(os.devnull, os.O_RDWR), 0)
                os.dup2(2, 1)
                fd = theirs.fileno()
                if fd == 3:
                    os.set_inheritable(3, True)
                else:
                    os.dup2(fd, 3)
                os.closerange(4, 256)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)
        theirs.close()
        ours.settimeout(ANSWER_S)
        self.warm_pids.add(pid)
        return Server(ours, pid)

    def start_service(self, argv: "list[str]", env: "dict[str, str]", limits: Limits, directory: Path) -> Service:
        """Start a warm process that answers requests on its stdin and stdout, in a cell that outlives programs.

        It reads untrusted text but runs none of it (a compiler); it is another user than the programs are.
        """
        spec = self.spec(limits, directory)
        spec.uid = self.uid + 2
        there, ours_in = os.pipe()
        ours_out, back = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        fds = [there, back, 2, null, null, null]
        pid = int(self.library.cell_spawn(ctypes.byref(spec), (ctypes.c_int * 6)(*fds), *c_strings(argv, env)))
        for fd in (there, back, null):
            os.close(fd)
        if pid <= 0:
            raise CellFault(f"{argv[0]} could not be started")
        self.warm_pids.add(pid)
        return Service(os.fdopen(ours_in, "wb", 0), os.fdopen(ours_out, "rb"), pid)

    def stop(self, pid: int) -> None:
        """Kill a warm process; a process of another user (a service) is killed as that user. Raises CellFault."""
        for _ in self._tries(f"the warm process {pid}"):
            self._kill([pid], self.uid + 2)
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    break
            except ChildProcessError:
                break
        self.warm_pids.discard(pid)

    def cpu_s(self, pid: int) -> float:
        """CPU seconds that a warm process and what it started have used so far."""
        return self._usage_of(self._tree(pid))[0]

    def spec(self, limits: Limits, directory: Path) -> CellSpec:
        return CellSpec(
            mode=self.mode,
            uid=self.uid,
            cpu_s=int(limits.cpu_s) + 2,
            address_bytes=limits.address_mib << 20,
            file_bytes=limits.file_mib << 20,
            processes=limits.processes,
            open_files=limits.open_files,
            stack_bytes=limits.stack_mib << 20,
            alone=limits.alone,
            faults_kill=limits.faults_kill,
            directory=os.fsencode(directory),
        )

    def execute(
        self,
        argv: "list[str]",
        env: "dict[str, str]",
        limits: Limits,
        directory: Path,
        stdin: bytes = b"",
        keep: "int | None" = None,
    ) -> Outcome:
        """Run a command in a fresh cell. Raises CellFault where the cell failed."""
        return self.watch(self.executed(argv, env), limits, directory, stdin=stdin, keep=keep)

    def executed(self, argv: "list[str]", env: "dict[str, str]") -> "Start":
        """Return how a command starts in a cell."""

        def start(spec: CellSpec, fds: "list[int]") -> int:
            return int(self.library.cell_spawn(ctypes.byref(spec), (ctypes.c_int * 6)(*fds), *c_strings(argv, env)))

        return Start(start)

    def fork(self, server: Server, payload: bytes, limits: Limits, directory: Path, private: bytes = b"") -> Outcome:
        """Run a fork of a warm server on `payload` in a fresh cell. Raises CellFault where the cell failed.

        `private` follows the tokens in descriptor 3: for what a part of the runtime may know and another must not.
        """
        return self.watch(self.forked(server, payload), limits, directory, private)

    def forked(self, server: Server, payload: bytes) -> "Start":
        """Return how a fork of a warm server starts in a cell."""

        def start(spec: CellSpec, fds: "list[int]") -> int:
            try:
                head = bytes(spec) + struct.pack("q", len(payload))
                socket.send_fds(server.socket, [head], fds)
                server.socket.sendall(payload)
                answer = server.socket.recv(4, socket.MSG_WAITALL)
            except OSError as fault:
                raise CellFault(f"fork server {server.pid} failed: {fault}") from fault
            if len(answer) != 4:
                raise CellFault(f"fork server {server.pid} ended")
            return int(struct.unpack("i", answer)[0])

        shared_mib = int(contents(f"/proc/{server.pid}/statm").split()[1]) * PAGE / 2**20
        return Start(start, shared_mib)

    def watch(
        self,
        start: "Start",
        limits: Limits,
        directory: Path,
        private: bytes = b"",
        tests=None,
        stdin: bytes = b"",
        keep: "int | None" = None,
    ) -> Outcome:
        """Start something in a fresh cell, watch it, kill all of it. Raises CellFault where the cell failed.

        `keep` is how much of each output is kept, its last bytes; by default what a verdict shows of it. `tests` are those in a process of their own (`pair.py`): they have the report, and the program two pipes to them.
        """
        token, other_token = tests.tokens if tests else (secrets.token_hex(16), secrets.token_hex(16))
        pipes = {name: os.pipe() for name in ("stdout", "stderr", "status")}
        null = sealed(stdin) if stdin else os.open(os.devnull, os.O_RDONLY)
        if tests:
            report, three, four = tests.report, *tests.given
        else:
            (report, four), three = os.pipe(), sealed(f"{token}{other_token}\n".encode() + private)
        ooms = self._oom_kills()
        began = time.monotonic()
        theirs = [null, pipes["stdout"][1], pipes["stderr"][1], three, four, pipes["status"][1]]
        try:
            pid = start.start(self.spec(limits, directory), theirs)
        finally:
            for fd in theirs:
                os.close(fd)
        streams = {fd: Stream(keep or REPORT_BYTES) for fd in (pipes["stdout"][0], pipes["stderr"][0])}
        streams[report] = Stream()
        most_mib = limits.memory_mib + start.shared_mib
        try:
            if pid <= 0:
                raise CellFault(f"no process could be started ({pid})")
            stopped, seen_s = self._wait(pid, streams, limits, began, most_mib, tests)
            wait_status, cpu_s, memory_mib = self._end(pid)
            if tests:
                tests.end(streams[report], stopped)
            cpu_s = max(cpu_s, seen_s)
            wall_s = time.monotonic() - began
            status = Stream()
            for fd, stream in [*streams.items(), (pipes["status"][0], status)]:
                stream.drain(fd)
        finally:
            for fd in [*streams, pipes["status"][0]]:
                os.close(fd)
        settled, said = status.tail[:1] == b"+", bytes(status.tail).removeprefix(b"+")
        if not settled or said.startswith(b"!"):
            raise CellFault(
                said[1:].decode(errors="replace") or f"the program's cell did not come up in {wall_s:.1f} s"
            )
        out, err, report = streams.values()
        if self.mode == NAMESPACE:
            wait_status = struct.unpack("i", said)[0] if len(said) == 4 else signal.SIGKILL
        code = os.WEXITSTATUS(wait_status) if os.WIFEXITED(wait_status) else None
        died = os.WTERMSIG(wait_status) if os.WIFSIGNALED(wait_status) else None
        if stopped is None and died == signal.SIGKILL and self._oom_kills() > ooms:
            stopped = "memory_exceeded"
        # What grew between two looks; where the time ran out before the next one too, on whatever machine.
        if stopped in (None, "timed_out") and memory_mib > most_mib:
            stopped = "memory_exceeded"
        if stopped is None and (cpu_s > limits.cpu_s or died == signal.SIGXCPU):
            stopped = "timed_out"
        if stopped is None and (out.total + err.total > limits.output_bytes or died == signal.SIGXFSZ):
            stopped = "output_exceeded"
        return Outcome(
            exit_code=None if stopped else code,
            signal=None if stopped else died,
            stopped=stopped,
            cpu_s=cpu_s,
            wall_s=wall_s,
            memory_mib=memory_mib,
            stdout=bytes(out.tail),
            stderr=bytes(err.tail),
            report=bytes(report.tail),
            token=token,
            other_token=other_token,
        )

    def _wait(
        self, pid: int, streams: "dict[int, Stream]", limits: Limits, began: float, most_mib: float, tests=None
    ) -> "tuple[str | None, float]":
        """Read output until the first process ends; return why it has to be stopped, if so, and CPU seconds seen.

        `most_mib` is the memory limit and what a fork shares with its server from the start. It comes to an end after
        STALL_FACTOR + 1 times the wall limit, whatever the program does.
        """
        pidfd = os.pidfd_open(pid)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        for fd in streams:
            os.set_blocking(fd, False)
            poller.register(fd, select.POLLIN)
        out, err, report = streams.values()
        look, cpu_s = began + POLL_S, 0.0
        own_ticks: "dict[int, int]" = {}
        waiting = Waiting(began)
        try:
            while True:
                for fd, _event in poller.poll(POLL_S * 1000):
                    if fd == pidfd:
                        return None, cpu_s
                    if not streams[fd].read(fd):
                        poller.unregister(fd)
                if out.total + err.total > limits.output_bytes:
                    return "output_exceeded", cpu_s
                if tests and tests.decided(bytes(report.tail)):
                    return None, cpu_s
                now = time.monotonic()
                if now < look:
                    continue
                spent = time.thread_time()
                members = self._members()
                tree_s, memory_mib = self._usage_of(members, own_ticks)
                # The kernel forgets the time of children that their parent ignores.
                cpu_s = max(tree_s, sum(own_ticks.values()) / TICK)
                # Looking costs time too: at most a twentieth of what passes. Our own processor time, not the clock's:
                # a program that takes the processor from us must not be looked at less for it.
                look = now + max(POLL_S, 20 * (time.thread_time() - spent))
                if cpu_s > limits.cpu_s:
                    return "timed_out", cpu_s
                if memory_mib > most_mib:
                    return "memory_exceeded", cpu_s
                # On a loaded machine a program waits for a processor; that time is not its own.
                late_s = now - began - limits.wall_s
                if late_s > 0 and late_s > min(
                    waiting.seen(members + (tests.pids if tests else []), now), STALL_FACTOR * limits.wall_s
                ):
                    return "timed_out", cpu_s
        finally:
            os.close(pidfd)

    def _members(self) -> "list[int]":
        """The process ids of the running program's tree: everything below the agent that is not warm."""
        return self._tree(os.getpid())[1:]

    def _tree(self, root: int) -> "list[int]":
        found, todo = [], [root]
        while todo:
            parent = todo.pop()
            try:
                for task in os.listdir(f"/proc/{parent}/task"):
                    children = map(int, contents(f"/proc/{parent}/task/{task}/children").split())
                    todo += [child for child in children if child not in self.warm_pids]
            except (FileNotFoundError, ProcessLookupError):
                continue
            found.append(parent)
        return found

    @staticmethod
    def _usage_of(pids: "list[int]", own_ticks: "dict[int, int] | None" = None) -> "tuple[float, float]":
        """CPU seconds of all processes and of the children they waited for, and resident MiB of the largest.

        Resident pages are not added up: forks share theirs. The total is bounded by the jail's cgroup. Each process's
        own ticks go into `own_ticks`.
        """
        cpu_ticks, pages = 0, 0
        own_ticks = {} if own_ticks is None else own_ticks
        for pid in pids:
            try:
                fields = contents(f"/proc/{pid}/stat").rpartition(b")")[2].split()
                resident = contents(f"/proc/{pid}/statm").split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            ticks = [int(field) for field in fields[11:15]]
            own_ticks[pid] = ticks[0] + ticks[1]
            cpu_ticks += sum(ticks)
            pages = max(pages, int(resident))
        return cpu_ticks / TICK, pages * PAGE / 2**20

    def _end(self, first: int) -> "tuple[int, float, float]":
        """Kill the whole tree and reap it. Return the first process's wait status, CPU seconds, peak MiB.

        Raises CellFault where something is still there after END_S.
        """
        wait_status, cpu_s, peak_kib = -1, 0.0, 0
        members = [first]
        for _ in self._tries("a program's processes"):
            self._kill(members, self.uid)
            for pid, status, usage in reaped():
                if pid in self.warm_pids:
                    self.warm_pids.discard(pid)
                    continue
                cpu_s += usage.ru_utime + usage.ru_stime
                peak_kib = max(peak_kib, usage.ru_maxrss)
                if pid == first:
                    wait_status = status
            members = self._members()
            if wait_status != -1 and not members:
                break
        return wait_status, cpu_s, peak_kib / 1024

    def _kill(self, pids: "list[int]", uid: int) -> None:
        """Kill these processes, and in one step all that is of user `uid`, which no fork bomb outruns.

        A process that was just forked may still be the agent's user: then only its own number reaches it.
        """
        if self.mode == UID and self.library.cell_kill_user(uid, self.uid + 1) != 0:
            raise CellFault("could not kill the program's processes")
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except (PermissionError, ProcessLookupError):
                pass

    @staticmethod
    def _tries(what: str) -> "Iterator[None]":
        """Yield again and again, for END_S at most. Raises CellFault then."""
        until = time.monotonic() + END_S
        while time.monotonic() < until:
            yield
            time.sleep(0.0002)
        raise CellFault(f"{what} could not be killed in {END_S} s")

    def _oom_kills(self) -> int:
        if self.memory_events is None:
            return 0
        for line in contents(self.memory_events).splitlines():
            if line.startswith(b"oom_kill "):
                return int(line.split()[1])
        return 0


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


@dataclass
class Stream:
    """One output of a program: how much came, and the last of it."""

    keep: int = REPORT_BYTES
    total: int = 0
    tail: bytearray = field(default_factory=bytearray)

    def read(self, fd: int) -> bool:
        """Take what is there; False at the end of the stream."""
        try:
            chunk = os.read(fd, 65536)
        except BlockingIOError:
            return True
        self.total += len(chunk)
        self.tail += chunk
        if len(self.tail) > self.keep:
            del self.tail[: -self.keep]
        return bool(chunk)

    def drain(self, fd: int) -> None:
        """Take what is left; every writer is dead, so the end comes at once."""
        os.set_blocking(fd, False)
        while True:
            before = self.total
            if not self.read(fd) or self.total == before:
                return


def sealed(data: bytes) -> int:
    """Return a descriptor from which `data` can be read, of any size, without anyone at the other end."""
    fd = os.memfd_create("token", os.MFD_CLOEXEC)
    with open(os.dup(fd), "wb") as file:
        file.write(data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def contents(path: "str | Path") -> bytes:
    """Return what the kernel says in a file; at a third of the cost of `open`, and it is asked for every program."""
    fd = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while chunk := os.read(fd, 65536):
            parts.append(chunk)
        return b"".join(parts)
    finally:
        os.close(fd)


@dataclass
class Waiting:
    """How long a program has waited for a processor. What its threads waited is added up, for one waits for another (a
    Java program for its collector) that waits itself, but between two looks no more than the time that passed: a program
    of many threads cannot save up time to sleep in.
    """

    looked: float
    total_s: float = 0
    excused_s: float = 0

    def seen(self, pids: "list[int]", now: float) -> float:
        """Look again; return the seconds that are not the program's own, so far."""
        total_s = waited_s(pids)
        self.excused_s += min(max(0, total_s - self.total_s), now - self.looked)
        self.looked, self.total_s = now, total_s
        return self.excused_s


def waited_s(pids: "list[int]") -> float:
    """How long the threads of these processes have waited for a processor, in seconds, added up."""
    waited_ns = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                waited_ns += int(contents(f"/proc/{pid}/task/{task}/schedstat").split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return waited_ns / 1e9


def empty(parent: Path, name: str) -> None:
    """Remove `parent/name` and all below it without recursion: each folder's folders move up one level.

    Path lengths stay short however deep a program nested its folders, and no symbolic link is followed.
    """
    first = os.path.join(parent, name)
    if not stat.S_ISDIR(os.lstat(first).st_mode):
        os.unlink(first)
        return
    own(first)
    todo, fresh = [first], 0
    while todo:
        folder = todo.pop()
        with os.scandir(folder) as entries:
            children = [(each.path, each.is_dir(follow_symlinks=False)) for each in entries]
        for path, is_folder in children:
            if is_folder:
                own(path)  # moving a folder up needs write permission on it
                fresh += 1
                moved = f"{first}.gone-{fresh}"
                os.rename(path, moved)
                todo.append(moved)
            else:
                os.unlink(path)
        os.rmdir(folder)


def own(folder: str) -> None:
    """Make a folder writable where it is ours; where it is another user's, root needs no permission."""
    try:
        os.chmod(folder, 0o700)
    except PermissionError:
        pass
