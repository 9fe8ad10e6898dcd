"""Java scripts: javac on one file, then the class that has `main` in a fresh virtual machine."""

import re
from pathlib import Path

from sandboxes.java.steps import MEMORY_SIGNS, OVERHEAD_MIB, SMALLEST_HEAP_MIB
from sandboxes.java.warm.build import ENV, jdk
from sandboxes.records import Limits
from sandboxes.script import Recipe

PUBLIC = re.compile(
    r"^[ \t]*public\s+(?:(?:final|abstract|strictfp|sealed)\s+)*(?:class|record|enum|interface)\s+(\w+)", re.MULTILINE
)
CLASS = re.compile(r"\b(?:class|record|enum|interface)\s+(\w+)")
MAIN = re.compile(r"\bstatic\s+(?:final\s+)?void\s+main\s*\(")
QUIET = [
    "-XX:-UsePerfData",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-CreateCoredumpOnCrash",
    "-XX:ErrorFile=/dev/null",
]
COMPILER_HEAP_MIB = 512
LONGEST_NAME = 200  # in bytes: with an ending it has to be the name of a file
USUAL = "Main"
__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source under its public class's name and say how it is built and run."""
    public = PUBLIC.search(source)
    name = public[1] if public and names_a_file(public[1]) else USUAL
    (directory / f"{name}.java").write_bytes(source.encode("utf-8", "replace"))
    home = jdk() / "bin"
    flags = [f"-J{each}" for each in (*QUIET, f"-Xmx{COMPILER_HEAP_MIB}m")]
    build = [str(home / "javac"), *flags, "-encoding", "UTF-8", "-cp", ".", f"{name}.java"]
    heap = max(SMALLEST_HEAP_MIB, run_limits.memory_mib - OVERHEAD_MIB)
    run = [
        str(home / "java"),
        *QUIET,
        f"-Xmx{heap}m",
        "-Xss8m",
        "-Dfile.encoding=UTF-8",
        "-cp",
        ".",
        started(source, name),
    ]
    return Recipe(run=run, run_limits=run_limits, build=build, build_limits=compile_limits)


def started(source: str, public: str) -> str:
    """Return the class that has the first `main`: the last one that begins before it."""
    main = MAIN.search(source)
    before = [each for each in CLASS.findall(source, 0, main.start()) if names_a_file(each)] if main else []
    return before[-1] if before else public


def names_a_file(name: str) -> bool:
    """Whether a class can have a file of its name."""
    return len(name.encode("utf-8", "replace")) <= LONGEST_NAME
