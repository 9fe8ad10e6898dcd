"""The wire between the harness and an agent: JSON behind a four-byte length, over any pair of byte streams.

What an agent says is checked for shape only; it is trusted no further than its jail is: an answer that does
not fit is a fault of the jail (SandboxError), never a verdict.
"""

from __future__ import annotations

import json
import select
import struct
import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Protocol

from humaneval_x.errors import SandboxError
from humaneval_x.records import Program, Script, StageLimits

MAX_ANSWER_BYTES = 64 << 20  # a script's outputs, whole, may be written six times as long as they are
READ_BYTES = 1 << 16
SHARED = ("preamble", "tests", "declared")  # of a request: trusted, and the same for a problem's programs
SIZE = struct.Struct(">I")
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


class Conversation:
    """A conversation with the agent of one jail."""

    def __init__(self, channel: Channel, *, start_s: float = 120) -> None:
        self.channel = channel
        self._got = bytearray()
        self._readable = select.poll()
        self._readable.register(channel, select.POLLIN)
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

    def close(self) -> None:
        """End the jail."""
        self.channel.close()

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
            if not self._readable.poll(max(0.0, deadline - time.monotonic()) * 1000):
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
