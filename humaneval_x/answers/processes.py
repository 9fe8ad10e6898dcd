"""Reads hostile text in separate processes, with limits of memory and CPU time for each text.

    with Readers(function, instead, size, count=2) as readers:
        for item, result in readers.map(items):
            ...

An item that exceeds a limit or ends the process gets the value of `instead`; later items are not affected. A process
that something outside kills is a fault of the machine: its item is read once more. A process never writes a file, and
its output is parsed as JSON, never unpickled. `function` returns plain values for an item, `size` its characters; both
can be pickled.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Generic, TypeVar

from humaneval_x.errors import MachineError

T = TypeVar("T")
MEMORY_MIB = 2048
LEAST_CPU_S = 0.6  # for any text, and 6 s for 1 MB: enough for all but texts that parse in more than linear time
CPU_S_A_CHARACTER = 6e-6
LONGEST = 1 << 20  # characters; longer texts are not read
BATCH = 16
AHEAD = 4  # batches sent to a process or waiting for it: enough to keep it busy
OUTSIDE = (signal.SIGKILL, signal.SIGTERM)  # signals that neither a limit nor a crash sends
ENDING_S = 5
STARTS = 3  # times in a row that a process may end before it reads anything
PACKAGES = str(Path(__file__).resolve().parents[2])  # the folder that this package is imported from
SIZE = struct.Struct(">I")


class Readers(Generic[T]):
    """A few long-lived processes, started when first needed. Use as a context manager."""

    def __init__(
        self, function: Callable[[T], Any], instead: Callable[[T], Any], size: Callable[[T], int], count: int = 1
    ) -> None:
        self._instead, self._count = instead, count
        self._free: queue.LifoQueue[_Process[T]] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(_Process(pickle.dumps((function, size))))

    def __enter__(self) -> Readers[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        for _ in range(self._count):
            self._free.get().end()

    def one(self, item: T) -> Any:
        """Return the function's plain value for one item. Raises MachineError."""
        ((_, result),) = self._results([item])
        return result

    def map(self, items: Iterable[T]) -> Iterator[tuple[T, Any]]:
        """Yield each item with its result, in any order. `items` is read a little ahead, in the caller's thread.

        Raises MachineError, and whatever `items` raises.
        """
        feed, todo, stop = iter(items), queue.SimpleQueue[list[T]](), threading.Event()
        done: queue.SimpleQueue[list[tuple[T, Any]] | BaseException] = queue.SimpleQueue()

        def work() -> None:
            while (batch := todo.get()) and not stop.is_set():
                try:
                    done.put(self._results(batch))
                except BaseException as fault:  # raised where the results are read
                    done.put(fault)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(self._count)]
        for thread in threads:
            thread.start()
        waiting = 0
        try:
            while batch := list(islice(feed, BATCH)):
                todo.put(batch)
                waiting += 1
                while waiting >= AHEAD * self._count or not done.empty():
                    yield from _or_raise(done.get())
                    waiting -= 1
            for _ in range(waiting):
                yield from _or_raise(done.get())
        finally:
            stop.set()
            for _ in threads:
                todo.put([])
            for thread in threads:
                thread.join()

    def _results(self, batch: list[T]) -> list[tuple[T, Any]]:
        process = self._free.get()
        try:
            return [
                (item, self._instead(item) if result is None else result) for item, result in process.results(batch)
            ]
        finally:
            self._free.put(process)


class _Process(Generic[T]):
    """One process, started when needed and restarted after its end."""

    def __init__(self, function: bytes) -> None:
        self._function = function
        self._process: subprocess.Popen[bytes] | None = None

    def results(self, batch: list[T]) -> Iterator[tuple[T, Any]]:
        """Yield a batch's items with their results; None for an item that ended the process.

        Raises MachineError where something outside kills the process twice at one item: not the text's fault.
        """
        at, killed, alone = 0, False, False
        while at < len(batch):
            end = at + 1 if alone else len(batch)
            into, out_of = self._started()
            try:
                _send(into, pickle.dumps(batch[at:end]))
                while at < end and (line := out_of.readline()).endswith(b"\n"):
                    yield batch[at], json.loads(line)
                    at, killed = at + 1, False
            except (BrokenPipeError, ValueError):
                pass
            if at == end:
                continue
            if self._ended_by() in OUTSIDE:
                if killed:
                    raise MachineError(
                        "the process that reads answers was killed twice, as by a machine without memory"
                    )
                killed = True
            elif alone or end - at == 1:
                yield batch[at], None
                at, killed = at + 1, False
            else:
                alone = True  # unsent results are lost: single items show which one it was

    def _ended_by(self) -> int:
        """Return the signal that ended the process, 0 for none, and drop the process."""
        process = self._process
        assert process is not None
        try:
            code = process.wait(timeout=ENDING_S)
        except subprocess.TimeoutExpired:  # it closed its output and still runs
            code = 0
        self.end()
        return max(0, -code)

    def _started(self) -> tuple[IO[bytes], IO[bytes]]:
        for _ in range(STARTS):
            if self._process is None:
                path = os.pathsep.join(filter(None, (PACKAGES, os.environ.get("PYTHONPATH"))))
                self._process = subprocess.Popen(
                    [sys.executable, "-m", __name__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env={**os.environ, "PYTHONPATH": path},
                    cwd="/",  # Python puts this folder first on its path
                )
                assert self._process.stdin is not None
                assert self._process.stdout is not None
                try:
                    _send(self._process.stdin, self._function)
                    if self._process.stdout.readline() == b"ready\n":
                        return self._process.stdin, self._process.stdout
                except BrokenPipeError:
                    pass
                self.end()
            elif self._process.stdin is not None and self._process.stdout is not None:
                return self._process.stdin, self._process.stdout
        raise MachineError("the process that reads answers does not start; see its message above")

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            self._process = None


def _or_raise(done: list[tuple[T, Any]] | BaseException) -> list[tuple[T, Any]]:
    if isinstance(done, BaseException):
        raise done
    return done


def _send(into: IO[bytes], data: bytes) -> None:
    into.write(SIZE.pack(len(data)) + data)
    into.flush()


def _received(out_of: IO[bytes]) -> bytes | None:
    head = out_of.read(SIZE.size)
    return out_of.read(SIZE.unpack(head)[0]) if len(head) == SIZE.size else None


def main() -> None:
    """Read batches until the input ends; write a line of JSON for each item."""
    into, out_of = sys.stdin.buffer, sys.stdout.buffer
    function, size = pickle.loads(_received(into) or b"")
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_MIB << 20),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # so the kernel can end it anywhere
    out_of.write(b"ready\n")
    out_of.flush()
    while (data := _received(into)) is not None:
        for item in pickle.loads(data):
            signal.setitimer(signal.ITIMER_PROF, max(LEAST_CPU_S, CPU_S_A_CHARACTER * size(item)))
            try:
                result = json.dumps(function(item))
            except (Exception, MemoryError):  # the text's own failure, marked as such
                result = "null"
            signal.setitimer(signal.ITIMER_PROF, 0)
            out_of.write(result.encode() + b"\n")
        out_of.flush()


if __name__ == "__main__":
    main()
