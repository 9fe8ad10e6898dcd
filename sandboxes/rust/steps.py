"""Rust in a jail: a program is two processes, the candidate with its dispatcher and the tests with their stubs.

Each is an executable that rustc makes, as `cargo test` would: without optimisation, overflow and debug assertions checked.
Tests are compiled once a problem and machine, kept, and executed from memory. What the texts are is in `program.py`.
"""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes, sealed
from sandboxes.records import TESTS_LIMITS, Limits, Outcome, Start
from sandboxes.rust import program
from sandboxes.scratch import empty
from sandboxes.store import Store
from sandboxes.verdict import Judgement, compile_failed, refusal_of_tests

PACKAGES = ["rustc", "librust-regex-dev", "gcc", "libc6-dev", "binutils"]
RUSTC = "/usr/bin/rustc"
VERSION = [RUSTC, "--version"]
CRATES = Path("/usr/share/cargo/registry")  # where Debian's packages of crates are
HERE = Path(__file__).resolve().parent
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "TMPDIR": "."}
EDITION = "2021"
# The standard library as a shared object: linking it whole would cost as much as compiling.
FLAGS = ["--edition", EDITION, "-C", "opt-level=0", "-C", "debug-assertions=on", "-C", "overflow-checks=on",
         "-C", "codegen-units=1", "-C", "prefer-dynamic", "--cap-lints", "allow"]  # fmt: skip
COMPILER = [RUSTC, *FLAGS]
OURS = ["hx_wall", "rand", "md5"]
FEATURES = [
    "std",
    "unicode",
    *(f"unicode-{part}" for part in ("age", "bool", "case", "gencat", "perl", "script", "segment")),
]
REGEX = ["regex-syntax", "regex-automata", "regex"]  # in the order of their needs; the second is a newer version's
MEMORY_SIGNS = (rb"memory allocation of \d+ bytes failed",)
KEPT = 48  # executables of tests that stay in memory


def installed() -> bool:
    """Whether Rust is here. It has to be asked for: its packages take 280 MB."""
    return Path(RUSTC).exists() and any(CRATES.glob("regex-[0-9]*"))


def prepare(warm: Path, final: Path, plain: bool = False) -> None:
    """Build the codec and the crates that programs may use. The compiler is always the plain one."""
    for name in OURS:
        source = HERE / "crates" / name / "lib.rs"
        library(
            warm, name, source if source.exists() else HERE / "crates" / f"{name}.rs", EDITION, ["-C", "opt-level=2"]
        )
    found = {path.name.rpartition("-")[0]: path for path in CRATES.glob("regex*-[0-9]*")}
    if "regex" not in found:
        raise OSError(f"no crate regex in {CRATES}")
    features = [word for name in FEATURES for word in ("--cfg", f'feature="{name}"')]
    for name in filter(found.get, REGEX):
        manifest = (found[name] / "Cargo.toml").read_text()
        edition = "2021" if 'edition = "2021"' in manifest else "2018"
        library(warm, name.replace("-", "_"), found[name] / "src" / "lib.rs", edition, features)
    made = [Path(RUSTC), *sorted(warm.glob("*.rlib"))]
    (warm / "digest").write_text(Store.digest(" ".join(FLAGS), *(path.read_bytes() for path in made)))


def library(warm: Path, name: str, source: Path, edition: str, more: "list[str]") -> None:
    """Build one crate into the warm folder, where it finds those that were built before."""
    before = [word for each in sorted(warm.glob("lib*.rlib")) for word in ("--extern", f"{each.stem[3:]}={each}")]
    argv = [RUSTC, "--edition", edition, "--crate-type", "rlib", "--crate-name", name, "--cap-lints", "allow"]
    # One unit: the same machine makes the same bytes.
    subprocess.run(
        [*argv, "-C", "codegen-units=1", *more, *before, str(source), "-o", str(warm / f"lib{name}.rlib")],
        check=True, env={**ENV, "TMPDIR": str(warm)},
    )  # fmt: skip


class Language:
    """Judges Rust programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes = boxes
        libraries = [f"{name}={warm / f'lib{name}.rlib'}" for name in (*OURS, "regex")]
        self.compiler = [*COMPILER, "-L", f"dependency={warm}", *(f"--extern={each}" for each in libraries)]
        self.toolchain = (warm / "digest").read_text()
        self.executables: "dict[str, int]" = {}  # of tests: memory without a name, by digest

    def judge(self, request: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile the candidate, and the tests where nobody did, then run both."""
        preamble, text, declared = (str(request[part]) for part in ("preamble", "candidate", "declared"))
        directory = self.boxes.new_directory()
        built = self._compile(directory, "candidate", program.candidate(preamble, text, declared), compile_limits)
        if built.exit_code != 0:
            return compile_failed(built, MEMORY_SIGNS)

        def tests(text: str) -> Start:
            return self.boxes.executed(["tests"], ENV, self._tests(program.tests_unit(declared, text)))

        if request.get("negated"):  # now, as a program may fill the disk on which they are built
            with suppress(pair.NotBuilt):
                tests(str(request["negated"]))
        started = self.boxes.executed([str(directory / "program")], ENV)
        return pair.judged(self.boxes, tests, started, run_limits, request, built, MEMORY_SIGNS)

    def _tests(self, unit: str) -> int:
        """Return a descriptor of the executable of tests. Raises pair.NotBuilt."""
        digest = self.boxes.store.digest("rust", self.toolchain, unit)
        if digest not in self.executables:
            known = self.boxes.store.get(digest)
            self.executables[digest] = sealed(self._made(unit, digest) if known is None else known)
            if len(self.executables) > KEPT:
                os.close(self.executables.pop(next(iter(self.executables))))
        return self.executables[digest]

    def _made(self, unit: str, digest: str) -> bytes:
        """Build tests and keep them. Raises pair.NotBuilt."""
        directory = self.boxes.new_directory()
        built = self._compile(directory, "tests", unit, TESTS_LIMITS)
        made = (directory / "program").read_bytes() if built.exit_code == 0 else b""
        empty(self.boxes.scratch, directory.name)  # before any candidate runs: the tests' source is in it
        if not made:
            raise pair.NotBuilt(refusal_of_tests(built, MEMORY_SIGNS))
        self.boxes.store.put(digest, made)
        return made

    def _compile(self, directory: Path, name: str, text: str, limits: Limits) -> Outcome:
        """Compile a text to `program` in a directory. Return what the compiler did."""
        (directory / f"{name}.rs").write_bytes(text.encode("utf-8", "replace"))
        argv = [*self.compiler, "--crate-name", name, f"{name}.rs", "-o", "program"]
        if name == "tests":
            argv += ["--cfg", "test"]
        return self.boxes.execute(argv, ENV, limits, directory)
