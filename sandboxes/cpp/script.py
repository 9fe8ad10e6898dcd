"""C++ scripts: `main.cpp` by the plain g++, then what it built."""

from dataclasses import replace
from pathlib import Path

from sandboxes.cpp.compilers import ENV, GXX, OPENSSL, compiling, needs_openssl
from sandboxes.cpp.program import encoded
from sandboxes.cpp.steps import MEMORY_SIGNS, PROGRAM_SLACK_MIB
from sandboxes.records import Limits
from sandboxes.script import Recipe

FLAGS = ["-std=c++17", "-fmax-errors=20"]
LIBRARIES = ["-lpthread"]
__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source and say how it is built and run."""
    (directory / "main.cpp").write_bytes(encoded(source))
    libraries = [*LIBRARIES, *(OPENSSL if needs_openssl(source) else [])]
    running = replace(run_limits, address_mib=run_limits.memory_mib + PROGRAM_SLACK_MIB)
    build = ["/usr/bin/env", "TMPDIR=.", GXX, *FLAGS, "main.cpp", "-o", "main", *libraries]
    return Recipe(run=["./main"], run_limits=running, build=build, build_limits=compiling(compile_limits))
