"""The agent's side of a box: starts a program in it, watches it, kills all of it, returns an `Outcome`.

Knows no language and does not judge: `verdict.py` reads the `Outcome`. Starting is here, watching in `watch.py`, ending in
`processes.py`. The inside of the box (fork, limits, system-call filter) is `box.c`.
"""

import ctypes
import math
import os
import resource
import secrets
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandboxes.processes import MIB, PAGE, Ending, Tree, Usage, contents, own_mib
from sandboxes.records import (
    BARE,
    NAMESPACE,
    UID,
    BoxFault,
    BoxSpec,
    Given,
    Limits,
    Outcome,
    Server,
    Service,
    Start,
)
from sandboxes.scratch import empty
from sandboxes.store import Store
from sandboxes.watch import Stream, Watch, readable

if TYPE_CHECKING:
    from sandboxes.pair import Tests

IMAGE = 200  # the descriptor of a server's image: a number that nothing else has
ANSWER_S = 120  # that a fork server may take to load and to fork
NO_MORE = Given()
SERVICE_USER = 2  # added to the jail's user id
SERVICE_MIB = 384  # of its own, that a warm service of tests may hold between two programs


def c_strings(argv: "list[str]", env: "dict[str, str]") -> "tuple[ctypes.Array[Any], ctypes.Array[Any]]":
    """Return `argv` and `env` as the null-terminated arrays that execve takes."""
    pairs = [os.fsencode(f"{key}={value}") for key, value in env.items()]
    c_argv = (ctypes.c_char_p * (len(argv) + 1))(*[os.fsencode(word) for word in argv], None)
    return c_argv, (ctypes.c_char_p * (len(pairs) + 1))(*pairs, None)


class Gone(BoxFault):
    """A server has ended."""


def opened_peak() -> int:
    """Return where the agent has the kernel forget its peak of memory: in its own /proc, where a jail's is only to be read.

    Where a kernel knows nothing of that, programs seem as large as the agent ever was.
    """
    places = [Path(each, "self/clear_refs") for each in ("/run/agent/proc", "/proc")]
    return os.open(next((each for each in places if os.access(each, os.W_OK)), os.devnull), os.O_WRONLY)


@dataclass
class Boxes:
    """The boxes of one jail: one program at a time, each in a fresh tree and a fresh scratch directory."""

    library: ctypes.CDLL
    scratch: Path
    uid: int
    memory_events: "Path | None" = None
    bare: bool = False  # no isolation: the user asked for it
    watch_memory: bool = False  # no control group bounds a program's tree: its memory is added up
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        # How box.c holds a program.
        self.mode = BARE if self.bare else UID if os.geteuid() == 0 else NAMESPACE
        self.tree = Tree(self.library, self.mode, self.uid, self.watch_memory)
        self._peak = opened_peak()

    def new_directory(self) -> Path:
        """Return a fresh, empty directory that the program may write to."""
        # A random name: a count would tell a program which run it is in.
        path = self.scratch / secrets.token_hex(8)
        path.mkdir()
        path.chmod(0o777)
        return path

    def clear(self) -> None:
        """Empty the scratch area of everything a program made (deep trees, unreadable folders, FIFOs). Raises BoxFault."""
        for name in os.listdir(self.scratch):
            empty(self.scratch, name)

    def start_server(self, argv: "list[str]", env: "dict[str, str]", image: "int | None" = None) -> Server:
        """Start a fork server; it finds its socket as descriptor 3, an image as IMAGE, and runs `box_serve`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(os.open(os.devnull, os.O_RDWR), 0)
                os.dup2(2, 1)
                if image is not None:
                    os.dup2(image, IMAGE)
                if theirs.fileno() == 3:
                    os.set_inheritable(3, True)
                else:
                    os.dup2(theirs.fileno(), 3)
                os.closerange(4, IMAGE)
                os.closerange(IMAGE + (image is not None), 256)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)
        theirs.close()
        for wait in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # Python's own timeout asks before each call
            ours.setsockopt(socket.SOL_SOCKET, wait, struct.pack("ll", ANSWER_S, 0))
        self.tree.keep(pid)
        return Server(ours, pid, lambda: self.start_server(argv, env))

    def wake(self, server: Server) -> None:
        """Start a server anew that has ended: what one program did to it is no matter of the next."""
        # Its end of the socket is closed when it has died, and it says nothing that it is not asked for.
        if server.pid not in self.tree.warm_pids or readable(server.socket.fileno(), 0):
            self.renew(server)

    def renew(self, server: Server) -> None:
        """End a server, where it has not ended, and start it anew."""
        self.end(server)
        server.socket.close()
        new = server.again()
        server.socket, server.pid = new.socket, new.pid

    def end(self, server: Server) -> None:
        """End a server, where it has not ended."""
        if server.pid in self.tree.warm_pids:
            self.stop(server.pid)

    def start_service(
        self, argv: "list[str]", env: "dict[str, str]", limits: Limits, directory: Path, image: "int | None" = None
    ) -> Service:
        """Start a warm process that answers requests on its stdin and stdout, in a box that outlives programs.

        It reads untrusted text but runs none (a compiler), and has another user than the programs. An image becomes 3.
        """
        spec = self.spec(limits, directory)
        spec.uid = self.uid + SERVICE_USER
        there, ours_in = os.pipe()
        ours_out, back = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        fds = [there, back, 2, null if image is None else image, null, null]
        pid = int(self.library.box_spawn(ctypes.byref(spec), (ctypes.c_int * 6)(*fds), *c_strings(argv, env), -1))
        for fd in (there, back, null):
            os.close(fd)
        if pid <= 0:
            raise BoxFault(f"{argv[0]} could not be started")
        self.tree.keep(pid)
        return Service(os.fdopen(ours_in, "wb", 0), os.fdopen(ours_out, "rb"), pid)

    def stop(self, pid: int, user: "int | None" = None, patience_s: float = 0) -> "tuple[int, resource.struct_rusage]":
        """Kill a warm process that does not end in `patience_s`, and reap it: its wait status and usage. Raises BoxFault.

        A process of another user than the agent's is killed as that user, with all that user has: `user` is added to the jail's.
        """
        return self.tree.stop(pid, None if user is None else self.uid + user, patience_s)

    def cpu_s(self, pid: int) -> float:
        """CPU seconds that a warm process and what it started have used so far."""
        usage = Usage()
        usage.look(self.tree.below(pid))
        return usage.cpu_s

    def spec(self, limits: Limits, directory: Path) -> BoxSpec:
        return BoxSpec(
            mode=self.mode,
            uid=self.uid,
            cpu_s=int(limits.cpu_s) + 2,
            address_bytes=limits.address_mib << 20,
            file_bytes=limits.file_mib << 20,
            processes=limits.processes,
            open_files=limits.open_files,
            stack_bytes=limits.stack_mib << 20,
            made=0,
            directory=os.fsencode(directory),
        )

    def execute(
        self, argv: "list[str]", env: "dict[str, str]", limits: Limits, directory: Path, given: Given = NO_MORE
    ) -> Outcome:
        """Run a command in a fresh box. Raises BoxFault where the box failed."""
        return self.watch(self.executed(argv, env), limits, directory, given)

    def executed(self, argv: "list[str]", env: "dict[str, str]", program: int = -1) -> "Start":
        """Return how a command starts in a box: `argv[0]`, or an executable given by its descriptor, without a name.

        A file of the scratch area was made from a program's text: if it cannot be executed, that is the program's failure.
        """
        made = program < 0 and (argv[0][:1] != "/" or argv[0].startswith(f"{self.scratch}/"))

        def start(spec: BoxSpec, fds: "list[int]") -> int:
            spec.made = made
            descriptors = (ctypes.c_int * 6)(*fds)
            # It shares our memory until it is executed, and its peak begins with ours: forget what we held once.
            os.write(self._peak, b"5")
            return int(self.library.box_spawn(ctypes.byref(spec), descriptors, *c_strings(argv, env), program))

        return Start(start)

    def fork(self, server: Server, payload: bytes, limits: Limits, directory: Path) -> Outcome:
        """Run a fork of a warm server on `payload` in a fresh box. Raises BoxFault where the box failed."""
        return self.watch(self.forked(server, payload), limits, directory)

    def forked(self, server: Server, payload: bytes) -> "Start":
        """Return how a fork of a warm server starts in a box."""
        self.wake(server)
        shared_mib = int(contents(f"/proc/{server.pid}/statm").split()[1]) * PAGE / MIB
        return Start(self._asked(server, payload), shared_mib)

    def served(self, service: Server, payload: bytes) -> "Start":
        """Return how a warm service starts on `payload` in its own process, which ends where that does not."""
        self.wake(service)
        if own_mib(service.pid) > SERVICE_MIB:
            self.renew(service)
        return Start(self._asked(service, payload), service=service, end=lambda: self.end(service))

    def _asked(self, server: Server, payload: bytes) -> "Callable[[BoxSpec, list[int]], int]":
        """Return the call that asks a server, and another one where this is just dying: then nothing has begun."""
        ask = asked(server, payload)

        def start(spec: BoxSpec, fds: "list[int]") -> int:
            try:
                return ask(spec, fds)
            except Gone:
                self.renew(server)
                self.tree.kill(self.tree.members(), self.uid)  # a fork of which it did not come to tell
                return ask(spec, fds)

        return start

    def watch(
        self, start: Start, limits: Limits, directory: Path, given: Given = NO_MORE, tests: "Tests | None" = None
    ) -> Outcome:
        """Start something in a fresh box, watch it, kill all of it. Raises BoxFault where the box failed.

        `tests` are those in a process of their own (`pair.py`): they have the report, and the program two pipes to them.
        """
        ooms = self._oom_kills()
        # The memory limit is beside what a fork shares with its server from the start.
        watch = Watch(
            self.tree, replace(limits, memory_mib=limits.memory_mib + math.ceil(start.shared_mib)), given.keep, tests
        )
        pid, fds, held = self._start(start, limits, directory, given, tests)
        status = Stream()
        try:
            if pid <= 0:
                raise BoxFault(f"no process could be started ({pid})")
            stopped = watch.until_over(pid, fds[:3])
            ending = self.tree.end(pid)
            if tests:
                tests.end(watch.report, stopped)
            wall_s = time.monotonic() - watch.began
            for stream, fd in zip((watch.out, watch.err, watch.report, status), fds):
                stream.drain(fd)
        finally:
            for fd in fds + held:
                os.close(fd)
        wait_status = self._wait_status(ending, bytes(status.tail))
        died = os.WTERMSIG(wait_status) if os.WIFSIGNALED(wait_status) else None
        if stopped is None and died == signal.SIGKILL and self._oom_kills() > ooms:
            if self.watch_memory:  # so that programs are killed first, whichever process took the memory
                raise BoxFault("the machine ran out of memory")
            stopped = "memory_exceeded"
        stopped = watch.stopped(stopped, ending, died)
        return Outcome(
            exit_code=os.WEXITSTATUS(wait_status) if stopped is None and os.WIFEXITED(wait_status) else None,
            signal=None if stopped else died,
            stopped=stopped,
            cpu_s=max(ending.cpu_s, watch.usage.cpu_s),
            wall_s=wall_s,
            memory_mib=ending.memory_mib,
            stdout=bytes(watch.out.tail),
            stderr=bytes(watch.err.tail),
            report=bytes(watch.report.tail),
        )

    def _start(
        self,
        start: Start,
        limits: Limits,
        directory: Path,
        given: Given,
        tests: "Tests | None",
    ) -> "tuple[int, tuple[int, int, int, int], tuple[int, int]]":
        """Start it with its descriptors. Return its process id; our ends: stdout, stderr, report, the box's status; and its
        ends of the first two, which stay open here, so that their end does not wake us when the process's does.
        """
        (out, stdout), (err, stderr), (status, telling) = os.pipe(), os.pipe(), os.pipe()
        stdin = sealed(given.stdin) if given.stdin else os.open(os.devnull, os.O_RDONLY)
        if tests:
            report, (three, four) = tests.report, tests.given
        else:
            (report, four), three = os.pipe(), os.open(os.devnull, os.O_RDONLY)
        theirs = [stdin, stdout, stderr, three, four, telling]
        try:
            pid = start.start(self.spec(limits, directory), theirs)
        finally:
            for fd in theirs[:1] + theirs[3:]:
                os.close(fd)
        return pid, (out, err, report, status), (stdout, stderr)

    def _wait_status(self, ending: Ending, said: bytes) -> int:
        """Return the program's wait status. Raises BoxFault where its box says that it failed, or never came up.

        A box says `+` when it is set up, `!` and why when it failed; the first process of a PID namespace then tells the
        program's wait status, for it is not the agent's child.
        """
        settled, more = said[:1] == b"+", said.removeprefix(b"+")
        if not settled or more.startswith(b"!"):
            raise BoxFault(more[1:].decode(errors="replace") or "the program's box did not come up in its time")
        if self.mode != NAMESPACE:
            return ending.wait_status
        return int(struct.unpack("i", more)[0]) if len(more) == 4 else signal.SIGKILL

    def _oom_kills(self) -> int:
        if self.memory_events is None:
            return 0
        for line in contents(self.memory_events).splitlines():
            if line.startswith(b"oom_kill "):
                return int(line.split()[1])
        return 0


def asked(server: Server, payload: bytes) -> "Callable[[BoxSpec, list[int]], int]":
    """Return the call that hands `payload` to a server and returns what it answers: a process id. It raises BoxFault."""

    def start(spec: BoxSpec, fds: "list[int]") -> int:
        request = bytes(spec) + struct.pack("q", len(payload)) + payload
        try:
            sent = socket.send_fds(server.socket, [request], fds)
            if sent < len(request):
                server.socket.sendall(request[sent:])
            answer = server.socket.recv(4, socket.MSG_WAITALL)
        except ConnectionError:
            answer = b""
        except OSError as fault:
            raise BoxFault(f"fork server {server.pid} failed: {fault}") from fault
        if len(answer) != 4:
            raise Gone(f"fork server {server.pid} ended")
        return int(struct.unpack("i", answer)[0])

    return start


def sealed(data: bytes) -> int:
    """Return a descriptor to read `data` from, of any size that a message has, that needs no writer at the other end."""
    fd = os.memfd_create("token", os.MFD_CLOEXEC)
    os.pwrite(fd, data, 0)
    return fd
