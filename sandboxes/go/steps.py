"""Go in a jail: the builder (compiler and linker in one warm fork server, or the plain tools) makes two programs of a request.

The candidate's is built for each sample; the tests' once a problem and machine, and is executed from memory. What
both are made of is in `wall.py`, how they are built in `builder/`; `build.py` prepares all of it.
"""

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes, sealed
from sandboxes.go import wall
from sandboxes.go.build import PLAIN
from sandboxes.go.build import prepare as prepare
from sandboxes.go.warm.patches import BUILDER
from sandboxes.records import TESTS_LIMITS, Limits, Outcome, Server, Start
from sandboxes.scratch import empty
from sandboxes.verdict import Judgement, compile_failed, refusal_of_tests

PACKAGES = ["golang-go", "golang-src", "gcc", "libc6-dev"]
VERSION = ["/usr/bin/go", "version"]
# One processor and no collector: the builder may fork only because it has a single thread.
BUILDER_ENV = {"GOMAXPROCS": "1", "GOGC": "off", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
# One processor: what a program costs must not depend on the machine.
PROGRAM_ENV = {
    "GOMAXPROCS": "1",
    "GOTRACEBACK": "single",
    "HOME": "/nonexistent",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TMPDIR": ".",
}
BUILDER_LIMITS = replace(TESTS_LIMITS, processes=128)  # of tests; its runtime has threads
KEPT = 24  # executables of tests, each of more than a MiB
MEMORY_SIGNS = (
    b"fatal error: runtime: out of memory",
    b"fatal error: runtime: cannot allocate memory",
    b"fatal error: out of memory",
)


class Language:
    """Judges Go programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes = boxes
        self.toolchain = (warm / "digest").read_text()
        self.executables: "dict[str, int]" = {}  # of tests: memory without a name, by digest
        self.server: "Server | None" = None
        if (warm / BUILDER).exists():
            self.server = boxes.start_server([str(warm / BUILDER), str(warm)], BUILDER_ENV)
        else:
            self.plain = [str(warm / PLAIN), str(warm), (warm / "tools").read_text()]

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Build the candidate's program, and the tests' where nobody did, then run both."""
        declared = str(program["declared"])
        solution = wall.candidate(declared, f"{program['preamble']}\n{program['candidate']}")
        binary, built = self._build(solution, self.boxes.new_directory(), compile_limits)
        if not binary:
            return compile_failed(built, MEMORY_SIGNS)

        def tests(text: str) -> Start:
            executable = self._tests(wall.tests(declared, text))
            return self.boxes.executed(["tests"], PROGRAM_ENV, executable)

        if program.get("negated"):  # now, as a program may fill the disk on which they are built
            with suppress(pair.NotBuilt):
                tests(str(program["negated"]))
        candidate = self.boxes.executed([str(binary)], PROGRAM_ENV)
        return pair.judged(self.boxes, tests, candidate, run_limits, program, built, MEMORY_SIGNS)

    def _tests(self, file: wall.File) -> int:
        """Return a descriptor of the executable of tests. Raises pair.NotBuilt."""
        digest = self.boxes.store.digest(self.toolchain, file.text, file.main)
        if digest not in self.executables:
            known = self.boxes.store.get(digest)
            self.executables[digest] = sealed(self._made(file, digest) if known is None else known)
            if len(self.executables) > KEPT:
                os.close(self.executables.pop(next(iter(self.executables))))
        return self.executables[digest]

    def _made(self, file: wall.File, digest: str) -> bytes:
        """Build tests and keep them. Raises pair.NotBuilt."""
        directory = self.boxes.new_directory()
        binary, built = self._build(file, directory, BUILDER_LIMITS)
        made = binary.read_bytes() if binary else None
        empty(self.boxes.scratch, directory.name)  # before any candidate runs: the tests' source is in it
        if made is None:
            raise pair.NotBuilt(refusal_of_tests(built, MEMORY_SIGNS))
        self.boxes.store.put(digest, made)
        return made

    def _build(self, file: wall.File, directory: Path, limits: Limits) -> "tuple[Path | None, Outcome]":
        """Compile and link. Return the executable, if there is one, and how it went."""
        request = json.dumps({"Name": file.name, "Text": file.text, "Main": file.main, "Vet": file.vetted}).encode()
        if self.server:
            built = self.boxes.fork(self.server, request, limits, directory)
        else:
            (directory / "request").write_bytes(request)
            built = self.boxes.execute(self.plain, BUILDER_ENV, limits, directory)
        binary = directory / "program"
        return (binary if built.exit_code == 0 and binary.is_file() else None), built
