"""The warm compiler from outside: a service that reads sources and answers class files (CompileServer.java).

A program's verdict does not depend on those before it: where the compiler dies, fails or takes too long, and has served
others, the program is compiled once more, in a fresh one, and that is what counts.
"""

import os
import select
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from sandboxes.box import SERVICE_USER, Boxes
from sandboxes.images import Images
from sandboxes.java.warm.build import (
    ENV,
    FAILED,
    OK,
    PLAIN,
    compiler,
    kept_compiler,
    parse,
    request,
    training,
)
from sandboxes.records import BoxFault, Limits, Outcome, Service

SERVICE = Limits(cpu_s=1e6, wall_s=1e6, memory_mib=1024, output_bytes=1 << 40, processes=256, file_mib=64)
WALL_SLACK = 5  # the compiler's own limit is CPU time; on a loaded machine it waits for a processor
START_S = 60
DIED = b"the compiler died"


@dataclass(frozen=True)
class Compiled:
    """What became of some sources: how it went, and their classes, with their count before them."""

    outcome: Outcome
    classes: bytes

    @property
    def ok(self) -> bool:
        return self.outcome.exit_code == OK

    @property
    def failed(self) -> bool:
        """Whether the compiler did, and the sources may be right."""
        return self.outcome.exit_code == FAILED


class Compiler:
    """The compile service of one jail."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.warm, self.plain = boxes, warm, (warm / PLAIN).exists()
        self.images = Images(boxes, warm.parent)
        self.service: "Service | None" = None
        self.served = 0  # programs, by this service
        self._started()

    def compile(self, kind: str, first: str, second: str, limits: Limits) -> Compiled:
        """Compile a candidate and its dispatcher (`kind` is empty), or a stub and its tests (the names of its methods)."""
        asked = request(kind, first, second)
        began = time.monotonic()
        while True:
            service = self._started()
            self.served, alone = self.served + 1, self.served == 0
            before = self.boxes.cpu_s(service.pid)
            until = time.monotonic() + WALL_SLACK * limits.wall_s
            ended, answer = self._exchange(service, asked, until, before + limits.cpu_s)
            spent = self.boxes.cpu_s(service.pid) - before if ended != "died" else 0.0
            if answer is not None and answer[0] != FAILED:
                break
            self._discard(service)
            if alone:
                break
        status, messages, classes = parse(answer) if answer is not None else (FAILED, b"", b"")
        outcome = Outcome(
            exit_code=status, signal=None, stopped="timed_out" if ended == "timed_out" else None,
            cpu_s=spent, wall_s=time.monotonic() - began, memory_mib=0.0, stdout=b"",
            stderr=messages or (DIED if ended == "died" else b""),
        )  # fmt: skip
        return Compiled(outcome, classes)

    def _started(self) -> Service:
        """Return the service; a new one that is of no image first compiles the training program."""
        if self.service is None and not self.plain:
            kept = kept_compiler(self.warm)
            self.service, self.served = self.images.service(kept, ENV, SERVICE, self.warm), 0
        if self.service is None:
            options = [] if self.plain else ["-XX:SharedArchiveFile=compiler.jsa", "-Xshare:auto"]
            service = self.boxes.start_service(compiler(self.warm, *options), ENV, SERVICE, self.warm)
            self.service, self.served = service, 0
            if self._exchange(service, training()[0], time.monotonic() + START_S, START_S)[1] is None:
                self._discard(service)
                raise BoxFault("the Java compiler did not start")
        return self.service

    def _discard(self, service: Service) -> None:
        self.boxes.stop(service.pid, SERVICE_USER)
        service.stdin.close()
        service.stdout.close()
        self.service = None

    def _exchange(self, service: Service, asked: bytes, until: float, cpu_s: float) -> "tuple[str, bytes | None]":
        """Send one request. Return 'answered' and the answer, or 'timed_out' or 'died' and None."""
        into, out_of = service.stdin.fileno(), service.stdout.fileno()
        os.set_blocking(into, False)
        os.set_blocking(out_of, False)
        got, left = bytearray(), memoryview(asked)
        look = time.monotonic() + 0.1
        while len(got) < 4 or len(got) < 4 + struct.unpack_from("<I", got)[0]:
            ready, able, _ = select.select([out_of], [into] if left else [], [], 0.1)
            try:
                if able:
                    left = left[os.write(into, left[: 1 << 16]) :]
                if ready:
                    chunk = os.read(out_of, 1 << 20)
                    if not chunk:
                        return "died", None
                    got += chunk
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return "died", None
            now = time.monotonic()
            if now > look:
                look = now + 0.1
                if now > until or self.boxes.cpu_s(service.pid) > cpu_s:
                    return "timed_out", None
        return "answered", bytes(got[4:])
