"""Speaks to one agent in a process of its own: programs go there together in one message, and so do their answers.

So asking costs whoever judges a message for many programs, and threads that wait for agents do not take turns in one
interpreter. Both ends are this package's and trust each other: they speak in pickles. Judges nothing and starts no
jail: the process has the channel to an agent that somebody else has started, and ends with him.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from humaneval_x.errors import SandboxError

TOGETHER_S = 5.0  # what has not begun by then goes back: somebody else may have nothing to do
SLACK_S = 240  # for sending, and for a busy machine
HOW_IT_ENDED = "(how it ended)"  # stands for what only the one who started the agent can say
PACKAGES = str(Path(__file__).resolve().parents[2])  # where this package is imported from
SIZE = struct.Struct(">Q")


def poll_ms(seconds: float) -> float:
    """Return seconds as `poll` takes them: in milliseconds, and no more than it can wait at once."""
    return min(1000 * seconds, 2**31 - 1)


class Askable(Protocol):
    """Somebody who answers requests."""

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Have one program judged. Raises SandboxError on any fault of the jail."""
        ...


def ask_in_turn(jail: Askable, requests: Sequence[Mapping[str, Any]], timeout_s: float) -> list[dict[str, Any]]:
    """Have programs judged in turn: as many as begin in TOGETHER_S, up to the first that ends the jail.

    The last answer is {"fault": why} where the jail has failed.
    """
    answers: list[dict[str, Any]] = []
    until = time.monotonic() + TOGETHER_S
    for request in requests:
        try:
            answers.append(jail.ask(request, timeout_s=timeout_s))
        except SandboxError as fault:
            return [*answers, {"fault": str(fault)}]
        if time.monotonic() > until:
            break
    return answers


class Relay:
    """The near end: starts the process, which ends with `close` and with this one."""

    def __init__(self, channel: str, descriptors: Sequence[int]) -> None:
        path = os.pathsep.join(filter(None, (PACKAGES, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, channel, *map(str, descriptors)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=descriptors,
            env={**os.environ, "PYTHONPATH": path},
            cwd="/",  # which Python puts first on its path
        )
        assert self._process.stdin
        assert self._process.stdout
        self._into, self._out_of = self._process.stdin, self._process.stdout
        self._readable = select.poll()
        self._readable.register(self._out_of, select.POLLIN)

    def ask_all(self, requests: Sequence[Mapping[str, Any]], timeout_s: float) -> list[dict[str, Any]]:
        """Return what `ask_in_turn` does. Raises SandboxError where the process is gone."""
        try:
            data = pickle.dumps((requests, timeout_s))
            self._into.write(SIZE.pack(len(data)) + data)
            self._into.flush()
            if not self._readable.poll(poll_ms(TOGETHER_S + timeout_s + SLACK_S)):
                raise SandboxError("the process that speaks to the agent does not answer")
            size = SIZE.unpack(self._out_of.read(SIZE.size))[0]
            answers: list[dict[str, Any]] = pickle.loads(self._out_of.read(size))
            return answers
        except (OSError, ValueError, EOFError, struct.error, pickle.UnpicklingError) as fault:
            raise SandboxError(f"the process that speaks to the agent is gone ({fault})") from fault

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()  # ends: nobody can refuse a kill
        for stream in (self._into, self._out_of):
            with suppress(OSError):  # of what it has not read
                stream.close()


def main() -> None:
    """Answer until the one who asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it ends it
    from humaneval_x.runners import wire

    class Watching(wire.Exchange):
        """Ends this process while it waits for an agent, when the one who asks is gone."""

        def _wait(self, seconds: float) -> bool:
            ready = dict(self._readable.poll(poll_ms(seconds)))
            if 0 in ready:
                os._exit(0)
            return bool(ready)

    agent = Watching(getattr(wire, sys.argv[1])(*map(int, sys.argv[2:])))
    agent._readable.register(0, 0)  # its end is always told
    into, out_of = sys.stdin.buffer, sys.stdout.buffer
    while head := into.read(SIZE.size):
        data = pickle.dumps(ask_in_turn(agent, *pickle.loads(into.read(SIZE.unpack(head)[0]))))
        out_of.write(SIZE.pack(len(data)) + data)
        out_of.flush()


if __name__ == "__main__":
    main()
