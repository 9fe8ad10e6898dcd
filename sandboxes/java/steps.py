"""Java in a jail: a javac that stays warm, a virtual machine that forks for each program, a warm one for the tests of all.

The candidate is compiled together with its dispatcher, the tests with their stub, once a problem (`sources.py`); how the
tools are made quick, and their plain twins, is `warm/`.
"""

import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes
from sandboxes.images import COPIED, MAPPED, Images
from sandboxes.java.sources import Declared, blob, generated
from sandboxes.java.warm.build import ENV, PLAIN, machine, plain_machine
from sandboxes.java.warm.build import prepare as prepare
from sandboxes.java.warm.compiler import DIED, Compiler
from sandboxes.records import NAMESPACE, BoxFault, BoxSpec, Limits, Server, Start
from sandboxes.store import Store
from sandboxes.verdict import Judgement, compile_failed, refusal_of_tests

PACKAGES = ["default-jdk-headless", "gcc", "libc6-dev"]
VERSION = ["/usr/bin/javac", "-version"]
OVERHEAD_MIB = 96  # what the virtual machine uses beside its heap
SMALLEST_HEAP_MIB = 64
TAKEN_S = 60  # how long the tests' own machine may take to have read its file
TRUSTED = Limits(cpu_s=60, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=256, file_mib=64)
MEMORY_SIGNS = (rb'(?:Exception in thread ".*" |Exception: |Caused by: )?java\.lang\.OutOfMemoryError\b',)
COMPILER_SIGNS = (rb"the compiler failed: .*OutOfMemoryError", DIED, *MEMORY_SIGNS)
# What can outlive the call of a test, or change what others use.
LEAVES = re.compile(
    r"\b(?:Thread\w*|Executor\w*|\w*Timer\w*|CompletableFuture|parallel\w*|ProcessBuilder|Runtime|ForkJoin\w*|reflect(?!\.\*;)|"
    r"set(?:Property|Properties|Default|Out|Err|In)|Security|native)\b"
)


class Language:
    """Judges Java programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.warm = boxes, warm
        self.compiler, self.images = Compiler(boxes, warm), Images(boxes, warm.parent)
        self.tools = Store.digest(*((warm / name).read_bytes() for name in ("compiler.jar", "runtime.jar")))
        self.plain = (warm / PLAIN).exists()
        self.servers: "dict[str, tuple[Server, tuple[str, ...]]]" = {}

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile one program in the warm compiler, run it in a virtual machine of its own."""
        declared = generated(str(program["declared"]))
        built = self.compiler.compile("", str(program["candidate"]), declared.calls, compile_limits)
        if not built.ok:
            return compile_failed(built.outcome, COMPILER_SIGNS if built.failed else ())
        heap = max(SMALLEST_HEAP_MIB, run_limits.memory_mib - OVERHEAD_MIB)
        start = self._fresh if self.plain else self._forked
        candidate = start("Program", declared.functions + built.classes, heap)

        def tests(text: str) -> Start:
            return self._tests(declared, f"{program['preamble']}", text, partial(start, heap_mib=heap))

        return pair.judged(self.boxes, tests, candidate, run_limits, program, built.outcome, MEMORY_SIGNS)

    def _tests(self, declared: Declared, preamble: str, text: str, start: "Callable[[str, bytes], Start]") -> Start:
        """Return how tests start: in the warm service where they leave nothing behind, else in a machine of their own."""
        packed = self._packed(declared, preamble.replace("\n", " ") + text)
        if self.plain or LEAVES.search(declared.stub + text):
            return start("Tests", packed)
        return self.boxes.served(self._server("service"), packed)

    def _server(self, what: str, *options: str) -> Server:
        """Return a warm machine; a new one where it has other options: a heap of another size."""
        server, has = self.servers.get(what, (None, ()))
        if server and has == options:
            return server
        if server:
            self.boxes.end(server)
        how = COPIED if what == "fork" else MAPPED
        server = self.images.server([*machine(self.warm, what), *options], ENV, how)
        self.servers[what] = server, options
        return server

    def _forked(self, side: str, packed: bytes, heap_mib: int) -> Start:
        """Return how one side of a program starts: in a fork of the machine that is warm."""
        return self.boxes.forked(self._server("fork", f"-Xmx{heap_mib}m"), side[:1].encode() + packed)

    def _fresh(self, side: str, packed: bytes, heap_mib: int) -> Start:
        """Return how one side starts in a fresh machine; it takes its file before the other can look for it."""
        file = self.boxes.new_directory() / side
        file.write_bytes(packed)
        begun = self.boxes.executed(plain_machine(self.warm, side, file, heap_mib), ENV)

        def start(spec: BoxSpec, fds: "list[int]") -> int:
            if spec.mode == NAMESPACE:  # it removes its file, and can from its own folder alone
                spec.directory = os.fsencode(file.parent)
            pid = begun.start(spec, fds)
            until = time.monotonic() + TAKEN_S
            while pid > 0 and file.exists() and time.monotonic() < until:
                time.sleep(0.001)
            file.unlink(missing_ok=True)  # who comes too late finds none and fails: no verdict
            return pid

        return replace(begun, start=start)

    def _packed(self, declared: Declared, tests: str) -> bytes:
        """Return compiled tests with their stub, as humaneval.Tests reads them: from the store, or compiled now."""
        digest = Store.digest("java tests", self.tools, declared.stub, declared.functions, tests)
        packed = self.boxes.store.get(digest)
        if packed is None:
            built = self.compiler.compile(declared.names, declared.stub, tests, TRUSTED)
            if built.ok:
                packed = blob("") + declared.functions + built.classes
                self.boxes.store.put(digest, packed)
                return packed
            said = built.outcome.stopped or built.outcome.stderr.decode(errors="replace")
            if built.failed:  # the machine's fault, or the time's: the tests are trusted
                raise BoxFault(f"the tests could not be compiled: {said}")
            refusal_of_tests(built.outcome, ())
            packed = self.boxes.store.remember(digest, blob(said))
        return packed
