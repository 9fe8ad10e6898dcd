"""The compilers of the C++ jail: the g++ driver, and a compiler that forks with its headers loaded.

Both make the same of a text: `program.so`, as plain `g++ -std=c++11 -O0` means it (a text that begins with another
standard, `// g++ -std=c++17`, is the first's). The second is three times faster and
knows GCC's insides (`warm/`); where it cannot be had (another GCC, no plugin headers), a text does not begin with the
reference's nine headers, or it specialises what the server has instantiated, the first compiles it.
"""

import json
import re
import shlex
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from sandboxes.box import Boxes
from sandboxes.cpp.program import REFERENCE, begins_with_reference, encoded
from sandboxes.images import Images
from sandboxes.records import BoxFault, Limits, Outcome, Server

HERE = Path(__file__).resolve().parent
GCC, GXX = "/usr/bin/gcc", "/usr/bin/g++"
FLAGS = ["-std=c++11", "-O0", "-fPIC", "-fmax-errors=20"]
OPENSSL = ["-lssl", "-lcrypto"]
LINK_FLAGS = ["-nostdlib", "-shared", "-Bsymbolic", "-z", "lazy", "--eh-frame-hdr", "--hash-style=gnu"]
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
COMPILER_SLACK_MIB = 1024  # what cc1plus maps with its precompiled header, before any program
COMPILER_STACK_MIB = 64  # what GCC gives itself
# What GCC says of a specialisation that comes too late, perhaps because of warm.h; and of a fault of its own, perhaps
# because of the compile server.
DOUBTS = (b"after instantiation", b"internal compiler error")
PT_DYNAMIC, DT_FLAGS_1, DF_1_PIE = 2, 0x6FFFFFFB, 0x08000000
SERVED = "compile_server.so"  # present where the compile server could be built
STANDARD = re.compile(r"// g\+\+ (-std=c\+\+\d\d)\n")
PROBE = Limits(cpu_s=20, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=64)


def capture(*argv: str) -> str:
    """Return what a command prints, stdout and stderr."""
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, env=ENV).stdout.decode()


def gcc_file(name: str) -> str:
    """Return the path of one of the compiler's own files."""
    return str(Path(capture(GXX, f"-print-file-name={name}").strip()).resolve())


def literals(argv: "list[str]") -> str:
    """Return a command as C string literals."""
    return ", ".join(json.dumps(word) for word in argv)


def prepare(warm: Path, final: Path, box: str, plain: bool) -> str:
    """Build the precompiled header, the templates' code and, where possible, the compile server, with box.c's object.

    Return what to add to the version line: nothing, or that there is no compile server.
    """
    for name in ("reference.h", "values.h", "more.h", "loose.h", "warm/warm.h"):
        shutil.copy(HERE / name, warm)
    (warm / "pch.h").write_text('#define HX_USE\n#include "warm.h"\n')
    again = "".join(f"#include <{name}>\n" for name in REFERENCE)
    (warm / "main.cpp").write_text(f'#include "pch.h"\n{again}#include "hx-program"\n')
    capture(GXX, *FLAGS, "-x", "c++-header", str(warm / "pch.h"), "-o", str(warm / "pch.h.gch"))
    capture(
        GXX, *FLAGS, "-shared", "-fkeep-inline-functions", "-DHX_USE", "-DHX_TEMPLATE=template",
        "-x", "c++", str(warm / "warm.h"), "-o", str(warm / "templates.so"), "-Wl,-soname,templates.so",
    )  # fmt: skip
    try:
        if plain:
            raise OSError("the plain tools were asked for")
        prepare_server(warm, final, box)
        return ""
    except (OSError, subprocess.CalledProcessError) as fault:
        (warm / SERVED).unlink(missing_ok=True)
        output = (getattr(fault, "output", b"") or b"").decode(errors="replace")
        print(f"cpp: no compile server, programs will compile about 3 times slower: {fault}\n{output}", file=sys.stderr)
        return " (plain tools)"


def prepare_server(warm: Path, final: Path, box: str) -> None:
    """Build the compile server and note how cc1plus is started, in cc1plus.json."""
    linker = shutil.which("ld.gold") or shutil.which("ld.bfd") or "/usr/bin/ld"
    start, end = gcc_file("crtbeginS.o"), gcc_file("crtendS.o")
    libraries = [gcc_file("libgcc.a"), gcc_file("libc_nonshared.a"), end]
    link = [linker, *LINK_FLAGS, "-o", "program.so", start, "program.o"]
    openssl = [gcc_file(name) for name in ("libssl.so", "libcrypto.so")]
    steps = {
        "HX_ASSEMBLE": ["as", "--64", "-o", "program.o", "{standard input}"],
        "HX_ASSEMBLER": [str(final / "as.so")],
        "HX_LINKER": [str(final / "ld.so") if linker.endswith("gold") else ""],
        "HX_LINK": [*link, *libraries],
        "HX_LINK_OPENSSL": [*link, *openssl, *libraries],
    }
    (warm / "as.so").write_bytes(as_library(Path(shutil.which("as") or "/usr/bin/as").read_bytes()))
    (warm / "ld.so").write_bytes(as_library(Path(linker).read_bytes()))
    plugin = gcc_file("plugin")
    exported = capture("nm", "-D", "--defined-only", "--format=posix", str(warm / "templates.so")).splitlines()
    (warm / "exported.h").write_text("".join(f'"{line.split()[0]}",\n' for line in exported))
    capture(
        GXX, "-std=c++11", "-O2", "-w", "-fno-rtti", "-fPIC", "-shared", "-I", f"{plugin}/include", "-I", str(warm),
        *(f"-D{name}={literals(argv)}" for name, argv in steps.items()),
        "-o", str(warm / SERVED), str(HERE / "warm" / "compile_server.cc"), box,
    )  # fmt: skip
    plugin_version = Path(plugin, "include", "plugin-version.h").read_text()
    if f'basever[] = "{capture(GXX, "-dumpfullversion").strip()}"' not in plugin_version:
        raise OSError("the plugin headers are another version's than the compiler")
    said = capture(GXX, *FLAGS, "-###", "-S", str(final / "main.cpp"), "-o", "-").splitlines()
    (cc1plus,) = (line for line in said if "/cc1plus " in line)
    (warm / "cc1plus.json").write_text(json.dumps(shlex.split(cc1plus)))


def as_library(executable: bytes) -> bytes:
    """Return a position-independent executable without the mark (DF_1_PIE) for which dlopen refuses it."""
    image = bytearray(executable)
    (table,), (size, count) = struct.unpack_from("<Q", image, 32), struct.unpack_from("<HH", image, 54)
    for at in range(table, table + size * count, size):
        kind, begin, length = struct.unpack_from("<I4xQ16xQ", image, at)
        for entry in range(begin, begin + length, 16) if kind == PT_DYNAMIC else ():
            tag, flags = struct.unpack_from("<QQ", image, entry)
            if tag == DT_FLAGS_1:
                struct.pack_into("<Q", image, entry + 8, flags & ~DF_1_PIE)
    return bytes(image)


class Compilers:
    """Compiles texts in boxes of a jail."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.warm = boxes, warm
        self.server: "Server | None" = None
        if (warm / SERVED).exists():
            argv = json.loads((warm / "cc1plus.json").read_text())
            self.server = Images(boxes, warm.parent).server(argv, {**ENV, "LD_PRELOAD": str(warm / SERVED)})
            self._probe()

    def _probe(self) -> None:
        """Do without the compile server where it does not come up."""
        assert self.server
        try:
            built, directory = self._warm("int probe;\n", self.server, PROBE)
            works = built.exit_code == 0 and (directory / "program.so").exists()
        except BoxFault:
            works = False
        if not works:
            print("cpp: the compile server does not work here; using the g++ driver", file=sys.stderr)
            self.server.socket.close()
            self.boxes.stop(self.server.pid)
            self.server = None

    def compile(self, text: str, limits: Limits) -> "tuple[Outcome, bytes]":
        """Compile a text. Return what the compiler did, and the shared object if it succeeded."""
        limits, reference = compiling(limits), begins_with_reference(text)
        if standard := STANDARD.match(text):
            built, directory = self._plain(text, limits, "values.h" if reference else "", standard[1])
        elif self.server and reference:
            built, directory = self._warm(text, self.server, limits)
        else:
            built, directory = self._plain(text, limits, "pch.h" if reference else "")
        if reference and built.exit_code and any(doubt in built.stderr for doubt in DOUBTS):
            again, directory = self._plain(text, limits, "values.h")
            built = after(built, again)
        made = (directory / "program.so").read_bytes() if built.exit_code == 0 else b""
        self.boxes.clear()  # no program finds it
        return built, made

    def check(self, text: str, limits: Limits) -> Outcome:
        """Return what plain g++ says of a text that nothing is made of."""
        standard = STANDARD.match(text)
        checked, _ = self._plain(text, compiling(limits), "", *([standard[1]] if standard else []), "-fsyntax-only")
        self.boxes.clear()
        return checked

    def _warm(self, text: str, server: Server, limits: Limits) -> "tuple[Outcome, Path]":
        """Compile in a fork of the compile server; the text never touches a disk."""
        directory = self.boxes.new_directory()
        payload = (b"1" if needs_openssl(text) else b"0") + encoded(text)
        return self.boxes.fork(server, payload, limits, directory), directory

    def _plain(self, text: str, limits: Limits, header: str, *flags: str) -> "tuple[Outcome, Path]":
        """Compile with the g++ driver, behind a header of the warm folder where that means the same."""
        first = f'#include "{self.warm / header}"\n' if header else ""
        directory = self.boxes.new_directory()
        (directory / "hx-program.cpp").write_bytes(encoded(first + text))
        link = ["-shared", "-Wl,-Bsymbolic", "-Wl,-z,lazy"]
        openssl = OPENSSL if needs_openssl(text) else []
        argv = [GXX, *FLAGS, *flags, *link, "hx-program.cpp", "-o", "program.so", *openssl]
        return self.boxes.execute(argv, {**ENV, "TMPDIR": "."}, limits, directory), directory


def after(first: Outcome, second: Outcome) -> Outcome:
    """Return what the second of two compilers did, with the time of both."""
    return replace(second, cpu_s=first.cpu_s + second.cpu_s, wall_s=first.wall_s + second.wall_s)


def needs_openssl(text: str) -> bool:
    """Whether a text uses OpenSSL."""
    return "openssl/" in text


def compiling(limits: Limits) -> Limits:
    """Return limits with what the compiler takes for itself."""
    address = limits.memory_mib + COMPILER_SLACK_MIB
    return replace(limits, address_mib=address, stack_mib=max(COMPILER_STACK_MIB, limits.stack_mib))
