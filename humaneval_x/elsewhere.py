"""A generator of this package in a process of its own: what it yields comes here in batches.

    with elsewhere(job, *arguments) as items:
        for item in items: ...

What it works at is not this process's time, which jails wait for. It is trusted as this process is, so that both say
what they say in pickles; hostile text is read in `answers/processes.py`. It ends with the context, and with this one.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from humaneval_x.errors import HarnessError, MachineError

T = TypeVar("T")
BATCH = 256  # items sent at once
LATE_S = 0.05  # how long fewer are kept for others to come
PACKAGES = str(Path(__file__).resolve().parents[1])  # where this package is imported from
SIZE = struct.Struct(">Q")


@contextmanager
def elsewhere(job: Callable[..., Iterator[T]], *arguments: object) -> Iterator[Iterator[T]]:
    """Start a process that iterates over `job(*arguments)`; give what it yields, and raise what it raises.

    All of it can be pickled. Raises MachineError where the process ends before it has said all.
    """
    path = os.pathsep.join(filter(None, (PACKAGES, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        cwd="/",  # which Python puts first on its path
    )
    assert process.stdin
    assert process.stdout
    try:
        with process.stdin, process.stdout:
            _send(process.stdin, (os.getcwd(), job, arguments))
            yield _items(process.stdout)
    finally:
        process.kill()
        process.wait()


def _items(out_of: IO[bytes]) -> Iterator[Any]:
    while head := out_of.read(SIZE.size):
        items, fault, ended = pickle.loads(out_of.read(SIZE.unpack(head)[0]))
        yield from items
        if fault is not None:
            raise fault
        if ended:
            return
    raise MachineError("the process that reads samples ended before its time; see its message above, and run again")


def _send(into: IO[bytes], value: object) -> None:
    data = pickle.dumps(value)
    into.write(SIZE.pack(len(data)) + data)
    into.flush()


class _Sender:
    """Sends items in batches, and those that wait for more before they are late."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into, self._lock, self._ended = into, threading.Lock(), threading.Event()
        self._waiting: list[object] = []
        threading.Thread(target=self._send_late, daemon=True).start()

    def add(self, item: object) -> None:
        with self._lock:
            self._waiting.append(item)
            if len(self._waiting) >= BATCH:
                self._send()

    def end(self, fault: BaseException | None) -> None:
        self._ended.set()
        with self._lock:
            self._send(fault, ended=True)

    def _send_late(self) -> None:
        while not self._ended.wait(LATE_S):
            with self._lock:
                if self._waiting:
                    self._send()

    def _send(self, fault: BaseException | None = None, *, ended: bool = False) -> None:
        _send(self._into, (self._waiting, fault, ended))
        self._waiting = []


def main() -> None:
    """Iterate over what standard input asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it ends it
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody listens any more: no message
    into = sys.stdin.buffer
    folder, job, arguments = pickle.loads(into.read(SIZE.unpack(into.read(SIZE.size))[0]))
    os.chdir(folder)
    sender, fault = _Sender(sys.stdout.buffer), None
    try:
        for item in job(*arguments):
            sender.add(item)
    except Exception as raised:
        fault = raised
        if not isinstance(raised, HarnessError):
            traceback.print_exc()  # which a pickle leaves behind
    sender.end(fault)


if __name__ == "__main__":
    main()
