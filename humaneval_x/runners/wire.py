"""The wire between the harness and an agent: JSON behind a four-byte length, over any pair of byte streams.

What an agent says is checked for shape only; it is trusted no further than its jail is: an answer that does
not fit is a fault of the jail (SandboxError), never a verdict.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Protocol

from humaneval_x.errors import SandboxError
from humaneval_x.records import Program, Script, StageLimits
from humaneval_x.runners.relay import HOW_IT_ENDED, Relay, ask_in_turn, poll_ms

MAX_ANSWER_BYTES = 64 << 20  # a script's outputs, whole, may be written six times as long as they are
READ_BYTES = 1 << 16
SHARED = ("preamble", "tests", "declared")  # of a request: trusted, and the same for a problem's programs
SIZE = struct.Struct(">I")
MANY = 256  # programs of one jail from which on a process of its own is worth its start, a tenth of a second
SEND_S = 120  # how long an agent, which waits for a request, may take to read it


class Channel(Protocol):
    """A way to a running agent: raw bytes both ways, and how to end it."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises OSError where the agent is gone or does not read for SEND_S."""
        ...

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, empty at the end; asked when `fileno` is readable, so it does not wait."""
        ...

    def fileno(self) -> int:
        """The descriptor that becomes readable when an answer comes."""
        ...

    def why(self) -> str:
        """What is known about how the agent ended."""
        ...

    def close(self) -> None:
        """End the jail and everything in it."""
        ...

    def ends(self) -> tuple[str, tuple[int, ...]] | None:
        """Return the class below and the descriptors by which another process has this channel; None if none can."""
        ...


class Borrowed:
    """A channel that somebody else has opened, and ends: how, only he can say."""

    def why(self) -> str:
        """Return what stands for his words."""
        return HOW_IT_ENDED

    def close(self) -> None:
        """End nothing."""


class Pipes(Borrowed):
    """A channel over two pipes; `into` does not block."""

    def __init__(self, into: int, out_of: int) -> None:
        self._into, self._out_of = into, out_of

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises TimeoutError where the agent does not read."""
        view, until = memoryview(data), time.monotonic() + SEND_S
        while view:
            try:
                view = view[os.write(self._into, view) :]
            except BlockingIOError as fault:
                room = select.poll()
                room.register(self._into, select.POLLOUT)
                if not room.poll(max(0.0, until - time.monotonic()) * 1000):
                    raise TimeoutError(f"it read nothing for {SEND_S} s") from fault

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        return os.read(self._out_of, size)

    def fileno(self) -> int:
        """The agent's answers."""
        return self._out_of

    def ends(self) -> tuple[str, tuple[int, ...]] | None:
        """Return both."""
        return Pipes.__name__, (self._into, self._out_of)


class Headed(Borrowed):
    """A channel over a socket; what comes is in pieces, each behind 8 bytes that end in its length."""

    def __init__(self, either: socket.socket | int) -> None:
        self.socket = socket.socket(fileno=either) if isinstance(either, int) else either
        self.socket.settimeout(SEND_S)  # also of a read, which starts once data is there, and a piece comes whole
        self._left = 0

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        self.socket.sendall(data)

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        while self._left == 0:
            head = b""
            while len(head) < 8:
                chunk = self.socket.recv(8 - len(head))
                if not chunk:
                    return b""
                head += chunk
            (self._left,) = SIZE.unpack(head[4:])
        data = self.socket.recv(min(size, self._left))
        self._left -= len(data)
        return data

    def fileno(self) -> int:
        """The socket."""
        return self.socket.fileno()

    def ends(self) -> tuple[str, tuple[int, ...]] | None:
        """Return the socket, unless it is more than that (TLS)."""
        return (Headed.__name__, (self.fileno(),)) if type(self.socket) is socket.socket else None


def request(program: Program, limits: StageLimits, expected_checks: int | None) -> dict[str, Any]:
    """Return what an agent is asked: one program, its limits for "compile" and "run" as dicts, and how many checks."""
    parts = {name: getattr(program, name) for name in Program.__dataclass_fields__}
    return {"id": program.digest, **parts, "limits": by_stage(limits), "expected_checks": expected_checks}


def script_request(script: Script, limits: StageLimits) -> dict[str, Any]:
    """Return what an agent is asked to run a script."""
    return {"id": script.digest, **asdict(script), "limits": by_stage(limits)}


@lru_cache(maxsize=256)
def by_stage(limits: StageLimits) -> Mapping[str, Mapping[str, float]]:
    """Return limits as they stand in a request."""
    return {"compile": asdict(limits.compiling), "run": asdict(limits.running)}


class Exchange:
    """Requests to an agent and its answers."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._got = bytearray()
        self._readable = select.poll()
        self._readable.register(channel, select.POLLIN)

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Send one request and return its answer. Raises SandboxError on any fault of the jail."""
        body = encoded(request)
        try:
            self.channel.write(SIZE.pack(len(body)) + body)
        except OSError as fault:
            raise SandboxError(f"the agent is gone ({fault}); {self.channel.why()}") from fault
        answer = self._receive(timeout_s)
        if "fault" in answer:
            raise SandboxError(f"the jail failed: {answer['fault']}")
        if answer.get("id") != request["id"]:
            raise SandboxError(f"the agent answered {answer.get('id')!r} when asked {request['id']!r}")
        return answer

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        (size,) = SIZE.unpack(self._exactly(SIZE.size, deadline))
        if size > MAX_ANSWER_BYTES:
            raise SandboxError(f"the agent announced an answer of {size} bytes")
        try:
            answer = json.loads(self._exactly(size, deadline).decode())
        except ValueError as fault:
            raise SandboxError(f"the agent's answer is not JSON: {fault}") from fault
        if not isinstance(answer, dict):
            raise SandboxError("the agent's answer is not an object")
        return answer

    def _exactly(self, size: int, deadline: float) -> bytes:
        while len(self._got) < size:
            if not self._wait(max(0.0, deadline - time.monotonic())):
                raise SandboxError("the agent does not answer")
            try:
                chunk = self.channel.read(max(size - len(self._got), READ_BYTES))
            except OSError as fault:
                raise SandboxError(f"the agent is gone ({fault}); {self.channel.why()}") from fault
            if not chunk:
                raise SandboxError(f"the agent ended; {self.channel.why()}")
            self._got += chunk
        taken = bytes(self._got[:size])
        del self._got[:size]
        return taken

    def _wait(self, seconds: float) -> bool:
        """Wait for an answer; return whether some of it is there."""
        return bool(self._readable.poll(poll_ms(seconds)))


class Conversation(Exchange):
    """A conversation with the agent of one jail; many programs asked for together go through a process of their own."""

    def __init__(self, channel: Channel, *, start_s: float = 120) -> None:
        super().__init__(channel)
        self._relay: Relay | None = None
        self._asked = 0
        try:
            hello = self._receive(start_s)
            if hello.get("ready") is not True:
                raise SandboxError(f"the agent did not start: {hello}")
        except BaseException:
            channel.close()
            raise
        self.mode: str = hello["mode"]
        self.toolchains: dict[str, str] = hello["toolchains"]

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Send one request and return its answer. Raises SandboxError on any fault of the jail."""
        if not self._relay:
            return super().ask(request, timeout_s=timeout_s)
        (answer,) = self.ask_all([request], timeout_s=timeout_s)
        if "fault" in answer:
            raise SandboxError(answer["fault"])
        return answer

    def ask_all(self, requests: Sequence[Mapping[str, Any]], *, timeout_s: float) -> list[dict[str, Any]]:
        """Have programs judged in turn, as `ask_in_turn` does."""
        self._asked += len(requests)
        if self._asked < MANY or not (ends := self.channel.ends()):
            return ask_in_turn(self, requests, timeout_s)
        try:
            self._relay = self._relay or Relay(*ends)
        except OSError:  # no process or descriptor is left: it is quicker with one, no more
            return ask_in_turn(self, requests, timeout_s)
        answers = self._relay.ask_all(requests, timeout_s)
        if HOW_IT_ENDED in (said := answers[-1].get("fault", "")):
            answers[-1] = {"fault": said.replace(HOW_IT_ENDED, self.channel.why())}
        return answers

    def close(self) -> None:
        """End the jail."""
        if self._relay:
            self._relay.close()
        self.channel.close()


def encoded(request: Mapping[str, Any]) -> bytes:
    """Return a request as JSON; what many requests share is put into it ready-made."""
    parts = [f'"{name}": {_json(name, value)}' for name, value in request.items()]
    return f"{{{', '.join(parts)}}}".encode()


def _json(name: str, value: Any) -> str:
    if name in SHARED or value is None or type(value) in (bool, int):
        return _ready(value)
    if name == "limits":
        return _limits(tuple((stage, *limits.items()) for stage, limits in value.items()))
    return json.dumps(value)


_ready = lru_cache(maxsize=4096, typed=True)(json.dumps)


@lru_cache(maxsize=256)
def _limits(stages: tuple[Any, ...]) -> str:
    return json.dumps({stage: dict(limits) for stage, *limits in stages})
