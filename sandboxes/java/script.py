"""Java scripts: javac on one file, then the class that has `main` in a fresh virtual machine."""

from functools import partial
from pathlib import Path

from sandboxes.java.mains import USUAL, public_class, started
from sandboxes.java.steps import MEMORY_SIGNS, OVERHEAD_MIB, SMALLEST_HEAP_MIB
from sandboxes.java.warm.build import ENV, jdk
from sandboxes.records import Limits
from sandboxes.script import Recipe

QUIET = [
    "-XX:-UsePerfData",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-CreateCoredumpOnCrash",
    "-XX:ErrorFile=/dev/null",
]
COMPILER_HEAP_MIB = 512
LONGEST_NAME = 200  # in bytes: with an ending it has to be the name of a file
__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source under its public class's name and say how it is built and run."""
    public = public_class(source)
    name = public if public and len(public.encode("utf-8", "replace")) <= LONGEST_NAME else USUAL
    (directory / f"{name}.java").write_bytes(source.encode("utf-8", "replace"))
    home = jdk() / "bin"
    flags = [f"-J{each}" for each in (*QUIET, f"-Xmx{COMPILER_HEAP_MIB}m")]
    build = [str(home / "javac"), *flags, "-encoding", "UTF-8", "-cp", ".", "-d", ".", f"{name}.java"]
    heap = max(SMALLEST_HEAP_MIB, run_limits.memory_mib - OVERHEAD_MIB)
    run = [
        str(home / "java"),
        *QUIET,
        f"-Xmx{heap}m",
        "-Xss8m",
        "-Dfile.encoding=UTF-8",
        "-cp",
        ".",
    ]
    found = partial(started, directory, name, source)
    return Recipe(run=run, run_limits=run_limits, build=build, build_limits=compile_limits, built=found)
