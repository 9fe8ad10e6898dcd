"""Records of what goes into a box and what comes out."""

import ctypes
import io
import socket
from collections.abc import Callable
from dataclasses import dataclass

TAIL_BYTES = 2048  # of stdout and of stderr, kept for the verdict
OUTPUT_BYTES = 8192  # kept of each output of a program unless another size is asked for
# Larger than any report: three texts of 300 characters in twelve bytes each, 1,000 bytes of a detail.
REPORT_BYTES = 1 << 15
UID, NAMESPACE, BARE = 0, 1, 2  # how a program is held: `enum mode` of box.c


class BoxFault(Exception):
    """The box itself failed, not the program: the jail has to be replaced."""


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


# For a compiler of tests, whose text is trusted: once a problem and machine, whatever a program's own limits are.
TESTS_LIMITS = Limits(cpu_s=60, wall_s=120, memory_mib=2048, output_bytes=1 << 20, processes=64, file_mib=64)


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
    report: bytes = b""  # of its tests, if it has any
    token: str = ""  # token for `done` and `fault` reports
    other_token: str = ""  # token for all other reports
    tests_died: "int | None" = None  # the signal, if they died of one


class BoxSpec(ctypes.Structure):
    """`struct box` of box.c."""

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
            "made",
        )
    ] + [("directory", ctypes.c_char * 256)]


@dataclass
class Server:
    """A warm fork server: a trusted process with a runtime loaded that forks into a box on request; or a service with such a
    socket. `again` starts another one.
    """

    socket: socket.socket
    pid: int
    again: "Callable[[], Server]"


@dataclass(frozen=True)
class Start:
    """How something starts in a box: a call with its spec and six descriptors that returns a process id (0: a warm service
    took them), the MiB that it shares with others from the start, that service, and what ends it.
    """

    start: "Callable[[BoxSpec, list[int]], int]"
    shared_mib: float = 0
    service: "Server | None" = None
    end: "Callable[[], object]" = lambda: None


@dataclass(frozen=True)
class Given:
    """A program's input beside its arguments, and how much of its output is kept."""

    stdin: bytes = b""
    keep: int = OUTPUT_BYTES  # the last bytes of stdout and of stderr


@dataclass
class Service:
    """A warm process that answers requests: write to `stdin`, read from `stdout`."""

    stdin: "io.RawIOBase"
    stdout: "io.BufferedReader"
    pid: int
