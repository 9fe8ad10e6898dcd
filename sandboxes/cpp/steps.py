"""C++ in a jail: a program is two processes, the candidate with its dispatcher and the tests with their stubs.

Each is a shared object that a fork of `run_server.cc` loads. Tests are compiled once a problem and machine, and kept.
"""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes
from sandboxes.cpp import compilers
from sandboxes.cpp.compilers import ENV, GCC, GXX, HERE, after, capture
from sandboxes.cpp.program import program, tests_unit
from sandboxes.records import TESTS_LIMITS, Limits, Outcome, Start
from sandboxes.verdict import Judgement, compile_failed, refusal_of_tests

PACKAGES = ["g++", "binutils", "libboost-dev", "libssl-dev"]
VERSION = ["/usr/bin/g++", "--version"]
MEMORY_SIGNS = (
    rb"terminate called after throwing an instance of '[\w:<]*std::bad_alloc",
    rb"(?:\S+: )?virtual memory exhausted",
    rb"(?:\S+: )?out of memory allocating \d",
)
PROGRAM_SLACK_MIB = 128  # what the C and C++ libraries map
# What the compiler says of a call of the candidate's function with arguments of the declared types.
OTHER_HEAD = re.compile(rb"^dispatcher:\d+:\d+: error: (?!.*was not declared)", re.MULTILINE)


def optional_packages() -> "list[str]":
    """Name the compiler's plugin headers; without them there is no compile server. Nothing where no compiler is."""
    try:
        return [f"gcc-{capture(GXX, '-dumpversion').strip()}-plugin-dev"]
    except (OSError, subprocess.CalledProcessError):
        return []


def prepare(warm: Path, final: Path, plain: bool = False) -> str:
    """Build what the compilers need, and the run server. Return what to add to the version line."""
    box = str(warm / "box.o")
    parts = [str(HERE.parent / name) for name in ("box.c", "image.c")]
    capture(GCC, "-O2", "-fPIC", "-fvisibility=hidden", "-r", "-nostdlib", "-o", box, *parts)
    slower = compilers.prepare(warm, final, box, plain)
    capture(
        GXX, "-std=c++11", "-O2", "-rdynamic", "-o", str(warm / "run_server"), str(HERE / "run_server.cc"),
        str(HERE / "wire.cc"), box, "-Wl,--no-as-needed", str(warm / "templates.so"), "-lm", "-lgcc_s",
        "-Wl,-rpath,$ORIGIN",
    )  # fmt: skip
    Path(box).unlink()
    return slower


class Language:
    """Judges C++ programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.warm = boxes, warm
        self.compilers = compilers.Compilers(boxes, warm)
        self.runner = boxes.start_server([str(warm / "run_server")], ENV)
        made_of = (warm.parent / "manifest.json", warm / "values.h", warm / "more.h", warm / "templates.so")
        self.toolchain = boxes.store.digest(*(path.read_bytes() for path in made_of))

    def judge(self, request: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile, then run."""
        preamble, candidate, declared = (str(request[part]) for part in ("preamble", "candidate", "declared"))
        built, made = self._program(preamble, candidate, declared, str(request["tests"]), compile_limits)
        if built.exit_code != 0:
            return compile_failed(built, MEMORY_SIGNS)

        def tests(text: str) -> Start:
            return self.boxes.forked(self.runner, self._tests(tests_unit(preamble, declared, text, str(self.warm))))

        limits = replace(
            run_limits,
            address_mib=run_limits.memory_mib + PROGRAM_SLACK_MIB,
            file_mib=max(run_limits.file_mib, (len(made) >> 20) + 1),  # its own object, tables and all, is a file to it
        )
        started = self.boxes.forked(self.runner, b"P" + made)
        return pair.judged(self.boxes, tests, started, limits, request, built, MEMORY_SIGNS)

    def _program(
        self, preamble: str, candidate: str, declared: str, tests: str, limits: Limits
    ) -> "tuple[Outcome, bytes]":
        """Compile a program. One whose head takes other types than the declared ones is what plain g++ says with the tests."""
        built, made = self.compilers.compile(program(preamble, candidate, declared, str(self.warm)), limits)
        if built.exit_code == 0 or not OTHER_HEAD.search(built.stderr):
            return built, made
        checked = self.compilers.check(f"{preamble}{candidate}\n{tests}", limits)
        if checked.exit_code != 0:
            return after(built, checked), b""
        again, made = self.compilers.compile(program(preamble, candidate, declared, str(self.warm), True), limits)
        return after(after(built, checked), again), made

    def _tests(self, unit: str) -> bytes:
        """Return what the run server takes for tests: their object, or why they do not compile. From the store, if known."""
        name = self.boxes.store.digest("cpp", self.toolchain, unit)
        if known := self.boxes.store.get(name):
            return known
        self.boxes.clear()  # negated tests are compiled behind the program
        built, made = self.compilers.compile(unit, TESTS_LIMITS)
        if not made:
            refusal_of_tests(built, MEMORY_SIGNS)
            return self.boxes.store.remember(name, b"N" + built.stdout + built.stderr)
        self.boxes.store.put(name, b"T" + made)
        return b"T" + made
