"""C++ in a jail: a compiler that forks with its headers loaded, and a loader that forks with the library loaded.

A program is compiled, assembled and linked in one cell (`compile_server.cc`) into a shared object that a fork
of `run_server.c` loads, in another. What it means is what plain `g++ -std=c++11 -O0` gives; where the compile
server cannot be had (another GCC, no plugin headers), a program does not begin with the reference's nine headers, or
it specialises what the server has instantiated, the g++ driver compiles it, slower, to the same end.
"""

import functools
import json
import re
import secrets
import shlex
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from sandboxes.cell import CellFault, Jail, Limits, Outcome
from sandboxes.cpp import guard
from sandboxes.verdict import Judgement, compile_failed, decide

PACKAGES = ["g++", "binutils", "libboost-dev", "libssl-dev"]
VERSION = ["/usr/bin/g++", "--version"]
HERE = Path(__file__).resolve().parent
GCC, GXX = "/usr/bin/gcc", "/usr/bin/g++"
FLAGS = ["-std=c++11", "-O0", "-fPIC", "-fmax-errors=20"]
LINK_FLAGS = ["-shared", "-Bsymbolic", "-z", "lazy", "--eh-frame-hdr", "--hash-style=gnu"]
REFERENCE = ("stdlib.h", "algorithm", "math.h", "stdio.h", "vector", "string", "climits", "cstring", "iostream")
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
MEMORY_SIGNS = (b"std::bad_alloc", b"virtual memory exhausted", b"out of memory allocating")
COMPILER_SLACK_MIB = 1024  # what cc1plus maps with its precompiled header, before any program
PROGRAM_SLACK_MIB = 128  # what the C and C++ libraries map
COMPILER_STACK_MIB = 64  # what GCC gives itself
PARTS = ("preamble", "candidate", "tests", "declared")
INSTANTIATED = (
    b"after instantiation"  # what GCC says of a specialisation that comes too late: perhaps because of warm.h
)
NO_TESTS = "int main() { return 0; }"  # what a program with tests of its own cannot have a second time
TESTS_LIMITS = Limits(cpu_s=60, wall_s=120, memory_mib=2048, output_bytes=1 << 20, processes=64, file_mib=64)
SERVED = "compile_server.so"  # present where the compile server could be built


def capture(*argv: str) -> str:
    """Return what a command prints, stdout and stderr."""
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, env=ENV).stdout.decode()


def optional_packages() -> "list[str]":
    """Name the compiler's plugin headers; without them there is no compile server. Nothing where no compiler is."""
    try:
        return [f"gcc-{capture(GXX, '-dumpversion').strip()}-plugin-dev"]
    except (OSError, subprocess.CalledProcessError):
        return []


def gcc_file(name: str) -> str:
    """Return the path of one of the compiler's own files."""
    return str(Path(capture(GXX, f"-print-file-name={name}").strip()).resolve())


def literals(argv: "list[str]") -> str:
    """Return a command as C string literals."""
    return ", ".join(json.dumps(word) for word in argv)


def prepare(warm: Path, final: Path) -> None:
    """Build the precompiled header, the templates' code, the run server and, where possible, the compile server."""
    for name in ("reference.h", "warm.h"):
        shutil.copy(HERE / name, warm)
    (warm / "pch.h").write_text('#define HX_USE\n#include "warm.h"\n')
    again = "".join(f"#include <{name}>\n" for name in REFERENCE)
    (warm / "main.cpp").write_text(f'#include "pch.h"\n{again}#include "hx-program"\n')
    capture(GXX, *FLAGS, "-x", "c++-header", str(warm / "pch.h"), "-o", str(warm / "pch.h.gch"))
    capture(
        GXX, *FLAGS, "-shared", "-DHX_TEMPLATE=template", "-x", "c++", str(warm / "warm.h"),
        "-o", str(warm / "templates.so"), "-Wl,-soname,templates.so",
    )  # fmt: skip
    capture(
        GCC, "-O2", "-o", str(warm / "run_server"), str(HERE / "run_server.c"), str(HERE.parent / "cell.c"),
        "-Wl,--no-as-needed", str(warm / "templates.so"), "-lstdc++", "-lm", "-lgcc_s", "-Wl,-rpath,$ORIGIN",
    )  # fmt: skip
    dump = capture(GXX, *FLAGS, "-dM", "-E", "-x", "c++", str(warm / "reference.h"))
    macros = {
        guard.IDENTIFIER.match(line, 8).group(): line for line in dump.splitlines() if line.startswith("#define ")
    }
    (warm / "macros.json").write_text(json.dumps(macros))
    try:
        prepare_server(warm, final)
    except (OSError, subprocess.CalledProcessError) as fault:
        (warm / SERVED).unlink(missing_ok=True)
        output = (getattr(fault, "output", b"") or b"").decode(errors="replace")
        print(f"cpp: no compile server, programs will compile about 3 times slower: {fault}\n{output}", file=sys.stderr)


def prepare_server(warm: Path, final: Path) -> None:
    """Build the compile server and note how cc1plus is started, in cc1plus.json."""
    gold = shutil.which("ld.gold") or shutil.which("ld.bfd") or "/usr/bin/ld"
    start, end = gcc_file("crtbeginS.o"), gcc_file("crtendS.o")
    libraries = [gcc_file("libgcc.a"), gcc_file("libc_nonshared.a"), end]
    link = [gold, *LINK_FLAGS, "-o", "program.so", start, "program.o"]
    openssl = [str(gcc_file(name)) for name in ("libssl.so", "libcrypto.so")]
    steps = {
        "HX_ASSEMBLE": [shutil.which("as") or "/usr/bin/as", "--64", "-o", "program.o"],
        "HX_LINK": [*link, *libraries],
        "HX_LINK_OPENSSL": [*link, *openssl, *libraries],
    }
    plugin = gcc_file("plugin")
    cell = str(warm / "cell.o")
    capture(GCC, "-O2", "-fPIC", "-fvisibility=hidden", "-c", "-o", cell, str(HERE.parent / "cell.c"))
    capture(
        GXX, "-std=c++11", "-O2", "-w", "-fno-rtti", "-fPIC", "-shared", "-I", f"{plugin}/include",
        *(f"-D{name}={literals(argv)}" for name, argv in steps.items()),
        "-o", str(warm / SERVED), str(HERE / "compile_server.cc"), cell,
    )  # fmt: skip
    Path(cell).unlink()
    plugin_version = Path(plugin, "include", "plugin-version.h").read_text()
    if f'basever[] = "{capture(GXX, "-dumpfullversion").strip()}"' not in plugin_version:
        raise OSError("the plugin headers are another version's than the compiler")
    said = capture(GXX, *FLAGS, "-###", "-S", str(final / "main.cpp"), "-o", "-").splitlines()
    (cc1plus,) = (line for line in said if "/cc1plus " in line)
    (warm / "cc1plus.json").write_text(json.dumps(shlex.split(cc1plus)))


LEADING = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|using\s+namespace\s+std\s*;|#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"][^\n]*', re.DOTALL
)


def begins_with_reference(source: str) -> bool:
    """Whether all nine headers are included before the first line of code, so that loading them first is the same.

    `using namespace std;` may stand between them, as it does in the official declarations: no header of the nine reads
    differently after it.
    """
    found, at = set(), 0
    while match := LEADING.match(source, at):
        found.add(match[1])
        at = match.end()
    return found.issuperset(REFERENCE)


class Language:
    """Judges C++ programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail, self.warm = jail, warm
        self.macros = json.loads((warm / "macros.json").read_text())
        self.runner = jail.start_server([str(warm / "run_server")], ENV)
        self.tests_apart = functools.lru_cache(maxsize=256)(self._tests_apart)
        self.compiler = None
        if (warm / SERVED).exists():
            argv = json.loads((warm / "cc1plus.json").read_text())
            self.compiler = jail.start_server(argv, {**ENV, "LD_PRELOAD": str(warm / SERVED)})
            self._probe()

    def _probe(self) -> None:
        """Do without the compile server where it does not come up."""
        limits = Limits(cpu_s=20, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=64)
        try:
            built, directory = self._compile_warm(
                "", "int probe;", "int main() { assert(true); }", False, "0" * 16, limits
            )
            works = built.exit_code == 0 and (directory / "program.so").exists()
        except CellFault:
            works = False
        if not works:
            print("cpp: the compile server does not work here; using the g++ driver", file=sys.stderr)
            self.compiler.socket.close()
            self.jail.stop(self.compiler.pid)
            self.compiler = None

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile, then run."""
        preamble, candidate, tests, declared = (str(program.get(part, "")) for part in PARTS)
        nonce, apart = self.tests_apart(preamble, declared, tests) if declared else ("", b"")
        if not apart:
            nonce = secrets.token_hex(8)
        built, directory = self._compile(preamble, candidate, NO_TESTS if apart else tests, nonce, compile_limits)
        if built.exit_code != 0:
            return compile_failed(built, MEMORY_SIGNS)
        for left in ("hx-program.cpp", "hx-candidate", f"hx-tests-{nonce}", "program.o"):
            (directory / left).unlink(missing_ok=True)
        limits = replace(
            run_limits, address_mib=run_limits.memory_mib + PROGRAM_SLACK_MIB, alone=True, faults_kill=True
        )
        ran = self.jail.fork(self.runner, guard.slot(nonce).encode() + b"\n" + apart, limits, directory)
        return decide(ran, built, program.get("expected_checks"), MEMORY_SIGNS)

    def _tests_apart(self, preamble: str, declared: str, tests: str) -> "tuple[str, bytes]":
        """Return the tests' own object and its nonce, compiled against a declaration of the solution, once for all samples.

        Empty where that does not compile: the tests are then compiled with each program, which says what is wrong.
        """
        nonce = secrets.token_hex(8)
        built, directory = self._compile(preamble, declared, tests, nonce, TESTS_LIMITS)
        apart = (directory / "program.so").read_bytes() if built.exit_code == 0 else b""
        self.jail.clear()  # the first program of a problem must not find them beside itself
        return nonce, apart

    def _compile(self, preamble: str, candidate: str, tests: str, nonce: str, limits: Limits) -> "tuple[Outcome, Path]":
        """Compile one shared object, `program.so` in the directory."""
        openssl = "openssl/" in candidate + preamble + tests
        reference = begins_with_reference(f"{preamble}\n{candidate}")
        parts = preamble, candidate, tests, openssl, nonce, limits
        warm = self.compiler and reference
        built, directory = self._compile_warm(*parts) if warm else self._compile_plain(*parts, reference)
        if reference and built.exit_code and INSTANTIATED in built.stderr:
            again, directory = self._compile_plain(*parts, reference=False)
            built = replace(again, cpu_s=again.cpu_s + built.cpu_s, wall_s=again.wall_s + built.wall_s)
        return built, directory

    def _limits(self, limits: Limits) -> Limits:
        address = limits.memory_mib + COMPILER_SLACK_MIB
        return Limits(
            **{**vars(limits), "address_mib": address, "stack_mib": max(COMPILER_STACK_MIB, limits.stack_mib)}
        )

    def _compile_warm(
        self, preamble: str, candidate: str, tests: str, openssl: bool, nonce: str, limits: Limits
    ) -> "tuple[Outcome, Path]":
        """Compile in a fork of the compile server; the texts never touch a disk."""
        program = guard.program(preamble, "hx-candidate", f"hx-tests-{nonce}", tests, nonce, self.macros)
        texts = [encoded(text) for text in (program, guard.candidate_file(candidate), guard.tests_file(tests))]
        head = struct.pack("3q", *map(len, texts)) + (b"1" if openssl else b"0") + nonce.encode()
        directory = self.jail.new_directory()
        return self.jail.fork(self.compiler, head + b"".join(texts), self._limits(limits), directory), directory

    def _compile_plain(
        self, preamble: str, candidate: str, tests: str, openssl: bool, nonce: str, limits: Limits, reference: bool
    ) -> "tuple[Outcome, Path]":
        """Compile with the g++ driver, with the precompiled header where that means the same."""
        program = guard.program(preamble, "hx-candidate", f"hx-tests-{nonce}", tests, nonce, self.macros)
        header = f'#include "{self.warm / "pch.h"}"\n' if reference else ""
        directory = self.jail.new_directory()
        (directory / "hx-program.cpp").write_bytes(encoded(header + program))
        (directory / "hx-candidate").write_bytes(encoded(guard.candidate_file(candidate)))
        (directory / f"hx-tests-{nonce}").write_bytes(encoded(guard.tests_file(tests)))
        libraries = ["-lssl", "-lcrypto"] if openssl else []
        argv = [
            GXX,
            *FLAGS,
            "-shared",
            "-Wl,-Bsymbolic",
            "-Wl,-z,lazy",
            "hx-program.cpp",
            "-o",
            "program.so",
            *libraries,
        ]
        return self.jail.execute(argv, {**ENV, "TMPDIR": "."}, self._limits(limits), directory), directory


def encoded(text: str) -> bytes:
    """The bytes of a source text; half a surrogate pair, which no file can hold, becomes `?`."""
    return text.encode("utf-8", "replace")
